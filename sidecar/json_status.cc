// The state of the tuner and of its databases as JSON.
#include "sidecar/json_views.h"

namespace rocktune {
namespace {

template <typename T>
void WriteOptional(absl::string_view key, const std::optional<T>& value,
                   JsonWriter* json) {
  json->Key(key);
  if (value.has_value()) {
    json->Value(*value);
  } else {
    json->Null();
  }
}

void WriteStrings(absl::string_view key, const std::vector<std::string>& texts,
                  JsonWriter* json) {
  json->Key(key).BeginArray();
  for (const std::string& text : texts) json->Value(text);
  json->EndArray();
}

void WriteFacts(const DatabaseFacts& facts, JsonWriter* json) {
  json->Field("instrumented", facts.instrumented);
  WriteStrings("missing", facts.missing, json);
  json->Key("column_families").BeginArray();
  for (const ColumnFamilyFacts& family : facts.column_families) {
    json->BeginObject()
        .Field("id", family.id)
        .Field("name", family.name)
        .EndObject();
  }
  json->EndArray();
}

// What waits for an operator, or null.
void WritePending(const DatabaseStatus& status, JsonWriter* json) {
  json->Key("pending");
  if (!status.pending.has_value()) {
    json->Null();
    return;
  }
  json->BeginObject().Key("proposal");
  WriteJson(*status.pending, json);
  json->Key("change_set");
  WriteJson(status.pending_change_set, json);
  json->Key("notes");
  WriteJson(status.pending_notes, json);
  json->EndObject();
}

}  // namespace

void WriteJson(const TunerStatus& status, JsonWriter* json) {
  json->BeginObject()
      .Field("health", status.health)
      .Field("version", status.version)
      .Field("rocksdb_version", status.rocksdb_version)
      .Field("mode", ToString(status.mode))
      .Field("frozen", status.frozen)
      .Field("frozen_why", status.frozen_why)
      .SecondsField("uptime_s", status.uptime)
      .Field("session", status.session)
      .Field("history_path", status.history_path)
      .Field("memory_budget_bytes", status.memory_budget_bytes)
      .Field("memory_committed_bytes", status.memory_committed_bytes);
  WriteStrings("databases", status.databases, json);
  json->EndObject();
}

void WriteJson(const HostFacts& host, JsonWriter* json) {
  json->BeginObject()
      .Field("cores", host.cores)
      .Field("memory_bytes", host.memory_bytes);
  WriteOptional("cgroup_memory_bytes", host.cgroup_memory_bytes, json);
  WriteOptional("cgroup_cpus", host.cgroup_cpus, json);
  WriteOptional("rotational", host.rotational, json);
  json->Field("filesystem", host.filesystem)
      .Field("device_queue", host.device_queue)
      .Field("rocksdb_version", host.rocksdb_version)
      .EndObject();
}

void WriteJson(const DatabaseStatus& status, JsonWriter* json) {
  json->BeginObject()
      .Field("name", status.facts.name)
      .Field("path", status.path)
      .Field("state", ToString(status.state))
      .Field("state_why", status.state_why)
      .SecondsField("in_state_s", status.in_state)
      .Field("throughput_ops_per_s_at_baseline",
             status.throughput_ops_per_s_at_baseline)
      .Field("throughput_ops_per_s_now", status.throughput_ops_per_s_now)
      .Field("service_time_us_at_baseline", status.service_time_us_at_baseline)
      .Field("service_time_us_now", status.service_time_us_now)
      .Field("trials_kept", status.trials_kept)
      .Field("trials_rolled_back", status.trials_rolled_back)
      .Field("proposals_refused", status.proposals_refused)
      .Field("advisor_why", status.advisor_why);
  json->Key("open_trial");
  if (status.open_trial.has_value()) {
    WriteJson(*status.open_trial, json);
  } else {
    json->Null();
  }
  WritePending(status, json);
  WriteFacts(status.facts, json);
  json->Key("host");
  WriteJson(status.host, json);
  json->Key("latest");
  if (status.latest.has_value()) {
    WriteJson(*status.latest, json);
  } else {
    json->Null();
  }
  json->EndObject();
}

void WriteJson(const OptionView& option, JsonWriter* json) {
  json->BeginObject()
      .Field("option", option.key.name)
      .Field("scope", option.key.column_family)
      .Field("class", ToString(option.option_class))
      .Field("unit", ToString(option.unit))
      .Field("now", option.now)
      .Field("proven", option.proven)
      .Field("at_attach", option.at_attach)
      .Field("default", option.default_value)
      .Field("pinned", option.pinned)
      .EndObject();
}

void WriteJson(const CatalogueRow& row, JsonWriter* json) {
  json->BeginObject()
      .Field("option", row.name)
      .Field("scope_kind", ToString(row.scope))
      .Field("type", ToString(row.type))
      .Field("class", ToString(row.option_class))
      .Field("unit", ToString(row.unit))
      .Field("min", row.min)
      .Field("max", row.max)
      .Field("allows_minus_one", row.allows_minus_one)
      .Field("max_step_factor", row.max_step_factor);
  WriteStrings("enum_values", row.enum_values, json);
  json->Field("default", row.default_value)
      .Field("meaning", row.meaning)
      .Field("why_class", row.why_class)
      .EndObject();
}

void WriteJson(const HistoryEntry& entry, JsonWriter* json) {
  json->BeginObject()
      .Field("id", entry.id)
      .Field("at", entry.at)
      .Field("database", entry.database)
      .Field("kind", entry.kind)
      .Field("trial", entry.trial);
  WriteOptional("uid", entry.uid, json);
  json->Field("line", entry.line).EndObject();
}

}  // namespace rocktune
