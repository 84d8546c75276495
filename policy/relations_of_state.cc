#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "policy/relations.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

constexpr double kMebibyteOfState = 1024.0 * 1024;
// Margins above the present state: guesses, about what a busy second adds.
constexpr double kL0Margin = 4;
constexpr double kPendingMargin = 1.25;

// FIFO compaction deletes what is too old or too much.
constexpr absl::string_view kFifo = "kCompactionStyleFIFO";
// Under FIFO Open sets the L0 triggers to INT_MAX.
constexpr double kAsGoodAsInfinite = 1e9;

bool MayBeFifo(const Situation& at) {
  return at.family->compaction_style == kFifo ||
         at.family->compaction_style.empty();
}

double L0Files(const Situation& at) {
  if (at.shape == nullptr || at.shape->levels.empty()) return 0;
  return static_cast<double>(at.shape->levels[0].files);
}

Breach ShapeUnknown(absl::string_view option) {
  return Breach{absl::StrCat("lowering ", option,
                             " may stall writes, and nothing is known yet of "
                             "what waits; propose it again later"),
                "", 0};
}

// Lowering `option` to the present count or size and below would delay or stop
// writes at once.
std::optional<Breach> LoweredAbove(const Situation& at,
                                   absl::string_view option, double floor,
                                   absl::string_view what) {
  const std::optional<double> value = at.Now(option);
  if (!at.IsLowered(option) || !value) return std::nullopt;
  if (at.shape == nullptr) return ShapeUnknown(option);
  if (*value >= floor) return std::nullopt;
  return Breach{absl::StrCat(option, " = ", FormatDouble(*value),
                             " would stall writes now: ", what),
                std::string(option), floor};
}

std::optional<Breach> SlowdownAboveL0(const Situation& at) {
  const double files = L0Files(at);
  return LoweredAbove(at, "level0_slowdown_writes_trigger", files + kL0Margin,
                      absl::StrCat("L0 holds ", files, " files"));
}

std::optional<Breach> StopAboveL0(const Situation& at) {
  const double files = L0Files(at);
  return LoweredAbove(at, "level0_stop_writes_trigger", files + 2 * kL0Margin,
                      absl::StrCat("L0 holds ", files, " files"));
}

// Compactions that were off left the files that the triggers now count.
std::optional<Breach> L0FitsWhenCompactionReturns(const Situation& at) {
  const std::optional<double> stop = at.Now("level0_stop_writes_trigger");
  if (!at.IsChanged("disable_auto_compactions") || !stop) return std::nullopt;
  const double files = L0Files(at);
  if (*stop > files) return std::nullopt;
  return Breach{absl::StrCat("L0 holds ", files,
                             " files and level0_stop_writes_trigger is ", *stop,
                             ": writes would stop at once"),
                "", 0};
}

// A limit that was 0 did not count; any number lowers it.
std::optional<Breach> PendingAbove(const Situation& at,
                                   absl::string_view option, double margin) {
  const std::optional<double> now = at.Now(option);
  if (!now || *now == 0 || !at.IsChanged(option)) return std::nullopt;
  const double before = at.Before(option).value_or(0);
  if (before != 0 && *now >= before) return std::nullopt;
  if (at.shape == nullptr) return ShapeUnknown(option);
  const double pending =
      static_cast<double>(at.shape->pending_compaction_bytes);
  const double floor = pending * margin;
  if (*now >= floor) return std::nullopt;
  return Breach{absl::StrCat(option, " = ", FormatWhole(*now),
                             " would stall writes now: ", FormatWhole(pending),
                             " bytes wait for compaction"),
                std::string(option), floor};
}

std::optional<Breach> SoftAbovePending(const Situation& at) {
  return PendingAbove(at, "soft_pending_compaction_bytes_limit",
                      kPendingMargin);
}

std::optional<Breach> HardAbovePending(const Situation& at) {
  return PendingAbove(at, "hard_pending_compaction_bytes_limit",
                      kPendingMargin * kPendingMargin);
}

std::optional<Breach> MemtablesAboveImmutable(const Situation& at) {
  const double waiting =
      at.shape == nullptr ? 0
                          : static_cast<double>(at.shape->immutable_memtables);
  return LoweredAbove(at, "max_write_buffer_number", waiting + 2,
                      absl::StrCat(waiting, " memtables wait for their flush"));
}

std::optional<Breach> NotUnderFifo(const Situation& at) {
  if (!MayBeFifo(at)) return std::nullopt;
  return Breach{
      "ages and switches of compaction delete data under FIFO, and "
      "this column family " +
          std::string(at.family->compaction_style == kFifo ? "uses it"
                                                           : "may use it"),
      "", 0};
}

std::optional<Breach> L0TriggersNotUnderFifo(const Situation& at) {
  const double before = at.Before("level0_slowdown_writes_trigger").value_or(0);
  if (at.family->compaction_style != kFifo && before < kAsGoodAsInfinite) {
    return std::nullopt;
  }
  return Breach{
      "under FIFO all files are in L0 for good: a trigger would "
      "stop writes for ever",
      "", 0};
}

// A cache with a strict limit fails reads when what is pinned fills it.
std::optional<Breach> CacheAbovePinned(const Situation& at) {
  const char* const option = "block_cache.capacity";
  const std::optional<double> capacity = at.Now(option);
  if (!capacity || !at.IsLowered(option)) return std::nullopt;
  double pinned = 0;
  for (const CacheShape& cache : at.draft->context().window->caches) {
    if (cache.column_family.empty() || cache.column_family == at.family->name) {
      pinned = std::max(pinned, static_cast<double>(cache.pinned_bytes));
    }
  }
  if (*capacity >= 2 * pinned) return std::nullopt;
  return Breach{absl::StrCat(option, " = ", FormatWhole(*capacity),
                             " leaves little beside the ", FormatWhole(pinned),
                             " bytes pinned in the cache"),
                option, 2 * pinned};
}

// FIFO with an age needs every file open.
std::optional<Breach> AllFilesOpenUnderFifo(const Situation& at) {
  if (!MayBeFifo(at) || at.Now("max_open_files") == -1.0) return std::nullopt;
  return Breach{
      "max_open_files must be -1 where FIFO compaction with ttl is "
      "or may be in use",
      "", 0};
}

std::optional<Breach> JobsCount(const Situation& at) {
  const double compactions = at.Now("max_background_compactions").value_or(-1);
  const double flushes = at.Now("max_background_flushes").value_or(-1);
  if (compactions == -1 && flushes == -1) return std::nullopt;
  return Breach{
      "max_background_jobs has no effect while "
      "max_background_compactions or max_background_flushes is set",
      "", 0};
}

// Setting back to 0 is quietly made 1 MiB.
std::optional<Breach> SyncNotZero(const Situation& at) {
  if (at.Now("bytes_per_sync") != 0.0) return std::nullopt;
  return Breach{"RocksDB cannot set bytes_per_sync to 0 online", "", 0};
}

// A disabled manager cannot be disabled again: that aborts the host.
std::optional<Breach> ManagerWasOn(const Situation& at) {
  if (at.Before("write_buffer_manager.buffer_size").value_or(0) > 0) {
    return std::nullopt;
  }
  return Breach{
      "the write buffer manager is off; switching it on could not "
      "be taken back",
      "", 0};
}

// With less than two arena blocks a family, memtables without data hold all
// of it and the flushes that it forces free nothing.
std::optional<Breach> ManagerHoldsFamilies(const Situation& at) {
  const char* const option = "write_buffer_manager.buffer_size";
  const std::optional<double> size = at.Now(option);
  const double arena =
      std::max(at.Now("arena_block_size").value_or(0), kMebibyteOfState);
  const double families =
      static_cast<double>(at.draft->context().database->column_families.size());
  const double floor = 2 * arena * std::max(families, 1.0);
  if (!size || *size <= 0 || *size >= floor) return std::nullopt;
  return Breach{absl::StrCat(option, " = ", FormatWhole(*size),
                             " is too little for the memtables of ", families,
                             " column families"),
                option, floor};
}

}  // namespace

const std::vector<Relation>& StateRelations() {
  constexpr bool kOnlyOnline = true;
  static const auto* const kRelations = new std::vector<Relation>{
      {"slowdown_below_l0",
       "kept_slowdown_above_l0",
       {"level0_slowdown_writes_trigger"},
       SlowdownAboveL0,
       kOnlyOnline},
      {"stop_below_l0",
       "kept_stop_above_l0",
       {"level0_stop_writes_trigger"},
       StopAboveL0,
       kOnlyOnline},
      {"stop_below_l0",
       "",
       {"disable_auto_compactions"},
       L0FitsWhenCompactionReturns,
       kOnlyOnline},
      {"soft_limit_below_pending",
       "kept_soft_limit_above_pending",
       {"soft_pending_compaction_bytes_limit"},
       SoftAbovePending,
       kOnlyOnline},
      {"hard_limit_below_pending",
       "kept_hard_limit_above_pending",
       {"hard_pending_compaction_bytes_limit"},
       HardAbovePending,
       kOnlyOnline},
      {"write_buffers_in_use",
       "kept_write_buffers_in_use",
       {"max_write_buffer_number"},
       MemtablesAboveImmutable,
       kOnlyOnline},
      {"forbidden_under_fifo",
       "",
       {"ttl", "periodic_compaction_seconds", "disable_auto_compactions"},
       NotUnderFifo},
      {"forbidden_under_fifo",
       "",
       {"level0_slowdown_writes_trigger", "level0_stop_writes_trigger"},
       L0TriggersNotUnderFifo},
      {"cache_below_pinned",
       "kept_cache_above_pinned",
       {"block_cache.capacity"},
       CacheAbovePinned,
       kOnlyOnline},
      {"files_must_stay_open", "", {"max_open_files"}, AllFilesOpenUnderFifo},
      {"has_no_effect", "", {"max_background_jobs"}, JobsCount},
      {"cannot_be_zero", "", {"bytes_per_sync"}, SyncNotZero, kOnlyOnline},
      {"cannot_be_restored",
       "",
       {"write_buffer_manager.buffer_size"},
       ManagerWasOn,
       kOnlyOnline},
      {"manager_below_memtables",
       "raised_write_buffer_manager",
       {"write_buffer_manager.buffer_size", "arena_block_size"},
       ManagerHoldsFamilies},
  };
  return *kRelations;
}

}  // namespace rocktune
