#include "hooks/trace_bursts.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hooks/live_objects.h"
#include "hooks/rocksdb_status.h"
#include "hooks/tickers.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// 5 MiB for as long as a burst runs.
constexpr size_t kMaxRecords = size_t{1} << 17;
constexpr double kWantedRecords = 60'000;
constexpr double kMostSparse = 1 << 20;
// For the first burst when nothing counts lookups. A guess.
constexpr uint64_t kUnknownOneIn = 64;

uint64_t Count(const rocksdb::Statistics& statistics, Ticker ticker) {
  for (const auto& [type, name] : rocksdb::TickersNameMap) {
    if (name == RocksdbName(ticker)) return statistics.getTickerCount(type);
  }
  return 0;
}

LookupCounts ReadCounts(const rocksdb::Statistics& statistics) {
  return {Count(statistics, Ticker::kBlockCacheHit),
          Count(statistics, Ticker::kBlockCacheMiss),
          Count(statistics, Ticker::kBlockCacheDataHit) +
              Count(statistics, Ticker::kBlockCacheDataMiss)};
}

// nullopt when nothing was counted, or somebody reset the counters.
std::optional<LookupCounts> Between(const LookupCounts& before,
                                    const LookupCounts& after) {
  if (after.hits < before.hits || after.misses < before.misses ||
      after.data_lookups < before.data_lookups ||
      after.hits + after.misses == before.hits + before.misses) {
    return std::nullopt;
  }
  return LookupCounts{after.hits - before.hits, after.misses - before.misses,
                      after.data_lookups - before.data_lookups};
}

}  // namespace

uint64_t OneBlockIn(double lookups_per_s, absl::Duration length) {
  const double records =
      lookups_per_s * std::max(0.0, absl::ToDoubleSeconds(length));
  return static_cast<uint64_t>(
      std::clamp(std::ceil(records / kWantedRecords), 1.0, kMostSparse));
}

struct TraceBursts::Burst {
  absl::Time begin;
  uint64_t one_in = 1;
  std::vector<TracedCache> caches;
  std::shared_ptr<BlockTraceBuffer> buffer;
  std::shared_ptr<rocksdb::Statistics> statistics;  // may be null
  LookupCounts before;
};

TraceBursts::TraceBursts(rocksdb::DB* db, const FamilySet* families)
    : db_(db), families_(families) {}

TraceBursts::~TraceBursts() { Close(); }

absl::Status TraceBursts::Start(const BurstPlan& plan) {
  auto burst = std::make_unique<Burst>();
  burst->begin = plan.begin;
  burst->buffer = std::make_shared<BlockTraceBuffer>(kMaxRecords);
  std::lock_guard<std::mutex> lock(mutex_);
  if (closed_) return absl::FailedPreconditionError("detached");
  if (burst_ != nullptr) {
    return absl::FailedPreconditionError("a burst is running already");
  }
  const double rate =
      plan.lookups_per_s > 0 ? plan.lookups_per_s : lookups_per_s_;
  burst->one_in = rate > 0 ? OneBlockIn(rate, plan.length) : kUnknownOneIn;
  {
    const HeldFamilies held = families_->HoldAll();
    for (const BlockCacheRef& ref : DistinctBlockCaches(db_, held.refs)) {
      burst->caches.push_back(
          {ref.column_family, ref.cache->GetCapacity(), ref.families});
    }
  }
  burst->statistics = db_->GetDBOptions().statistics;
  if (burst->statistics) burst->before = ReadCounts(*burst->statistics);
  rocksdb::BlockCacheTraceOptions options;
  options.sampling_frequency = burst->one_in;
  ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(
      db_->StartBlockCacheTrace(options, NewBlockTraceWriter(burst->buffer))));
  burst_ = std::move(burst);
  return absl::OkStatus();
}

absl::StatusOr<TraceFacts> TraceBursts::Finish(absl::Time now) {
  std::unique_ptr<Burst> burst;
  TracedBurst traced;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (burst_ == nullptr) {
      return absl::FailedPreconditionError("no burst is running");
    }
    burst = std::move(burst_);
    if (burst->buffer->ended()) {
      return absl::AbortedError("the trace was ended by the host");
    }
    EndTrace(*burst);
    if (burst->statistics) {
      traced.counts = Between(burst->before, ReadCounts(*burst->statistics));
    }
  }
  traced.begin = burst->begin;
  traced.length = now - burst->begin;
  traced.sample_ratio = 1 / static_cast<double>(burst->one_in);
  traced.accesses = burst->buffer->accesses();
  traced.dropped = burst->buffer->dropped();
  traced.caches = std::move(burst->caches);
  if (const double s = absl::ToDoubleSeconds(traced.length); s > 0) {
    std::lock_guard<std::mutex> lock(mutex_);
    lookups_per_s_ =
        static_cast<double>((traced.accesses.size() + traced.dropped) *
                            burst->one_in) /
        s;
  }
  return FoldBurst(traced);
}

void TraceBursts::EndTrace(const Burst& burst) {
  if (burst.buffer->ended()) return;
  // Fails when there is nothing to end, and then nothing is missing.
  db_->EndBlockCacheTrace().PermitUncheckedError();
}

void TraceBursts::Close() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  if (burst_ != nullptr) EndTrace(*burst_);
  burst_.reset();
}

void TraceBursts::DatabaseGone() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  burst_.reset();
}

}  // namespace rocktune
