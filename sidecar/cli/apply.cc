// rocktune apply DIR: what an offline run found and a running database can
// take, as one proposal. The service calibrates and tries it as any other.
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "sidecar/cli/requests.h"
#include "sidecar/cli/run.h"
#include "sidecar/json_fields.h"
#include "sidecar/json_writer.h"

namespace rocktune::cli {
namespace {

constexpr size_t kLargestFile = 1 << 20;

absl::StatusOr<Json> ReadOnline(const std::string& directory) {
  const std::string path = directory + "/online.json";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::InvalidArgumentError(absl::StrCat(
        path,
        " cannot be read; DIR is the --out of a rocktune tune that has "
        "ended"));
  }
  std::stringstream text;
  text << file.rdbuf();
  if (text.str().size() > kLargestFile) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is too large"));
  }
  absl::StatusOr<Json> json = ParseJson(text.str());
  if (!json.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", std::string(json.status().message())));
  }
  if (!At(*json, "changes").is_array()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " has no array \"changes\""));
  }
  return json;
}

}  // namespace

absl::StatusOr<HttpRequest> ApplyOf(const Arguments& arguments) {
  const absl::StatusOr<Json> online = ReadOnline(arguments.word);
  if (!online.ok()) return online.status();
  const boost::json::array& changes = Items(*online, "changes");
  if (changes.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        arguments.word, " holds nothing that a running database can take; ",
        arguments.word, "/OPTIONS is for its next start"));
  }
  JsonWriter json;
  json.BeginObject();
  if (!arguments.database.empty()) json.Field("database", arguments.database);
  json.Field("reason", arguments.reason.empty() ? Text(*online, "reason")
                                                : arguments.reason);
  json.Key("changes").BeginArray();
  for (const Json& change : changes) {
    json.BeginObject();
    for (const char* field : {"option", "scope", "value", "reason"}) {
      json.Field(field, Text(change, field));
    }
    json.EndObject();
  }
  json.EndArray().EndObject();
  return HttpRequest{"POST", "/v1/propose", json.Take()};
}

}  // namespace rocktune::cli
