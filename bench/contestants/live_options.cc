#include "bench/contestants/live_options.h"

#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/demo/record.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

constexpr absl::Duration kDetachLimit = absl::Seconds(30);
constexpr int kAnyNumber = 1000;  // of changes at once

}  // namespace

absl::StatusOr<std::unique_ptr<LiveOptions>> LiveOptions::Attach(
    rocksdb::DB* db, const CellBudget& budget) {
  ROCKTUNE_ASSIGN_OR_RETURN(
      auto attached,
      AttachedDb::Attach(db, {db->DefaultColumnFamily()}, "bench"));
  std::unique_ptr<LiveOptions> live(
      new LiveOptions(std::move(attached), budget));
  live->host_ = live->db_->host();
  live->host_.cores = budget.cores;
  live->facts_ = live->db_->facts();
  return live;
}

LiveOptions::~LiveOptions() { db_->Detach(kDetachLimit).IgnoreError(); }

absl::StatusOr<CalibrationContext> LiveOptions::Context(const Window& window) {
  ROCKTUNE_ASSIGN_OR_RETURN(values_, db_->ReadValues());
  window_ = window;
  CalibrationContext context;
  context.catalogue = &db_->catalogue();
  context.database = &facts_;
  context.host = &host_;
  context.features = &db_->features();
  context.values = &values_;
  context.window = &window_;
  context.pins = &pins_;
  context.memory_budget_bytes = budget_.memory_bytes;
  context.max_changes = kAnyNumber;
  return context;
}

absl::StatusOr<ChangeSet> LiveOptions::Set(
    const std::vector<ProposedChange>& wanted, ProposalSource source) {
  ROCKTUNE_ASSIGN_OR_RETURN(const CalibrationContext context,
                            Context(db_->Sample(absl::Now())));
  Proposal proposal;
  proposal.source = source;
  proposal.changes = wanted;
  const CalibrationResult result = Calibrate(proposal, context);
  ROCKTUNE_RETURN_IF_ERROR(Apply(result.change_set));
  return result.change_set;
}

absl::StatusOr<ChangeSet> LiveOptions::Set(const OptionValues& wanted) {
  std::vector<ProposedChange> changes;
  for (const auto& [key, value] : wanted) {
    changes.push_back({key.name, key.column_family, value, "", ""});
  }
  return Set(changes, ProposalSource::kOperator);
}

absl::Status LiveOptions::Undo(const ChangeSet& change_set) {
  return Apply(InverseOf(change_set));
}

absl::Status LiveOptions::Apply(const ChangeSet& change_set) {
  std::map<std::pair<OptionScope, std::string>,
           std::map<std::string, std::string>>
      calls;
  for (const Change& change : change_set.changes) {
    const CatalogueRow* row = catalogue().Find(change.key.name);
    if (row == nullptr) continue;
    calls[{row->scope, change.key.column_family}][change.key.name] =
        change.after;
  }
  for (const auto& [target, values] : calls) {
    const absl::Status status = db_->Set(target.first, target.second, values);
    // A value that is refused is this contestant's loss, not the cell's end.
    if (absl::IsFailedPrecondition(status)) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<DefaultDatabase> ReadDefaults(const std::string& dir) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* raw = nullptr;
  if (rocksdb::Status s = rocksdb::DB::Open(options, dir, &raw); !s.ok()) {
    return absl::InternalError(absl::StrCat(dir, ": ", s.ToString()));
  }
  std::unique_ptr<rocksdb::DB> db(raw);
  DefaultDatabase defaults;
  {
    ROCKTUNE_ASSIGN_OR_RETURN(auto live, LiveOptions::Attach(raw, {}));
    defaults.catalogue = live->catalogue();
    ROCKTUNE_ASSIGN_OR_RETURN(defaults.values, live->Values());
  }
  db.reset();
  std::error_code ignored;
  std::filesystem::remove_all(dir, ignored);
  return defaults;
}

std::string Describe(const ChangeSet& change_set) {
  std::vector<ChangeLine> lines;
  for (const Change& change : change_set.changes) {
    lines.push_back({change.key.name, change.before, change.after});
  }
  constexpr size_t kShown = 6;
  const size_t all = lines.size();
  if (all > kShown) lines.resize(kShown);
  std::string text = ShortChanges(lines);
  if (all > kShown) absl::StrAppend(&text, " and ", all - kShown, " more");
  return text;
}

}  // namespace rocktune
