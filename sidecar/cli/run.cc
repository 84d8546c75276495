#include "sidecar/cli/run.h"

#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sidecar/cli/render.h"
#include "sidecar/cli/requests.h"
#include "sidecar/json_fields.h"
#include "sidecar/json_text.h"

namespace rocktune::cli {
namespace {

struct ErrorRow {
  absl::string_view code;
  ExitCode exit_code;
};

// By the "code" of an error body; what is not here has failed.
constexpr ErrorRow kErrorRows[] = {
    {"invalid_argument", kUsageError}, {"out_of_range", kUsageError},
    {"failed_precondition", kRefused}, {"permission_denied", kRefused},
    {"resource_exhausted", kRefused},  {"already_exists", kRefused},
    {"deadline_exceeded", kTimedOut},
};

ExitCode ExitCodeOf(const std::string& code) {
  for (const ErrorRow& row : kErrorRows) {
    if (row.code == code) return row.exit_code;
  }
  return kFailed;
}

using Renderer = std::string (*)(const Json& answer, const Arguments& arguments,
                                 const Style& style);

struct ViewRow {
  const char* command;
  Renderer render;
};

// Every other command is answered with a reply.
constexpr ViewRow kViews[] = {
    {"profile", RenderProfile}, {"history", RenderHistory},
    {"trial", RenderTrial},     {"why", RenderWhy},
    {"options", RenderOptions}, {"catalogue", RenderCatalogue},
    {"llm", RenderModel},       {"payload", RenderPayload},
    {"ask", RenderAsked},
};

// A little more than the server gives a command, and a call to the model: its
// own word on what took too long is the better one.
constexpr absl::Duration kAnswerLimit = absl::Seconds(75);
constexpr absl::Duration kBeyondCallLimit = absl::Seconds(15);

Renderer RendererOf(const std::string& command) {
  for (const ViewRow& row : kViews) {
    if (command == row.command) return row.render;
  }
  return RenderReply;
}

void Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int Status(const Context& context) {
  const absl::StatusOr<Answer> tuner = Ask(context, {"GET", "/v1/status", ""});
  if (!tuner.ok()) return Fail(tuner.status());
  if (tuner->exit_code != kOk) return FailWith(*tuner);
  const absl::StatusOr<Answer> databases =
      Ask(context, {"GET", "/v1/databases", ""});
  if (!databases.ok()) return Fail(databases.status());
  if (databases->exit_code != kOk) return FailWith(*databases);
  if (context.arguments.json()) {
    // {"tuner":{...},"databases":[...]}
    Print(absl::StrCat(
        "{\"tuner\":", absl::StripAsciiWhitespace(tuner->body), ",",
        absl::StripAsciiWhitespace(databases->body).substr(1), "\n"));
    return kOk;
  }
  Print(RenderTuner(tuner->json, context.style));
  const std::string& wanted = context.arguments.database;
  bool found = wanted.empty();
  for (const Json& database : Items(databases->json, "databases")) {
    if (!wanted.empty() && Text(database, "name") != wanted) continue;
    found = true;
    Print(absl::StrCat("\n", RenderDatabase(database, context.style)));
  }
  if (found) return kOk;
  return Fail(absl::NotFoundError(absl::StrCat("no database ", wanted)));
}

}  // namespace

absl::StatusOr<Answer> Ask(const Context& context, const HttpRequest& request) {
  const double said_s = context.arguments.timeout_s;
  const absl::StatusOr<HttpReply> reply =
      Exchange(context.socket_path, request,
               said_s > 0 ? absl::Seconds(said_s) : kAnswerLimit);
  if (!reply.ok()) return reply.status();
  const absl::StatusOr<Json> json =
      ParseJson(absl::StripTrailingAsciiWhitespace(reply->body));
  if (!json.ok()) {
    return absl::DataLossError(
        absl::StrCat("the answer is ", json.status().message()));
  }
  Answer answer;
  answer.body = reply->body;
  answer.json = *json;
  answer.exit_code = reply->http_status == 200
                         ? kOk
                         : ExitCodeOf(Text(At(*json, "error"), "code"));
  return answer;
}

absl::StatusOr<Answer> AskModel(Context context, const HttpRequest& request) {
  if (context.arguments.timeout_s <= 0) {
    const absl::StatusOr<Answer> model = Ask(context, {"GET", "/v1/llm", ""});
    if (!model.ok() || model->exit_code != kOk) return model;
    context.arguments.timeout_s = Number(model->json, "call_limit_s") +
                                  absl::ToDoubleSeconds(kBeyondCallLimit);
  }
  return Ask(context, request);
}

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "rocktune: %s\n", std::string(status.message()).c_str());
  if (status.code() == absl::StatusCode::kUnavailable) return kUnreachable;
  if (status.code() == absl::StatusCode::kDeadlineExceeded) return kTimedOut;
  if (status.code() == absl::StatusCode::kInvalidArgument) return kUsageError;
  return kFailed;
}

int FailWith(const Answer& answer) {
  const std::string message = Text(At(answer.json, "error"), "message");
  std::fprintf(stderr, "rocktune: %s\n", EscapedForTerminal(message).c_str());
  const std::string notes = RenderNotes(Items(answer.json, "notes"), Style());
  std::fputs(notes.c_str(), stderr);
  return answer.exit_code;
}

int Run(const Context& context) {
  const Arguments& arguments = context.arguments;
  if (arguments.command == "status") return Status(context);
  if (arguments.command == "watch") return Watch(context);
  if (arguments.command == "replay") return Replay(context);
  const absl::StatusOr<HttpRequest> request = RequestOf(arguments);
  if (!request.ok()) return Fail(request.status());
  const absl::StatusOr<Answer> answer = arguments.command == "ask"
                                            ? AskModel(context, *request)
                                            : Ask(context, *request);
  if (!answer.ok()) return Fail(answer.status());
  if (arguments.json()) Print(answer->body);
  if (answer->exit_code != kOk) return FailWith(*answer);
  if (!arguments.json()) {
    Print(
        RendererOf(arguments.command)(answer->json, arguments, context.style));
  }
  return kOk;
}

}  // namespace rocktune::cli
