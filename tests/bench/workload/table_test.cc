// The named workloads.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "bench/workload/key_space.h"
#include "bench/workload/workload.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

constexpr size_t kScan = static_cast<size_t>(Operation::kScan);

TEST(WorkloadTable, HasTheNamesThatPeopleKnow) {
  for (const char* name :
       {"ycsb-a", "ycsb-b", "ycsb-c", "ycsb-d", "ycsb-e", "ycsb-f",
        "fillrandom", "overwrite", "readrandom", "readwhilewriting",
        "readrandomwriterandom", "seekrandom", "mixgraph", "bulk-load-serve",
        "phases-day"}) {
    EXPECT_OK(FindWorkload(name)) << name;
  }
}

TEST(WorkloadTable, HasRowsThatAreComplete) {
  std::set<std::string> seen;
  for (const std::string& name : WorkloadNames()) {
    SCOPED_TRACE(name);
    EXPECT_TRUE(seen.insert(name).second);
    const auto row = FindWorkload(name);
    ASSERT_OK(row);
    EXPECT_EQ(row->name, name);
    EXPECT_NE(row->meaning.find('('), std::string::npos) << "no source";
    EXPECT_GE(row->data.key_bytes, KeySpace::kMinKeyBytes);
    EXPECT_GT(row->data.keys, 0u);
    ASSERT_FALSE(row->phases.empty());
    for (const Phase& phase : row->phases) {
      ASSERT_FALSE(phase.clients.empty());
      for (const ClientGroup& group : phase.clients) {
        EXPECT_NEAR(std::accumulate(group.mix.begin(), group.mix.end(), 0.0), 1,
                    1e-9);
        EXPECT_LE(group.scan_min, group.scan_max);
        EXPECT_GT(group.threads, 0);
        if (group.mix[kScan] > 0) {
          EXPECT_GE(group.scan_min, 1);
        }
      }
    }
  }
}

TEST(WorkloadTable, GivesTheMixesOfYcsb) {
  struct Row {
    const char* name;
    std::array<double, kOperations> mix;
    KeyChoice keys;
  };
  const Row rows[] = {
      {"ycsb-a", {0.5, 0.5, 0, 0, 0}, KeyChoice::kZipf},
      {"ycsb-b", {0.95, 0.05, 0, 0, 0}, KeyChoice::kZipf},
      {"ycsb-c", {1, 0, 0, 0, 0}, KeyChoice::kZipf},
      {"ycsb-d", {0.95, 0, 0.05, 0, 0}, KeyChoice::kLatest},
      {"ycsb-e", {0, 0, 0.05, 0.95, 0}, KeyChoice::kZipf},
      {"ycsb-f", {0.5, 0, 0, 0, 0.5}, KeyChoice::kZipf},
  };
  for (const Row& row : rows) {
    const ClientGroup group =
        FindWorkload(row.name)->phases.front().clients.front();
    EXPECT_EQ(group.mix, row.mix) << row.name;
    EXPECT_EQ(group.keys, row.keys) << row.name;
    EXPECT_EQ(group.zipf_theta, 0.99);
    EXPECT_EQ(group.scan_max, 100);
  }
}

TEST(WorkloadTable, NamesTheNearestOfAnUnknownName) {
  EXPECT_THAT(FindWorkload("ycbs-a"),
              IsError(absl::StatusCode::kNotFound, "did you mean ycsb-a?"));
  EXPECT_THAT(FindWorkload("tpc-c on a mainframe"),
              IsError(absl::StatusCode::kNotFound, "one of ycsb-a, ycsb-b"));
}

TEST(WorkloadTable, ScalesToBytes) {
  const Workload half = Scaled(*FindWorkload("ycsb-a"), 100 << 20);
  EXPECT_NEAR(static_cast<double>(half.data.Bytes()), 100 << 20, 1100);
  EXPECT_EQ(half.data.values.bytes, 1000u);
  EXPECT_EQ(Scaled(half, 0).data.keys, 1u);
}

TEST(WorkloadTable, StretchesAPlanToWholeCycles) {
  const Workload day = *FindWorkload("phases-day");
  EXPECT_EQ(CycleOf(day), absl::Minutes(4));
  EXPECT_EQ(ShortestPhaseOf(day), absl::Minutes(1));
  EXPECT_DOUBLE_EQ(ScaleToWholeCycles(day, absl::Seconds(24)), 0.1);
  EXPECT_DOUBLE_EQ(ScaleToWholeCycles(day, absl::Minutes(9)), 1.125);
  EXPECT_EQ(ScaleToWholeCycles(*FindWorkload("ycsb-a"), absl::Seconds(24)), 1);
}

TEST(WorkloadTable, TellsAFileFromAName) {
  EXPECT_OK(WorkloadOf("ycsb-c"));
  EXPECT_THAT(WorkloadOf("/nowhere/x.toml"),
              IsError(absl::StatusCode::kNotFound, "/nowhere/x.toml"));
}

}  // namespace
}  // namespace rocktune
