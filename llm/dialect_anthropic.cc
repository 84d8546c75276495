// Anthropic's Messages.
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "absl/strings/str_cat.h"
#include "llm/dialect_parts.h"

namespace rocktune {
namespace {

namespace json = boost::json;

constexpr Ending kEndings[] = {
    {"end_turn", CallOutcome::kOk, ""},
    {"stop_sequence", CallOutcome::kOk, ""},
    {"max_tokens", CallOutcome::kTruncated,
     "the reply was cut at its token limit"},
    {"model_context_window_exceeded", CallOutcome::kTruncated,
     "the reply did not fit into the model's context"},
    {"refusal", CallOutcome::kRefused, "the model refused"},
    {"tool_use", CallOutcome::kInvalidReply,
     "the model called a tool, though none was offered"},
    {"pause_turn", CallOutcome::kInvalidReply, "the reply was not finished"},
};

std::string Path(const Provider&) { return "/v1/messages"; }

// There is no form between a schema and none.
json::object OutputConfig(const RequestParts& parts) {
  json::object config;
  if (parts.schema) {
    config.emplace("format", json::object{{"type", "json_schema"},
                                          {"schema", *parts.schema}});
  }
  if (!parts.Effort().empty()) config.emplace("effort", parts.Effort());
  return config;
}

json::object Body(const RequestParts& parts) {
  json::object body;
  body.emplace("model", parts.provider.model);
  parts.AddTokenLimit(&body);  // mandatory here
  body.emplace("system", parts.instructions);
  body.emplace("messages", json::array{{{"role", "user"},
                                        {"content", parts.question.facts}}});
  json::object config = OutputConfig(parts);
  if (!config.empty()) body.emplace("output_config", std::move(config));
  parts.AddTemperature(&body);
  body.emplace("stream", false);
  return body;
}

// Its "input_tokens" leave out what the cache was asked for.
void ReadUsage(JsonText::Element root, JsonFields* fields, TokenUsage* usage) {
  const auto counts = fields->Any(root, "usage");
  if (!counts) return;
  usage->cached_input = fields->Tokens(*counts, "cache_read_input_tokens");
  usage->input = fields->Tokens(*counts, "input_tokens") +
                 fields->Tokens(*counts, "cache_creation_input_tokens") +
                 usage->cached_input;
  usage->output = fields->Tokens(*counts, "output_tokens");
  if (const auto details = fields->Any(*counts, "output_tokens_details")) {
    usage->reasoning_output = fields->Tokens(*details, "thinking_tokens");
  }
}

void Read(JsonText::Element root, JsonFields* fields, ModelReply* reply) {
  reply->model = fields->Text(root, "model");
  ReadUsage(root, fields, &reply->usage);
  Conclude(kEndings, fields->Text(root, "stop_reason"),
           TextOfItems(fields->Array(root, "content"), "text", fields), reply);
  const auto details = fields->Object(root, "stop_details");
  if (reply->outcome != CallOutcome::kRefused || !details) return;
  const std::string why = fields->Text(*details, "explanation");
  if (!why.empty()) absl::StrAppend(&reply->error, ": ", why);
}

}  // namespace

const DialectFunctions kAnthropicFunctions = {
    .dialect = Dialect::kAnthropic,
    .path = Path,
    .body = Body,
    .read = Read,
};

}  // namespace rocktune
