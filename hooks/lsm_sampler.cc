#include "hooks/lsm_sampler.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

using Stats = std::map<std::string, std::string>;

// The map prints everything as a double ("13008.000000"), which is exact up
// to 2^53: more than any level holds.
uint64_t NumberAt(const Stats& stats, const std::string& key) {
  const auto it = stats.find(key);
  double number = 0;
  if (it == stats.end() || !absl::SimpleAtod(it->second, &number)) return 0;
  if (!(number > 0) || number > 9e15) return 0;
  return static_cast<uint64_t>(number);
}

uint64_t SumOf(const Stats& stats, const std::array<const char*, 2>& keys) {
  return NumberAt(stats, keys[0]) + NumberAt(stats, keys[1]);
}

struct ShapeProperty {
  const std::string* name;
  uint64_t ColumnFamilyShape::*field;
};

}  // namespace

void ParseLevels(const Stats& cfstats, ColumnFamilyShape* shape) {
  for (size_t level = 0; level < shape->levels.size(); ++level) {
    const std::string prefix = absl::StrCat("compaction.L", level, ".");
    shape->levels[level].files = NumberAt(cfstats, prefix + "NumFiles");
    shape->levels[level].bytes = NumberAt(cfstats, prefix + "SizeBytes");
  }
}

StallCounts ParseStallCounts(const Stats& cfstats, const StallKeys& keys) {
  StallCounts counts;
  counts.memtable = SumOf(cfstats, keys.memtable);
  counts.l0 = SumOf(cfstats, keys.l0);
  counts.pending_bytes = SumOf(cfstats, keys.pending_bytes);
  return counts;
}

uint64_t ReadProperty(rocksdb::DB* db, Family* family,
                      const std::string& property) {
  uint64_t value = 0;
  if (family == nullptr) {
    return db->GetIntProperty(property, &value) ? value : 0;
  }
  const UseGate::Use use = family->gate.Enter();
  return use && db->GetIntProperty(family->handle, property, &value) ? value
                                                                     : 0;
}

bool SampleFamily(rocksdb::DB* db, Family* family, const StallKeys& keys,
                  ColumnFamilyShape* shape, StallCounts* stalls) {
  using Properties = rocksdb::DB::Properties;
  static const ShapeProperty kProperties[] = {
      {&Properties::kNumImmutableMemTable,
       &ColumnFamilyShape::immutable_memtables},
      {&Properties::kCurSizeActiveMemTable,
       &ColumnFamilyShape::active_memtable_bytes},
      {&Properties::kCurSizeAllMemTables,
       &ColumnFamilyShape::all_memtable_bytes},
      {&Properties::kEstimatePendingCompactionBytes,
       &ColumnFamilyShape::pending_compaction_bytes},
      {&Properties::kEstimateTableReadersMem,
       &ColumnFamilyShape::table_reader_bytes},
      {&Properties::kEstimateNumKeys, &ColumnFamilyShape::estimated_keys},
  };
  shape->id = family->id;
  shape->name = family->name;
  shape->levels.assign(static_cast<size_t>(family->levels), LevelShape());
  // cfstats and not GetColumnFamilyMetaData: that one copies the facts of
  // every file under the database's mutex, this one has a row per level, and
  // the stall counts with it.
  Stats cfstats;
  {
    const UseGate::Use use = family->gate.Enter();
    if (!use ||
        !db->GetMapProperty(family->handle, Properties::kCFStats, &cfstats)) {
      return false;
    }
  }
  ParseLevels(cfstats, shape);
  *stalls = ParseStallCounts(cfstats, keys);
  for (const ShapeProperty& property : kProperties) {
    shape->*property.field = ReadProperty(db, family, *property.name);
  }
  return static_cast<bool>(family->gate.Enter());
}

}  // namespace rocktune
