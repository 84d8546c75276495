// rocktune-scale: what rocktune costs a process with many column families or
// many databases.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bench/demo/console.h"
#include "bench/demo/summary.h"
#include "bench/scale/scale.h"
#include "hooks/host_facts.h"
#include "policy/status_macros.h"

namespace rocktune::bench {
namespace {

constexpr int kMost = 1000;  // databases, families

// "8x1": eight databases of one family each.
absl::StatusOr<FleetShape> ParseShape(const std::string& text) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('x', 1));
  FleetShape shape;
  if (!absl::SimpleAtoi(parts.first, &shape.databases) ||
      !absl::SimpleAtoi(parts.second, &shape.families) || shape.databases < 1 ||
      shape.databases > kMost || shape.families < 1 || shape.families > kMost) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" is no shape: 8x1 is eight databases of one family"));
  }
  return shape;
}

constexpr double kMib = 1 << 20;

boost::json::object Cpu(const TunerCpu& cpu) {
  return {{"loop_ms_per_s", cpu.loop_ms},
          {"worker_ms_per_s", cpu.worker_ms},
          {"applier_ms_per_s", cpu.applier_ms}};
}

boost::json::object Latency(const WriteLatency& latency) {
  return {{"p50_us", latency.p50_us}, {"p99_us", latency.p99_us}};
}

boost::json::object ToJson(const ScaleFigures& f) {
  return {{"databases", f.shape.databases},
          {"families", f.shape.families},
          {"attach_ms", f.attach_ms},
          {"detach_ms", f.detach_ms},
          {"instrument_bytes", f.instrument_bytes},
          {"attached_bytes", f.attached_bytes},
          {"observing", Cpu(f.observing)},
          {"idle", Cpu(f.idle)},
          {"write_without", Latency(f.without)},
          {"write_with", Latency(f.with)},
          {"write_p50_ratio", f.p50_ratio},
          {"write_p99_ratio", f.p99_ratio},
          {"one_family_ms", f.one_family_ms},
          {"one_family_ms_max", f.one_family_ms_max},
          {"all_families_ms", f.all_families_ms}};
}

constexpr const char* kHead[] = {
    "Tuner CPU in ms per s: all = loop + worker + applier threads. MiB: heap "
    "of Instrument()",
    "+ of the attached tuner. Writes: p50 / p99 in us. Option writes: one "
    "family, median (max);",
    "every family of one database at once.",
    "",
    "| databases x families | attach ms | detach ms | MiB | CPU, observe under "
    "load | CPU, auto while idle | writes without | with | ratio | 1 family ms "
    "| all ms |",
    "|---|---|---|---|---|---|---|---|---|---|---|"};

std::string Row(const ScaleFigures& f) {
  char line[400];
  std::snprintf(
      line, sizeof(line),
      "| %d x %d | %.1f | %.1f | %.1f + %.1f | %.2f = %.2f + %.2f + %.2f | "
      "%.2f = %.2f + %.2f + %.2f | %.1f / %.0f | %.1f / %.0f | %.2f / %.2f | "
      "%.1f (%.1f) | %.0f |",
      f.shape.databases, f.shape.families, f.attach_ms, f.detach_ms,
      static_cast<double>(f.instrument_bytes) / kMib,
      static_cast<double>(f.attached_bytes) / kMib, f.observing.Total(),
      f.observing.loop_ms, f.observing.worker_ms, f.observing.applier_ms,
      f.idle.Total(), f.idle.loop_ms, f.idle.worker_ms, f.idle.applier_ms,
      f.without.p50_us, f.without.p99_us, f.with.p50_us, f.with.p99_us,
      f.p50_ratio, f.p99_ratio, f.one_family_ms, f.one_family_ms_max,
      f.all_families_ms);
  return line;
}

absl::Status Run(const ScalePlan& plan, const std::vector<std::string>& shapes,
                 const std::string& json) {
  Console console;
  for (const char* line : kHead) console.Line(line);
  boost::json::array rows;
  for (const std::string& text : shapes) {
    ROCKTUNE_ASSIGN_OR_RETURN(const FleetShape shape, ParseShape(text));
    const absl::StatusOr<ScaleFigures> figures = MeasureScale(
        plan, shape, [&](const std::string& line) { console.Live(line); });
    if (!figures.ok()) return figures.status();
    console.Line(Row(*figures));
    rows.push_back(ToJson(*figures));
  }
  if (json.empty()) return absl::OkStatus();
  const HostFacts host = ReadHostFacts(plan.folder);
  const boost::json::object all = {
      {"machine",
       boost::json::object{{"cores", host.cores},
                           {"memory_bytes", host.UsableMemoryBytes()},
                           {"filesystem", host.filesystem.c_str()},
                           {"rocksdb", host.rocksdb_version.c_str()}}},
      {"pairs", plan.pairs},
      {"block_s", plan.block_s},
      {"shapes", std::move(rows)}};
  return WriteFile(json, boost::json::serialize(all) + "\n");
}

}  // namespace
}  // namespace rocktune::bench

int main(int argc, char** argv) {
  using namespace rocktune::bench;
  CLI::App app(
      "What rocktune costs a process with many column families or "
      "databases",
      "rocktune-scale");
  ScalePlan plan;
  std::string json;
  std::vector<std::string> shapes = {"1x1", "1x10", "1x200", "8x1", "64x1"};
  plan.folder = "/dev/shm";
  app.add_option("--shapes", shapes, "databases x families of each")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option(
         "--folder", plan.folder,
         "where the databases are made; option writes wait for its disk")
      ->capture_default_str();
  app.add_option("--pairs", plan.pairs, "blocks with and without")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--block", plan.block_s, "seconds of a block")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_option("--idle", plan.idle_s, "seconds idle")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_option("--json", json, "a file for the figures");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(plan, shapes, json);
  if (status.ok()) return 0;
  std::fprintf(stderr, "rocktune-scale: %s\n",
               std::string(status.message()).c_str());
  return 1;
}
