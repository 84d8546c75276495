// The model in virtual time against the profile's own figures.
#include "bench/device/closed_loop.h"
#include "bench/device/device.h"
#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

constexpr uint64_t kSeed = 7;
constexpr double kTolerance = 0.05;
const absl::Time kStart = absl::UnixEpoch();

std::vector<DeviceProfile> EmulatedDevices() {
  std::vector<DeviceProfile> rows;
  for (const std::string& name : DeviceNames()) {
    const DeviceProfile row = *FindDevice(name);
    if (IsEmulated(row)) rows.push_back(row);
  }
  return rows;
}

std::string Name(const DeviceProfile& profile, const ClosedLoop& loop) {
  return profile.name + (loop.op == DeviceOp::kRead ? " read " : " write ") +
         std::to_string(loop.bytes) + " at depth " + std::to_string(loop.depth);
}

std::vector<ClosedLoop> Loops() {
  std::vector<ClosedLoop> loops;
  for (const DeviceOp op : {DeviceOp::kRead, DeviceOp::kWrite}) {
    for (const int depth : {1, 4, 16}) {
      loops.push_back({op, 4096, depth, false});
      loops.push_back({op, 1 << 20, depth, true});
    }
  }
  return loops;
}

TEST(DeviceModel, GivesTheIopsAndBandwidthOfTheProfile) {
  for (const DeviceProfile& profile : EmulatedDevices()) {
    for (const ClosedLoop& loop : Loops()) {
      const ClosedLoopFigures got = RunVirtually(profile, kSeed, loop);
      const double promised = PromisedIops(profile, loop);
      EXPECT_NEAR(got.iops, promised, kTolerance * promised)
          << Name(profile, loop);
    }
  }
}

// A device that is not at a ceiling shows its published latencies; at one, its
// callers wait for as long as Little's law says.
TEST(DeviceModel, GivesTheLatenciesOfTheProfile) {
  int compared = 0;
  for (const DeviceProfile& profile : EmulatedDevices()) {
    for (const ClosedLoop& loop : Loops()) {
      const ClosedLoopFigures got = RunVirtually(profile, kSeed, loop);
      const double by_little = loop.depth / PromisedIops(profile, loop) * 1e6;
      EXPECT_NEAR(got.us_mean, by_little, kTolerance * by_little)
          << Name(profile, loop);
      ClosedLoop alone = loop;
      alone.depth = 1;
      const bool free = PromisedIops(profile, loop) >
                        0.99 * loop.depth * PromisedIops(profile, alone);
      const bool reads = loop.op == DeviceOp::kRead;
      const double ceiling = reads ? profile.read_iops : profile.write_iops;
      if (!free || loop.bytes > 4096 || PromisedIops(profile, loop) == ceiling)
        continue;
      ++compared;
      const double p50 = reads ? profile.read_us_p50 : profile.write_us_p50;
      const double p99 = reads ? profile.read_us_p99 : profile.write_us_p99;
      EXPECT_NEAR(got.us_p50, p50, kTolerance * p50) << Name(profile, loop);
      EXPECT_NEAR(got.us_p99, p99, kTolerance * p99) << Name(profile, loop);
    }
  }
  EXPECT_GE(compared, 12);
}

// The arithmetic above and the model could be wrong together: figures by hand.
TEST(DeviceModel, GivesFiguresThatADataSheetStates) {
  const struct {
    const char* device;
    ClosedLoop loop;
    double iops;
  } rows[] = {
      {"sata-ssd", {DeviceOp::kRead, 4096, 1, false}, 13'000},
      {"sata-ssd", {DeviceOp::kWrite, 4096, 1, false}, 36'000},
      {"sata-ssd", {DeviceOp::kRead, 4096, 32, false}, 98'000},
      {"nvme", {DeviceOp::kRead, 4096, 128, false}, 490'000},
      {"nvme", {DeviceOp::kRead, 1 << 20, 4, true}, 3200e6 / (1 << 20)},
      {"hdd", {DeviceOp::kRead, 4096, 1, false}, 1000 / (7.4 + 4.16)},
      {"hdd", {DeviceOp::kRead, 1 << 20, 1, true}, 255e6 / (1 << 20)},
      {"cloud-volume", {DeviceOp::kRead, 4096, 16, false}, 3000},
      {"cloud-volume", {DeviceOp::kWrite, 1 << 20, 16, true}, 125},
  };
  for (const auto& row : rows) {
    const double got =
        RunVirtually(*FindDevice(row.device), kSeed, row.loop).iops;
    EXPECT_NEAR(got, row.iops, kTolerance * row.iops) << row.device;
  }
}

TEST(DeviceModel, RepeatsItselfWithTheSameSeed) {
  const DeviceProfile profile = *FindDevice("nvme");
  DeviceModel one(profile, 3), two(profile, 3), other(profile, 4);
  int differ = 0;
  for (int i = 0; i < 100; ++i) {
    const absl::Time now = kStart + absl::Milliseconds(i);
    const absl::Time end = one.Submit(DeviceOp::kRead, 4096, false, now);
    EXPECT_EQ(end, two.Submit(DeviceOp::kRead, 4096, false, now));
    if (end != other.Submit(DeviceOp::kRead, 4096, false, now)) ++differ;
  }
  EXPECT_GT(differ, 90);
}

// Operations per second of `depth` callers from `now` on, for `length`.
double IopsDuring(DeviceModel* model, absl::Time now, absl::Duration length) {
  std::vector<absl::Time> callers(16, now);
  int done = 0;
  for (;;) {
    auto soonest = std::min_element(callers.begin(), callers.end());
    if (*soonest >= now + length) break;
    *soonest = model->Submit(DeviceOp::kRead, 4096, false, *soonest);
    ++done;
  }
  return done / absl::ToDoubleSeconds(length);
}

TEST(DeviceModel, BurstsOnCreditsThenFallsBackAndSavesAgain) {
  const DeviceProfile profile = *FindDevice("cloud-burst");
  DeviceModel model(profile, kSeed);
  // Credits drain at burst minus refill.
  const absl::Duration burst = absl::Seconds(
      profile.burst_credits / (profile.burst_iops - profile.total_iops));
  EXPECT_NEAR(IopsDuring(&model, kStart, 0.9 * burst), profile.burst_iops,
              0.05 * profile.burst_iops);
  const absl::Time poor = kStart + 1.2 * burst;
  IopsDuring(&model, kStart + 0.9 * burst, 0.3 * burst);
  EXPECT_NEAR(IopsDuring(&model, poor, absl::Seconds(20)), profile.total_iops,
              0.05 * profile.total_iops);
  // A minute's rest saves a minute's refill, good for 6.7 s of burst.
  const absl::Time rested = poor + absl::Seconds(80);
  EXPECT_NEAR(IopsDuring(&model, rested, absl::Seconds(5)), profile.burst_iops,
              0.05 * profile.burst_iops);
  const absl::Time spent = rested + absl::Seconds(5);
  IopsDuring(&model, spent, absl::Seconds(5));
  EXPECT_NEAR(IopsDuring(&model, spent + absl::Seconds(5), absl::Seconds(20)),
              profile.total_iops, 0.05 * profile.total_iops);
}

TEST(DeviceModel, CountsALargeOperationAsSeveral) {
  const DeviceProfile profile = *FindDevice("cloud-volume");
  DeviceProfile fast_link = profile;
  fast_link.total_bytes_per_s = 0;
  // 1 MiB is four operations of 256 KiB.
  const ClosedLoop loop = {DeviceOp::kRead, 1 << 20, 16, false};
  EXPECT_NEAR(RunVirtually(fast_link, kSeed, loop).iops, 750, 38);
  const ClosedLoop odd = {DeviceOp::kRead, 256 * 1024 + 1, 16, false};
  EXPECT_NEAR(RunVirtually(fast_link, kSeed, odd).iops, 1500, 75);
}

TEST(DeviceModel, SharesTheTotalBetweenReadsAndWrites) {
  DeviceModel model(*FindDevice("cloud-volume"), kSeed);
  absl::Time ends[32];
  std::fill(std::begin(ends), std::end(ends), kStart);
  int done = 0;
  for (;;) {
    const auto i = static_cast<size_t>(
        std::min_element(std::begin(ends), std::end(ends)) - ends);
    if (ends[i] >= kStart + absl::Seconds(10)) break;
    ends[i] = model.Submit(i % 2 == 0 ? DeviceOp::kRead : DeviceOp::kWrite,
                           4096, false, ends[i]);
    ++done;
  }
  EXPECT_NEAR(done, 30'000, 1500);
  const DeviceCounters counters = model.Counters();
  EXPECT_NEAR(static_cast<double>(counters.reads), 15'000, 750);
  EXPECT_EQ(counters.reads + counters.writes, static_cast<uint64_t>(done));
}

TEST(DeviceModel, SyncsOnlyAfterTheWritesBeforeIt) {
  for (const DeviceProfile& profile : EmulatedDevices()) {
    DeviceModel model(profile, kSeed);
    absl::Time writes_end = kStart;
    for (int i = 0; i < 8; ++i) {
      writes_end = std::max(
          writes_end, model.Submit(DeviceOp::kWrite, 1 << 20, false, kStart));
    }
    const absl::Time synced = model.Submit(DeviceOp::kSync, 0, false, kStart);
    EXPECT_GT(synced, writes_end) << profile.name;
    // With nothing to wait for, it costs about its median.
    const absl::Time later = synced + absl::Seconds(10);
    const double us = absl::ToDoubleMicroseconds(
        model.Submit(DeviceOp::kSync, 0, false, later) - later);
    EXPECT_GT(us, profile.fsync_us_p50 / 4) << profile.name;
    EXPECT_LT(us, profile.fsync_us_p50 * 4) << profile.name;
  }
}

TEST(DeviceModel, SpendsNoPositioningOnSequentialReadsOfADisk) {
  const DeviceProfile profile = *FindDevice("hdd");
  DeviceModel model(profile, kSeed);
  const double random_us = absl::ToDoubleMicroseconds(
      model.Submit(DeviceOp::kRead, 4096, false, kStart) - kStart);
  const absl::Time later = kStart + absl::Seconds(1);
  const double sequential_us = absl::ToDoubleMicroseconds(
      model.Submit(DeviceOp::kRead, 4096, true, later) - later);
  EXPECT_GT(random_us, 4'000);
  EXPECT_NEAR(sequential_us, 4096 / 255e6 * 1e6, 1);
}

// Beside writers that saturate the device, a reader gets its turn.
TEST(DeviceModel, StarvesNobody) {
  for (const DeviceProfile& profile : EmulatedDevices()) {
    DeviceModel model(profile, kSeed);
    std::vector<absl::Time> callers(17, kStart);  // the last one reads
    absl::Duration longest;
    for (int i = 0; i < 20'000; ++i) {
      auto soonest = std::min_element(callers.begin(), callers.end());
      const absl::Time now = *soonest;
      const bool reads = &*soonest == &callers.back();
      *soonest = model.Submit(reads ? DeviceOp::kRead : DeviceOp::kWrite,
                              reads ? 4096 : 256 * 1024, false, now);
      if (reads) longest = std::max(longest, *soonest - now);
    }
    // At most one operation of each writer is before it; one of 16 lies far
    // out in its tail, which the factor is for.
    const ClosedLoop writers = {DeviceOp::kWrite, 256 * 1024, 16, false};
    ClosedLoop alone = {DeviceOp::kRead, 4096, 1, false};
    const double round_us = RunVirtually(profile, kSeed, writers).us_mean +
                            RunVirtually(profile, kSeed, alone).us_p99;
    EXPECT_LT(absl::ToDoubleMicroseconds(longest), 3 * round_us)
        << profile.name;
  }
}

TEST(DeviceModel, AddsNothingWhereNothingIsEmulated) {
  DeviceModel model(*FindDevice("none"), kSeed);
  for (const DeviceOp op :
       {DeviceOp::kRead, DeviceOp::kWrite, DeviceOp::kSync}) {
    EXPECT_EQ(model.Submit(op, 1 << 20, false, kStart), kStart);
  }
}

TEST(DeviceTable, NamesASourceForEachRow) {
  for (const std::string& name : DeviceNames()) {
    const absl::StatusOr<DeviceProfile> row = FindDevice(name);
    ASSERT_OK(row);
    EXPECT_GT(row->source.size(), 20u) << name;
    EXPECT_GE(row->queue_depth, 1) << name;
    if (!IsEmulated(*row)) continue;
    EXPECT_GT(row->read_us_p99, row->read_us_p50) << name;
    EXPECT_GT(row->write_us_p99, row->write_us_p50) << name;
    EXPECT_GT(row->fsync_us_p50, 0) << name;
  }
}

TEST(DeviceTable, NamesTheNearestOfAnUnknownName) {
  EXPECT_THAT(FindDevice("cloud-volum"),
              IsError(absl::StatusCode::kNotFound, "\"cloud-volume\"?"));
  EXPECT_THAT(FindDevice(""), IsError(absl::StatusCode::kNotFound, "nvme"));
}

}  // namespace
}  // namespace rocktune
