// Runs the real program, and benchmarks that are formulas.
#ifndef ROCKTUNE_TESTS_BENCH_OFFLINE_TUNE_FIXTURE_H_
#define ROCKTUNE_TESTS_BENCH_OFFLINE_TUNE_FIXTURE_H_

#include <sys/stat.h>

#include <boost/json/object.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "bench/cell/cell.h"
#include "bench/cell/child_process.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace rocktune {

inline std::string TextOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Outcome {
  int exit_code = -1;
  std::string output;  // of both streams
};

class TuneTest : public ::testing::Test {
 protected:
  TuneTest() { ::mkdir((dir_ / "elsewhere").c_str(), 0700); }

  // In a folder of its own, with --out `out`.
  Outcome Tune(const std::string& out, std::vector<std::string> words) {
    words.insert(words.begin(), {ROCKTUNE_TUNE, "--out", out, "--no-probe"});
    ChildPlan plan;
    plan.command = std::move(words);
    plan.work_dir = dir_ / "elsewhere";
    plan.output = dir_ / "printed";
    plan.limit = absl::Minutes(4);
    const auto end = RunToEnd(plan);
    EXPECT_TRUE(end.ok()) << end.status();
    return {end.ok() ? end->exit_code : -1, TextOf(plan.output)};
  }

  // A benchmark that does `body` with $1 = its OPTIONS file; `value NAME`
  // prints that option's value there.
  std::string Script(const std::string& body) {
    const std::string path = dir_ / "benchmark";
    std::ofstream file(path);
    file << "#!/bin/sh\n"
            "value() { sed -n \"s/^ *$1=//p\" \"$OPTIONS\" | head -1; }\n"
            "OPTIONS=\"$1\"\nHERE=\""
         << dir_.path() << "\"\n"
         << body;
    file.close();
    ::chmod(path.c_str(), 0700);
    return path;
  }

  // The words for it.
  std::vector<std::string> With(const std::string& script,
                                std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"--command", script + " {options}",
                                      "--throughput", "ops=([0-9.]+)"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  boost::json::object Json(const std::string& path) {
    auto json = ReadJsonFile(path);
    EXPECT_TRUE(json.ok()) << json.status();
    return json.ok() ? *json : boost::json::object();
  }

  TempDir dir_;
};

// A benchmark to which memtables, jobs and little else matter.
inline constexpr char kFormula[] =
    "awk -v w=$(value write_buffer_size) -v j=$(value max_background_jobs) "
    "'BEGIN { printf \"ops=%.3f\\n\", 1000 * (1 + log(w / 65536) / 10) * "
    "(1 + j / 20) }'\n";

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_BENCH_OFFLINE_TUNE_FIXTURE_H_
