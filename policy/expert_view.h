// What the expert's rules look at: the recent windows joined into rates and
// shares, and the options an advisor may move, with their values in force.
#ifndef ROCKTUNE_POLICY_EXPERT_VIEW_H_
#define ROCKTUNE_POLICY_EXPERT_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "policy/advisor.h"
#include "policy/objective.h"

namespace rocktune {

struct ExpertViewConfig {
  int windows = 15;            // that are looked at, newest last
  double memory_share = 0.95;  // of the budget that may be filled
};

// A wish to set one option to a number, with why and what for.
struct Wish {
  absl::string_view option;
  double value = 0;
  std::string reason;
  std::string expected_effect;
};

// Made anew for each piece of advice. `input` must outlive it. Numbers that
// cannot be had are 0. "Main family": the column family with the most data.
class ExpertView {
 public:
  ExpertView(const AdvisorInput& input, const ExpertViewConfig& config);

  // The value in force of an option that an advisor may change here: in the
  // catalogue, of an open class, not denied or fixed by the operator. Of a
  // column-family option, the main family's.
  std::optional<std::string> Text(absl::string_view option) const;
  std::optional<double> Number(absl::string_view option) const;

  // The value in force of any option, open or not; empty when there is none.
  std::string InForce(absl::string_view option) const;

  // The change nearest to the wish that bounds, largest step and pins allow;
  // nullopt when the option is closed or would move by less than 5 %.
  std::optional<ProposedChange> Move(const Wish& wish) const;
  // The same for words ("kLZ4Compression", "true"); an enum must have them.
  std::optional<ProposedChange> Say(absl::string_view option,
                                    absl::string_view word,
                                    std::string reason) const;

  // What the hit ratio of the block cache gains with a capacity of `bytes`,
  // by the miss-ratio curve of the latest trace; nullopt when it cannot say.
  std::optional<double> PredictedHitGain(double bytes) const;

  // Whether nearly all jobs that may compact do (a quarter of the jobs are
  // flushes).
  bool CompactionIsBusy() const;

  // Memtables of the present size that all families may hold in memory.
  double MemtableCopies() const;

  // Per second, per operation.
  double Rate(Ticker ticker) const { return PerSecond(window.ticker(ticker)); }
  double PerSecond(uint64_t count) const;
  double PerOperation(double count) const;

  // All windows looked at as one; its end is the newest one's.
  Window window;
  OpMix mix;
  double seconds = 0;
  double reads = 0;  // get and multiget, part of the operations
  double writes = 0;
  double seeks = 0;
  // Block cache misses of the host's own reads (compaction's taken off, as
  // far as its bytes tell), and what part of the lookups missed.
  double cache_misses = 0;
  double cache_miss_ratio = 0;
  double stall_share = 0;
  double cpu_share = 0;  // of all usable cores, 0..1
  double l0_files = 0;   // main family, mean over the windows
  // What a file that comes to its level 0 holds: of the files there; while
  // there are none, a memtable's worth.
  double l0_file_bytes = 0;
  uint64_t immutable_memtables = 0;  // most in any window and family
  int64_t pending_growth_bytes = 0;  // pending compaction, last - first
  uint64_t pending_bytes = 0;        // most in any window and family
  double running_compactions = 0;    // mean
  uint64_t data_bytes = 0;           // files of all families
  uint64_t table_reader_bytes = 0;   // index and filters outside the cache
  uint64_t memory_bytes = 0;         // of the host
  bool is_offline = false;           // see TuningSetting
  int cores = 1;
  int families = 1;
  // What may still be committed under the memory budget.
  uint64_t room_bytes = 0;

 private:
  const CatalogueRow* OpenRow(absl::string_view option) const;
  // Where the value is, or null. The main family's before others'.
  const OptionValues::value_type* Find(const std::string& option) const;
  std::string TargetFamily(const CatalogueRow& row, const OptionKey& key) const;
  void ReadShape(absl::Span<const Window> windows);
  void ReadCache();
  void ReadMemory(double memory_share);

  const CalibrationContext& context_;
  const MissRatioCurve* curve_ = nullptr;  // of the main family's cache
  std::string main_family_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_EXPERT_VIEW_H_
