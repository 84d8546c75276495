// What the admin socket may ask of the tuner: views and commands as plain
// data. The tuner implements it; the admin server and its tests use it.
#ifndef ROCKTUNE_SIDECAR_CONTROL_H_
#define ROCKTUNE_SIDECAR_CONTROL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "llm/model_advisor.h"
#include "policy/calibration.h"
#include "policy/catalogue.h"
#include "policy/command.h"
#include "policy/facts.h"
#include "policy/option.h"
#include "policy/proposal.h"
#include "policy/state.h"
#include "policy/trial.h"
#include "policy/window.h"
#include "policy/workload_profile.h"

namespace rocktune {

struct TunerStatus {
  std::string health;   // "ok" or what is wrong
  std::string version;  // of rocktune
  std::string rocksdb_version;
  TuningMode mode = TuningMode::kSuggest;
  bool frozen = false;
  std::string frozen_why;
  absl::Duration uptime;
  int64_t session = 0;
  std::string history_path;
  uint64_t memory_budget_bytes = 0;
  uint64_t memory_committed_bytes = 0;
  std::vector<std::string> databases;
};

struct DatabaseStatus {
  DatabaseFacts facts;
  std::string path;
  HostFacts host;
  TuningState state = TuningState::kDetached;
  std::string state_why;  // one line: what it waits for
  absl::Duration in_state;
  std::optional<Trial> open_trial;
  // What waits for an operator (mode suggest or approve).
  std::optional<Proposal> pending;
  ChangeSet pending_change_set;
  std::vector<CalibrationNote> pending_notes;
  std::optional<Window> latest;
  double throughput_ops_per_s_at_baseline = 0;  // first baseline; 0: none yet
  double throughput_ops_per_s_now = 0;          // recent windows
  double service_time_us_at_baseline = 0;
  double service_time_us_now = 0;
  int trials_kept = 0;
  int trials_rolled_back = 0;
  int proposals_refused = 0;
  std::string advisor_why;  // the advisor's last word
};

struct OptionView {
  OptionKey key;
  OptionClass option_class = OptionClass::kApproveOnly;
  OptionUnit unit = OptionUnit::kNone;
  std::string now;
  std::string proven;
  std::string at_attach;
  std::string default_value;
  std::string pinned;  // text of the pin, empty when none
};

// One line of the history that a person can read.
struct HistoryEntry {
  int64_t id = 0;
  absl::Time at;  // wall clock
  std::string database;
  std::string kind;             // "attach", "trial", "operator", "freeze", ...
  int64_t trial = 0;            // 0: none
  std::optional<uint32_t> uid;  // operator actions
  std::string line;
};

// A model's text as today's parser and calibration understand it. Nothing of
// it was or will be applied.
struct VettedReply {
  ParsedReply parsed;
  CalibrationResult result;  // of parsed.proposal
};

struct AskedModel {
  ModelAnswer answer;
  CalibrationResult result;
};

// Every method is called on the loop thread and returns at once. Callbacks run
// on the loop thread, exactly once, also when the tuner stops (kCancelled).
class TunerControl {
 public:
  virtual ~TunerControl() = default;

  virtual TunerStatus Status() const = 0;
  // kNotFound names the attached databases. An empty name means the only one
  // (kInvalidArgument when there are several).
  virtual absl::StatusOr<DatabaseStatus> Database(const std::string& name) = 0;
  virtual absl::StatusOr<std::vector<Window>> Windows(const std::string& name,
                                                      size_t limit) = 0;
  // What the load is now. Before the first window everything is unknown.
  virtual absl::StatusOr<WorkloadProfile> Profile(const std::string& name) = 0;
  virtual absl::StatusOr<std::vector<OptionView>> Options(
      const std::string& name) = 0;
  virtual absl::StatusOr<Catalogue> CatalogueOf(const std::string& name) = 0;

  // From the history, newest first.
  virtual void History(
      std::string database, size_t limit,
      absl::AnyInvocable<void(absl::StatusOr<std::vector<HistoryEntry>>)>
          done) = 0;
  virtual void TrialById(
      int64_t id, absl::AnyInvocable<void(absl::StatusOr<Trial>)> done) = 0;
  // Trials that changed `option`, newest first: why it has its value.
  virtual void Why(
      std::string database, std::string option, size_t limit,
      absl::AnyInvocable<void(absl::StatusOr<std::vector<Trial>>)> done) = 0;

  // The model, if one is configured; else kFailedPrecondition with what to do,
  // as the next two.
  virtual absl::StatusOr<ModelStatus> Model() const = 0;
  // The bytes of the body that would be sent now.
  virtual absl::StatusOr<std::string> Payload(const std::string& name) = 0;
  // One call; its proposal is calibrated and shown, never tried.
  virtual void AskModel(
      const std::string& name,
      absl::AnyInvocable<void(absl::StatusOr<AskedModel>)> done) = 0;
  // Needs no model.
  virtual absl::StatusOr<VettedReply> Vet(const std::string& name,
                                          const std::string& text) = 0;

  // kFailedPrecondition: refused by policy or state (the message says what to
  // do). kInvalidArgument: the request is wrong. kNotFound: no such thing.
  // A rollback answers after the values are read back.
  virtual void Execute(
      Command command,
      absl::AnyInvocable<void(absl::StatusOr<CommandReply>)> done) = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_CONTROL_H_
