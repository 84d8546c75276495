#include "tests/simulation/stand_ins.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "tests/simulation/advisors.h"
#include "tests/simulation/stand_in_replies.h"

namespace rocktune::simulation {
namespace {

// How far off a magnitude may be.
constexpr double kOff = 4;
// A smaller step has no direction to speak of.
constexpr double kLeastStep = 1.1;

std::optional<double> NumberOf(const std::string& text) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number)) return std::nullopt;
  return number;
}

// The best values, but for what nobody can set online: a smaller
// max_bytes_for_level_base.
OptionValues BestOf(const World& world) {
  OptionValues best = world.optimum.values;
  const OptionKey base = KeyOf("max_bytes_for_level_base");
  if (ParseOptions(best).level_base_bytes <
      ParseOptions(world.start).level_base_bytes) {
    best[base] = world.start.at(base);
  }
  return best;
}

// Somewhere within kOff of `best`, on its side of `now`.
double RoughlyTowards(double best, double now, Random* random) {
  for (int tries = 0; tries < 16; ++tries) {
    const double want = std::round(best * random->LogUniform(1 / kOff, kOff));
    if (best > now ? want >= now * kLeastStep : want <= now / kLeastStep) {
      return want;
    }
  }
  return best;
}

class Tuner : public StandIn {
 public:
  Tuner(const World& world, double wrong, uint64_t seed)
      : load_(world.load),
        good_(world.host, {{world.load, BestOf(world)}}, &load_),
        any_(seed + 1),
        wrong_(wrong),
        random_(seed) {}

  std::string Answer(const AdvisorInput& input) override {
    const OptionValues& values = *input.context.values;
    Advice advice = good_.Advise(input);
    if (!advice.proposal && random_.Chance(wrong_)) {
      advice = any_.Advise(input);
      return WriteReply(advice.proposal->changes, &random_);
    }
    if (!advice.proposal) return WriteReply({}, &random_);
    for (ProposedChange& change : advice.proposal->changes) {
      change.value = Said(change, values.at(KeyOf(change.option)));
    }
    return WriteReply(advice.proposal->changes, &random_);
  }

 private:
  // Words have no other side.
  std::string Said(const ProposedChange& change, const std::string& value) {
    const std::optional<double> best = NumberOf(change.value);
    const std::optional<double> now = NumberOf(value);
    if (!best || !now) return change.value;
    double want = RoughlyTowards(*best, *now, &random_);
    if (random_.Chance(wrong_) && want > 0) {
      want = std::round(*now * *now / want);
    }
    return absl::StrFormat("%.0f", want);
  }

  const Load load_;
  GoodAdvisor good_;
  RandomAdvisor any_;
  const double wrong_;
  Random random_;
};

class Saboteur : public StandIn {
 public:
  Saboteur(const World& world, uint64_t seed)
      : bad_(seed + 1, world.host, world.load), random_(seed) {}

  std::string Answer(const AdvisorInput& input) override {
    if (random_.Chance(0.3)) return WriteNonsense(&random_);
    const Advice advice = bad_.Advise(input);
    if (!advice.proposal) return WriteNonsense(&random_);
    return WriteReply(advice.proposal->changes, &random_);
  }

 private:
  BadAdvisor bad_;
  Random random_;
};

}  // namespace

const char* ToString(Skill skill) {
  switch (skill) {
    case Skill::kCompetent:
      return "competent";
    case Skill::kMediocre:
      return "mediocre";
    case Skill::kHostile:
      return "hostile";
  }
  return "?";
}

std::unique_ptr<StandIn> MakeStandIn(Skill skill, const World& world,
                                     uint64_t seed) {
  if (skill == Skill::kHostile) {
    return std::make_unique<Saboteur>(world, seed);
  }
  const double wrong = skill == Skill::kCompetent ? 0 : 0.5;
  return std::make_unique<Tuner>(world, wrong, seed);
}

}  // namespace rocktune::simulation
