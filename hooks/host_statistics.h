// Windows out of a Statistics that is not ours: for databases opened without
// Instrument() by a host that has one. Reads only; nothing of the host's is
// reset.
#ifndef ROCKTUNE_HOOKS_HOST_STATISTICS_H_
#define ROCKTUNE_HOOKS_HOST_STATISTICS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "policy/window.h"
#include "rocksdb/statistics.h"

namespace rocktune {

// A line of getHistogramString(): `count` values in (low, high].
struct HistogramBucket {
  double low = 0;
  double high = 0;
  uint64_t count = 0;
};

// The bucket lines of the text, in its order; other lines are left out.
std::vector<HistogramBucket> ParseHistogram(absl::string_view text);

// What came in between two readings of one histogram. Empty when a bucket has
// shrunk: then somebody reset it.
std::vector<HistogramBucket> Difference(
    const std::vector<HistogramBucket>& before,
    const std::vector<HistogramBucket>& after);

// `share` 0 .. 1; linear within the bucket. Buckets must be in order. 0 when
// there are none.
double Percentile(const std::vector<HistogramBucket>& buckets, double share);

// One thread at a time.
class HostStatistics {
 public:
  explicit HostStatistics(std::shared_ptr<rocksdb::Statistics> statistics);

  // Writes ops, tickers, has_tickers and has_latencies of the time since the
  // previous call or the construction. Percentiles are as coarse as RocksDB's
  // buckets, which grow by half.
  void Cut(Window* window);

 private:
  void CutTickers(Window* window);
  void CutLatency(OpKind kind, OpStats* stats);

  struct Latency {
    int type = -1;  // of the loaded library; -1: it has none
    uint64_t sum_us = 0;
    std::vector<HistogramBucket> buckets;
  };

  const std::shared_ptr<rocksdb::Statistics> statistics_;
  std::array<int, kTickers> ticker_types_;  // -1: the library has none
  std::array<uint64_t, kTickers> tickers_{};
  std::array<Latency, kOpKinds> latencies_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_HOST_STATISTICS_H_
