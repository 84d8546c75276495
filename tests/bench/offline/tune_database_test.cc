// The offline loop with real databases: built-in loads, db_bench, full disks.
#include <sys/mount.h>
#include <sys/resource.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/options_file.h"
#include "rocksdb/db.h"
#include "tests/bench/offline/tune_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Small enough for a test; nothing is said about speed.
std::vector<std::string> Small(const std::string& workload) {
  return {"--workload", workload, "--data",       "2MiB", "--warm",  "1",
          "--run",      "2",      "--iterations", "1",    "--pairs", "3"};
}

std::unique_ptr<rocksdb::DB> MakeDb(const std::string& path) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 12345678;
  rocksdb::DB* db = nullptr;
  EXPECT_TRUE(rocksdb::DB::Open(options, path, &db).ok());
  for (int i = 0; i < 1000; ++i) {
    char key[17];
    std::snprintf(key, sizeof(key), "%016d", i);
    db->Put({}, key, "value");
  }
  db->Flush({});
  return std::unique_ptr<rocksdb::DB>(db);
}

std::map<std::string, std::string> FilesOf(const std::string& dir) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(dir)) {
    files[entry.path().filename()] = TextOf(entry.path());
  }
  return files;
}

TEST_F(TuneTest, TunesABuiltInLoadFromAFile) {
  ASSERT_OK(WriteOptionsFile(DefaultOptionSet(), dir_ / "start"));
  auto words = Small("ycsb-a");
  words.insert(words.end(), {"--options", dir_ / "start"});
  const std::string before = TextOf(dir_ / "start");
  const Outcome outcome = Tune(dir_ / "out", words);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const auto result = Json(dir_ / "out/result.json");
  EXPECT_GT(result.at("first").at("throughput_ops_per_s").as_double(), 0);
  EXPECT_GT(result.at("first").at("p99_us").as_double(), 0);
  EXPECT_EQ(result.at("steps").as_array().size(), 1u);
  // The expert reasoned from what the children saw.
  const auto state = Json(dir_ / "out/state.json");
  const auto& seen = state.at("seen").as_array();
  ASSERT_EQ(seen.size(), 1u);
  ASSERT_FALSE(seen[0].as_array().empty());
  EXPECT_OK(ReadOptionsFile(dir_ / "out/OPTIONS"));
  EXPECT_EQ(TextOf(dir_ / "start"), before);
  EXPECT_FALSE(fs::exists(dir_ / "out/data"));
  EXPECT_FALSE(fs::exists(dir_ / "out/work"));
}

TEST_F(TuneTest, TunesOnAnEmulatedDeviceFromADatabasesOptions) {
  MakeDb(dir_ / "db");
  const auto before = FilesOf(dir_ / "db");
  auto words = Small("readrandom");
  words.insert(words.end(), {"--db", dir_ / "db", "--device", "nvme"});
  const Outcome outcome = Tune(dir_ / "out", words);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(FilesOf(dir_ / "db"), before);
  const auto tuned = ReadOptionsFile(dir_ / "out/OPTIONS");
  ASSERT_OK(tuned);
  const auto result = Json(dir_ / "out/result.json");
  bool changed = false;
  for (const auto& change : result.at("changes").as_array()) {
    changed |= change.at("option").as_string() == "write_buffer_size";
  }
  if (!changed) {
    EXPECT_EQ(tuned->families[0].options.write_buffer_size, 12345678u);
  }
}

TEST_F(TuneTest, TunesDbBenchOnACopyOfADatabase) {
  MakeDb(dir_ / "db");
  const auto before = FilesOf(dir_ / "db");
  const Outcome outcome = Tune(
      dir_ / "out",
      {"--db", dir_ / "db", "--iterations", "1", "--pairs", "3", "--db-bench",
       "--benchmarks=overwrite,readrandom,levelstats --num=1000"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_EQ(FilesOf(dir_ / "db"), before);
  const auto result = Json(dir_ / "out/result.json");
  EXPECT_GT(result.at("first").at("throughput_ops_per_s").as_double(), 0);
  EXPECT_GT(result.at("first").at("p99_us").as_double(), 0);
  const auto state = Json(dir_ / "out/state.json");
  const auto& window = state.at("windows").as_array().at(0).as_object();
  EXPECT_TRUE(window.at("has_tickers").as_bool());
  EXPECT_EQ(window.at("families").as_array().size(), 1u);
}

TEST_F(TuneTest, CopiesNoDatabaseThatIsOpen) {
  const auto open = MakeDb(dir_ / "db");
  const Outcome outcome =
      Tune(dir_ / "out", {"--db", dir_ / "db", "--db-bench",
                          "--benchmarks=readrandom --num=1000"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.output,
              HasSubstr("is open in process " + std::to_string(::getpid())));
}

TEST_F(TuneTest, SaysThatTheDiskIsFullAndGoesOnWithMoreRoom) {
  // A small file system where we may make one, else a limit on file sizes.
  const std::string disk = dir_ / "disk";
  fs::create_directories(disk);
  const bool mounted =
      ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m") == 0;
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit small{1 << 20, limit.rlim_max};
  if (!mounted) {
    ::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  }
  const Outcome full = Tune(disk + "/out", Small("ycsb-a"));
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.output, HasSubstr("make room; the same command goes on"));
  if (mounted) {
    EXPECT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=512m"),
              0);
  } else {
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  const Outcome outcome = Tune(disk + "/out", Small("ycsb-a"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  if (mounted) {
    EXPECT_EQ(::umount(disk.c_str()), 0);
  }
}

}  // namespace
}  // namespace rocktune
