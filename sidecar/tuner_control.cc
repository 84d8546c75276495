// The operator's side of the tuner: views and commands, on the loop thread.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sidecar/tuner_core.h"

namespace rocktune {
namespace {

constexpr absl::string_view kVersion = "0.1.0";

std::string ValueIn(const OptionValues& values, const OptionKey& key) {
  auto found = values.find(key);
  return found == values.end() ? "" : found->second;
}

std::string PinText(const std::vector<Pin>& pins, const OptionKey& key) {
  for (const Pin& pin : pins) {
    if (pin.option != key.name) continue;
    if (!pin.column_family.empty() && pin.column_family != key.column_family) {
      continue;
    }
    if (pin.denied) return "denied";
    if (pin.min == pin.max) return pin.min;
    return absl::StrCat(pin.min, "..", pin.max);
  }
  return "";
}

}  // namespace

TunerStatus TunerCore::Status() const {
  TunerStatus status;
  status.health = Health();
  status.version = std::string(kVersion);
  status.mode = mode_;
  status.uptime = clock_.Now() - started_;
  status.session = history_.session();
  status.history_path =
      state_dir_.empty() ? "" : absl::StrCat(state_dir_, "/history.db");
  if (process_) {
    status.memory_budget_bytes = process_->memory_budget_bytes();
    status.memory_committed_bytes = process_->CommittedByOthers("");
  }
  for (const auto& [name, attachment] : by_name_) {
    status.databases.push_back(name);
    if (!attachment->machine().frozen_why().empty()) {
      status.frozen = true;
      status.frozen_why = attachment->machine().frozen_why();
    }
  }
  absl::MutexLock lock(&mutex_);
  status.rocksdb_version = rocksdb_version_;
  return status;
}

absl::StatusOr<TunerCore::AttachmentPtr> TunerCore::ByName(
    const std::string& name) const {
  if (name.empty() && by_name_.size() == 1) return by_name_.begin()->second;
  const std::string known = absl::StrJoin(
      by_name_, ", ",
      absl::PairFormatter(
          [](std::string* out, const std::string& n) { out->append(n); }, "",
          [](std::string*, const AttachmentPtr&) {}));
  if (name.empty() && by_name_.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("name a database; attached: ", known));
  }
  auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    return absl::NotFoundError(absl::StrCat(
        "no database ", name, "; attached: ", known.empty() ? "none" : known));
  }
  return found->second;
}

absl::StatusOr<DatabaseStatus> TunerCore::Database(const std::string& name) {
  absl::StatusOr<AttachmentPtr> attachment = ByName(name);
  if (!attachment.ok()) return attachment.status();
  const TuningMachine& machine = (*attachment)->machine();
  DatabaseStatus status;
  status.facts = machine.facts().database;
  status.path = (*attachment)->db().path();
  status.host = machine.facts().host;
  status.state = machine.state();
  status.state_why = machine.state_why();
  status.in_state = (*attachment)->InState();
  status.open_trial = machine.open_trial();
  status.pending = machine.pending();
  if (status.pending) {
    status.pending_change_set = machine.pending_result().change_set;
    status.pending_notes = machine.pending_result().notes;
  }
  if (!(*attachment)->windows().empty()) {
    status.latest = (*attachment)->windows().back();
  }
  if (machine.first_baseline()) {
    status.throughput_ops_per_s_at_baseline =
        machine.first_baseline()->throughput_ops_per_s;
    status.service_time_us_at_baseline =
        machine.first_baseline()->service_time_us;
  }
  if (const std::optional<ArmSummary> recent = machine.RecentSummary()) {
    status.throughput_ops_per_s_now = recent->throughput_ops_per_s;
    status.service_time_us_now = recent->service_time_us;
  }
  status.trials_kept = machine.trials_kept();
  status.trials_rolled_back = machine.trials_rolled_back();
  status.proposals_refused = machine.proposals_refused();
  status.advisor_why = machine.advisor_why();
  return status;
}

absl::StatusOr<std::vector<Window>> TunerCore::Windows(const std::string& name,
                                                       size_t limit) {
  absl::StatusOr<AttachmentPtr> attachment = ByName(name);
  if (!attachment.ok()) return attachment.status();
  const std::deque<Window>& all = (*attachment)->windows();
  const size_t n = std::min(limit, all.size());
  return std::vector<Window>(all.end() - static_cast<ptrdiff_t>(n), all.end());
}

absl::StatusOr<WorkloadProfile> TunerCore::Profile(const std::string& name) {
  absl::StatusOr<AttachmentPtr> attachment = ByName(name);
  if (!attachment.ok()) return attachment.status();
  WorkloadProfile profile = (*attachment)->machine().Profile();
  profile.database = (*attachment)->machine().facts().database.name;
  return profile;
}

absl::StatusOr<std::vector<OptionView>> TunerCore::Options(
    const std::string& name) {
  absl::StatusOr<AttachmentPtr> attachment = ByName(name);
  if (!attachment.ok()) return attachment.status();
  const TuningMachine& machine = (*attachment)->machine();
  std::vector<OptionView> views;
  for (const auto& [key, value] : machine.values()) {
    OptionView view;
    view.key = key;
    if (const CatalogueRow* row = machine.facts().catalogue.Find(key.name)) {
      view.option_class = row->option_class;
      view.unit = row->unit;
      view.default_value = row->default_value;
    }
    view.now = value;
    view.proven = ValueIn(machine.proven(), key);
    view.at_attach = ValueIn(machine.at_attach(), key);
    view.pinned = PinText(machine.pins(), key);
    views.push_back(std::move(view));
  }
  return views;
}

absl::StatusOr<Catalogue> TunerCore::CatalogueOf(const std::string& name) {
  absl::StatusOr<AttachmentPtr> attachment = ByName(name);
  if (!attachment.ok()) return attachment.status();
  return (*attachment)->machine().facts().catalogue;
}

void TunerCore::History(
    std::string database, size_t limit,
    absl::AnyInvocable<void(absl::StatusOr<std::vector<HistoryEntry>>)> done) {
  history_.Entries(std::move(database), limit, std::move(done));
}

void TunerCore::TrialById(
    int64_t id, absl::AnyInvocable<void(absl::StatusOr<Trial>)> done) {
  history_.TrialById(id, std::move(done));
}

void TunerCore::Why(
    std::string database, std::string option, size_t limit,
    absl::AnyInvocable<void(absl::StatusOr<std::vector<Trial>>)> done) {
  history_.TrialsOf(std::move(database), std::move(option), limit,
                    std::move(done));
}

void TunerCore::Execute(
    Command command,
    absl::AnyInvocable<void(absl::StatusOr<CommandReply>)> done) {
  const bool may_be_for_all = command.kind == CommandKind::kFreeze ||
                              command.kind == CommandKind::kResume ||
                              command.kind == CommandKind::kMode;
  if (command.kind == CommandKind::kResume) SetTrouble("");
  if (may_be_for_all && command.database.empty()) {
    ExecuteForAll(command, std::move(done));
    return;
  }
  absl::StatusOr<AttachmentPtr> attachment = ByName(command.database);
  if (!attachment.ok()) {
    done(attachment.status());
    return;
  }
  (*attachment)->Execute(command, std::move(done));
}

// These commands are answered within the event: the last answer, or the first
// error, stands for all.
void TunerCore::ExecuteForAll(
    const Command& command,
    absl::AnyInvocable<void(absl::StatusOr<CommandReply>)> done) {
  if (command.kind == CommandKind::kMode) mode_ = command.mode;
  CommandReply none;
  none.message = "no database is attached";
  auto answer = std::make_shared<absl::StatusOr<CommandReply>>(none);
  for (const auto& [name, attachment] : by_name_) {
    attachment->Execute(command, [answer](absl::StatusOr<CommandReply> reply) {
      if (answer->ok()) *answer = std::move(reply);
    });
  }
  done(*answer);
}

}  // namespace rocktune
