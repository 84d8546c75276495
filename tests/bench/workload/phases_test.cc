// phases.toml.
#include <gtest/gtest.h>

#include <fstream>

#include "bench/workload/workload.h"
#include "tests/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

class PhasesTest : public ::testing::Test {
 protected:
  absl::StatusOr<Workload> Read(const std::string& text) {
    std::ofstream(dir_ / "p.toml", std::ios::binary) << text;
    return ReadPhases(dir_ / "p.toml");
  }
  const TempDir dir_;
};

TEST_F(PhasesTest, ReadsTheExample) {
  const auto plan =
      ReadPhases(ROCKTUNE_SOURCE_DIR "/bench/workload/phases.example.toml");
  ASSERT_OK(plan);
  EXPECT_EQ(plan->name, "shop");
  EXPECT_TRUE(plan->cycles);
  EXPECT_EQ(plan->data.keys, 1'000'000u);
  ASSERT_EQ(plan->phases.size(), 2u);
  const Phase& day = plan->phases[0];
  EXPECT_EQ(day.length, absl::Minutes(2));
  ASSERT_EQ(day.clients.size(), 2u);
  EXPECT_EQ(day.clients[0].mix,
            (std::array<double, kOperations>{0.9, 0.05, 0, 0.05, 0}));
  EXPECT_EQ(day.clients[0].rate_ops_per_s, 5000);
  EXPECT_EQ(day.clients[0].sine_period, absl::Minutes(1));
  EXPECT_EQ(day.clients[1].name, "importer");
  EXPECT_EQ(day.clients[1].mix[static_cast<size_t>(Operation::kUpdate)], 1);
  EXPECT_EQ(day.clients[1].threads, 1);
  EXPECT_EQ(plan->phases[1].clients[0].keys, KeyChoice::kUniform);
}

TEST_F(PhasesTest, TakesBytesForKeys) {
  const auto plan = Read(
      "[data]\nbytes = \"1 MiB\"\nkey_bytes = 24\nvalue_bytes = 1000\n"
      "[[phase]]\nlength = \"forever\"\n[[phase.clients]]\nlike = \"ycsb-d\"");
  ASSERT_OK(plan);
  EXPECT_EQ(plan->data.keys, 1024u);
  EXPECT_EQ(plan->name, "p.toml");
  EXPECT_EQ(plan->phases[0].length, absl::InfiniteDuration());
  EXPECT_EQ(plan->phases[0].clients[0].keys, KeyChoice::kLatest);
}

TEST_F(PhasesTest, SaysWhichLineIsWrongAndWhatIsExpected) {
  const std::string phase = "[[phase]]\n[[phase.clients]]\n";
  struct Row {
    std::string text;
    const char* message;
  };
  const Row rows[] = {
      {"", "p.toml:1: plan: needs at least one [[phase]]"},
      {"cycles = \"yes\"", "p.toml:1: plan: cycles must be true or false"},
      {"name = 1", "name must be text"},
      {"[data]\n\nkeyz = 1\n" + phase + "like = \"ycsb-a\"",
       "p.toml:3: data: unknown key \"keyz\"; did you mean keys?"},
      {"[data]\nkeys = 0", "p.toml:2: data: keys must be a whole number"},
      {"[data]\nkeys = 9_000_000_000", "from 1 to 1000000000"},
      {"[data]\nkeys = 1.5", "whole number"},
      {"[data]\nkeys = 5\nbytes = \"1 GiB\"", "p.toml:3: data: give keys or"},
      {"[data]\nbytes = \"lots\"", "a size from 1 to"},
      {"[data]\nbytes = \"16 TiB\"\nvalue_bytes = 1", "make the values larger"},
      {"[data]\nkey_bytes = 8",
       "key_bytes must be a whole number from 16 to 1024"},
      {"[data]\nvalue_bytes = \"2 MiB\"", "value_bytes must be a size"},
      {"[data]\nvalue_sizes = \"normal\"", "one of \"fixed\" \"pareto\""},
      {"[data]\ncompressed_ratio = 1.5", "a number from 0 to 1"},
      {"[data]\ncompressed_ratio = nan", "a number from 0 to 1"},
      {"data = 3", "data must be a table"},
      {"phase = 3", "phase must be tables, each under [[phase]]"},
      {"phase = [1]", "phase must be tables"},
      {"[[phase]]\nname = \"x\"", "p.toml:1: phase: needs at least one [[ph"},
      {"[[phase]]\nlength = \"-5s\"", "p.toml:2: phase: length must be a dur"},
      {"[[phase]]\nlength = 60", "length must be a duration as in \"90s\""},
      {"[[phase]]\nlength = \"inf\"", "length must be a duration"},
      {phase, "p.toml:2: clients: needs a mix, or like"},
      {phase + "like = \"ycbs-a\"",
       "p.toml:3: clients: no workload \"ycbs-a\""},
      {phase + "mix = { reads = 1 }", "p.toml:3: mix: unknown key \"reads\""},
      {phase + "mix = { read = 0 }", "p.toml:3: mix: needs a part above 0"},
      {phase + "mix = { read = -1 }", "read must be a number from 0"},
      {phase + "mix = { read = 1 }\nkeys = \"zipfy\"", "\"hot_ranges\""},
      {phase + "mix = { read = 1 }\nthreads = 0", "threads must be"},
      {phase + "mix = { read = 1 }\nthreads = 4_294_967_297", "threads must"},
      {phase + "mix = { read = 1 }\nzipf_theta = 1", "zipf_theta must be"},
      {phase + "mix = { scan = 1 }\nscan_min = 200", "larger than scan_max"},
      {phase + "mix = { read = 1 }\nrate_ops_per_s = inf", "rate_ops_per_s"},
      {phase + "like = \"ycsb-a\"\nthreads = 200\n[[phase.clients]]\n"
               "like = \"ycsb-a\"\nthreads = 200",
       "at most 256 threads in a phase"},
      {"name = ", "p.toml:1: "},
      {"x = [[[[", "p.toml:1: "},
      {std::string("\xff\xfe\0\0", 4), "p.toml:1: "},
      {std::string(2'000'000, '\n'), "p.toml:1: larger than"},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(Read(row.text),
                IsError(absl::StatusCode::kInvalidArgument, row.message))
        << row.text.substr(0, 200);
  }
}

TEST_F(PhasesTest, SaysWhenThereIsNoFile) {
  EXPECT_THAT(ReadPhases(dir_ / "none.toml"),
              IsError(absl::StatusCode::kNotFound, "none.toml"));
  EXPECT_FALSE(ReadPhases(dir_.path()).ok());
}

}  // namespace
}  // namespace rocktune
