#include "tests/simulation/store.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/simulation/plant.h"
#include "tests/simulation/surface.h"
#include "tests/simulation/worlds.h"

namespace rocktune::simulation {
namespace {

constexpr int kWrite = static_cast<int>(OpKind::kWrite);

OptionValues With(const std::string& option, const std::string& value) {
  OptionValues values = DefaultValues();
  values[KeyOf(option)] = value;
  return values;
}

Load ReadMostly() {
  Load load;
  load.get = 0.95;
  load.write = 0.05;
  return load;
}

Load WriteHeavy() {
  Load load;
  load.get = 0.05;
  load.write = 0.95;
  return load;
}

// The last second of so many under a load.
Second After(int seconds, const Load& load, Store* store) {
  for (int i = 1; i < seconds; ++i) store->Step(load, Sky(), 1);
  return store->Step(load, Sky(), 1);
}

double StallsUnder(const OptionValues& values) {
  Load load = WriteHeavy();
  load.threads = 0;
  load.arrivals_per_s = 200000;
  Store store(StoreHost(), load, ParseOptions(values));
  double stall_us = 0;
  for (int i = 0; i < 600; ++i) {
    stall_us += store.Step(load, Sky(), 1).stall_us;
  }
  return stall_us;
}

TEST(Store, HitsMoreWithALargerCache) {
  double before = 0;
  for (const char* bytes : {"33554432", "134217728", "536870912"}) {
    Store store(StoreHost(), ReadMostly(),
                ParseOptions(With("block_cache.capacity", bytes)));
    store.Warm(ReadMostly());
    const double hits = After(10, ReadMostly(), &store).hit_ratio;
    EXPECT_GT(hits, before + 0.05) << bytes;
    before = hits;
  }
  EXPECT_LE(before, 1);
}

TEST(Store, WarmsALargerCacheWithItsMisses) {
  Store store(StoreHost(), ReadMostly(), ParseOptions(DefaultValues()));
  store.Warm(ReadMostly());
  const double small = After(5, ReadMostly(), &store).hit_ratio;
  store.Set(ParseOptions(With("block_cache.capacity", "536870912")));
  const double first = After(1, ReadMostly(), &store).hit_ratio;
  EXPECT_LT(first, small + 0.02);
  EXPECT_GT(After(60, ReadMostly(), &store).hit_ratio, first + 0.1);
  store.Set(ParseOptions(DefaultValues()));
  EXPECT_NEAR(After(1, ReadMostly(), &store).hit_ratio, small, 0.01);
}

TEST(Store, StallsWithFewJobsAndNotWithMany) {
  OptionValues many = With("max_background_jobs", "8");
  many[KeyOf("max_subcompactions")] = "4";
  many[KeyOf("delayed_write_rate")] = "268435456";
  EXPECT_GT(StallsUnder(DefaultValues()), 2 * StallsUnder(many));
}

TEST(Store, KeepsItsDebtWhenTheSettingThatMadeItIsGone) {
  Load load = WriteHeavy();
  const OptionValues starved = With("compression", "kZSTD");
  Store store(StoreHost(), load, ParseOptions(starved));
  After(300, load, &store);
  const double debt = store.debt_bytes();
  ASSERT_GT(debt, 1e8);
  store.Set(ParseOptions(DefaultValues()));
  After(2, load, &store);
  EXPECT_GT(store.debt_bytes(), 0.5 * debt);
  After(600, ReadMostly(), &store);
  EXPECT_LT(store.debt_bytes(), 0.2 * debt);
}

TEST(Store, StopsWritesWhenLevelZeroIsFull) {
  OptionValues values = With("level0_stop_writes_trigger", "6");
  values[KeyOf("level0_slowdown_writes_trigger")] = "5";
  values[KeyOf("delayed_write_rate")] = "1073741824";
  Store store(StoreHost(), WriteHeavy(), ParseOptions(values));
  bool stopped = false;
  double least = 1e12;
  for (int i = 0; i < 300; ++i) {
    const Second& second = store.Step(WriteHeavy(), Sky(), 1);
    stopped = stopped || second.stopped;
    least = std::min(least, second.count[kWrite]);
  }
  EXPECT_TRUE(stopped);
  EXPECT_LT(least, 20000);
}

TEST(Plant, HasExactlyItsEffectOnTheRateOfAClosedLoop) {
  for (const double factor : {0.9, 1.05, 1.3}) {
    Store plain(StoreHost(), ReadMostly(), ParseOptions(DefaultValues()));
    Store planted(StoreHost(), ReadMostly(), ParseOptions(DefaultValues()));
    plain.Warm(ReadMostly());
    planted.Warm(ReadMostly());
    double without = 0, with = 0;
    for (int i = 0; i < 600; ++i) {
      without += plain.Step(ReadMostly(), Sky(), 1).operations;
      with += planted.Step(ReadMostly(), Sky(), factor).operations;
    }
    EXPECT_NEAR(without / with, factor, 0.01) << factor;
  }
}

TEST(Plant, ComesSlowlyAndLeavesAsItsClassHasIt) {
  Random random(1);
  PlantedEffect cache(DrawPlant(OptionClass::kWarming, 0.1, &random));
  cache.Set(cache.plant().after);
  EXPECT_GT(cache.Next(), 0.97);
  for (int i = 0; i < 120; ++i) cache.Next();
  EXPECT_NEAR(cache.Next(), 0.9, 0.001);
  cache.Set(cache.plant().before);
  EXPECT_EQ(cache.Next(), 1);
  PlantedEffect files(DrawPlant(OptionClass::kChangesFiles, 0.1, &random));
  files.Set(files.plant().after);
  for (int i = 0; i < 300; ++i) files.Next();
  files.Set(files.plant().before);
  EXPECT_LT(files.Next(), 0.93);
}

TEST(Weather, HasTheSpreadItWasAskedFor) {
  for (const NoiseKind kind : {NoiseKind::kWhite, NoiseKind::kAutocorrelated,
                               NoiseKind::kHeavyTailed}) {
    Weather weather({.noise = kind, .spread = 0.05}, 7);
    double squares = 0;
    constexpr int kSeconds = 20000;
    for (int i = 0; i < kSeconds; ++i) {
      const double log = std::log(weather.Next().service[0]);
      squares += log * log;
    }
    EXPECT_NEAR(std::sqrt(squares / kSeconds), 0.05, 0.012) << ToString(kind);
  }
}

TEST(Surface, HasAnOptimumThatIsWorthFinding) {
  const World& world = WorldOf(0);
  EXPECT_GT(world.optimum.score, 1.2 * world.start_rate);
  EXPECT_TRUE(Allowed(world.host, world.optimum.values));
  EXPECT_EQ(world.optimum.score,
            SteadyRate(world.host, world.load, world.optimum.values));
}

TEST(Surface, HasPhasesThatNoStaticValuesServe) {
  for (uint64_t pair = 0; pair < kPhasePairs; ++pair) {
    EXPECT_GT(PhasesOf(pair).ideal_ratio, 1.15) << pair;
  }
}

}  // namespace
}  // namespace rocktune::simulation
