// One dimension of the load over time: what it is expected to be in the next
// window, and how far from that is remarkable.
#ifndef ROCKTUNE_POLICY_SHIFT_SERIES_H_
#define ROCKTUNE_POLICY_SHIFT_SERIES_H_

namespace rocktune {

// The reference is an autoregression of order one: around a mean, with a
// spread, each value remembering the one before by `phi`. All three are
// learnt with a memory of kMemory values and from clipped deviations, so that
// single outliers do not move them (Huber 1964). Values are logarithms (of
// odds, sizes, rates). Not thread-safe.
class ShiftSeries {
 public:
  // Takes a value in as one of the present load.
  void Learn(double value);
  // Another load begins: the mean is forgotten, the noise kept as a guess.
  void Restart();

  // Values since Restart(), at most kMemory.
  double count() const { return count_; }
  double mean() const { return mean_; }
  double spread() const;
  // Of the last eight values or so.
  double recent_mean() const { return recent_; }
  // Standard deviation that chance alone gives recent_mean() - mean().
  double RecentNoise() const;

  // What the value `steps` after the last learnt one is expected to be.
  double Expected(int steps) const;
  // Standard deviation of the mean of the errors of the first `steps`
  // expected values, 1 or 2.
  double ErrorNoise(int steps) const;

 private:
  static constexpr double kMemory = 300;

  double Phi() const;

  double count_ = 0;
  double mean_ = 0;
  double recent_ = 0;
  double last_deviation_ = 0;
  // Of clipped deviations. They begin as a guess, which weighs as much as
  // kGuessWeight values.
  double variance_ = 0.0225;
  double covariance_ = 0;  // of neighbours
  double noise_weight_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_SHIFT_SERIES_H_
