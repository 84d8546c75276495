// The objective's cost of every window under the incumbent, for as long as
// the noise of this database and host is of interest.
#ifndef ROCKTUNE_POLICY_COST_HISTORY_H_
#define ROCKTUNE_POLICY_COST_HISTORY_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/time/time.h"

namespace rocktune {

// Compact: 16 bytes a window. Not thread-safe.
class CostHistory {
 public:
  static constexpr size_t kMaxWindows = 3600;

  // `cost` > 0: the objective's cost per operation of one window.
  void Add(absl::Time at, double cost);
  // What is before and after this point is never compared.
  void Break();
  // The same, and values or load are others from here on: what was before
  // tells of the noise only until enough was seen of what is now.
  void StartOver();

  size_t windows() const { return samples_.size(); }

  // Standard deviation of the log of a window's cost, short term (from
  // neighbours, so that drift does not count). nullopt: too few windows.
  std::optional<double> WindowNoise() const;

  // How many windows a block needs so that two neighbouring blocks are nearly
  // uncorrelated, within [least, most].
  int BlockWindows(int least, int most) const;

  // The length of a switchback's blocks, within [least, most], that needs the
  // least time for a given precision: the spread of neighbouring blocks'
  // difference, squared, times what a block costs (`lost` windows after each
  // switch do not count). Noise that remembers favours short blocks.
  int PairBlockWindows(int least, int most, int lost) const;

  // How much two stretches of `before` and `after` windows, `gap` windows
  // apart, differ when nothing was changed: the root mean square of the
  // difference of their mean log costs over all places in the history, and
  // over how many independent places that is ("placebo" comparisons). Where
  // the history has no room for a few independent places of that span, shorter
  // ones are scaled up as far as the spread is seen to grow with the span, and
  // with caution: never down.
  // nullopt: not even for those.
  struct Placebo {
    double spread = 0;
    double independent = 0;  // degrees of freedom, >= 1
  };
  std::optional<Placebo> PlaceboSpread(int before, int gap, int after) const;

 private:
  struct Sample {
    absl::Time at;
    float log_cost;
    uint32_t stretch;
  };
  struct Span {
    size_t before, gap, after;
    size_t Windows() const { return before + gap + after; }
  };
  using Logs = std::vector<std::vector<double>>;  // of each stretch
  static std::optional<Placebo> Compare(const Logs& stretches,
                                        const Span& place);
  // What PlaceboSpread says from these; nullopt where they have no room for a
  // few places of at least `least_part` of the span.
  static std::optional<Placebo> SpreadIn(const Logs& stretches,
                                         const Span& wanted, double least_part);
  Logs Stretches(uint32_t first = 0) const;
  // How much a window follows the one before it: lag-1 autocorrelation.
  double Memory() const;

  std::deque<Sample> samples_;
  uint32_t stretch_ = 0;
  uint32_t first_of_now_ = 0;  // the first stretch since StartOver()
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_COST_HISTORY_H_
