// rocktune-device-fidelity: what the emulated devices give on this machine
// against what their profiles promise. See bench/README.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/device/fidelity.h"

namespace rocktune {
namespace {

constexpr double kWanted = 0.05;

struct Arguments {
  FidelityPlan plan;
  std::vector<std::string> devices;
  std::string json;
};

std::string NameOf(const ClosedLoop& loop) {
  return absl::StrCat(loop.sequential ? "sequential " : "random ",
                      loop.op == DeviceOp::kRead ? "read" : "write",
                      loop.bytes == 4096 ? " 4k" : " 1M");
}

void PrintRow(const std::string& device, const FidelityCell& cell) {
  absl::PrintF(
      "%-12s %-19s %5d %9.0f %+6.1f%% %8.1f %9.0f %+6.1f%% %9.0f %+6.1f%% "
      "%5.2f\n",
      device, NameOf(cell.loop), cell.loop.depth, cell.measured.iops,
      100 * cell.IopsOff(), cell.measured.bytes_per_s / 1e6,
      cell.measured.us_p50, 100 * cell.P50Off(), cell.measured.us_p99,
      100 * cell.P99Off(), cell.cores);
  std::fflush(stdout);
}

boost::json::object ToJson(const std::string& device,
                           const FidelityCell& cell) {
  return {{"device", device},
          {"load", NameOf(cell.loop)},
          {"depth", cell.loop.depth},
          {"operations", cell.loop.operations},
          {"iops", cell.measured.iops},
          {"iops_promised", cell.promised_iops},
          {"bytes_per_s", cell.measured.bytes_per_s},
          {"latency_us_p50", cell.measured.us_p50},
          {"latency_us_p50_expected", cell.expected.us_p50},
          {"latency_us_p99", cell.measured.us_p99},
          {"latency_us_p99_expected", cell.expected.us_p99},
          {"cores", cell.cores}};
}

// How many of the cells have `off` within what is wanted.
int Within(const std::vector<FidelityCell>& cells,
           double (FidelityCell::*off)() const) {
  return static_cast<int>(
      std::count_if(cells.begin(), cells.end(), [off](const FidelityCell& c) {
        return std::abs((c.*off)()) <= kWanted;
      }));
}

absl::Status WriteJson(const std::string& path, const Arguments& arguments,
                       const boost::json::array& rows) {
  const boost::json::object document = {
      {"seconds", arguments.plan.seconds},
      {"least_operations", arguments.plan.least_operations},
      {"seed", arguments.plan.seed},
      {"cells", rows}};
  std::ofstream out(path);
  out << boost::json::serialize(document) << "\n";
  out.close();
  if (out.fail()) {
    return absl::UnavailableError(absl::StrCat(
        "cannot write ", path, "; is its folder there and writable?"));
  }
  return absl::OkStatus();
}

absl::Status MeasureAll(const Arguments& arguments) {
  absl::PrintF("%-12s %-19s %5s %9s %7s %8s %9s %7s %9s %7s %5s\n", "device",
               "load", "depth", "IOPS", "off", "MB/s", "p50 us", "off",
               "p99 us", "off", "cores");
  std::vector<FidelityCell> cells;
  boost::json::array rows;
  for (const std::string& name : arguments.devices) {
    const absl::StatusOr<DeviceProfile> profile = FindDevice(name);
    if (!profile.ok()) return profile.status();
    if (!IsEmulated(*profile)) continue;
    for (const ClosedLoop& loop : FidelityLoops()) {
      const absl::StatusOr<FidelityCell> cell =
          MeasureFidelity(*profile, loop, arguments.plan);
      if (!cell.ok()) return cell.status();
      PrintRow(name, *cell);
      cells.push_back(*cell);
      rows.push_back(ToJson(name, *cell));
    }
  }
  absl::PrintF(
      "within %.0f %% of the profile, of %d: IOPS and bandwidth %d, p50 %d, "
      "p99 %d\n",
      100 * kWanted, cells.size(), Within(cells, &FidelityCell::IopsOff),
      Within(cells, &FidelityCell::P50Off),
      Within(cells, &FidelityCell::P99Off));
  if (arguments.json.empty()) return absl::OkStatus();
  return WriteJson(arguments.json, arguments, rows);
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) {
  rocktune::Arguments arguments;
  arguments.devices = rocktune::DeviceNames();
  CLI::App app("What emulated devices give here against what they promise");
  app.add_option("--device", arguments.devices, "which; all without");
  app.add_option("--seconds", arguments.plan.seconds, "of each cell")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_option("--least-operations", arguments.plan.least_operations,
                 "of each cell, however long they take")
      ->check(CLI::Range(8, 1'000'000))
      ->capture_default_str();
  app.add_option("--folder", arguments.plan.folder,
                 "for a file of 256 MiB; in memory, or this machine's disk is "
                 "measured too")
      ->capture_default_str();
  app.add_option("--seed", arguments.plan.seed)->capture_default_str();
  app.add_option("--json", arguments.json, "write the figures to this file");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = rocktune::MeasureAll(arguments);
  if (status.ok()) return 0;
  std::fprintf(stderr, "rocktune-device-fidelity: %s\n",
               std::string(status.message()).c_str());
  return 1;
}
