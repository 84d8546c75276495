// What was wrong with a model's reply, in stable codes.
#ifndef ROCKTUNE_LLM_REPLY_ISSUE_H_
#define ROCKTUNE_LLM_REPLY_ISSUE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rocktune {

enum class ReplyIssueCode {
  // The whole reply; nothing was read.
  kEmpty,
  kTooLarge,
  kUnfinishedThinking,
  kNotJson,
  kTooDeep,
  kDuplicateKey,
  kSeveralObjects,
  kNothingFound,
  // One change; it was left out.
  kMissingOption,
  kMissingValue,
  kWrongType,
  kUnknownOption,
  kImmutableOption,
  kDeprecatedOption,
  kUnknownScope,
  kConflictingValues,
  // What is beyond a limit; the rest was read.
  kTooManyChanges,
  kTooManyLines,
  kTooManyIssues,
};
inline constexpr int kReplyIssueCodes =
    static_cast<int>(ReplyIssueCode::kTooManyIssues) + 1;

// "unknown_option", ...
absl::string_view ToString(ReplyIssueCode code);
// One sentence for the model: what to do instead.
absl::string_view AdviceOn(ReplyIssueCode code);

// `option` and `nearest` are names of the catalogue, or empty. `line` may
// quote the reply: printable ASCII, at most 300 bytes, for logs and people
// only. It never goes back to a model.
struct ReplyIssue {
  ReplyIssueCode code = ReplyIssueCode::kEmpty;
  std::string option;
  std::string nearest;  // kUnknownOption: what may have been meant
  std::string line;
};

// What to add to the facts when a reply held nothing usable: the issues by
// code and catalogue name, at most kMostAskedAgain of them, and what to do.
// Empty without issues. The same issues give the same bytes.
inline constexpr int kMostAskedAgain = 8;
std::string WriteSecondAsk(const std::vector<ReplyIssue>& issues);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_ISSUE_H_
