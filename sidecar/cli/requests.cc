#include "sidecar/cli/requests.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sidecar/admin_message.h"
#include "sidecar/json_writer.h"

namespace rocktune::cli {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// `path` with the parameters that have a value.
HttpRequest GetOf(const std::string& path, const Pairs& parameters = {}) {
  std::vector<std::string> query;
  for (const auto& [key, value] : parameters) {
    if (!value.empty()) {
      query.push_back(absl::StrCat(key, "=", PercentEncoded(value)));
    }
  }
  HttpRequest request;
  request.target =
      query.empty() ? path : absl::StrCat(path, "?", absl::StrJoin(query, "&"));
  return request;
}

std::string LimitText(const Arguments& arguments) {
  return arguments.limit > 0 ? absl::StrCat(arguments.limit) : "";
}

struct Assignment {
  std::string option;
  std::string value;
};

absl::StatusOr<Assignment> Split(const std::string& word) {
  const size_t equals = word.find('=');
  if (equals == word.npos || equals == 0 || equals + 1 == word.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", word,
                     "\" is not OPTION=VALUE, as in "
                     "write_buffer_size=128MiB"));
  }
  return Assignment{word.substr(0, equals), word.substr(equals + 1)};
}

void AddFields(const Pairs& fields, JsonWriter* json) {
  for (const auto& [key, value] : fields) {
    if (!value.empty()) json->Field(key, value);
  }
}

// A POST whose body has the fields that have a value.
HttpRequest PostOf(const Arguments& arguments, const Pairs& fields = {}) {
  JsonWriter json;
  json.BeginObject();
  AddFields({{"database", arguments.database}, {"reason", arguments.reason}},
            &json);
  AddFields(fields, &json);
  json.EndObject();
  return {"POST", absl::StrCat("/v1/", arguments.command), json.Take()};
}

absl::StatusOr<HttpRequest> ProposeOf(const Arguments& arguments) {
  JsonWriter json;
  json.BeginObject();
  AddFields({{"database", arguments.database}, {"reason", arguments.reason}},
            &json);
  json.Key("changes").BeginArray();
  for (const std::string& word : arguments.assignments) {
    const absl::StatusOr<Assignment> change = Split(word);
    if (!change.ok()) return change.status();
    json.BeginObject()
        .Field("option", change->option)
        .Field("scope", arguments.scope)
        .Field("value", change->value)
        .EndObject();
  }
  json.EndArray().EndObject();
  return HttpRequest{"POST", "/v1/propose", json.Take()};
}

absl::StatusOr<HttpRequest> PinOf(const Arguments& arguments) {
  const bool assigns = arguments.word.find('=') != std::string::npos;
  const bool range = !arguments.min.empty() || !arguments.max.empty();
  if ((assigns ? 1 : 0) + (range ? 1 : 0) + (arguments.deny ? 1 : 0) != 1) {
    return absl::InvalidArgumentError(
        "a pin is one of: OPTION=VALUE; OPTION --min A and/or --max B; "
        "OPTION --deny");
  }
  Assignment pin{arguments.word, ""};
  if (assigns) {
    absl::StatusOr<Assignment> split = Split(arguments.word);
    if (!split.ok()) return split.status();
    pin = *std::move(split);
  }
  JsonWriter json;
  json.BeginObject();
  AddFields({{"database", arguments.database},
             {"reason", arguments.reason},
             {"option", pin.option},
             {"scope", arguments.scope},
             {"value", pin.value},
             {"min", arguments.min},
             {"max", arguments.max}},
            &json);
  if (arguments.deny) json.Field("denied", true);
  json.EndObject();
  return HttpRequest{"POST", "/v1/pin", json.Take()};
}

}  // namespace

std::string DatabaseTarget(const std::string& name, const std::string& rest) {
  return absl::StrCat("/v1/databases/", PercentEncoded(name), rest);
}

absl::StatusOr<HttpRequest> RequestOf(const Arguments& arguments) {
  const std::string& command = arguments.command;
  if (command == "history") {
    return GetOf("/v1/history", {{"database", arguments.database},
                                 {"limit", LimitText(arguments)}});
  }
  if (command == "trial") {
    return GetOf(absl::StrCat("/v1/trials/", PercentEncoded(arguments.word)));
  }
  if (command == "why") {
    return GetOf("/v1/why", {{"option", arguments.word},
                             {"database", arguments.database},
                             {"limit", LimitText(arguments)}});
  }
  if (command == "llm") return GetOf("/v1/llm");
  if (command == "profile" || command == "options" || command == "catalogue" ||
      command == "payload") {
    return GetOf(DatabaseTarget(arguments.database, "/" + command));
  }
  if (command == "propose") return ProposeOf(arguments);
  if (command == "apply") return ApplyOf(arguments);
  if (command == "pin") return PinOf(arguments);
  if (command == "mode") return PostOf(arguments, {{"mode", arguments.word}});
  if (command == "rollback") return PostOf(arguments, {{"to", arguments.to}});
  if (command == "unpin") {
    return PostOf(arguments,
                  {{"option", arguments.word}, {"scope", arguments.scope}});
  }
  return PostOf(arguments);  // freeze, resume, approve, reject, ask
}

}  // namespace rocktune::cli
