// Windows as a load would give them, for tests of pure code.
#ifndef ROCKTUNE_TESTS_POLICY_SYNTHETIC_WINDOW_H_
#define ROCKTUNE_TESTS_POLICY_SYNTHETIC_WINDOW_H_

#include <cmath>
#include <random>
#include <vector>

#include "policy/window.h"

namespace rocktune {

inline void SetOp(OpKind kind, uint64_t count, double mean_us, Window* window) {
  OpStats& stats = window->op(kind);
  stats.count = count;
  stats.samples = count / 32;
  stats.latency_us_mean = mean_us;
  stats.latency_us_p50 = mean_us * 0.8;
  stats.latency_us_p99 = mean_us * 5;
}

// One second of a closed loop of 4 threads: 95 % gets, 5 % writes.
inline Window ReadMostlyWindow(double get_us, double write_us = 20) {
  const double mean_us = 0.95 * get_us + 0.05 * write_us;
  const double rate = 4e6 / mean_us;
  Window window;
  window.length = absl::Seconds(1);
  window.has_latencies = true;
  window.has_tickers = true;
  SetOp(OpKind::kGet, static_cast<uint64_t>(0.95 * rate), get_us, &window);
  SetOp(OpKind::kWrite, static_cast<uint64_t>(0.05 * rate), write_us, &window);
  return window;
}

inline std::vector<Window> Repeat(const Window& window, int times) {
  return std::vector<Window>(static_cast<size_t>(times), window);
}

// Noise that remembers: AR(1) on the log scale. `spread` is its standard
// deviation, `memory` the correlation of neighbours.
class Noise {
 public:
  Noise(double spread, double memory, uint32_t seed)
      : random_(seed), spread_(spread), memory_(memory) {
    state_ = spread_ * normal_(random_);
  }
  double Factor() {
    state_ = memory_ * state_ +
             std::sqrt(1 - memory_ * memory_) * spread_ * normal_(random_);
    return std::exp(state_);
  }

 private:
  std::mt19937 random_;
  std::normal_distribution<double> normal_;
  double spread_;
  double memory_;
  double state_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_SYNTHETIC_WINDOW_H_
