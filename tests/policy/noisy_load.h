// A load that is stationary but noisy, window by window: Poisson counts, each
// kind of operation with log-noise of its own that remembers, and bursts of
// the rate that all kinds share.
#ifndef ROCKTUNE_TESTS_POLICY_NOISY_LOAD_H_
#define ROCKTUNE_TESTS_POLICY_NOISY_LOAD_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "absl/time/time.h"
#include "policy/window.h"
#include "tests/policy/synthetic_window.h"

namespace rocktune {

struct NoisyLoadShape {
  std::array<double, kOpKinds> share = {0.9, 0, 0.1, 0};
  double ops_per_s = 10000;
  double noise = 0.07;  // of each kind, log scale
  double memory = 0.8;  // correlation of neighbours
  double burst_factor = 3;
  int burst_every = 120;  // windows, on average
  int burst_windows = 10;
  double found = 0.8;
  double scan_length = 20;
  double entry_bytes = 116;
};

class NoisyLoad {
 public:
  NoisyLoad(const NoisyLoadShape& load, uint32_t seed)
      : shape(load), random_(seed) {
    for (uint32_t i = 0; i < kNoises; ++i) {
      noise_.emplace_back(shape.noise, shape.memory, seed * kNoises + i);
    }
  }

  Window Next() {
    if (burst_left_ > 0) {
      --burst_left_;
    } else if (Draw(1.0) < 1.0 / shape.burst_every) {
      burst_left_ = shape.burst_windows;
    }
    const double rate =
        shape.ops_per_s * (burst_left_ > 0 ? shape.burst_factor : 1);
    Window window;
    window.number = ++number_;
    window.start = absl::FromUnixSeconds(static_cast<int64_t>(number_));
    window.length = absl::Seconds(1);
    window.has_tickers = window.has_latencies = true;
    std::array<uint64_t, kOpKinds> count{};
    for (size_t kind = 0; kind < kOpKinds; ++kind) {
      count[kind] = Poisson(rate * shape.share[kind] * noise_[kind].Factor());
      SetOp(static_cast<OpKind>(kind), count[kind], 50, &window);
    }
    const uint64_t gets = count[0];
    window.ticker(Ticker::kKeysRead) = gets;
    const double lost = (1 - shape.found) * noise_[kOpKinds].Factor();
    const uint64_t missed = std::min(
        gets, Poisson(static_cast<double>(gets) * std::min(1.0, lost)));
    window.ticker(Ticker::kGetHitL2AndUp) = gets - missed;
    window.ticker(Ticker::kBytesRead) = (gets - missed) * 100;
    window.ticker(Ticker::kKeysWritten) = count[2];
    window.ticker(Ticker::kBytesWritten) = static_cast<uint64_t>(
        static_cast<double>(count[2]) * (shape.entry_bytes + 15));
    window.ticker(Ticker::kSeeks) = count[3];
    window.ticker(Ticker::kNexts) =
        Poisson(static_cast<double>(count[3]) * shape.scan_length *
                noise_[kOpKinds + 1].Factor());
    return window;
  }

  // May be changed between windows: the load shifts.
  NoisyLoadShape shape;

 private:
  static constexpr uint32_t kNoises = kOpKinds + 2;

  uint64_t Poisson(double mean) {
    if (mean <= 0) return 0;
    return std::poisson_distribution<uint64_t>(mean)(random_);
  }
  double Draw(double most) {
    return std::uniform_real_distribution<double>(0, most)(random_);
  }

  std::mt19937 random_;
  std::vector<Noise> noise_;
  uint64_t number_ = 0;
  int burst_left_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_NOISY_LOAD_H_
