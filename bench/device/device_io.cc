#include "bench/device/device_io.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "bench/device/device_wait.h"

namespace rocktune {
namespace {

// About what Linux hands to a device at a time, and a guess at how much of it
// may be queued: enough to keep any of the devices at its bandwidth.
constexpr uint64_t kPieceBytes = 1024 * 1024;
constexpr size_t kPiecesInFlight = 4;

}  // namespace

DeviceIo::DeviceIo(std::shared_ptr<DeviceModel> model)
    : model_(std::move(model)) {}

uint64_t DeviceIo::NewFile() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ++files_;
}

bool DeviceIo::MoveHead(const Extent& extent) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool sequential =
      extent.file == head_.file && extent.offset == head_.offset + head_.bytes;
  head_ = extent;
  return sequential;
}

absl::Time DeviceIo::Submit(DeviceOp op, const Extent& extent, absl::Time now) {
  const bool sequential = op != DeviceOp::kSync && MoveHead(extent);
  return model_->Submit(op, extent.bytes, sequential, now);
}

void DeviceIo::SubmitAndWait(DeviceOp op, const Extent& extent,
                             absl::Time now) {
  WaitUntil(Submit(op, extent, now));
}

absl::Time DeviceIo::WriteBack(const Extent& extent) {
  std::array<absl::Time, kPiecesInFlight> done;
  done.fill(absl::InfinitePast());
  Extent piece = extent;
  for (uint64_t written = 0, i = 0; written < extent.bytes; ++i) {
    piece.offset = extent.offset + written;
    piece.bytes = std::min(kPieceBytes, extent.bytes - written);
    absl::Time& slot = done[i % kPiecesInFlight];
    if (slot != absl::InfinitePast()) WaitUntil(slot);
    slot = Submit(DeviceOp::kWrite, piece, MonotonicNow());
    written += piece.bytes;
  }
  return *std::max_element(done.begin(), done.end());
}

}  // namespace rocktune
