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
// it cannot follow a rhythm of the load) is timed, or more of a slow load (see
// PaceSamples); everything else RocksDB reports is dropped.
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

  // Times so many calls that a load like the latest windows' gives about
  // `samples_per_s`, never less than one in `sample_one_in`: a load too slow
  // for that is timed entirely, so that it says enough in a window too. To be
  // called after Cut(), by the same thread, with what it said. The greatest
  // rate counts and fades within seconds, since a burst after a lull must not
  // be timed entirely; windows too long to notice one are not paced.
  void PaceSamples(const Window& window, double samples_per_s);
  // One in `sample_one_in` again, until the next PaceSamples(): nobody cuts
  // windows any more. Any thread.
  void StopPacing();

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
  TuningStatistics(std::shared_ptr<rocksdb::Statistics> host,
                   uint32_t sample_one_in, uint64_t id);
  void RecordTickSlowly(uint32_t type, uint64_t count);
  bool HistEnabledSlowly(uint32_t type) const;
  // True when the thread's countdown for `kind` has run out.
  bool CountDown(Shard* shard, size_t kind) const;
  // Out of line, so that an untimed call needs no stack.
  [[gnu::noinline]] bool TakeSample(Shard* shard, size_t kind) const;
  void ReportToHost(uint32_t type, uint64_t time);
  void MirrorLevel() const;
  void RecordLatency(size_t kind, uint64_t time_us);
  void FillOps(Window* window) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Counts and latencies since the last Reset().
  ShardCounts Visible() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  LatencySnapshot VisibleLatency(size_t kind) const;

  // Read on every call: kept together at the front. `fast_id_` is `id_` when
  // there is no host, and no thread's id otherwise: one comparison sends the
  // calls with a host and the thread's first call down the slow path.
  const uint64_t fast_id_;
  const TickerTable tickers_;
  const HistogramTable histograms_;

  const std::shared_ptr<rocksdb::Statistics> host_;
  const std::shared_ptr<ShardSet> shards_;
  std::array<LatencyHistogram, kOpKinds> latencies_;
  mutable std::atomic<rocksdb::StatsLevel> mirrored_level_;

  mutable absl::Mutex mutex_;
  double paced_ops_per_s_ = 0;                    // of PaceSamples, faded
  ShardCounts cut_ ABSL_GUARDED_BY(mutex_){};     // at the last Cut()
  ShardCounts hidden_ ABSL_GUARDED_BY(mutex_){};  // before the last Reset()
  using Latencies = std::array<LatencySnapshot, kOpKinds>;
  Latencies cut_latencies_ ABSL_GUARDED_BY(mutex_){};
  std::unique_ptr<Latencies> hidden_latencies_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_TUNING_STATISTICS_H_
