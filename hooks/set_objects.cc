#include "hooks/set_objects.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"
#include "rocksdb/rate_limiter.h"
#include "rocksdb/table.h"
#include "rocksdb/write_buffer_manager.h"

namespace rocktune {
namespace {

// The objects of the whole database.
struct DbObject {
  absl::string_view name;
  bool (*exists)(const rocksdb::DBOptions& db);
  uint64_t (*read)(const rocksdb::DBOptions& db);
  void (*make)(uint64_t value, rocksdb::DBOptions* db);
};

constexpr DbObject kDbObjects[] = {
    {kRateLimiterRate,
     [](const rocksdb::DBOptions& db) { return db.rate_limiter != nullptr; },
     [](const rocksdb::DBOptions& db) {
       return static_cast<uint64_t>(db.rate_limiter->GetBytesPerSecond());
     },
     [](uint64_t value, rocksdb::DBOptions* db) {
       db->rate_limiter.reset(
           rocksdb::NewGenericRateLimiter(static_cast<int64_t>(value)));
     }},
    {kRowCacheCapacity,
     [](const rocksdb::DBOptions& db) { return db.row_cache != nullptr; },
     [](const rocksdb::DBOptions& db) {
       return static_cast<uint64_t>(db.row_cache->GetCapacity());
     },
     [](uint64_t value, rocksdb::DBOptions* db) {
       db->row_cache = rocksdb::NewLRUCache(static_cast<size_t>(value));
     }},
    {kWriteBufferManagerSize,
     [](const rocksdb::DBOptions& db) {
       return db.write_buffer_manager != nullptr &&
              db.write_buffer_manager->enabled();
     },
     [](const rocksdb::DBOptions& db) {
       return static_cast<uint64_t>(db.write_buffer_manager->buffer_size());
     },
     [](uint64_t value, rocksdb::DBOptions* db) {
       db->write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(
           static_cast<size_t>(value));
     }},
};

const DbObject* FindDbObject(absl::string_view name) {
  for (const DbObject& object : kDbObjects) {
    if (object.name == name) return &object;
  }
  return nullptr;
}

absl::StatusOr<uint64_t> ReadSize(absl::string_view name,
                                  absl::string_view value) {
  uint64_t number = 0;
  // A rate of zero aborts; only a cache may be empty.
  const uint64_t min = absl::StrContains(name, "cache") ? 0 : 1;
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  if (absl::SimpleAtoi(value, &number) && number >= min && number <= kMax) {
    return number;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name, " = \"", value, "\": expected a whole number from ",
                   min, " to ", kMax));
}

// Indices of the families whose cache `family` names; all for "".
std::vector<size_t> FamiliesOfCache(const OptionSet& options,
                                    absl::string_view family) {
  for (const SharedCache& shared : BlockCachesOf(options)) {
    if (shared.column_family == family) return shared.families;
    for (size_t place : shared.families) {
      if (options.families[place].name == family) return shared.families;
    }
  }
  return {};
}

void PutCache(const std::vector<size_t>& families, uint64_t capacity,
              OptionSet* options) {
  const std::shared_ptr<rocksdb::Cache> cache =
      rocksdb::NewLRUCache(static_cast<size_t>(capacity));
  for (size_t place : families) {
    rocksdb::ColumnFamilyOptions& family = options->families[place].options;
    rocksdb::BlockBasedTableOptions table = *BlockBasedTableOf(family);
    table.block_cache = cache;
    SetBlockBasedTable(table, &family);
  }
}

}  // namespace

const rocksdb::BlockBasedTableOptions* BlockBasedTableOf(
    const rocksdb::ColumnFamilyOptions& options) {
  if (options.table_factory == nullptr) return nullptr;
  return options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
}

void SetBlockBasedTable(const rocksdb::BlockBasedTableOptions& table,
                        rocksdb::ColumnFamilyOptions* options) {
  options->table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
}

std::vector<SharedCache> BlockCachesOf(const OptionSet& options) {
  std::vector<SharedCache> caches;
  for (size_t i = 0; i < options.families.size(); ++i) {
    const auto* table = BlockBasedTableOf(options.families[i].options);
    if (table == nullptr || table->no_block_cache ||
        table->block_cache == nullptr) {
      continue;
    }
    auto known = std::find_if(caches.begin(), caches.end(),
                              [table](const SharedCache& shared) {
                                return shared.cache == table->block_cache;
                              });
    if (known == caches.end()) {
      known = caches.insert(known,
                            {table->block_cache, options.families[i].name, {}});
    }
    known->families.push_back(i);
  }
  if (caches.size() == 1) caches.front().column_family.clear();
  return caches;
}

bool IsLiveObject(absl::string_view name) {
  return name == kBlockCacheCapacity || FindDbObject(name) != nullptr;
}

absl::Status SetLiveObject(const OptionKey& key, absl::string_view value,
                           OptionSet* options) {
  const DbObject* object = FindDbObject(key.name);
  const std::vector<size_t> families =
      key.name == kBlockCacheCapacity
          ? FamiliesOfCache(*options, key.column_family)
          : std::vector<size_t>();
  if (object != nullptr ? !object->exists(options->db) : families.empty()) {
    return absl::NotFoundError(
        absl::StrCat(ToString(key), ": these options have no such object"));
  }
  ROCKTUNE_ASSIGN_OR_RETURN(const uint64_t size, ReadSize(key.name, value));
  if (object != nullptr) {
    object->make(size, &options->db);
  } else {
    PutCache(families, size, options);
  }
  return absl::OkStatus();
}

absl::Status MakeLiveObject(const LiveObject& object, OptionSet* options) {
  ROCKTUNE_ASSIGN_OR_RETURN(const uint64_t size,
                            ReadSize(object.name, object.value));
  if (const DbObject* of_db = FindDbObject(object.name)) {
    of_db->make(size, &options->db);
    return absl::OkStatus();
  }
  std::vector<size_t> families;
  for (size_t i = 0; i < options->families.size(); ++i) {
    if (absl::c_linear_search(object.families, options->families[i].name) &&
        BlockBasedTableOf(options->families[i].options) != nullptr) {
      families.push_back(i);
    }
  }
  if (object.name != kBlockCacheCapacity || families.empty() ||
      families.size() != object.families.size()) {
    return absl::NotFoundError(absl::StrCat(
        object.name, ": no such object, or a column family that has none"));
  }
  PutCache(families, size, options);
  return absl::OkStatus();
}

std::vector<LiveObject> LiveObjectsOf(const OptionSet& options) {
  std::vector<LiveObject> objects;
  for (const SharedCache& shared : BlockCachesOf(options)) {
    LiveObject object{std::string(kBlockCacheCapacity),
                      absl::StrCat(shared.cache->GetCapacity()),
                      {}};
    for (size_t place : shared.families) {
      object.families.push_back(options.families[place].name);
    }
    objects.push_back(std::move(object));
  }
  for (const DbObject& object : kDbObjects) {
    if (!object.exists(options.db)) continue;
    objects.push_back(
        {std::string(object.name), absl::StrCat(object.read(options.db)), {}});
  }
  return objects;
}

OptionValues LiveValuesOf(const OptionSet& options) {
  OptionValues values;
  const bool one_cache = BlockCachesOf(options).size() == 1;
  for (const LiveObject& object : LiveObjectsOf(options)) {
    OptionKey key{object.name, ""};
    if (!object.families.empty() && !one_cache) {
      key.column_family = object.families.front();
    }
    values[key] = object.value;
  }
  return values;
}

}  // namespace rocktune
