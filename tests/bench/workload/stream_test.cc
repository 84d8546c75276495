// The order of operations, and the values they write.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "bench/workload/operation_stream.h"

namespace rocktune {
namespace {

struct Streams {
  explicit Streams(const std::string& name)
      : workload(Scaled(*FindWorkload(name), 1 << 20)),
        space(workload),
        distributions(workload, 1),
        values(workload.data, 1) {}

  OperationStream Make(uint64_t seed) const {
    const LiveKeys live{space.initial(), space.lanes() > 0 ? 1 : kNoLane, 0};
    return OperationStream({&workload.phases[0].clients[0], 1, seed, live},
                           space, distributions, values);
  }

  const Workload workload;
  const KeySpace space;
  const KeyDistributions distributions;
  const ValueSource values;
};

bool Same(const PlannedOperation& a, const PlannedOperation& b) {
  return a.operation == b.operation && a.key == b.key &&
         a.scan_length == b.scan_length && a.value == b.value;
}

TEST(OperationStream, RepeatsItselfWithTheSameSeedOnly) {
  for (const std::string& name : WorkloadNames()) {
    // Two of everything: no state may be shared.
    const Streams first(name), second(name);
    OperationStream one = first.Make(3), same = second.Make(3),
                    other = first.Make(4);
    int different = 0;
    for (int i = 0; i < 2000; ++i) {
      const PlannedOperation planned = one.Next();
      ASSERT_TRUE(Same(planned, same.Next())) << name << " " << i;
      if (!Same(planned, other.Next())) ++different;
    }
    // Inserts alone have the same keys in the same order, with other values.
    EXPECT_GT(different, 1000) << name;
  }
}

TEST(OperationStream, KeepsToTheMix) {
  for (const std::string& name : WorkloadNames()) {
    const Streams streams(name);
    OperationStream stream = streams.Make(1);
    std::array<int, kOperations> counts{};
    for (int i = 0; i < 20'000; ++i) {
      ++counts[static_cast<size_t>(stream.Next().operation)];
    }
    for (size_t i = 0; i < counts.size(); ++i) {
      EXPECT_NEAR(counts[i] / 20'000.0,
                  streams.workload.phases[0].clients[0].mix[i], 0.02)
          << name << " " << ToString(static_cast<Operation>(i));
    }
  }
}

TEST(OperationStream, DrawsScanLengthsFromTheirWholeRange) {
  const Streams streams("ycsb-e");
  OperationStream stream = streams.Make(1);
  int least = 1000, most = 0;
  for (int i = 0; i < 5000; ++i) {
    const PlannedOperation planned = stream.Next();
    if (planned.operation != Operation::kScan) continue;
    least = std::min(least, planned.scan_length);
    most = std::max(most, planned.scan_length);
  }
  EXPECT_EQ(least, 1);
  EXPECT_EQ(most, 100);
}

TEST(OperationStream, InsertsTheKeysOfItsLane) {
  const Streams streams("bulk-load-serve");
  OperationStream stream = streams.Make(1);
  for (uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(stream.Next().key, streams.space.Inserted(1, i));
  }
  EXPECT_EQ(stream.inserted(), 100u);
}

TEST(ValueSource, GivesTheSizeAskedFor) {
  DataSpec data;
  for (size_t bytes : {size_t{1}, size_t{100}, size_t{1} << 20}) {
    data.values.bytes = bytes;
    const ValueSource source(data, 1);
    std::mt19937_64 random(1);
    for (int i = 0; i < 100; ++i) {
      ASSERT_EQ(source.Next(random).size(), bytes);
    }
  }
}

TEST(ValueSource, GivesParetoSizesOfTheMeanAskedFor) {
  DataSpec data;
  data.values = {.bytes = 35, .pareto = true, .pareto_k = 0.2615};
  const ValueSource source(data, 1);
  std::mt19937_64 random(1);
  double sum = 0;
  int short_ones = 0, long_ones = 0;
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) {
    const size_t bytes = source.Next(random).size();
    ASSERT_GE(bytes, 1u);
    sum += static_cast<double>(bytes);
    if (bytes <= 19) ++short_ones;
    if (bytes > 100) ++long_ones;
  }
  EXPECT_NEAR(sum / kDraws, 35, 0.7);
  // The formula's distribution function at 19.5 and 100.5, with
  // sigma = 35 (1 - k) = 25.85.
  EXPECT_NEAR(short_ones / double{kDraws}, 0.4977, 0.005);
  EXPECT_NEAR(long_ones / double{kDraws}, 0.0684, 0.003);
}

TEST(ValueSource, RarelyRepeatsItself) {
  const ValueSource source(DataSpec{.compressed_ratio = 1}, 1);
  std::mt19937_64 random(1);
  std::set<std::string> values;
  for (int i = 0; i < 1000; ++i) values.emplace(source.Next(random));
  EXPECT_GT(values.size(), 990u);
}

}  // namespace
}  // namespace rocktune
