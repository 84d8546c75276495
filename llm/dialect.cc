#include "llm/dialect.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "llm/dialect_parts.h"
#include "llm/error_line.h"
#include "llm/reply_errors.h"

namespace rocktune {
namespace {

namespace json = boost::json;

constexpr const DialectFunctions* kDialects[] = {
    &kOpenAiChatFunctions,
    &kOpenAiResponsesFunctions,
    &kAnthropicFunctions,
    &kGeminiFunctions,
};

const DialectFunctions& FunctionsOf(Dialect dialect) {
  for (const DialectFunctions* functions : kDialects) {
    if (functions->dialect == dialect) return *functions;
  }
  return *kDialects[0];
}

constexpr size_t kMaxModelNameBytes = 100;
constexpr size_t kMaxRequestIdBytes = 100;

// Where servers put what their support asks for, most exact first.
constexpr absl::string_view kRequestIdHeaders[] = {
    "x-request-id", "request-id", "apim-request-id", "x-generation-id"};

RequestParts Parts(const Provider& provider, const ModelQuestion& question,
                   const Rung& rung) {
  RequestParts parts{
      .provider = provider,
      .question = question,
      .rung = rung,
      .schema = std::nullopt,
      .instructions = question.instructions,
  };
  if (question.schema_json.empty()) return parts;
  if (rung.structured == Structured::kJsonSchema) {
    json::error_code error;
    json::value schema = json::parse(question.schema_json, error);
    if (!error) {
      parts.schema = std::move(schema);
      return parts;
    }
  }
  absl::StrAppend(&parts.instructions,
                  "\n\nReply with one JSON object and nothing else. It holds "
                  "to this JSON schema:\n",
                  question.schema_json);
  return parts;
}

void AddMembers(const std::string& object_text, json::object* body) {
  if (object_text.empty()) return;
  json::error_code error;
  const json::value members = json::parse(object_text, error);
  if (error || !members.is_object()) return;
  for (const auto& member : members.get_object()) body->insert(member);
}

void AddHeaders(const Provider& provider, const Secret* key,
                HttpRequest* request) {
  request->headers = {{"accept", "application/json"},
                      {"content-type", "application/json"},
                      {"user-agent", "rocktune"}};
  for (const auto& header : provider.preset_headers) {
    request->headers.push_back(header);
  }
  for (const auto& header : provider.extra_headers) {
    request->headers.push_back(header);
    request->secret_headers.push_back(header.first);
  }
  if (key == nullptr || key->empty()) return;
  request->headers.emplace_back(
      provider.key_header, absl::StrCat(provider.key_prefix, key->Reveal()));
  request->secret_headers.push_back(provider.key_header);
}

ModelReply Invalid(absl::string_view why) {
  ModelReply reply;
  reply.outcome = CallOutcome::kInvalidReply;
  reply.error = ErrorLine(why);
  return reply;
}

ModelReply ReadGoodReply(const Provider& provider, const HttpReply& http) {
  JsonText json_text;
  const auto root = json_text.Parse(http.body);
  if (!root.ok()) {
    return Invalid(
        absl::StrCat("the reply is ", std::string(root.status().message())));
  }
  if (!root->is_object()) return Invalid("the reply is not a JSON object");
  JsonFields fields;
  ModelReply reply;
  FunctionsOf(provider.dialect).read(*root, &fields, &reply);
  if (!fields.problem().empty()) {
    reply.outcome = CallOutcome::kInvalidReply;
    reply.error = fields.problem();
    reply.text.clear();
  }
  return reply;
}

// The last step for every reply, so that no field is forgotten.
void Clean(const Provider& provider, const Secret* key, const HttpReply& http,
           ModelReply* reply) {
  for (const absl::string_view name : kRequestIdHeaders) {
    const std::string* value = http.Header(name);
    if (value == nullptr || !reply->request_id.empty()) continue;
    reply->request_id = *value;
  }
  const std::vector<Secret> secrets = SecretsOf(provider.extra_headers);
  for (std::string* field : {&reply->text, &reply->error, &reply->model,
                             &reply->request_id, &reply->rejected_parameter}) {
    if (key != nullptr) *field = key->Redact(*field);
    *field = Redact(secrets, std::move(*field));
  }
  reply->error = ErrorLine(reply->error);
  reply->model = ErrorLine(reply->model, kMaxModelNameBytes);
  reply->request_id = ErrorLine(reply->request_id, kMaxRequestIdBytes);
}

}  // namespace

HttpRequest WriteRequest(const Provider& provider, const Secret* key,
                         const ModelQuestion& question, const Rung& rung) {
  const DialectFunctions& functions = FunctionsOf(provider.dialect);
  HttpRequest request;
  request.endpoint = provider.endpoint;
  request.target =
      absl::StrCat(provider.endpoint.base_path, functions.path(provider));
  AddHeaders(provider, key, &request);
  json::object body = functions.body(Parts(provider, question, rung));
  AddMembers(provider.extra_body, &body);
  request.body = json::serialize(body);
  return request;
}

ModelReply ReadReply(const Provider& provider, const Secret* key,
                     const HttpReply& http, absl::Time now) {
  std::optional<ModelReply> failure = ReadError(http, now);
  ModelReply reply =
      failure ? *std::move(failure) : ReadGoodReply(provider, http);
  Clean(provider, key, http, &reply);
  return reply;
}

}  // namespace rocktune
