// A door that can be shut: users go in and out, and whoever shuts it waits
// until the last one has left.
#ifndef ROCKTUNE_HOOKS_USE_GATE_H_
#define ROCKTUNE_HOOKS_USE_GATE_H_

#include <condition_variable>
#include <mutex>
#include <utility>

#include "absl/time/time.h"

namespace rocktune {

// Thread-safe. A thread that is inside must not shut the gate.
class UseGate {
 public:
  UseGate() = default;
  UseGate(const UseGate&) = delete;
  UseGate& operator=(const UseGate&) = delete;

  // One stay inside. False in a condition when the gate was shut.
  class Use {
   public:
    Use() = default;
    Use(Use&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Use& operator=(Use&&) = delete;
    ~Use() {
      if (gate_ != nullptr) gate_->Leave();
    }
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    friend class UseGate;
    explicit Use(UseGate* gate) : gate_(gate) {}
    UseGate* gate_ = nullptr;
  };
  Use Enter();

  // Nobody enters any more. True when nobody is inside, at the latest after
  // `limit`; false when somebody still is, and then it may be called again.
  bool Shut(absl::Duration limit);

 private:
  void Leave();

  std::mutex mutex_;
  std::condition_variable empty_;
  int inside_ = 0;
  bool shut_ = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_USE_GATE_H_
