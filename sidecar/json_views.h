// The admin socket's answers as JSON: one function a view. Units are in the
// key names; option values are strings in RocksDB's canonical text.
#ifndef ROCKTUNE_SIDECAR_JSON_VIEWS_H_
#define ROCKTUNE_SIDECAR_JSON_VIEWS_H_

#include "policy/catalogue.h"
#include "policy/command.h"
#include "policy/facts.h"
#include "policy/proposal.h"
#include "policy/trial.h"
#include "policy/window.h"
#include "policy/workload_profile.h"
#include "sidecar/control.h"
#include "sidecar/json_writer.h"

namespace rocktune {

// Each writes one value: an object, or an array for change sets and notes. An
// option is always two fields, "option" and "scope": the scope is the column
// family's name, or empty for the whole database.
void WriteJson(const TunerStatus& status, JsonWriter* json);
void WriteJson(const DatabaseStatus& status, JsonWriter* json);
void WriteJson(const HostFacts& host, JsonWriter* json);
void WriteJson(const Window& window, JsonWriter* json);
void WriteJson(const OptionView& option, JsonWriter* json);
void WriteJson(const CatalogueRow& row, JsonWriter* json);
void WriteJson(const HistoryEntry& entry, JsonWriter* json);
void WriteJson(const Trial& trial, JsonWriter* json);
void WriteJson(const ArmSummary& arm, JsonWriter* json);
void WriteJson(const WorkloadProfile& profile, JsonWriter* json);
void WriteJson(const Proposal& proposal, JsonWriter* json);
void WriteJson(const ChangeSet& change_set, JsonWriter* json);
void WriteJson(const std::vector<CalibrationNote>& notes, JsonWriter* json);
void WriteJson(const ModelStatus& status, JsonWriter* json);
void WriteJson(const VettedReply& vetted, JsonWriter* json);
void WriteJson(const AskedModel& asked, JsonWriter* json);

// The fields of a reply, without the braces around them.
void WriteFields(const CommandReply& reply, JsonWriter* json);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_JSON_VIEWS_H_
