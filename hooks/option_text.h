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

// The options, without the table's. RocksDB leaves out options whose value is
// empty text; so does this. `mutable_only`: only those SetOptions takes.
OptionText FamilyText(const rocksdb::ColumnFamilyOptions& options,
                      bool mutable_only);
OptionText DbText(const rocksdb::DBOptions& options, bool mutable_only);
inline OptionText MutableFamilyText(
    const rocksdb::ColumnFamilyOptions& options) {
  return FamilyText(options, /*mutable_only=*/true);
}
inline OptionText MutableDbText(const rocksdb::DBOptions& options) {
  return DbText(options, /*mutable_only=*/true);
}

// Every option, and the members of the structs that are tuned one by one as
// "compaction_options_universal.size_ratio" beside the struct itself.
OptionText FamilyTextWithMembers(const rocksdb::ColumnFamilyOptions& options);

// The members of a block-based table by member name; empty for other table
// formats. `mutable_only`: only those RocksDB calls mutable (before 9.8, where
// the factory as a whole became mutable).
OptionText TableText(const rocksdb::TableFactory& factory, bool mutable_only);

// False where RocksDB's parser throws or takes all memory: it makes a list as
// long as num_levels says. Ask before giving it text from outside.
bool IsSafeToParse(absl::string_view name, absl::string_view value);

// How all of the above asks RocksDB to print and parse.
rocksdb::ConfigOptions TextConfig(bool mutable_only);
// The same for text from outside: an object that is not there is an error,
// where RocksDB would silently take none.
rocksdb::ConfigOptions StrictConfig();

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_OPTION_TEXT_H_
