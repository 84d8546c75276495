// The expert's rules as rows of a table. Adding one is a row here and a row
// in the test.
#ifndef ROCKTUNE_POLICY_EXPERT_RULES_H_
#define ROCKTUNE_POLICY_EXPERT_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "policy/expert_view.h"
#include "policy/proposal.h"

namespace rocktune {

// What a rule has to say. At most four changes, one idea.
struct Symptom {
  double strength = 0;  // how much there may be to gain: 0.1 little, 1 much
  std::string summary;  // one line with the numbers seen
  std::vector<ProposedChange> changes;
};

struct ExpertRule {
  const char* name;
  const char* source;  // where the advice comes from
  // nullopt: does not apply. A symptom whose changes all came to nothing is
  // no symptom.
  std::optional<Symptom> (*look)(const ExpertView& view);
};

// Caches and what a read costs; memtables, stalls, compaction.
absl::Span<const ExpertRule> ReadRules();
absl::Span<const ExpertRule> WriteRules();
// What needs a restart; asked offline only.
absl::Span<const ExpertRule> OfflineRules();

// 0 = no scans.
double EntriesPerScan(const ExpertView& view);

// Busier cores have nothing left for more background work: it would take from
// reads and writes. A guess.
inline constexpr double kCpuForJobs = 0.85;

// A memtable that lasts as long takes in most of what is soon overwritten, and
// its flush does not follow upon the last one. A guess.
inline constexpr double kMemtableSeconds = 30;

// expert_wishes.cc: what several rules wish for. Each goes straight to what
// the host has; calibration limits the step.
//
// More background work, as far as there are cores for it: two jobs above the
// cores, because jobs also wait for the device.
void WishMoreJobs(const ExpertView& view, Symptom* symptom);
// More threads for one compaction, up to the cores.
void WishMoreSubcompactions(const ExpertView& view, Symptom* symptom);
// Memtables `factor` times as large, as far as the memory budget goes.
void WishLargerMemtables(const ExpertView& view, double factor,
                         Symptom* symptom);
// Multiplies a limit, when it is one (0 switches the pending limits off).
void WishTimes(const ExpertView& view, absl::string_view option, double factor,
               const std::string& effect, Symptom* symptom);

// Adds the change when there is one.
inline void Add(std::optional<ProposedChange> change, Symptom* symptom) {
  if (change) symptom->changes.push_back(*std::move(change));
}

inline std::optional<Symptom> NotEmpty(Symptom symptom) {
  if (symptom.changes.empty()) return std::nullopt;
  return symptom;
}

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_EXPERT_RULES_H_
