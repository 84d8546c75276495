// rocktune-bench: contestants compared on workloads and emulated devices.
#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include "bench/cell/cell_run.h"
#include "bench/compare/compare.h"
#include "bench/contestants/contestant.h"
#include "bench/demo/console.h"
#include "bench/demo/summary.h"
#include "bench/device/device.h"
#include "bench/report/online_run_svg.h"
#include "bench/workload/workload.h"
#include "policy/number_text.h"

namespace rocktune {
namespace {

std::atomic<bool> stopped{false};

int Failed(const absl::Status& status) {
  std::fprintf(stderr, "rocktune-bench: %s\n",
               std::string(status.message()).c_str());
  return absl::IsCancelled(status) ? 130 : 1;
}

// What the words on the command line cannot be put into directly.
struct Words {
  std::string data;
  std::string memory;
  std::string out = "rocktune-bench-out";
  bool quick = false;
  int evaluations = 200;
  std::string command;  // all words
};

absl::Status ReadBytes(const std::string& text, const char* option,
                       uint64_t* bytes) {
  if (text.empty()) return absl::OkStatus();
  const auto number = ReadWholeNumber(text, OptionUnit::kBytes);
  if (!number.ok() || number->negative) {
    return absl::InvalidArgumentError(std::string(option) + " \"" + text +
                                      "\" is no size; write 512MiB");
  }
  *bytes = number->magnitude;
  return absl::OkStatus();
}

// The plan that --quick or nothing stands for, with what was said beside it.
ComparePlan Over(const ComparePlan& base, const ComparePlan& said) {
  ComparePlan plan = base;
  if (!said.contestants.empty()) plan.contestants = said.contestants;
  if (!said.workloads.empty()) plan.workloads = said.workloads;
  if (!said.devices.empty()) plan.devices = said.devices;
  if (!said.seeds.empty()) plan.seeds = said.seeds;
  if (said.run_s > 0) plan.run_s = said.run_s;
  if (said.tail_s > 0) plan.tail_s = said.tail_s;
  if (said.warm_s > 0) plan.warm_s = said.warm_s;
  if (said.budget.trial_s > 0) plan.budget.trial_s = said.budget.trial_s;
  if (said.budget.cores > 0) plan.budget.cores = said.budget.cores;
  plan.model = said.model;
  plan.oracle_dir = said.oracle_dir;
  return plan;
}

enum class What { kCompare, kOracle };

int Run(What what, const ComparePlan& said, const Words& words) {
  ComparePlan plan = Over(words.quick ? QuickPlan() : FullPlan(), said);
  if (auto s = ReadBytes(words.data, "--data", &plan.data_bytes); !s.ok()) {
    return Failed(s);
  }
  if (auto s = ReadBytes(words.memory, "--memory", &plan.budget.memory_bytes);
      !s.ok()) {
    return Failed(s);
  }
  Console console;
  MatrixRun run;
  run.program = std::filesystem::read_symlink("/proc/self/exe");
  run.dir = std::filesystem::absolute(words.out);
  run.stop = &stopped;
  run.say = [&](const std::string& line, bool final) {
    final ? console.Line(line) : console.Live(line);
  };
  run.command = words.command;
  const absl::Status status = what == What::kCompare
                                  ? Compare(plan, run)
                                  : MakeOracles(plan, words.evaluations, run);
  if (absl::IsCancelled(status)) {
    console.Line("interrupted; the same command goes on from here");
  }
  return status.ok() ? 0 : Failed(status);
}

int List() {
  std::printf("contestants\n");
  for (const ContestantRow& row : ContestantTable()) {
    std::printf("  %-16s %s\n", std::string(row.name).c_str(),
                std::string(row.meaning).c_str());
  }
  std::printf("workloads\n");
  for (const std::string& name : WorkloadNames()) {
    std::printf("  %-22s %s\n", name.c_str(),
                FindWorkload(name)->meaning.c_str());
  }
  std::printf("devices\n");
  for (const std::string& name : DeviceNames()) {
    std::printf("  %-16s %s\n", name.c_str(), FindDevice(name)->source.c_str());
  }
  return 0;
}

int Plot(const std::string& cell, const std::string& svg) {
  absl::StatusOr<boost::json::object> json = ReadJsonFile(cell);
  if (!json.ok()) return Failed(json.status());
  absl::StatusOr<CellResult> result = CellResultFromJson(*json);
  if (!result.ok()) return Failed(result.status());
  absl::StatusOr<std::string> picture = OnlineRunSvg(*result);
  if (!picture.ok()) return Failed(picture.status());
  const absl::Status status = WriteFile(svg, *picture);
  return status.ok() ? 0 : Failed(status);
}

// What a comparison and a search for the oracle share.
void AddPlaces(CLI::App* app, ComparePlan* plan, Words* words) {
  app->add_option("--workloads", plan->workloads, "names or *.toml")
      ->delimiter(',');
  app->add_option("--devices", plan->devices, "names, see list")
      ->delimiter(',');
  app->add_option("--seeds", plan->seeds)->delimiter(',');
  app->add_option("--cores", plan->budget.cores, "for background jobs");
  app->add_option("--data", words->data, "size of the data, 512MiB");
  app->add_option("--memory", words->memory,
                  "for caches, write buffers and table readers, 128MiB");
  app->add_option("--oracle", plan->oracle_dir,
                  "the folder with the results of `rocktune-bench oracle`");
  app->add_option("--out", words->out,
                  "results; an interrupted run of the same folder goes on")
      ->capture_default_str();
  app->add_flag("--quick", words->quick, "a small matrix, ten minutes");
}

void AddCompare(CLI::App* compare, ComparePlan* plan, Words* words) {
  AddPlaces(compare, plan, words);
  compare->add_option("--contestants", plan->contestants, "names, see list")
      ->delimiter(',');
  compare->add_option("--run", plan->run_s, "seconds measured in a cell");
  compare->add_option("--tail", plan->tail_s, "of these, the last, judged");
  compare->add_option("--warm", plan->warm_s, "seconds before");
  compare->add_option("--trial", plan->budget.trial_s,
                      "seconds of one evaluation of a search");
  compare->add_option("--provider", plan->model.provider, "of rocktune-model");
  compare->add_option("--model", plan->model.model);
  compare->add_option("--provider-url", plan->model.base_url);
  compare->add_option("--replay", plan->model.replay, "a recording");
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) {
  using namespace rocktune;
  CLI::App app("Compares what tuners make of a RocksDB", "rocktune-bench");
  app.require_subcommand(1);
  ComparePlan plan;
  plan.seeds.clear();
  plan.warm_s = plan.run_s = plan.tail_s = 0;
  plan.budget.trial_s = 0;
  plan.budget.cores = 0;
  Words words;
  CLI::App* compare = app.add_subcommand(
      "compare", "contestants x workloads x devices x seeds, in one run");
  AddCompare(compare, &plan, &words);
  CLI::App* oracle = app.add_subcommand(
      "oracle", "the best static values, by broad search; hours");
  AddPlaces(oracle, &plan, &words);
  oracle->get_option("--oracle")->required();
  oracle
      ->add_option("--evaluations", words.evaluations, "for each of the places")
      ->capture_default_str()
      ->check(CLI::Range(3, 100'000));
  CLI::App* list =
      app.add_subcommand("list", "contestants, workloads and devices");
  std::string spec, result;
  CLI::App* cell = app.add_subcommand("cell", "one cell; compare runs it");
  cell->add_option("spec", spec)->required();
  cell->add_option("result", result)->required();
  std::string plotted, svg;
  CLI::App* plot = app.add_subcommand("plot", "one cell's run as a picture");
  plot->add_option("cell", plotted, "a file of cells/ of a comparison")
      ->required();
  plot->add_option("--svg", svg, "the file to write")->required();
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error
  std::signal(SIGINT, [](int) { stopped = true; });
  std::signal(SIGTERM, [](int) { stopped = true; });
  if (std::signal(SIGHUP, SIG_IGN) != SIG_IGN) {  // not under nohup
    std::signal(SIGHUP, [](int) { stopped = true; });
  }
  for (int i = 0; i < argc; ++i) {
    words.command +=
        (i > 0 ? " " : "") + (i > 0 ? std::string(argv[i]) : "rocktune-bench");
  }
  if (compare->parsed()) return Run(What::kCompare, plan, words);
  if (oracle->parsed()) return Run(What::kOracle, plan, words);
  if (list->parsed()) return List();
  if (plot->parsed()) return Plot(plotted, svg);
  const absl::Status status = CellMain(spec, result, &stopped);
  return status.ok() ? 0 : Failed(status);
}
