// The offline loop as a program, with benchmarks whose result is known.
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/options_file.h"
#include "sidecar/history.h"
#include "tests/bench/offline/tune_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

// Every run but those with the start options does `harm`.
std::string HarmfulToCandidates(const std::string& harm) {
  return "[ -e $HERE/first ] || cp \"$OPTIONS\" $HERE/first\n"
         "cmp -s \"$OPTIONS\" $HERE/first || " +
         harm + "\necho ops=1000\n";
}

// The runs of one test are numbered; every fifth is hit while `armed` exists.
std::string HitBy(const std::string& signal) {
  return "n=$(cat $HERE/count 2>/dev/null || echo 0); n=$((n+1))\n"
         "echo $n > $HERE/count\n"
         "if [ -e $HERE/armed ] && [ $((n % 5)) = 0 ]; then\n"
         "  kill -" +
         signal + " $PPID; sleep 20\nfi\n" + kFormula;
}

std::vector<std::string> VerdictsOf(const boost::json::object& result) {
  std::vector<std::string> verdicts;
  for (const auto& step : result.at("steps").as_array()) {
    verdicts.emplace_back(step.at("verdict").as_string());
  }
  return verdicts;
}

std::set<std::string> NamesIn(const std::string& dir) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(dir)) {
    names.insert(entry.path().filename());
  }
  return names;
}

TEST_F(TuneTest, KeepsWhatTheBenchmarkRewards) {
  const std::string out = dir_ / "out";
  const Outcome outcome =
      Tune(out, With(Script(kFormula), {"--iterations", "4"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("kept: better"));
  EXPECT_EQ(NamesIn(out),
            (std::set<std::string>{"OPTIONS", "diff.md", "history.db", "lock",
                                   "online.json", "report.html", "result.json",
                                   "set_options.txt", "state.json"}));
  EXPECT_EQ(NamesIn(dir_ / "elsewhere"), std::set<std::string>{});
  const auto loaded = ReadOptionsFile(out + "/OPTIONS");
  ASSERT_OK(loaded);
  const OptionValues values = AllOptionValues(*loaded);
  const auto result = Json(out + "/result.json");
  const auto& changes = result.at("changes").as_array();
  ASSERT_FALSE(changes.empty());
  for (const auto& change : changes) {
    const OptionKey key{std::string(change.at("option").as_string()),
                        std::string(change.at("family").as_string())};
    EXPECT_EQ(values.at(key), std::string(change.at("after").as_string()));
    EXPECT_FALSE(change.at("reason").as_string().empty());
    EXPECT_GT(change.at("effect").at("low").as_double(), 0);
    EXPECT_THAT(TextOf(out + "/diff.md"), HasSubstr(key.name));
  }
  EXPECT_GT(result.at("total").at("low").as_double(), 0);
  EXPECT_THAT(TextOf(out + "/set_options.txt"),
              HasSubstr("{\"write_buffer_size\", \""));
  const auto history = History::Open(out);
  ASSERT_OK(history);
  const auto trials = (*history)->TrialsOf("offline", "", 100);
  ASSERT_OK(trials);
  EXPECT_EQ(trials->size(), result.at("steps").as_array().size());
  for (const Trial& trial : *trials) {
    EXPECT_NE(trial.verdict, Verdict::kOpen);
    EXPECT_FALSE(trial.blocks.empty());
  }
}

TEST_F(TuneTest, ComesToTheSameWhenItIsKilledAgainAndAgain) {
  const auto words =
      With(Script(HitBy("KILL")), {"--iterations", "4", "--pairs", "3"});
  const std::string whole = dir_ / "whole", killed = dir_ / "killed";
  ASSERT_EQ(Tune(whole, words).exit_code, 0);
  std::ofstream(dir_ / "armed") << "x";
  int kills = 0;
  Outcome outcome = Tune(killed, words);
  for (; outcome.exit_code == 128 + SIGKILL; ++kills) {
    outcome = Tune(killed, words);
  }
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_GE(kills, 4);
  EXPECT_THAT(outcome.output, HasSubstr("going on"));
  EXPECT_EQ(TextOf(killed + "/OPTIONS"), TextOf(whole + "/OPTIONS"));
  EXPECT_EQ(TextOf(killed + "/diff.md"), TextOf(whole + "/diff.md"));
  EXPECT_EQ(NamesIn(killed), NamesIn(whole));
  const auto history = History::Open(killed);
  ASSERT_OK(history);
  EXPECT_EQ((*history)->TrialsOf("offline", "", 100)->size(),
            Json(killed + "/result.json").at("steps").as_array().size());
}

TEST_F(TuneTest, EndsInOrderWhenInterruptedAndGoesOn) {
  const auto words = With(Script(HitBy("INT")), {"--iterations", "2"});
  const std::string out = dir_ / "elsewhere/out";
  std::ofstream(dir_ / "armed") << "x";
  const Outcome outcome = Tune(out, words);
  EXPECT_EQ(outcome.exit_code, 130) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("the same command goes on"));
  EXPECT_EQ(NamesIn(dir_ / "elsewhere"), std::set<std::string>{"out"});
  EXPECT_FALSE(fs::exists(out + "/work"));
  fs::remove(dir_ / "armed");
  EXPECT_EQ(Tune(out, words).exit_code, 0);
}

TEST_F(TuneTest, TakesCrashesRefusalsAndHangsForResults) {
  struct Row {
    const char* harm;
    const char* why;
  };
  for (const Row& row : std::vector<Row>{
           {"kill -ABRT $$", "signal 6"},
           {"{ echo bad options; exit 3; }", "exit 3: bad options"},
           {"sleep 60", "no end within 1 s"},
       }) {
    fs::remove(dir_ / "first");
    const std::string out = dir_ / ("out" + std::string(row.why));
    const Outcome outcome =
        Tune(out, With(Script(HarmfulToCandidates(row.harm)),
                       {"--iterations", "2", "--run-limit", "1"}));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
    const auto result = Json(out + "/result.json");
    EXPECT_THAT(VerdictsOf(result),
                AllOf(Not(::testing::IsEmpty()), Each("aborted")));
    EXPECT_THAT(TextOf(out + "/diff.md"), HasSubstr(row.why));
    EXPECT_TRUE(result.at("changes").as_array().empty());
    EXPECT_OK(ReadOptionsFile(out + "/OPTIONS"));
  }
}

TEST_F(TuneTest, StopsARunThatFallsFarBehind) {
  const Outcome outcome = Tune(
      dir_ / "out",
      With(Script(HarmfulToCandidates("sleep 60")), {"--iterations", "1"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("regressed: stopped early"));
}

TEST_F(TuneTest, SaysWhatIsWrongBeforeItRunsAnything) {
  ASSERT_OK(WriteOptionsFile(DefaultOptionSet(), dir_ / "start"));
  std::string broken = TextOf(dir_ / "start");
  broken.erase(broken.find("max_background_jobs") + 18, 1);
  std::ofstream(dir_ / "broken") << broken;
  fs::create_directories(dir_ / "others");
  std::ofstream(dir_ / "others/file") << "x";
  const std::string script = Script("echo ops=1\n");
  struct Row {
    std::string out;
    std::vector<std::string> words;
    std::vector<const char*> parts;
  };
  for (const Row& row : std::vector<Row>{
           {"a", {"--workload", "ycsb-q"}, {"no workload", "did you mean"}},
           {"a", {}, {"--workload", "--command", "--db-bench"}},
           {"a",
            With(script, {"--options", dir_ / "broken"}),
            {"broken: line ", "max_background_jobs"}},
           {"a", With(script, {"--options", dir_ / "none"}), {"no such file"}},
           {"a",
            {"--command", script + " {option}", "--throughput", "(x)"},
            {"mean {options}?"}},
           {"a", {"--command", script + " {options}"}, {"--throughput"}},
           {"a", With(script, {"--advisor", "llm"}), {"--provider"}},
           {"a",
            {"--workload", "ycsb-a", "--device", "nvm"},
            {"did you mean \"nvme\"?"}},
           {"a",
            {"--workload", "ycsb-a", "--data", "1 parsec"},
            {"--data \"1 parsec\""}},
           {"a",
            {"--workload", "phases-day", "--run", "4"},
            {"too short for a cycle", "--run 12"}},
           {"a",
            {"--db-bench", "--benchmarks=fillrandom --db=/data"},
            {"--db=/data is given by rocktune itself"}},
           {"others", With(script), {"is not empty"}},
       }) {
    const Outcome outcome = Tune(dir_ / row.out, row.words);
    EXPECT_NE(outcome.exit_code, 0) << row.parts[0];
    for (const char* part : row.parts) {
      EXPECT_THAT(outcome.output, HasSubstr(part));
    }
    EXPECT_FALSE(fs::exists(dir_ / "a")) << row.parts[0];
  }
}

TEST_F(TuneTest, RefusesAnotherPlanInTheSameDirectory) {
  const std::string script = Script("echo ops=1\n");
  const std::string out = dir_ / "out";
  ASSERT_EQ(Tune(out, With(script, {"--iterations", "1"})).exit_code, 0);
  const Outcome other = Tune(out, With(script, {"--iterations", "2"}));
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.output, HasSubstr("--iterations is 1 there and 2 here"));
}

TEST_F(TuneTest, ShowsTheEndOfAnOutputWithoutAMetric) {
  const Outcome outcome =
      Tune(dir_ / "out", With(Script("echo speed 12; echo the end\n")));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("ops=([0-9.]+)"),
                                    HasSubstr("speed 12\nthe end")));
  const Outcome missing =
      Tune(dir_ / "out2",
           {"--command", "/no/such/thing {options}", "--throughput", "(x)"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.output, HasSubstr("cannot be run"));
}

TEST_F(TuneTest, StopsWhenTheTimeIsSpent) {
  const Outcome outcome =
      Tune(dir_ / "out", With(Script("sleep 0.3\n" + std::string(kFormula)),
                              {"--iterations", "50", "--time", "1s"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("time of 1 s is spent"));
}

}  // namespace
}  // namespace rocktune
