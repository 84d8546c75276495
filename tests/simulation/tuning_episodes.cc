// Episodes of hours or days, on the whole surface and without a plant.
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "absl/strings/str_format.h"
#include "policy/expert_advisor.h"
#include "tests/simulation/advisors.h"
#include "tests/simulation/episode.h"
#include "tests/simulation/simulation.h"
#include "tests/simulation/worlds.h"

namespace rocktune::simulation {
namespace {

constexpr int kProposals = 10;
constexpr double kMostExpertSeconds = 6 * 3600;
constexpr double kDay = 86400;
constexpr double kPhaseSeconds = 2 * 3600;
constexpr int kCycles = 5;
constexpr int kFirstCycle = 2;  // that counts, from 0

SimulationConfig ConfigOf(const StoreHost& host, const Load& load,
                          const OptionValues& values, Random* random) {
  SimulationConfig config;
  config.host = host;
  config.load = load;
  config.climate = DrawClimate(random);
  config.values = values;
  config.machine.mode = TuningMode::kAuto;
  config.trace_every_s = 60;
  config.seed = random->Bits();
  return config;
}

void Describe(const SimulationConfig& config, const std::string& what,
              EventLog* log) {
  if (log == nullptr) return;
  const Load& load = config.load;
  log->Add(0, "episode",
           absl::StrFormat("%s: get %.2f seek %.2f write %.2f, %s noise of "
                           "%.1f %%, drift %.2f, %.0f neighbours/h",
                           what, load.get, load.seek, load.write,
                           ToString(config.climate.noise),
                           100 * config.climate.spread, config.climate.drift,
                           config.climate.neighbours_per_h));
}

void Finish(Simulation* simulation, Outcome* outcome, EventLog* log) {
  outcome->hours += simulation->second() / 3600;
  if (log != nullptr) log->Add(simulation->second(), "result", outcome->line);
}

// Operations of each phase from the cycle on that counts.
struct PhaseRates {
  double operations[2] = {0, 0};
};

// Geometric mean over the phases.
double Over(const PhaseRates& a, const PhaseRates& b) {
  return std::sqrt(a.operations[0] / b.operations[0] * a.operations[1] /
                   b.operations[1]);
}

// `load` is always that of the phase.
PhaseRates RunPhases(const TwoPhases& phases, Simulation* simulation,
                     Load* load) {
  PhaseRates rates;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    for (int phase = 0; phase < 2; ++phase) {
      *load = phases.phases[phase];
      simulation->SetLoad(*load);
      const double before = simulation->operations();
      for (double s = 0; s < kPhaseSeconds; ++s) simulation->RunSecond();
      if (cycle >= kFirstCycle) {
        rates.operations[phase] += simulation->operations() - before;
      }
    }
  }
  return rates;
}

}  // namespace

Outcome RunExpert(uint64_t seed, EventLog* log) {
  const World& world = WorldOf(seed % kWorlds);
  Random random(seed);
  const SimulationConfig config =
      ConfigOf(world.host, world.load, world.start, &random);
  Describe(config, absl::StrFormat("world %d", seed % kWorlds), log);
  int proposals = 0;
  Simulation simulation(config,
                        std::make_unique<CountingAdvisor>(
                            std::make_unique<ExpertAdvisor>(), &proposals),
                        log);
  // Until the last trial is over, or the expert has nothing to say.
  double idle_s = 0;
  while (simulation.second() < kMostExpertSeconds && idle_s < 600) {
    simulation.RunSecond();
    const TuningMachine& machine = simulation.machine();
    const bool busy = machine.open_trial() || machine.pending();
    if (proposals >= kProposals && !busy) break;
    const bool converged = machine.state() == TuningState::kConverged;
    idle_s = converged ? idle_s + 1 : 0;
  }
  const double rate =
      SteadyRate(world.host, world.load, simulation.machine().proven());
  Outcome outcome;
  outcome.group = absl::StrFormat("world %02d", seed % kWorlds);
  // The search for the optimum keeps to a grid: more than it found is no more
  // than all of it.
  outcome.value = std::min(1.0, rate / world.optimum.score);
  outcome.other =
      (rate - world.start_rate) / (world.optimum.score - world.start_rate);
  outcome.line = absl::StrFormat(
      "%s %d proposals in %.0f min: %.0f -> %.0f ops/s of at most %.0f, %.0f "
      "%% of the gain, %.0f %% of the optimum",
      outcome.group, proposals, simulation.second() / 60, world.start_rate,
      rate, world.optimum.score, 100 * outcome.other, 100 * outcome.value);
  Finish(&simulation, &outcome, log);
  return outcome;
}

Outcome RunBadDay(uint64_t seed, EventLog* log) {
  const World& world = WorldOf(seed % kWorlds);
  Random random(seed);
  // From good values there is much to lose.
  SimulationConfig config =
      ConfigOf(world.host, world.load, world.optimum.values, &random);
  Describe(config, absl::StrFormat("world %d", seed % kWorlds), log);
  Simulation tuned(
      config,
      std::make_unique<BadAdvisor>(random.Bits(), world.host, world.load), log);
  config.tuned = false;
  Simulation alone(config, nullptr, nullptr);
  for (double s = 0; s < kDay; ++s) {
    tuned.RunSecond();
    alone.RunSecond();
  }
  Outcome outcome;
  outcome.group = absl::StrFormat("world %02d", seed % kWorlds);
  outcome.value = 1 - tuned.operations() / alone.operations();
  outcome.hours = 24;
  int kept = 0;
  for (const Trial& trial : tuned.closed()) {
    kept += trial.verdict == Verdict::kKept ? 1 : 0;
  }
  outcome.line = absl::StrFormat("%s %.2f %% lost, %d trials, %d of them kept",
                                 outcome.group, 100 * outcome.value,
                                 tuned.closed().size(), kept);
  Finish(&tuned, &outcome, log);
  return outcome;
}

namespace {

Outcome RunInTurn(uint64_t seed, bool expert, EventLog* log) {
  const TwoPhases& phases = PhasesOf(seed % kPhasePairs);
  Random random(seed);
  SimulationConfig config =
      ConfigOf(phases.host, phases.phases[0], DefaultValues(), &random);
  Describe(config, absl::StrFormat("pair %d", seed % kPhasePairs), log);
  Load load = config.load;
  std::unique_ptr<Advisor> advisor = std::make_unique<ExpertAdvisor>();
  if (!expert) {
    advisor = std::make_unique<GoodAdvisor>(
        phases.host,
        std::vector<GoodAdvisor::Place>{{phases.phases[0], phases.best[0]},
                                        {phases.phases[1], phases.best[1]}},
        &load);
  }
  Simulation tuned(config, std::move(advisor), log);
  const PhaseRates moved = RunPhases(phases, &tuned, &load);
  auto run_still = [&](const OptionValues& values) {
    config.tuned = false;
    config.values = values;
    Simulation still(config, nullptr, nullptr);
    return RunPhases(phases, &still, &load);
  };
  const PhaseRates fixed = run_still(phases.best_static);
  Outcome outcome;
  outcome.group = absl::StrFormat("pair %d", seed % kPhasePairs);
  const double first = moved.operations[0] / fixed.operations[0];
  const double second = moved.operations[1] / fixed.operations[1];
  outcome.value = Over(moved, fixed);
  outcome.other = Over(moved, run_still(phases.best_static_at_open));
  outcome.hours = 2 * tuned.second() / 3600;
  outcome.line = absl::StrFormat(
      "%s %.3f times the best static values (phases %.3f and %.3f; %.3f if "
      "both were at their optimum at once), %d trials",
      outcome.group, outcome.value, first, second, phases.ideal_ratio,
      tuned.closed().size());
  Finish(&tuned, &outcome, log);
  return outcome;
}

}  // namespace

Outcome RunAlternating(uint64_t seed, EventLog* log) {
  return RunInTurn(seed, /*expert=*/false, log);
}

Outcome RunAlternatingExpert(uint64_t seed, EventLog* log) {
  return RunInTurn(seed, /*expert=*/true, log);
}

}  // namespace rocktune::simulation
