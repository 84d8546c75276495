// Times whose logarithm is normal: the usual shape of a device's latencies.
#ifndef ROCKTUNE_BENCH_DEVICE_LOG_NORMAL_H_
#define ROCKTUNE_BENCH_DEVICE_LOG_NORMAL_H_

#include <cmath>
#include <random>

namespace rocktune {

// A plain value. By median and p99, as data sheets state it; the mean, which
// decides the operations per second, lies above the median.
class LogNormal {
 public:
  LogNormal() = default;
  LogNormal(double p50, double p99)
      : p50_(p50),
        sigma_(p50 > 0 && p99 > p50 ? std::log(p99 / p50) / kNormalP99 : 0) {}

  double Mean() const { return p50_ * std::exp(0.5 * sigma_ * sigma_); }
  double Draw(std::mt19937_64& random) const {
    // Its own distribution object a draw: one would keep a second value, and
    // which draw of which operation gets it would depend on the order.
    return p50_ * std::exp(sigma_ * std::normal_distribution<>()(random));
  }

 private:
  static constexpr double kNormalP99 = 2.3263478740408408;
  double p50_ = 0;
  double sigma_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEVICE_LOG_NORMAL_H_
