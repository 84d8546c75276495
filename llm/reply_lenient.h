// Reads changes from text that is not JSON: OPTIONS-file sections, lists of
// "name: value" or "name = value", bullets, Markdown tables, YAML items, C++
// assignments, "set X to Y".
#ifndef ROCKTUNE_LLM_REPLY_LENIENT_H_
#define ROCKTUNE_LLM_REPLY_LENIENT_H_

#include "absl/strings/string_view.h"
#include "llm/reply_changes.h"
#include "policy/catalogue.h"

namespace rocktune {

// Lines that are read: a whole OPTIONS file is one option a line and has no
// more. Each may cost a search for the nearest name.
inline constexpr size_t kMostReplyLines = 300;
inline constexpr size_t kLongestReplyLine = 1000;  // longer ones are skipped

// Looks at one line at a time. A line that names no option is prose and left
// alone. The catalogue is asked only whether a word may be an option; what is
// found is as untrusted as the text.
void ReadLooseReply(absl::string_view text, const Catalogue& catalogue,
                    ReplyContent& content);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_LENIENT_H_
