// What the files of one emulated device share: the model, the place of a
// disk's head, and how dirty ranges get written back.
#ifndef ROCKTUNE_BENCH_DEVICE_DEVICE_IO_H_
#define ROCKTUNE_BENCH_DEVICE_DEVICE_IO_H_

#include <cstdint>
#include <memory>
#include <mutex>

#include "absl/time/time.h"
#include "bench/device/device.h"

namespace rocktune {

// A range of a file that is open. `file` is NewFile()'s.
struct Extent {
  uint64_t file = 0;
  uint64_t offset = 0;
  uint64_t bytes = 0;
};

// Thread-safe. Shared by a file system and its open files.
class DeviceIo {
 public:
  explicit DeviceIo(std::shared_ptr<DeviceModel> model);

  uint64_t NewFile();

  // When the operation will be done. It is sequential when it begins where the
  // device's last one, on whatever file, ended: a disk has one head, and two
  // streams that take turns make it move each time.
  absl::Time Submit(DeviceOp op, const Extent& extent, absl::Time now);
  void SubmitAndWait(DeviceOp op, const Extent& extent, absl::Time now);

  // Writes a dirty range in pieces, a few in flight, so that a reader beside
  // it waits for a few pieces and not for all. Returns when the last ones have
  // been submitted; the result is when they are done.
  absl::Time WriteBack(const Extent& extent);

 private:
  bool MoveHead(const Extent& extent);

  const std::shared_ptr<DeviceModel> model_;
  std::mutex mutex_;
  uint64_t files_ = 0;
  Extent head_;  // the last range; its end is where the head is
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEVICE_DEVICE_IO_H_
