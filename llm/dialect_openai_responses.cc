// The Responses API of OpenAI; some of its models are reached no other way.
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "absl/strings/str_cat.h"
#include "llm/dialect_parts.h"

namespace rocktune {
namespace {

namespace json = boost::json;

constexpr char kUnfinished[] = "the reply was not finished";

constexpr Ending kEndings[] = {
    {"completed", CallOutcome::kOk, ""},
    {"incomplete", CallOutcome::kTruncated, "the reply is incomplete"},
    {"max_output_tokens", CallOutcome::kTruncated,
     "the reply was cut at its token limit"},
    {"content_filter", CallOutcome::kRefused, "a content filter cut the reply"},
    // With its reason it is an error object, which is read before this.
    {"failed", CallOutcome::kOverloaded, "the provider failed in mid reply"},
    {"cancelled", CallOutcome::kInvalidReply, "the reply was cancelled"},
    {"in_progress", CallOutcome::kInvalidReply, kUnfinished},
    {"queued", CallOutcome::kInvalidReply, kUnfinished},
};

// Reasons of an incomplete reply that have a row of their own.
constexpr const char* kReasons[] = {"max_output_tokens", "content_filter"};

std::string Path(const Provider&) { return "/responses"; }

// The fields of the schema stand in "format" itself.
json::object SchemaFormat(const json::value& schema) {
  return {{"type", "json_schema"},
          {"name", "advice"},
          {"strict", true},
          {"schema", schema}};
}

json::object Body(const RequestParts& parts) {
  json::object body;
  body.emplace("model", parts.provider.model);
  body.emplace("instructions", parts.instructions);
  body.emplace("input", parts.question.facts);
  if (parts.schema) {
    body.emplace("text", json::object{{"format", SchemaFormat(*parts.schema)}});
  } else if (parts.HasForm(Structured::kJsonObject)) {
    body.emplace("text", json::object{{"format", {{"type", "json_object"}}}});
  }
  parts.AddTokenLimit(&body);
  if (!parts.Effort().empty()) {
    body.emplace("reasoning", json::object{{"effort", parts.Effort()}});
  }
  parts.AddTemperature(&body);
  body.emplace("store", false);  // the server's default is true
  body.emplace("stream", false);
  return body;
}

void ReadUsage(JsonText::Element root, JsonFields* fields, TokenUsage* usage) {
  const auto counts = fields->Any(root, "usage");
  if (!counts) return;
  usage->input = fields->Tokens(*counts, "input_tokens");
  usage->output = fields->Tokens(*counts, "output_tokens");
  if (const auto details = fields->Any(*counts, "input_tokens_details")) {
    usage->cached_input = fields->Tokens(*details, "cached_tokens");
  }
  if (const auto details = fields->Any(*counts, "output_tokens_details")) {
    usage->reasoning_output = fields->Tokens(*details, "reasoning_tokens");
  }
}

// Why an incomplete reply is so, else its status.
std::string EndingWord(JsonText::Element root, JsonFields* fields) {
  std::string status = fields->Text(root, "status");
  const auto details = fields->Object(root, "incomplete_details");
  if (status != "incomplete" || !details) return status;
  std::string reason = fields->Text(*details, "reason");
  for (const char* known : kReasons) {
    if (reason == known) return reason;
  }
  return status;
}

void Read(JsonText::Element root, JsonFields* fields, ModelReply* reply) {
  reply->model = fields->Text(root, "model");
  ReadUsage(root, fields, &reply->usage);
  std::string text;
  for (const JsonText::Element item : fields->Array(root, "output")) {
    if (fields->Text(item, "type") != "message") continue;
    const auto content = fields->Array(item, "content");
    for (const JsonText::Element part : content) {
      const std::string refusal = fields->Text(part, "refusal");
      if (refusal.empty()) continue;
      reply->outcome = CallOutcome::kRefused;
      reply->error = absl::StrCat("the model refused: ", refusal);
      return;
    }
    text += TextOfItems(content, "output_text", fields);
  }
  Conclude(kEndings, EndingWord(root, fields), std::move(text), reply);
}

}  // namespace

const DialectFunctions kOpenAiResponsesFunctions = {
    .dialect = Dialect::kOpenAiResponses,
    .path = Path,
    .body = Body,
    .read = Read,
};

}  // namespace rocktune
