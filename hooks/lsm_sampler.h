// The shape of a column family's tree, from properties: cheap enough for once
// a second, and there without any instrumentation.
#ifndef ROCKTUNE_HOOKS_LSM_SAMPLER_H_
#define ROCKTUNE_HOOKS_LSM_SAMPLER_H_

#include <cstdint>
#include <map>
#include <string>

#include "hooks/family_set.h"
#include "hooks/versions.h"
#include "policy/window.h"
#include "rocksdb/db.h"

namespace rocktune {

// Delays and stops by cause since the family was opened.
struct StallCounts {
  uint64_t memtable = 0;
  uint64_t l0 = 0;
  uint64_t pending_bytes = 0;
};

// What the map property rocksdb.cfstats says. Keys that are missing and text
// that is no number count as 0. `levels` of the shape must have been sized.
void ParseLevels(const std::map<std::string, std::string>& cfstats,
                 ColumnFamilyShape* shape);
StallCounts ParseStallCounts(const std::map<std::string, std::string>& cfstats,
                             const StallKeys& keys);

// An integer property of a family, or of the database when `family` is null.
// 0 when RocksDB does not know it or the family is gone. Holds the family for
// this one read.
uint64_t ReadProperty(rocksdb::DB* db, Family* family,
                      const std::string& property);

// Reads the family's shape and its stall counts. False when the family went
// away meanwhile. Holds the family for one property at a time.
bool SampleFamily(rocksdb::DB* db, Family* family, const StallKeys& keys,
                  ColumnFamilyShape* shape, StallCounts* stalls);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_LSM_SAMPLER_H_
