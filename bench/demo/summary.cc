#include "bench/demo/summary.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace rocktune {
namespace {

using boost::json::object;

object FiguresJson(const PhaseFigures& figures) {
  return object{{"throughput_ops_per_s", figures.throughput_ops_per_s},
                {"read_p99_us", figures.read_p99_us},
                {"write_p99_us", figures.write_p99_us}};
}

int QuestionsIn(const DemoRecord& record) {
  return static_cast<int>(std::count_if(
      record.advice.begin(), record.advice.end(), [](const AdviceLine& line) {
        return !line.refused && absl::StartsWith(line.text, "asked");
      }));
}

std::string FiguresRow(const char* name, const PhaseFigures& figures) {
  return absl::StrFormat(
      "  %-10s %18s %16s %17s", name, WithCommas(figures.throughput_ops_per_s),
      WithCommas(figures.read_p99_us), WithCommas(figures.write_p99_us));
}

}  // namespace

object SummaryJson(const DemoRecord& record) {
  boost::json::array not_restored;
  for (const std::string& name : record.not_restored) {
    not_restored.emplace_back(name);
  }
  object json;
  json["baseline"] = FiguresJson(record.baseline);
  json["tuned"] = FiguresJson(record.tuned);
  json["restored"] = FiguresJson(record.restored);
  json["tuned_over_baseline"] = record.TunedOverBaseline();
  json["trials_kept"] = record.trials_kept;
  json["trials_rolled_back"] = record.trials_rolled_back;
  json["proposals_refused"] = record.proposals_refused;
  json["bad_value_in_force_s"] = record.bad_value_in_force_s;
  json["restored_exactly"] = record.restored_exactly;
  json["not_restored"] = std::move(not_restored);
  return json;
}

std::vector<std::string> SummaryTable(const DemoRecord& record) {
  std::vector<std::string> lines = {
      absl::StrFormat("  %-10s %18s %16s %17s", "", "throughput, ops/s",
                      "read p99, us", "write p99, us"),
      FiguresRow("baseline", record.baseline),
      FiguresRow("tuned", record.tuned),
      FiguresRow("restored", record.restored),
      "",
      absl::StrFormat("  tuned / baseline             %.2f",
                      record.TunedOverBaseline()),
      absl::StrFormat("  trials kept                  %d", record.trials_kept),
      absl::StrFormat("  trials rolled back           %d",
                      record.trials_rolled_back),
      absl::StrFormat("  proposals refused            %d",
                      record.proposals_refused),
      absl::StrFormat("  bad value in force           %.1f s",
                      record.bad_value_in_force_s),
      absl::StrCat(
          "  all values restored          ",
          record.restored_exactly
              ? "yes"
              : absl::StrCat("no: ", absl::StrJoin(record.not_restored, ", "))),
  };
  if (!record.advice.empty()) {
    lines.push_back(absl::StrFormat("  questions to the model       %d",
                                    QuestionsIn(record)));
  }
  return lines;
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  const std::filesystem::path file(path);
  std::error_code error;  // the write below tells
  if (file.has_parent_path()) {
    std::filesystem::create_directories(file.parent_path(), error);
  }
  std::ofstream out(file, std::ios::trunc);
  out << text;
  out.close();
  if (!out) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

}  // namespace rocktune
