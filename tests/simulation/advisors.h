// Advisors of episodes, beside the real expert: planted, random, bad.
#ifndef ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_
#define ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "policy/advisor.h"
#include "tests/simulation/plant.h"
#include "tests/simulation/random.h"
#include "tests/simulation/surface.h"

namespace rocktune::simulation {

// Proposes the planted change once and has nothing more to say afterwards.
// Before it, `first` (unless it is empty), until that was kept.
class PlantAdvisor : public Advisor {
 public:
  explicit PlantAdvisor(const Plant& plant,
                        std::vector<ProposedChange> first = {})
      : plant_(plant), first_(std::move(first)) {}

  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial& trial) override {
    if (trial.verdict == Verdict::kKept) first_.clear();
  }
  // A proposal that fell with the load is made again.
  void Forget() override { proposed_ = false; }

 private:
  const Plant plant_;
  std::vector<ProposedChange> first_;
  bool proposed_ = false;
};

// Counts what another advisor proposes.
class CountingAdvisor : public Advisor {
 public:
  // `proposals` must outlive *this.
  CountingAdvisor(std::unique_ptr<Advisor> advisor, int* proposals)
      : advisor_(std::move(advisor)), proposals_(proposals) {}

  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial& trial) override { advisor_->Learn(trial); }
  void Forget() override { advisor_->Forget(); }

 private:
  std::unique_ptr<Advisor> advisor_;
  int* proposals_;
};

// Moves one to three options to anywhere on the grid.
class RandomAdvisor : public Advisor {
 public:
  explicit RandomAdvisor(uint64_t seed) : random_(seed) {}

  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial&) override {}
  void Forget() override {}

 protected:
  std::vector<ProposedChange> Draw(const OptionValues& values);

  Random random_;
};

// Knows the surface and proposes what makes it worse: of several moves the
// worst, or any that is worse by more than 3 %.
class BadAdvisor : public RandomAdvisor {
 public:
  BadAdvisor(uint64_t seed, const StoreHost& host, const Load& load)
      : RandomAdvisor(seed), host_(host), load_(load) {}

  Advice Advise(const AdvisorInput& input) override;

 private:
  const StoreHost host_;
  const Load load_;
};

// Knows the best values for each load and goes there, up to four options at a
// time, what gains most first.
class GoodAdvisor : public Advisor {
 public:
  struct Place {
    Load load;
    OptionValues best;
  };
  // `load`: the one that is there now; must outlive *this.
  GoodAdvisor(const StoreHost& host, std::vector<Place> places,
              const Load* load)
      : host_(host), places_(std::move(places)), load_(load) {}

  Advice Advise(const AdvisorInput& input) override;
  void Learn(const Trial& trial) override;
  void Forget() override { failures_ = 0; }

 private:
  std::vector<std::vector<OptionKey>> Moves(const OptionValues& from,
                                            const OptionValues& to) const;

  const StoreHost host_;
  const std::vector<Place> places_;
  const Load* const load_;
  int failures_ = 0;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_ADVISORS_H_
