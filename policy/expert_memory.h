// What the expert remembers of its own trials under the present load.
#ifndef ROCKTUNE_POLICY_EXPERT_MEMORY_H_
#define ROCKTUNE_POLICY_EXPERT_MEMORY_H_

#include <map>
#include <string>
#include <vector>

#include "policy/expert_view.h"
#include "policy/proposal.h"
#include "policy/trial.h"

namespace rocktune {

// Moves are remembered by option and direction ("write_buffer_size+"), because
// what was of no use at one value is of none at the next one. Not thread-safe.
class ExpertMemory {
 public:
  // The move that `changes` would be: sorted, one word for each option.
  static std::string MoveOf(const std::vector<ProposedChange>& changes,
                            const ExpertView& view);

  // A move that failed, or that was proposed twice and never tried (vetting
  // or an operator refused it), is not to be proposed again.
  bool Blocked(const std::string& move) const;
  // Whether its last trial did harm. That speaks against a step of that size,
  // not against the direction: half the step is worth one trial, as a move of
  // its own (HalfOf).
  bool Overshot(const std::string& move) const;
  static std::string HalfOf(const std::string& move) { return move + " half"; }
  // Whether the last trial of the move was not kept, for whatever reason.
  bool Failed(const std::string& move) const;
  // Whether it did nothing worth keeping together with others: `move` is of
  // one option.
  bool InVain(const std::string& move) const;
  // Whether it was kept.
  bool Helped(const std::string& move) const;
  // Whether any trial of it was.
  bool EverHelped(const std::string& move) const;

  // `summary` is how a trial's verdict finds the move again.
  void Proposed(const std::string& move, const std::string& summary);
  // A verdict, possibly a second one (an operator took back what was kept).
  // Trials of others are ignored. A large gain moves the bottleneck: it takes
  // back what was merely of no use before. Returns whether it was ours.
  bool Learn(const Trial& trial);
  // A verdict on somebody else's trial, a model's: directions it kept count as
  // ones that helped, the first of them as the last move, so that the search
  // goes on from there; a single option it failed with is not tried again.
  void LearnFrom(const Trial& trial);
  void Clear();

  const std::string& last_move() const { return last_move_; }
  int kept() const { return kept_; }
  int failed() const { return failed_; }

 private:
  struct Record {
    Verdict verdict = Verdict::kOpen;  // of the last trial
    int unanswered = 0;                // proposals without a trial
    int doubtful = 0;                  // trials that ended without numbers
    bool ever_kept = false;
    bool overshot = false;
  };

  std::map<std::string, Record> records_;
  std::map<std::string, std::string> moves_by_summary_;
  std::string last_move_;
  int kept_ = 0;
  int failed_ = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_EXPERT_MEMORY_H_
