// Finding, reading and setting the mutable options of an open database:
// functions over a rocksdb::DB*, without state. Everything RocksDB prints or
// parses about options passes through here.
#ifndef ROCKTUNE_HOOKS_OPTION_ACCESS_H_
#define ROCKTUNE_HOOKS_OPTION_ACCESS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "policy/catalogue.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/option_knowledge.h"
#include "rocksdb/db.h"

namespace rocktune {

// A column family whose handle the caller keeps alive during the call.
struct FamilyRef {
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  uint32_t id = 0;
  std::string name;
};

// Every mutable option of the linked RocksDB (DB, column family, table
// members as "block_based_table_factory.<member>") and the live objects this
// database has. Probes types on default-constructed options only.
std::vector<DiscoveredOption> DiscoverOptions(
    rocksdb::DB* db, absl::Span<const FamilyRef> families,
    const RocksdbFeatures& features);

// The values in force of every row, canonical text.
absl::StatusOr<OptionValues> ReadOptionValues(
    rocksdb::DB* db, absl::Span<const FamilyRef> families,
    const Catalogue& catalogue);

// Sets `values` (canonical text by option name) in one RocksDB call, or the
// live objects one by one. `family` is needed for kColumnFamily and for a
// block cache of its own; for a shared cache any family that uses it.
// kDataLoss: in force, but the OPTIONS file was not written. Any other error
// may still mean "in force": read the values back.
absl::Status SetOptionValues(rocksdb::DB* db, OptionScope scope,
                             const FamilyRef& family,
                             const std::map<std::string, std::string>& values);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_OPTION_ACCESS_H_
