#include "policy/workload_memory.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rocktune {
namespace {

WorkloadProfile Load(double writes, double entry_bytes = 100) {
  WorkloadProfile profile;
  const auto set = [&](ProfileDimension dimension, double value) {
    profile.value[static_cast<size_t>(dimension)] = value;
  };
  set(ProfileDimension::kGetShare, 1 - writes);
  set(ProfileDimension::kWriteShare, writes);
  set(ProfileDimension::kValueBytes, entry_bytes);
  return profile;
}

OptionValues Jobs(const char* jobs) {
  return {{{"max_background_jobs", ""}, jobs}};
}

absl::Time At(int64_t seconds) { return absl::FromUnixSeconds(seconds); }

TEST(WorkloadMemory, RecallsWhatWasProvenUnderALoadLikeThis) {
  WorkloadMemory memory;
  EXPECT_EQ(memory.Recall(Load(0.1)), nullptr);
  memory.Remember(Load(0.1), Jobs("2"), At(1));
  memory.Remember(Load(0.9), Jobs("8"), At(2));
  ASSERT_NE(memory.Recall(Load(0.15)), nullptr);
  EXPECT_EQ(memory.Recall(Load(0.15))->values, Jobs("2"));
  ASSERT_NE(memory.Recall(Load(0.88)), nullptr);
  EXPECT_EQ(memory.Recall(Load(0.88))->values, Jobs("8"));
  EXPECT_EQ(memory.Recall(Load(0.5)), nullptr);
  EXPECT_EQ(memory.Recall(Load(0.1, 1000)), nullptr);
}

TEST(WorkloadMemory, DoesNotTakeAnUnknownLoadForAKnownOne) {
  WorkloadMemory memory;
  memory.Remember(Load(0.1), Jobs("2"), At(1));
  EXPECT_EQ(memory.Recall(WorkloadProfile()), nullptr);
  EXPECT_FALSE(memory.Failed(WorkloadProfile()));
}

TEST(WorkloadMemory, KeepsOneEntryARegionAndMovesItsCentre) {
  WorkloadMemory memory;
  const int64_t id = memory.Remember(Load(0.10), Jobs("2"), At(1)).id;
  const MemoryEntry& entry = memory.Remember(Load(0.16), Jobs("4"), At(5));
  EXPECT_EQ(memory.entries().size(), 1u);
  EXPECT_EQ(entry.id, id);
  EXPECT_EQ(entry.values, Jobs("4"));
  EXPECT_EQ(entry.times_proven, 2);
  EXPECT_EQ(entry.last_proven, At(5));
  EXPECT_NEAR(*entry.profile[ProfileDimension::kWriteShare], 0.13, 1e-9);
  EXPECT_NEAR(*entry.profile[ProfileDimension::kValueBytes], 100, 1e-6);
}

TEST(WorkloadMemory, TakesTheNearestOfOverlappingRegions) {
  WorkloadMemory memory;
  memory.Remember(Load(0.10), Jobs("2"), At(1));
  memory.Remember(Load(0.22), Jobs("4"), At(2));
  ASSERT_EQ(memory.entries().size(), 2u);
  EXPECT_EQ(memory.Recall(Load(0.15))->values, Jobs("2"));
  EXPECT_EQ(memory.Recall(Load(0.17))->values, Jobs("4"));
}

TEST(WorkloadMemory, ForgetsAfterTwoFailuresInARow) {
  WorkloadMemory memory;
  memory.Remember(Load(0.1), Jobs("2"), At(1));
  EXPECT_FALSE(memory.Failed(Load(0.1)));
  memory.Remember(Load(0.1), Jobs("2"), At(2));
  EXPECT_FALSE(memory.Failed(Load(0.1)));
  EXPECT_NE(memory.Recall(Load(0.1)), nullptr);
  EXPECT_TRUE(memory.Failed(Load(0.1)));
  EXPECT_EQ(memory.Recall(Load(0.1)), nullptr);
}

TEST(WorkloadMemory, DropsWhatWasProvenLongestAgoWhenFull) {
  WorkloadMemory memory;
  const auto load = [](size_t i) {
    return Load(0.1, 10 * std::pow(4, static_cast<double>(i)));
  };
  for (size_t i = 0; i < WorkloadMemory::kMaxEntries; ++i) {
    memory.Remember(load(i), Jobs("2"), At(static_cast<int64_t>(i)));
  }
  memory.Remember(load(0), Jobs("2"), At(1000));
  const int64_t oldest = memory.Recall(load(1))->id;
  const MemoryEntry& added =
      memory.Remember(load(WorkloadMemory::kMaxEntries), Jobs("9"), At(1001));
  EXPECT_EQ(added.id, oldest);
  EXPECT_EQ(added.times_proven, 1);
  EXPECT_EQ(memory.entries().size(), WorkloadMemory::kMaxEntries);
  EXPECT_NE(memory.Recall(load(0)), nullptr);
  EXPECT_EQ(memory.Recall(load(1)), nullptr);
  EXPECT_NE(memory.Recall(load(2)), nullptr);
}

}  // namespace
}  // namespace rocktune
