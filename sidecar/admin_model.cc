#include "sidecar/admin_model.h"

#include <utility>

#include "policy/status_macros.h"
#include "sidecar/json_fields.h"
#include "sidecar/json_views.h"
#include "sidecar/json_writer.h"

namespace rocktune {
namespace {

template <typename T>
AdminResponse ObjectOrError(const absl::StatusOr<T>& object) {
  if (!object.ok()) return ErrorResponse(object.status());
  JsonWriter json;
  WriteJson(*object, &json);
  AdminResponse response;
  response.body = json.Take();
  return response;
}

struct Body {
  std::string database;
  std::string text;
};

absl::StatusOr<Body> ReadBody(const AdminCall& call,
                              const std::vector<std::string>& keys) {
  ROCKTUNE_ASSIGN_OR_RETURN(const boost::json::object fields,
                            ParseJsonObject(call.body));
  ROCKTUNE_RETURN_IF_ERROR(CheckKeys(fields, keys));
  Body body;
  ROCKTUNE_ASSIGN_OR_RETURN(body.database, TextMember(fields, "database"));
  ROCKTUNE_ASSIGN_OR_RETURN(body.text, TextMember(fields, "text"));
  return body;
}

}  // namespace

void AnswerModel(const AdminCall& call, AdminDone done) {
  done(ObjectOrError(call.control->Model()));
}

void AnswerPayload(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<std::string> payload =
      call.control->Payload(call.Value("name"));
  if (!payload.ok()) return done(ErrorResponse(payload.status()));
  JsonWriter json;
  json.BeginObject().Field("payload", *payload).EndObject();
  AdminResponse response;
  response.body = json.Take();
  done(std::move(response));
}

void ExecuteAsk(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<Body> body = ReadBody(call, {"database", "reason"});
  if (!body.ok()) return done(ErrorResponse(body.status()));
  call.control->AskModel(
      body->database,
      [done = std::move(done)](absl::StatusOr<AskedModel> asked) mutable {
        done(ObjectOrError(asked));
      });
}

void ExecuteVet(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<Body> body = ReadBody(call, {"database", "text"});
  if (!body.ok()) return done(ErrorResponse(body.status()));
  done(ObjectOrError(call.control->Vet(body->database, body->text)));
}

}  // namespace rocktune
