// DiscoverOptions: what an open database can change.
#include "hooks/live_objects.h"
#include "hooks/option_access.h"
#include "hooks/option_finder.h"
#include "hooks/option_text.h"
#include "rocksdb/options.h"

namespace rocktune {

std::vector<DiscoveredOption> DiscoverOptions(
    rocksdb::DB* db, absl::Span<const FamilyRef> families,
    const RocksdbFeatures& features) {
  OptionFinder finder;
  const OptionText db_text = MutableDbText(rocksdb::DBOptions());
  finder.AddAll(OptionScope::kDb, "", db_text, ProbeDb);
  finder.AddFilled(OptionScope::kDb, FilledDbOptions(), db_text, ProbeDb);
  const rocksdb::ColumnFamilyOptions defaults;
  const OptionText family_text = MutableFamilyText(defaults);
  finder.AddAll(OptionScope::kColumnFamily, "", family_text, ProbeFamily);
  finder.AddFilled(OptionScope::kColumnFamily, FilledFamilyOptions(),
                   family_text, ProbeFamily);
  finder.AddAll(
      OptionScope::kColumnFamily, kTablePrefix,
      TableText(*defaults.table_factory, features.table_options_in_place),
      ProbeTable);

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
