#include "policy/expert_memory.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace rocktune {
namespace {

constexpr int kMaxUnanswered = 2;
constexpr size_t kMaxSummaries = 256;
// Inconclusive and aborted trials say little: one more try.
constexpr int kMaxDoubtful = 2;
// From this gain on the bottleneck is taken to be another one. A guess.
constexpr double kLargeGain = 0.2;

std::string OneMove(const std::string& option, std::optional<double> before,
                    const std::string& value) {
  double after = 0;
  if (!before || !absl::SimpleAtod(value, &after)) {
    return absl::StrCat(option, "=", value);
  }
  return absl::StrCat(option, after > *before ? "+" : "-");
}

std::optional<double> NumberOf(const std::string& text) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number)) return std::nullopt;
  return number;
}

}  // namespace

std::string ExpertMemory::MoveOf(const std::vector<ProposedChange>& changes,
                                 const ExpertView& view) {
  std::vector<std::string> moves;
  moves.reserve(changes.size());
  for (const ProposedChange& change : changes) {
    moves.push_back(
        OneMove(change.option, view.Number(change.option), change.value));
  }
  std::sort(moves.begin(), moves.end());
  return absl::StrJoin(moves, " ");
}

bool ExpertMemory::Blocked(const std::string& move) const {
  const auto found = records_.find(move);
  if (found == records_.end()) return false;
  const Record& record = found->second;
  return record.unanswered >= kMaxUnanswered ||
         record.doubtful >= kMaxDoubtful ||
         record.verdict == Verdict::kRegressed ||
         record.verdict == Verdict::kNoGain;
}

bool ExpertMemory::Overshot(const std::string& move) const {
  const auto found = records_.find(move);
  return found != records_.end() && found->second.overshot;
}

bool ExpertMemory::Failed(const std::string& move) const {
  const auto found = records_.find(move);
  return found != records_.end() && found->second.verdict != Verdict::kOpen &&
         found->second.verdict != Verdict::kKept;
}

bool ExpertMemory::InVain(const std::string& move) const {
  return std::any_of(records_.begin(), records_.end(), [&](const auto& entry) {
    if (entry.second.verdict != Verdict::kNoGain) return false;
    const std::vector<std::string> moves = absl::StrSplit(entry.first, ' ');
    return std::find(moves.begin(), moves.end(), move) != moves.end();
  });
}

bool ExpertMemory::Helped(const std::string& move) const {
  const auto found = records_.find(move);
  return found != records_.end() && found->second.verdict == Verdict::kKept;
}

bool ExpertMemory::EverHelped(const std::string& move) const {
  const auto found = records_.find(move);
  return found != records_.end() && found->second.ever_kept;
}

void ExpertMemory::Proposed(const std::string& move,
                            const std::string& summary) {
  // Old proposals have had their verdicts.
  if (moves_by_summary_.size() >= kMaxSummaries) moves_by_summary_.clear();
  moves_by_summary_[summary] = move;
  last_move_ = move;
  ++records_[move].unanswered;
}

bool ExpertMemory::Learn(const Trial& trial) {
  const auto found = moves_by_summary_.find(trial.summary);
  if (trial.source != ProposalSource::kExpert ||
      trial.verdict == Verdict::kOpen || found == moves_by_summary_.end()) {
    return false;
  }
  Record& record = records_[found->second];
  // A second verdict is somebody's who took back what was kept: final.
  record.overshot =
      trial.verdict == Verdict::kRegressed && record.unanswered > 0;
  record.unanswered = 0;
  record.verdict = trial.verdict;
  if (trial.verdict == Verdict::kInconclusive ||
      trial.verdict == Verdict::kAborted) {
    ++record.doubtful;
  }
  if (trial.verdict != Verdict::kKept) {
    ++failed_;
    return true;
  }
  ++kept_;
  record.doubtful = 0;
  record.ever_kept = true;
  if (trial.effect.mean < kLargeGain) return true;
  for (auto& [move, old] : records_) {
    if (old.verdict == Verdict::kRegressed) continue;
    old.doubtful = 0;
    old.unanswered = 0;
    if (old.verdict != Verdict::kKept) old.verdict = Verdict::kOpen;
  }
  return true;
}

void ExpertMemory::LearnFrom(const Trial& trial) {
  const bool kept = trial.verdict == Verdict::kKept;
  if (!kept && trial.change_set.changes.size() != 1) return;  // whose fault?
  for (const Change& change : trial.change_set.changes) {
    const std::string move =
        OneMove(change.key.name, NumberOf(change.before), change.after);
    Record& record = records_[move];
    record.verdict = trial.verdict;
    record.overshot = trial.verdict == Verdict::kRegressed;
    record.ever_kept = record.ever_kept || kept;
    if (kept && &change == &trial.change_set.changes.front()) {
      last_move_ = move;
    }
  }
}

void ExpertMemory::Clear() { *this = ExpertMemory(); }

}  // namespace rocktune
