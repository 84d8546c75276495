#include "bench/open_check/open_check.h"

#include "rocksdb/table.h"
#include "tests/bench/open_check/offline_world.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using absl::StatusCode;

TEST(OpenCheck, OpensRocksdbsDefaults) {
  const OfflineWorld world;
  EXPECT_OK(CheckThatItOpens(world.options, world.Check()));
  EXPECT_TRUE(std::filesystem::is_empty(world.folder()));
}

TEST(OpenCheck, SaysWhyRocksdbRefuses) {
  OfflineWorld world;
  world.options.db.unordered_write = true;
  world.options.db.enable_pipelined_write = true;
  EXPECT_THAT(CheckThatItOpens(world.options, world.Check()),
              IsError(StatusCode::kInvalidArgument, "pipelined"));
  EXPECT_TRUE(std::filesystem::is_empty(world.folder()));
}

TEST(OpenCheck, OutlivesWhatEndsTheProcess) {
  OfflineWorld world;
  // So many shards that RocksDB makes no cache of open files at all.
  world.options.db.table_cache_numshardbits = 25;
  EXPECT_THAT(CheckThatItOpens(world.options, world.Check()),
              IsError(StatusCode::kInvalidArgument, "ends the process"));
  EXPECT_TRUE(std::filesystem::is_empty(world.folder()));
}

TEST(OpenCheck, EndsWhenItIsInterrupted) {
  const OfflineWorld world;
  const std::atomic<bool> stop{true};
  OpenCheck check = world.Check();
  check.stop = &stop;
  EXPECT_THAT(CheckThatItOpens(world.options, check),
              IsError(StatusCode::kCancelled, "interrupted"));
  EXPECT_TRUE(std::filesystem::is_empty(world.folder()));
}

TEST(OpenCheck, KillsWhatHangs) {
  const OfflineWorld world;
  OpenCheck check = world.Check();
  check.deadline = absl::ZeroDuration();
  EXPECT_THAT(CheckThatItOpens(world.options, check),
              IsError(StatusCode::kDeadlineExceeded, "was killed"));
  EXPECT_TRUE(std::filesystem::is_empty(world.folder()));
}

TEST(OpenCheck, TellsARefusalFromAMachineThatFails) {
  const OfflineWorld world;
  OpenCheck check = world.Check();
  check.program = "/no/such/program";
  EXPECT_THAT(CheckThatItOpens(world.options, check),
              IsError(StatusCode::kUnavailable, "/no/such/program"));
  check = world.Check();
  check.scratch = "/no/such/folder";
  EXPECT_THAT(CheckThatItOpens(world.options, check),
              IsError(StatusCode::kUnavailable, "/no/such/folder"));
}

}  // namespace
}  // namespace rocktune
