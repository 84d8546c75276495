#include "bench/offline/command_evaluator.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/cell/child_process.h"
#include "bench/cell/database_copy.h"
#include "bench/offline/command_template.h"
#include "bench/offline/db_bench_report.h"
#include "bench/offline/metric.h"
#include "hooks/options_file.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostOutput = 4 << 20;        // the end of it is read
constexpr size_t kShownOutput = 600;           // of an error
constexpr uintmax_t kMostPrinted = 256 << 20;  // it would fill the disk
// Starting a process and loading data vary more than the run itself. A guess.
constexpr double kGraceSeconds = 10;

struct CommandFigures {
  double throughput_ops_per_s = 0;
  double p99_us = 0;
  std::vector<Window> windows;
};

// Whether a process has the database open. RocksDB holds this lock.
std::optional<pid_t> HolderOf(const std::string& db) {
  const int file = ::open((db + "/LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool asked = ::fcntl(file, F_GETLK, &lock) == 0;
  ::close(file);
  if (!asked || lock.l_type == F_UNLCK) return std::nullopt;
  return lock.l_pid;
}

std::string BlockCacheBytes(const OptionSet& options) {
  for (const auto& [key, value] : LiveValuesOf(options)) {
    if (key.name == "block_cache.capacity") return value;
  }
  return "0";
}

class CommandEvaluator : public Evaluator {
 public:
  CommandEvaluator(const TunePlan& plan, CommandTemplate command,
                   const std::atomic<bool>* stop, std::function<void()> tick)
      : plan_(plan),
        command_(std::move(command)),
        stop_(stop),
        tick_(std::move(tick)) {}

  absl::Status Prepare() override {
    if (plan_.db.empty() || !command_.has_db) return absl::OkStatus();
    if (const auto holder = HolderOf(plan_.db)) {
      return absl::FailedPreconditionError(absl::StrCat(
          plan_.db, " is open in process ", *holder,
          "; a copy of an open database is not whole: end that process, or "
          "give a checkpoint of it"));
    }
    return CheckWal();
  }

  absl::StatusOr<RunFigures> Run(const RunRequest& request) override {
    absl::Cleanup remove = [&request] {
      std::error_code ignored;
      fs::remove_all(request.work_dir, ignored);
    };
    std::error_code error;
    fs::create_directories(request.work_dir, error);
    if (error) {
      return absl::ResourceExhaustedError(
          absl::StrCat(request.work_dir, ": ", error.message()));
    }
    ROCKTUNE_ASSIGN_OR_RETURN(const OptionSet options,
                              ReadOptionsFile(request.options_file));
    const RunPlaces places{request.options_file, request.work_dir + "/db",
                           request.work_dir, BlockCacheBytes(options)};
    if (!plan_.db.empty() && command_.has_db) {
      ROCKTUNE_RETURN_IF_ERROR(Prepare());  // nobody has opened it meanwhile
      ROCKTUNE_RETURN_IF_ERROR(CopyDatabase(plan_.db, places.db));
    }
    return RunCommand(request, places);
  }

  double ExpectedSeconds() const override { return last_s_; }
  bool LoadsEveryFamily() const override { return plan_.db_bench.empty(); }

  // An OPTIONS file does not carry them; see options_file.h.
  std::vector<Pin> Closed() const override {
    std::vector<Pin> pins =
        Denied({"row_cache.capacity", "rate_limiter.bytes_per_second",
                "write_buffer_manager.buffer_size"});
    if (command_.has_block_cache) return pins;
    for (Pin& pin : Denied({"block_cache.capacity"})) {
      pins.push_back(std::move(pin));
    }
    return pins;
  }

 private:
  // A copy of a database whose WAL lies elsewhere has none of its own, and may
  // be opened with the original's.
  absl::Status CheckWal() const {
    ROCKTUNE_ASSIGN_OR_RETURN(const OptionSet options,
                              ReadLatestOptions(plan_.db));
    const std::string& wal = options.db.wal_dir;
    std::error_code ignored;
    if (wal.empty() || fs::weakly_canonical(wal, ignored) ==
                           fs::weakly_canonical(plan_.db, ignored)) {
      return absl::OkStatus();
    }
    return absl::FailedPreconditionError(
        absl::StrCat(plan_.db, " has its write-ahead log in ", wal,
                     ", which a copy would share; give a checkpoint of it"));
  }

  absl::StatusOr<RunFigures> RunCommand(const RunRequest& request,
                                        const RunPlaces& places) {
    ChildPlan child;
    child.command = command_.Fill(places);
    child.work_dir = request.work_dir;
    child.output = request.work_dir + "/output.txt";
    child.limit = absl::Seconds(plan_.run_limit_s);
    child.stop = stop_;
    const absl::Time begin = absl::Now();
    const double patience_s = request.reference_s / kFarBehind + kGraceSeconds;
    bool talks_too_much = false;
    child.tick = [&] {
      tick_();
      std::error_code ignored;
      const uintmax_t printed = fs::file_size(child.output, ignored);
      talks_too_much = !ignored && printed > kMostPrinted;
      if (talks_too_much) return false;
      return request.reference_s <= 0 ||
             absl::Now() - begin < absl::Seconds(patience_s);
    };
    const absl::StatusOr<ChildEnd> end = RunToEnd(child);
    RunFigures run;
    run.seconds = absl::ToDoubleSeconds(absl::Now() - begin);
    if (absl::IsCancelled(end.status())) return end.status();
    const std::string tail = TailOf(child.output, kShownOutput);
    if (absl::IsUnavailable(end.status())) {
      return absl::InvalidArgumentError(std::string(end.status().message()));
    }
    if (!end.ok()) {
      run.error = absl::StrCat("no end within ", plan_.run_limit_s, " s");
    } else if (talks_too_much) {
      run.error = absl::StrCat("the command printed more than ",
                               kMostPrinted >> 20, " MiB and was ended");
    } else if (end->stopped_early) {
      run.gave_up = true;
    } else if (end->exit_code != 0) {
      if (SpeaksOfFullDisk(tail) || DiskIsFull(request.work_dir)) {
        return absl::ResourceExhaustedError(
            absl::StrCat("the disk is full; the command said: ", tail));
      }
      run.error = absl::StrCat("the command ended with ", end->how, ": ", tail);
    }
    if (!run.error.empty() || run.gave_up) return run;
    last_s_ = run.seconds;
    const std::string output = TailOf(child.output, kMostOutput);
    const absl::StatusOr<RunFigures> found = WithMetrics(output, places, run);
    // With the incumbent's options it had one.
    if (absl::IsInvalidArgument(found.status()) &&
        request.reference_score > 0) {
      run.error = std::string(found.status().message());
      return run;
    }
    return found;
  }

  absl::StatusOr<RunFigures> WithMetrics(const std::string& output,
                                         const RunPlaces& places,
                                         RunFigures run) const {
    absl::StatusOr<CommandFigures> figures =
        plan_.db_bench.empty() ? FromTemplate(output, run.seconds, places)
                               : FromDbBench(output, places);
    if (!figures.ok()) {
      const std::string tail =
          output.substr(output.size() - std::min(output.size(), kShownOutput));
      if (SpeaksOfFullDisk(tail)) return absl::ResourceExhaustedError(tail);
      return absl::InvalidArgumentError(absl::StrCat(
          std::string(figures.status().message()),
          " in what the command printed, which ended with:\n", tail));
    }
    run.throughput_ops_per_s = figures->throughput_ops_per_s;
    run.p99_us = figures->p99_us;
    run.score = run.throughput_ops_per_s;
    run.windows = std::move(figures->windows);
    return run;
  }

  absl::StatusOr<CommandFigures> FromTemplate(const std::string& output,
                                              double seconds,
                                              const RunPlaces& places) const {
    CommandFigures figures;
    ROCKTUNE_ASSIGN_OR_RETURN(const Metric throughput,
                              Metric::Parse(plan_.throughput));
    ROCKTUNE_ASSIGN_OR_RETURN(figures.throughput_ops_per_s,
                              throughput.Find(output));
    figures.windows = {WindowOfOutput(
        output, {figures.throughput_ops_per_s, seconds, CacheBytes(places)})};
    if (plan_.p99.empty()) return figures;
    ROCKTUNE_ASSIGN_OR_RETURN(const Metric p99, Metric::Parse(plan_.p99));
    ROCKTUNE_ASSIGN_OR_RETURN(const double found, p99.Find(output));
    figures.p99_us = found * plan_.p99_us_factor;
    return figures;
  }

  static uint64_t CacheBytes(const RunPlaces& places) {
    uint64_t bytes = 0;
    return absl::SimpleAtoi(places.block_cache_bytes, &bytes) ? bytes : 0;
  }

  static absl::StatusOr<CommandFigures> FromDbBench(const std::string& output,
                                                    const RunPlaces& places) {
    ROCKTUNE_ASSIGN_OR_RETURN(const DbBenchReport report,
                              ParseDbBench(output, CacheBytes(places)));
    return CommandFigures{report.ops_per_s, report.p99_us, {report.window}};
  }

  const TunePlan plan_;
  const CommandTemplate command_;
  const std::atomic<bool>* const stop_;
  const std::function<void()> tick_;
  double last_s_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Evaluator>> MakeCommandEvaluator(
    const TunePlan& plan, const std::atomic<bool>* stop,
    std::function<void()> tick) {
  CommandTemplate command;
  if (plan.db_bench.empty()) {
    ROCKTUNE_ASSIGN_OR_RETURN(command, ParseTemplate(plan.command, plan.shell));
  } else {
    command.has_db = command.has_block_cache = true;
    command.words = {"db_bench",     "--options_file={options}",
                     "--db={db}",    "--cache_size={block_cache_bytes}",
                     "--statistics", absl::StrCat("--seed=", plan.seed)};
    if (!plan.db.empty()) command.words.push_back("--use_existing_db");
    ROCKTUNE_ASSIGN_OR_RETURN(const auto words, SplitWords(plan.db_bench));
    command.words.insert(command.words.end(), words.begin(), words.end());
  }
  return std::make_unique<CommandEvaluator>(plan, std::move(command), stop,
                                            std::move(tick));
}

}  // namespace rocktune
