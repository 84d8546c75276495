// The one table of what differs between RocksDB versions. Keyed on the version
// of the library that is loaded, not on the headers we were compiled with.
#ifndef ROCKTUNE_HOOKS_VERSIONS_H_
#define ROCKTUNE_HOOKS_VERSIONS_H_

#include <array>
#include <string>

#include "absl/strings/string_view.h"
#include "policy/facts.h"

namespace rocktune {

// Keys of the map property rocksdb.cfstats that count write stalls, cumulative
// since the column family was opened: one delay and one stop per cause.
struct StallKeys {
  std::array<const char*, 2> memtable;
  std::array<const char*, 2> l0;
  std::array<const char*, 2> pending_bytes;
};

// What holds for `version` ("7.8.3"; text after the numbers is ignored). A
// version older than the first row is treated like the first one, a newer one
// than the last like the last; so is text without a version, as the oldest,
// because the first row promises least.
RocksdbFeatures FeaturesOf(absl::string_view version);
const StallKeys& StallKeysOf(const RocksdbFeatures& features);

// "7.8.3": of the library that is loaded.
std::string LoadedRocksdbVersion();

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_VERSIONS_H_
