// Chat completions: OpenAI, Azure, OpenRouter, vLLM, llama.cpp, Ollama and
// most gateways.
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "absl/strings/str_cat.h"
#include "llm/dialect_parts.h"

namespace rocktune {
namespace {

namespace json = boost::json;

constexpr Ending kEndings[] = {
    {"stop", CallOutcome::kOk, ""},
    {"length", CallOutcome::kTruncated, "the reply was cut at its token limit"},
    {"content_filter", CallOutcome::kRefused, "a content filter cut the reply"},
    {"tool_calls", CallOutcome::kInvalidReply,
     "the model called a tool, though none was offered"},
    {"function_call", CallOutcome::kInvalidReply,
     "the model called a tool, though none was offered"},
    {"error", CallOutcome::kOverloaded, "the provider failed in mid reply"},
};

std::string Path(const Provider&) { return "/chat/completions"; }

// "system" is taken everywhere; newer models read it as "developer".
json::array Messages(const RequestParts& parts) {
  return {{{"role", "system"}, {"content", parts.instructions}},
          {{"role", "user"}, {"content", parts.question.facts}}};
}

// llama.cpp reads the schema only from where it stands here.
json::object SchemaFormat(const json::value& schema) {
  return {{"type", "json_schema"},
          {"json_schema",
           {{"name", "advice"}, {"strict", true}, {"schema", schema}}}};
}

json::object Body(const RequestParts& parts) {
  json::object body;
  body.emplace("model", parts.provider.model);
  body.emplace("messages", Messages(parts));
  if (parts.schema) {
    body.emplace("response_format", SchemaFormat(*parts.schema));
  } else if (parts.HasForm(Structured::kJsonObject)) {
    body.emplace("response_format", json::object{{"type", "json_object"}});
  }
  parts.AddTokenLimit(&body);
  if (!parts.Effort().empty()) body.emplace("reasoning_effort", parts.Effort());
  parts.AddTemperature(&body);
  body.emplace("stream", false);
  return body;
}

// A string; some gateways send a list of typed parts.
std::string ContentOf(JsonText::Element message, JsonFields* fields) {
  const auto content = fields->Any(message, "content");
  if (content && content->is_array()) {
    return TextOfItems(fields->Array(message, "content"), "text", fields);
  }
  return fields->Text(message, "content");
}

void ReadUsage(JsonText::Element root, JsonFields* fields, TokenUsage* usage) {
  const auto counts = fields->Any(root, "usage");
  if (!counts) return;
  usage->input = fields->Tokens(*counts, "prompt_tokens");
  usage->output = fields->Tokens(*counts, "completion_tokens");
  if (const auto details = fields->Any(*counts, "prompt_tokens_details")) {
    usage->cached_input = fields->Tokens(*details, "cached_tokens");
  }
  if (const auto details = fields->Any(*counts, "completion_tokens_details")) {
    usage->reasoning_output = fields->Tokens(*details, "reasoning_tokens");
  }
}

void Read(JsonText::Element root, JsonFields* fields, ModelReply* reply) {
  reply->model = fields->Text(root, "model");
  ReadUsage(root, fields, &reply->usage);
  const auto choices = fields->Array(root, "choices");
  if (choices.empty()) {
    reply->error = "the reply holds no choices";
    return;
  }
  const auto message = fields->Object(choices[0], "message");
  if (!message) {
    reply->error = "the reply holds no message";
    return;
  }
  const std::string refusal = fields->Text(*message, "refusal");
  if (!refusal.empty()) {
    reply->outcome = CallOutcome::kRefused;
    reply->error = absl::StrCat("the model refused: ", refusal);
    return;
  }
  Conclude(kEndings, fields->Text(choices[0], "finish_reason"),
           ContentOf(*message, fields), reply);
}

}  // namespace

const DialectFunctions kOpenAiChatFunctions = {
    .dialect = Dialect::kOpenAiChat,
    .path = Path,
    .body = Body,
    .read = Read,
};

}  // namespace rocktune
