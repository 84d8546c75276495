// The real program on real databases: small cells, all contestants.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "absl/time/clock.h"
#include "tests/bench/compare/bench_program.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(Compare, RunsEveryContestantAndWritesWhatCameOfIt) {
  TempDir dir;
  const Ended ended = RunProgram(
      dir, CommandIn(dir.path(),
                     "defaults,level-style,point-lookup,guide,random,"
                     "evolution,adoc,elmo,rocktune"));
  EXPECT_EQ(ended.exit_code, 0) << ended.output;
  const std::vector<CellResult> results = ResultsIn(dir);
  EXPECT_EQ(results.size(), 9u);
  for (const CellResult& result : results) {
    EXPECT_EQ(result.error, "") << result.spec.contestant;
    EXPECT_GT(result.tail.ops_per_s, 0) << result.spec.contestant;
  }
  for (const char* file : {"results.json", "table.md", "report.html"}) {
    EXPECT_TRUE(fs::exists(dir.path() + "/out/" + file)) << file;
  }
  EXPECT_THAT(ended.output, HasSubstr("| rocktune |"));
}

TEST(Compare, GoesOnWhereItWasInterrupted) {
  TempDir dir;
  const auto command = CommandIn(dir.path(), "defaults,guide,adoc");
  const pid_t pid = ::fork();
  if (pid == 0) {
    std::vector<char*> words;
    for (const std::string& word : command) {
      words.push_back(const_cast<char*>(word.c_str()));
    }
    words.push_back(nullptr);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  // Once the first result is there, it is killed without warning.
  const fs::path cells = dir.path() + "/out/cells";
  const absl::Time deadline = absl::Now() + absl::Minutes(4);
  while (!fs::exists(cells) || fs::is_empty(cells)) {
    ASSERT_LT(absl::Now(), deadline);
    absl::SleepFor(absl::Milliseconds(10));
  }
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  const Ended ended = RunProgram(dir, command);
  EXPECT_EQ(ended.exit_code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("(of an earlier run)"));
  EXPECT_EQ(ResultsIn(dir).size(), 3u);
}

TEST(Compare, SaysWhatItDoesNotKnow) {
  TempDir dir;
  auto command = CommandIn(dir.path(), "defaults,rocktun");
  Ended ended = RunProgram(dir, command);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.output, HasSubstr("did you mean rocktune?"));
  command = CommandIn(dir.path(), "defaults");
  command[5] = "ycsb-bb";
  ended = RunProgram(dir, command);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.output, HasSubstr("ycsb-b"));
}

TEST(Compare, RefusesATailThatShowsSomeOfAPlansPhasesOnly) {
  TempDir dir;
  auto command = CommandIn(dir.path(), "defaults");
  command[5] = "phases-day";
  const Ended ended = RunProgram(dir, command);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.output, HasSubstr("cycle in 240 s"));
  EXPECT_THAT(ended.output, HasSubstr("--tail 240"));
}

TEST(Oracle, IsMadeAndUsed) {
  TempDir dir;
  const Ended made = RunProgram(
      dir, {ROCKTUNE_BENCH, "oracle", "--workloads", "readrandom", "--devices",
            "none", "--data", "1MiB", "--memory", "32MiB", "--evaluations", "4",
            "--oracle", dir.path() + "/oracle", "--out", dir.path() + "/out"});
  ASSERT_EQ(made.exit_code, 0) << made.output;
  const Ended compared =
      RunProgram(dir, {ROCKTUNE_BENCH,  "compare",
                       "--contestants", "defaults",
                       "--workloads",   "readrandom",
                       "--devices",     "none",
                       "--data",        "1MiB",
                       "--memory",      "32MiB",
                       "--warm",        "1",
                       "--run",         "4",
                       "--tail",        "2",
                       "--oracle",      dir.path() + "/oracle",
                       "--out",         dir.path() + "/o2"});
  EXPECT_EQ(compared.exit_code, 0) << compared.output;
  EXPECT_THAT(compared.output, HasSubstr("| values |"));
  EXPECT_THAT(compared.output, HasSubstr("- readrandom on none, "));
}

}  // namespace
}  // namespace rocktune
