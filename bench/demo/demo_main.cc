// rocktune-demo: a RocksDB service under load, tuned while you watch.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/demo/demo.h"
#include "bench/demo/report_html.h"
#include "bench/demo/summary.h"
#include "bench/demo/work_dir.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string db = "build/demo-data";
  std::string json;
  std::string html;  // empty: beside the JSON, or build/demo-report.html
  int seconds = 150;
  uint64_t keys = 2'000'000;
  int value_bytes = 32;
  int threads = 2;
  std::string advisor = "expert";
  std::string provider = "custom";
  std::string provider_url;
  std::string provider_ca;
  std::string model = "default";
};

std::atomic<bool> stop{false};

void OnSignal(int /*signal*/) { stop = true; }

// Ctrl-C ends the demo in order: the service stops, the data are removed. A
// second one ends it at once.
void WatchSignals() {
  struct sigaction action {};
  action.sa_handler = OnSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

std::string ServicePath() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return (self.parent_path() / "rocktune-demo-service").string();
}

// Data, their copy while compactions run, and the log.
uint64_t NeededBytes(const Arguments& arguments) {
  const uint64_t data =
      arguments.keys * (20 + static_cast<uint64_t>(arguments.value_bytes));
  return 3 * data + (512ULL << 20);
}

std::string HtmlPath(const Arguments& arguments) {
  if (!arguments.html.empty()) return arguments.html;
  if (arguments.json.empty()) return "build/demo-report.html";
  return fs::path(arguments.json).replace_extension(".html").string();
}

absl::Status RunStory(const Arguments& arguments, Console* console,
                      DemoRecord* record) {
  absl::StatusOr<std::unique_ptr<WorkDir>> dir =
      WorkDir::Make(arguments.db, NeededBytes(arguments));
  if (!dir.ok()) return dir.status();
  DemoPlan plan;
  plan.tuning = absl::Seconds(arguments.seconds);
  plan.service = {ServicePath(),
                  "--db",
                  (*dir)->db(),
                  "--state",
                  (*dir)->state(),
                  "--keys",
                  absl::StrCat(arguments.keys),
                  "--value-bytes",
                  absl::StrCat(arguments.value_bytes),
                  "--threads",
                  absl::StrCat(arguments.threads)};
  if (arguments.advisor == "llm") {
    plan.service.insert(plan.service.end(),
                        {"--provider", arguments.provider, "--provider-url",
                         arguments.provider_url, "--provider-ca",
                         arguments.provider_ca, "--model", arguments.model});
    plan.asks_a_model = true;
    plan.advisor = absl::StrCat("the built-in expert, and ", arguments.provider,
                                "'s model ", arguments.model);
  }
  record->load = absl::StrCat(
      WithCommas(static_cast<double>(arguments.keys)), " keys of ",
      arguments.value_bytes, " bytes, ", arguments.threads,
      " clients without pause: 95 % reads, 4 % writes, 1 % short scans, "
      "Zipf-skewed; direct I/O where the file system has it.");
  console->Line(record->load);
  return Demo(std::move(plan), console, record, &stop).Run();
}

absl::Status WriteResults(const Arguments& arguments, const DemoRecord& record,
                          Console* console) {
  const std::string html = HtmlPath(arguments);
  absl::Status status = WriteFile(html, ReportHtml(record));
  if (!status.ok()) return status;
  std::error_code error;
  console->Line("");
  console->Line("Report: " + fs::absolute(html, error).string());
  if (arguments.json.empty()) return status;
  return WriteFile(arguments.json,
                   boost::json::serialize(SummaryJson(record)) + "\n");
}

int Main(const Arguments& arguments) {
  WatchSignals();
  DemoRecord record;
  absl::Status status;
  {
    Console console;
    status = RunStory(arguments, &console, &record);
    if (status.ok()) {
      console.Heading("Summary");
      for (const std::string& line : SummaryTable(record)) console.Line(line);
      status = WriteResults(arguments, record, &console);
    }
  }
  if (status.ok()) return 0;
  std::fprintf(stderr, "rocktune-demo: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) {
  rocktune::Arguments arguments;
  CLI::App app("A RocksDB service under load, tuned while you watch");
  app.add_option("--seconds", arguments.seconds, "at most, for tuning")
      ->check(CLI::Range(20, 3600))
      ->capture_default_str();
  app.add_option("--json", arguments.json, "write the figures to this file");
  app.add_option("--html", arguments.html, "write the report to this file");
  app.add_option("--db", arguments.db, "directory for the data, removed after")
      ->capture_default_str();
  app.add_option("--keys", arguments.keys)
      ->check(CLI::Range(uint64_t{10'000}, uint64_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--value-bytes", arguments.value_bytes)
      ->check(CLI::Range(16, 65536))
      ->capture_default_str();
  app.add_option("--threads", arguments.threads)
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--advisor", arguments.advisor,
                 "expert, or llm: a model is asked beside it")
      ->check(CLI::IsMember({"expert", "llm"}))
      ->capture_default_str();
  app.add_option("--provider", arguments.provider, "of the model")
      ->capture_default_str();
  app.add_option("--provider-url", arguments.provider_url,
                 "default: the provider's; the key comes from its environment "
                 "variable");
  app.add_option("--provider-ca", arguments.provider_ca,
                 "trust this PEM file instead of the system's authorities");
  app.add_option("--model", arguments.model)->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return rocktune::Main(arguments);
}
