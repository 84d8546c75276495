// Parts of the offline loop: when it ends, what it keeps, the device.
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bench/offline/device_probe.h"
#include "bench/offline/fio_probe.h"
#include "bench/offline/tune_loop.h"
#include "bench/offline/tune_state.h"
#include "gtest/gtest.h"
#include "tests/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

// One letter for each step: k kept with a gain of 5 %, s kept with 0.2 %, else
// not kept.
TuneState After(const std::string& steps) {
  TuneState state;
  for (char letter : steps) {
    TuneStep step;
    step.verdict = letter == 'k' || letter == 's' ? "kept" : "no_gain";
    step.effect.mean = letter == 'k' ? 0.05 : letter == 's' ? 0.002 : 0;
    state.steps.push_back(step);
  }
  return state;
}

TEST(TuneLoop, EndsWhenGainsStaySmallOrTheBudgetIsSpent) {
  struct Row {
    const char* steps;
    bool ends;
  };
  TunePlan plan;
  plan.iterations = 6;
  for (const Row& row : std::vector<Row>{{"", false},
                                         {"--", false},
                                         {"---", true},
                                         {"k--", false},
                                         {"k---", true},
                                         {"ksss", true},
                                         {"k-s-k", false},
                                         {"kkkkkk", true}}) {
    EXPECT_EQ(!ReasonToStop(After(row.steps), plan).empty(), row.ends)
        << row.steps;
  }
  plan.time_s = 10;
  TuneState state = After("k");
  state.first.seconds = 11;
  EXPECT_NE(ReasonToStop(state, plan), "");
}

TEST(TuneState, GivesBackWhatWasSaved) {
  TempDir dir;
  TuneState state = After("k-");
  state.plan = {{"seed", 1}};
  state.first.score = 12.5;
  state.probe = DeviceFigures();
  state.probe->sync_us = 3.5;
  state.start[{"write_buffer_size", "default"}] = "1";
  state.incumbent[{"write_buffer_size", "default"}] = "2";
  state.windows.emplace_back().number = 4;
  state.newest[1].emplace_back().number = 5;
  state.steps[0].windows.emplace_back().number = 6;
  state.steps[0].changes = {{{"a", "b"}, "1", "2", "why"}};
  state.steps[0].asked = {"llm, then expert"};
  state.steps[1].runs.push_back({true, {.score = 3, .error = "e"}});
  ASSERT_OK(WriteState(dir / "state.json", state));
  const auto read = ReadState(dir / "state.json");
  ASSERT_OK(read);
  EXPECT_EQ(ToJson(*read), ToJson(state));
  EXPECT_EQ(read->windows.at(0).number, 4u);
  EXPECT_EQ(read->newest[1].at(0).number, 5u);
  EXPECT_EQ(read->steps[0].windows.at(0).number, 6u);
  EXPECT_EQ(read->steps[1].runs.at(0).figures.error, "e");
}

TEST(TuneState, RefusesWhatIsDamaged) {
  TempDir dir;
  EXPECT_EQ(ReadState(dir / "none").status().code(),
            absl::StatusCode::kNotFound);
  for (const char* text :
       {"", "{}", "{\"version\": 2}", "{\"version\": 1}",
        "{\"version\": 1, \"plan\": {}, \"seen\": [], \"steps\": 3}",
        "{\"version\": 1, \"plan\": {}, \"seen\": [[]], \"windows\": []}"}) {
    std::ofstream(dir / "state.json") << text;
    EXPECT_EQ(ReadState(dir / "state.json").status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

// As PATH while it lives.
class OnlyPath {
 public:
  explicit OnlyPath(const std::string& path) : before_(std::getenv("PATH")) {
    ::setenv("PATH", path.c_str(), 1);
  }
  ~OnlyPath() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  const std::string before_;
};

// A fio in `dir` whose report is `jobs`.
void MakeFio(const std::string& dir, const std::string& jobs) {
  std::ofstream(dir + "/fio")
      << "#!/bin/sh\necho '{\"jobs\": [" << jobs << "]}' >\"${2#--output=}\"\n";
  ::chmod((dir + "/fio").c_str(), 0700);
}

void ExpectWhole(const DeviceFigures& figures) {
  for (double figure :
       {figures.read_iops_1, figures.read_iops_16, figures.write_iops_16,
        figures.read_bytes_per_s, figures.write_bytes_per_s, figures.sync_us}) {
    EXPECT_GT(figure, 0);
  }
}

TEST(DeviceProbe, MeasuresWithThreadsOfItsOwnAndLeavesNothing) {
  TempDir dir;
  const OnlyPath no_fio(dir.path());
  const std::atomic<bool> stop{false};
  const auto figures = ProbeDevice(dir.path(), absl::Seconds(2), &stop);
  ASSERT_OK(figures);
  EXPECT_FALSE(figures->by_fio);
  ExpectWhole(*figures);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(DeviceProbe, MeasuresWithFioAndLeavesNothing) {
  TempDir dir;
  const std::atomic<bool> stop{false};
  const auto figures =
      ProbeWithFio(dir.path(), {absl::Seconds(1), absl::Minutes(2)}, &stop);
  ASSERT_OK(figures);
  EXPECT_TRUE(figures->by_fio);
  ExpectWhole(*figures);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(DeviceProbe, TakesFiosFiguresWhereItHasThemAll) {
  TempDir dir;
  const std::atomic<bool> stop{false};
  const OnlyPath fake(dir.path());
  const std::string write = R"({"write": {"bw_bytes": 3e6, "iops": 500}},)";
  const std::string read = R"({"read": {"bw_bytes": 4e6, "iops": 700}},)";
  MakeFio(dir.path(),
          write + read + read + read + write + R"({"write": {"iops": 250}})");
  const auto figures = ProbeDevice(dir.path(), absl::Seconds(5), &stop);
  ASSERT_OK(figures);
  EXPECT_TRUE(figures->by_fio);
  EXPECT_EQ(figures->write_bytes_per_s, 3e6);
  EXPECT_EQ(figures->read_bytes_per_s, 4e6);
  EXPECT_EQ(figures->read_iops_1, 700);
  EXPECT_EQ(figures->write_iops_16, 500);
  EXPECT_EQ(figures->sync_us, 4000);
  MakeFio(dir.path(), write + "{}");
  EXPECT_THAT(
      ProbeWithFio(dir.path(), {absl::Seconds(1), absl::Seconds(9)}, &stop),
      IsError(absl::StatusCode::kUnavailable, "all its jobs"));
}

TEST(DeviceProbe, EndsWhenItIsInterrupted) {
  TempDir dir;
  std::atomic<bool> stop{true};
  EXPECT_EQ(ProbeDevice(dir.path(), absl::Hours(1), &stop).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  stop = false;
  EXPECT_EQ(
      ProbeDevice(dir / "nowhere", absl::Seconds(1), &stop).status().code(),
      absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace rocktune
