#include "hooks/use_gate.h"

#include <algorithm>

namespace rocktune {
namespace {

// A longer wait is a wait for ever; the clock's arithmetic would overflow.
constexpr absl::Duration kLongest = absl::Hours(24 * 365);

}  // namespace

UseGate::Use UseGate::Enter() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (shut_) return Use();
  ++inside_;
  return Use(this);
}

bool UseGate::Shut(absl::Duration limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  shut_ = true;
  limit = std::clamp(limit, absl::ZeroDuration(), kLongest);
  return empty_.wait_for(lock, absl::ToChronoNanoseconds(limit),
                         [this] { return inside_ == 0; });
}

void UseGate::Leave() {
  // Notified under the lock: the one who waits may destroy the gate.
  std::lock_guard<std::mutex> lock(mutex_);
  if (--inside_ == 0) empty_.notify_all();
}

}  // namespace rocktune
