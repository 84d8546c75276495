// rocktune replay DIR: what today's parser and calibration make of a
// recording, for the database of the service that is asked.
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "llm/model_replay.h"
#include "llm/recording.h"
#include "sidecar/cli/render.h"
#include "sidecar/cli/run.h"
#include "sidecar/json_text.h"
#include "sidecar/json_writer.h"

namespace rocktune::cli {
namespace {

HttpRequest VetOf(const std::string& database, const std::string& text) {
  JsonWriter json;
  json.BeginObject();
  if (!database.empty()) json.Field("database", database);
  json.Field("text", text).EndObject();
  return {"POST", "/v1/vet", json.Take()};
}

// One line about an exchange, then what is left of its reply.
int ReplayOne(const Context& context, const RecordedExchange& exchange) {
  const ModelReply reply = ReadRecorded(exchange);
  const std::string head =
      absl::StrCat(exchange.file, "  ", std::string(ToString(reply.outcome)),
                   reply.error.empty() ? "" : absl::StrCat(": ", reply.error));
  std::printf("%s\n", EscapedForTerminal(head).c_str());
  if (reply.outcome != CallOutcome::kOk) return kOk;
  const absl::StatusOr<Answer> answer =
      Ask(context, VetOf(context.arguments.database, reply.text));
  if (!answer.ok()) return Fail(answer.status());
  if (answer->exit_code != kOk) return FailWith(*answer);
  const std::string text =
      context.arguments.json()
          ? answer->body
          : Indented(
                RenderVetted(answer->json, context.arguments, context.style));
  std::fwrite(text.data(), 1, text.size(), stdout);
  return kOk;
}

}  // namespace

int Replay(const Context& context) {
  const auto recording = ReadRecording(context.arguments.word);
  if (!recording.ok()) return Fail(recording.status());
  for (const RecordedExchange& exchange : *recording) {
    if (const int failed = ReplayOne(context, exchange); failed != kOk) {
      return failed;
    }
  }
  return kOk;
}

}  // namespace rocktune::cli
