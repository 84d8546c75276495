// Text of a reply made safe to keep, and values people write as sums.
#ifndef ROCKTUNE_LLM_REPLY_TEXT_H_
#define ROCKTUNE_LLM_REPLY_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace rocktune {

// Of a reason, an effect, a summary.
inline constexpr size_t kLongestFreeText = 200;
// Of an option's name or value; longer is neither, and policy refuses it.
inline constexpr size_t kLongestToken = 200;

// One line of printable ASCII, at most `max_bytes`: line ends and tabs become
// spaces, typographic dashes, arrows, quotes and spaces their plain twins,
// anything else '?'.
std::string PrintableText(absl::string_view text, size_t max_bytes);

// "64 * 1024 * 1024" and "64 << 20" as digits; any other text as it is.
std::string FoldProduct(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_TEXT_H_
