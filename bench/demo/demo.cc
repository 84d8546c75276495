#include "bench/demo/demo.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/demo/json_read.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

using boost::json::object;

constexpr absl::Duration kOpenTrialLimit = absl::Seconds(40);
constexpr absl::Duration kBadTrialLimit = absl::Seconds(60);
// Legal, and far too little for the load. The second is for a machine on which
// tuning left the cache at its least.
constexpr struct {
  const char* option;
  const char* value;
} kBad[] = {{"block_cache.capacity", "8388608"},
            {"write_buffer_size", "524288"}};

bool HasOpenTrial(const object& database) {
  const boost::json::value* trial = database.if_contains("open_trial");
  return trial != nullptr && trial->is_object();
}

}  // namespace

absl::Status Demo::Run() {
  console_->Heading("1. Load");
  ROCKTUNE_RETURN_IF_ERROR(session_.Start(plan_.service, plan_.load_limit));
  ROCKTUNE_RETURN_IF_ERROR(Baseline());
  ROCKTUNE_RETURN_IF_ERROR(Tune());
  ROCKTUNE_RETURN_IF_ERROR(Refuse());
  ROCKTUNE_RETURN_IF_ERROR(ProposeBad());
  ROCKTUNE_RETURN_IF_ERROR(GoBack());
  ROCKTUNE_ASSIGN_OR_RETURN(const object database, session_.Poll());
  record_->trials_kept = static_cast<int>(NumberOf(database, "trials_kept"));
  record_->trials_rolled_back =
      static_cast<int>(NumberOf(database, "trials_rolled_back"));
  record_->proposals_refused =
      static_cast<int>(NumberOf(database, "proposals_refused"));
  session_.EndPhases();
  return absl::OkStatus();
}

absl::Status Demo::Baseline() {
  console_->Heading("2. Baseline: RocksDB's defaults");
  ROCKTUNE_ASSIGN_OR_RETURN(first_values_, session_.Options());
  ROCKTUNE_ASSIGN_OR_RETURN(const object status, session_.Get("/v1/status"));
  record_->rocksdb = TextOf(status, "rocksdb_version");
  ROCKTUNE_ASSIGN_OR_RETURN(record_->baseline,
                            session_.Measure("baseline", plan_.warm_up_seconds,
                                             plan_.measure_seconds));
  return absl::OkStatus();
}

absl::Status Demo::Tune() {
  console_->Heading(absl::StrFormat("3. Mode auto: %s, at most %d s",
                                    plan_.advisor,
                                    absl::ToInt64Seconds(plan_.tuning)));
  session_.BeginPhase("tuning");
  ROCKTUNE_RETURN_IF_ERROR(
      session_.Post("/v1/mode", object{{"mode", "auto"}}).status());
  const absl::Time end = absl::Now() + plan_.tuning;
  while (absl::Now() < end) {
    ROCKTUNE_RETURN_IF_ERROR(session_.Wait(absl::Seconds(1), ""));
    ROCKTUNE_ASSIGN_OR_RETURN(const object database, session_.Poll());
    ShowTuning(database, absl::ToDoubleSeconds(end - absl::Now()));
    if (TextOf(database, "state") == "converged") break;
  }
  ROCKTUNE_RETURN_IF_ERROR(EndOpenTrial());
  if (plan_.asks_a_model) ROCKTUNE_RETURN_IF_ERROR(ShowModel());
  ROCKTUNE_ASSIGN_OR_RETURN(
      record_->tuned,
      session_.Measure("tuned", plan_.warm_up_seconds, plan_.measure_seconds));
  console_->Line(absl::StrFormat("  %.2f times the baseline",
                                 record_->TunedOverBaseline()));
  return absl::OkStatus();
}

// Trouble with a model is the model's: the demo goes on with the expert.
absl::Status Demo::ShowModel() {
  const absl::StatusOr<object> model = session_.Get("/v1/llm");
  if (absl::IsFailedPrecondition(model.status())) {
    console_->Line(absl::StrCat("  model: not asked: ",
                                std::string(model.status().message())));
    return absl::OkStatus();
  }
  ROCKTUNE_RETURN_IF_ERROR(model.status());
  const object spent = ObjectOf(*model, "last_hour");
  console_->Line(absl::StrFormat(
      "  model: asked %d times, %d answers of use, %d requests, %s tokens in, "
      "%s out; breaker %s",
      static_cast<int64_t>(NumberOf(*model, "calls")),
      static_cast<int64_t>(NumberOf(*model, "answers")),
      static_cast<int64_t>(NumberOf(spent, "calls")),
      WithCommas(NumberOf(spent, "input_tokens")),
      WithCommas(NumberOf(spent, "output_tokens")), TextOf(*model, "breaker")));
  return absl::OkStatus();
}

// On a terminal every second, elsewhere when the state changes.
void Demo::ShowTuning(const object& database, double left_s) {
  const std::string state = TextOf(database, "state");
  const std::string line = absl::StrFormat(
      "  %-12s %9s ops/s  %5.2f x  %4.0f s left  %s", state,
      WithCommas(session_.latest().throughput_ops_per_s),
      session_.latest().throughput_ops_per_s /
          std::max(1.0, record_->baseline.throughput_ops_per_s),
      std::max(0.0, left_s),
      HasOpenTrial(database)
          ? ShortChanges(
                TrialFromJson(ObjectOf(database, "open_trial"), absl::Now())
                    .changes)
          : TextOf(database, "state_why"));
  if (console_->terminal()) {
    console_->Live(line);
  } else if (state != shown_state_) {
    console_->Line(line);
  }
  shown_state_ = state;
}

// Time is up: an open trial gets its verdict, or is rolled back.
absl::Status Demo::EndOpenTrial() {
  ROCKTUNE_RETURN_IF_ERROR(
      session_.Post("/v1/mode", object{{"mode", "suggest"}}).status());
  const absl::Time end = absl::Now() + kOpenTrialLimit;
  bool told = false;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(const object database, session_.Poll());
    if (!HasOpenTrial(database)) return absl::OkStatus();
    if (absl::Now() > end && !told) {
      // A verdict that came meanwhile leaves nothing to roll back here.
      const std::string id = absl::StrCat(static_cast<int64_t>(
          NumberOf(ObjectOf(database, "open_trial"), "id")));
      (void)session_.Post("/v1/rollback", object{{"to", id}});
      told = true;
    }
    if (absl::Now() > end + kOpenTrialLimit) {
      return absl::DeadlineExceededError("the last trial does not end");
    }
    ShowTuning(database, 0);
    ROCKTUNE_RETURN_IF_ERROR(session_.Wait(absl::Seconds(1), "last trial "));
  }
}

void Demo::ShowNotes(const object& reply) {
  for (const boost::json::value& item : ArrayOf(reply, "notes")) {
    if (!item.is_object()) continue;
    record_->notes.push_back(NoteFromJson(item.get_object()));
    const NoteLine& note = record_->notes.back();
    console_->Line(absl::StrCat(
        "    ", note.rejected ? "refused" : "corrected", ": ", note.message,
        note.rejected || note.given.empty()
            ? ""
            : absl::StrCat(" (", note.asked, " -> ", note.given, ")")));
  }
}

absl::Status Demo::ProposeRefused(const std::string& option,
                                  const std::string& value) {
  console_->Line(absl::StrCat("  propose ", option, " = ", value));
  ROCKTUNE_ASSIGN_OR_RETURN(
      const AdminReply reply,
      session_.Propose(option, value, "shows what calibration refuses"));
  ShowNotes(reply.body);
  if (reply.http_status == 409) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(option, " = ", value, " was not refused"));
}

absl::Status Demo::Refuse() {
  console_->Heading("4. Proposals that calibration refuses or corrects");
  session_.BeginPhase("proposals");
  ROCKTUNE_RETURN_IF_ERROR(
      ProposeRefused("avoid_flush_during_shutdown", "true"));
  ROCKTUNE_RETURN_IF_ERROR(ProposeRefused("prefix_extractor", "fixed:4"));
  const std::string option = "write_buffer_size";
  console_->Line(absl::StrCat("  propose ", option, " = 1"));
  ROCKTUNE_ASSIGN_OR_RETURN(
      const AdminReply reply,
      session_.Propose(option, "1", "shows what calibration corrects"));
  ShowNotes(reply.body);
  if (reply.http_status == 409) return absl::OkStatus();
  if (ArrayOf(reply.body, "notes").empty()) {
    return absl::InternalError("write_buffer_size = 1 was not corrected");
  }
  // It was corrected into something legal, and shown: enough.
  ROCKTUNE_RETURN_IF_ERROR(
      session_.Post("/v1/reject", object{{"reason", "only shown"}}).status());
  console_->Line("    rejected by the operator before it was tried");
  return absl::OkStatus();
}

absl::Status Demo::ProposeBad() {
  console_->Heading("5. A legal proposal that is bad");
  session_.BeginPhase("bad proposal");
  bool accepted = false;
  for (const auto& bad : kBad) {
    console_->Line(absl::StrCat("  propose ", bad.option, " = ", bad.value));
    ROCKTUNE_ASSIGN_OR_RETURN(
        const AdminReply reply,
        session_.Propose(bad.option, bad.value, "a bad idea, on purpose"));
    ShowNotes(reply.body);
    accepted = reply.http_status == 200;
    if (accepted) break;
  }
  if (!accepted) {
    return absl::InternalError("the bad proposal was not accepted for trial");
  }
  const int64_t id = session_.next_trial();
  shown_state_.clear();
  const absl::Time end = absl::Now() + kBadTrialLimit;
  while (session_.next_trial() == id) {
    if (absl::Now() > end) {
      return absl::DeadlineExceededError(
          "the bad proposal's trial does not "
          "end");
    }
    ROCKTUNE_RETURN_IF_ERROR(session_.Wait(absl::Seconds(1), "bad value  "));
    ROCKTUNE_ASSIGN_OR_RETURN(const object database, session_.Poll());
    ShowTuning(database, 0);
  }
  const TrialLine& trial = record_->trials.back();
  console_->Line(absl::StrCat("    ", trial.why));
  record_->bad_value_in_force_s = trial.in_force_s;
  console_->Line(absl::StrFormat(
      "    rolled back by itself; the bad value was in force %.1f s",
      trial.in_force_s));
  if (trial.verdict != "kept") return absl::OkStatus();
  return absl::InternalError("the bad proposal was kept");
}

absl::Status Demo::GoBack() {
  console_->Heading("6. Back to the first values");
  ROCKTUNE_ASSIGN_OR_RETURN(
      const object reply,
      session_.Post("/v1/rollback",
                    object{{"to", "baseline"}, {"reason", "end of the demo"}}));
  console_->Line("  " + TextOf(reply, "message"));
  std::vector<std::string>& names = record_->not_restored;
  for (const boost::json::value& item : ArrayOf(reply, "not_restored")) {
    if (item.is_object()) names.push_back(TextOf(item.get_object(), "option"));
  }
  ROCKTUNE_ASSIGN_OR_RETURN(const auto values, session_.Options());
  int same = 0;
  for (const auto& [name, value] : first_values_) {
    const auto now = values.find(name);
    const std::string option = name.substr(0, name.find('@'));
    if (now != values.end() && now->second == value) {
      ++same;
    } else if (std::find(names.begin(), names.end(), option) == names.end()) {
      names.push_back(option);
    }
  }
  record_->restored_exactly = names.empty();
  console_->Line(absl::StrFormat("  %d of %d values as at attach, read back",
                                 same, first_values_.size()));
  ROCKTUNE_ASSIGN_OR_RETURN(record_->restored,
                            session_.Measure("restored", plan_.warm_up_seconds,
                                             plan_.measure_seconds));
  return absl::OkStatus();
}

}  // namespace rocktune
