// What operators see of the model.
#include "llm/reply_issue.h"
#include "sidecar/json_views.h"

namespace rocktune {
namespace {

constexpr double kMicro = 1e6;

void WriteSpend(absl::string_view key, const Spend& spend, JsonWriter* json) {
  json->Key(key)
      .BeginObject()
      .Field("calls", spend.calls)
      .Field("input_tokens", spend.input_tokens)
      .Field("output_tokens", spend.output_tokens)
      .Field("dollars", static_cast<double>(spend.micro_dollars) / kMicro)
      .EndObject();
}

// The fields of a parsed reply and of its calibration.
void WriteVetted(const ParsedReply& parsed, const CalibrationResult& result,
                 JsonWriter* json) {
  json->Field("nothing_to_change", parsed.nothing_to_change)
      .Field("summary", parsed.summary);
  json->Key("proposal");
  if (parsed.proposal) {
    WriteJson(*parsed.proposal, json);
  } else {
    json->Null();
  }
  json->Key("issues").BeginArray();
  for (const ReplyIssue& issue : parsed.issues) {
    json->BeginObject()
        .Field("code", ToString(issue.code))
        .Field("option", issue.option)
        .Field("message", issue.line)
        .EndObject();
  }
  json->EndArray();
  json->Key("change_set");
  WriteJson(result.change_set, json);
  json->Key("notes");
  WriteJson(result.notes, json);
}

}  // namespace

void WriteJson(const ModelStatus& status, JsonWriter* json) {
  json->BeginObject()
      .Field("provider", status.provider)
      .Field("model", status.model)
      .Field("endpoint", status.endpoint)
      .Field("busy", status.busy)
      .Field("breaker", status.breaker)
      .Field("breaker_reason", status.breaker_reason)
      .Field("form", status.form)
      .Field("calls", status.calls)
      .Field("answers", status.answers)
      .Field("last_error", status.last_error);
  json->SecondsField("call_limit_s", status.call_limit);
  json->Key("retry_at");
  if (status.breaker == "open") {
    json->Value(status.retry_at);
  } else {
    json->Null();
  }
  json->Key("last_error_at");
  if (status.last_error.empty()) {
    json->Null();
  } else {
    json->Value(status.last_error_at);
  }
  WriteSpend("last_hour", status.last_hour, json);
  WriteSpend("hourly_limit", status.per_hour, json);
  WriteSpend("last_day", status.last_day, json);
  WriteSpend("daily_limit", status.per_day, json);
  json->EndObject();
}

void WriteJson(const VettedReply& vetted, JsonWriter* json) {
  json->BeginObject();
  WriteVetted(vetted.parsed, vetted.result, json);
  json->EndObject();
}

void WriteJson(const AskedModel& asked, JsonWriter* json) {
  const ModelAnswer& answer = asked.answer;
  json->BeginObject()
      .Field("outcome", ToString(answer.outcome))
      .Field("error", answer.error)
      .Field("model", answer.model)
      .Field("attempts", answer.attempts)
      .Field("input_tokens", answer.usage.input)
      .Field("cached_input_tokens", answer.usage.cached_input)
      .Field("output_tokens", answer.usage.output)
      .Field("reasoning_output_tokens", answer.usage.reasoning_output)
      .SecondsField("took_s", answer.took);
  WriteVetted(answer.parsed, asked.result, json);
  json->EndObject();
}

}  // namespace rocktune
