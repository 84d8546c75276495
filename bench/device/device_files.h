// The open files of an emulated device. Each passes its data to a file of the
// base, opened buffered, and waits for the device.
#ifndef ROCKTUNE_BENCH_DEVICE_DEVICE_FILES_H_
#define ROCKTUNE_BENCH_DEVICE_DEVICE_FILES_H_

#include <memory>

#include "bench/device/device_io.h"
#include "rocksdb/file_system.h"

namespace rocktune {

// Whether the caller asked for direct I/O, which the base does not see.
enum class Access { kBuffered, kDirect };

// Each owns `base` and a share of `io`.
std::unique_ptr<rocksdb::FSSequentialFile> NewDeviceFile(
    std::unique_ptr<rocksdb::FSSequentialFile> base,
    std::shared_ptr<DeviceIo> io);
std::unique_ptr<rocksdb::FSRandomAccessFile> NewDeviceFile(
    std::unique_ptr<rocksdb::FSRandomAccessFile> base,
    std::shared_ptr<DeviceIo> io, Access access);
std::unique_ptr<rocksdb::FSRandomRWFile> NewDeviceFile(
    std::unique_ptr<rocksdb::FSRandomRWFile> base, std::shared_ptr<DeviceIo> io,
    Access access);
std::unique_ptr<rocksdb::FSDirectory> NewDeviceFile(
    std::unique_ptr<rocksdb::FSDirectory> base, std::shared_ptr<DeviceIo> io);
// `size`: of the file as it is opened.
std::unique_ptr<rocksdb::FSWritableFile> NewDeviceFile(
    std::unique_ptr<rocksdb::FSWritableFile> base, std::shared_ptr<DeviceIo> io,
    Access access, uint64_t size);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEVICE_DEVICE_FILES_H_
