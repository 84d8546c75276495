// Who proposes: the expert, or a model (or a recording of one) with the expert
// for when it has nothing usable to say.
#ifndef ROCKTUNE_BENCH_OFFLINE_OFFLINE_ADVISOR_H_
#define ROCKTUNE_BENCH_OFFLINE_OFFLINE_ADVISOR_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/offline/tune_plan.h"
#include "policy/advisor.h"

namespace rocktune {

struct OfflineAdvice {
  Advice advice;
  // Who gave it: "expert", "llm", "replay", or "llm, then expert".
  std::string asked;
  uint64_t tokens = 0;  // of asking
  std::string trouble;  // why the model was not heard, for people; or empty
};

// Blocks while a model answers. Not thread-safe.
class OfflineAdvisor {
 public:
  // InvalidArgument, FailedPrecondition: the model's configuration cannot work.
  static absl::StatusOr<std::unique_ptr<OfflineAdvisor>> Make(
      const TunePlan& plan, const std::atomic<bool>* stop);
  virtual ~OfflineAdvisor() = default;

  struct Question {
    const AdvisorInput& input;
    const std::vector<CalibrationNote>& notes;  // on the advice before
    bool may_ask_model = true;                  // within the budget
  };
  // Cancelled: interrupted while a model was asked.
  virtual absl::StatusOr<OfflineAdvice> Advise(const Question& question) = 0;
  virtual void Learn(const Trial& trial) = 0;

  // Repeats what an earlier process asked `who` with the same input, so that
  // the expert remembers it and a recording stands where it stood. A model is
  // not asked again.
  virtual absl::Status Repeat(const std::string& who,
                              const AdvisorInput& input) = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_OFFLINE_ADVISOR_H_
