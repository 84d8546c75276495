// Numbers in what commands print, and how commands are written.
#include "bench/offline/metric.h"

#include <string>
#include <vector>

#include "bench/offline/command_template.h"
#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using absl::StatusCode;

TEST(Metric, IsFoundByExpressionOrPointer) {
  struct Row {
    const char* metric;
    const char* output;
    double found;  // 0: not
  };
  for (const Row& row : std::vector<Row>{
           {"([0-9.]+) ops/sec", "a : 3.5 micros/op 285 ops/sec", 285},
           {"ops=(\\S+)", "ops=1e3\nops=2.5e3\n", 2500},
           {"ops=(\\S+)", "ops=nan", 0},
           {"ops=(\\S+)", "ops=-5", 0},
           {"ops=(\\S+)", "ops=many", 0},
           {"ops=(\\S+)", "", 0},
           {"/a/1/ops", "{\"a\": [0, {\"ops\": 12.5}]}", 12.5},
           {"/ops", "log line\n{\"ops\": 1}\n{\"ops\": \"7\"}\nend\n", 7},
           {"/ops", "{\"op\": 1}", 0},
           {"/ops", "{\"ops\": [1]}", 0},
           {"/ops", "{\"ops\": 1", 0},
       }) {
    const auto metric = Metric::Parse(row.metric);
    ASSERT_OK(metric);
    const auto found = metric->Find(row.output);
    if (row.found > 0) {
      ASSERT_OK(found) << row.output;
      EXPECT_DOUBLE_EQ(*found, row.found) << row.output;
    } else {
      EXPECT_EQ(found.status().code(), StatusCode::kNotFound) << row.output;
    }
  }
}

TEST(Metric, NeedsOneGroup) {
  for (const char* bad : {"", "ops", "(a)(b)", "(a", "[a"}) {
    EXPECT_EQ(Metric::Parse(bad).status().code(), StatusCode::kInvalidArgument)
        << bad;
  }
}

TEST(Metric, LooksAtNoLineThatCouldEndTheProcess) {
  const auto deep = Metric::Parse("^(?:a|b)*([0-9]+)$");
  ASSERT_OK(deep);
  const std::string output = std::string(1 << 20, 'a') + "1\nab7\n";
  const auto found = deep->Find(output);
  ASSERT_OK(found);
  EXPECT_DOUBLE_EQ(*found, 7);
}

TEST(SplitWords, KnowsQuotesAndNothingElse) {
  struct Row {
    const char* text;
    std::vector<std::string> words;
  };
  for (const Row& row : std::vector<Row>{
           {"a  b\tc", {"a", "b", "c"}},
           {"a\"b c\"d 'e \"f'", {"ab cd", "e \"f"}},
           {"a\\ b \"\" ''", {"a b", "", ""}},
           {"$HOME;x|y", {"$HOME;x|y"}},
           {"", {}},
       }) {
    const auto words = SplitWords(row.text);
    ASSERT_OK(words);
    EXPECT_EQ(*words, row.words) << row.text;
  }
  EXPECT_EQ(SplitWords("a 'b").status().code(), StatusCode::kInvalidArgument);
}

TEST(CommandTemplate, FillsItsPlacesAndLeavesOtherBraces) {
  const auto command =
      ParseTemplate("run {options} --db={db} {dir}/x {1} '{ a }'", false);
  ASSERT_OK(command);
  EXPECT_TRUE(command->has_db);
  EXPECT_FALSE(command->has_block_cache);
  EXPECT_EQ(command->Fill({"/o p", "/d", "/w", "9"}),
            (std::vector<std::string>{"run", "/o p", "--db=/d", "/w/x", "{1}",
                                      "{ a }"}));
}

TEST(CommandTemplate, NamesWhatIsWrong) {
  EXPECT_THAT(ParseTemplate("run --db={db}", false),
              IsError(StatusCode::kInvalidArgument, "needs {options}"));
  EXPECT_THAT(ParseTemplate("run {option}", false),
              IsError(StatusCode::kInvalidArgument, "mean {options}?"));
  const auto shell = ParseTemplate("a {options} | b", true);
  ASSERT_OK(shell);
  EXPECT_EQ(shell->words,
            (std::vector<std::string>{"/bin/sh", "-c", "a {options} | b"}));
}

}  // namespace
}  // namespace rocktune
