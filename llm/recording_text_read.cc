#include <simdjson.h>

#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "llm/json_fields.h"
#include "llm/recording_text.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

using Element = JsonText::Element;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

absl::Status Broken(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

int ReadNumber(Element parent, std::string_view name, JsonFields* fields) {
  return static_cast<int>(fields->Tokens(parent, name));
}

bool ReadBool(Element parent, std::string_view name, JsonFields* fields) {
  const auto found = fields->Any(parent, name);
  bool value = false;
  return found && found->get(value) == simdjson::SUCCESS && value;
}

// The value of an enum that prints as `word`.
template <typename Enum>
std::optional<Enum> Named(absl::string_view word, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (ToString(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

HeaderList ReadHeaders(Element parent, JsonFields* fields) {
  HeaderList headers;
  for (const Element item : fields->Array(parent, "headers")) {
    std::string_view name, value;
    simdjson::dom::array pair;
    if (item.get(pair) != simdjson::SUCCESS ||
        pair.at(0).get(name) != simdjson::SUCCESS ||
        pair.at(1).get(value) != simdjson::SUCCESS) {
      continue;
    }
    headers.emplace_back(name, value);
  }
  return headers;
}

ModelQuestion ReadQuestion(Element parent, JsonFields* fields) {
  return {.instructions = fields->Text(parent, "instructions"),
          .facts = fields->Text(parent, "facts"),
          .schema_json = fields->Text(parent, "schema"),
          .max_output_tokens = ReadNumber(parent, "max_output_tokens", fields)};
}

absl::StatusOr<Rung> ReadRung(Element parent, JsonFields* fields) {
  const auto structured =
      Named(fields->Text(parent, "structured"), Structured::kPlain);
  if (!structured) return Broken("\"structured\" is no form that is known");
  return Rung{.structured = *structured,
              .effort = ReadBool(parent, "effort", fields),
              .temperature = ReadBool(parent, "temperature", fields),
              .other_token_limit_field =
                  ReadBool(parent, "other_token_limit_field", fields)};
}

void ReadRequest(Element parent, JsonFields* fields, RecordedExchange* to) {
  to->target = fields->Text(parent, "target");
  to->headers = ReadHeaders(parent, fields);
  for (const Element item : fields->Array(parent, "secret_headers")) {
    std::string_view name;
    if (item.get(name) == simdjson::SUCCESS) {
      to->secret_headers.emplace_back(name);
    }
  }
  to->body = fields->Text(parent, "body");
}

absl::Status ReadResult(Element parent, JsonFields* fields, HttpResult* to) {
  const std::string failure = fields->Text(parent, "failure");
  if (!failure.empty()) {
    const auto outcome = Named(failure, CallOutcome::kCircuitOpen);
    if (!outcome || *outcome == CallOutcome::kOk) {
      return Broken("\"failure\" is no outcome that is known");
    }
    to->failure = *outcome;
    to->error = fields->Text(parent, "error");
    to->sent = ReadBool(parent, "sent", fields);
    return absl::OkStatus();
  }
  to->reply.status = ReadNumber(parent, "status", fields);
  to->reply.headers = ReadHeaders(parent, fields);
  const std::string bytes = fields->Text(parent, "body_base64");
  if (bytes.empty()) {
    to->reply.body = fields->Text(parent, "body");
  } else if (!absl::Base64Unescape(bytes, &to->reply.body)) {
    return Broken("\"body_base64\" is not base64");
  }
  return absl::OkStatus();
}

absl::Status ReadParts(Element root, JsonFields* fields, RecordedExchange* to) {
  const auto question = fields->Object(root, "question");
  const auto rung = fields->Object(root, "rung");
  const auto request = fields->Object(root, "request");
  const auto result = fields->Object(root, "result");
  if (!question || !rung || !request || !result) {
    return Broken("question, rung, request or result is missing");
  }
  to->question = ReadQuestion(*question, fields);
  ROCKTUNE_ASSIGN_OR_RETURN(to->rung, ReadRung(*rung, fields));
  ReadRequest(*request, fields, to);
  return ReadResult(*result, fields, &to->result);
}

absl::StatusOr<RecordedExchange> ReadRoot(Element root) {
  JsonFields fields;
  if (!root.is_object() ||
      ReadNumber(root, "format", &fields) != kRecordingFormat) {
    return Broken(absl::StrCat("it is not of format ", kRecordingFormat));
  }
  RecordedExchange exchange;
  exchange.call = ReadNumber(root, "call", &fields);
  exchange.provider = fields.Text(root, "provider");
  exchange.model = fields.Text(root, "model");
  exchange.families = ReadNumber(root, "families", &fields);
  exchange.error = fields.Text(root, "error");
  exchange.took = absl::Milliseconds(ReadNumber(root, "took_ms", &fields));
  const auto dialect = Named(fields.Text(root, "dialect"), Dialect::kGemini);
  const auto outcome =
      Named(fields.Text(root, "outcome"), CallOutcome::kCircuitOpen);
  if (!dialect || !outcome) {
    return Broken("\"dialect\" or \"outcome\" is none that is known");
  }
  exchange.dialect = *dialect;
  exchange.outcome = *outcome;
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, fields.Text(root, "began"),
                       &exchange.began, &why)) {
    return Broken("\"began\" is no time");
  }
  ROCKTUNE_RETURN_IF_ERROR(ReadParts(root, &fields, &exchange));
  if (!fields.problem().empty()) return Broken(fields.problem());
  return exchange;
}

}  // namespace

absl::StatusOr<RecordedExchange> ReadExchange(absl::string_view text) {
  JsonText json_text;
  ROCKTUNE_ASSIGN_OR_RETURN(const Element root,
                            json_text.Parse(text, kMaxRecordingFileBytes));
  return ReadRoot(root);
}

}  // namespace rocktune
