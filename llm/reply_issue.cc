#include "llm/reply_issue.h"

#include <iterator>

#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

struct Row {
  ReplyIssueCode code;
  absl::string_view name;
  absl::string_view advice;
};

using Code = ReplyIssueCode;

constexpr Row kRows[] = {
    {Code::kEmpty, "empty", "write the JSON object"},
    {Code::kTooLarge, "too_large", "write less"},
    {Code::kUnfinishedThinking, "unfinished_thinking",
     "think less and write the JSON object"},
    {Code::kNotJson, "not_json",
     "write one valid JSON object and nothing else"},
    {Code::kTooDeep, "too_deep", "nest as the schema does"},
    {Code::kDuplicateKey, "duplicate_key", "write each key once"},
    {Code::kSeveralObjects, "several_objects", "write one JSON object only"},
    {Code::kNothingFound, "nothing_found",
     "write the JSON object, with an empty list to change nothing"},
    {Code::kMissingOption, "missing_option", "name the option of each change"},
    {Code::kMissingValue, "missing_value", "give the value of each change"},
    {Code::kWrongType, "wrong_type", "use the types of the schema"},
    {Code::kUnknownOption, "unknown_option",
     "use only options of the catalogue"},
    {Code::kImmutableOption, "immutable_option",
     "this option cannot change while the database is open"},
    {Code::kDeprecatedOption, "deprecated_option",
     "this option has no effect any more"},
    {Code::kUnknownScope, "unknown_scope", "use a scope of the schema"},
    {Code::kConflictingValues, "conflicting_values",
     "give each option and scope one value"},
    {Code::kTooManyChanges, "too_many_changes", "propose fewer changes"},
    {Code::kTooManyLines, "too_many_lines", "write less"},
    {Code::kTooManyIssues, "too_many_issues", "keep to the schema"},
};
static_assert(std::size(kRows) == kReplyIssueCodes);

const Row& RowOf(ReplyIssueCode code) {
  return kRows[static_cast<size_t>(code)];
}

}  // namespace

absl::string_view ToString(ReplyIssueCode code) { return RowOf(code).name; }
absl::string_view AdviceOn(ReplyIssueCode code) { return RowOf(code).advice; }

std::string WriteSecondAsk(const std::vector<ReplyIssue>& issues) {
  if (issues.empty()) return "";
  std::string text =
      "YOUR LAST REPLY COULD NOT BE USED. Answer again, and mind:\n";
  int written = 0;
  for (const ReplyIssue& issue : issues) {
    if (++written > kMostAskedAgain) break;
    absl::StrAppend(&text, "- ", ToString(issue.code));
    if (!issue.option.empty()) absl::StrAppend(&text, " ", issue.option);
    absl::StrAppend(&text, ": ", AdviceOn(issue.code));
    if (!issue.nearest.empty()) {
      absl::StrAppend(&text, "; the nearest is ", issue.nearest);
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace rocktune
