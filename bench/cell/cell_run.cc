#include "bench/cell/cell_run.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/cell/cell_meter.h"
#include "bench/cell/database_copy.h"
#include "bench/cell/values_in_force.h"
#include "bench/cell/window_json.h"
#include "bench/contestants/contestant.h"
#include "bench/device/device.h"
#include "bench/workload/driver.h"
#include "policy/status_macros.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"

namespace rocktune {
namespace {

constexpr double kStep = 0.1;    // seconds between looks at stalls
constexpr double kSecond = 1.0;  // between ticks of the contestant

double ConvergedSeconds(const std::vector<CellTrial>& trials) {
  double at_s = 0;
  for (const CellTrial& trial : trials) {
    if (trial.verdict == "kept" || trial.verdict == "better") {
      at_s = std::max(at_s, trial.end_s);
    }
  }
  return at_s;
}

// An open database with everything that must outlive it.
class CellHost {
 public:
  CellHost(const CellSpec& spec, const std::atomic<bool>* stop)
      : spec_(spec), stop_(stop) {}
  ~CellHost() {
    db_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(spec_.work_dir, ignored);
  }

  absl::Status Run(CellResult* result) {
    ROCKTUNE_RETURN_IF_ERROR(Open());
    ROCKTUNE_RETURN_IF_ERROR(contestant_->Start(db_.get()));
    Driver driver(db_.get(), workload_, spec_.seed);
    const absl::Status status = Drive(&driver, result);
    if (auto changed =
            ChangedSince(defaults_, db_.get(), spec_.work_dir + "/defaults");
        changed.ok()) {
      result->changed = *std::move(changed);
    }
    ContestantReport report;
    const absl::Status stopped = contestant_->Stop(&report);
    result->trials = std::move(report.trials);
    result->converged_s = ConvergedSeconds(result->trials);
    result->tokens = report.tokens;
    ROCKTUNE_RETURN_IF_ERROR(status);
    ROCKTUNE_RETURN_IF_ERROR(stopped);
    if (spec_.windows_file.empty()) return absl::OkStatus();
    return WriteWindowsFile(spec_.windows_file, report.windows);
  }

 private:
  absl::Status Open() {
    ROCKTUNE_ASSIGN_OR_RETURN(workload_, WorkloadOf(spec_.workload));
    workload_ = Scaled(std::move(workload_), spec_.data_bytes);
    for (Phase& phase : workload_.phases) phase.length *= spec_.phase_scale;
    ROCKTUNE_ASSIGN_OR_RETURN(contestant_, MakeContestant(spec_));
    const std::string path = spec_.work_dir + "/db";
    std::error_code error;
    std::filesystem::create_directories(spec_.work_dir, error);
    if (error) {
      return absl::ResourceExhaustedError(
          absl::StrCat(spec_.work_dir, ": ", error.message()));
    }
    if (!spec_.source_dir.empty()) {
      ROCKTUNE_RETURN_IF_ERROR(CopyDatabase(spec_.source_dir, path));
    }
    rocksdb::Options options;
    options.create_if_missing = true;
    ROCKTUNE_RETURN_IF_ERROR(MakeDevice(&options));
    options.use_direct_reads = true;
    options.use_direct_io_for_flush_and_compaction = true;
    defaults_ = options;
    ROCKTUNE_RETURN_IF_ERROR(contestant_->Configure(&options));
    rocksdb::DB* raw = nullptr;
    if (rocksdb::Status s = rocksdb::DB::Open(options, path, &raw); !s.ok()) {
      return absl::InternalError(absl::StrCat("open: ", s.ToString()));
    }
    db_.reset(raw);
    return absl::OkStatus();
  }

  absl::Status MakeDevice(rocksdb::Options* options) {
    if (spec_.device == "none") return absl::OkStatus();
    ROCKTUNE_ASSIGN_OR_RETURN(const DeviceProfile profile,
                              FindDevice(spec_.device));
    device_ = std::make_shared<DeviceModel>(profile, spec_.seed);
    env_ = rocksdb::NewCompositeEnv(
        NewDeviceFileSystem(rocksdb::FileSystem::Default(), device_));
    options->env = env_.get();
    return absl::OkStatus();
  }

  absl::Status Drive(Driver* driver, CellResult* result) {
    const size_t entry_bytes =
        workload_.data.key_bytes + workload_.data.values.bytes;
    const absl::Time begin = absl::Now();
    std::unique_ptr<CellMeter> whole, tail;
    const double tail_at = spec_.warm_s + spec_.run_s - spec_.tail_s;
    const double end_at = spec_.warm_s + spec_.run_s;
    double at = 0;
    while (at < end_at) {
      ROCKTUNE_ASSIGN_OR_RETURN(const double stall_share, WaitASecond());
      const LoadInterval second = driver->Take();
      at = absl::ToDoubleSeconds(absl::Now() - begin);
      if (whole) whole->Add(second, stall_share);
      if (tail) tail->Add(second, stall_share);
      if (!whole && at >= spec_.warm_s) whole = NewMeter(entry_bytes);
      if (!tail && at >= tail_at) tail = NewMeter(entry_bytes);
      result->points.push_back(PointOf(second, at, stall_share));
      result->failures += second.failures;
      result->dropped += second.dropped;
      if (second.failures > 0 && result->error.empty()) {
        result->error = "operations failed: " + second.first_failure;
      }
      ROCKTUNE_RETURN_IF_ERROR(contestant_->Tick(second, {at, tail_at - at}));
      if (whole && spec_.give_up_below_ops_per_s > 0 &&
          at >= spec_.warm_s + spec_.run_s / 3 &&
          FullSpeedOpsPerS(spec_, whole->Figures(spec_.data_bytes)) <
              spec_.give_up_below_ops_per_s) {
        result->gave_up = true;
        break;
      }
    }
    if (whole) result->whole = whole->Figures(spec_.data_bytes);
    if (tail) result->tail = tail->Figures(spec_.data_bytes);
    return absl::OkStatus();
  }

  std::unique_ptr<CellMeter> NewMeter(size_t entry_bytes) const {
    return std::make_unique<CellMeter>(db_.get(), device_.get(), entry_bytes);
  }

  // Returns the share of looks that found a stall.
  absl::StatusOr<double> WaitASecond() const {
    int looks = 0, stalled = 0;
    for (double waited = 0; waited < kSecond - kStep / 2; waited += kStep) {
      if (stop_->load()) return absl::CancelledError("interrupted");
      absl::SleepFor(absl::Seconds(kStep));
      ++looks;
      if (Stalled(db_.get())) ++stalled;
    }
    return static_cast<double>(stalled) / looks;
  }

  const CellSpec& spec_;
  const std::atomic<bool>* const stop_;
  Workload workload_;
  rocksdb::Options defaults_;  // before the contestant had its say
  std::unique_ptr<Contestant> contestant_;
  std::shared_ptr<DeviceModel> device_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace

CellResult RunCell(const CellSpec& spec, const std::atomic<bool>* stop) {
  CellResult result;
  result.spec = spec;
  result.rocksdb_version = rocksdb::GetRocksVersionAsString();
  CellHost host(spec, stop);
  const absl::Status status = host.Run(&result);
  if (!status.ok()) result.error = std::string(status.message());
  result.peak_memory_bytes = PeakMemoryBytes();
  return result;
}

}  // namespace rocktune
