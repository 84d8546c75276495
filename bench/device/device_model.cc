// When operations end: servers for the latencies, ceilings for the rates.
#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>
#include <queue>
#include <random>
#include <vector>

#include "bench/device/device.h"
#include "bench/device/log_normal.h"

namespace rocktune {
namespace {

// What a ceiling lets through at once after a pause. Real throttles have such a
// slack and a caller that wakes up late needs it to reach the rate. A guess:
// long beside a late wake-up, short beside a second.
constexpr absl::Duration kSlack = absl::Milliseconds(5);

// A rate that is never exceeded for longer than its slack: a token bucket,
// kept as the moment at which everything let through is paid for.
struct Ceiling {
  bool reads;
  bool writes;
  bool of_bytes;  // else of operations
  double per_s;   // 0: no ceiling
  absl::Duration slack = kSlack;
  absl::Time paid = absl::InfinitePast();

  bool Holds(DeviceOp op) const {
    return per_s > 0 && ((reads && op == DeviceOp::kRead) ||
                         (writes && op == DeviceOp::kWrite));
  }
  // When an operation of that many units, begun at `begin`, may end.
  absl::Time Pay(double units, absl::Time begin) {
    paid = std::max(paid, begin - slack) + absl::Seconds(units / per_s);
    return paid;
  }
};

std::vector<Ceiling> CeilingsOf(const DeviceProfile& p) {
  std::vector<Ceiling> rows = {
      {true, false, false, p.read_iops},
      {false, true, false, p.write_iops},
      {true, false, true, p.read_bytes_per_s},
      {false, true, true, p.write_bytes_per_s},
      {true, true, true, p.total_bytes_per_s},
      {true, true, false, p.burst_iops},
      {true, true, false, p.total_iops},
  };
  // Credits are slack: what a pause, at most this long, has saved up. A new
  // device has them all.
  if (p.burst_iops > 0 && p.total_iops > 0) {
    rows.back().slack =
        std::max(kSlack, absl::Seconds(p.burst_credits / p.total_iops));
  }
  return rows;
}

// The highest rate at which one operation's bytes can pass; 0: any.
double LinkBytesPerS(const std::vector<Ceiling>& ceilings, DeviceOp op) {
  double rate = 0;
  for (const Ceiling& ceiling : ceilings) {
    if (!ceiling.of_bytes || !ceiling.Holds(op)) continue;
    rate = rate == 0 ? ceiling.per_s : std::min(rate, ceiling.per_s);
  }
  return rate;
}

// A sync spreads as a write does; nobody publishes its p99.
LogNormal SyncTimes(const DeviceProfile& p) {
  const double spread =
      p.write_us_p50 > 0 ? p.write_us_p99 / p.write_us_p50 : 1;
  return {p.fsync_us_p50, p.fsync_us_p50 * spread};
}

}  // namespace

struct DeviceModel::Impl {
  Impl(const DeviceProfile& device, uint64_t seed)
      : profile(device),
        read_times(device.read_us_p50, device.read_us_p99),
        write_times(device.write_us_p50, device.write_us_p99),
        sync_times(SyncTimes(device)),
        ceilings(CeilingsOf(device)),
        random(seed) {
    for (int i = 0; i < std::max(1, device.queue_depth); ++i) {
      servers.push(absl::InfinitePast());
    }
  }

  void Count(DeviceOp op, uint64_t bytes) {
    switch (op) {
      case DeviceOp::kRead:
        ++counters.reads;
        counters.read_bytes += bytes;
        return;
      case DeviceOp::kWrite:
        ++counters.writes;
        counters.write_bytes += bytes;
        return;
      case DeviceOp::kSync:
        ++counters.syncs;
        return;
    }
  }

  absl::Duration ServiceTime(DeviceOp op, uint64_t bytes, bool sequential) {
    if (op == DeviceOp::kSync) {
      return absl::Microseconds(sync_times.Draw(random));
    }
    const LogNormal& times = op == DeviceOp::kRead ? read_times : write_times;
    // Drawn even where it is not needed, so that each operation gets the same
    // draw whatever came before it.
    const absl::Duration drawn = absl::Microseconds(times.Draw(random));
    const double link = LinkBytesPerS(ceilings, op);
    const absl::Duration transfer =
        link > 0 ? absl::Seconds(static_cast<double>(bytes) / link)
                 : absl::ZeroDuration();
    if (!profile.positions) return std::max(drawn, transfer);
    return sequential ? transfer : drawn + transfer;
  }

  double Units(uint64_t bytes) const {
    if (profile.io_bytes == 0) return 1;
    return std::max(1.0, std::ceil(static_cast<double>(bytes) /
                                   static_cast<double>(profile.io_bytes)));
  }

  absl::Time End(DeviceOp op, uint64_t bytes, bool sequential,
                 absl::Time begin) {
    absl::Time end = begin + ServiceTime(op, bytes, sequential);
    for (Ceiling& ceiling : ceilings) {
      if (!ceiling.Holds(op)) continue;
      const double units =
          ceiling.of_bytes ? static_cast<double>(bytes) : Units(bytes);
      end = std::max(end, ceiling.Pay(units, begin));
    }
    return end;
  }

  const DeviceProfile profile;
  const LogNormal read_times, write_times, sync_times;
  mutable std::mutex mutex;
  std::vector<Ceiling> ceilings;
  std::mt19937_64 random;
  // When each server is free, soonest first: first come, first served.
  std::priority_queue<absl::Time, std::vector<absl::Time>, std::greater<>>
      servers;
  absl::Time writes_end = absl::InfinitePast();
  DeviceCounters counters;
};

DeviceModel::DeviceModel(const DeviceProfile& profile, uint64_t seed)
    : impl_(std::make_unique<Impl>(profile, seed)) {}
DeviceModel::~DeviceModel() = default;

absl::Time DeviceModel::Submit(DeviceOp op, uint64_t bytes, bool sequential,
                               absl::Time now) {
  Impl& impl = *impl_;
  const std::lock_guard<std::mutex> lock(impl.mutex);
  impl.Count(op, bytes);
  absl::Time begin = std::max(now, impl.servers.top());
  impl.servers.pop();
  if (op == DeviceOp::kSync) begin = std::max(begin, impl.writes_end);
  const absl::Time end = impl.End(op, bytes, sequential, begin);
  impl.servers.push(end);
  if (op == DeviceOp::kWrite) impl.writes_end = std::max(impl.writes_end, end);
  impl.counters.busy += end - now;
  return end;
}

DeviceCounters DeviceModel::Counters() const {
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  return impl_->counters;
}

}  // namespace rocktune
