// Reads a JSON object strictly: a body from the admin socket is hostile input.
#ifndef ROCKTUNE_SIDECAR_JSON_FIELDS_H_
#define ROCKTUNE_SIDECAR_JSON_FIELDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "boost/json/value.hpp"

namespace rocktune {

// Deepest nesting a document may have.
inline constexpr int kJsonMaxDepth = 16;

// The whole of `text` as one JSON value. kInvalidArgument with the reason and
// the byte it was found at. Comments, trailing commas, trailing bytes and
// anything nested deeper than kJsonMaxDepth are errors.
absl::StatusOr<boost::json::value> ParseJson(absl::string_view text);

// As above, for a document that must be an object; an empty text is one too.
absl::StatusOr<boost::json::object> ParseJsonObject(absl::string_view text);

// kInvalidArgument naming a key that is not in `known`, and the nearest.
absl::Status CheckKeys(const boost::json::object& object,
                       const std::vector<std::string>& known);

// The member as text, or "" when absent or null. Numbers and booleans are
// accepted where `scalars_too`, spelled as in JSON. kInvalidArgument names the
// key and what is expected.
absl::StatusOr<std::string> TextMember(const boost::json::object& object,
                                       absl::string_view key,
                                       bool scalars_too = false);

// The member as a boolean, or false when absent.
absl::StatusOr<bool> BoolMember(const boost::json::object& object,
                                absl::string_view key);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_JSON_FIELDS_H_
