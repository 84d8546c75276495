#include "llm/reply_parser.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "llm/reply_assembly.h"
#include "llm/reply_changes.h"
#include "llm/reply_extraction.h"
#include "llm/reply_json.h"
#include "llm/reply_lenient.h"

namespace rocktune {
namespace {

using Code = ReplyIssueCode;

// Read, or why not.
std::optional<Code> CodeOf(JsonOutcome outcome) {
  switch (outcome) {
    case JsonOutcome::kRead:
      return std::nullopt;
    case JsonOutcome::kNotJson:
      return Code::kNotJson;
    case JsonOutcome::kTooDeep:
      return Code::kTooDeep;
    case JsonOutcome::kDuplicateKey:
      return Code::kDuplicateKey;
    case JsonOutcome::kNoChanges:
      return Code::kNothingFound;
  }
  return Code::kNotJson;
}

std::optional<Code> ReadFound(const FoundJson& found, ReplyContent& content) {
  if (found.kind == FoundJson::Kind::kSeveral) return Code::kSeveralObjects;
  if (found.kind == FoundJson::Kind::kBroken) return Code::kNotJson;
  JsonOutcome outcome = ReadJsonReply(found.text, content);
  if (outcome == JsonOutcome::kNotJson) {
    outcome = ReadJsonReply(WithoutJsonExtras(found.text), content);
  }
  return CodeOf(outcome);
}

std::optional<Code> ReadLoose(absl::string_view text,
                              const std::vector<absl::string_view>& fences,
                              const Catalogue& catalogue,
                              ReplyContent& content) {
  // What is fenced is meant; the prose around it may say what is in force.
  for (absl::string_view fence : fences) {
    ReadLooseReply(fence, catalogue, content);
  }
  if (content.changes.empty()) ReadLooseReply(text, catalogue, content);
  if (content.changes.empty() && !content.says_nothing) {
    return Code::kNothingFound;
  }
  return std::nullopt;
}

std::optional<Code> Read(absl::string_view text, const Catalogue& catalogue,
                         ReplyContent& content) {
  absl::ConsumePrefix(&text, "\xef\xbb\xbf");  // a byte order mark
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return Code::kEmpty;
  if (text.size() > kMaxReplyBytes) return Code::kTooLarge;
  const JsonOutcome whole = ReadJsonReply(text, content);
  if (whole != JsonOutcome::kNotJson) return CodeOf(whole);

  const Answer answer = WithoutThinking(text);
  if (answer.unfinished) return Code::kUnfinishedThinking;
  if (absl::StripAsciiWhitespace(answer.text).empty()) return Code::kEmpty;
  const std::vector<absl::string_view> fences = FencedBlocks(answer.text);
  const FoundJson found =
      FindJson(fences.size() == 1 ? fences[0] : answer.text);
  if (found.kind != FoundJson::Kind::kNone) return ReadFound(found, content);
  return ReadLoose(answer.text, fences, catalogue, content);
}

}  // namespace

ParsedReply ParseReply(absl::string_view text, const ReplyContext& context) {
  ReplyContent content;
  ParsedReply reply;
  if (const auto code = Read(text, context.catalogue, content)) {
    reply.issues.push_back({*code, "", "", std::string(AdviceOn(*code))});
    return reply;
  }
  return AssembleReply(std::move(content), context);
}

}  // namespace rocktune
