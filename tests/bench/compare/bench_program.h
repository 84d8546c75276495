// Runs the real rocktune-bench.
#ifndef ROCKTUNE_TESTS_BENCH_COMPARE_BENCH_PROGRAM_H_
#define ROCKTUNE_TESTS_BENCH_COMPARE_BENCH_PROGRAM_H_

#include <filesystem>
#include <string>
#include <vector>

#include "bench/cell/cell.h"
#include "bench/cell/child_process.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace rocktune {

// A comparison of small cells into `dir`/out.
inline std::vector<std::string> CommandIn(const std::string& dir,
                                          const std::string& contestants) {
  return {ROCKTUNE_BENCH, "compare",   "--contestants", contestants,
          "--workloads",  "ycsb-a",    "--devices",     "nvme",
          "--data",       "2MiB",      "--memory",      "32MiB",
          "--warm",       "1",         "--run",         "5",
          "--tail",       "2",         "--trial",       "2",
          "--out",        dir + "/out"};
}

struct Ended {
  int exit_code = -1;
  std::string output;
};

inline Ended RunProgram(const TempDir& dir,
                        const std::vector<std::string>& command) {
  ChildPlan plan;
  plan.command = command;
  plan.output = dir.path() + "/log";
  const auto end = RunToEnd(plan);
  EXPECT_TRUE(end.ok()) << end.status();
  return {end.ok() ? end->exit_code : -1, TailOf(plan.output, 100'000)};
}

inline std::vector<CellResult> ResultsIn(const TempDir& dir) {
  std::vector<CellResult> results;
  for (const auto& entry :
       std::filesystem::directory_iterator(dir.path() + "/out/cells")) {
    const auto json = ReadJsonFile(entry.path().string());
    EXPECT_TRUE(json.ok()) << json.status();
    const auto result = CellResultFromJson(*json);
    EXPECT_TRUE(result.ok()) << result.status();
    results.push_back(*result);
  }
  return results;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_BENCH_COMPARE_BENCH_PROGRAM_H_
