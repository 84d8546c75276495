// Trials, proposals, change sets and replies as JSON.
#include "sidecar/json_views.h"

namespace rocktune {
namespace {

void WriteKey(const OptionKey& key, JsonWriter* json) {
  json->Field("option", key.name).Field("scope", key.column_family);
}

void WriteEffect(const Effect& effect, JsonWriter* json) {
  json->BeginObject()
      .Field("mean", effect.mean)
      .Field("low", effect.low)
      .Field("high", effect.high)
      .Field("confidence", effect.confidence)
      .EndObject();
}

void WriteBlocks(const std::vector<TrialBlock>& blocks, JsonWriter* json) {
  json->Key("blocks").BeginArray();
  for (const TrialBlock& block : blocks) {
    json->BeginObject()
        .Field("candidate", block.candidate)
        .Field("pair", block.pair)
        .SecondsField("begin_s", block.begin)
        .Field("windows", block.windows)
        .Field("dropped", block.dropped)
        .Key("cost");
    if (block.cost > 0) {
      json->Value(block.cost);
    } else {
      json->Null();  // it did not count
    }
    json->EndObject();
  }
  json->EndArray();
}

void WriteCosts(const std::vector<CostChange>& costs, JsonWriter* json) {
  json->Key("costs").BeginArray();
  for (const CostChange& cost : costs) {
    json->BeginObject()
        .Field("name", cost.name)
        .Field("before", cost.before)
        .Field("after", cost.after)
        .Key("effect");
    WriteEffect(cost.effect, json);
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace

void WriteJson(const Proposal& proposal, JsonWriter* json) {
  json->BeginObject()
      .Field("source", ToString(proposal.source))
      .Field("summary", proposal.summary)
      .Key("changes")
      .BeginArray();
  for (const ProposedChange& change : proposal.changes) {
    json->BeginObject()
        .Field("option", change.option)
        .Field("scope", change.column_family)
        .Field("value", change.value)
        .Field("reason", change.reason)
        .Field("expected_effect", change.expected_effect)
        .EndObject();
  }
  json->EndArray().EndObject();
}

void WriteJson(const ChangeSet& change_set, JsonWriter* json) {
  json->BeginArray();
  for (const Change& change : change_set.changes) {
    json->BeginObject();
    WriteKey(change.key, json);
    json->Field("before", change.before)
        .Field("after", change.after)
        .Field("reason", change.reason)
        .EndObject();
  }
  json->EndArray();
}

void WriteJson(const std::vector<CalibrationNote>& notes, JsonWriter* json) {
  json->BeginArray();
  for (const CalibrationNote& note : notes) {
    json->BeginObject()
        .Field("step", ToString(note.step))
        .Field("rejected", note.rejected)
        .Field("option", note.option)
        .Field("scope", note.column_family)
        .Field("code", note.code)
        .Field("message", note.message)
        .Field("asked", note.asked)
        .Field("given", note.given)
        .EndObject();
  }
  json->EndArray();
}

void WriteJson(const ArmSummary& arm, JsonWriter* json) {
  json->BeginObject()
      .Field("windows", arm.windows)
      .Field("throughput_ops_per_s", arm.throughput_ops_per_s)
      .Field("service_time_us", arm.service_time_us)
      .Key("latency")
      .BeginObject();
  for (int kind = 0; kind < kOpKinds; ++kind) {
    const size_t at = static_cast<size_t>(kind);
    json->Key(ToString(static_cast<OpKind>(kind)))
        .BeginObject()
        .Field("latency_us_mean", arm.latency_us_mean[at])
        .Field("latency_us_p99", arm.latency_us_p99[at])
        .EndObject();
  }
  json->EndObject()
      .Field("stall_share", arm.stall_share)
      .Field("cpu_us_per_op", arm.cpu_us_per_op)
      .Field("write_bytes_per_user_byte", arm.write_bytes_per_user_byte)
      .Field("resident_bytes", arm.resident_bytes)
      .EndObject();
}

void WriteJson(const Trial& trial, JsonWriter* json) {
  json->BeginObject()
      .Field("id", trial.id)
      .Field("database", trial.database)
      .Field("source", ToString(trial.source))
      .Field("summary", trial.summary)
      .Field("confirms", trial.confirms)
      .Field("thins", trial.thins)
      .Field("about_trial", trial.about_trial)
      .Field("verdict", ToString(trial.verdict))
      .Field("why", trial.why)
      .Field("ended", trial.ended)
      .Field("design", ToString(trial.design))
      .Field("design_why", trial.design_why)
      .Field("load", trial.load)
      .Field("expected", trial.expected)
      .Field("opened", trial.opened)
      .Field("closed", trial.closed)
      .SecondsField("in_force_s", trial.in_force)
      .Field("windows_dropped", trial.windows_dropped)
      .Field("option_writes", trial.option_writes)
      .Field("min_effect", trial.min_effect);
  json->Key("effect");
  WriteEffect(trial.effect, json);
  json->Key("change_set");
  WriteJson(trial.change_set, json);
  json->Key("inverse");
  WriteJson(trial.inverse, json);
  json->Key("notes");
  WriteJson(trial.notes, json);
  json->Key("baseline");
  WriteJson(trial.baseline, json);
  json->Key("candidate");
  WriteJson(trial.candidate, json);
  WriteBlocks(trial.blocks, json);
  WriteCosts(trial.costs, json);
  json->EndObject();
}

void WriteFields(const CommandReply& reply, JsonWriter* json) {
  json->Field("message", reply.message).Key("notes");
  WriteJson(reply.notes, json);
  json->Key("change_set");
  WriteJson(reply.change_set, json);
  json->Key("not_restored").BeginArray();
  for (const OptionKey& key : reply.not_restored) {
    json->BeginObject();
    WriteKey(key, json);
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace rocktune
