#include "hooks/tuning_statistics.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rocktune {
namespace {

constexpr uint64_t kNoFastId = ~uint64_t{0};
// Samples are paced by the greatest rate of late: after this time e times less
// of it counts. Guesses, both.
constexpr absl::Duration kFading = absl::Seconds(5);
constexpr absl::Duration kLongestPaced = absl::Seconds(2);

}  // namespace

TuningStatistics::TuningStatistics(std::shared_ptr<rocksdb::Statistics> host,
                                   uint32_t sample_one_in)
    : TuningStatistics(std::move(host), sample_one_in, NextShardSetId()) {}

TuningStatistics::TuningStatistics(std::shared_ptr<rocksdb::Statistics> host,
                                   uint32_t sample_one_in, uint64_t id)
    : fast_id_(host == nullptr ? id : kNoFastId),
      host_(std::move(host)),
      shards_(std::make_shared<ShardSet>(id, sample_one_in)),
      mirrored_level_(get_stats_level()) {
  if (host_ == nullptr) return;
  set_stats_level(host_->get_stats_level());
  mirrored_level_ = get_stats_level();
}

TuningStatistics::~TuningStatistics() { shards_->Close(); }

// RocksDB calls this five to ten times in every operation: each instruction
// here is paid by the host.
void TuningStatistics::recordTick(uint32_t type, uint64_t count) {
  if (tls_shard_cache.id != fast_id_) [[unlikely]] {
    return RecordTickSlowly(type, count);
  }
  tls_shard_cache.shard->Add(tickers_.IndexOf(type), count);
}

void TuningStatistics::RecordTickSlowly(uint32_t type, uint64_t count) {
  if (host_ != nullptr) {
    MirrorLevel();
    host_->recordTick(type, count);
  }
  size_t index = tickers_.IndexOf(type);
  if (Shard* shard = shards_->OfThisThread()) {
    shard->Add(index, count);
  } else {
    shards_->AddLate(index, count);
  }
}

// RocksDB asks before it reads the clock; "no" leaves the operation untimed.
bool TuningStatistics::HistEnabledForType(uint32_t type) const {
  if (tls_shard_cache.id != fast_id_) [[unlikely]] {
    return HistEnabledSlowly(type);
  }
  size_t kind = histograms_.IndexOf(type);
  Shard* shard = tls_shard_cache.shard;
  if (--shard->until_sample[kind] == 0) [[unlikely]] {
    return TakeSample(shard, kind);
  }
  return false;
}

bool TuningStatistics::HistEnabledSlowly(uint32_t type) const {
  size_t kind = histograms_.IndexOf(type);
  Shard* shard = shards_->OfThisThread();
  bool sampled =
      shard != nullptr && kind != kUnusedHistogram && CountDown(shard, kind);
  if (host_ == nullptr) return sampled;
  MirrorLevel();
  bool host_wants = host_->HistEnabledForType(type);
  if (shard != nullptr) {
    shard->for_us[kind] = sampled;
    shard->for_us_alone[kind] = sampled && !host_wants;
  }
  return sampled || host_wants;
}

bool TuningStatistics::CountDown(Shard* shard, size_t kind) const {
  return --shard->until_sample[kind] == 0 && TakeSample(shard, kind);
}

bool TuningStatistics::TakeSample(Shard* shard, size_t kind) const {
  shard->until_sample[kind] = shards_->NextDistance(shard);
  return kind != kUnusedHistogram;
}

void TuningStatistics::reportTimeToHistogram(uint32_t type, uint64_t time) {
  if (host_ != nullptr) return ReportToHost(type, time);
  RecordLatency(histograms_.IndexOf(type), time);
}

// The host hears of every call it asked for, through the method RocksDB
// called, so that its own level and overrides decide as they would without
// us; our own histograms take the sampled ones.
void TuningStatistics::ReportToHost(uint32_t type, uint64_t time) {
  MirrorLevel();
  size_t kind = histograms_.IndexOf(type);
  Shard* shard = shards_->OfThisThread();
  bool for_us_alone = false;
  if (shard != nullptr && kind != kUnusedHistogram) {
    if (std::exchange(shard->for_us[kind], false)) RecordLatency(kind, time);
    for_us_alone = std::exchange(shard->for_us_alone[kind], false);
  }
  if (!for_us_alone) host_->reportTimeToHistogram(type, time);
}

// Sizes come here, unasked; only the host wants them.
void TuningStatistics::recordInHistogram(uint32_t type, uint64_t value) {
  if (host_ == nullptr) [[likely]]
    return;
  MirrorLevel();
  host_->recordInHistogram(type, value);
}

void TuningStatistics::measureTime(uint32_t type, uint64_t time) {
  if (host_ != nullptr) host_->measureTime(type, time);
}

void TuningStatistics::RecordLatency(size_t kind, uint64_t time_us) {
  if (kind < latencies_.size()) latencies_[kind].Record(time_us);
}

// set_stats_level() is not virtual: whichever of the two levels has moved
// since we last looked is the one somebody set.
void TuningStatistics::MirrorLevel() const {
  rocksdb::StatsLevel last = mirrored_level_.load(std::memory_order_relaxed);
  rocksdb::StatsLevel hosts = host_->get_stats_level();
  rocksdb::StatsLevel ours = get_stats_level();
  if (hosts == last && ours == last) [[likely]]
    return;
  if (hosts != last) {
    const_cast<TuningStatistics*>(this)->set_stats_level(hosts);
    mirrored_level_.store(hosts, std::memory_order_relaxed);
  } else {
    host_->set_stats_level(ours);
    mirrored_level_.store(ours, std::memory_order_relaxed);
  }
}

void TuningStatistics::Cut(Window* window) {
  if (host_ != nullptr) MirrorLevel();
  absl::MutexLock lock(&mutex_);
  ShardCounts now;
  shards_->Sum(&now);
  for (size_t i = 0; i < now.size(); ++i) {
    window->tickers[i] = now[i] - cut_[i];
  }
  cut_ = now;
  window->has_tickers = true;
  window->sampled_one_in = shards_->one_in();
  FillOps(window);
}

void TuningStatistics::PaceSamples(const Window& window, double samples_per_s) {
  if (window.length <= absl::ZeroDuration()) return;
  if (window.length > kLongestPaced) return StopPacing();
  const double most = samples_per_s * shards_->most_one_in();
  const double left = std::exp(-absl::FDivDuration(window.length, kFading));
  paced_ops_per_s_ = std::min(
      most, std::max(window.OperationsPerSecond(), left * paced_ops_per_s_));
  shards_->SampleOneIn(
      static_cast<uint32_t>(std::lround(paced_ops_per_s_ / samples_per_s)));
}

void TuningStatistics::StopPacing() {
  shards_->SampleOneIn(shards_->most_one_in());
}

void TuningStatistics::FillOps(Window* window) {
  LatencySnapshot latency;
  for (size_t kind = 0; kind < latencies_.size(); ++kind) {
    latencies_[kind].Cut(&cut_latencies_[kind], &latency);
    OpStats& op = window->ops[kind];
    op.samples = latency.Samples();
    op.latency_us_mean = latency.Mean();
    op.latency_us_p50 = latency.Quantile(0.5);
    op.latency_us_p99 = latency.Quantile(0.99);
  }
  window->op(OpKind::kGet).count = window->ticker(Ticker::kKeysRead);
  window->op(OpKind::kMultiGet).count = window->ticker(Ticker::kMultiGetCalls);
  // A write group's leader counts itself and its followers.
  window->op(OpKind::kWrite).count = window->ticker(Ticker::kWriteDoneBySelf) +
                                     window->ticker(Ticker::kWriteDoneByOther);
  window->op(OpKind::kSeek).count = window->ticker(Ticker::kSeeks);
  window->has_latencies = get_stats_level() > rocksdb::kExceptTimers;
}

}  // namespace rocktune
