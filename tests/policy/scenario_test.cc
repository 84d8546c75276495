// Runs every file of tests/scenarios. To accept what the machine does now:
//   ROCKTUNE_REWRITE_SCENARIOS=1 <test program> --gtest_filter='*Scenario*'
// and read the difference before committing it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gtest/gtest.h"
#include "tests/policy/scenario_runner.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> ScenarioFiles() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(
           fs::path(ROCKTUNE_SOURCE_DIR) / "tests" / "scenarios")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Scenario : public testing::TestWithParam<fs::path> {};

TEST_P(Scenario, GoesAsTold) {
  std::ifstream in(GetParam());
  std::stringstream told;
  told << in.rdbuf();
  ASSERT_FALSE(told.str().empty());
  const std::string happened = RunScenario(told.str());
  if (std::getenv("ROCKTUNE_REWRITE_SCENARIOS") != nullptr) {
    std::ofstream(GetParam()) << happened;
    return;
  }
  EXPECT_EQ(happened, told.str());
}

INSTANTIATE_TEST_SUITE_P(Stories, Scenario, testing::ValuesIn(ScenarioFiles()),
                         [](const testing::TestParamInfo<fs::path>& file) {
                           return file.param.stem().string();
                         });

}  // namespace
}  // namespace rocktune
