// Strings of unknown bytes, made safe for JSON and for terminals.
#ifndef ROCKTUNE_SIDECAR_JSON_TEXT_H_
#define ROCKTUNE_SIDECAR_JSON_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace rocktune {

// Bytes of the UTF-8 character that `text` begins with, 1 to 4; 0 when its
// first bytes are not well-formed (overlong forms, surrogates and values above
// U+10FFFF are not). `text` must not be empty.
size_t Utf8Length(absl::string_view text);

// Appends `text` as a JSON string, quotes included. Control characters, DEL,
// quotes and backslashes are escaped; a byte that is not UTF-8 becomes U+FFFD.
void AppendJsonString(absl::string_view text, std::string* out);

// `text` as a terminal may show it: control characters (C0, DEL, C1) and bytes
// that are not UTF-8 appear as "\n", "\x1b" and so on, so that a name can
// neither move the cursor nor fake a line.
std::string EscapedForTerminal(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_JSON_TEXT_H_
