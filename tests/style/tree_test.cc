// The rules over this project's own sources.
#include <gtest/gtest.h>

#include "tests/style/include_rules.h"
#include "tests/style/size_rules.h"
#include "tests/style/source_text.h"
#include "tests/style/word_rules.h"

namespace rocktune::style {
namespace {

template <typename Rule>
std::string Broken(Rule rule) {
  static const auto& tree =
      *new std::vector<SourceFile>(ReadTree(ROCKTUNE_SOURCE_DIR));
  Findings all;
  for (const SourceFile& file : tree) {
    for (const Finding& finding : rule(file)) all.push_back(finding);
  }
  return Describe(all);
}

TEST(Tree, IsFound) { EXPECT_GT(ReadTree(ROCKTUNE_SOURCE_DIR).size(), 30u); }

TEST(Tree, HoldsTheIncludeTable) { EXPECT_EQ(Broken(CheckIncludes), ""); }

TEST(Tree, HasSmallFiles) { EXPECT_EQ(Broken(CheckFileSize), ""); }

TEST(Tree, HasSmallFunctions) { EXPECT_EQ(Broken(CheckFunctionSize), ""); }

TEST(Tree, MakesNoBannedCall) { EXPECT_EQ(Broken(CheckBannedCalls), ""); }

TEST(Tree, HasNoDangerousCoroutineLambda) {
  EXPECT_EQ(Broken(CheckCoroutineLambdas), "");
}

TEST(Tree, LeavesNoWorkUndoneAndNamesNoMachine) {
  EXPECT_EQ(Broken(CheckBannedWords), "");
}

TEST(Tree, HasAReadmeInEveryFolder) {
  auto tree = ReadTree(ROCKTUNE_SOURCE_DIR);
  for (const char* folder :
       {"policy", "hooks", "llm", "sidecar", "bench", "tests", "scripts"}) {
    bool found = false;
    for (const SourceFile& file : tree) {
      found |= file.path == std::string(folder) + "/README.md";
    }
    EXPECT_TRUE(found) << folder;
  }
}

}  // namespace
}  // namespace rocktune::style
