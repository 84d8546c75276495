// What can go wrong beside a comparison: it says so, and goes on later.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_join.h"
#include "bench/compare/folder_lock.h"
#include "tests/bench/compare/bench_program.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

// No file may become larger than 256 KiB.
std::vector<std::string> OnAFullDisk(const std::vector<std::string>& command) {
  return {"/bin/bash", "-c",
          "ulimit -f 256; exec " + absl::StrJoin(command, " ")};
}

TEST(CompareTrouble, AFullDiskIsNoResultAndTheRunGoesOnWithMoreRoom) {
  TempDir dir;
  ASSERT_EQ(RunProgram(dir, CommandIn(dir.path(), "defaults")).exit_code, 0);
  const auto command = CommandIn(dir.path(), "defaults,guide");
  const Ended full = RunProgram(dir, OnAFullDisk(command));
  EXPECT_EQ(full.exit_code, 1) << full.output;
  EXPECT_THAT(full.output, HasSubstr("File too large"));
  EXPECT_THAT(full.output, HasSubstr("make room"));
  EXPECT_EQ(ResultsIn(dir).size(), 1u);
  const Ended ended = RunProgram(dir, command);
  EXPECT_EQ(ended.exit_code, 0) << ended.output;
  EXPECT_EQ(ResultsIn(dir).size(), 2u);
}

TEST(CompareTrouble, AnInterruptionWhileItLoadsIsSaidToBeOne) {
  TempDir dir;
  auto command = CommandIn(dir.path(), "defaults");
  command[9] = "8GiB";  // it will not come to an end
  ChildPlan plan;
  plan.command = command;
  plan.output = dir.path() + "/log";
  // The group's leader is the program; ended early, it gets a SIGTERM.
  const fs::path data = dir.path() + "/out/data";
  plan.tick = [&data] { return !fs::exists(data) || fs::is_empty(data); };
  const auto end = RunToEnd(plan);
  ASSERT_OK(end);
  EXPECT_EQ(end->exit_code, 130);
  EXPECT_THAT(TailOf(plan.output, 1000),
              HasSubstr("the same command goes on from here"));
  EXPECT_TRUE(fs::is_empty(data));
}

TEST(CompareTrouble, TwoRunsDoNotShareAFolder) {
  TempDir dir;
  const auto lock = FolderLock::Take(dir.path() + "/out");
  ASSERT_OK(lock);
  const Ended ended = RunProgram(dir, CommandIn(dir.path(), "defaults"));
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.output, HasSubstr("another run uses"));
}

TEST(CompareTrouble, AnEditedPlanIsAnotherCell) {
  TempDir dir;
  const std::string path = dir.path() + "/plan.toml";
  const auto write = [&](int rate) {
    std::ofstream(path) << "[[phase]]\n[[phase.clients]]\nlike = \"ycsb-a\"\n"
                        << "rate_ops_per_s = " << rate << "\n";
  };
  auto command = CommandIn(dir.path(), "defaults");
  command[5] = path;
  write(400);
  Ended ended = RunProgram(dir, command);
  ASSERT_EQ(ended.exit_code, 0) << ended.output;
  EXPECT_NEAR(ResultsIn(dir).at(0).tail.ops_per_s, 400, 100);
  write(50);
  ended = RunProgram(dir, command);
  EXPECT_EQ(ended.exit_code, 0) << ended.output;
  EXPECT_THAT(ended.output, Not(HasSubstr("of an earlier run")));
  EXPECT_EQ(ResultsIn(dir).size(), 2u);
}

TEST(CompareTrouble, AModelIsNeededBeforeAnythingRuns) {
  TempDir dir;
  const Ended ended = RunProgram(dir, CommandIn(dir.path(), "rocktune-model"));
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.output, HasSubstr("needs --provider and --model"));
  EXPECT_FALSE(fs::exists(dir.path() + "/out/data"));
}

// The contestant "options" is given no file.
TEST(CompareTrouble, AFailedCellFailsTheProgram) {
  TempDir dir;
  const Ended ended =
      RunProgram(dir, CommandIn(dir.path(), "defaults,options"));
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.output, HasSubstr("1 of 2 cells failed"));
  EXPECT_TRUE(fs::exists(dir.path() + "/out/table.md"));
}

}  // namespace
}  // namespace rocktune
