// Files that are written. Their syncs are not passed on: they would measure
// this machine's disk. The data survive the process, not the machine.
#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

#include "bench/device/device_files.h"
#include "bench/device/device_wait.h"

namespace rocktune {
namespace {

using rocksdb::DataVerificationInfo;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// The part of a buffered file that no sync has written yet. Thread-safe.
class DirtyRange {
 public:
  DirtyRange(uint64_t file, uint64_t size)
      : file_(file), clean_(size), size_(size) {}

  // Returns the range just written, at `offset` or at the end.
  Extent Append(uint64_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    size_ += bytes;
    return {file_, size_ - bytes, bytes};
  }
  Extent WriteAt(uint64_t offset, uint64_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    clean_ = std::min(clean_, offset);
    size_ = std::max(size_, offset + bytes);
    return {file_, offset, bytes};
  }
  void Truncate(uint64_t size) {
    const std::lock_guard<std::mutex> lock(mutex_);
    size_ = size;
    clean_ = std::min(clean_, size);
  }
  // What is dirty before `end`; it is clean from here on.
  Extent TakeUntil(uint64_t end) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const uint64_t begin = clean_;
    clean_ = std::max(clean_, std::min(end, size_));
    return {file_, begin, clean_ - begin};
  }

 private:
  const uint64_t file_;
  std::mutex mutex_;
  uint64_t clean_;
  uint64_t size_;
};

class WritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> base,
               std::shared_ptr<DeviceIo> io, Access access, uint64_t size)
      : FSWritableFileOwnerWrapper(std::move(base)),
        io_(std::move(io)),
        access_(access),
        dirty_(io_->NewFile(), size) {}

  IOStatus Append(const Slice& data, const IOOptions& options,
                  IODebugContext* dbg) override {
    const absl::Time now = MonotonicNow();
    IOStatus status = target()->Append(data, options, dbg);
    if (status.ok()) Wrote(dirty_.Append(data.size()), now);
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const DataVerificationInfo& verification,
                  IODebugContext* dbg) override {
    const absl::Time now = MonotonicNow();
    IOStatus status = target()->Append(data, options, verification, dbg);
    if (status.ok()) Wrote(dirty_.Append(data.size()), now);
    return status;
  }
  IOStatus PositionedAppend(const Slice& data, uint64_t offset,
                            const IOOptions& options,
                            IODebugContext* dbg) override {
    const absl::Time now = MonotonicNow();
    IOStatus status = target()->PositionedAppend(data, offset, options, dbg);
    if (status.ok()) Wrote(dirty_.WriteAt(offset, data.size()), now);
    return status;
  }
  IOStatus PositionedAppend(const Slice& data, uint64_t offset,
                            const IOOptions& options,
                            const DataVerificationInfo& verification,
                            IODebugContext* dbg) override {
    const absl::Time now = MonotonicNow();
    IOStatus status =
        target()->PositionedAppend(data, offset, options, verification, dbg);
    if (status.ok()) Wrote(dirty_.WriteAt(offset, data.size()), now);
    return status;
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options,
                    IODebugContext* dbg) override {
    IOStatus status = target()->Truncate(size, options, dbg);
    if (status.ok()) dirty_.Truncate(size);
    return status;
  }

  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    WaitUntil(WriteBackUntil(std::numeric_limits<uint64_t>::max()));
    io_->SubmitAndWait(DeviceOp::kSync, {}, MonotonicNow());
    return IOStatus::OK();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Sync(options, dbg);
  }
  // Starts writing back, after the range started before is through: the kernel
  // does not wait for a range, yet does for a device that falls behind.
  IOStatus RangeSync(uint64_t offset, uint64_t bytes, const IOOptions&,
                     IODebugContext*) override {
    absl::Time before;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      before = range_done_;
    }
    WaitUntil(before);
    const absl::Time done = WriteBackUntil(offset + bytes);
    const std::lock_guard<std::mutex> lock(mutex_);
    range_done_ = std::max(range_done_, done);
    return IOStatus::OK();
  }
  IOStatus InvalidateCache(size_t, size_t) override { return IOStatus::OK(); }

  bool use_direct_io() const override { return access_ == Access::kDirect; }

 private:
  void Wrote(const Extent& extent, absl::Time now) {
    if (access_ == Access::kBuffered || extent.bytes == 0) return;
    io_->SubmitAndWait(DeviceOp::kWrite, extent, now);
  }
  absl::Time WriteBackUntil(uint64_t end) {
    if (access_ == Access::kDirect) return absl::InfinitePast();
    return io_->WriteBack(dirty_.TakeUntil(end));
  }

  const std::shared_ptr<DeviceIo> io_;
  const Access access_;
  DirtyRange dirty_;
  std::mutex mutex_;
  absl::Time range_done_ = absl::InfinitePast();
};

// Rare in RocksDB (a file being ingested): its writes count at once.
class RandomRWFile : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  RandomRWFile(std::unique_ptr<rocksdb::FSRandomRWFile> base,
               std::shared_ptr<DeviceIo> io, Access access)
      : FSRandomRWFileOwnerWrapper(std::move(base)),
        io_(std::move(io)),
        access_(access),
        file_(io_->NewFile()) {}

  IOStatus Write(uint64_t offset, const Slice& data, const IOOptions& options,
                 IODebugContext* dbg) override {
    const absl::Time now = MonotonicNow();
    IOStatus status = target()->Write(offset, data, options, dbg);
    if (status.ok() && !data.empty()) {
      io_->SubmitAndWait(DeviceOp::kWrite, {file_, offset, data.size()}, now);
    }
    return status;
  }
  IOStatus Read(uint64_t offset, size_t n, const IOOptions& options,
                Slice* result, char* scratch,
                IODebugContext* dbg) const override {
    const absl::Time now = MonotonicNow();
    IOStatus status = target()->Read(offset, n, options, result, scratch, dbg);
    if (status.ok() && !result->empty()) {
      io_->SubmitAndWait(DeviceOp::kRead, {file_, offset, result->size()}, now);
    }
    return status;
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    io_->SubmitAndWait(DeviceOp::kSync, {}, MonotonicNow());
    return IOStatus::OK();
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Sync(options, dbg);
  }
  bool use_direct_io() const override { return access_ == Access::kDirect; }

 private:
  const std::shared_ptr<DeviceIo> io_;
  const Access access_;
  const uint64_t file_;
};

}  // namespace

std::unique_ptr<rocksdb::FSWritableFile> NewDeviceFile(
    std::unique_ptr<rocksdb::FSWritableFile> base, std::shared_ptr<DeviceIo> io,
    Access access, uint64_t size) {
  return std::make_unique<WritableFile>(std::move(base), std::move(io), access,
                                        size);
}

std::unique_ptr<rocksdb::FSRandomRWFile> NewDeviceFile(
    std::unique_ptr<rocksdb::FSRandomRWFile> base, std::shared_ptr<DeviceIo> io,
    Access access) {
  return std::make_unique<RandomRWFile>(std::move(base), std::move(io), access);
}

}  // namespace rocktune
