// What a host sees that reads our Statistics: its own object's answers, or,
// without one, the little we count.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hooks/tuning_statistics.h"

namespace rocktune {

ShardCounts TuningStatistics::Visible() const {
  ShardCounts counts;
  shards_->Sum(&counts);
  for (size_t i = 0; i < counts.size(); ++i) counts[i] -= hidden_[i];
  return counts;
}

LatencySnapshot TuningStatistics::VisibleLatency(size_t kind) const {
  LatencySnapshot latency;
  if (kind >= latencies_.size()) return latency;
  absl::MutexLock lock(&mutex_);
  latencies_[kind].Read(&latency);
  if (hidden_latencies_ == nullptr) return latency;
  const LatencySnapshot& hidden = (*hidden_latencies_)[kind];
  for (size_t i = 0; i < latency.counts.size(); ++i) {
    latency.counts[i] -= hidden.counts[i];
  }
  latency.sum -= hidden.sum;
  return latency;
}

uint64_t TuningStatistics::getTickerCount(uint32_t type) const {
  if (host_ != nullptr) return host_->getTickerCount(type);
  size_t index = tickers_.IndexOf(type);
  if (index == kUnusedTicker) return 0;
  absl::MutexLock lock(&mutex_);
  return Visible()[index];
}

void TuningStatistics::setTickerCount(uint32_t type, uint64_t count) {
  if (host_ != nullptr) return host_->setTickerCount(type, count);
  size_t index = tickers_.IndexOf(type);
  if (index == kUnusedTicker) return;
  absl::MutexLock lock(&mutex_);
  // What is hidden may be "negative": the arithmetic is modulo 2^64.
  hidden_[index] += Visible()[index] - count;
}

uint64_t TuningStatistics::getAndResetTickerCount(uint32_t type) {
  if (host_ != nullptr) return host_->getAndResetTickerCount(type);
  size_t index = tickers_.IndexOf(type);
  if (index == kUnusedTicker) return 0;
  absl::MutexLock lock(&mutex_);
  uint64_t count = Visible()[index];
  hidden_[index] += count;
  return count;
}

void TuningStatistics::histogramData(uint32_t type,
                                     rocksdb::HistogramData* data) const {
  if (host_ != nullptr) return host_->histogramData(type, data);
  LatencySnapshot latency = VisibleLatency(histograms_.IndexOf(type));
  *data = rocksdb::HistogramData{};
  data->count = latency.Samples();
  data->sum = latency.sum;
  data->average = latency.Mean();
  data->min = latency.Quantile(0);
  data->median = latency.Quantile(0.5);
  data->percentile95 = latency.Quantile(0.95);
  data->percentile99 = latency.Quantile(0.99);
  data->max = latency.Quantile(1);
  data->standard_deviation = latency.StandardDeviation();
}

std::string TuningStatistics::getHistogramString(uint32_t type) const {
  if (host_ != nullptr) return host_->getHistogramString(type);
  LatencySnapshot latency = VisibleLatency(histograms_.IndexOf(type));
  return absl::StrCat(
      "Count: ", latency.Samples(), " Average: ", latency.Mean(),
      " P50: ", latency.Quantile(0.5), " P99: ", latency.Quantile(0.99), "\n");
}

rocksdb::Status TuningStatistics::Reset() {
  if (host_ != nullptr) return host_->Reset();
  auto hidden = std::make_unique<Latencies>();
  absl::MutexLock lock(&mutex_);
  shards_->Sum(&hidden_);
  for (size_t kind = 0; kind < latencies_.size(); ++kind) {
    latencies_[kind].Read(&(*hidden)[kind]);
  }
  hidden_latencies_ = std::move(hidden);
  return rocksdb::Status::OK();
}

std::string TuningStatistics::ToString() const {
  if (host_ != nullptr) return host_->ToString();
  std::string text;
  ShardCounts counts;
  {
    absl::MutexLock lock(&mutex_);
    counts = Visible();
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    absl::StrAppend(&text, RocksdbName(static_cast<Ticker>(i)),
                    " COUNT : ", counts[i], "\n");
  }
  return text;
}

// Without a host object RocksDB would have none to take its history of
// statistics from: it is told so, which spares it the memory.
bool TuningStatistics::getTickerMap(
    std::map<std::string, uint64_t>* map) const {
  return host_ != nullptr && host_->getTickerMap(map);
}

}  // namespace rocktune
