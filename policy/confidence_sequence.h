// Intervals for the mean of paired differences that hold at every look at
// once, however often one looks and whenever one stops.
#ifndef ROCKTUNE_POLICY_CONFIDENCE_SEQUENCE_H_
#define ROCKTUNE_POLICY_CONFIDENCE_SEQUENCE_H_

#include <vector>

namespace rocktune {

// In a switchback the order within each pair is drawn by a fair coin. If the
// candidate's effect is `m` (log scale), the difference of pair i minus m is
// as likely to have one sign as the other, given its size and everything that
// was seen before: whatever the noise, heavy-tailed, drifting or correlated.
// So for every fixed l > 0
//     E_n(m) = prod_i 2 / (1 + exp(-2 l (d_i - m)))
// is a nonnegative martingale that starts at 1, and so is any mixture over l.
// By Ville's inequality it ever reaches 1/alpha with a probability of at most
// alpha: all m where it did not are the confidence sequence. (de la Pena 1999;
// Howard, Ramdas, McAuliffe, Sekhon 2020; Waudby-Smith, Ramdas 2024.)
// One-sided at `alpha` on each side. Not thread-safe.
class PairedSequence {
 public:
  // `scale` > 0: the expected size of the noise of one difference. It is
  // corrected from the differences as they come, each bet being placed before
  // its difference is seen: a wrong guess costs power, never validity.
  PairedSequence(double scale, double alpha);

  // `difference`: log cost of the incumbent's block less the candidate's.
  // Anything not finite is ignored.
  void Add(double difference);

  int pairs() const { return static_cast<int>(differences_.size()); }
  // 0 without pairs.
  double Mean() const;
  double Median() const;
  // Running intersection: never widens. -infinity / +infinity at first.
  double Low() const { return low_; }
  double High() const { return high_; }

 private:
  double Evidence(double effect, double direction) const;
  double Bound(double known, double direction) const;
  double NextScale() const;

  double scale_;
  double alpha_;
  double low_;
  double high_;
  std::vector<double> differences_;
  std::vector<double> scales_;  // what each difference was bet on with
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_CONFIDENCE_SEQUENCE_H_
