// Files that are read, and directories.
#include <algorithm>
#include <utility>

#include "bench/device/device_files.h"
#include "bench/device/device_wait.h"

namespace rocktune {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// Never direct: RocksDB reads logs and manifests this way, each read is a
// device read in any case, and RocksDB asserts that a base opened buffered is
// not asked for a positioned read.
class SequentialFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(std::unique_ptr<rocksdb::FSSequentialFile> base,
                 std::shared_ptr<DeviceIo> io)
      : FSSequentialFileOwnerWrapper(std::move(base)),
        io_(std::move(io)),
        file_(io_->NewFile()) {}

  IOStatus Read(size_t n, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* dbg) override {
    const absl::Time now = MonotonicNow();
    IOStatus status = target()->Read(n, options, result, scratch, dbg);
    if (status.ok() && !result->empty()) {
      io_->SubmitAndWait(DeviceOp::kRead, {file_, offset_, result->size()},
                         now);
      offset_ += result->size();
    }
    return status;
  }
  IOStatus Skip(uint64_t n) override {
    offset_ += n;
    return target()->Skip(n);
  }
  // The base's page cache is all that keeps this machine's disk out.
  IOStatus InvalidateCache(size_t, size_t) override { return IOStatus::OK(); }

 private:
  const std::shared_ptr<DeviceIo> io_;
  const uint64_t file_;
  uint64_t offset_ = 0;
};

// Not RocksDB's wrapper: that would send ReadAsync() to the base, past the
// model. The default reads synchronously, through Read().
class RandomAccessFile : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccessFile(std::unique_ptr<rocksdb::FSRandomAccessFile> base,
                   std::shared_ptr<DeviceIo> io, Access access)
      : base_(std::move(base)),
        io_(std::move(io)),
        access_(access),
        file_(io_->NewFile()) {}

  IOStatus Read(uint64_t offset, size_t n, const IOOptions& options,
                Slice* result, char* scratch,
                IODebugContext* dbg) const override {
    const absl::Time now = MonotonicNow();
    IOStatus status = base_->Read(offset, n, options, result, scratch, dbg);
    if (status.ok() && !result->empty()) {
      io_->SubmitAndWait(DeviceOp::kRead, {file_, offset, result->size()}, now);
    }
    return status;
  }

  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count,
                     const IOOptions& options, IODebugContext* dbg) override {
    const absl::Time now = MonotonicNow();
    IOStatus status = base_->MultiRead(requests, count, options, dbg);
    if (!status.ok()) return status;
    absl::Time last = now;
    for (size_t i = 0; i < count; ++i) {
      const rocksdb::FSReadRequest& request = requests[i];
      if (!request.status.ok() || request.result.empty()) continue;
      const Extent extent = {file_, request.offset, request.result.size()};
      last = std::max(last, io_->Submit(DeviceOp::kRead, extent, now));
    }
    WaitUntil(last);
    return status;
  }

  // There is no cache below to fetch into: RocksDB then uses its own buffer,
  // as it does with direct reads.
  IOStatus Prefetch(uint64_t, size_t, const IOOptions&,
                    IODebugContext*) override {
    return IOStatus::NotSupported("Prefetch on an emulated device");
  }
  IOStatus InvalidateCache(size_t, size_t) override { return IOStatus::OK(); }

  size_t GetUniqueId(char* id, size_t max_size) const override {
    return base_->GetUniqueId(id, max_size);
  }
  bool use_direct_io() const override { return access_ == Access::kDirect; }
  size_t GetRequiredBufferAlignment() const override {
    return base_->GetRequiredBufferAlignment();
  }
  rocksdb::Temperature GetTemperature() const override {
    return base_->GetTemperature();
  }

 private:
  const std::unique_ptr<rocksdb::FSRandomAccessFile> base_;
  const std::shared_ptr<DeviceIo> io_;
  const Access access_;
  const uint64_t file_;
};

class Directory : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(std::unique_ptr<rocksdb::FSDirectory> base,
            std::shared_ptr<DeviceIo> io)
      : FSDirectoryWrapper(std::move(base)), io_(std::move(io)) {}

  // Not passed on, see device_write_files.cc.
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    io_->SubmitAndWait(DeviceOp::kSync, {}, MonotonicNow());
    return IOStatus::OK();
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* dbg,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, dbg);
  }

 private:
  const std::shared_ptr<DeviceIo> io_;
};

}  // namespace

std::unique_ptr<rocksdb::FSSequentialFile> NewDeviceFile(
    std::unique_ptr<rocksdb::FSSequentialFile> base,
    std::shared_ptr<DeviceIo> io) {
  return std::make_unique<SequentialFile>(std::move(base), std::move(io));
}

std::unique_ptr<rocksdb::FSRandomAccessFile> NewDeviceFile(
    std::unique_ptr<rocksdb::FSRandomAccessFile> base,
    std::shared_ptr<DeviceIo> io, Access access) {
  return std::make_unique<RandomAccessFile>(std::move(base), std::move(io),
                                            access);
}

std::unique_ptr<rocksdb::FSDirectory> NewDeviceFile(
    std::unique_ptr<rocksdb::FSDirectory> base, std::shared_ptr<DeviceIo> io) {
  return std::make_unique<Directory>(std::move(base), std::move(io));
}

}  // namespace rocktune
