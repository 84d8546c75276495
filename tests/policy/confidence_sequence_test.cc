#include "policy/confidence_sequence.h"

#include <cmath>

#include "gtest/gtest.h"
#include "tests/policy/noise_kinds.h"

namespace rocktune {
namespace {

// The difference of two blocks of `windows` each, in an order drawn by coin.
double Difference(double effect, int windows, NoiseOf* noise) {
  double first = 0, second = 0;
  for (int i = 0; i < windows; ++i) first += noise->Next() / windows;
  for (int i = 0; i < windows; ++i) second += noise->Next() / windows;
  return effect + (noise->Coin() ? first - second : second - first);
}

struct Misses {
  double low = 0;  // share of sequences whose low ever passed the truth
  double high = 0;
};

Misses MissesOf(const NoiseKind& kind, double scale, double alpha) {
  constexpr int kSequences = 1500;
  constexpr double kTruth = 0.03;
  Misses misses;
  for (uint32_t seed = 0; seed < kSequences; ++seed) {
    NoiseOf noise(kind, 0.05, seed);
    PairedSequence sequence(scale, alpha);
    for (int pair = 0; pair < 30; ++pair) {
      sequence.Add(Difference(kTruth, 3, &noise));
    }
    misses.low += sequence.Low() > kTruth;
    misses.high += sequence.High() < kTruth;
  }
  misses.low /= kSequences;
  misses.high /= kSequences;
  return misses;
}

TEST(PairedSequence, HoldsTheTruthAtAllLooksAtOnceWhateverTheNoise) {
  for (const NoiseKind& kind :
       {kWhite, kCorrelated, kHeavier, kWandering, kHourly}) {
    SCOPED_TRACE(kind.name);
    const Misses misses = MissesOf(kind, 0.04, 0.05);
    // 0.05 and two and a half standard errors of 1 500 sequences.
    EXPECT_LE(misses.low, 0.065);
    EXPECT_LE(misses.high, 0.065);
    EXPECT_GT(misses.low + misses.high, 0.005) << "wider than it needs to be";
  }
}

TEST(PairedSequence, StaysValidWhenTheScaleWasGuessedWrong) {
  for (double scale : {0.001, 1.0}) {
    SCOPED_TRACE(scale);
    const Misses misses = MissesOf(kWhite, scale, 0.05);
    EXPECT_LE(misses.low, 0.065);
    EXPECT_LE(misses.high, 0.065);
  }
}

int PairsUntilProven(double difference, double scale, double alpha) {
  PairedSequence sequence(scale, alpha);
  while (sequence.Low() <= 0 && sequence.pairs() < 100) {
    sequence.Add(difference);
  }
  return sequence.pairs();
}

TEST(PairedSequence, NeedsLittleMoreThanTheCoinsWhenAllPairsAgree) {
  for (double alpha : {0.05, 0.006, 0.001}) {
    SCOPED_TRACE(alpha);
    const int coins = static_cast<int>(std::ceil(std::log2(1 / alpha)));
    EXPECT_GE(PairsUntilProven(0.1, 0.04, alpha), coins);
    EXPECT_LE(PairsUntilProven(0.1, 0.04, alpha), coins + 1);
  }
}

TEST(PairedSequence, NarrowsAroundTheEffectAndNeverWidens) {
  NoiseOf noise(kWhite, 0.05, 1);
  PairedSequence sequence(0.04, 0.05);
  double low = sequence.Low(), high = sequence.High();
  EXPECT_TRUE(std::isinf(low) && std::isinf(high));
  for (int pair = 0; pair < 200; ++pair) {
    sequence.Add(Difference(0.10, 3, &noise));
    EXPECT_GE(sequence.Low(), low);
    EXPECT_LE(sequence.High(), high);
    low = sequence.Low();
    high = sequence.High();
  }
  EXPECT_NEAR(sequence.Mean(), 0.10, 0.01);
  EXPECT_LT(low, 0.10);
  EXPECT_GT(high, 0.10);
  EXPECT_LT(high - low, 0.03);
}

TEST(PairedSequence, MirrorsWhenTheArmsAreSwapped) {
  NoiseOf noise(kHeavy, 0.05, 5);
  PairedSequence one(0.04, 0.05), other(0.04, 0.05);
  for (int pair = 0; pair < 20; ++pair) {
    const double difference = Difference(0.02, 3, &noise);
    one.Add(difference);
    other.Add(-difference);
  }
  EXPECT_NEAR(one.Low(), -other.High(), 1e-6);
  EXPECT_NEAR(one.High(), -other.Low(), 1e-6);
  EXPECT_NEAR(one.Median(), -other.Median(), 1e-12);
}

TEST(PairedSequence, TakesNothingThatIsNotANumber) {
  PairedSequence sequence(0.04, 0.05);
  sequence.Add(std::nan(""));
  sequence.Add(INFINITY);
  EXPECT_EQ(sequence.pairs(), 0);
  EXPECT_EQ(sequence.Mean(), 0);
  EXPECT_EQ(sequence.Median(), 0);
}

TEST(PairedSequence, ProvesAnEffectWithoutAnyNoise) {
  PairedSequence sequence(0, 0.05);
  for (int pair = 0; pair < 8; ++pair) sequence.Add(0.1);
  EXPECT_GT(sequence.Low(), 0.09);
  EXPECT_LT(sequence.High(), 0.11);
}

}  // namespace
}  // namespace rocktune
