// A database's whole options without a database: what an OPTIONS file holds
// and what DB::Open is given. Offline, where a restart is free, every option
// counts, the immutable ones too.
#ifndef ROCKTUNE_HOOKS_OPTION_SET_H_
#define ROCKTUNE_HOOKS_OPTION_SET_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "policy/catalogue.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/option_knowledge.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"

namespace rocktune {

// An object that a file names and this program does not have: a comparator, a
// merge operator, ... of the program that wrote the file. The options hold
// RocksDB's default in its place; WriteOptionsFile() writes `value` back.
struct MissingObject {
  OptionKey key;  // table members by their catalogue name
  std::string value;
};

// Copies share the objects the options point to (caches, table factories);
// nothing here changes one in place, so a copy is as good as a deep one.
struct OptionSet {
  rocksdb::DBOptions db;
  // The default family first; names are unique.
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  std::vector<MissingObject> missing;
};

// RocksDB's defaults: one family with a block-based table that has a block
// cache object of its own.
OptionSet DefaultOptionSet();

// Every option of the linked RocksDB, mutable or not: of the database, of a
// column family, table members ("block_based_table_factory.<member>"), struct
// members ("compaction_options_universal.<member>"), and the live objects
// that this set has. Filter policy and memtable are enums of the kinds that
// RocksDB makes from a word.
std::vector<DiscoveredOption> DiscoverOfflineOptions(const OptionSet& options);

// What calibration wants to know of each family.
std::vector<ColumnFamilyFacts> FamilyFacts(const OptionSet& options);

// The values of every row, canonical text. kInternal: RocksDB did not print
// its options.
absl::StatusOr<OptionValues> ReadOptionValues(const OptionSet& options,
                                              const Catalogue& catalogue);

// Sets all of `values` (canonical text) or, on an error, none. Reads each back.
// kInvalidArgument: RocksDB refuses a value, or makes another one of it; the
// message names option and value. kNotFound: no such family or live object.
absl::Status SetOptionValues(OptionSet* options, const OptionValues& values);

// Each option of each scope; for comparing whole sets.
OptionValues AllOptionValues(const OptionSet& options);

// What no OPTIONS file carries though it is tuned: capacities of caches, rate
// of a rate limiter, size of a write buffer manager. The keys are those of
// live objects (see OptionKey).
OptionValues LiveValuesOf(const OptionSet& options);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_OPTION_SET_H_
