// How an option and its values are named everywhere: code, history, admin.
#ifndef ROCKTUNE_POLICY_OPTION_H_
#define ROCKTUNE_POLICY_OPTION_H_

#include <compare>
#include <string>

#include "absl/container/btree_map.h"

namespace rocktune {

// What kind of handle an option is set through.
enum class OptionScope {
  kDb,            // rocksdb::DB::SetDBOptions
  kColumnFamily,  // rocksdb::DB::SetOptions; table options included
  kLive,          // a live object (block cache, rate limiter, ...)
};

// One option of one database. `name` is RocksDB's spelling; table options are
// "block_based_table_factory.<member>", live objects "block_cache.capacity",
// "rate_limiter.bytes_per_second", "write_buffer_manager.buffer_size".
// `column_family` is the family's name, and empty for kDb and for live objects
// that the whole database shares; a block cache used by only some families
// carries the name of the first of them (by id).
struct OptionKey {
  std::string name;
  std::string column_family;

  auto operator<=>(const OptionKey&) const = default;
};

// "name" or "name[column family]": for people and for sorting, never parsed.
std::string ToString(const OptionKey& key);

// Values in canonical text: plain decimal digits for numbers ("67108864"),
// "true"/"false", the enum's RocksDB name ("kLZ4Compression"), "a:b:c" for
// lists, as RocksDB prints them for structs. Doubles have 17 significant
// digits where needed, so that a rollback is exact.
using OptionValues = absl::btree_map<OptionKey, std::string>;

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_OPTION_H_
