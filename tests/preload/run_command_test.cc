// `rocktune run` itself.
#include <filesystem>

#include "tests/preload/preload_fixture.h"

namespace rocktune {
namespace {

using testing::HasSubstr;

class RunCommand : public PreloadTest {};

TEST_F(RunCommand, EndsAsTheProgramDoes) {
  for (const Words& words : std::vector<Words>{
           {"true"},
           {"false"},
           {"sh", "-c", "echo out; echo err >&2; exit 9"},
           {"sh", "-c", "kill -TERM $$"},
           {ROCKTUNE_DB_BENCH, "--no_such_flag"},
           {ROCKTUNE_DB_BENCH, "--benchmarks=no_such_benchmark",
            "--db=" + dir_.path() + "/a"},
           {ROCKTUNE_DB_BENCH, "--benchmarks=readrandom", "--use_existing_db",
            "--db=" + dir_.path() + "/missing"},
           {ROCKTUNE_LDB, "--db=" + dir_.path() + "/missing", "scan"},
       }) {
    const Outcome plain = Run(words);
    const Outcome under = Run(Under({"--mode", "auto"}, words));
    EXPECT_EQ(under.exit_code, plain.exit_code) << words[0] << " " << words[1];
    EXPECT_EQ(under.out.empty(), plain.out.empty());
    EXPECT_EQ(under.err.empty(), plain.err.empty());
  }
}

TEST_F(RunCommand, SaysWhatItCannotStart) {
  struct Row {
    Words words;  // after `rocktune run`
    int exit_code;
    const char* part;
  };
  for (const Row& row : std::vector<Row>{
           {{"no-such-program"}, 127, "cannot run no-such-program"},
           {{"--", "no-such-program"}, 127, "cannot run no-such-program"},
           {{dir_.path()}, 126, "Permission denied"},
           {{}, 2, "needs a program"},
           {{"--mode", "auto"}, 2, "needs a program"},
           {{"--mode", "atuo", "true"}, 2, "atuo"},
           {{"--confg", "x", "true"}, 2, "did you mean \"--config\"?"},
           {{"--config", "missing.toml", "true"}, 1, "missing.toml"},
       }) {
    Words words = {ROCKTUNE_CLI, "run"};
    words.insert(words.end(), row.words.begin(), row.words.end());
    const Outcome outcome = Run(words);
    EXPECT_EQ(outcome.exit_code, row.exit_code) << row.part;
    EXPECT_THAT(outcome.err, HasSubstr(row.part));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(RunCommand, PutsItselfInFrontOfWhatIsPreloadedAndSetsTheRest) {
  environment_["LD_PRELOAD"] = ROCKTUNE_PLUGIN;
  environment_["ROCKTUNE_MODE"] = "observe";
  const std::string config = QuickConfig();
  const Words show = {
      "sh", "-c",     "echo $LD_PRELOAD $ROCKTUNE_MODE $ROCKTUNE_CONFIG $@",
      "sh", "--mode", "--"};
  const std::string preload =
      std::string(ROCKTUNE_STUB) + ":" + ROCKTUNE_PLUGIN;
  EXPECT_EQ(Run(Under({"--mode=auto", "--config", config}, show)).out,
            preload + " auto " + config + " --mode --\n");
  EXPECT_EQ(Run(Under({}, show)).out, preload + " observe --mode --\n");
}

TEST_F(RunCommand, NeedsItsLibrary) {
  const std::string copy = dir_ / "rocktune";
  std::filesystem::copy_file(ROCKTUNE_CLI, copy);
  const Outcome outcome = Run({copy, "run", "true"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("there is no librocktune_preload.so"));
}

}  // namespace
}  // namespace rocktune
