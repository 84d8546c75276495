#include "bench/scale/scale.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/demo/latency_recorder.h"
#include "hooks/instrumentation.h"
#include "hooks/rocksdb_status.h"
#include "policy/status_macros.h"
#include "rocktune/rocktune.h"

namespace rocktune::bench {
namespace {

constexpr absl::Duration kThreeWindows = absl::Milliseconds(3200);
// After the attach, before anything is measured: the first windows sample
// what they will not sample again.
constexpr absl::Duration kAttachEcho = absl::Milliseconds(1500);

double MsSince(absl::Time begin) {
  return absl::ToDoubleMilliseconds(absl::Now() - begin);
}

// A tuner of all databases of a fleet.
class Tuned {
 public:
  static absl::StatusOr<std::unique_ptr<Tuned>> Begin(const Fleet& fleet,
                                                      Mode mode) {
    Config config;
    config.mode = mode;
    config.state_dir = absl::StrCat(fleet.path(), "/state");
    std::unique_ptr<Tuned> tuned(new Tuned(fleet));
    ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(Tuner::Open(config, &tuned->tuner_)));
    const absl::Time begin = absl::Now();
    int number = 0;
    for (const Fleet::Member& member : fleet.members()) {
      AttachOptions options;
      options.name = absl::StrCat("db-", number++);
      ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(
          tuned->tuner_->Attach(member.db, member.handles, options)));
    }
    tuned->attach_ms_ = MsSince(begin);
    return tuned;
  }

  // Milliseconds of all databases.
  absl::StatusOr<double> End() {
    const absl::Time begin = absl::Now();
    for (const Fleet::Member& member : fleet_.members()) {
      ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(tuner_->Detach(member.db)));
    }
    return MsSince(begin);
  }

  double attach_ms() const { return attach_ms_; }

 private:
  explicit Tuned(const Fleet& fleet) : fleet_(fleet) {}

  const Fleet& fleet_;
  double attach_ms_ = 0;
  std::unique_ptr<Tuner> tuner_;
};

absl::StatusOr<WriteLatency> Write(Fleet* fleet, double seconds) {
  using Clock = std::chrono::steady_clock;
  LatencyRecorder recorder;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  for (auto begin = Clock::now(); begin < end;) {
    ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(fleet->PutNext()));
    const auto now = Clock::now();
    recorder.Add(static_cast<uint64_t>((now - begin).count()));
    begin = now;
  }
  return WriteLatency{recorder.QuantileUs(0.5), recorder.QuantileUs(0.99)};
}

// Everything that comes of the blocks.
struct Blocks {
  std::vector<double> attach_ms, detach_ms;
  std::vector<double> without_p50, without_p99, with_p50, with_p99;
  std::vector<double> p50_ratio, p99_ratio;
  std::vector<double> loop_ms, worker_ms, applier_ms;
};

absl::StatusOr<WriteLatency> ObservedBlock(const ScalePlan& plan, Fleet* fleet,
                                           Blocks* blocks) {
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<Tuned> tuned,
                            Tuned::Begin(*fleet, Mode::kObserve));
  blocks->attach_ms.push_back(tuned->attach_ms());
  absl::SleepFor(kAttachEcho);
  CpuSpan span;
  span.earlier = ReadTunerCpu();
  const absl::Time begin = absl::Now();
  ROCKTUNE_ASSIGN_OR_RETURN(WriteLatency latency, Write(fleet, plan.block_s));
  span.later = ReadTunerCpu();
  span.seconds = MsSince(begin) / 1000;
  const TunerCpu cpu = PerSecond(span);
  blocks->loop_ms.push_back(cpu.loop_ms);
  blocks->worker_ms.push_back(cpu.worker_ms);
  blocks->applier_ms.push_back(cpu.applier_ms);
  ROCKTUNE_ASSIGN_OR_RETURN(double detach_ms, tuned->End());
  blocks->detach_ms.push_back(detach_ms);
  return latency;
}

// One block each, with the tuner gone while the plain one runs. Both wait
// alike before they write.
absl::Status RunPair(const ScalePlan& plan, Fleet* plain, Fleet* observed,
                     bool plain_first, Blocks* blocks) {
  WriteLatency without, with;
  for (const bool is_plain : {plain_first, !plain_first}) {
    if (is_plain) {
      absl::SleepFor(kAttachEcho);
      ROCKTUNE_ASSIGN_OR_RETURN(without, Write(plain, plan.block_s));
    } else {
      ROCKTUNE_ASSIGN_OR_RETURN(with, ObservedBlock(plan, observed, blocks));
    }
  }
  blocks->without_p50.push_back(without.p50_us);
  blocks->without_p99.push_back(without.p99_us);
  blocks->with_p50.push_back(with.p50_us);
  blocks->with_p99.push_back(with.p99_us);
  blocks->p50_ratio.push_back(with.p50_us / without.p50_us);
  blocks->p99_ratio.push_back(with.p99_us / without.p99_us);
  return absl::OkStatus();
}

void Summarise(const Blocks& blocks, ScaleFigures* figures) {
  figures->attach_ms = Median(blocks.attach_ms);
  figures->detach_ms = Median(blocks.detach_ms);
  figures->observing = {Median(blocks.loop_ms), Median(blocks.worker_ms),
                        Median(blocks.applier_ms)};
  figures->without = {Median(blocks.without_p50), Median(blocks.without_p99)};
  figures->with = {Median(blocks.with_p50), Median(blocks.with_p99)};
  figures->p50_ratio = Median(blocks.p50_ratio);
  figures->p99_ratio = Median(blocks.p99_ratio);
}

uint64_t Growth(uint64_t before) {
  const uint64_t now = HeapBytes();
  return now > before ? now - before : 0;
}

uint64_t InstrumentBytes(int databases) {
  std::vector<Instrumentation> all;
  const uint64_t before = HeapBytes();
  for (int i = 0; i < databases; ++i) {
    rocksdb::DBOptions options;
    all.push_back(InstrumentOptionsOf(&options, InstrumentOptions()));
  }
  return Growth(before);
}

absl::Status MeasureIdle(const ScalePlan& plan, const Fleet& fleet,
                         ScaleFigures* figures) {
  const uint64_t before = HeapBytes();
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<Tuned> tuned,
                            Tuned::Begin(fleet, Mode::kAuto));
  absl::SleepFor(kThreeWindows);
  figures->attached_bytes = Growth(before);
  CpuSpan span;
  span.earlier = ReadTunerCpu();
  const absl::Time begin = absl::Now();
  absl::SleepFor(absl::Seconds(plan.idle_s));
  span.later = ReadTunerCpu();
  span.seconds = MsSince(begin) / 1000;
  figures->idle = PerSecond(span);
  return tuned->End().status();
}

}  // namespace

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle]
                                : (values[middle - 1] + values[middle]) / 2;
}

absl::StatusOr<ScaleFigures> MeasureScale(
    const ScalePlan& plan, const FleetShape& shape,
    const std::function<void(const std::string&)>& say) {
  ScaleFigures figures;
  figures.shape = shape;
  figures.instrument_bytes = InstrumentBytes(shape.databases);
  const std::string name = absl::StrFormat("%d databases, %d families",
                                           shape.databases, shape.families);
  say(name + ": opening");
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<Fleet> plain,
                            Fleet::Open(plan.folder, shape, false));
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<Fleet> observed,
                            Fleet::Open(plan.folder, shape, true));
  say(name + ": idle");
  ROCKTUNE_RETURN_IF_ERROR(MeasureIdle(plan, *observed, &figures));
  Blocks blocks;
  for (int pair = 0; pair < plan.pairs; ++pair) {
    say(absl::StrFormat("%s: pair %d of %d", name, pair + 1, plan.pairs));
    ROCKTUNE_RETURN_IF_ERROR(
        RunPair(plan, plain.get(), observed.get(), pair % 2 == 0, &blocks));
  }
  Summarise(blocks, &figures);
  say(name + ": option writes");
  ROCKTUNE_RETURN_IF_ERROR(
      MeasureOptionWrites(*observed, plan.option_writes, &figures));
  return figures;
}

}  // namespace rocktune::bench
