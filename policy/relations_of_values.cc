#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "policy/relations.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

std::string Text(double value) { return FormatDouble(value); }

// "a = 3 and b = 2".
std::string Both(absl::string_view a, double a_value, absl::string_view b,
                 double b_value) {
  return absl::StrCat(a, " = ", Text(a_value), " and ", b, " = ",
                      Text(b_value));
}

// `upper` must not be below `lower`; raising it to `mended` mends that.
std::optional<Breach> NotBelow(const Situation& at, absl::string_view upper,
                               absl::string_view lower,
                               double (*mended)(double lower)) {
  const std::optional<double> high = at.Now(upper);
  const std::optional<double> low = at.Now(lower);
  if (!high || !low || *high >= *low) return std::nullopt;
  return Breach{absl::StrCat(upper, " must not be below ", lower, ": ",
                             Both(upper, *high, lower, *low)),
                std::string(upper), mended(*low)};
}

// Aborts (assertion in the column family's stall arithmetic).
std::optional<Breach> SlowdownNotBelowTrigger(const Situation& at) {
  return NotBelow(at, "level0_slowdown_writes_trigger",
                  "level0_file_num_compaction_trigger",
                  [](double trigger) { return trigger; });
}

// Some files of room, so that writes are delayed before they stop.
std::optional<Breach> StopNotBelowSlowdown(const Situation& at) {
  return NotBelow(
      at, "level0_stop_writes_trigger", "level0_slowdown_writes_trigger",
      [](double slowdown) { return slowdown + std::max(4.0, slowdown / 4); });
}

// 0 is "no limit" for both: a soft limit without a hard one is fine.
std::optional<Breach> HardNotBelowSoft(const Situation& at) {
  const char* const hard = "hard_pending_compaction_bytes_limit";
  if (at.Now(hard) == 0.0) return std::nullopt;
  return NotBelow(at, hard, "soft_pending_compaction_bytes_limit",
                  [](double soft) { return soft * 1.25; });
}

// A memtable that is full with its first block aborts the host. Measured: the
// floor is about 0.4 arena blocks; 64 KiB is what Open enforces.
std::optional<Breach> WriteBufferHoldsArenaBlock(const Situation& at) {
  const std::optional<double> size = at.Now("write_buffer_size");
  const double arena = at.Now("arena_block_size").value_or(0);
  const double huge_page = at.Now("memtable_huge_page_size").value_or(0);
  if (!size) return std::nullopt;
  const double floor = std::max({64.0 * 1024, arena / 2, huge_page});
  if (*size >= floor) return std::nullopt;
  Breach breach;
  breach.message = absl::StrCat(
      "write_buffer_size must hold 64 KiB and half of arena_block_size: ",
      Both("write_buffer_size", *size, "arena_block_size", arena));
  if (at.IsChanged("arena_block_size") && !at.IsChanged("write_buffer_size")) {
    breach.option = "arena_block_size";
    breach.value = *size * 2;
  } else {
    breach.option = "write_buffer_size";
    breach.value = floor;
  }
  return breach;
}

// At or above 1 every memtable is born full; Open clamps to 0.25.
std::optional<Breach> MemtableBloomIsSmall(const Situation& at) {
  const char* const option = "memtable_prefix_bloom_size_ratio";
  const std::optional<double> ratio = at.Now(option);
  if (!ratio || (*ratio >= 0 && *ratio <= 0.25)) return std::nullopt;
  return Breach{
      absl::StrCat(option, " = ", Text(*ratio), " is outside 0 .. 0.25"),
      option, *ratio < 0 ? 0.0 : 0.25};
}

// With fewer, writes wait for a flush that waits for more memtables.
std::optional<Breach> MemtablesSufficeForAFlush(const Situation& at) {
  const char* const option = "max_write_buffer_number";
  const std::optional<double> number = at.Now(option);
  const double merged =
      at.Now("min_write_buffer_number_to_merge")
          .value_or(at.family->min_write_buffer_number_to_merge);
  const double floor = std::max(2.0, merged + 1.0);
  if (!number || *number >= floor) return std::nullopt;
  return Breach{
      absl::StrCat(option, " = ", Text(*number), " is below ", Text(floor),
                   "; ", merged, " memtables are merged in a flush"),
      option, floor};
}

std::optional<Breach> TargetFileFitsLevelBase(const Situation& at) {
  const char* const file = "target_file_size_base";
  const char* const base = "max_bytes_for_level_base";
  const std::optional<double> file_size = at.Now(file);
  const std::optional<double> base_size = at.Now(base);
  if (!file_size || !base_size || *file_size <= *base_size) {
    return std::nullopt;
  }
  Breach breach;
  breach.message = absl::StrCat("a level must hold a file: ",
                                Both(file, *file_size, base, *base_size));
  // Correct the one that was changed into this.
  const bool base_shrank = at.IsLowered(base) && !at.IsChanged(file);
  breach.option = base_shrank ? base : file;
  breach.value = base_shrank ? *file_size : *base_size;
  return breach;
}

// A compaction that may take in less than two files cannot merge. Open puts
// 25 files for 0; online nobody does.
std::optional<Breach> CompactionHoldsTwoFiles(const Situation& at) {
  const char* const most = "max_compaction_bytes";
  const char* const file = "target_file_size_base";
  const std::optional<double> bytes = at.Now(most);
  const std::optional<double> size = at.Now(file);
  if (!bytes || !size || *bytes >= 2 * *size) return std::nullopt;
  return Breach{absl::StrCat("a compaction must hold two files: ",
                             Both(most, *bytes, file, *size)),
                most, 2 * *size};
}

// Below this every filled memtable would force a flush of all families.
std::optional<Breach> WalHoldsTwoWriteBuffers(const Situation& at) {
  const char* const option = "max_total_wal_size";
  const std::optional<double> wal = at.Now(option);
  const std::optional<double> buffer = at.Now("write_buffer_size");
  if (!wal || !buffer || *wal == 0 || *wal >= 2 * *buffer) return std::nullopt;
  return Breach{absl::StrCat("the WAL must hold two write buffers: ",
                             Both(option, *wal, "write_buffer_size", *buffer)),
                option, 2 * *buffer};
}

}  // namespace

const std::vector<Relation>& ValueRelations() {
  static const auto* const kRelations = new std::vector<Relation>{
      {"l0_triggers_out_of_order",
       "raised_slowdown_trigger",
       {"level0_file_num_compaction_trigger", "level0_slowdown_writes_trigger"},
       SlowdownNotBelowTrigger},
      {"l0_triggers_out_of_order",
       "raised_stop_trigger",
       {"level0_slowdown_writes_trigger", "level0_stop_writes_trigger"},
       StopNotBelowSlowdown},
      {"pending_limits_out_of_order",
       "raised_hard_limit",
       {"soft_pending_compaction_bytes_limit",
        "hard_pending_compaction_bytes_limit"},
       HardNotBelowSoft},
      {"write_buffer_below_arena_floor",
       "kept_arena_floor",
       {"write_buffer_size", "arena_block_size"},
       WriteBufferHoldsArenaBlock},
      {"memtable_bloom_too_large",
       "kept_memtable_bloom_small",
       {"memtable_prefix_bloom_size_ratio", "memtable_whole_key_filtering"},
       MemtableBloomIsSmall},
      {"too_few_write_buffers",
       "raised_write_buffer_number",
       {"max_write_buffer_number", "min_write_buffer_number_to_merge"},
       MemtablesSufficeForAFlush},
      {"file_larger_than_level",
       "kept_file_within_level",
       {"target_file_size_base", "max_bytes_for_level_base"},
       TargetFileFitsLevelBase},
      {"compaction_smaller_than_files",
       "raised_max_compaction_bytes",
       {"max_compaction_bytes", "target_file_size_base"},
       CompactionHoldsTwoFiles},
      {"wal_smaller_than_memtables",
       "raised_max_total_wal_size",
       {"max_total_wal_size"},
       WalHoldsTwoWriteBuffers},
  };
  return *kRelations;
}

}  // namespace rocktune
