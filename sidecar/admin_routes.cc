#include "sidecar/admin_routes.h"

#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sidecar/admin_commands.h"
#include "sidecar/admin_model.h"
#include "sidecar/admin_nearest.h"
#include "sidecar/admin_reads.h"
#include "sidecar/json_writer.h"

namespace rocktune {
namespace {

void AnswerHelp(const AdminCall& call, AdminDone done);

constexpr absl::string_view kGet = "GET";
constexpr absl::string_view kPost = "POST";

// One row a route; adding one is one row here and one in the tests.
constexpr AdminRoute kRoutes[] = {
    {kGet, "/v1/help", "", "", "This table.", false, AnswerHelp},
    {kGet, "/v1/status", "", "", "Health, mode and budget of the tuner.", false,
     AnswerStatus},
    {kGet, "/v1/databases", "", "", "Every attached database.", false,
     AnswerDatabases},
    {kGet, "/v1/databases/{name}", "", "",
     "One database: state, open trial, what waits for approval.", false,
     AnswerDatabase},
    {kGet, "/v1/databases/{name}/windows", "limit", "",
     "The latest windows, oldest first.", false, AnswerWindows},
    {kGet, "/v1/databases/{name}/profile", "", "",
     "What the load is: mix, sizes, skew, where reads are served.", false,
     AnswerProfile},
    {kGet, "/v1/databases/{name}/options", "", "",
     "Options now, proven, at attach, by default, pinned.", false,
     AnswerOptions},
    {kGet, "/v1/databases/{name}/catalogue", "", "",
     "What may be changed online, within which bounds.", false,
     AnswerCatalogue},
    {kGet, "/v1/databases/{name}/payload", "", "",
     "The very bytes that a model would be sent now.", false, AnswerPayload},
    {kGet, "/v1/llm", "", "",
     "The model: what asking cost, its breaker, its last error.", false,
     AnswerModel},
    {kGet, "/v1/history", "database,limit", "",
     "What was tried and decided, newest first.", false, AnswerHistory},
    {kGet, "/v1/trials/{id}", "", "", "One trial with all its numbers.", false,
     AnswerTrial},
    {kGet, "/v1/why", "option,database,limit", "",
     "The trials that gave an option its value, newest first.", false,
     AnswerWhy},
    {kPost, "/v1/freeze", "", "database,reason",
     "Stop tuning; an open trial is rolled back.", true, ExecuteFreeze},
    {kPost, "/v1/resume", "", "database,reason", "Allow tuning again.", true,
     ExecuteResume},
    {kPost, "/v1/mode", "", "mode,database,reason",
     "Set the mode: off, observe, suggest, approve, auto.", true, ExecuteMode},
    {kPost, "/v1/rollback", "", "to,database,reason",
     "Restore values: to is last, baseline or a trial's id.", true,
     ExecuteRollback},
    {kPost, "/v1/propose", "", "changes,database,reason",
     "Try changes: [{option, scope, value, reason}].", true, ExecutePropose},
    {kPost, "/v1/ask", "", "database,reason",
     "Ask the model once and calibrate its answer; nothing is tried.", true,
     ExecuteAsk},
    {kPost, "/v1/vet", "", "database,text",
     "What parser and calibration make of a model's text.", true, ExecuteVet},
    {kPost, "/v1/approve", "", "database,reason",
     "Try what waits for approval.", true, ExecuteApprove},
    {kPost, "/v1/reject", "", "database,reason", "Drop what waits.", true,
     ExecuteReject},
    {kPost, "/v1/pin", "", "option,scope,value,min,max,denied,database,reason",
     "Fix an option's value or range, or deny it.", true, ExecutePin},
    {kPost, "/v1/unpin", "", "option,scope,database,reason", "Remove a pin.",
     true, ExecuteUnpin},
};

bool IsVariable(absl::string_view segment) {
  return absl::StartsWith(segment, "{");
}

std::vector<absl::string_view> Segments(absl::string_view path) {
  return absl::StrSplit(path.substr(1), '/');
}

// Fills `values` with the path's variables when it matches.
bool Matches(const AdminRoute& route, const std::vector<std::string>& path,
             std::map<std::string, std::string>* values) {
  const std::vector<absl::string_view> pattern = Segments(route.path);
  if (pattern.size() != path.size()) return false;
  std::map<std::string, std::string> found;
  for (size_t i = 0; i < path.size(); ++i) {
    if (IsVariable(pattern[i])) {
      const absl::string_view name =
          pattern[i].substr(1, pattern[i].size() - 2);
      found[std::string(name)] = path[i];
    } else if (pattern[i] != path[i]) {
      return false;
    }
  }
  *values = std::move(found);
  return true;
}

absl::Status NoSuchPath(const std::vector<std::string>& path) {
  const std::string asked = absl::StrCat("/", absl::StrJoin(path, "/"));
  std::vector<std::string> known;
  for (const AdminRoute& route : AdminRoutes()) {
    std::vector<std::string> filled;
    const std::vector<absl::string_view> pattern = Segments(route.path);
    for (size_t i = 0; i < pattern.size(); ++i) {
      const bool take = IsVariable(pattern[i]) && i < path.size();
      filled.push_back(take ? path[i] : std::string(pattern[i]));
    }
    known.push_back(absl::StrCat("/", absl::StrJoin(filled, "/")));
  }
  return absl::NotFoundError(absl::StrCat("no route ", asked,
                                          DidYouMean(asked, known),
                                          "; GET /v1/help lists them"));
}

// Adds the query to the call's values.
absl::Status TakeQuery(const AdminRoute& route,
                       const std::map<std::string, std::string>& query,
                       AdminCall* call) {
  const std::vector<std::string> known =
      absl::StrSplit(route.query, ',', absl::SkipEmpty());
  for (const auto& [key, value] : query) {
    bool found = false;
    for (const std::string& name : known) found = found || name == key;
    if (!found) {
      return absl::InvalidArgumentError(absl::StrCat(
          "unknown parameter \"", key, "\"", DidYouMean(key, known)));
    }
    call->values[key] = value;
  }
  return absl::OkStatus();
}

void AnswerHelp(const AdminCall& /*call*/, AdminDone done) {
  JsonWriter json;
  json.BeginObject().Key("routes").BeginArray();
  for (const AdminRoute& route : AdminRoutes()) {
    json.BeginObject()
        .Field("method", route.method)
        .Field("path", route.path)
        .Field("query", route.query)
        .Field("body", route.body)
        .Field("help", route.help)
        .Field("changes_state", route.changes_state)
        .EndObject();
  }
  json.EndArray().EndObject();
  AdminResponse response;
  response.body = json.Take();
  done(std::move(response));
}

}  // namespace

const std::vector<AdminRoute>& AdminRoutes() {
  static const auto* const routes =
      new std::vector<AdminRoute>(std::begin(kRoutes), std::end(kRoutes));
  return *routes;
}

void DispatchAdmin(AdminRequest request, TunerControl* control,
                   AdminDone done) {
  absl::StatusOr<AdminTarget> target = ParseTarget(request.target);
  if (!target.ok()) return done(ErrorResponse(target.status()));
  AdminCall call;
  call.control = control;
  call.uid = request.uid;
  call.body = std::move(request.body);
  absl::string_view allowed;
  for (const AdminRoute& route : AdminRoutes()) {
    if (!Matches(route, target->path, &call.values)) continue;
    if (route.method != request.method) {
      allowed = route.method;
      continue;
    }
    if (route.changes_state && !request.may_change) {
      return done(ErrorResponse(absl::PermissionDeniedError(
          absl::StrCat("user ", request.uid, " may look, but not change"))));
    }
    const absl::Status status = TakeQuery(route, target->query, &call);
    if (!status.ok()) return done(ErrorResponse(status));
    return route.handler(call, std::move(done));
  }
  if (allowed.empty()) return done(ErrorResponse(NoSuchPath(target->path)));
  AdminResponse response = HttpErrorResponse(
      405, "method_not_allowed",
      absl::StrCat("use ", allowed, " here, not ", request.method));
  response.allow = std::string(allowed);
  done(std::move(response));
}

}  // namespace rocktune
