#include "bench/skewed_reads.h"

#include <cstdlib>
#include <filesystem>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hooks/instrumentation.h"
#include "hooks/rocksdb_status.h"
#include "policy/status_macros.h"
#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace rocktune::bench {
namespace {

std::string KeyOf(uint64_t number) {
  return absl::StrFormat("key-%012d", number);
}

rocksdb::Options OptionsFor(const SkewedPlan& plan) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(plan.cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  InstrumentOptionsOf(&options, {});
  return options;
}

}  // namespace

SkewedReads::SkewedReads(const SkewedPlan& plan)
    : plan_(plan),
      zipf_(plan.keys, plan.theta),
      counters_(static_cast<size_t>(plan.threads)) {}

absl::StatusOr<std::unique_ptr<SkewedReads>> SkewedReads::Start(
    const SkewedPlan& plan) {
  auto reads = std::unique_ptr<SkewedReads>(new SkewedReads(plan));
  ROCKTUNE_RETURN_IF_ERROR(reads->Open());
  ROCKTUNE_RETURN_IF_ERROR(reads->Load());
  for (size_t i = 0; i < reads->counters_.size(); ++i) {
    reads->threads_.emplace_back([r = reads.get(), i] { r->Read(i); });
  }
  return reads;
}

SkewedReads::~SkewedReads() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
  attached_.reset();
  db_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

absl::Status SkewedReads::Open() {
  std::string pattern = plan_.folder + "/rocktune-trace-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot write ", plan_.folder));
  }
  path_ = pattern;
  rocksdb::DB* db = nullptr;
  ROCKTUNE_RETURN_IF_ERROR(
      FromRocksdb(rocksdb::DB::Open(OptionsFor(plan_), path_ + "/db", &db)));
  db_.reset(db);
  ROCKTUNE_ASSIGN_OR_RETURN(attached_, AttachedDb::Attach(db, {}, "bench"));
  return absl::OkStatus();
}

absl::Status SkewedReads::Load() {
  std::mt19937_64 random(7);
  std::string value(100, '\0');
  rocksdb::WriteOptions write;
  write.disableWAL = true;
  for (uint64_t i = 0; i < plan_.keys; ++i) {
    for (char& c : value) c = static_cast<char>(random());
    ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(db_->Put(write, KeyOf(i), value)));
  }
  ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(db_->Flush(rocksdb::FlushOptions())));
  return FromRocksdb(
      db_->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr));
}

void SkewedReads::Read(size_t thread) {
  std::mt19937_64 random(thread + 1);
  rocksdb::PinnableSlice value;
  while (!stop_.load(std::memory_order_relaxed)) {
    const std::string key = KeyOf(zipf_.Scattered(random));
    value.Reset();
    const rocksdb::Status status = db_->Get(
        rocksdb::ReadOptions(), db_->DefaultColumnFamily(), key, &value);
    if (!status.ok()) failed_ = true;
    counters_[thread].reads.fetch_add(1, std::memory_order_relaxed);
  }
}

uint64_t SkewedReads::reads() const {
  uint64_t sum = 0;
  for (const Counter& counter : counters_) sum += counter.reads;
  return sum;
}

}  // namespace rocktune::bench
