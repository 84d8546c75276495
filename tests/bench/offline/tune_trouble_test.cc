// The offline loop where something goes wrong beside it.
#include <filesystem>
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
using ::testing::HasSubstr;

// A benchmark whose candidates, and not its start, do `what`.
std::string Candidates(const std::string& what) {
  return "[ -e $HERE/first ] || cp \"$OPTIONS\" $HERE/first\n"
         "cmp -s \"$OPTIONS\" $HERE/first || { " +
         what + "; }\n" + kFormula;
}

class TuneTroubleTest : public TuneTest {
 protected:
  // The start options, with what `change` makes of them.
  template <typename Change>
  std::string StartFile(const Change& change) {
    OptionSet start = DefaultOptionSet();
    change(&start);
    EXPECT_OK(WriteOptionsFile(start, dir_ / "start"));
    return dir_ / "start";
  }
};

// A shutdown: the program and its benchmark get the same signal.
TEST_F(TuneTroubleTest, ASignalToAllIsNoResultOfACandidate) {
  const auto words = With(Script(Candidates("[ ! -e $HERE/armed ] || { rm "
                                            "$HERE/armed; kill -TERM $PPID "
                                            "$$; }")),
                          {"--iterations", "1"});
  std::ofstream(dir_ / "armed") << "x";
  const Outcome outcome = Tune(dir_ / "out", words);
  EXPECT_EQ(outcome.exit_code, 130) << outcome.output;
  const Outcome again = Tune(dir_ / "out", words);
  ASSERT_EQ(again.exit_code, 0) << again.output;
  const auto result = Json(dir_ / "out/result.json");
  for (const auto& step : result.at("steps").as_array()) {
    EXPECT_NE(step.at("verdict").as_string(), "aborted");
  }
}

TEST_F(TuneTroubleTest, ACandidateWithoutAMetricIsAResult) {
  const Outcome outcome =
      Tune(dir_ / "out", With(Script(Candidates("echo no metric; exit 0")),
                              {"--iterations", "1"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("aborted"));
  EXPECT_THAT(TextOf(dir_ / "out/diff.md"), HasSubstr("ops=([0-9.]+)"));
}

TEST_F(TuneTroubleTest, ACommandThatPrintsForEverIsEnded) {
  const Outcome outcome =
      Tune(dir_ / "out",
           With(Script(Candidates("cat /dev/zero")), {"--iterations", "1"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("printed more than 256 MiB"));
}

TEST_F(TuneTroubleTest, OutputThatIsNoTextIsReadBack) {
  // More than is shown, so that it is cut, and not UTF-8 to begin with.
  const std::string noise =
      "for i in $(seq 400); do printf '\\342\\202\\254\\377'; done; exit 3";
  const auto words = With(Script(Candidates(noise)), {"--iterations", "2"});
  ASSERT_EQ(Tune(dir_ / "out", words).exit_code, 0);
  EXPECT_THAT(TextOf(dir_ / "out/state.json"), HasSubstr("\u20ac?"));
  const Outcome again = Tune(dir_ / "out", words);
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_FALSE(Json(dir_ / "out/result.json").empty());
}

TEST_F(TuneTroubleTest, TheServicesLogFoldersAreLeftAlone) {
  const std::string wal = dir_ / "wal", logs = dir_ / "logs";
  fs::create_directories(wal);
  fs::create_directories(logs);
  const std::string start = StartFile([&](OptionSet* options) {
    options->db.wal_dir = wal;
    options->db.db_log_dir = logs;
  });
  // The benchmark sees RocksDB's defaults.
  const Outcome outcome =
      Tune(dir_ / "out", With(Script("[ -z \"$(value wal_dir)\" ] || exit 3\n" +
                                     std::string(kFormula)),
                              {"--options", start, "--iterations", "1"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_TRUE(fs::is_empty(wal));
  EXPECT_TRUE(fs::is_empty(logs));
  const auto found = ReadOptionsFile(dir_ / "out/OPTIONS");
  ASSERT_OK(found);
  EXPECT_EQ(found->db.wal_dir, wal);
  EXPECT_EQ(found->db.db_log_dir, logs);
}

TEST_F(TuneTroubleTest, AnotherStartIsAnotherRun) {
  const auto words =
      With(Script(kFormula),
           {"--options", StartFile([](OptionSet*) {}), "--iterations", "1"});
  ASSERT_EQ(Tune(dir_ / "out", words).exit_code, 0);
  StartFile([](OptionSet* options) { options->db.max_background_jobs = 7; });
  const Outcome other = Tune(dir_ / "out", words);
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.output, HasSubstr("max_background_jobs is 7 and was 2"));
}

TEST_F(TuneTroubleTest, ASecondRunTouchesNothingOfTheFirst) {
  const auto words = With(Script(kFormula), {"--iterations", "1"});
  ASSERT_EQ(Tune(dir_ / "out", words).exit_code, 0);
  const std::string state = TextOf(dir_ / "out/state.json");
  const auto holder = History::Open(dir_ / "out");
  ASSERT_OK(holder);
  const Outcome other =
      Tune(dir_ / "out", With(Script(kFormula), {"--iterations", "2"}));
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.output, HasSubstr("in use"));
  EXPECT_EQ(TextOf(dir_ / "out/state.json"), state);
}

TEST_F(TuneTroubleTest, AFolderMayEndInASlashAndHoldAColon) {
  const Outcome outcome =
      Tune(dir_ / "a:b/", With(Script(kFormula), {"--iterations", "1"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_TRUE(fs::exists(dir_ / "a:b/OPTIONS"));
}

}  // namespace
}  // namespace rocktune
