// One line for logs, the history and operators out of a text we do not trust.
#ifndef ROCKTUNE_LLM_ERROR_LINE_H_
#define ROCKTUNE_LLM_ERROR_LINE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace rocktune {

constexpr size_t kMaxErrorLineBytes = 300;

// `text` as printable ASCII: white space becomes one space, any other byte
// outside 0x20..0x7e is written "\x1b"; what is longer than `most_bytes` ends
// with "...". Redact keys before: a cut leaves a part of one.
std::string ErrorLine(absl::string_view text,
                      size_t most_bytes = kMaxErrorLineBytes);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_ERROR_LINE_H_
