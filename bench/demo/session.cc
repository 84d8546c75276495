#include "bench/demo/session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/demo/json_read.h"
#include "policy/status_macros.h"

namespace rocktune {

using boost::json::object;

namespace {

// More than are written between two polls.
constexpr char kLatestEntries[] = "/v1/history?limit=50";

}  // namespace

absl::Status Session::Start(const std::vector<std::string>& command,
                            absl::Duration limit) {
  ROCKTUNE_ASSIGN_OR_RETURN(service_, ServiceProcess::Start(command));
  const absl::Time deadline = absl::Now() + limit;
  while (!ready_) {
    ROCKTUNE_RETURN_IF_ERROR(Pump(absl::Milliseconds(500)));
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError("loading takes too long");
    }
    console_->Live(
        absl::StrFormat("  loading  %3.0f %%%s", 100 * loaded_,
                        loaded_ >= 1 ? ", waiting for its compactions" : ""));
  }
  console_->Line(
      absl::StrFormat("  loaded in %.0f s",
                      absl::ToDoubleSeconds(absl::Now() - deadline + limit)));
  origin_ = absl::Now();
  return absl::OkStatus();
}

absl::Status Session::Pump(absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  do {
    if (stop_->load()) return absl::CancelledError("interrupted");
    const absl::Duration left = deadline - absl::Now();
    const std::optional<object> event = service_->Next(
        std::clamp(left, absl::Milliseconds(1), absl::Milliseconds(100)));
    if (event) {
      Take(*event);
    } else if (!service_->running()) {
      return absl::UnavailableError(absl::StrCat(
          "the service ended", failed_.empty() ? "" : ": ", failed_));
    }
  } while (absl::Now() < deadline);
  return absl::OkStatus();
}

void Session::Take(const object& event) {
  const std::string kind = TextOf(event, "event");
  if (kind == "loading") loaded_ = NumberOf(event, "share");
  if (kind == "note") console_->Line("  note: " + TextOf(event, "text"));
  if (kind == "failed") failed_ = TextOf(event, "text");
  if (kind == "ready") {
    client_.emplace(TextOf(event, "socket"));
    ready_ = true;
  }
  if (kind == "second") TakeSecond(event);
  if (kind == "measured") {
    measured_ = PhaseFigures{NumberOf(event, "throughput_ops_per_s"),
                             NumberOf(event, "read_p99_us"),
                             NumberOf(event, "write_p99_us")};
  }
}

void Session::TakeSecond(const object& event) {
  latest_ = {Now(), NumberOf(event, "throughput_ops_per_s"),
             NumberOf(event, "read_p99_us")};
  record_->seconds.push_back(latest_);
}

absl::Status Session::Wait(absl::Duration length, const std::string& what) {
  const absl::Time end = absl::Now() + length;
  while (absl::Now() < end) {
    ROCKTUNE_RETURN_IF_ERROR(
        Pump(std::min(end - absl::Now(), absl::Seconds(1))));
    console_->Live(absl::StrCat(
        "  ", what, "  ", WithCommas(latest_.throughput_ops_per_s),
        " ops/s, read p99 ", WithCommas(latest_.read_p99_us), " us"));
  }
  return absl::OkStatus();
}

absl::StatusOr<PhaseFigures> Session::Measure(const std::string& phase,
                                              int warm_up_seconds,
                                              int seconds) {
  BeginPhase(phase);
  ROCKTUNE_RETURN_IF_ERROR(Wait(absl::Seconds(warm_up_seconds), "warming up "));
  measured_.reset();
  ROCKTUNE_RETURN_IF_ERROR(service_->Send(absl::StrCat("measure ", seconds)));
  const absl::Time deadline = absl::Now() + absl::Seconds(2 * seconds + 10);
  while (!measured_) {
    ROCKTUNE_RETURN_IF_ERROR(Wait(absl::Milliseconds(500), "measuring  "));
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError("the service does not measure");
    }
  }
  console_->Line(absl::StrFormat(
      "  %-9s %10s ops/s   read p99 %7s us   write p99 %7s us", phase,
      WithCommas(measured_->throughput_ops_per_s),
      WithCommas(measured_->read_p99_us), WithCommas(measured_->write_p99_us)));
  return *measured_;
}

absl::StatusOr<object> Session::Get(const std::string& target) {
  ROCKTUNE_ASSIGN_OR_RETURN(AdminReply reply, client_->Get(target));
  if (reply.http_status == 200) return std::move(reply.body);
  return absl::FailedPreconditionError(absl::StrCat(
      "GET ", target, ": ", TextOf(ObjectOf(reply.body, "error"), "message")));
}

absl::StatusOr<object> Session::Post(const std::string& target,
                                     const object& body) {
  ROCKTUNE_ASSIGN_OR_RETURN(AdminReply reply, client_->Post(target, body));
  if (reply.http_status == 200) return std::move(reply.body);
  return absl::FailedPreconditionError(absl::StrCat(
      "POST ", target, ": ", TextOf(ObjectOf(reply.body, "error"), "message")));
}

absl::StatusOr<AdminReply> Session::Propose(const std::string& option,
                                            const std::string& value,
                                            const std::string& reason) {
  const object change = {{"option", option}, {"value", value}};
  object body = {{"database", "demo"}, {"reason", reason}};
  body["changes"] = boost::json::array{change};
  return client_->Post("/v1/propose", body);
}

absl::StatusOr<std::map<std::string, std::string>> Session::Options() {
  ROCKTUNE_ASSIGN_OR_RETURN(const object body,
                            Get("/v1/databases/demo/options"));
  std::map<std::string, std::string> values;
  for (const boost::json::value& item : ArrayOf(body, "options")) {
    if (!item.is_object()) continue;
    const object& option = item.get_object();
    values[absl::StrCat(TextOf(option, "option"),
                        TextOf(option, "scope").empty() ? "" : "@",
                        TextOf(option, "scope"))] = TextOf(option, "now");
  }
  return values;
}

absl::StatusOr<object> Session::Poll() {
  ROCKTUNE_RETURN_IF_ERROR(PollAdvice());
  ROCKTUNE_RETURN_IF_ERROR(PollTrials());
  return Get("/v1/databases/demo");
}

absl::Status Session::PollTrials() {
  // Trials are numbered from 1: the state directory is new.
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(
        const AdminReply reply,
        client_->Get(absl::StrCat("/v1/trials/", next_trial_)));
    if (reply.http_status != 200) return absl::OkStatus();
    TrialLine trial = TrialFromJson(reply.body, origin_);
    if (trial.verdict == "open") return absl::OkStatus();
    console_->Line(absl::StrFormat(
        "  %4.0f s  trial %d  %-12s  %s  %s%s", Now(), trial.id, trial.verdict,
        ShortChanges(trial.changes), ShortEffect(trial),
        trial.source == "llm" ? "  (the model's)" : ""));
    record_->trials.push_back(std::move(trial));
    ++next_trial_;
  }
}

absl::Status Session::PollAdvice() {
  ROCKTUNE_ASSIGN_OR_RETURN(const object body, Get(kLatestEntries));
  const boost::json::array& entries = ArrayOf(body, "history");
  // Newest first.
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (!entry->is_object()) continue;
    const object& fields = entry->get_object();
    const auto id = static_cast<int64_t>(NumberOf(fields, "id"));
    if (id <= seen_entry_) continue;
    seen_entry_ = id;
    const std::string kind = TextOf(fields, "kind");
    if (kind != "llm" && kind != "refused") continue;
    // Later the demo itself proposes what is refused.
    if (record_->phases.empty() || record_->phases.back().name != "tuning") {
      continue;
    }
    record_->advice.push_back(
        {Now(), kind == "refused", TextOf(fields, "line")});
    console_->Line(absl::StrFormat("  %4.0f s  %-7s  %s", Now(),
                                   kind == "llm" ? "model" : "refused",
                                   record_->advice.back().text));
  }
  return absl::OkStatus();
}

void Session::BeginPhase(const std::string& name) {
  EndPhases();
  record_->phases.push_back({Now(), Now(), name});
}

void Session::EndPhases() {
  if (!record_->phases.empty()) record_->phases.back().end_s = Now();
}

}  // namespace rocktune
