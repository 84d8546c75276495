// DiscoverOptions: what an open database can change.
#include "hooks/live_objects.h"
#include "hooks/option_access.h"
#include "hooks/option_finder.h"

namespace rocktune {
namespace {

// The same for every database of the process: found once, because the host's
// thread waits in Attach.
const OptionFinder& Mutable(const RocksdbFeatures& features) {
  if (features.table_options_in_place) {
    static const auto* const kMembers =
        new OptionFinder(FindOptions({true, /*mutable_members_only=*/true}));
    return *kMembers;
  }
  static const auto* const kWhole =
      new OptionFinder(FindOptions({true, /*mutable_members_only=*/false}));
  return *kWhole;
}

}  // namespace

std::vector<DiscoveredOption> DiscoverOptions(
    rocksdb::DB* db, absl::Span<const FamilyRef> families,
    const RocksdbFeatures& features) {
  OptionFinder finder = Mutable(features);
  bool has_cache = false;
  bool has_limiter = false;
  bool has_manager = false;
  for (const auto& [key, value] : ReadLiveValues(db, families)) {
    has_cache |= key.name == kBlockCacheCapacity;
    has_limiter |= key.name == kRateLimiterRate;
    has_manager |= key.name == kWriteBufferManagerSize;
  }
  if (has_cache) {
    finder.AddLive(kBlockCacheCapacity, DefaultCacheCapacity());
  }
  if (has_limiter) finder.AddLive(kRateLimiterRate, "");
  if (has_manager) finder.AddLive(kWriteBufferManagerSize, "");
  return finder.Take();
}

}  // namespace rocktune
