// Trying values one after the other on a running load, as most searches do:
// set, let it settle, measure the throughput, go on; then keep the best.
#ifndef ROCKTUNE_BENCH_CONTESTANTS_EVALUATION_H_
#define ROCKTUNE_BENCH_CONTESTANTS_EVALUATION_H_

#include <optional>
#include <string>

#include "bench/contestants/contestant.h"

namespace rocktune {

// The clock of one evaluation after another. The first third of each is left
// out: values have only just been set. Not thread-safe.
class Evaluation {
 public:
  explicit Evaluation(double length_s) : length_s_(length_s) {}

  void Begin(double at_s, std::string what) {
    begin_s_ = at_s;
    what_ = std::move(what);
    operations_ = 0;
    seconds_ = 0;
    open_ = true;
  }
  bool open() const { return open_; }

  // Operations per second once the evaluation is over.
  std::optional<double> Add(const LoadInterval& seen, double at_s) {
    if (!open_) return std::nullopt;
    if (at_s - begin_s_ > length_s_ / 3) {
      operations_ += static_cast<double>(seen.Count());
      seconds_ += seen.seconds;
    }
    if (at_s - begin_s_ < length_s_ || seconds_ <= 0) return std::nullopt;
    open_ = false;
    end_s_ = at_s;
    return operations_ / seconds_;
  }

  // Of the evaluation that has just ended, against `reference` ops/s.
  CellTrial Row(double ops_per_s, double reference) const {
    CellTrial row;
    row.begin_s = begin_s_;
    row.end_s = end_s_;
    row.what = what_;
    row.effect = reference > 0 ? ops_per_s / reference - 1 : 0;
    row.verdict = row.effect > 0 ? "better" : "worse";
    return row;
  }

 private:
  const double length_s_;
  double begin_s_ = 0;
  double end_s_ = 0;
  double operations_ = 0;
  double seconds_ = 0;
  bool open_ = false;
  std::string what_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CONTESTANTS_EVALUATION_H_
