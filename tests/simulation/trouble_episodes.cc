// Episodes in which everything around the machine goes wrong. What counts is
// that no value stays in force that was not proven.
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/expert_advisor.h"
#include "tests/simulation/advisors.h"
#include "tests/simulation/episode.h"
#include "tests/simulation/simulation.h"
#include "tests/simulation/worlds.h"

namespace rocktune::simulation {
namespace {

constexpr double kSeconds = 2 * 3600;

Faults DrawFaults(Random* random) {
  Faults faults;
  faults.refused = random->Uniform(0, 0.1);
  faults.unavailable = random->Uniform(0, 0.1);
  faults.late = random->Uniform(0, 0.2);
  faults.partly_undone = random->Uniform(0, 0.1);
  faults.partly = random->Chance(0.2) ? 0.05 : 0;
  faults.history_fails = random->Chance(0.1) ? 0.05 : 0;
  faults.crashes_per_h = random->Chance(0.7) ? random->Uniform(1, 20) : 0;
  faults.advice_delay_s = random->Chance(0.5) ? random->Uniform(1, 100) : 0;
  faults.advice_lost = random->Chance(0.3) ? 0.3 : 0;
  return faults;
}

std::unique_ptr<Advisor> DrawAdvisor(const World& world, Random* random) {
  switch (random->Below(3)) {
    case 0:
      return std::make_unique<ExpertAdvisor>();
    case 1:
      return std::make_unique<RandomAdvisor>(random->Bits());
    default:
      return std::make_unique<BadAdvisor>(random->Bits(), world.host,
                                          world.load);
  }
}

// Whether no trial or rollback is under way.
bool AtRest(const TuningMachine& machine) {
  switch (machine.state()) {
    case TuningState::kBaselining:
    case TuningState::kConsulting:
    case TuningState::kVetting:
    case TuningState::kCoolingDown:
    case TuningState::kConverged:
    case TuningState::kFrozen:
      return true;
    default:
      return false;
  }
}

// The first value in force that is neither the host's own nor proven in the
// history.
std::optional<std::string> Unproven(const Simulation& simulation) {
  for (const auto& [key, value] : simulation.values()) {
    const std::string& own = simulation.base().at(key);
    const auto proven = simulation.proven().find(key);
    const bool known = proven != simulation.proven().end();
    if (value == own || (known && value == proven->second)) continue;
    return absl::StrCat(ToString(key), " is ", value, ", the host's is ", own,
                        ", proven is ", known ? proven->second : "nothing");
  }
  return std::nullopt;
}

}  // namespace

Outcome RunTrouble(uint64_t seed, EventLog* log) {
  const World& world = WorldOf(seed % kWorlds);
  Random random(seed);
  SimulationConfig config;
  config.host = world.host;
  config.load = world.load;
  config.climate = DrawClimate(&random);
  config.faults = DrawFaults(&random);
  config.values = world.start;
  config.machine.mode = TuningMode::kAuto;
  config.seed = random.Bits();
  Simulation simulation(config, DrawAdvisor(world, &random), log);
  Outcome outcome;
  outcome.group = "all";
  std::optional<std::string> unproven;
  while (simulation.second() < kSeconds && !unproven) {
    simulation.RunSecond();
    const bool rests = AtRest(simulation.machine());
    if (rests && !simulation.calls_out()) {
      unproven = Unproven(simulation);
    }
  }
  outcome.hit = unproven.has_value();
  outcome.hours = simulation.second() / 3600;
  outcome.line = absl::StrFormat(
      "%d trials, %d crashes: %s", simulation.trials_opened(),
      simulation.crashes(), unproven.value_or("nothing unproven in force"));
  if (log != nullptr) log->Add(simulation.second(), "result", outcome.line);
  return outcome;
}

}  // namespace rocktune::simulation
