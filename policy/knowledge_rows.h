// The knowledge table itself: what we know about each option, as rows.
// Adding an option is one row here and one row in its test.
#ifndef ROCKTUNE_POLICY_KNOWLEDGE_ROWS_H_
#define ROCKTUNE_POLICY_KNOWLEDGE_ROWS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "policy/catalogue.h"

namespace rocktune {

// A bound: a plain number, or a number times what the host has.
struct Bound {
  enum class Of { kPlain, kCores, kMemory };
  // NOLINTNEXTLINE(google-explicit-constructor): rows write plain numbers.
  constexpr Bound(double number = 0) : value(number) {}
  constexpr Bound(double number, Of what, double floor)
      : value(number), of(what), at_least(floor) {}

  double value = 0;
  Of of = Of::kPlain;
  // A host's bound is never less than this (a tiny host still needs room).
  double at_least = 0;
};

constexpr Bound CoresTimes(double factor, double at_least) {
  return Bound(factor, Bound::Of::kCores, at_least);
}
constexpr Bound MemoryTimes(double factor, double at_least) {
  return Bound(factor, Bound::Of::kMemory, at_least);
}

// What may stand beside [min, max].
enum class Beside { kNothing, kZero, kMinusOne };

struct KnowledgeRow {
  absl::string_view name;
  OptionClass option_class = OptionClass::kApproveOnly;
  OptionUnit unit = OptionUnit::kNone;
  Bound min;
  Bound max;
  Beside beside = Beside::kNothing;
  double max_step_factor = 0;  // advisors only; 0: no limit on a step
  absl::string_view meaning;
  absl::string_view why_class;  // approve-only and forbidden rows
};

// A number that advisors may choose.
constexpr KnowledgeRow Open(OptionClass option_class, absl::string_view name,
                            OptionUnit unit, Bound min, Bound max, double step,
                            absl::string_view meaning,
                            Beside beside = Beside::kNothing) {
  return {name, option_class, unit, min, max, beside, step, meaning, ""};
}
// A number that only an operator may propose.
constexpr KnowledgeRow Approve(absl::string_view name, OptionUnit unit,
                               Bound min, Bound max, absl::string_view meaning,
                               absl::string_view why,
                               Beside beside = Beside::kNothing) {
  return {name, OptionClass::kApproveOnly, unit, min, max, beside, 0, meaning,
          why};
}
// A boolean or one word of a set.
constexpr KnowledgeRow Word(OptionClass option_class, absl::string_view name,
                            absl::string_view meaning,
                            absl::string_view why = "") {
  return {name,    option_class, OptionUnit::kNone, 0, 0, Beside::kNothing, 0,
          meaning, why};
}
constexpr KnowledgeRow Forbidden(absl::string_view name,
                                 absl::string_view meaning,
                                 absl::string_view why) {
  return Word(OptionClass::kForbidden, name, meaning, why);
}

inline constexpr double kKibibyte = 1024.0;
inline constexpr double kMebibyte = 1024 * kKibibyte;
inline constexpr double kGibibyte = 1024 * kMebibyte;
inline constexpr double kTebibyte = 1024 * kGibibyte;

// Bounds and steps are guesses, generous where a trial can tell and nothing
// can break, narrow where a value can stall or fill the host; measured trials
// would replace them. Floors that RocksDB cannot live below are facts and say
// so in relations.cc or beside the row.
absl::Span<const KnowledgeRow> FamilyKnowledge();    // column family
absl::Span<const KnowledgeRow> DatabaseKnowledge();  // DB-wide, live objects
absl::Span<const KnowledgeRow> TableKnowledge();     // block-based table

// Where a restart is free: what is immutable online, and what stands above and
// is another matter offline.
absl::Span<const KnowledgeRow> OfflineFamilyKnowledge();
absl::Span<const KnowledgeRow> OfflineDatabaseKnowledge();
absl::Span<const KnowledgeRow> OfflineTableKnowledge();

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_KNOWLEDGE_ROWS_H_
