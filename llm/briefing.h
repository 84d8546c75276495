// What a model may know of one database: numbers, and words from closed sets.
// No field can hold a name, a path or any other text of the host, so none can
// reach a prompt. Plain data without pointers into what it was made from: it
// may be handed to another thread.
#ifndef ROCKTUNE_LLM_BRIEFING_H_
#define ROCKTUNE_LLM_BRIEFING_H_

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "llm/briefing_words.h"
#include "llm/reply_issue.h"
#include "policy/advisor.h"
#include "policy/limits.h"
#include "policy/objective.h"
#include "policy/workload_profile.h"

namespace rocktune {

// More of each is left out; the prompt says so.
inline constexpr int kMostBriefedOptions = 128;
inline constexpr int kMostBriefedFamilies = 32;  // the first, by id
inline constexpr int kMostBriefedTrials = 64;    // the latest
inline constexpr int kMostBriefedNotes = 16;
inline constexpr int kMostBriefedWindows = 60;  // the latest

// A catalogue row that a model may touch.
struct BriefedOption {
  CatalogueWord name;
  OptionScope scope = OptionScope::kColumnFamily;
  OptionType type = OptionType::kUint;
  OptionClass option_class = OptionClass::kInstant;
  OptionUnit unit = OptionUnit::kNone;
  double min = 0;
  double max = 0;
  bool allows_minus_one = false;
  bool allows_zero = false;
  double max_step_factor = 0;  // as CatalogueRow
  std::optional<BriefedValue> default_value;
  std::vector<CatalogueWord> words;  // enums only
  std::optional<CatalogueWord> meaning;
  // In force, by family; kEveryFamily for the whole database.
  std::vector<std::pair<int, BriefedValue>> values;
};

// Words are of the tables in briefing_words.h; 0 of a version: unknown.
struct BriefedHost {
  int cores = 1;
  std::optional<double> cgroup_cpus;
  uint64_t usable_memory_bytes = 0;
  uint64_t memory_budget_bytes = 0;  // of all databases; 0: none
  uint64_t memory_of_others_bytes = 0;
  uint64_t committed_bytes = 0;  // by this database's values
  std::optional<bool> rotational;
  absl::string_view filesystem = "other";
  absl::string_view scheduler = "other";
  std::array<int, 3> rocksdb_version{};
  std::optional<DeviceFacts> device;
};

struct BriefedFamily {
  absl::string_view compaction_style = "unknown";
  int min_write_buffer_number_to_merge = 1;
  // At the end of the latest window.
  std::vector<LevelShape> levels;
  uint64_t immutable_memtables = 0;
  uint64_t memtable_bytes = 0;
  uint64_t pending_compaction_bytes = 0;
  uint64_t table_reader_bytes = 0;
  uint64_t keys = 0;
  uint64_t bytes = 0;  // of its files
  // Of the profile.
  std::optional<double> space_amplification;
  std::optional<double> read_share;
  std::optional<double> miss_share;
};

struct BriefedCache {
  int family = kEveryFamily;
  uint64_t capacity_bytes = 0;
  uint64_t usage_bytes = 0;
  uint64_t pinned_bytes = 0;
  // What a trace says of other sizes; may be empty.
  std::vector<MissRatioCurve::Point> curve;
};

// The recent windows joined (see Pool); the fields are Window's.
struct BriefedLoad {
  int windows = 0;
  double length_s = 0;
  double least_ops_per_s = 0;  // of a window
  double most_ops_per_s = 0;
  std::array<OpStats, kOpKinds> ops;
  std::array<uint64_t, kTickers> tickers{};
  StallFacts stalls;
  double stall_share = 0;  // 0..1
  ProcessFacts process;
  double running_compactions = 0;  // mean
  bool has_tickers = false;
  bool has_latencies = false;
  bool saturated = false;
  std::vector<BriefedCache> caches;
};

struct BriefedProfile {
  std::array<std::optional<double>, kProfileDimensions> value;
  std::optional<double> burstiness;
  std::optional<ReadSources> sources;
  std::optional<double> cache_hit_ratio;
  std::optional<double> write_amplification;
  std::optional<double> read_amplification;
  std::optional<KeySkew> read_keys;
  std::optional<KeySkew> written_keys;
  std::optional<double> update_share;
};

struct BriefedChange {
  CatalogueWord option;
  OptionUnit unit = OptionUnit::kNone;
  int family = kEveryFamily;
  std::optional<BriefedValue> before;  // nullopt: cannot be said in numbers
  std::optional<BriefedValue> after;
};

struct BriefedTrial {
  int64_t id = 0;
  ProposalSource source = ProposalSource::kExpert;
  Verdict verdict = Verdict::kOpen;
  TrialDesign design = TrialDesign::kBeforeAfter;
  absl::string_view ended = "other";
  Effect effect;
  ArmSummary baseline;
  ArmSummary candidate;
  std::vector<BriefedChange> changes;  // by option and family
};

struct BriefedNote {
  NoteWord what;
  bool rejected = false;
  std::optional<CatalogueWord> option;  // nullopt: not of the catalogue
  OptionUnit unit = OptionUnit::kNone;
  int family = kEveryFamily;
  std::optional<BriefedValue> asked;
  std::optional<BriefedValue> given;
};

struct BriefedIssue {
  ReplyIssueCode code = ReplyIssueCode::kEmpty;
  std::optional<CatalogueWord> option;
  std::optional<CatalogueWord> nearest;  // what may have been meant
};

struct BriefedPin {
  CatalogueWord option;
  OptionUnit unit = OptionUnit::kNone;
  int family = kEveryFamily;
  bool denied = false;
  std::optional<BriefedValue> min;
  std::optional<BriefedValue> max;
};

struct BriefedLimit {
  absl::string_view quantity;  // of LimitQuantities()
  bool at_most = true;
  double bound = 0;  // us, bytes, ratio or ops/s
};

struct ModelBriefing {
  TuningSetting setting = TuningSetting::kOnline;
  std::vector<BriefedOption> options;  // by name
  BriefedHost host;
  ObjectiveKind objective = ObjectiveKind::kBalanced;
  std::vector<BriefedLimit> limits;
  double min_effect = 0.02;
  int max_changes = 4;
  BriefedLoad load;
  BriefedProfile profile;
  std::vector<BriefedFamily> families;  // by position
  std::vector<BriefedTrial> trials;     // oldest first
  std::vector<BriefedNote> notes;       // by option and family
  std::vector<BriefedIssue> issues;     // of the reply before, as they came
  std::vector<BriefedPin> pins;
  // What did not fit the limits above.
  int options_left_out = 0;
  int families_left_out = 0;
  int trials_left_out = 0;
  int notes_left_out = 0;
};

// What a briefing is made from; the spans and references outlive the call
// only. `notes`: what calibration said of the model's last proposal, `issues`:
// what the parser said of its last reply; both may be empty.
struct BriefingInput {
  const AdvisorInput& advisor;
  const WorkloadProfile& profile;
  ObjectiveKind objective = ObjectiveKind::kBalanced;
  absl::Span<const Limit> limits;
  double min_effect = 0.02;
  absl::Span<const CalibrationNote> notes;
  absl::Span<const ReplyIssue> issues;
};

// Never fails: what cannot be said in closed words is left out. Deterministic,
// and the same whatever the host's names are.
ModelBriefing BriefModel(const BriefingInput& input);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_BRIEFING_H_
