// The live objects of an OptionSet: caches, rate limiter, write buffer
// manager. Setting one puts a new object in its place, because copies of the
// set share the old one.
#ifndef ROCKTUNE_HOOKS_SET_OBJECTS_H_
#define ROCKTUNE_HOOKS_SET_OBJECTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hooks/live_objects.h"
#include "hooks/option_set.h"
#include "rocksdb/table.h"

namespace rocktune {

inline constexpr absl::string_view kRowCacheCapacity = "row_cache.capacity";

// A block cache once, with the families that use it. `column_family` is the
// one of its option key (see OptionKey).
struct SharedCache {
  std::shared_ptr<rocksdb::Cache> cache;
  std::string column_family;
  std::vector<size_t> families;  // places in OptionSet::families
};
std::vector<SharedCache> BlockCachesOf(const OptionSet& options);

// Null where the family has another table format.
const rocksdb::BlockBasedTableOptions* BlockBasedTableOf(
    const rocksdb::ColumnFamilyOptions& options);

// A new table factory with these options, for this family alone.
void SetBlockBasedTable(const rocksdb::BlockBasedTableOptions& table,
                        rocksdb::ColumnFamilyOptions* options);

bool IsLiveObject(absl::string_view name);

// kInvalidArgument: no number, or one RocksDB would abort on. kNotFound: the
// set has no such object, nor does `key` name a family that has.
absl::Status SetLiveObject(const OptionKey& key, absl::string_view value,
                           OptionSet* options);

// The same where there may be none yet: for reading a file. A block cache is
// shared by `families`, by name; the others belong to the whole database.
struct LiveObject {
  std::string name;
  std::string value;
  std::vector<std::string> families;
};
absl::Status MakeLiveObject(const LiveObject& object, OptionSet* options);
std::vector<LiveObject> LiveObjectsOf(const OptionSet& options);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_SET_OBJECTS_H_
