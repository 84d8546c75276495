// Episodes with one trial, of a change whose true effect is known.
#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_format.h"
#include "tests/simulation/advisors.h"
#include "tests/simulation/episode.h"
#include "tests/simulation/simulation.h"

namespace rocktune::simulation {
namespace {

// The change is proposed after so much time under the incumbent, at most.
constexpr double kMostAge = 600;
// An episode without a verdict after this time is one without a keep.
constexpr double kMostSeconds = 2 * 3600;
constexpr double kFewWrites = 0.03;

// Values that serve every drawn load without stalls, so that the plant is all
// that moves.
OptionValues SaneValues() {
  OptionValues values = DefaultValues();
  values[KeyOf("block_cache.capacity")] = "268435456";
  values[KeyOf("max_background_jobs")] = "6";
  values[KeyOf("max_subcompactions")] = "2";
  values[KeyOf("compaction_readahead_size")] = "2097152";
  values[KeyOf("max_write_buffer_number")] = "4";
  values[KeyOf("delayed_write_rate")] = "67108864";
  return values;
}

double ClosedLoopRate(const SimulationConfig& config) {
  Store store(config.host, config.load, ParseOptions(config.values));
  store.Warm(config.load);
  double sum = 0;
  for (int i = 0; i < 200; ++i) {
    sum += store.Step(config.load, Sky(), 1).operations;
  }
  return sum / 200;
}

// What all planted episodes draw alike.
SimulationConfig DrawConfig(Random* random, OptionClass option_class,
                            double effect) {
  SimulationConfig config;
  config.host.memory_budget_bytes = 2.0 * (1 << 30);
  config.load = DrawLoad(random);
  config.climate = DrawClimate(random);
  config.values = SaneValues();
  config.machine.mode = TuningMode::kAuto;
  config.trace_every_s = 60;
  config.plant = DrawPlant(option_class, effect, random);
  config.seed = random->Bits();
  if (random->Chance(0.3)) {
    const double rate = ClosedLoopRate(config);
    config.load.arrivals_per_s = rate * random->Uniform(0.2, 0.6);
    config.load.threads = 0;
  }
  return config;
}

std::string Describe(const SimulationConfig& config) {
  const Load& load = config.load;
  const Climate& climate = config.climate;
  const Plant& plant = *config.plant;
  return absl::StrFormat(
      "get %.2f seek %.2f write %.2f, %s %.0f, skew %.2f, %s noise of "
      "%.1f %%, drift %.2f, %.0f bursts/h, %.0f neighbours/h, plant %s %.0f "
      "-> %.0f: %+.1f %% after %.0f s",
      load.get, load.seek, load.write,
      load.threads > 0 ? "threads" : "arrivals/s",
      load.threads > 0 ? load.threads : load.arrivals_per_s, load.skew,
      ToString(climate.noise), 100 * climate.spread, climate.drift,
      climate.bursts_per_h, climate.neighbours_per_h, plant.option,
      plant.before, plant.after, 100 * plant.effect, 3 * plant.tau_s);
}

// A shift of the load at a time after the values were set.
struct PlannedShift {
  Shift shift = Shift::kMix;
  double after_s = 0;
  Load load;
  bool done = false;
};

struct TrialRun {
  std::optional<Trial> trial;  // with a verdict
  double verdict_s = 0;        // from opened to the verdict, before probation
  bool shifted = false;        // the load, while the trial was open
};

bool HasVerdict(TuningState state) {
  return state == TuningState::kProbation ||
         state == TuningState::kRollingBack ||
         state == TuningState::kCoolingDown;
}

bool Names(const Trial& trial, const char* option) {
  return trial.change_set.changes.front().key.name == option;
}

// Until the first trial of `option` has its verdict.
TrialRun RunTrialOf(const char* option, Simulation* simulation, double most_s,
                    PlannedShift* shift) {
  TrialRun run;
  double opened_s = -1, verdict_s = -1;
  while (simulation->second() < most_s) {
    simulation->RunSecond();
    const TuningMachine& machine = simulation->machine();
    const double now_s = simulation->second();
    const std::optional<Trial>& open = machine.open_trial();
    if (opened_s < 0 && open && Names(*open, option)) opened_s = now_s;
    if (opened_s < 0) continue;
    if (verdict_s < 0 && HasVerdict(machine.state())) verdict_s = now_s;
    // A verdict may be taken back while the database cools down.
    const std::vector<Trial>& closed = simulation->closed();
    if (!closed.empty() && Names(closed.back(), option) &&
        machine.state() != TuningState::kCoolingDown) {
      run.trial = closed.back();
      break;
    }
    if (shift != nullptr && !shift->done && verdict_s < 0 &&
        now_s - opened_s >= shift->after_s) {
      simulation->SetLoad(shift->load);
      shift->done = run.shifted = true;
      if (simulation->log() != nullptr) {
        simulation->log()->Add(
            now_s, "fault",
            absl::StrFormat("the load shifts: %s", ToString(shift->shift)));
      }
    }
  }
  run.verdict_s = (verdict_s < 0 ? simulation->second() : verdict_s) - opened_s;
  return run;
}

struct Story {
  OptionClass option_class = OptionClass::kInstant;
  double effect = 0;
  std::optional<Shift> shift;
  std::optional<double> spread;  // of the noise, and nothing else moves
  bool after_a_keep = false;     // of a cache many times as large
};

Outcome RunStory(const Story& story, Random* random, EventLog* log) {
  SimulationConfig config =
      DrawConfig(random, story.option_class, story.effect);
  if (story.spread) {
    config.climate = {.noise = config.climate.noise, .spread = *story.spread};
    if (config.climate.noise == NoiseKind::kHeavyTailed) {
      config.climate.noise = NoiseKind::kWhite;
    }
    // Few writes: compactions would add their own noise.
    config.load.get += config.load.write - kFewWrites;
    config.load.write = kFewWrites;
  }
  std::vector<ProposedChange> first;
  if (story.after_a_keep) {
    const OptionKey cache = KeyOf("block_cache.capacity");
    first.push_back({cache.name, "", config.values[cache], "too small", ""});
    config.values[cache] = "8388608";
  }
  const double age_s = random->Uniform(0, kMostAge);
  PlannedShift shift;
  if (story.shift) {
    shift.shift = *story.shift;
    shift.after_s = random->Uniform(2, 120);
    shift.load = Shifted(config.load, shift.shift, random);
  }
  if (log != nullptr) log->Add(0, "episode", Describe(config));
  config.first_advice_s = age_s;
  Simulation simulation(
      config, std::make_unique<PlantAdvisor>(*config.plant, std::move(first)),
      log);
  const TrialRun run =
      RunTrialOf(config.plant->option.c_str(), &simulation,
                 age_s + kMostSeconds, story.shift ? &shift : nullptr);
  Outcome outcome;
  outcome.group = std::string(ToString(story.option_class));
  outcome.hours = simulation.second() / 3600;
  outcome.value = run.verdict_s;
  const Verdict verdict = run.trial ? run.trial->verdict : Verdict::kOpen;
  outcome.hit = verdict == Verdict::kKept;
  if (story.after_a_keep) outcome.counted = run.trial.has_value();
  if (story.shift) {
    outcome.counted = run.shifted;
    outcome.hit = outcome.hit || verdict == Verdict::kRegressed;
    outcome.group = ToString(*story.shift);
  }
  outcome.line = absl::StrFormat(
      "%s %s after %.0f s, true effect %+.1f %%, measured %+.1f %% [%+.1f, "
      "%+.1f]: %s",
      outcome.group, std::string(ToString(verdict)), run.verdict_s,
      100 * story.effect, 100 * (run.trial ? run.trial->effect.mean : 0),
      100 * (run.trial ? run.trial->effect.low : 0),
      100 * (run.trial ? run.trial->effect.high : 0),
      run.trial ? run.trial->why : "no verdict in time");
  if (log != nullptr) {
    log->Add(simulation.second(), "result", outcome.line);
  }
  return outcome;
}

}  // namespace

Outcome RunAa(uint64_t seed, EventLog* log) {
  Random random(seed);
  return RunStory({DrawClass(&random), 0}, &random, log);
}

// After a keep the noise of other values is in the history too.
Outcome RunAaAgain(uint64_t seed, EventLog* log) {
  Random random(seed);
  Story story;
  story.option_class =
      random.Chance(0.5) ? OptionClass::kInstant : OptionClass::kChangesFiles;
  story.after_a_keep = true;
  return RunStory(story, &random, log);
}

Outcome RunWorse(uint64_t seed, EventLog* log) {
  Random random(seed);
  const OptionClass option_class = DrawClass(&random);
  return RunStory({option_class, -random.Uniform(0.05, 0.3)}, &random, log);
}

Outcome RunBetter(uint64_t seed, EventLog* log) {
  Random random(seed);
  const OptionClass option_class = DrawClass(&random);
  return RunStory({option_class, random.Uniform(0.1, 0.3)}, &random, log);
}

Outcome RunSlightlyBetter(uint64_t seed, EventLog* log) {
  Random random(seed);
  const OptionClass option_class = DrawClass(&random);
  return RunStory({option_class, random.Uniform(0.03, 0.05)}, &random, log);
}

Outcome RunShift(uint64_t seed, EventLog* log) {
  Random random(seed);
  Story story{DrawClass(&random), 0};
  const double u = random.Uniform();
  story.shift = u < 0.5   ? Shift::kMix
                : u < 0.7 ? Shift::kValueBytes
                : u < 0.9 ? Shift::kRate
                          : Shift::kSkew;
  return RunStory(story, &random, log);
}

Outcome RunDuration(uint64_t seed, EventLog* log) {
  Random random(seed);
  Story story{OptionClass::kInstant, 0.1};
  story.spread = 0.05;
  return RunStory(story, &random, log);
}

}  // namespace rocktune::simulation
