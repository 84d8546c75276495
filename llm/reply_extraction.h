// Finds the answer in what a model without structured output writes around it.
#ifndef ROCKTUNE_LLM_REPLY_EXTRACTION_H_
#define ROCKTUNE_LLM_REPLY_EXTRACTION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rocktune {

// What stands after the reasoning ("<think>...</think>"). `unfinished`: it
// never ends, so nothing in it is the answer. Views into `text`.
struct Answer {
  absl::string_view text;
  bool unfinished = false;
};
Answer WithoutThinking(absl::string_view text);

// The insides of closed ``` fences, in order, without their language word; at
// most kMostFences. A fence that is never closed goes to the end of the text.
inline constexpr size_t kMostFences = 16;
std::vector<absl::string_view> FencedBlocks(absl::string_view text);

// The one JSON object, or list of objects, in the text. Prose around it is
// not an error, a second one is, unless it says the same: which one counts?
struct FoundJson {
  enum class Kind {
    kNone,     // nothing looks like JSON
    kOne,      // `text` from its first bracket to its last
    kSeveral,  // and they differ
    kBroken,   // begins like JSON and never ends
  };
  Kind kind = Kind::kNone;
  absl::string_view text;
};
FoundJson FindJson(absl::string_view text);

// Without // and /* */ comments and commas before a closing bracket, outside
// of strings: what models write into JSON.
std::string WithoutJsonExtras(absl::string_view json);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_EXTRACTION_H_
