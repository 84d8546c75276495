#include "bench/demo/work_dir.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace rocktune {
namespace {

namespace fs = std::filesystem;

class WorkDirTest : public ::testing::Test {
 protected:
  ~WorkDirTest() override { fs::remove_all(root_); }
  const fs::path root_ = fs::temp_directory_path() /
                         ("rocktune-work-" + std::to_string(::getpid()));
};

TEST_F(WorkDirTest, RefusesADirectoryWithFilesOfOthers) {
  fs::create_directories(root_);
  std::ofstream(root_ / "letter") << "dear";
  EXPECT_FALSE(WorkDir::Make(root_.string(), 1).ok());
  EXPECT_TRUE(fs::exists(root_ / "letter"));
}

TEST_F(WorkDirTest, RemovesWhatItMadeAndNothingElse) {
  {
    const auto dir = WorkDir::Make((root_ / "demo").string(), 1);
    ASSERT_TRUE(dir.ok());
    fs::create_directories((*dir)->db());
    std::ofstream(root_ / "demo" / "letter") << "dear";
  }
  EXPECT_FALSE(fs::exists(root_ / "demo" / "db"));
  EXPECT_TRUE(fs::exists(root_ / "demo" / "letter"));
}

TEST_F(WorkDirTest, ClearsWhatAKilledDemoLeft) {
  fs::create_directories(root_ / "db" / "old");
  std::ofstream(root_ / ".rocktune-demo") << "mark";
  const auto dir = WorkDir::Make(root_.string(), 1);
  ASSERT_TRUE(dir.ok());
  EXPECT_FALSE(fs::exists(root_ / "db" / "old"));
}

TEST_F(WorkDirTest, RefusesTooLittleSpace) {
  const auto dir = WorkDir::Make(root_.string(), uint64_t{1} << 60);
  EXPECT_FALSE(dir.ok());
  EXPECT_NE(dir.status().message().find("--db"), std::string::npos);
}

}  // namespace
}  // namespace rocktune
