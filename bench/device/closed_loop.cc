#include "bench/device/closed_loop.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <limits>
#include <queue>
#include <vector>

#include "bench/device/log_normal.h"

namespace rocktune {
namespace {

constexpr int kWarmUpShare = 4;

double SmallestCeiling(std::initializer_list<double> ceilings) {
  double smallest = std::numeric_limits<double>::infinity();
  for (const double ceiling : ceilings) {
    if (ceiling > 0) smallest = std::min(smallest, ceiling);
  }
  return smallest;
}

}  // namespace

double PromisedIops(const DeviceProfile& p, const ClosedLoop& loop) {
  const bool reads = loop.op == DeviceOp::kRead;
  const double bytes = static_cast<double>(loop.bytes);
  const double units =
      std::max(1.0, std::ceil(bytes / static_cast<double>(p.io_bytes)));
  const double ios_per_s =
      SmallestCeiling({reads ? p.read_iops : p.write_iops,
                       p.burst_iops > 0 ? p.burst_iops : p.total_iops});
  const double bytes_per_s = SmallestCeiling(
      {reads ? p.read_bytes_per_s : p.write_bytes_per_s, p.total_bytes_per_s});
  const LogNormal times = reads ? LogNormal(p.read_us_p50, p.read_us_p99)
                                : LogNormal(p.write_us_p50, p.write_us_p99);
  const double transfer_us = bytes / bytes_per_s * 1e6;
  double service_us = std::max(times.Mean(), transfer_us);
  if (p.positions) {
    service_us = (loop.sequential ? 0 : times.Mean()) + transfer_us;
  }
  const double by_latency =
      1e6 / service_us * std::min(loop.depth, p.queue_depth);
  return std::min({ios_per_s / units, bytes_per_s / bytes, by_latency});
}

ClosedLoopFigures RunVirtually(const DeviceProfile& profile, uint64_t seed,
                               const ClosedLoop& loop) {
  DeviceModel model(profile, seed);
  std::priority_queue<absl::Time, std::vector<absl::Time>, std::greater<>>
      callers;
  for (int i = 0; i < loop.depth; ++i) callers.push(absl::UnixEpoch());
  std::vector<ClosedLoopSample> samples;
  samples.reserve(static_cast<size_t>(loop.operations));
  for (int i = 0; i < loop.operations; ++i) {
    const absl::Time now = callers.top();
    callers.pop();
    const absl::Time end =
        model.Submit(loop.op, loop.bytes, loop.sequential, now);
    callers.push(end);
    samples.push_back({now, end});
  }
  return FiguresOf(samples, loop.bytes);
}

ClosedLoopFigures FiguresOf(const std::vector<ClosedLoopSample>& samples,
                            uint64_t bytes) {
  const size_t warm_up = samples.size() / kWarmUpShare;
  absl::Time first = absl::InfinitePast(), last = first;
  std::vector<double> us;
  double sum_us = 0;
  for (size_t i = 0; i < samples.size(); ++i) {
    const ClosedLoopSample& sample = samples[i];
    last = std::max(last, sample.end);
    if (i < warm_up) {
      first = last;
      continue;
    }
    us.push_back(absl::ToDoubleMicroseconds(sample.end - sample.begin));
    sum_us += us.back();
  }
  std::sort(us.begin(), us.end());
  const auto count = static_cast<double>(us.size());
  ClosedLoopFigures figures;
  figures.iops = count / absl::ToDoubleSeconds(last - first);
  figures.bytes_per_s = figures.iops * static_cast<double>(bytes);
  figures.us_mean = sum_us / count;
  figures.us_p50 = us[us.size() / 2];
  figures.us_p99 = us[us.size() * 99 / 100];
  return figures;
}

}  // namespace rocktune
