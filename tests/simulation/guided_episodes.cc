// Episodes with a model beside the expert: what it is asked, what that costs,
// and what comes of it.
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/expert_advisor.h"
#include "tests/simulation/episode.h"
#include "tests/simulation/model_seat.h"
#include "tests/simulation/simulation.h"
#include "tests/simulation/stand_ins.h"
#include "tests/simulation/worlds.h"

namespace rocktune::simulation {
namespace {

constexpr double kHalfDay = 43200;
constexpr double kDay = 86400;

SimulationConfig ConfigOf(const World& world, const OptionValues& values,
                          Random* random) {
  SimulationConfig config;
  config.host = world.host;
  config.load = world.load;
  config.climate = DrawClimate(random);
  config.values = values;
  config.machine.mode = TuningMode::kAuto;
  config.trace_every_s = 60;
  config.seed = random->Bits();
  return config;
}

// A second, and what the model says in it.
void RunSecond(Simulation* simulation, ModelSeat* seat) {
  simulation->RunSecond();
  if (seat != nullptr && seat->Listen(simulation->second())) {
    simulation->OfferAdvice();
  }
}

// Converged: the machine has come to rest because the expert found nothing
// more to try, no call is out and no proposal of the model waits, for the first
// time. What comes afterwards (thinning, holdbacks) is not tuning towards a
// better place. Half a day at most: in one of the worlds the harm budget makes
// trials wait for longer, with and without a model.
struct Guided {
  double share = 0;  // of the optimum
  double seconds = 0;
  bool converged = false;
  int trials = 0;
  Asked asked;
};

Guided RunUntilConverged(const SimulationConfig& config, const World& world,
                         std::unique_ptr<ModelSeat> model, EventLog* log) {
  ModelSeat* const seat = model.get();
  std::unique_ptr<Advisor> advisor = std::move(model);
  if (advisor == nullptr) advisor = std::make_unique<ExpertAdvisor>();
  Simulation simulation(config, std::move(advisor), log);
  Guided run;
  while (simulation.second() < kHalfDay && !run.converged) {
    RunSecond(&simulation, seat);
    run.converged = simulation.machine().state() == TuningState::kConverged &&
                    (seat == nullptr || !seat->busy());
  }
  const double rate =
      SteadyRate(world.host, world.load, simulation.machine().proven());
  run.share = std::min(1.0, rate / world.optimum.score);
  run.seconds = simulation.second();
  run.trials = static_cast<int>(simulation.closed().size());
  if (seat != nullptr) run.asked = seat->asked();
  return run;
}

std::string Describe(const Guided& run) {
  return absl::StrFormat(
      "%.0f %% of the optimum, %d calls, %d tokens, %d trials, %.0f min%s",
      100 * run.share, run.asked.calls, run.asked.tokens, run.trials,
      run.seconds / 60, run.converged ? "" : ", not converged");
}

}  // namespace

Outcome RunGuided(uint64_t seed, EventLog* log) {
  const World& world = WorldOf(seed % kWorlds);
  Random random(seed);
  const SimulationConfig config = ConfigOf(world, world.start, &random);
  Outcome outcome;
  outcome.line = absl::StrFormat("world %02d", seed % kWorlds);
  auto run = [&](std::unique_ptr<ModelSeat> seat, const std::string& who) {
    if (log != nullptr) log->Add(0, "episode", who);
    const Guided guided =
        RunUntilConverged(config, world, std::move(seat), log);
    outcome.hours += guided.seconds / 3600;
    absl::StrAppend(&outcome.line, "; ", who, " ", Describe(guided));
    if (log != nullptr) log->Add(guided.seconds, "result", outcome.line);
    return guided;
  };
  const Guided alone = run(nullptr, "expert alone");
  outcome.other = alone.share;
  for (const Skill skill : {Skill::kCompetent, Skill::kMediocre}) {
    const uint64_t bits = random.Bits();
    const Guided guided =
        run(std::make_unique<ModelSeat>(MakeStandIn(skill, world, bits),
                                        bits + 7, log),
            ToString(skill));
    const std::string who = ToString(skill);
    outcome.numbers[who + "_calls"] = guided.asked.calls;
    outcome.numbers[who + "_tokens"] = guided.asked.tokens;
    outcome.numbers[who + "_share"] = guided.share;
    outcome.numbers[who + "_over_alone"] = guided.share / alone.share;
    if (skill == Skill::kCompetent) outcome.hit = guided.converged;
  }
  return outcome;
}

Outcome RunHostileDay(uint64_t seed, EventLog* log) {
  const World& world = WorldOf(seed % kWorlds);
  Random random(seed);
  // From good values there is much to lose.
  SimulationConfig config = ConfigOf(world, world.optimum.values, &random);
  auto model = std::make_unique<ModelSeat>(
      MakeStandIn(Skill::kHostile, world, random.Bits()), random.Bits(), log);
  ModelSeat* const seat = model.get();
  Simulation tuned(config, std::move(model), log);
  Simulation expert(config, std::make_unique<ExpertAdvisor>(), nullptr);
  config.tuned = false;
  Simulation alone(config, nullptr, nullptr);
  for (double s = 0; s < kDay; ++s) {
    RunSecond(&tuned, seat);
    expert.RunSecond();
    alone.RunSecond();
  }
  Outcome outcome;
  outcome.numbers["loss"] = 1 - tuned.operations() / alone.operations();
  outcome.numbers["loss_to_expert"] =
      1 - tuned.operations() / expert.operations();
  outcome.numbers["calls"] = seat->asked().calls;
  outcome.hours = 24;
  outcome.line = absl::StrFormat(
      "world %02d %.2f %% lost, %.2f %% against the expert alone, %d trials, "
      "%d calls, %d tokens",
      seed % kWorlds, 100 * outcome.numbers["loss"],
      100 * outcome.numbers["loss_to_expert"], tuned.closed().size(),
      seat->asked().calls, seat->asked().tokens);
  if (log != nullptr) log->Add(kDay, "result", outcome.line);
  return outcome;
}

}  // namespace rocktune::simulation
