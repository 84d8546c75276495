// How often a verdict is wrong, over simulated trials. STATISTICS.md has the
// same rates over more trials.
#include "gtest/gtest.h"
#include "tests/policy/simulated_trials.h"

namespace rocktune {
namespace {

struct Row {
  NoiseKind noise;
  double speedup;
  double least_kept;
  double most_kept;
  double most_median;  // pairs, or windows of the candidate
};

// Room for chance: 200 trials with 0.008 kept are more than 4 hardly ever.
const Row kPairs[] = {
    {kWhite, 1.00, 0.00, 0.02, 8},       {kCorrelated, 1.00, 0.00, 0.02, 8},
    {kHeavy, 1.00, 0.00, 0.02, 8},       {kWandering, 1.00, 0.00, 0.02, 8},
    {kWhite, 0.95, 0.00, 0.004, 8},      {kCorrelated, 0.95, 0.00, 0.004, 8},
    {kWhite, 1.10, 0.95, 1.00, 10},      {kCorrelated, 1.10, 0.95, 1.00, 10},
    {kHeavy, 1.10, 0.95, 1.00, 10},      {kWhite, 1.04, 0.60, 1.00, 20},
    {kCorrelated, 1.04, 0.60, 1.00, 20}, {kHeavy, 1.04, 0.60, 1.00, 20},
};

TEST(VerdictRates, OfSwitchbacksHoldWhateverTheNoise) {
  for (const Row& row : kPairs) {
    SCOPED_TRACE(row.noise.name);
    SCOPED_TRACE(row.speedup);
    TrialSetting setting;
    setting.speedup = row.speedup;
    setting.noise = row.noise;
    const Rates rates = RatesOf(SimulateSwitchback, setting, 200);
    EXPECT_GE(rates.kept, row.least_kept);
    EXPECT_LE(rates.kept, row.most_kept);
    EXPECT_LE(rates.median, row.most_median);
  }
}

const Row kOneWay[] = {
    {kWhite, 1.00, 0.00, 0.01, 60},      {kCorrelated, 1.00, 0.00, 0.01, 60},
    {kHeavy, 1.00, 0.00, 0.01, 60},      {kWandering, 1.00, 0.00, 0.01, 60},
    {kHourly, 1.00, 0.00, 0.01, 60},     {kWhite, 0.95, 0.00, 0.005, 60},
    {kHourly, 0.95, 0.00, 0.005, 60},    {kWhite, 1.10, 0.95, 1.00, 30},
    {kCorrelated, 1.30, 0.90, 1.00, 30},
};

TEST(VerdictRates, OfOneWayTrialsHoldUnderDrift) {
  for (const Row& row : kOneWay) {
    SCOPED_TRACE(row.noise.name);
    SCOPED_TRACE(row.speedup);
    TrialSetting setting;
    setting.speedup = row.speedup;
    setting.noise = row.noise;
    const Rates rates = RatesOf(SimulateBeforeAfter, setting, 100);
    EXPECT_GE(rates.kept, row.least_kept);
    EXPECT_LE(rates.kept, row.most_kept);
    EXPECT_LE(rates.median, row.most_median);
  }
}

}  // namespace
}  // namespace rocktune
