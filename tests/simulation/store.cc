#include "tests/simulation/store.h"

#include <algorithm>
#include <cmath>

namespace rocktune::simulation {
namespace {

// All constants are guesses of the size they have on a small server with an
// SSD; the shape of the surface matters, not its height.
constexpr double kOpenLoopThreads = 64;
constexpr double kFlushBytesPerS = 200e6;  // of one flush job
constexpr double kJobBytesPerS = 120e6;    // moved (read + written)
constexpr double kFanOut = 5;  // bytes rewritten for each byte and level
constexpr double kLeastRateShare = 0.02;  // of the host's, while stopped
constexpr double kMostOverwritten = 0.85;
constexpr double kMostCrowd = 50;

struct CompressionCosts {
  double ratio;            // of compressed to plain bytes
  double unpack_us;        // a block of 4 KiB
  double job_speed;        // of a compaction, 1 = without
  double cpu_us_per_byte;  // of a compaction
};
constexpr CompressionCosts kCompressions[] = {
    {1.0, 0.3, 1.0, 0.005}, {0.6, 1.5, 0.9, 0.008}, {0.45, 7, 0.5, 0.02}};

// Files hold a blend of what was in force while they were written.
CompressionCosts Blend(double compression) {
  const int low = std::clamp(static_cast<int>(compression), 0, 1);
  const double part = compression - low;
  const CompressionCosts& a = kCompressions[low];
  const CompressionCosts& b = kCompressions[low + 1];
  auto mix = [part](double x, double y) { return x + part * (y - x); };
  return {mix(a.ratio, b.ratio), mix(a.unpack_us, b.unpack_us),
          mix(a.job_speed, b.job_speed),
          mix(a.cpu_us_per_byte, b.cpu_us_per_byte)};
}

double FlushJobs(const StoreOptions& options) {
  return std::max(1.0, std::floor(options.jobs / 4));
}

double FlushLimit(const StoreOptions& options) {
  return FlushJobs(options) * kFlushBytesPerS;
}

constexpr int kGet = static_cast<int>(OpKind::kGet);
constexpr int kWrite = static_cast<int>(OpKind::kWrite);
constexpr int kSeek = static_cast<int>(OpKind::kSeek);

// Crowding reacts within seconds and never overshoots.
double Crowd(double before, double demand) {
  const double queue = std::max(1.0, before * std::sqrt(demand / 0.95));
  return std::min(kMostCrowd, queue);
}

}  // namespace

const char* ToString(StallCause cause) {
  switch (cause) {
    case StallCause::kNone:
      return "none";
    case StallCause::kMemtables:
      return "memtables";
    case StallCause::kL0Files:
      return "l0_files";
    case StallCause::kPendingBytes:
      return "pending_bytes";
  }
  return "?";
}

Store::Store(const StoreHost& host, const Load& load,
             const StoreOptions& options)
    : host_(host),
      options_(options),
      skew_(load.skew),
      files_block_bytes_(options.block_bytes),
      files_compression_(options.compression) {
  l0_files_ = 0.5 * options.l0_trigger;
  l0_bytes_ =
      l0_files_ * options.write_buffer_bytes * Blend(files_compression_).ratio;
}

void Store::Warm(const Load& load) {
  cache_usage_ = std::min(options_.block_cache_bytes, load.data_bytes);
  cache_useful_ = cache_usage_;
  skew_ = load.skew;
}

void Store::Restart() {
  cache_usage_ = cache_useful_ = memtable_bytes_ = 0;
  compacting_l0_ = false;
}

void Store::Set(const StoreOptions& options) {
  options_ = options;
  cache_usage_ = std::min(cache_usage_, options.block_cache_bytes);
  cache_useful_ = std::min(cache_useful_, cache_usage_);
}

double Store::file_bytes(const Load& load) const {
  return load.data_bytes * Blend(files_compression_).ratio;
}

double Store::immutable_memtables() const {
  return std::clamp(std::floor(memtable_bytes_ / options_.write_buffer_bytes),
                    0.0, options_.write_buffers - 1);
}

double Store::StallNearness(StallCause* cause) const {
  double nearest = 0;
  auto take = [&](double nearness, StallCause what) {
    if (nearness <= nearest) return;
    nearest = std::min(1.0, nearness);
    *cause = what;
  };
  take(immutable_memtables() / options_.write_buffers, StallCause::kMemtables);
  take(std::floor(l0_files_) / options_.l0_stop, StallCause::kL0Files);
  if (options_.hard_debt_bytes > 0) {
    take(debt_bytes_ / options_.hard_debt_bytes, StallCause::kPendingBytes);
  }
  return nearest;
}

// Blocks are asked for as Zipf has it: the hottest share c of them gets
// c^(1 - skew) of the lookups (Adamic, Huberman 2002, integrated). Larger
// blocks carry more cold keys beside the hot ones.
double Store::HitRatio(const Load& load, double cache_bytes) const {
  const double dilution = std::pow(files_block_bytes_ / 4096, 0.25);
  const double held = cache_bytes / (load.data_bytes * dilution);
  return std::min(1.0, std::pow(held, 1 - load.skew));
}

Store::Costs Store::CostsOf(const Load& load) const {
  Costs costs;
  const CompressionCosts files = Blend(files_compression_);
  const double blocks = files_block_bytes_ / 4096;
  costs.miss = 1 - HitRatio(load, cache_useful_);
  const double unpack_us = files.unpack_us * blocks;
  const double entry_bytes = load.key_bytes + load.value_bytes;
  // Unsorted data makes every read look at more files.
  const double debt = std::min(4.0, debt_bytes_ / options_.level_base_bytes);
  const double l0 = l0_files_;

  costs.lookups[kGet] = load.found + 0.02;
  costs.reads[kGet] = costs.miss * costs.lookups[kGet];
  costs.cpu_us[kGet] = 3 + 0.4 * l0 + 0.5 * debt +
                       costs.lookups[kGet] * (0.8 + 0.3 * std::sqrt(blocks)) +
                       costs.reads[kGet] * unpack_us;

  const double scanned = load.scan_entries * entry_bytes / files_block_bytes_;
  costs.lookups[kSeek] = 2 + 0.5 * l0 + scanned;
  costs.reads[kSeek] = costs.miss * (2 + 0.5 * l0 + 0.5 * scanned);
  costs.cpu_us[kSeek] = 8 + 2 * l0 + 2 * debt + 0.1 * load.scan_entries +
                        0.5 * costs.lookups[kSeek] +
                        costs.miss * costs.lookups[kSeek] * unpack_us;

  costs.cpu_us[kWrite] = 4 + entry_bytes / 250;
  return costs;
}

// Bytes of writes that may come in this second.
double Store::WriteLimit(StallCause* cause, bool* stopped) const {
  const double room =
      options_.write_buffers * options_.write_buffer_bytes - memtable_bytes_;
  double limit = std::max(0.0, room) + FlushLimit(options_);
  *cause = StallCause::kMemtables;
  const double l0 = std::floor(l0_files_);
  if (l0 >= options_.l0_stop) {
    *cause = StallCause::kL0Files;
    *stopped = true;
    return 0;
  }
  auto delay = [&](double amount, double from, double to, StallCause what) {
    if (from <= 0 || amount < from) return;
    // RocksDB slows down further the nearer the stop is.
    const double near =
        std::min(1.0, (amount - from) / std::max(1.0, to - from));
    const double rate = options_.delayed_write_bytes_per_s * (1 - 0.8 * near);
    if (rate < limit) {
      limit = rate;
      *cause = what;
    }
  };
  delay(l0, options_.l0_slowdown, options_.l0_stop, StallCause::kL0Files);
  delay(debt_bytes_, options_.soft_debt_bytes, options_.hard_debt_bytes,
        StallCause::kPendingBytes);
  return limit;
}

void Store::Serve(const Load& load, const Sky& sky, double factor,
                  const Costs& costs) {
  const CompressionCosts files = Blend(files_compression_);
  const double read_us = host_.read_us * device_crowd_ *
                         (1 + files_block_bytes_ * files.ratio / 65536);
  const double share[kOpKinds] = {load.get, 0, load.write, load.seek};
  double mean_us = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    slowdown_[kind] = sky.service[kind] * factor;
    second_.latency_us[kind] =
        (costs.cpu_us[kind] * cpu_crowd_ + costs.reads[kind] * read_us) *
        slowdown_[kind];
    second_.p99[kind] = 5 * sky.p99[kind];
    mean_us += share[kind] * second_.latency_us[kind];
  }
  const double threads = load.threads > 0 ? load.threads : kOpenLoopThreads;
  double rate = threads * 1e6 / mean_us;
  if (load.threads <= 0) {
    rate = std::min(rate, load.arrivals_per_s * sky.arrivals);
  }
  StallCause cause = StallCause::kNone;
  const double limit = WriteLimit(&cause, &second_.stopped);
  const double wish = rate * load.write * BytesPerWrite(load);
  second_.stall = StallCause::kNone;
  second_.stall_us = 0;
  if (wish > limit) {
    // Sooner or later every thread waits with a write in its hands.
    const double part = std::max(limit / wish, kLeastRateShare);
    rate *= part;
    second_.stall = cause;
    second_.stall_us = threads * 1e6 * (1 - part);
    second_.latency_us[kWrite] +=
        second_.stall_us / std::max(1.0, rate * load.write);
    second_.p99[kWrite] = 2;
  }
  second_.operations = rate;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    second_.count[kind] = rate * share[kind];
  }
  second_.user_bytes = second_.count[kWrite] * BytesPerWrite(load);
}

void Store::Fill(const Load& load, const Costs& costs) {
  if (load.skew != skew_) {
    // Another hot set: what is held is of use in part only.
    cache_useful_ *= std::max(0.0, 1 - 2 * std::abs(load.skew - skew_));
    skew_ = load.skew;
  }
  double lookups = 0, reads = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    lookups += second_.count[kind] * costs.lookups[kind];
    reads += second_.count[kind] * costs.reads[kind];
  }
  second_.lookups = lookups;
  second_.hit_ratio = 1 - costs.miss;
  second_.read_bytes =
      reads * files_block_bytes_ * Blend(files_compression_).ratio;
  const double most = std::min(options_.block_cache_bytes, load.data_bytes);
  const double filled = reads * files_block_bytes_;
  cache_usage_ = std::min(most, cache_usage_ + filled);
  cache_useful_ = std::min(cache_usage_, cache_useful_ + filled);
}

// A memtable keeps one version of what is written again before it is flushed:
// the more, the larger it is and the hotter the hot keys are.
double Store::Overwritten(const Load& load) const {
  const double held =
      std::min(1.0, options_.write_buffer_bytes / load.data_bytes);
  return kMostOverwritten * std::pow(held, 1 - load.skew);
}

void Store::Flush(const Load& load) {
  memtable_bytes_ += second_.user_bytes;
  const double full =
      std::floor(memtable_bytes_ / options_.write_buffer_bytes) *
      options_.write_buffer_bytes;
  const double flushed = std::min(full, FlushLimit(options_));
  memtable_bytes_ -= flushed;
  second_.flushed_bytes = flushed;
  second_.flush_bytes =
      flushed * (1 - Overwritten(load)) * Blend(options_.compression).ratio;
  second_.running_flushes =
      std::min(FlushJobs(options_), std::ceil(flushed / kFlushBytesPerS));
  l0_files_ += flushed / options_.write_buffer_bytes;
  l0_bytes_ += second_.flush_bytes;
}

void Store::Compact(const Load& load) {
  const CompressionCosts now = Blend(options_.compression);
  const double slots = std::max(1.0, options_.jobs - FlushJobs(options_));
  const double readahead =
      0.55 + 0.45 * (1 - std::exp(-options_.readahead_bytes / (512 << 10)));
  const double job = kJobBytesPerS * readahead * now.job_speed;
  double left = 0.8 * host_.device_bytes_per_s - second_.flush_bytes -
                second_.user_bytes - second_.read_bytes;
  left = std::max(left, 0.1 * host_.device_bytes_per_s);

  if (std::floor(l0_files_) >= options_.l0_trigger) compacting_l0_ = true;
  double moved = 0;
  if (compacting_l0_) {
    const double threads =
        std::min(options_.subcompactions, static_cast<double>(host_.cores));
    const double speed = std::min(left, job * std::pow(threads, 0.8));
    // All of the first sorted level is rewritten with what level 0 holds.
    const double batch =
        std::max(l0_bytes_,
                 options_.l0_trigger * options_.write_buffer_bytes * now.ratio);
    const double base = std::min(options_.level_base_bytes, file_bytes(load));
    const double moved_per_byte = 2 * (1 + base / batch);
    const double drained = std::min(l0_bytes_, speed / moved_per_byte);
    moved = drained * moved_per_byte;
    const double levels =
        std::max(0.0, std::log10(file_bytes(load) / options_.level_base_bytes));
    // No more can wait than what is there, once through every level: merging
    // into the first level drops what was overwritten.
    debt_bytes_ = std::min(debt_bytes_ + drained * kFanOut * levels,
                           kFanOut * levels * file_bytes(load));
    l0_files_ *= l0_bytes_ > 0 ? 1 - drained / l0_bytes_ : 0;
    l0_bytes_ -= drained;
    if (l0_files_ < 0.5) compacting_l0_ = false;
  }
  const double deep_slots = compacting_l0_ ? std::max(0.3, slots - 1) : slots;
  const double deep = std::min(
      {2 * debt_bytes_, job * deep_slots, std::max(0.0, left - moved)});
  debt_bytes_ -= deep / 2;
  second_.running_compactions =
      std::min(slots, (moved > 0 ? 1 : 0) + std::round(deep / job));
  moved += deep;
  second_.compaction_read_bytes = moved / 2;
  second_.compaction_write_bytes = moved / 2;
  second_.cpu_us =
      moved * now.cpu_us_per_byte + second_.flush_bytes * now.cpu_us_per_byte;
  const double rewritten =
      std::min(1.0, 2 * second_.compaction_write_bytes / file_bytes(load));
  files_block_bytes_ += rewritten * (options_.block_bytes - files_block_bytes_);
  files_compression_ += rewritten * (options_.compression - files_compression_);
}

// What makes an operation slower makes it use more, too: else a full CPU
// would give back what the slowdown took.
void Store::Contend(const Costs& costs) {
  double reads = 0;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const double work = second_.count[kind] * slowdown_[kind];
    second_.cpu_us += work * costs.cpu_us[kind];
    reads += work * costs.reads[kind];
  }
  const double cpu = second_.cpu_us / (host_.cores * 1e6);
  const double bytes = second_.read_bytes + second_.user_bytes +
                       second_.flush_bytes + second_.compaction_read_bytes +
                       second_.compaction_write_bytes;
  const double device = std::max(bytes / host_.device_bytes_per_s,
                                 reads / host_.device_reads_per_s);
  cpu_crowd_ = Crowd(cpu_crowd_, cpu);
  // A busy device answers later even before it is full.
  const double busy = std::min(1.0, device);
  device_crowd_ = std::max(Crowd(device_crowd_, device),
                           0.5 * device_crowd_ + 0.5 * (1 + 0.5 * busy * busy));
}

const Second& Store::Step(const Load& asked, const Sky& sky, double factor) {
  Load load = asked;
  // Kinds vary against each other: what is left of a large share is as steady
  // as a small one.
  load.write *= sky.writes;
  load.seek *= sky.seeks;
  const double all = load.get + load.write + load.seek;
  load.get /= all;
  load.write /= all;
  load.seek /= all;
  second_.stopped = false;
  const Costs costs = CostsOf(load);
  Serve(load, sky, factor, costs);
  Fill(load, costs);
  Flush(load);
  Compact(load);
  Contend(costs);
  return second_;
}

}  // namespace rocktune::simulation
