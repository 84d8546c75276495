// What RocksDB tunes through an object instead of SetOptions: block caches,
// the rate limiter, the write buffer manager.
#ifndef ROCKTUNE_HOOKS_LIVE_OBJECTS_H_
#define ROCKTUNE_HOOKS_LIVE_OBJECTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hooks/option_access.h"
#include "policy/option.h"
#include "rocksdb/db.h"
#if __has_include("rocksdb/advanced_cache.h")
#include "rocksdb/advanced_cache.h"  // 8.0 made cache.h a forward declaration
#else
#include "rocksdb/cache.h"
#endif

namespace rocktune {

inline constexpr absl::string_view kBlockCacheCapacity = "block_cache.capacity";
inline constexpr absl::string_view kRateLimiterRate =
    "rate_limiter.bytes_per_second";
inline constexpr absl::string_view kWriteBufferManagerSize =
    "write_buffer_manager.buffer_size";

// A block cache once, however many families share it. `column_family` is the
// one of its option key: empty when all families use this one, else the name
// of the first family (by id) that does.
struct BlockCacheRef {
  std::shared_ptr<rocksdb::Cache> cache;
  std::string column_family;
  std::vector<uint32_t> families;  // ids of those that use it
};

// `families` by id. Families without a block cache are passed over.
std::vector<BlockCacheRef> DistinctBlockCaches(
    rocksdb::DB* db, absl::Span<const FamilyRef> families);

// The live objects' values, canonical. A write buffer manager that limits
// nothing and a missing rate limiter have no value.
OptionValues ReadLiveValues(rocksdb::DB* db,
                            absl::Span<const FamilyRef> families);

// Sets one value. A smaller capacity goes in steps, so that no reader waits
// behind one long eviction.
// kInvalidArgument: the value is no number, or one RocksDB would abort on.
// kFailedPrecondition: the database has no such object.
absl::Status SetLiveValue(rocksdb::DB* db, const FamilyRef& family,
                          const std::string& name, const std::string& value);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_LIVE_OBJECTS_H_
