#include "sidecar/admin_commands.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/status_macros.h"
#include "sidecar/admin_nearest.h"
#include "sidecar/json_fields.h"
#include "sidecar/json_views.h"
#include "sidecar/json_writer.h"

namespace rocktune {
namespace {

using boost::json::object;

// Reads a body's own keys into the command.
using BodyReader = absl::Status (*)(const object& body, Command* command);

absl::Status ReadNothing(const object& /*body*/, Command* /*command*/) {
  return absl::OkStatus();
}

absl::Status ReadMode(const object& body, Command* command) {
  ROCKTUNE_ASSIGN_OR_RETURN(const std::string text, TextMember(body, "mode"));
  std::vector<std::string> known;
  for (TuningMode mode :
       {TuningMode::kOff, TuningMode::kObserve, TuningMode::kSuggest,
        TuningMode::kApprove, TuningMode::kAuto}) {
    known.emplace_back(ToString(mode));
    if (text != known.back()) continue;
    command->mode = mode;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("mode \"", text, "\" is none of ",
                   absl::StrJoin(known, ", "), DidYouMean(text, known)));
}

absl::Status ReadRollback(const object& body, Command* command) {
  ROCKTUNE_ASSIGN_OR_RETURN(command->rollback_to, TextMember(body, "to", true));
  const std::string& to = command->rollback_to;
  int64_t id = 0;
  if (to == "last" || to == "baseline") return absl::OkStatus();
  if (absl::SimpleAtoi(to, &id) && id > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("\"to\" must be last, baseline or a trial's id, not \"", to,
                   "\"", DidYouMean(to, {"last", "baseline"})));
}

absl::StatusOr<ProposedChange> ReadChange(const boost::json::value& item) {
  if (!item.is_object()) {
    return absl::InvalidArgumentError("every change must be an object");
  }
  const object& fields = item.get_object();
  ROCKTUNE_RETURN_IF_ERROR(
      CheckKeys(fields, {"option", "scope", "value", "reason"}));
  ProposedChange change;
  ROCKTUNE_ASSIGN_OR_RETURN(change.option, TextMember(fields, "option"));
  ROCKTUNE_ASSIGN_OR_RETURN(change.column_family, TextMember(fields, "scope"));
  ROCKTUNE_ASSIGN_OR_RETURN(change.value, TextMember(fields, "value", true));
  ROCKTUNE_ASSIGN_OR_RETURN(change.reason, TextMember(fields, "reason"));
  if (change.option.empty() || change.value.empty()) {
    return absl::InvalidArgumentError(
        "every change needs \"option\" and \"value\"");
  }
  return change;
}

absl::Status ReadChanges(const object& body, Command* command) {
  const boost::json::value* changes = body.if_contains("changes");
  if (changes == nullptr || !changes->is_array() ||
      changes->get_array().empty()) {
    return absl::InvalidArgumentError(
        "\"changes\" must be an array of at least one change");
  }
  if (changes->get_array().size() > kMostProposedChanges) {
    return absl::InvalidArgumentError(absl::StrCat(
        "at most ", kMostProposedChanges, " changes in one proposal"));
  }
  for (const boost::json::value& item : changes->get_array()) {
    ROCKTUNE_ASSIGN_OR_RETURN(ProposedChange change, ReadChange(item));
    if (change.reason.empty()) change.reason = command->reason;
    command->changes.push_back(std::move(change));
  }
  return absl::OkStatus();
}

absl::Status ReadUnpin(const object& body, Command* command) {
  ROCKTUNE_ASSIGN_OR_RETURN(command->pin.option, TextMember(body, "option"));
  ROCKTUNE_ASSIGN_OR_RETURN(command->pin.column_family,
                            TextMember(body, "scope"));
  if (command->pin.option.empty()) {
    return absl::InvalidArgumentError("\"option\" is missing");
  }
  return absl::OkStatus();
}

absl::Status ReadPin(const object& body, Command* command) {
  ROCKTUNE_RETURN_IF_ERROR(ReadUnpin(body, command));
  Pin& pin = command->pin;
  ROCKTUNE_ASSIGN_OR_RETURN(const std::string value,
                            TextMember(body, "value", true));
  ROCKTUNE_ASSIGN_OR_RETURN(pin.min, TextMember(body, "min", true));
  ROCKTUNE_ASSIGN_OR_RETURN(pin.max, TextMember(body, "max", true));
  ROCKTUNE_ASSIGN_OR_RETURN(pin.denied, BoolMember(body, "denied"));
  const bool range = !pin.min.empty() || !pin.max.empty();
  if ((value.empty() ? 0 : 1) + (range ? 1 : 0) + (pin.denied ? 1 : 0) != 1) {
    return absl::InvalidArgumentError(
        "a pin is one of: \"value\"; \"min\" and/or \"max\"; "
        "\"denied\": true");
  }
  if (!value.empty()) pin.min = pin.max = value;
  return absl::OkStatus();
}

struct CommandRow {
  CommandKind kind;
  std::vector<std::string> keys;  // beside "database" and "reason"
  BodyReader read;
};

absl::StatusOr<Command> ReadCommand(const CommandRow& row,
                                    const AdminCall& call) {
  ROCKTUNE_ASSIGN_OR_RETURN(const object body, ParseJsonObject(call.body));
  std::vector<std::string> keys = row.keys;
  keys.insert(keys.end(), {"database", "reason"});
  ROCKTUNE_RETURN_IF_ERROR(CheckKeys(body, keys));
  Command command;
  command.kind = row.kind;
  command.uid = call.uid;
  ROCKTUNE_ASSIGN_OR_RETURN(command.database, TextMember(body, "database"));
  ROCKTUNE_ASSIGN_OR_RETURN(command.reason, TextMember(body, "reason"));
  ROCKTUNE_RETURN_IF_ERROR(row.read(body, &command));
  return command;
}

AdminResponse ReplyResponse(CommandKind kind, const CommandReply& reply) {
  const bool refused =
      kind == CommandKind::kPropose && reply.change_set.empty();
  JsonWriter json;
  json.BeginObject();
  AdminResponse response;
  if (refused) {
    response.http_status = 409;
    json.Key("error")
        .BeginObject()
        .Field("code", ErrorCodeName(absl::StatusCode::kFailedPrecondition))
        .Field("message", reply.message)
        .EndObject();
  }
  WriteFields(reply, &json);
  json.EndObject();
  response.body = json.Take();
  return response;
}

void Execute(const CommandRow& row, const AdminCall& call, AdminDone done) {
  absl::StatusOr<Command> command = ReadCommand(row, call);
  if (!command.ok()) return done(ErrorResponse(command.status()));
  call.control->Execute(*std::move(command),
                        [kind = row.kind, done = std::move(done)](
                            absl::StatusOr<CommandReply> reply) mutable {
                          done(reply.ok() ? ReplyResponse(kind, *reply)
                                          : ErrorResponse(reply.status()));
                        });
}

}  // namespace

void ExecuteFreeze(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kFreeze, {}, ReadNothing}, call, std::move(done));
}

void ExecuteResume(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kResume, {}, ReadNothing}, call, std::move(done));
}

void ExecuteMode(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kMode, {"mode"}, ReadMode}, call, std::move(done));
}

void ExecuteRollback(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kRollback, {"to"}, ReadRollback}, call,
          std::move(done));
}

void ExecutePropose(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kPropose, {"changes"}, ReadChanges}, call,
          std::move(done));
}

void ExecuteApprove(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kApprove, {}, ReadNothing}, call, std::move(done));
}

void ExecuteReject(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kReject, {}, ReadNothing}, call, std::move(done));
}

void ExecutePin(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kPin,
           {"option", "scope", "value", "min", "max", "denied"},
           ReadPin},
          call, std::move(done));
}

void ExecuteUnpin(const AdminCall& call, AdminDone done) {
  Execute({CommandKind::kUnpin, {"option", "scope"}, ReadUnpin}, call,
          std::move(done));
}

}  // namespace rocktune
