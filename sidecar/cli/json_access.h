// Reading the server's answers. What is missing reads as empty: a command of
// another version must not fail over a field.
#ifndef ROCKTUNE_SIDECAR_CLI_JSON_ACCESS_H_
#define ROCKTUNE_SIDECAR_CLI_JSON_ACCESS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "boost/json/value.hpp"

namespace rocktune::cli {

using Json = boost::json::value;

// The member, or null.
const Json& At(const Json& object, absl::string_view key);
// Strings as they are, numbers and booleans as JSON spells them.
std::string Text(const Json& object, absl::string_view key);
// 0 when it is not a number.
double Number(const Json& object, absl::string_view key);
bool Truth(const Json& object, absl::string_view key);
// The member as an array; an empty one when it is none.
const boost::json::array& Items(const Json& object, absl::string_view key);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_JSON_ACCESS_H_
