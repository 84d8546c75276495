#include "bench/scale/scale.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "bench/scale/process_cost.h"
#include "tests/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace rocktune::bench {
namespace {

TEST(Scale, MeasuresAndLeavesNothingBehind) {
  const TempDir dir;
  ScalePlan plan;
  plan.folder = dir.path();
  plan.pairs = 1;
  plan.block_s = 0.2;
  plan.idle_s = 0.2;
  plan.option_writes = 2;
  const auto figures = MeasureScale(plan, {2, 3}, [](const std::string&) {});
  ASSERT_OK(figures);
  EXPECT_GT(figures->attach_ms, 0);
  EXPECT_GT(figures->instrument_bytes, 2u * 4096);
  EXPECT_GT(figures->without.p50_us, 0);
  EXPECT_GE(figures->with.p99_us, figures->with.p50_us);
  EXPECT_GT(figures->one_family_ms, 0);
  EXPECT_GT(figures->all_families_ms, 0);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(Fleet, WritesToEveryFamilyInTurn) {
  const TempDir dir;
  const auto fleet = Fleet::Open(dir.path(), {2, 3}, false);
  ASSERT_OK(fleet);
  for (const Fleet::Member& member : (*fleet)->members()) {
    ASSERT_EQ(member.handles.size(), 3u);
    for (rocksdb::ColumnFamilyHandle* handle : member.handles) {
      uint64_t keys = 0;
      ASSERT_TRUE(member.db->GetIntProperty(handle, "rocksdb.estimate-num-keys",
                                            &keys));
      EXPECT_EQ(keys, 10u) << handle->GetName();
    }
  }
}

TEST(TunerCpu, IsNoneWithoutATuner) { EXPECT_EQ(ReadTunerCpu().Total(), 0); }

TEST(TunerCpu, IsSaidPerSecond) {
  const TunerCpu cpu = PerSecond({{1, 2, 3}, {5, 4, 3}, 2});
  EXPECT_DOUBLE_EQ(cpu.loop_ms, 2);
  EXPECT_DOUBLE_EQ(cpu.worker_ms, 1);
  EXPECT_DOUBLE_EQ(cpu.applier_ms, 0);
}

}  // namespace
}  // namespace rocktune::bench
