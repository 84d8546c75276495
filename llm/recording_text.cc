#include "llm/recording_text.h"

#include <simdjson.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

namespace json = boost::json;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

// Parts of names of headers that tell who asked.
constexpr absl::string_view kPersonal[] = {"cookie", "auth", "organization",
                                           "project", "account"};

bool IsPersonal(absl::string_view header) {
  for (const absl::string_view part : kPersonal) {
    if (absl::StrContains(header, part)) return true;
  }
  return false;
}

bool IsUtf8(const std::string& text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

// Every text in `value`; whether there was one to change.
bool RedactTexts(json::value* value, const std::vector<Secret>& secrets) {
  bool changed = false;
  if (auto* object = value->if_object()) {
    for (auto& member : *object) {
      changed |= RedactTexts(&member.value(), secrets);
    }
  } else if (auto* array = value->if_array()) {
    for (json::value& item : *array) changed |= RedactTexts(&item, secrets);
  } else if (auto* text = value->if_string()) {
    const std::string before(text->data(), text->size());
    const std::string after = Redact(secrets, before);
    changed = before != after;
    if (changed) text->assign(after.data(), after.size());
  }
  return changed;
}

// An escape in JSON could hide a secret from a search of the bytes.
std::string RedactedBody(const std::string& body,
                         const std::vector<Secret>& secrets) {
  std::string redacted = Redact(secrets, body);
  if (!absl::StrContains(redacted, "\\")) return redacted;
  json::error_code error;
  json::value value = json::parse(redacted, error);
  if (error || !RedactTexts(&value, secrets)) return redacted;
  return json::serialize(value);
}

json::array HeadersJson(const HeaderList& headers) {
  json::array list;
  for (const auto& [name, value] : headers) {
    if (IsPersonal(name)) continue;
    list.push_back(
        json::array{name, IsUtf8(value) ? value : absl::CHexEscape(value)});
  }
  return list;
}

json::object QuestionJson(const ModelQuestion& question) {
  return {{"instructions", question.instructions},
          {"facts", question.facts},
          {"schema", question.schema_json},
          {"max_output_tokens", question.max_output_tokens}};
}

json::object RungJson(const Rung& rung) {
  const absl::string_view structured = ToString(rung.structured);
  return {{"structured", std::string(structured)},
          {"effort", rung.effort},
          {"temperature", rung.temperature},
          {"other_token_limit_field", rung.other_token_limit_field}};
}

json::object RequestJson(const RecordedExchange& exchange) {
  json::array names;
  for (const std::string& name : exchange.secret_headers) {
    names.emplace_back(name);
  }
  return {{"target", exchange.target},
          {"headers", HeadersJson(exchange.headers)},
          {"secret_headers", std::move(names)},
          {"body", exchange.body}};
}

json::object ResultJson(const HttpResult& result,
                        const std::vector<Secret>& secrets) {
  if (!result.ok()) {
    return {{"failure", std::string(ToString(result.failure))},
            {"error", result.error},
            {"sent", result.sent}};
  }
  json::object reply = {{"status", result.reply.status},
                        {"headers", HeadersJson(result.reply.headers)}};
  const std::string body = RedactedBody(result.reply.body, secrets);
  if (IsUtf8(body)) {
    reply["body"] = body;
  } else {
    reply["body_base64"] = absl::Base64Escape(body);
  }
  return reply;
}

}  // namespace

std::string WriteExchange(const RecordedExchange& exchange,
                          const std::vector<Secret>& secrets) {
  json::value root = json::object{
      {"format", kRecordingFormat},
      {"call", exchange.call},
      {"began", absl::FormatTime(absl::RFC3339_full, exchange.began,
                                 absl::UTCTimeZone())},
      {"took_ms", absl::ToInt64Milliseconds(exchange.took)},
      {"provider", exchange.provider},
      {"dialect", std::string(ToString(exchange.dialect))},
      {"model", exchange.model},
      {"families", exchange.families},
      {"outcome", std::string(ToString(exchange.outcome))},
      {"error", exchange.error},
      {"rung", RungJson(exchange.rung)},
      {"question", QuestionJson(exchange.question)},
      {"request", RequestJson(exchange)},
      {"result", ResultJson(exchange.result, secrets)}};
  RedactTexts(&root, secrets);
  return json::serialize(root);
}

}  // namespace rocktune
