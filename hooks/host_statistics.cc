#include "hooks/host_statistics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "hooks/tickers.h"

namespace rocktune {
namespace {

template <typename Names>
int TypeOf(const Names& names, absl::string_view name) {
  for (const auto& [type, text] : names) {
    if (absl::string_view(text) == name) return static_cast<int>(type);
  }
  return -1;
}

uint64_t CountOf(const std::vector<HistogramBucket>& buckets) {
  uint64_t count = 0;
  for (const HistogramBucket& bucket : buckets) count += bucket.count;
  return count;
}

bool Before(const HistogramBucket& a, const HistogramBucket& b) {
  return a.high < b.high;
}

}  // namespace

std::vector<HistogramBucket> ParseHistogram(absl::string_view text) {
  // "(       6,      10 ]       34   3.400%  99.400% #"
  std::vector<HistogramBucket> buckets;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line.empty() || (line[0] != '(' && line[0] != '[')) continue;
    const std::vector<absl::string_view> words = absl::StrSplit(
        line.substr(1), absl::ByAnyChar(" ,])"), absl::SkipEmpty());
    HistogramBucket bucket;
    if (words.size() < 3 || !absl::SimpleAtod(words[0], &bucket.low) ||
        !absl::SimpleAtod(words[1], &bucket.high) ||
        !absl::SimpleAtoi(words[2], &bucket.count) ||
        !(bucket.low < bucket.high)) {
      continue;
    }
    buckets.push_back(bucket);
  }
  return buckets;
}

std::vector<HistogramBucket> Difference(
    const std::vector<HistogramBucket>& before,
    const std::vector<HistogramBucket>& after) {
  std::vector<HistogramBucket> difference;
  auto old = before.begin();
  for (HistogramBucket bucket : after) {
    // RocksDB leaves out empty buckets; one that was there cannot be empty.
    if (old != before.end() && Before(*old, bucket)) return {};
    if (old != before.end() && old->high == bucket.high) {
      if (old->count > bucket.count) return {};
      bucket.count -= old->count;
      ++old;
    }
    if (bucket.count > 0) difference.push_back(bucket);
  }
  if (old != before.end()) return {};
  return difference;
}

double Percentile(const std::vector<HistogramBucket>& buckets, double share) {
  const double wanted = share * static_cast<double>(CountOf(buckets));
  double seen = 0;
  for (const HistogramBucket& bucket : buckets) {
    const double count = static_cast<double>(bucket.count);
    if (seen + count >= wanted && count > 0) {
      const double part = std::clamp((wanted - seen) / count, 0.0, 1.0);
      return bucket.low + part * (bucket.high - bucket.low);
    }
    seen += count;
  }
  return buckets.empty() ? 0 : buckets.back().high;
}

HostStatistics::HostStatistics(std::shared_ptr<rocksdb::Statistics> statistics)
    : statistics_(std::move(statistics)) {
  for (int i = 0; i < kTickers; ++i) {
    ticker_types_[static_cast<size_t>(i)] =
        TypeOf(rocksdb::TickersNameMap, RocksdbName(static_cast<Ticker>(i)));
  }
  for (int i = 0; i < kOpKinds; ++i) {
    latencies_[static_cast<size_t>(i)].type =
        TypeOf(rocksdb::HistogramsNameMap, RocksdbName(static_cast<OpKind>(i)));
  }
  Window past;
  Cut(&past);
}

void HostStatistics::Cut(Window* window) {
  const rocksdb::StatsLevel level = statistics_->get_stats_level();
  CutTickers(window);
  window->has_tickers = level > rocksdb::StatsLevel::kDisableAll;
  window->has_latencies = level > rocksdb::StatsLevel::kExceptTimers;
  window->op(OpKind::kGet).count = window->ticker(Ticker::kKeysRead);
  window->op(OpKind::kMultiGet).count = window->ticker(Ticker::kMultiGetCalls);
  window->op(OpKind::kWrite).count = window->ticker(Ticker::kWriteDoneBySelf) +
                                     window->ticker(Ticker::kWriteDoneByOther);
  window->op(OpKind::kSeek).count = window->ticker(Ticker::kSeeks);
  for (int i = 0; i < kOpKinds; ++i) {
    const OpKind kind = static_cast<OpKind>(i);
    CutLatency(kind, &window->op(kind));
  }
}

void HostStatistics::CutTickers(Window* window) {
  for (size_t i = 0; i < tickers_.size(); ++i) {
    if (ticker_types_[i] < 0) continue;
    const uint64_t value =
        statistics_->getTickerCount(static_cast<uint32_t>(ticker_types_[i]));
    // The host may reset its own: then all there is came since.
    window->tickers[i] = value >= tickers_[i] ? value - tickers_[i] : value;
    tickers_[i] = value;
  }
}

void HostStatistics::CutLatency(OpKind kind, OpStats* stats) {
  Latency& last = latencies_[static_cast<size_t>(kind)];
  if (last.type < 0) return;
  const uint32_t type = static_cast<uint32_t>(last.type);
  std::vector<HistogramBucket> buckets =
      ParseHistogram(statistics_->getHistogramString(type));
  rocksdb::HistogramData data;
  statistics_->histogramData(type, &data);
  const std::vector<HistogramBucket> recent = Difference(last.buckets, buckets);
  // Text we cannot read gives fewer values than there are; operations that
  // end between the two calls give a few more. Then rather no latency.
  const uint64_t parsed = CountOf(buckets);
  const uint64_t samples = CountOf(recent);
  if (samples > 0 && parsed * 100 >= data.count * 99 &&
      data.sum >= last.sum_us) {
    stats->samples = samples;
    stats->latency_us_mean = static_cast<double>(data.sum - last.sum_us) /
                             static_cast<double>(samples);
    stats->latency_us_p50 = Percentile(recent, 0.50);
    stats->latency_us_p99 = Percentile(recent, 0.99);
  }
  last.sum_us = data.sum;
  last.buckets = std::move(buckets);
}

}  // namespace rocktune
