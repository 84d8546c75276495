// Leaves a provider alone that does not work, and looks again from time to
// time.
#ifndef ROCKTUNE_LLM_CIRCUIT_BREAKER_H_
#define ROCKTUNE_LLM_CIRCUIT_BREAKER_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "llm/model_call.h"

namespace rocktune {

// One for each provider. Not thread-safe. Counts calls, not their attempts:
// record what came of a call after its last retry.
class CircuitBreaker {
 public:
  enum class State {
    kClosed,    // calls pass
    kOpen,      // none pass before `retry_at`
    kHalfOpen,  // one passes, and decides
  };

  // Failed calls in a row that open it. A guess: one or two are bad luck.
  static constexpr int kMaxFailures = 3;
  // How long it is open: the first time, doubled each time its one call fails,
  // the longest. Guesses: a restart of a provider takes seconds, an outage
  // hours, and an operator who mended a key should not wait longer.
  static constexpr absl::Duration kFirstOpen = absl::Seconds(30);
  static constexpr absl::Duration kMaxOpen = absl::Minutes(30);

  // Whether a call may be made now. True when half-open counts as the one
  // call: Record or Abandon must follow.
  bool Admit(absl::Time now);

  // What came of an admitted call.
  void Record(const ModelReply& reply, absl::Time now);

  // An admitted call that was given up by us and says nothing.
  void Abandon() { probing_ = false; }

  // As new: the operator mended it.
  void Reset() { *this = CircuitBreaker(); }

  State state(absl::Time now) const;
  // Why it is not closed: one printable line; empty when closed.
  const std::string& reason() const { return reason_; }
  absl::Time retry_at() const { return retry_at_; }  // when it was opened last
  int failures() const { return failures_; }         // in a row

 private:
  void Open(const ModelReply& reply, absl::Time now);

  bool open_ = false;
  bool probing_ = false;
  int failures_ = 0;
  absl::Duration open_for_ = kFirstOpen;  // the next time
  absl::Time retry_at_ = absl::InfinitePast();
  std::string reason_;
};

absl::string_view ToString(CircuitBreaker::State state);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_CIRCUIT_BREAKER_H_
