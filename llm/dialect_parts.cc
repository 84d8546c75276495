#include "llm/dialect_parts.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace rocktune {

std::string RequestParts::TokenLimitField() const {
  return rung.other_token_limit_field &&
                 !provider.other_token_limit_field.empty()
             ? provider.other_token_limit_field
             : provider.token_limit_field;
}

std::string RequestParts::Effort() const {
  return rung.effort ? provider.reasoning_effort : "";
}

void RequestParts::AddTokenLimit(boost::json::object* to) const {
  to->emplace(TokenLimitField(), question.max_output_tokens);
}

void RequestParts::AddTemperature(boost::json::object* to) const {
  if (!rung.temperature || !provider.temperature) return;
  to->emplace("temperature", *provider.temperature);
}

void Conclude(absl::Span<const Ending> rows, absl::string_view word,
              std::string text, ModelReply* reply) {
  reply->outcome = CallOutcome::kOk;
  const auto row = absl::c_find_if(
      rows, [word](const Ending& ending) { return word == ending.word; });
  if (row != rows.end() && row->outcome != CallOutcome::kOk) {
    reply->outcome = row->outcome;
    reply->error = row->line;
    return;
  }
  if (absl::StripAsciiWhitespace(text).empty()) {
    reply->outcome = CallOutcome::kInvalidReply;
    reply->error = absl::StrCat("the reply holds no text",
                                word.empty() ? "" : ", ended with ", word);
    return;
  }
  reply->text = std::move(text);
}

std::string TextOfItems(const std::vector<JsonText::Element>& items,
                        std::string_view type, JsonFields* fields) {
  std::string text;
  for (const JsonText::Element item : items) {
    if (fields->Text(item, "type") == type) text += fields->Text(item, "text");
  }
  return text;
}

}  // namespace rocktune
