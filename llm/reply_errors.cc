#include "llm/reply_errors.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "llm/json_fields.h"
#include "llm/retry_after.h"

namespace rocktune {
namespace {

using Element = JsonText::Element;

// More than any honest error says.
constexpr size_t kMaxDetails = 16;

constexpr char kRetryInfo[] = "RetryInfo";

bool IsGood(int status) { return status >= 200 && status <= 299; }

bool IsRedirect(int status) { return status >= 300 && status <= 399; }

bool IsErrorStatus(int64_t status) { return status >= 400 && status <= 599; }

// A code is a word or, with vLLM, OpenRouter and Gemini, a status.
void ReadCode(Element error, JsonFields* fields, ErrorFacts* facts) {
  const auto code = fields->Any(error, "code");
  if (!code) return;
  int64_t status = 0;
  if (code->is_string()) facts->words.push_back(fields->Text(error, "code"));
  if (code->get(status) == simdjson::SUCCESS && IsErrorStatus(status) &&
      IsGood(facts->status)) {
    facts->status = static_cast<int>(status);
  }
}

void AddWord(Element from, const char* name, JsonFields* fields,
             ErrorFacts* facts) {
  std::string word = fields->Text(from, name);
  if (!word.empty()) facts->words.push_back(std::move(word));
}

// Gemini has a list of details, Anthropic one.
void ReadDetails(Element error, JsonFields* fields, ErrorFacts* facts) {
  std::vector<Element> details;
  if (const auto found = fields->Any(error, "details")) {
    details = fields->Array(error, "details");
    if (found->is_object()) details.push_back(*found);
  }
  if (details.size() > kMaxDetails) details.resize(kMaxDetails);
  for (const Element detail : details) {
    AddWord(detail, "reason", fields, facts);
    AddWord(detail, "error_code", fields, facts);
    if (!facts->retry_after &&
        absl::EndsWith(fields->Text(detail, "@type"), kRetryInfo)) {
      facts->retry_after = ReadRetryDelay(fields->Text(detail, "retryDelay"));
    }
  }
}

// Wrong kinds of field are of no interest here: an error stays one.
void ReadErrorObject(Element error, ErrorFacts* facts) {
  JsonFields fields;
  if (error.is_string()) {
    facts->message = std::string(error.get_string().value_unsafe());
    return;
  }
  facts->message = fields.Text(error, "message");
  facts->parameter = fields.Text(error, "param");
  ReadCode(error, &fields, facts);
  AddWord(error, "type", &fields, facts);
  AddWord(error, "status", &fields, facts);
  ReadDetails(error, &fields, facts);
  // OpenRouter: what the server behind it said.
  if (const auto metadata = fields.Object(error, "metadata")) {
    const std::string raw = fields.Text(*metadata, "raw");
    if (!raw.empty()) absl::StrAppend(&facts->message, ": ", raw);
  }
}

// A list of one is as its only item.
Element Unwrapped(Element root) {
  simdjson::dom::array list;
  Element first;
  const bool is_list = root.get(list) == simdjson::SUCCESS &&
                       list.at(0).get(first) == simdjson::SUCCESS;
  return is_list ? first : root;
}

// What web frameworks say before the service itself has a look: a text, or a
// list of {loc, msg}.
std::string TextOfDetail(Element root) {
  JsonFields fields;
  const auto detail = fields.Any(root, "detail");
  if (!detail) return "";
  if (detail->is_string()) return fields.Text(root, "detail");
  const Element first = Unwrapped(*detail);
  std::vector<std::string> words;
  for (const Element part : fields.Array(first, "loc")) {
    if (words.size() == kMaxDetails) break;
    std::string_view word;
    if (part.get(word) == simdjson::SUCCESS) words.emplace_back(word);
  }
  words.push_back(fields.Text(first, "msg"));
  return absl::StrJoin(words, " ");
}

// JSON is never repeated as it is: with an escape in it a key would not be
// found to be redacted.
std::string TextOfJson(Element root) {
  JsonFields fields;
  for (std::string text : {fields.Text(root, "message"), TextOfDetail(root)}) {
    if (!text.empty()) return text;
  }
  return "JSON that tells of no error";
}

// For a body that is no JSON: its words, unless it is a page.
std::string TextOfBody(absl::string_view body) {
  const absl::string_view text = absl::StripAsciiWhitespace(body);
  if (text.empty()) return "an empty reply";
  if (absl::StartsWith(text, "<")) return "a page instead of JSON";
  return std::string(text);
}

// Never followed, so that no key goes where the operator did not send it. The
// parameter is one that the ladder cannot leave out.
ModelReply Redirected(int status) {
  ModelReply failure;
  failure.outcome = CallOutcome::kBadRequest;
  failure.error = absl::StrCat("HTTP ", status,
                               ": redirected to another place, not followed");
  failure.rejected_parameter = "base_url";
  return failure;
}

}  // namespace

std::optional<ModelReply> ReadError(const HttpReply& reply, absl::Time now) {
  if (IsRedirect(reply.status)) return Redirected(reply.status);
  ErrorFacts facts;
  facts.status = reply.status;
  facts.retry_after = ReadRetryAfter(reply, now);
  JsonText json_text;
  auto root = json_text.Parse(reply.body);
  std::optional<Element> error;
  if (root.ok()) {
    JsonFields fields;
    *root = Unwrapped(*root);
    error = fields.Any(*root, "error");
  }
  if (IsGood(reply.status) && !error) return std::nullopt;
  if (error) {
    ReadErrorObject(*error, &facts);
  } else {
    facts.message = root.ok() ? TextOfJson(*root) : TextOfBody(reply.body);
  }
  ModelReply failure;
  failure.outcome = OutcomeOf(facts);
  failure.error =
      absl::StrCat("HTTP ", reply.status,
                   facts.words.empty() ? "" : absl::StrCat(" ", facts.words[0]),
                   facts.message.empty() ? "" : ": ", facts.message);
  failure.retry_after = facts.retry_after;
  if (failure.outcome == CallOutcome::kBadRequest) {
    failure.rejected_parameter = RejectedParameter(facts);
  }
  return failure;
}

}  // namespace rocktune
