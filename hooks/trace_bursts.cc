#include "hooks/trace_bursts.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hooks/live_objects.h"
#include "hooks/rocksdb_status.h"
#include "hooks/tickers.h"
#include "hooks/write_fold.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// 5 MiB for as long as a burst runs, and 2 MiB with writes.
constexpr size_t kMaxRecords = size_t{1} << 17;
constexpr double kBytesOfRecord = 1024;
constexpr double kWantedRecords = 60'000;
constexpr double kMostSparse = 1 << 20;
// For the first burst when nothing counts. A guess.
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

uint64_t OneIn(double records_per_s, absl::Duration length) {
  const double records =
      records_per_s * std::max(0.0, absl::ToDoubleSeconds(length));
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
  uint64_t one_write_in = 1;
  std::shared_ptr<WriteTraceBuffer> writes;  // null: not traced
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
  burst->one_in = rate > 0 ? OneIn(rate, plan.length) : kUnknownOneIn;
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
  if (plan.writes) StartWrites(plan, burst.get());
  burst_ = std::move(burst);
  return absl::OkStatus();
}

void TraceBursts::StartWrites(const BurstPlan& plan, Burst* burst) {
  double rate =
      std::max(plan.writes_per_s, plan.written_bytes_per_s / kBytesOfRecord);
  if (rate <= 0) rate = writes_per_s_;
  burst->one_write_in = rate > 0 ? OneIn(rate, plan.length) : kUnknownOneIn;
  auto writes = std::make_shared<WriteTraceBuffer>(kMaxRecords);
  const rocksdb::Status started = db_->StartTrace(
      WriteTraceOptions(), NewWriteTraceWriter(writes, burst->one_write_in));
  if (started.ok()) burst->writes = std::move(writes);
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
    const bool whole = !burst->buffer->ended();
    if (burst->writes && burst->writes->ended()) burst->writes = nullptr;
    EndTraces(*burst);
    if (!whole) return absl::AbortedError("the trace was ended by the host");
    if (burst->statistics) {
      traced.counts = Between(burst->before, ReadCounts(*burst->statistics));
    }
  }
  traced.begin = burst->begin;
  traced.length = now - burst->begin;
  traced.sample_ratio = 1 / static_cast<double>(burst->one_in);
  traced.accesses = burst->buffer->facts();
  traced.dropped = burst->buffer->dropped();
  traced.caches = std::move(burst->caches);
  TraceFacts facts = FoldBurst(traced);
  const double s = absl::ToDoubleSeconds(traced.length);
  std::lock_guard<std::mutex> lock(mutex_);
  if (s > 0) {
    lookups_per_s_ =
        static_cast<double>(traced.accesses.size() + traced.dropped) /
        traced.sample_ratio / s;
  }
  if (burst->writes == nullptr) return facts;
  const WriteTraceBuffer& buffer = *burst->writes;
  const TracedWrites writes = {buffer.facts(), buffer.dropped(),
                               buffer.unknown(),
                               1 / static_cast<double>(burst->one_write_in)};
  FoldWrites(writes, &facts);
  if (s > 0) {
    writes_per_s_ = static_cast<double>(writes.writes.size() + writes.dropped) /
                    writes.sample_ratio / s;
  }
  return facts;
}

void TraceBursts::EndTraces(const Burst& burst) {
  // Each fails when there is nothing to end, and then nothing is missing.
  if (burst.writes && !burst.writes->ended()) {
    db_->EndTrace().PermitUncheckedError();
  }
  if (!burst.buffer->ended()) db_->EndBlockCacheTrace().PermitUncheckedError();
}

void TraceBursts::Close() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  if (burst_ != nullptr) EndTraces(*burst_);
  burst_.reset();
}

void TraceBursts::DatabaseGone() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  burst_.reset();
}

}  // namespace rocktune
