// The text RocksDB prints for options, and the canonical form we keep it in
// (see OptionValues in policy/option.h). Pure functions of their arguments.
#ifndef ROCKTUNE_HOOKS_OPTION_TEXT_H_
#define ROCKTUNE_HOOKS_OPTION_TEXT_H_

#include <string>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"

namespace rocktune {

// Canonical value by option name.
using OptionText = absl::btree_map<std::string, std::string>;

// What table members are called in a catalogue:
// "block_based_table_factory.<member>".
inline constexpr absl::string_view kTablePrefix = "block_based_table_factory.";

// Splits "a=1;b={c=2;d=3};" at the outermost level; braces around a value
// stay. Text without '=' is skipped.
OptionText SplitMembers(absl::string_view text);

// Structs become "{a=1;b=2}" with the members sorted; anything else stays.
std::string CanonicalText(absl::string_view printed);

// The shortest digits that read back as the same double.
std::string CanonicalDouble(double value);

// The mutable options, without the table's. RocksDB leaves out options whose
// value is empty text; so does this.
OptionText MutableFamilyText(const rocksdb::ColumnFamilyOptions& options);
OptionText MutableDbText(const rocksdb::DBOptions& options);

// The members of a block-based table by member name; empty for other table
// formats. `mutable_only`: only those RocksDB calls mutable (before 9.8, where
// the factory as a whole became mutable).
OptionText TableText(const rocksdb::TableFactory& factory, bool mutable_only);

// How all of the above asks RocksDB to print and parse.
rocksdb::ConfigOptions TextConfig(bool mutable_only);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_OPTION_TEXT_H_
