// A model's seat beside the expert, as the sidecar has it: the real question
// is written, a stand-in answers, the real parser reads.
#ifndef ROCKTUNE_TESTS_SIMULATION_MODEL_SEAT_H_
#define ROCKTUNE_TESTS_SIMULATION_MODEL_SEAT_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "policy/guided_advisor.h"
#include "tests/simulation/event_log.h"
#include "tests/simulation/random.h"
#include "tests/simulation/stand_ins.h"

namespace rocktune::simulation {

// What was asked so far. Tokens are estimates (llm/prompt.h), questions and
// replies together.
struct Asked {
  int calls = 0;  // requests: one that asks again is one more
  int tokens = 0;
};

// Not thread-safe.
class ModelSeat : public Advisor {
 public:
  // `log` may be null; it must outlive *this.
  ModelSeat(std::unique_ptr<StandIn> model, uint64_t seed, EventLog* log);

  // Asks too, when that is wished for and no call runs.
  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial& trial) override { advisor_.Learn(trial); }
  void Forget() override { advisor_.Forget(); }

  // After each second: whether a proposal has come, which the machine is to
  // hear of.
  bool Listen(double second);
  bool busy() const { return answer_.has_value(); }
  const Asked& asked() const { return asked_; }

 private:
  struct Answer {
    double due_s = 0;
    std::optional<Proposal> proposal;
  };

  void Ask(const AdvisorInput& input, AskReason reason);

  GuidedAdvisor advisor_;
  std::unique_ptr<StandIn> model_;
  Random random_;  // how long a call takes
  EventLog* const log_;
  double second_ = 0;
  std::optional<Answer> answer_;
  Asked asked_;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_MODEL_SEAT_H_
