#include "bench/offline/fio_probe.h"

#include <filesystem>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bench/cell/cell.h"
#include "bench/cell/child_process.h"
#include "bench/demo/json_read.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

enum class Unit { kOperations, kBytes, kMicroseconds };

// One job of fio, and where its figure goes.
struct Job {
  const char* arguments;
  const char* direction;
  Unit unit;
  double DeviceFigures::*figure;
};

constexpr Job kJobs[] = {
    {"--rw=write --bs=1M --iodepth=4", "write", Unit::kBytes,
     &DeviceFigures::write_bytes_per_s},
    {"--rw=read --bs=1M --iodepth=4", "read", Unit::kBytes,
     &DeviceFigures::read_bytes_per_s},
    {"--rw=randread --bs=4k --iodepth=1", "read", Unit::kOperations,
     &DeviceFigures::read_iops_1},
    {"--rw=randread --bs=4k --iodepth=16", "read", Unit::kOperations,
     &DeviceFigures::read_iops_16},
    {"--rw=randwrite --bs=4k --iodepth=16", "write", Unit::kOperations,
     &DeviceFigures::write_iops_16},
    {"--rw=write --bs=4k --fdatasync=1", "write", Unit::kMicroseconds,
     &DeviceFigures::sync_us},
};

std::vector<std::string> CommandFor(const std::string& file,
                                    const std::string& report,
                                    absl::Duration measured) {
  const int64_t each_ms =
      absl::ToInt64Milliseconds(measured / std::size(kJobs));
  std::vector<std::string> words = {"fio",
                                    "--output-format=json",
                                    "--output=" + report,
                                    "--filename=" + file,
                                    "--size=256M",
                                    "--direct=1",
                                    "--ioengine=libaio",
                                    "--time_based",
                                    absl::StrCat("--runtime=", each_ms, "ms")};
  for (const Job& job : kJobs) {
    words.insert(words.end(), {"--name=probe", "--stonewall"});
    for (absl::string_view word : absl::StrSplit(job.arguments, ' ')) {
      words.emplace_back(word);
    }
  }
  return words;
}

absl::StatusOr<DeviceFigures> FiguresIn(const boost::json::object& report) {
  const boost::json::array& jobs = ArrayOf(report, "jobs");
  if (jobs.size() != std::size(kJobs)) {
    return absl::UnavailableError("fio: a report without all its jobs");
  }
  DeviceFigures figures;
  figures.direct = figures.by_fio = true;
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Job& job = kJobs[i];
    static const boost::json::object kNothing;
    const auto* object = jobs[i].if_object();
    const boost::json::object& side =
        ObjectOf(object != nullptr ? *object : kNothing, job.direction);
    const double rate =
        NumberOf(side, job.unit == Unit::kBytes ? "bw_bytes" : "iops");
    if (!(rate > 0)) return absl::UnavailableError("fio: a job did nothing");
    figures.*job.figure = job.unit == Unit::kMicroseconds ? 1e6 / rate : rate;
  }
  return figures;
}

}  // namespace

absl::StatusOr<DeviceFigures> ProbeWithFio(const std::string& dir,
                                           const FioTimes& times,
                                           const std::atomic<bool>* stop) {
  // Names in its own folder: fio takes a ':' in a path for the next file's.
  constexpr char kFile[] = "probe.tmp", kReport[] = "fio.json";
  const absl::Cleanup remove = [&dir, kFile, kReport] {
    std::error_code ignored;
    std::filesystem::remove(dir + "/" + kFile, ignored);
    std::filesystem::remove(dir + "/" + kReport, ignored);
  };
  ChildPlan plan;
  plan.command = CommandFor(kFile, kReport, times.measured);
  plan.work_dir = dir;
  plan.limit = times.limit;
  plan.stop = stop;
  ROCKTUNE_ASSIGN_OR_RETURN(const ChildEnd end, RunToEnd(plan));
  if (end.exit_code != 0) {
    return absl::UnavailableError(absl::StrCat("fio: ", end.how));
  }
  const auto json = ReadJsonFile(dir + "/" + kReport);
  if (!json.ok()) return absl::UnavailableError(json.status().message());
  return FiguresIn(*json);
}

}  // namespace rocktune
