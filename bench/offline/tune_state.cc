#include "bench/offline/tune_state.h"

#include "absl/strings/str_cat.h"
#include "bench/cell/cell.h"
#include "bench/cell/json_fields.h"
#include "bench/cell/window_json.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// Of this layout; another one is another version's.
constexpr int kVersion = 1;

}  // namespace

template <typename Visitor>
void Fields(Visitor& visit, Change& change) {
  visit("option", change.key.name);
  visit("family", change.key.column_family);
  visit("before", change.before);
  visit("after", change.after);
  visit("reason", change.reason);
}

template <typename Visitor>
void Fields(Visitor& visit, Effect& effect) {
  visit("mean", effect.mean);
  visit("low", effect.low);
  visit("high", effect.high);
  visit("confidence", effect.confidence);
}

template <typename Visitor>
void Fields(Visitor& visit, ArmSummary& arm) {
  visit("runs", arm.windows);
  visit("throughput_ops_per_s", arm.throughput_ops_per_s);
  visit("service_time_us", arm.service_time_us);
  visit("latency_us_mean", arm.latency_us_mean);
  visit("latency_us_p99", arm.latency_us_p99);
  visit("stall_share", arm.stall_share);
  visit("cpu_us_per_op", arm.cpu_us_per_op);
  visit("write_bytes_per_user_byte", arm.write_bytes_per_user_byte);
  visit("resident_bytes", arm.resident_bytes);
}

template <typename Visitor>
void Fields(Visitor& visit, DeviceFigures& device) {
  visit("by_fio", device.by_fio);
  visit("direct", device.direct);
  visit("read_iops_1", device.read_iops_1);
  visit("read_iops_16", device.read_iops_16);
  visit("write_iops_16", device.write_iops_16);
  visit("read_bytes_per_s", device.read_bytes_per_s);
  visit("write_bytes_per_s", device.write_bytes_per_s);
  visit("sync_us", device.sync_us);
}

template <typename Visitor>
void Fields(Visitor& visit, RunFigures& run) {
  visit("throughput_ops_per_s", run.throughput_ops_per_s);
  visit("p99_us", run.p99_us);
  visit("score", run.score);
  visit("seconds", run.seconds);
  visit("gave_up", run.gave_up);
  visit("error", run.error);
}

template <typename Visitor>
void Fields(Visitor& visit, ComparedRun& run) {
  visit("candidate", run.candidate);
  visit("figures", run.figures);
}

template <typename Visitor>
void Fields(Visitor& visit, TuneStep& step) {
  visit("number", step.number);
  visit("thins", step.thins);
  visit("source", step.source);
  visit("summary", step.summary);
  visit("changes", step.changes);
  visit("notes", step.notes);
  visit("asked", step.asked);
  visit("runs", step.runs);
  visit("verdict", step.verdict);
  visit("effect", step.effect);
  visit("why", step.why);
  visit("incumbent", step.incumbent);
  visit("candidate", step.candidate);
  visit("history_id", step.history_id);
}

template <typename Visitor>
void Fields(Visitor& visit, TuneState& state) {
  visit("first", state.first);
  visit("start", state.start);
  visit("changed", state.incumbent);
  visit("steps", state.steps);
  visit("last_runs", state.last_runs);
  visit("total", state.total);
  visit("total_known", state.total_known);
  visit("tokens", state.tokens);
  visit("ended", state.ended);
  visit("finished", state.finished);
}

double SpentSeconds(const TuneState& state) {
  double sum = state.first.seconds;
  const auto add = [&sum](const std::vector<ComparedRun>& runs) {
    for (const ComparedRun& run : runs) sum += run.figures.seconds;
  };
  for (const TuneStep& step : state.steps) add(step.runs);
  add(state.last_runs);
  return sum;
}

boost::json::object ToJson(const TuneState& state) {
  boost::json::object json = JsonOf(state);
  json["plan"] = state.plan;
  if (state.probe) json["probe"] = JsonOf(*state.probe);
  return json;
}

absl::Status WriteState(const std::string& path, const TuneState& state) {
  boost::json::object json = ToJson(state);
  json["version"] = kVersion;
  // Windows beside the steps, which are shown to people too.
  json["windows"] = ToJson(state.windows);
  json["newest_incumbent"] = ToJson(state.newest[0]);
  json["newest_candidate"] = ToJson(state.newest[1]);
  boost::json::array seen;
  for (const TuneStep& step : state.steps) seen.push_back(ToJson(step.windows));
  json["seen"] = std::move(seen);
  return WriteJsonFile(path, json);
}

absl::StatusOr<TuneState> ReadState(const std::string& path) {
  ROCKTUNE_ASSIGN_OR_RETURN(boost::json::object json, ReadJsonFile(path));
  const auto take = [&json](const char* name) {
    boost::json::value value;
    if (auto* found = json.if_contains(name)) value = std::move(*found);
    json.erase(name);
    return value;
  };
  const auto damaged = [&path](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", what,
                     "; another version of rocktune wrote it, or it is "
                     "damaged: give another --out"));
  };
  const boost::json::value version = take("version");
  if (!version.is_int64() || version.get_int64() != kVersion) {
    return damaged("no version that is known");
  }
  const boost::json::value plan = take("plan"), probe = take("probe"),
                           windows = take("windows"), seen = take("seen"),
                           incumbent = take("newest_incumbent"),
                           candidate = take("newest_candidate");
  absl::StatusOr<TuneState> whole = FromJson<TuneState>(json);
  if (!whole.ok()) return damaged(whole.status().message());
  TuneState& state = *whole;
  if (!plan.is_object() || !seen.is_array() ||
      seen.get_array().size() != state.steps.size()) {
    return damaged("a part is missing");
  }
  state.plan = plan.get_object();
  if (probe.is_object()) {
    auto figures = FromJson<DeviceFigures>(probe.get_object(), "probe");
    if (!figures.ok()) return damaged(figures.status().message());
    state.probe = *figures;
  }
  const auto read = [](const boost::json::value& from,
                       std::vector<Window>* to) -> absl::Status {
    ROCKTUNE_ASSIGN_OR_RETURN(*to, WindowsFromJson(from));
    return absl::OkStatus();
  };
  absl::Status status = read(windows, &state.windows);
  if (status.ok()) status = read(incumbent, &state.newest[0]);
  if (status.ok()) status = read(candidate, &state.newest[1]);
  for (size_t i = 0; i < state.steps.size() && status.ok(); ++i) {
    status = read(seen.get_array()[i], &state.steps[i].windows);
  }
  if (!status.ok()) return damaged(status.message());
  return whole;
}

Verdict VerdictOf(const std::string& word) {
  for (Verdict verdict : {Verdict::kKept, Verdict::kRegressed, Verdict::kNoGain,
                          Verdict::kInconclusive, Verdict::kAborted}) {
    if (ToString(verdict) == word) return verdict;
  }
  return Verdict::kOpen;
}

ProposalSource SourceOf(const std::string& word) {
  for (ProposalSource source :
       {ProposalSource::kLlm, ProposalSource::kReplay,
        ProposalSource::kOperator, ProposalSource::kHistory}) {
    if (ToString(source) == word) return source;
  }
  return ProposalSource::kExpert;
}

}  // namespace rocktune
