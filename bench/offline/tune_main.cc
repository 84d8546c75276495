// rocktune-tune: from an OPTIONS file to a better one, offline.
#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bench/cell/cell_run.h"
#include "bench/demo/console.h"
#include "bench/offline/tune.h"
#include "bench/offline/tune_plan.h"
#include "policy/number_text.h"

namespace rocktune {
namespace {

std::atomic<bool> stopped{false};

// In order at the first one, at once at the second.
void WatchSignals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stopped = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  struct sigaction before {};
  ::sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) ::sigaction(SIGHUP, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error like others
}

int Failed(const absl::Status& status) {
  std::fprintf(stderr, "rocktune-tune: %s\n",
               std::string(status.message()).c_str());
  if (absl::IsCancelled(status)) {
    std::fprintf(stderr, "the same command goes on from here\n");
    return 130;
  }
  if (absl::IsResourceExhausted(status)) {
    std::fprintf(stderr, "make room; the same command goes on from here\n");
  }
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) ? 2 : 1;
}

// What the words on the command line cannot be put into directly.
struct Words {
  std::string data, memory, time;
  bool no_probe = false;
};

absl::Status ReadNumber(const std::string& text, const char* option,
                        OptionUnit unit, uint64_t* number) {
  if (text.empty()) return absl::OkStatus();
  const auto read = ReadWholeNumber(text, unit);
  if (!read.ok() || read->negative) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, " \"", text, "\": ",
                     read.ok() ? "must not be negative"
                               : std::string(read.status().message())));
  }
  *number = read->magnitude;
  return absl::OkStatus();
}

absl::Status Complete(const Words& words, TunePlan* plan) {
  if (auto s = ReadNumber(words.data, "--data", OptionUnit::kBytes,
                          &plan->data_bytes);
      !s.ok()) {
    return s;
  }
  if (auto s = ReadNumber(words.memory, "--memory", OptionUnit::kBytes,
                          &plan->memory_bytes);
      !s.ok()) {
    return s;
  }
  uint64_t time_s = 0;
  if (auto s = ReadNumber(words.time, "--time", OptionUnit::kSeconds, &time_s);
      !s.ok()) {
    return s;
  }
  plan->time_s = static_cast<double>(time_s);
  plan->probe = !words.no_probe;
  const auto absolute = [](std::string* path) {
    if (path->empty()) return;
    *path = std::filesystem::absolute(*path).lexically_normal();
    while (path->size() > 1 && path->back() == '/') path->pop_back();
  };
  absolute(&plan->out);
  absolute(&plan->options_file);
  absolute(&plan->db);
  if (absl::EndsWith(plan->workload, ".toml")) absolute(&plan->workload);
  return absl::OkStatus();
}

void DeclareStart(CLI::App* app, TunePlan* plan) {
  app->add_option("--options", plan->options_file,
                  "an OPTIONS file to start from (default: RocksDB's "
                  "defaults)");
  app->add_option("--db", plan->db,
                  "a database: its newest OPTIONS file; it is read, and copied "
                  "where a command wants {db}, never opened");
  app->add_option("--out", plan->out,
                  "the directory for results; a run that was interrupted goes "
                  "on from there")
      ->required();
}

void DeclareMeasure(CLI::App* app, TunePlan* plan, Words* words) {
  app->add_option("--workload", plan->workload,
                  "a built-in load (rocktune bench list) or a phases.toml");
  app->add_option("--command", plan->command,
                  "a benchmark of your own, with {options} and, as it likes, "
                  "{db}, {dir}, {block_cache_bytes}");
  app->add_option("--db-bench", plan->db_bench,
                  "arguments of db_bench, as "
                  "\"--benchmarks=fillrandom,readrandom --num=1000000\"");
  app->add_option("--throughput", plan->throughput,
                  "where the command prints operations per second: a regular "
                  "expression with one group, or a JSON pointer");
  app->add_option("--p99", plan->p99, "the same for its p99 latency");
  app->add_option("--p99-us-factor", plan->p99_us_factor,
                  "microseconds in its unit, 1000 for ms");
  app->add_flag("--shell", plan->shell, "give the command to /bin/sh");
  app->add_option("--run-limit", plan->run_limit_s,
                  "seconds that a run of a command may take")
      ->capture_default_str();
  app->add_option("--device", plan->device,
                  "of a workload: auto (this machine's) or an emulated one "
                  "(rocktune bench list)")
      ->capture_default_str();
  app->add_option("--data", words->data, "size of its data, 512MiB");
  app->add_option("--warm", plan->warm_s, "seconds before it counts")
      ->capture_default_str();
  app->add_option("--run", plan->run_s, "seconds it counts")
      ->capture_default_str();
  app->add_flag("--no-probe", words->no_probe, "do not look at the device");
}

void DeclareLoop(CLI::App* app, TunePlan* plan, Words* words) {
  app->add_option("--iterations", plan->iterations)->capture_default_str();
  app->add_option("--pairs", plan->max_pairs,
                  "most pairs of runs in a comparison, 3 at least")
      ->capture_default_str();
  app->add_option("--time", words->time, "of all runs together, 2h");
  app->add_option("--memory", words->memory,
                  "for caches, write buffers and table readers (default: half "
                  "a workload's data, at least 192MiB; else half the "
                  "machine's)");
  app->add_option("--seed", plan->seed)->capture_default_str();
  app->add_flag("--thin", plan->thin,
                "measure each option that was kept with others by taking it "
                "back, and drop what carries nothing");
  app->add_option("--advisor", plan->advisor, "expert, llm or replay")
      ->check(CLI::IsMember({"expert", "llm", "replay"}))
      ->capture_default_str();
  app->add_option("--provider", plan->provider, "of the model");
  app->add_option("--provider-url", plan->provider_url,
                  "default: the provider's");
  app->add_option("--model", plan->model);
  app->add_option("--key-file", plan->key_file,
                  "default: the provider's environment variable");
  app->add_option("--tokens", plan->tokens,
                  "of a model, in all; then the expert goes on")
      ->capture_default_str();
  app->add_option("--record", plan->record, "a folder for every exchange");
  app->add_option("--replay", plan->replay, "a folder with a recording");
}

int RunTune(TunePlan plan, const Words& words) {
  if (auto s = Complete(words, &plan); !s.ok()) return Failed(s);
  const std::filesystem::path self =
      std::filesystem::read_symlink("/proc/self/exe");
  Console console;
  TuneRun run;
  run.program = self;
  run.try_options = self.parent_path() / "rocktune-try-options";
  run.stop = &stopped;
  run.say = [&](const std::string& line, bool final) {
    final ? console.Line(line) : console.Live(line);
    std::fflush(stdout);
  };
  const absl::Status status = Tune(plan, run);
  if (!status.ok()) return Failed(status);
  console.Line(
      "OPTIONS, report.html, diff.md, set_options.txt and result.json are in " +
      plan.out);
  return 0;
}

int RunCellMain(char** argv) {
  const absl::Status status = CellMain(argv[2], argv[3], &stopped);
  return status.ok() ? 0 : Failed(status);
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) {
  using namespace rocktune;
  WatchSignals();
  // What the loop starts as its child.
  if (argc == 4 && std::string(argv[1]) == "cell") return RunCellMain(argv);
  CLI::App app("From an OPTIONS file to a better one, by runs of a benchmark",
               "rocktune tune");
  TunePlan plan;
  Words words;
  DeclareStart(&app, &plan);
  DeclareMeasure(&app, &plan, &words);
  DeclareLoop(&app, &plan, &words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return RunTune(std::move(plan), words);
}
