// The expert's rules as rows of a table. Adding one is a row here and a row
// in the test.
#ifndef ROCKTUNE_POLICY_EXPERT_RULES_H_
#define ROCKTUNE_POLICY_EXPERT_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "policy/proposal.h"
#include "policy/situation.h"

namespace rocktune {

// What a rule has to say. At most four changes, one idea.
struct Finding {
  double strength = 0;  // how much there may be to gain: 0.1 little, 1 much
  std::string summary;  // one line with the numbers seen
  std::vector<ProposedChange> changes;
};

struct ExpertRule {
  const char* name;
  const char* source;  // where the advice comes from
  // nullopt: does not apply. A finding whose changes all came to nothing is
  // no finding.
  std::optional<Finding> (*look)(const Situation& situation);
};

// Caches and what a read costs; memtables, stalls, compaction.
absl::Span<const ExpertRule> ReadRules();
absl::Span<const ExpertRule> WriteRules();

// Adds the change when there is one.
inline void Add(std::optional<ProposedChange> change, Finding* finding) {
  if (change) finding->changes.push_back(*std::move(change));
}

inline std::optional<Finding> NotEmpty(Finding finding) {
  if (finding.changes.empty()) return std::nullopt;
  return finding;
}

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_EXPERT_RULES_H_
