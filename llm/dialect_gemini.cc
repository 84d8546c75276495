// Google's generateContent.
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "llm/dialect_parts.h"

namespace rocktune {
namespace {

namespace json = boost::json;

constexpr char kFiltered[] = "a content filter cut the reply";
constexpr char kTool[] = "the model called a tool, though none was offered";

constexpr Ending kEndings[] = {
    {"STOP", CallOutcome::kOk, ""},
    {"MAX_TOKENS", CallOutcome::kTruncated,
     "the reply was cut at its token limit"},
    {"", CallOutcome::kTruncated, "the reply was not finished"},
    {"SAFETY", CallOutcome::kRefused, kFiltered},
    {"RECITATION", CallOutcome::kRefused, kFiltered},
    {"LANGUAGE", CallOutcome::kRefused, kFiltered},
    {"BLOCKLIST", CallOutcome::kRefused, kFiltered},
    {"PROHIBITED_CONTENT", CallOutcome::kRefused, kFiltered},
    {"SPII", CallOutcome::kRefused, kFiltered},
    {"OTHER", CallOutcome::kRefused, kFiltered},
    {"MALFORMED_FUNCTION_CALL", CallOutcome::kInvalidReply, kTool},
    {"UNEXPECTED_TOOL_CALL", CallOutcome::kInvalidReply, kTool},
};

// The model stands in the path: any byte with a meaning there is escaped.
std::string Path(const Provider& provider) {
  absl::string_view model = provider.model;
  absl::ConsumePrefix(&model, "models/");
  std::string path = "/v1beta/models/";
  for (const char c : model) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '_' || c == '.') {
      path += c;
    } else {
      absl::StrAppend(&path, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  return absl::StrCat(path, ":generateContent");
}

json::object TextPart(const std::string& text) {
  return {{"parts", json::array{{{"text", text}}}}};
}

json::object GenerationConfig(const RequestParts& parts) {
  json::object config;
  if (parts.schema || parts.HasForm(Structured::kJsonObject)) {
    config.emplace("responseMimeType", "application/json");
  }
  if (parts.schema) config.emplace("responseJsonSchema", *parts.schema);
  parts.AddTokenLimit(&config);
  if (!parts.Effort().empty()) {
    config.emplace(
        "thinkingConfig",
        json::object{{"thinkingLevel", absl::AsciiStrToUpper(parts.Effort())}});
  }
  parts.AddTemperature(&config);
  return config;
}

json::object Body(const RequestParts& parts) {
  json::object body;
  body.emplace("systemInstruction", TextPart(parts.instructions));
  json::object turn = {{"role", "user"}};
  for (const auto& member : TextPart(parts.question.facts)) turn.insert(member);
  body.emplace("contents", json::array{std::move(turn)});
  body.emplace("generationConfig", GenerationConfig(parts));
  return body;
}

void ReadUsage(JsonText::Element root, JsonFields* fields, TokenUsage* usage) {
  const auto counts = fields->Any(root, "usageMetadata");
  if (!counts) return;
  usage->input = fields->Tokens(*counts, "promptTokenCount");
  usage->cached_input = fields->Tokens(*counts, "cachedContentTokenCount");
  usage->reasoning_output = fields->Tokens(*counts, "thoughtsTokenCount");
  usage->output =
      fields->Tokens(*counts, "candidatesTokenCount") + usage->reasoning_output;
}

std::string TextOf(JsonText::Element content, JsonFields* fields) {
  std::string text;
  for (const JsonText::Element part : fields->Array(content, "parts")) {
    const auto thought = fields->Any(part, "thought");
    const bool is_thought = thought && thought->is_bool() &&
                            bool(thought->get_bool().value_unsafe());
    if (!is_thought) text += fields->Text(part, "text");
  }
  return text;
}

void Read(JsonText::Element root, JsonFields* fields, ModelReply* reply) {
  reply->model = fields->Text(root, "modelVersion");
  reply->request_id = fields->Text(root, "responseId");
  ReadUsage(root, fields, &reply->usage);
  if (const auto feedback = fields->Object(root, "promptFeedback")) {
    const std::string reason = fields->Text(*feedback, "blockReason");
    if (!reason.empty()) {
      reply->outcome = CallOutcome::kRefused;
      reply->error = absl::StrCat("the prompt was blocked: ", reason);
      return;
    }
  }
  const auto candidates = fields->Array(root, "candidates");
  if (candidates.empty()) {
    reply->error = "the reply holds no candidates";
    return;
  }
  const auto content = fields->Object(candidates[0], "content");
  Conclude(kEndings, fields->Text(candidates[0], "finishReason"),
           content ? TextOf(*content, fields) : "", reply);
}

}  // namespace

const DialectFunctions kGeminiFunctions = {
    .dialect = Dialect::kGemini,
    .path = Path,
    .body = Body,
    .read = Read,
};

}  // namespace rocktune
