// One seed, one story: what is drawn, how it is run, what it counts as.
#ifndef ROCKTUNE_TESTS_SIMULATION_EPISODE_H_
#define ROCKTUNE_TESTS_SIMULATION_EPISODE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tests/simulation/event_log.h"

namespace rocktune::simulation {

struct Outcome {
  // False: the episode has nothing to say to its figure (the trial was over
  // before the load shifted, ...).
  bool counted = true;
  bool hit = false;  // ratios: what the figure counts happened
  double value = 0;  // other figures: seconds, ratio
  double other = 0;  // a second number, of kinds that have one
  // By name, of kinds from which several figures are made.
  std::map<std::string, double> numbers;
  std::string group;  // figures are also given for each group
  double hours = 0;   // virtual time that was run
  std::string line;   // what happened, in one line
};

struct EpisodeKind {
  const char* name;
  const char* what;  // one line for people
  Outcome (*run)(uint64_t seed, EventLog* log);
};

absl::Span<const EpisodeKind> EpisodeKinds();
// Null when there is no such kind.
const EpisodeKind* FindKind(absl::string_view name);

// planted_episodes.cc: one trial of a change whose effect is known.
Outcome RunAa(uint64_t seed, EventLog* log);
Outcome RunAaAgain(uint64_t seed, EventLog* log);
Outcome RunWorse(uint64_t seed, EventLog* log);
Outcome RunBetter(uint64_t seed, EventLog* log);
Outcome RunSlightlyBetter(uint64_t seed, EventLog* log);
Outcome RunShift(uint64_t seed, EventLog* log);
Outcome RunDuration(uint64_t seed, EventLog* log);

// tuning_episodes.cc: hours of tuning on the whole surface.
Outcome RunExpert(uint64_t seed, EventLog* log);
Outcome RunBadDay(uint64_t seed, EventLog* log);
Outcome RunAlternating(uint64_t seed, EventLog* log);
Outcome RunAlternatingExpert(uint64_t seed, EventLog* log);
// guided_episodes.cc: a model beside the expert.
Outcome RunGuided(uint64_t seed, EventLog* log);
Outcome RunHostileDay(uint64_t seed, EventLog* log);
// detector_episodes.cc: the load shift detector by itself.
Outcome RunNoisyHour(uint64_t seed, EventLog* log);
Outcome RunNotice(uint64_t seed, EventLog* log);
// trouble_episodes.cc: crashes, calls that fail, advisors of all kinds.
Outcome RunTrouble(uint64_t seed, EventLog* log);

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_EPISODE_H_
