#include "bench/offline/tune.h"

#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/device/device.h"
#include "bench/offline/cell_evaluator.h"
#include "bench/offline/command_evaluator.h"
#include "bench/offline/device_probe.h"
#include "bench/offline/offline_advisor.h"
#include "bench/offline/offline_options.h"
#include "bench/offline/run_bench.h"
#include "bench/offline/tune_journal.h"
#include "bench/offline/tune_loop.h"
#include "bench/offline/tune_results.h"
#include "hooks/host_facts.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kProbeLimit = absl::Seconds(18);
// A device that cannot do this many small reads alone has a moving arm.
constexpr double kRotationalIops = 300;

absl::StatusOr<std::unique_ptr<Evaluator>> MakeEvaluator(
    const TunePlan& plan, const TuneRun& run, uint64_t memory_bytes) {
  const auto tick = [&run] { run.say("  running", false); };
  if (plan.workload.empty()) return MakeCommandEvaluator(plan, run.stop, tick);
  CellEvaluatorSpec spec;
  spec.program = run.program;
  spec.data_dir = plan.out + "/data";
  spec.memory_bytes = memory_bytes;
  spec.stop = run.stop;
  spec.tick = tick;
  spec.on_progress = [&run](double share) {
    run.say(absl::StrFormat("  loading %3.0f %%", 100 * share), false);
  };
  return MakeCellEvaluator(plan, spec);
}

// Where runs happen, made anew: what is there is of a run that was killed.
absl::Status CleanWorkDir(const std::string& dir) {
  std::error_code error;
  fs::remove_all(dir + "/work", error);
  fs::create_directories(dir + "/work", error);
  if (!error) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(dir, "/work: ", error.message()));
}

// Runs, and the look at the device, are in --out.
void SayWhichDevice(const TunePlan& plan, const TuneRun& run) {
  struct stat db {
  }, out{};
  if (plan.db.empty() || ::stat(plan.db.c_str(), &db) != 0 ||
      ::stat(plan.out.c_str(), &out) != 0 || db.st_dev == out.st_dev) {
    return;
  }
  run.say(absl::StrCat("note         --out is on another device than ", plan.db,
                       ": what is measured is that of --out"),
          true);
}

absl::Status Probe(const TunePlan& plan, const TuneRun& run,
                   TuneJournal* journal) {
  if (!plan.probe || journal->state().probe) return absl::OkStatus();
  run.say("  looking at the device", false);
  const auto figures = ProbeDevice(plan.out + "/work", kProbeLimit, run.stop);
  if (absl::IsCancelled(figures.status())) return figures.status();
  if (!figures.ok()) {  // good to know, not needed
    run.say(absl::StrCat("device       not probed: ",
                         std::string(figures.status().message())),
            true);
    return absl::OkStatus();
  }
  journal->state().probe = *figures;
  run.say("device       " + Describe(*figures), true);
  return journal->Save();
}

// The lesser of two ceilings of which either may be none (0).
double Ceiling(double own, double shared) {
  if (own <= 0 || shared <= 0) return std::max(own, shared);
  return std::min(own, shared);
}

DeviceFacts FactsOf(const DeviceProfile& profile) {
  return {profile.read_us_p50,
          Ceiling(profile.read_iops, profile.total_iops),
          Ceiling(profile.write_iops, profile.total_iops),
          Ceiling(profile.read_bytes_per_s, profile.total_bytes_per_s),
          Ceiling(profile.write_bytes_per_s, profile.total_bytes_per_s),
          profile.fsync_us_p50};
}

DeviceFacts FactsOf(const DeviceFigures& probe) {
  return {probe.read_iops_1 > 0 ? 1e6 / probe.read_iops_1 : 0,
          probe.read_iops_16,
          probe.write_iops_16,
          probe.read_bytes_per_s,
          probe.write_bytes_per_s,
          probe.sync_us};
}

// The host as advisors see it, with the device that the runs will be on.
absl::StatusOr<HostFacts> FactsOf(const TunePlan& plan,
                                  const TuneState& state) {
  HostFacts host = ReadHostFacts(plan.out);
  if (plan.device != "auto") {
    ROCKTUNE_ASSIGN_OR_RETURN(const DeviceProfile profile,
                              FindDevice(plan.device));
    if (IsEmulated(profile)) {
      host.rotational = profile.positions;
      host.device = FactsOf(profile);
      return host;
    }
  }
  // Without direct I/O the figures are the page cache's.
  if (!state.probe || !state.probe->direct) return host;
  host.device = FactsOf(*state.probe);
  if (!host.rotational) {
    host.rotational = state.probe->read_iops_1 < kRotationalIops;
  }
  return host;
}

std::string Describe(const HostFacts& host, uint64_t memory_bytes) {
  return absl::StrFormat(
      "host         %d cores, %.1f GiB, %s, RocksDB %s; %.0f MiB for caches "
      "and write buffers",
      host.cores, static_cast<double>(host.UsableMemoryBytes()) / (1ull << 30),
      host.filesystem, host.rocksdb_version,
      static_cast<double>(memory_bytes) / (1ull << 20));
}

}  // namespace

absl::Status Tune(const TunePlan& plan, const TuneRun& run) {
  ROCKTUNE_RETURN_IF_ERROR(Check(plan));
  OfflineOptions::Spec spec;
  ROCKTUNE_ASSIGN_OR_RETURN(spec.start, StartOptions(plan));
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<OfflineAdvisor> advisor,
                            OfflineAdvisor::Make(plan, run.stop));
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<TuneJournal> journal,
                            TuneJournal::Open(plan));
  if (journal->resumed()) run.say("going on with an earlier run", true);
  ROCKTUNE_RETURN_IF_ERROR(CleanWorkDir(plan.out));
  absl::Cleanup clean = [&plan] {
    std::error_code ignored;
    fs::remove_all(plan.out + "/work", ignored);
  };
  SayWhichDevice(plan, run);
  ROCKTUNE_RETURN_IF_ERROR(Probe(plan, run, journal.get()));
  ROCKTUNE_ASSIGN_OR_RETURN(spec.host, FactsOf(plan, journal->state()));
  spec.memory_bytes = MemoryBudget(plan, spec.host.UsableMemoryBytes());
  run.say(Describe(spec.host, spec.memory_bytes), true);
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<Evaluator> evaluator,
                            MakeEvaluator(plan, run, spec.memory_bytes));
  spec.closed = evaluator->Closed();
  spec.every_family = evaluator->LoadsEveryFamily();
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<OfflineOptions> options,
                            OfflineOptions::Make(std::move(spec)));
  RunBench bench(*options, evaluator.get(),
                 {plan.out + "/work", run.try_options, run.stop});
  TuneLoop loop({plan, journal.get(), options.get(), evaluator.get(),
                 advisor.get(), &bench, run.say});
  ROCKTUNE_RETURN_IF_ERROR(loop.CheckSameStart());
  if (!journal->state().finished) ROCKTUNE_RETURN_IF_ERROR(loop.Run());
  ROCKTUNE_RETURN_IF_ERROR(WriteResults(journal->state(), *options, plan.out));
  std::error_code ignored;
  fs::remove_all(plan.out + "/data", ignored);  // made for the runs alone
  return absl::OkStatus();
}

}  // namespace rocktune
