// Which column families a reply means by "cf0", "all", "default".
#ifndef ROCKTUNE_LLM_REPLY_SCOPE_H_
#define ROCKTUNE_LLM_REPLY_SCOPE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "policy/facts.h"

namespace rocktune {

// Real family names, "" for all of them, each once. "cf0" is the first family
// by id; "default" is RocksDB's own word; several are divided by commas.
// nullopt: a scope that this database does not have.
std::optional<std::vector<std::string>> ResolveScopes(
    absl::string_view text, const DatabaseFacts& database);

// "all", "db" and so on: no family in particular. Empty text too.
bool MeansEveryFamily(absl::string_view text);

// The number of "cf3", "CF 3", "column family 3".
std::optional<size_t> FamilyNumber(absl::string_view text);

// Takes a scope off an option's name: "cf1.write_buffer_size",
// "write_buffer_size[cf1]", "write_buffer_size (cf1)". Empty: there is none.
std::string TakeScope(std::string& option);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_SCOPE_H_
