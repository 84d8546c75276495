#include "hooks/live_objects.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/options.h"
#include "rocksdb/rate_limiter.h"
#include "rocksdb/table.h"
#include "rocksdb/write_buffer_manager.h"

namespace rocktune {
namespace {

// SetCapacity evicts under the lock of each shard. A guess: small enough that
// one step evicts for well under a millisecond.
constexpr size_t kCacheStepBytes = size_t{8} << 20;

std::shared_ptr<rocksdb::Cache> BlockCacheOf(rocksdb::DB* db,
                                             const FamilyRef& family) {
  if (family.handle == nullptr) return nullptr;
  const rocksdb::Options options = db->GetOptions(family.handle);
  if (options.table_factory == nullptr) return nullptr;
  const auto* table =
      options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  if (table == nullptr || table->no_block_cache) return nullptr;
  return table->block_cache;
}

void SetCapacityInSteps(rocksdb::Cache* cache, size_t capacity) {
  // From what is used, not from the old capacity: only the former is evicted.
  size_t level = std::min(cache->GetCapacity(), cache->GetUsage());
  while (level > capacity && level - capacity > kCacheStepBytes) {
    level -= kCacheStepBytes;
    cache->SetCapacity(level);
  }
  cache->SetCapacity(capacity);
}

absl::Status Missing(const std::string& name) {
  return absl::FailedPreconditionError(
      absl::StrCat(name, ": this database has no such object"));
}

absl::Status SetBlockCache(rocksdb::DB* db, const FamilyRef& family,
                           uint64_t capacity) {
  const std::shared_ptr<rocksdb::Cache> cache = BlockCacheOf(db, family);
  if (cache == nullptr) return Missing(std::string(kBlockCacheCapacity));
  SetCapacityInSteps(cache.get(), static_cast<size_t>(capacity));
  return absl::OkStatus();
}

absl::Status SetRateLimiter(rocksdb::DB* db, uint64_t bytes_per_second) {
  const std::shared_ptr<rocksdb::RateLimiter> limiter =
      db->GetDBOptions().rate_limiter;
  if (limiter == nullptr) return Missing(std::string(kRateLimiterRate));
  limiter->SetBytesPerSecond(static_cast<int64_t>(bytes_per_second));
  return absl::OkStatus();
}

absl::Status SetWriteBufferManager(rocksdb::DB* db, uint64_t bytes) {
  const std::shared_ptr<rocksdb::WriteBufferManager> manager =
      db->GetDBOptions().write_buffer_manager;
  // Enabling one that never counted would count only memtables made later.
  if (manager == nullptr || !manager->enabled()) {
    return Missing(std::string(kWriteBufferManagerSize));
  }
  manager->SetBufferSize(static_cast<size_t>(bytes));
  return absl::OkStatus();
}

}  // namespace

std::vector<BlockCacheRef> DistinctBlockCaches(
    rocksdb::DB* db, absl::Span<const FamilyRef> families) {
  std::vector<BlockCacheRef> caches;
  for (const FamilyRef& family : families) {
    std::shared_ptr<rocksdb::Cache> cache = BlockCacheOf(db, family);
    if (cache == nullptr) continue;
    auto known = std::find_if(
        caches.begin(), caches.end(),
        [&cache](const BlockCacheRef& ref) { return ref.cache == cache; });
    if (known == caches.end()) {
      known = caches.insert(known, {std::move(cache), family.name, {}});
    }
    known->families.push_back(family.id);
  }
  if (caches.size() == 1) caches.front().column_family.clear();
  return caches;
}

OptionValues ReadLiveValues(rocksdb::DB* db,
                            absl::Span<const FamilyRef> families) {
  OptionValues values;
  for (const BlockCacheRef& ref : DistinctBlockCaches(db, families)) {
    values[{std::string(kBlockCacheCapacity), ref.column_family}] =
        absl::StrCat(ref.cache->GetCapacity());
  }
  const rocksdb::DBOptions options = db->GetDBOptions();
  if (options.rate_limiter != nullptr) {
    values[{std::string(kRateLimiterRate), ""}] =
        absl::StrCat(options.rate_limiter->GetBytesPerSecond());
  }
  // Never null; one that is not enabled limits nothing.
  if (options.write_buffer_manager != nullptr &&
      options.write_buffer_manager->enabled()) {
    values[{std::string(kWriteBufferManagerSize), ""}] =
        absl::StrCat(options.write_buffer_manager->buffer_size());
  }
  return values;
}

absl::Status SetLiveValue(rocksdb::DB* db, const FamilyRef& family,
                          const std::string& name, const std::string& value) {
  uint64_t number = 0;
  // Zero aborts: a rate is asserted positive, and a manager of size 0 still
  // has memtables to give back. Only a cache may be empty.
  const uint64_t min = name == kBlockCacheCapacity ? 0 : 1;
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  if (!absl::SimpleAtoi(value, &number) || number < min || number > kMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " = '", value, "': expected a whole number from ",
                     min, " to ", kMax));
  }
  if (name == kBlockCacheCapacity) return SetBlockCache(db, family, number);
  if (name == kRateLimiterRate) return SetRateLimiter(db, number);
  if (name == kWriteBufferManagerSize) return SetWriteBufferManager(db, number);
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": no such live object"));
}

}  // namespace rocktune
