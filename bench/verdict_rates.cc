// rocktune-verdict-rates: how often a trial on a real RocksDB under load keeps
// what cannot matter, and how often it catches planted harm. See
// bench/README.md.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/demo/summary.h"
#include "bench/verdict_host.h"
#include "bench/verdict_phases.h"
#include "bench/verdict_tally.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

struct Arguments {
  std::string db = "build/verdict-rates-data";
  std::string json;
  int aa = 200;
  int planted = 50;
};

std::atomic<bool> stop{false};

void Stop(int) { stop = true; }

void PrintSettings(const Arguments& arguments) {
  const Config config = VerdictConfigOf("");
  std::printf(
      "%d trials whose candidate cannot matter, %d with planted harm; mode "
      "approve\nwindow %lld ms, baseline %lld s, one way %lld s, settle %lld "
      "to "
      "%lld s, measure %lld to %lld s,\nprobation %lld s, cool-down %lld s, %d "
      "option calls an hour, gains from %.0f %%\n",
      arguments.aa, arguments.planted,
      static_cast<long long>(config.window.count()),
      static_cast<long long>(config.baseline.count()),
      static_cast<long long>(config.one_way_baseline.count()),
      static_cast<long long>(config.settle.count()),
      static_cast<long long>(config.settle_max.count()),
      static_cast<long long>(config.measure_min.count()),
      static_cast<long long>(config.measure_max.count()),
      static_cast<long long>(config.probation.count()),
      static_cast<long long>(config.cool_down.count()),
      config.option_writes_per_hour, 100 * config.min_effect);
  std::fflush(stdout);
}

void PrintRow(int number, const VerdictRow& row, const VerdictTally& tally) {
  std::printf("%3d  %-52s %-12s %-12s %-10s %+6.1f %% %5.1f s  %s%s\n", number,
              row.candidate.c_str(), row.design.c_str(), row.verdict.c_str(),
              row.ended.c_str(), 100 * row.effect, row.seconds,
              tally.RunningCount().c_str(),
              row.restored ? "" : "  NOT RESTORED");
  std::fflush(stdout);
}

absl::Status RunPhase(const VerdictPhase& phase, const std::string& dir,
                      int count, int* number, VerdictTally* tally) {
  if (count <= 0) return absl::OkStatus();
  std::printf("\n%s: %llu keys of %zu bytes, %d threads, mix %d/%d/%d\n",
              phase.name.c_str(),
              static_cast<unsigned long long>(phase.load.keys),
              phase.load.value_bytes, phase.load.threads, phase.mix.get,
              phase.mix.put, phase.mix.scan);
  std::fflush(stdout);
  std::filesystem::create_directories(dir);
  ROCKTUNE_ASSIGN_OR_RETURN(const std::unique_ptr<VerdictHost> host,
                            VerdictHost::Start(dir, phase, &stop));
  if (phase.planted) {
    ROCKTUNE_ASSIGN_OR_RETURN(const HarmFigures harm,
                              host->MeasureHarm(phase.candidates[0]));
    std::printf(
        "without rocktune: %.0f ops/s, with it %.0f (%+.0f %%), after it "
        "%.0f\n",
        harm.before_ops_per_s, harm.with_ops_per_s,
        100 * (harm.with_ops_per_s / harm.before_ops_per_s - 1),
        harm.after_ops_per_s);
    std::fflush(stdout);
  }
  ROCKTUNE_RETURN_IF_ERROR(host->Attach());
  for (int i = 0; i < count; ++i) {
    const Candidate& candidate =
        phase.candidates[static_cast<size_t>(i) % phase.candidates.size()];
    ROCKTUNE_ASSIGN_OR_RETURN(const VerdictRow row, host->Try(candidate));
    tally->Add(phase, row);
    PrintRow(++*number, row, *tally);
  }
  return absl::OkStatus();
}

absl::Status RunAll(const Arguments& arguments, const std::string& dir,
                    VerdictTally* tally) {
  int number = 0;
  const std::vector<VerdictPhase> planted = PlantedPhases();
  const int kinds = static_cast<int>(planted.size());
  for (int i = 0; i < kinds; ++i) {
    const int count = (arguments.planted + kinds - 1 - i) / kinds;
    ROCKTUNE_RETURN_IF_ERROR(RunPhase(planted[static_cast<size_t>(i)],
                                      absl::StrCat(dir, "/", i), count, &number,
                                      tally));
  }
  return RunPhase(NoOpPhase(), dir + "/aa", arguments.aa, &number, tally);
}

int Main(const Arguments& arguments) {
  std::signal(SIGINT, Stop);
  std::signal(SIGTERM, Stop);
  PrintSettings(arguments);
  const std::string dir = absl::StrCat(arguments.db, ".", ::getpid());
  VerdictTally tally;
  absl::Status status = RunAll(arguments, dir, &tally);
  std::error_code error;
  std::filesystem::remove_all(dir, error);
  std::printf("%s", tally.Table().c_str());
  if (absl::IsCancelled(status)) status = absl::OkStatus();
  if (status.ok() && !arguments.json.empty()) {
    status =
        WriteFile(arguments.json, boost::json::serialize(tally.Json()) + "\n");
  }
  if (!status.ok()) {
    std::fprintf(stderr, "rocktune-verdict-rates: %s\n",
                 std::string(status.message()).c_str());
    return 1;
  }
  return tally.Missed() ? 1 : 0;
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) {
  rocktune::Arguments arguments;
  CLI::App app("Error rates of trials on a real RocksDB under load");
  app.add_option("--aa", arguments.aa, "trials of what cannot matter")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  app.add_option("--planted", arguments.planted, "trials of planted harm")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  app.add_option("--db", arguments.db, "where databases may be made")
      ->capture_default_str();
  app.add_option("--json", arguments.json, "write the figures to this file");
  CLI11_PARSE(app, argc, argv);
  return rocktune::Main(arguments);
}
