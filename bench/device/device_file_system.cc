// Opens the files of an emulated device.
#include <string>
#include <utility>

#include "bench/device/device.h"
#include "bench/device/device_files.h"
#include "bench/device/device_io.h"

namespace rocktune {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

// What the base gets to see: buffered files, since direct or mapped ones would
// go past the page cache or past us.
FileOptions Below(FileOptions options) {
  options.use_direct_reads = false;
  options.use_direct_writes = false;
  options.use_mmap_reads = false;
  options.use_mmap_writes = false;
  return options;
}

Access AccessOf(bool direct) {
  return direct ? Access::kDirect : Access::kBuffered;
}

class DeviceFileSystem : public rocksdb::FileSystemWrapper {
 public:
  DeviceFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base,
                   std::shared_ptr<DeviceModel> model)
      : FileSystemWrapper(base),
        io_(std::make_shared<DeviceIo>(std::move(model))) {}

  const char* Name() const override { return "RocktuneDeviceFileSystem"; }

  IOStatus NewSequentialFile(const std::string& path,
                             const FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file,
                             IODebugContext* dbg) override {
    IOStatus status =
        target_->NewSequentialFile(path, Below(options), file, dbg);
    if (status.ok()) *file = NewDeviceFile(std::move(*file), io_);
    return status;
  }

  IOStatus NewRandomAccessFile(
      const std::string& path, const FileOptions& options,
      std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
      IODebugContext* dbg) override {
    IOStatus status =
        target_->NewRandomAccessFile(path, Below(options), file, dbg);
    if (status.ok()) {
      *file = NewDeviceFile(std::move(*file), io_,
                            AccessOf(options.use_direct_reads));
    }
    return status;
  }

  IOStatus NewRandomRWFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                           IODebugContext* dbg) override {
    IOStatus status = target_->NewRandomRWFile(path, Below(options), file, dbg);
    if (status.ok()) {
      *file = NewDeviceFile(
          std::move(*file), io_,
          AccessOf(options.use_direct_reads || options.use_direct_writes));
    }
    return status;
  }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* dbg) override {
    IOStatus status = target_->NewWritableFile(path, Below(options), file, dbg);
    return WrapWritable(std::move(status), options, 0, file);
  }

  IOStatus ReopenWritableFile(const std::string& path,
                              const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                              IODebugContext* dbg) override {
    IOStatus status =
        target_->ReopenWritableFile(path, Below(options), file, dbg);
    if (!status.ok()) return status;
    const uint64_t size = (*file)->GetFileSize(IOOptions(), dbg);
    // The base opens it for appending, where a write at an offset goes to the
    // end all the same: so it is buffered above, too.
    FileOptions buffered = options;
    buffered.use_direct_writes = false;
    return WrapWritable(std::move(status), buffered, size, file);
  }

  IOStatus ReuseWritableFile(const std::string& path,
                             const std::string& old_path,
                             const FileOptions& options,
                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                             IODebugContext* dbg) override {
    IOStatus status =
        target_->ReuseWritableFile(path, old_path, Below(options), file, dbg);
    return WrapWritable(std::move(status), options, 0, file);
  }

  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                        IODebugContext* dbg) override {
    IOStatus status = target_->NewDirectory(path, options, directory, dbg);
    if (status.ok()) *directory = NewDeviceFile(std::move(*directory), io_);
    return status;
  }

 private:
  IOStatus WrapWritable(IOStatus status, const FileOptions& options,
                        uint64_t size,
                        std::unique_ptr<rocksdb::FSWritableFile>* file) {
    if (status.ok()) {
      *file = NewDeviceFile(std::move(*file), io_,
                            AccessOf(options.use_direct_writes), size);
    }
    return status;
  }

  const std::shared_ptr<DeviceIo> io_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> NewDeviceFileSystem(
    const std::shared_ptr<rocksdb::FileSystem>& base,
    std::shared_ptr<DeviceModel> model) {
  return std::make_shared<DeviceFileSystem>(base, std::move(model));
}

}  // namespace rocktune
