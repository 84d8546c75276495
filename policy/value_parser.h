// Reads option values as people and models write them ("64 MiB", "2h", "lz4")
// into canonical text (see OptionValues). RocksDB's own parser is no help: it
// reads "8.5M" as 8 and "-1" as 2^64-1.
#ifndef ROCKTUNE_POLICY_VALUE_PARSER_H_
#define ROCKTUNE_POLICY_VALUE_PARSER_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "policy/catalogue.h"

namespace rocktune {

// The canonical text of `text` for this option. Sizes are binary ("1 KB" =
// 1024), as in RocksDB; a fraction of a byte or of a second is cut off.
// kInvalidArgument: not a value of the option's type and unit; the message
// says what is wrong and what to write instead. Bounds are not checked here.
absl::StatusOr<std::string> ParseValue(absl::string_view text,
                                       const CatalogueRow& row);

// Canonical text of a double: the shortest that reads back as the same one.
std::string FormatDouble(double value);

// Canonical text of a whole number >= 0, cut off at 2^63.
std::string FormatWhole(double value);

// The number that canonical text holds; nullopt when it is not a finite
// number. Exact below 2^53, which is all that comparisons of bounds need.
std::optional<double> NumberOf(absl::string_view canonical);

// True when both canonical texts mean the same value.
bool SameValue(absl::string_view a, absl::string_view b);

// `text` for a message: printable, at most 40 characters, in quotes.
std::string Quoted(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_VALUE_PARSER_H_
