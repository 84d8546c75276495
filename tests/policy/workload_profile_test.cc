#include "policy/workload_profile.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {
namespace {

using ::testing::Contains;
using ::testing::DoubleNear;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;

using Dimension = ProfileDimension;

// One second: 800 gets of which 600 find 100 bytes, 150 puts of 116 bytes,
// 50 scans of 20 entries.
Window MixedWindow() {
  Window window;
  window.database = "orders";
  window.start = absl::FromUnixSeconds(1000);
  window.length = absl::Seconds(1);
  window.has_tickers = window.has_latencies = true;
  SetOp(OpKind::kGet, 800, 10, &window);
  SetOp(OpKind::kWrite, 150, 20, &window);
  SetOp(OpKind::kSeek, 50, 80, &window);
  window.ticker(Ticker::kKeysRead) = 800;
  window.ticker(Ticker::kMemtableHit) = 60;
  window.ticker(Ticker::kGetHitL0) = 120;
  window.ticker(Ticker::kGetHitL1) = 180;
  window.ticker(Ticker::kGetHitL2AndUp) = 240;
  window.ticker(Ticker::kBytesRead) = 60000;
  window.ticker(Ticker::kKeysWritten) = 150;
  // 12 bytes head a batch and 3 an entry.
  window.ticker(Ticker::kBytesWritten) = 150 * (12 + 3 + 116);
  window.ticker(Ticker::kSeeks) = 50;
  window.ticker(Ticker::kNexts) = 900;
  window.ticker(Ticker::kPrevs) = 100;
  window.ticker(Ticker::kIterBytesRead) = 140000;
  return window;
}

TraceFacts Traced() {
  TraceFacts trace;
  trace.read_keys = KeySkew{5000, 0.4, 0.9, 64 << 20};
  trace.families = {{0, {10, 20}, {1, 2}}, {3, {70}, {7}}};
  trace.curves = {{"", {{1 << 20, 0.5}}, 1000, 0.5, 1 << 20}};
  return trace;
}

TEST(WorkloadProfile, ReadsTheMixAndTheSizesFromCounters) {
  const WorkloadProfile profile =
      ProfileOf(Repeat(MixedWindow(), 10), std::nullopt);
  EXPECT_EQ(profile.database, "orders");
  EXPECT_EQ(profile.windows, 10);
  EXPECT_EQ(profile.from, absl::FromUnixSeconds(1000));
  const struct {
    Dimension dimension;
    double value;
  } kCases[] = {
      {Dimension::kGetShare, 0.8},     {Dimension::kMultiGetShare, 0},
      {Dimension::kWriteShare, 0.15},  {Dimension::kSeekShare, 0.05},
      {Dimension::kArrivalRate, 1000}, {Dimension::kFoundShare, 0.75},
      {Dimension::kScanLength, 20},    {Dimension::kValueBytes, 116},
      {Dimension::kReadBytes, 100},
  };
  for (const auto& test : kCases) {
    EXPECT_THAT(profile[test.dimension], Optional(DoubleNear(test.value, 1e-9)))
        << ToString(test.dimension);
  }
  EXPECT_THAT(profile.burstiness, Optional(DoubleNear(0, 1e-9)));
}

TEST(WorkloadProfile, CountsTheKeysOfMultiGetsAsPointReads) {
  Window window = MixedWindow();
  SetOp(OpKind::kMultiGet, 100, 30, &window);
  window.ticker(Ticker::kMultiGetKeysRead) = 1000;
  window.ticker(Ticker::kMultiGetKeysFound) = 300;
  window.ticker(Ticker::kMultiGetBytesRead) = 30000;
  // RocksDB counts where the keys of both were found in the same tickers.
  window.ticker(Ticker::kGetHitL2AndUp) += 300;
  const WorkloadProfile profile = ProfileOf(Repeat(window, 3), std::nullopt);
  EXPECT_THAT(profile[Dimension::kFoundShare],
              Optional(DoubleNear(900.0 / 1800, 1e-9)));
  EXPECT_THAT(profile[Dimension::kReadBytes], Optional(DoubleNear(100, 1e-9)));
}

TEST(WorkloadProfile, SaysWhereReadsAreServedAndWhatIsAmplified) {
  Window window = MixedWindow();
  window.ticker(Ticker::kBlockCacheHit) = 300;
  window.ticker(Ticker::kBlockCacheMiss) = 100;
  window.ticker(Ticker::kBytesWritten) = 1000;
  window.ticker(Ticker::kWalBytes) = 1000;
  window.ticker(Ticker::kFlushWriteBytes) = 1000;
  window.ticker(Ticker::kCompactWriteBytes) = 6000;
  window.process.read_bytes = 500000;
  const WorkloadProfile profile = ProfileOf(Repeat(window, 6), std::nullopt);
  ASSERT_TRUE(profile.sources);
  EXPECT_DOUBLE_EQ(profile.sources->memtable, 0.1);
  EXPECT_DOUBLE_EQ(profile.sources->l0, 0.2);
  EXPECT_DOUBLE_EQ(profile.sources->l1, 0.3);
  EXPECT_DOUBLE_EQ(profile.sources->l2_and_up, 0.4);
  EXPECT_THAT(profile.cache_hit_ratio, Optional(0.75));
  EXPECT_THAT(profile.write_amplification, Optional(8.0));
  EXPECT_THAT(profile.read_amplification, Optional(2.5));
}

TEST(WorkloadProfile, TakesKeySizesAndDeletesFromWhatWasOnlyFlushed) {
  Window flush = MixedWindow();
  flush.events.flushes = 1;
  flush.events.entries = 100;
  flush.events.deletions = 30;
  flush.events.key_bytes = 100 * (16 + 8);  // with the internal trailer
  // A compaction's files hold old data.
  Window compaction = flush;
  compaction.events.compactions = 1;
  compaction.events.entries = 100000;
  compaction.events.deletions = 0;
  const WorkloadProfile profile =
      ProfileOf({flush, compaction, MixedWindow()}, std::nullopt);
  EXPECT_THAT(profile[Dimension::kKeyBytes], Optional(16.0));
  EXPECT_THAT(profile[Dimension::kDeleteShare], Optional(0.3));
}

TEST(WorkloadProfile, TellsFamiliesApart) {
  Window window = MixedWindow();
  window.column_families.resize(2);
  window.column_families[0].id = 0;
  window.column_families[0].name = "default";
  window.column_families[0].estimated_keys = 77;
  window.column_families[0].levels = {{2, 100}, {4, 400}, {0, 0}};
  window.column_families[1].id = 3;
  const WorkloadProfile profile = ProfileOf(Repeat(window, 2), Traced());
  ASSERT_EQ(profile.families.size(), 2u);
  EXPECT_EQ(profile.families[0].name, "default");
  EXPECT_EQ(profile.families[0].keys, 77u);
  EXPECT_EQ(profile.families[0].bytes, 500u);
  EXPECT_THAT(profile.families[0].space_amplification, Optional(1.25));
  EXPECT_THAT(profile.families[0].read_share, Optional(DoubleNear(0.3, 1e-9)));
  EXPECT_THAT(profile.families[1].miss_share, Optional(DoubleNear(0.7, 1e-9)));
  EXPECT_EQ(profile.families[1].space_amplification, std::nullopt);
}

TEST(WorkloadProfile, NamesWhatIsUnknownAndWhy) {
  const WorkloadProfile nothing = ProfileOf({}, std::nullopt);
  EXPECT_THAT(nothing.unknown, Contains("write_share: no windows yet"));
  EXPECT_EQ(Describe(nothing), "unknown load");
  for (const std::optional<double>& value : nothing.value) {
    EXPECT_EQ(value, std::nullopt);
  }
  // Without a Statistics RocksDB itself counts the writes only.
  Window blind;
  blind.length = absl::Seconds(1);
  blind.op(OpKind::kWrite).count = 100;
  blind.ticker(Ticker::kKeysWritten) = 100;
  blind.ticker(Ticker::kBytesWritten) = 13100;
  const WorkloadProfile writes = ProfileOf(Repeat(blind, 10), std::nullopt);
  EXPECT_THAT(writes.unknown,
              Contains("get_share: the database has no statistics"));
  EXPECT_THAT(writes[Dimension::kValueBytes], Optional(116.0));
  const WorkloadProfile full = ProfileOf(Repeat(MixedWindow(), 10), Traced());
  EXPECT_THAT(full.unknown, Not(Contains(HasSubstr("zipf_exponent"))));
  EXPECT_THAT(full.unknown, Contains(HasSubstr("query tracing was not opted")));
}

TEST(WorkloadProfile, SaysNothingOfAKindThatIsTooRare) {
  Window window = MixedWindow();
  SetOp(OpKind::kSeek, 10, 80, &window);
  window.ticker(Ticker::kSeeks) = 10;
  const WorkloadProfile profile = ProfileOf(Repeat(window, 10), std::nullopt);
  EXPECT_EQ(profile[Dimension::kScanLength], std::nullopt);
  EXPECT_THAT(profile.unknown,
              Contains("scan_length: hardly any seeks in these windows"));
}

TEST(WorkloadProfile, IsDescribedInOneLine) {
  EXPECT_EQ(Describe(ProfileOf(Repeat(MixedWindow(), 5), Traced())),
            "get 0.80 write 0.15 seek 0.05, 1000 ops/s, scans of 20.0, 116 B "
            "entries, skew 0.90");
}

WorkloadProfile With(Dimension dimension, double value) {
  WorkloadProfile profile = ProfileOf(Repeat(MixedWindow(), 5), Traced());
  profile.value[static_cast<size_t>(dimension)] = value;
  return profile;
}

TEST(ProfileDistance, IsOneAtTheScaleOfEachDimension) {
  const struct {
    Dimension dimension;
    double value;  // one scale from MixedWindow
    const char* text;
  } kCases[] = {
      {Dimension::kWriteShare, 0.35, "write share 0.15 -> 0.35"},
      {Dimension::kGetShare, 0.6, "get share 0.80 -> 0.60"},
      {Dimension::kFoundShare, 0.95, "found share 0.75 -> 0.95"},
      {Dimension::kScanLength, 83, "scan length 20.0 -> 83.0"},
      {Dimension::kValueBytes, 467, "entry bytes 116 B -> 467 B"},
      {Dimension::kZipfExponent, 0.5, "zipf exponent 0.90 -> 0.50"},
      {Dimension::kWorkingSetBytes, 8.0 * (64 << 20),
       "working set bytes 64.0 MiB -> 512.0 MiB"},
  };
  const WorkloadProfile before = ProfileOf(Repeat(MixedWindow(), 5), Traced());
  for (const auto& test : kCases) {
    const ProfileDistance distance =
        DistanceBetween(before, With(test.dimension, test.value));
    EXPECT_NEAR(distance.distance, 1, 1e-6) << test.text;
    EXPECT_EQ(distance.furthest, test.dimension);
    EXPECT_EQ(distance.text, test.text);
  }
}

TEST(ProfileDistance, LeavesTheRateOutUnlessAsked) {
  const WorkloadProfile a = With(Dimension::kArrivalRate, 1000);
  const WorkloadProfile b = With(Dimension::kArrivalRate, 4003);
  EXPECT_EQ(DistanceBetween(a, b).distance, 0);
  EXPECT_NEAR(DistanceBetween(a, b, /*without_rate=*/false).distance, 1, 1e-6);
}

TEST(ProfileDistance, LooksOnlyAtWhatBothKnow) {
  const WorkloadProfile nothing = ProfileOf({}, std::nullopt);
  const WorkloadProfile known = ProfileOf(Repeat(MixedWindow(), 5), Traced());
  EXPECT_EQ(DistanceBetween(nothing, known).distance, 0);
  EXPECT_EQ(DistanceBetween(nothing, known).text, "nothing is known of both");
  WorkloadProfile untraced = ProfileOf(Repeat(MixedWindow(), 5), std::nullopt);
  EXPECT_EQ(DistanceBetween(untraced, known).distance, 0);
  EXPECT_THAT(untraced.unknown, Not(IsEmpty()));
}

}  // namespace
}  // namespace rocktune
