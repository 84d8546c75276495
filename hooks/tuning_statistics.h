// The rocksdb::Statistics we put in front of the host's, or in its place when
// the host has none: counters and sampled latencies that can be cut into
// windows, at a cost of a few instructions per event.
#ifndef ROCKTUNE_HOOKS_TUNING_STATISTICS_H_
#define ROCKTUNE_HOOKS_TUNING_STATISTICS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "hooks/latency_histogram.h"
#include "hooks/statistics_shards.h"
#include "hooks/tickers.h"
#include "policy/window.h"
#include "rocksdb/statistics.h"

namespace rocktune {

// Thread-safe unless said otherwise. Without a host Statistics only the
// tickers of policy/window.h are counted and one operation in
// `sample_one_in` (per thread and kind, the distance drawn at random so that
// it cannot follow a rhythm of the load) is timed; everything else RocksDB
// reports is dropped.
//
// With a host Statistics every call is passed on unchanged, the host's
// numbers are those of a run without us, and every operation is timed when
// the host's object asks for it. The stats level is kept equal in both
// objects, whichever of them is set. Below kExceptDetailedTimers RocksDB
// times nothing and there are no latencies.
class TuningStatistics : public rocksdb::Statistics {
 public:
  // `host` may be null.
  TuningStatistics(std::shared_ptr<rocksdb::Statistics> host,
                   uint32_t sample_one_in);
  ~TuningStatistics() override;

  // Writes into `window` what happened since the previous call (or since
  // construction): ops, tickers, has_tickers, has_latencies; the rest is left
  // alone. Nothing is counted twice or lost between two calls. One thread at
  // a time; allocates nothing.
  void Cut(Window* window);

  const std::shared_ptr<rocksdb::Statistics>& host() const { return host_; }

  // rocksdb::Statistics. Reading goes to the host's object where there is
  // one. Without: tickers we do not count read 0, histograms are those of the
  // timed calls, Reset() and setters change what the readers see but never a
  // window.
  const char* Name() const override { return "rocktune.TuningStatistics"; }
  const rocksdb::Customizable* Inner() const override { return host_.get(); }
  void recordTick(uint32_t type, uint64_t count) override;
  bool HistEnabledForType(uint32_t type) const override;
  void reportTimeToHistogram(uint32_t type, uint64_t time) override;
  void recordInHistogram(uint32_t type, uint64_t value) override;
  void measureTime(uint32_t type, uint64_t time) override;
  uint64_t getTickerCount(uint32_t type) const override;
  void setTickerCount(uint32_t type, uint64_t count) override;
  uint64_t getAndResetTickerCount(uint32_t type) override;
  void histogramData(uint32_t type,
                     rocksdb::HistogramData* data) const override;
  std::string getHistogramString(uint32_t type) const override;
  rocksdb::Status Reset() override;
  using rocksdb::Statistics::ToString;
  std::string ToString() const override;
  bool getTickerMap(std::map<std::string, uint64_t>* map) const override;

 private:
  void RecordTickSlowly(uint32_t type, uint64_t count);
  bool SampleSlowly(uint32_t type) const;
  bool HostWants(uint32_t type) const;
  void MirrorLevel() const;
  void RecordLatency(OpKind kind, uint64_t time_us);
  uint64_t VisibleCount(size_t index) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Read on every call: kept together at the front.
  const uint64_t id_;
  rocksdb::Statistics* const raw_host_;
  const TickerTable tickers_;
  const HistogramTable histograms_;

  const std::shared_ptr<rocksdb::Statistics> host_;
  const uint32_t sample_one_in_;
  const std::shared_ptr<ShardSet> shards_;
  std::array<LatencyHistogram, kOpKinds> latencies_;
  mutable std::atomic<uint8_t> mirrored_level_;

  mutable absl::Mutex mutex_;
  ShardCounts cut_ ABSL_GUARDED_BY(mutex_){};     // at the last Cut()
  ShardCounts hidden_ ABSL_GUARDED_BY(mutex_){};  // before the last Reset()
  std::array<LatencySnapshot, kOpKinds> cut_latencies_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_TUNING_STATISTICS_H_
