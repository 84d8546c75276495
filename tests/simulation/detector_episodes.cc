// Episodes of the load shift detector by itself, without a tuner.
#include <optional>

#include "absl/strings/str_format.h"
#include "policy/load_shift.h"
#include "tests/simulation/episode.h"
#include "tests/simulation/window_maker.h"

namespace rocktune::simulation {
namespace {

constexpr int kHour = 3600;
constexpr int kKnown = 120;    // windows before a shift
constexpr int kMostWait = 60;  // windows after it

// A store under a noisy load that stands still but for what the caller does.
class Watched {
 public:
  Watched(Random* random, EventLog* log)
      : load_(DrawLoad(random)),
        store_(StoreHost(), load_, ParseOptions(DefaultValues())),
        weather_(Calm(random), random->Bits()),
        log_(log) {
    store_.Warm(load_);
    if (log == nullptr) return;
    log->Add(0, "episode",
             absl::StrFormat("get %.4f seek %.4f write %.4f", load_.get,
                             load_.seek, load_.write));
  }

  Load& load() { return load_; }

  std::optional<LoadShift> Next() {
    ++window_.number;
    window_.start =
        absl::UnixEpoch() + absl::Seconds(static_cast<int64_t>(window_.number));
    store_.Step(load_, weather_.Next(), 1);
    FillWindow(store_, load_, CacheLook(), &window_);
    std::optional<LoadShift> shift =
        detector_.Add(window_, /*rate_is_ours=*/false);
    if (shift && log_ != nullptr) {
      log_->Add(static_cast<double>(window_.number), "note", shift->text);
    }
    return shift;
  }

 private:
  static Climate Calm(Random* random) {
    Climate climate = DrawClimate(random);
    climate.drift = climate.bursts_per_h = climate.neighbours_per_h = 0;
    return climate;
  }

  Load load_;
  Store store_;
  Weather weather_;
  LoadShiftDetector detector_;
  Window window_;
  EventLog* log_;
};

}  // namespace

Outcome RunNoisyHour(uint64_t seed, EventLog* log) {
  Random random(seed);
  Watched watched(&random, log);
  Outcome outcome;
  for (int i = 0; i < kHour; ++i) {
    const std::optional<LoadShift> shift = watched.Next();
    if (!shift) continue;
    outcome.value += 1;
    outcome.line = absl::StrFormat("false alarm at %d s: %s", i, shift->text);
  }
  outcome.hit = outcome.value > 0;
  outcome.hours = 1;
  if (log != nullptr) log->Add(kHour, "result", outcome.line);
  return outcome;
}

Outcome RunNotice(uint64_t seed, EventLog* log) {
  Random random(seed);
  Watched watched(&random, log);
  Outcome outcome;
  for (int i = 0; i < kKnown; ++i) {
    // An alarm before the shift would be counted elsewhere.
    if (watched.Next()) outcome.counted = false;
  }
  Load& load = watched.load();
  const double before = load.write;
  load.write *= random.Chance(0.5) || before < 0.1 ? 2 : 0.5;
  const double rest = (1 - load.write) / (1 - before);
  load.get *= rest;
  load.seek *= rest;
  outcome.value = kMostWait;
  for (int i = 1; i < kMostWait; ++i) {
    if (!watched.Next()) continue;
    outcome.value = i;
    break;
  }
  outcome.hit = outcome.value <= 2;
  outcome.hours = (kKnown + outcome.value) / 3600;
  outcome.line = absl::StrFormat(
      "write share %.3f -> %.3f noticed after %.0f "
      "windows",
      before, load.write, outcome.value);
  if (log != nullptr) log->Add(kKnown + outcome.value, "result", outcome.line);
  return outcome;
}

}  // namespace rocktune::simulation
