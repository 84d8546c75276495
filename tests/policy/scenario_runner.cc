#include "tests/policy/scenario_runner.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "policy/option_knowledge.h"
#include "policy/tuning_machine.h"
#include "tests/policy/action_printer.h"
#include "tests/policy/scenario_window.h"

namespace rocktune {
namespace {

using Words = std::vector<std::string>;

// The coin of a switchback is drawn from the time: at this one the candidate
// comes first in most stories.
const absl::Time kStart = absl::UnixEpoch() + absl::Seconds(2395);

std::pair<std::string, std::string> Split(const std::string& word) {
  std::pair<std::string, std::string> parts =
      absl::StrSplit(word, absl::MaxSplits('=', 1));
  return parts;
}

OptionType TypeOf(const std::string& name) {
  return name == "compression" ? OptionType::kEnum : OptionType::kUint;
}

OptionScope ScopeOf(const std::string& name) {
  if (absl::StartsWith(name, "block_based_table_factory.")) {
    return OptionScope::kColumnFamily;
  }
  if (absl::StrContains(name, ".")) return OptionScope::kLive;
  return absl::StartsWith(name, "max_background") ? OptionScope::kDb
                                                  : OptionScope::kColumnFamily;
}

// NAME or NAME@FAMILY.
OptionKey KeyOf(const std::string& text) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('@', 1));
  const auto& [name, family] = parts;
  if (!family.empty()) return {name, family};
  return {name, ScopeOf(name) == OptionScope::kColumnFamily ? "default" : ""};
}

class Story {
 public:
  std::string Step(const std::string& line) {
    out_.clear();
    const Words words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    const Words rest(words.begin() + 1, words.end());
    const std::string& verb = words[0];
    if (verb == "config") {
      Configure(rest);
    } else if (verb == "start") {
      Start(rest);
    } else if (!machine_) {
      out_ = "? no start yet\n";
    } else if (verb == "windows") {
      Windows(rest);
    } else if (verb == "advice") {
      Advise(rest);
    } else if (verb == "offered") {
      Send(event::AdviceOffered{});
    } else if (verb == "recorded") {
      Send(event::TrialRecorded{
          tickets_, rest[0] == "error"
                        ? absl::StatusOr<int64_t>(
                              absl::ResourceExhaustedError("disk full"))
                        : absl::StatusOr<int64_t>(std::stoll(rest[0]))});
    } else if (verb == "applied") {
      Applied(rest);
    } else if (verb == "read") {
      const bool early = !rest.empty() && rest[0] == "early";
      event::ValuesRead read{machine_->values(),
                             early ? applying_.epoch : machine_->epoch()};
      for (const std::string& word : rest) {
        const auto [name, value] = Split(word);
        if (value.empty()) continue;
        if (value == "gone") {
          read.values.erase(KeyOf(name));
        } else {
          read.values[KeyOf(name)] = value;
        }
      }
      Send(read);
    } else if (verb == "command") {
      GiveCommand(rest);
    } else if (verb == "trouble") {
      Send(event::Trouble{absl::StrJoin(rest, " ")});
    } else if (verb == "shift") {
      process_.AcquireTrial("another");
    } else if (verb == "another") {
      const auto [name, value] = Split(rest[0]);
      process_.SetLive("another", name, value);
    } else if (verb == "release") {
      process_.ReleaseTrial("another");
    } else if (verb == "detach") {
      Send(event::DetachRequested{!rest.empty()});
    } else {
      out_ = absl::StrCat("? unknown step ", verb, "\n");
    }
    if (machine_) {
      absl::StrAppend(&out_, "= ", std::string(ToString(machine_->state())),
                      "\n");
    }
    return out_;
  }

 private:
  void Send(const Event& event) {
    for (const Action& action : machine_->On(event, now_)) {
      if (const auto* note = std::get_if<action::Note>(&action);
          note != nullptr && note->kind == "state") {
        continue;  // the state is printed anyway
      }
      if (const auto* apply = std::get_if<action::ApplyValues>(&action)) {
        applying_ = *apply;
      }
      if (const auto* record = std::get_if<action::RecordTrial>(&action)) {
        tickets_ = record->ticket;
        trial_ = record->trial;
      }
      if (const auto* consult = std::get_if<action::Consult>(&action)) {
        consultation_ = consult->consultation;
      }
      absl::StrAppend(
          &out_, absl::StrFormat("+%ds ", absl::ToInt64Seconds(now_ - kStart)),
          PrintAction(action), "\n");
    }
  }

  void Configure(const Words& words) {
    static const std::map<std::string, absl::Duration MachineConfig::*> kTimes =
        {{"baseline", &MachineConfig::baseline},
         {"one_way_baseline", &MachineConfig::one_way_baseline},
         {"settle", &MachineConfig::settle},
         {"settle_max", &MachineConfig::settle_max},
         {"measure_min", &MachineConfig::measure_min},
         {"measure_max", &MachineConfig::measure_max},
         {"probation", &MachineConfig::probation},
         {"cool_down", &MachineConfig::cool_down},
         {"record_limit", &MachineConfig::record_limit},
         {"apply_limit", &MachineConfig::apply_limit},
         {"pending_limit", &MachineConfig::pending_limit}};
    for (const std::string& word : words) {
      const auto [name, value] = Split(word);
      if (auto time = kTimes.find(name); time != kTimes.end()) {
        absl::ParseDuration(value, &(config_.*time->second));
      } else if (name == "option_writes_per_hour") {
        config_.option_writes_per_hour = std::stoi(value);
      } else if (name == "mode") {
        for (int i = 0; i <= static_cast<int>(TuningMode::kAuto); ++i) {
          const auto mode = static_cast<TuningMode>(i);
          if (std::string(ToString(mode)) == value) config_.mode = mode;
        }
      } else {
        absl::StrAppend(&out_, "? unknown config ", name, "\n");
      }
    }
  }

  void Start(const Words& words) {
    MachineFacts facts;
    facts.database.name = "db";
    facts.database.column_families = {{0, "default"}};
    facts.host.cores = 8;
    facts.host.memory_bytes = uint64_t{16} << 30;
    facts.features.major = 7;
    facts.features.minor = 8;
    std::vector<CatalogueRow> rows;
    event::Started started;
    Trial unfinished;
    unfinished.id = 99;
    const std::string* mode = nullptr;
    for (const std::string& word : words) {
      if (word == "unfinished" || word == "proven") {
        mode = &word;
        continue;
      }
      const auto [name, value] = Split(word);
      if (mode == nullptr) {
        rows.push_back(DescribeOption({.name = name,
                                       .scope = ScopeOf(name),
                                       .type = TypeOf(name),
                                       .default_value = value},
                                      facts.host));
        started.values[KeyOf(name)] = value;
      } else if (*mode == "proven") {
        started.proven[KeyOf(name)] = value;
      } else {
        const std::pair<std::string, std::string> both =
            absl::StrSplit(value, "->");
        unfinished.change_set.changes.push_back(
            {KeyOf(name), both.first, both.second, ""});
      }
    }
    if (!unfinished.change_set.empty()) started.unfinished = {unfinished};
    facts.catalogue = Catalogue(std::move(rows));
    machine_.emplace(config_, std::move(facts), &process_);
    Send(started);
  }

  // What the load does under the candidate; after a '|' under the incumbent.
  void Windows(const Words& words) {
    const auto bar = std::find(words.begin(), words.end(), "|");
    const event::WindowClosed candidate = WindowOf({words.begin() + 1, bar});
    const event::WindowClosed incumbent =
        bar == words.end() ? candidate : WindowOf({bar + 1, words.end()});
    for (int i = 0; i < std::stoi(words[0]); ++i) {
      now_ += absl::Seconds(1);
      event::WindowClosed closed = CandidateInForce() ? candidate : incumbent;
      closed.window.start = now_ - closed.window.length;
      closed.window.number = ++number_;
      // Real load is never two times the same; without spread a verdict would
      // be certain at once. A fixed pattern keeps the story repeatable.
      const double wobble =
          1 + 0.01 * static_cast<double>(number_ * 7 % 5) - 0.02;
      for (OpStats& op : closed.window.ops) op.latency_us_mean *= wobble;
      const bool turns = machine_->state() == TuningState::kMeasuring;
      const uint64_t before = applying_.epoch;
      Send(closed);
      // Arms that take turns: RocksDB takes what it took before.
      const bool is_turn = applying_.epoch != before && !applying_.is_rollback;
      if (turns && is_turn) Applied({});
    }
  }

  bool CandidateInForce() const {
    for (const Change& change : trial_.change_set.changes) {
      auto found = machine_->values().find(change.key);
      if (found != machine_->values().end() && found->second == change.before) {
        return false;
      }
    }
    return true;
  }

  void Advise(const Words& words) {
    event::AdviceArrived arrived;
    arrived.consultation = consultation_;
    if (words[0] == "converged") {
      arrived.advice.converged = true;
      arrived.advice.why = absl::StrJoin(words.begin() + 1, words.end(), " ");
    } else {
      arrived.advice.proposal =
          Proposal{ProposalSource::kExpert, "advice", Changes(words)};
    }
    Send(arrived);
  }

  static std::vector<ProposedChange> Changes(const Words& words) {
    std::vector<ProposedChange> changes;
    for (const std::string& word : words) {
      const auto [name, value] = Split(word);
      changes.push_back({name, "", value, "because", ""});
    }
    return changes;
  }

  // The database takes what the last ApplyValues asked, unless told otherwise.
  void Applied(const Words& words) {
    event::ApplyFinished finished;
    finished.epoch = applying_.epoch;
    const std::string how = words.empty() ? "" : words[0];
    if (how == "refused" || how == "unavailable" || how == "partial") {
      finished.report.outcome =
          how == "partial" ? ApplyOutcome::kPartial : ApplyOutcome::kRefused;
      finished.report.status =
          how == "unavailable" ? absl::UnavailableError("writes are stopped")
                               : absl::InvalidArgumentError("no");
    } else {
      finished.report.outcome = ApplyOutcome::kApplied;
      for (const Change& change : applying_.change_set.changes) {
        finished.report.values.push_back(
            {change.key, change.before, change.after, change.after});
      }
      if (how == "found") {  // set by the host just before the call
        const auto [name, value] = Split(words[1]);
        for (ReadBackValue& read : finished.report.values) {
          if (read.key.name == name) read.before = value;
        }
      }
      if (how == "keeps") {
        const auto [name, value] = Split(words[1]);
        finished.report.not_restorable.push_back(
            {KeyOf(name), value, "0", value});
      }
    }
    Send(finished);
  }

  void GiveCommand(const Words& words) {
    static const std::map<std::string, CommandKind> kKinds = {
        {"freeze", CommandKind::kFreeze},
        {"resume", CommandKind::kResume},
        {"mode", CommandKind::kMode},
        {"rollback", CommandKind::kRollback},
        {"propose", CommandKind::kPropose},
        {"approve", CommandKind::kApprove},
        {"reject", CommandKind::kReject},
        {"pin", CommandKind::kPin},
        {"unpin", CommandKind::kUnpin}};
    event::CommandGiven given;
    given.ticket = 1;
    given.command.uid = 1000;
    given.command.kind = kKinds.at(words[0]);
    const std::string argument = words.size() > 1 ? words[1] : "";
    switch (given.command.kind) {
      case CommandKind::kMode:
        given.command.mode = argument == "observe"   ? TuningMode::kObserve
                             : argument == "approve" ? TuningMode::kApprove
                                                     : TuningMode::kAuto;
        break;
      case CommandKind::kRollback:
        given.command.rollback_to = argument;
        break;
      case CommandKind::kPropose:
        given.command.changes = Changes({words.begin() + 1, words.end()});
        break;
      case CommandKind::kPin:
      case CommandKind::kUnpin: {
        const auto [name, value] = Split(argument);
        given.command.pin = {name, "", false, value, value};
        break;
      }
      default:
        break;
    }
    Send(given);
  }

  MachineConfig config_;
  ProcessState process_{uint64_t{8} << 30};
  std::optional<TuningMachine> machine_;
  absl::Time now_ = kStart;
  uint64_t number_ = 0;
  uint64_t tickets_ = 0;
  uint64_t consultation_ = 0;
  action::ApplyValues applying_;
  Trial trial_;  // the latest one
  std::string out_;
};

}  // namespace

std::string RunScenario(absl::string_view text) {
  Story story;
  std::string result;
  bool skipping = false;  // the expectation of the step before
  for (absl::string_view raw : absl::StrSplit(text, '\n')) {
    const std::string line(absl::StripTrailingAsciiWhitespace(raw));
    if (skipping) {
      skipping = !line.empty();
      if (!skipping) result += "\n";
      continue;
    }
    absl::StrAppend(&result, line, "\n");
    if (line.empty() || line[0] == '#') continue;
    absl::StrAppend(&result, "----\n", story.Step(line));
    skipping = true;
  }
  while (absl::EndsWith(result, "\n\n")) result.pop_back();
  return result;
}

}  // namespace rocktune
