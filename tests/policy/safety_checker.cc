#include "tests/policy/safety_checker.h"

#include <cmath>
#include <cstdlib>
#include <set>

#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

constexpr double kMiB = 1 << 20;

struct Checker {
  const ChangeSet& change_set;
  const CalibrationContext& context;
  OptionValues merged;
  std::vector<std::string> dangers;

  double At(const std::string& name, const std::string& family) const {
    auto it = merged.find({name, family});
    if (it == merged.end()) it = merged.find({name, ""});
    return it == merged.end() ? std::nan("")
                              : std::strtod(it->second.c_str(), nullptr);
  }
  double Old(const std::string& name, const std::string& family) const {
    auto it = context.values->find({name, family});
    if (it == context.values->end()) it = context.values->find({name, ""});
    return it == context.values->end()
               ? std::nan("")
               : std::strtod(it->second.c_str(), nullptr);
  }
  bool Touches(std::initializer_list<const char*> names,
               const std::string& family) const {
    for (const Change& change : change_set.changes) {
      for (const char* name : names) {
        if (change.key.name == name && (change.key.column_family == family ||
                                        change.key.column_family.empty())) {
          return true;
        }
      }
    }
    return false;
  }
  void Forbid(bool bad, const std::string& family, const std::string& what) {
    if (bad) dangers.push_back(absl::StrCat(family, ": ", what));
  }
};

void CheckTriggers(Checker& c, const std::string& f,
                   const ColumnFamilyShape& shape) {
  const double trigger = c.At("level0_file_num_compaction_trigger", f);
  const double slowdown = c.At("level0_slowdown_writes_trigger", f);
  const double stop = c.At("level0_stop_writes_trigger", f);
  if (c.Touches({"level0_file_num_compaction_trigger",
                 "level0_slowdown_writes_trigger"},
                f)) {
    c.Forbid(trigger > slowdown, f, "trigger > slowdown aborts");
    c.Forbid(trigger < 1, f, "trigger < 1 compacts for ever");
  }
  if (c.Touches(
          {"level0_slowdown_writes_trigger", "level0_stop_writes_trigger"},
          f)) {
    c.Forbid(slowdown > stop, f, "slowdown > stop aborts");
  }
  const double files = static_cast<double>(shape.levels[0].files);
  if (stop < c.Old("level0_stop_writes_trigger", f)) {
    c.Forbid(stop <= files, f, "stop at or below L0 stops writes");
  }
  if (slowdown < c.Old("level0_slowdown_writes_trigger", f)) {
    c.Forbid(slowdown <= files, f, "slowdown at or below L0 delays writes");
  }
}

void CheckPending(Checker& c, const std::string& f,
                  const ColumnFamilyShape& shape) {
  if (!c.Touches({"soft_pending_compaction_bytes_limit",
                  "hard_pending_compaction_bytes_limit"},
                 f)) {
    return;
  }
  const double soft = c.At("soft_pending_compaction_bytes_limit", f);
  const double hard = c.At("hard_pending_compaction_bytes_limit", f);
  const double old_hard = c.Old("hard_pending_compaction_bytes_limit", f);
  const double pending = static_cast<double>(shape.pending_compaction_bytes);
  c.Forbid(hard > 0 && soft > hard, f, "soft > hard");
  c.Forbid(hard > 0 && (hard < old_hard || old_hard == 0) && hard <= pending, f,
           "hard limit at or below pending stops writes");
}

void CheckMemtables(Checker& c, const ColumnFamilyFacts& family,
                    const ColumnFamilyShape& shape) {
  const std::string& f = family.name;
  const double size = c.At("write_buffer_size", f);
  const double arena = c.At("arena_block_size", f);
  if (c.Touches({"write_buffer_size", "arena_block_size"}, f)) {
    c.Forbid(size < 65536, f, "write_buffer_size under 64 KiB aborts");
    c.Forbid(size < 0.45 * arena, f, "memtable under its arena block aborts");
  }
  if (c.Touches({"max_write_buffer_number"}, f)) {
    const double number = c.At("max_write_buffer_number", f);
    c.Forbid(number < 2, f, "too few memtables stop writes");
    c.Forbid(number <= family.min_write_buffer_number_to_merge, f,
             "memtables wait for each other");
    c.Forbid(number < c.Old("max_write_buffer_number", f) &&
                 number <= static_cast<double>(shape.immutable_memtables),
             f, "memtables that wait stop writes");
  }
  if (c.Touches({"memtable_prefix_bloom_size_ratio"}, f)) {
    const double ratio = c.At("memtable_prefix_bloom_size_ratio", f);
    c.Forbid(!(ratio >= 0 && ratio <= 0.25), f, "bloom ratio livelocks");
  }
}

void CheckFiles(Checker& c, const ColumnFamilyFacts& family) {
  const std::string& f = family.name;
  const double file = c.At("target_file_size_base", f);
  if (c.Touches({"target_file_size_base"}, f)) {
    c.Forbid(file < kMiB, f, "tiny files never end");
  }
  if (c.Touches({"max_compaction_bytes", "target_file_size_base"}, f)) {
    c.Forbid(c.At("max_compaction_bytes", f) < file, f,
             "a compaction smaller than a file");
  }
  if (c.Touches({"max_bytes_for_level_base"}, f)) {
    c.Forbid(c.At("max_bytes_for_level_base", f) < kMiB, f,
             "level base 0 aborts");
  }
  if (c.Touches({"max_bytes_for_level_multiplier"}, f)) {
    c.Forbid(!(c.At("max_bytes_for_level_multiplier", f) >= 1), f,
             "multiplier below 1");
  }
  if (c.Touches({"block_based_table_factory.block_restart_interval"}, f)) {
    c.Forbid(c.At("block_based_table_factory.block_restart_interval", f) < 1, f,
             "restart interval 0 aborts");
  }
  if (family.compaction_style == "kCompactionStyleFIFO") {
    c.Forbid(
        c.Touches(
            {"ttl", "periodic_compaction_seconds", "compaction_options_fifo",
             "level0_slowdown_writes_trigger", "level0_stop_writes_trigger"},
            f),
        f, "FIFO loses data or stops for ever");
  }
}

void CheckDatabase(Checker& c) {
  if (c.Touches({"delayed_write_rate"}, "")) {
    c.Forbid(c.At("delayed_write_rate", "") < kMiB, "", "1 byte/s");
  }
  if (c.Touches({"max_background_jobs"}, "")) {
    c.Forbid(c.At("max_background_jobs", "") < 2, "", "no jobs");
  }
  if (c.Touches({"max_subcompactions"}, "")) {
    c.Forbid(c.At("max_subcompactions", "") < 1, "", "no subcompactions");
  }
  if (c.Touches({"max_open_files"}, "")) {
    const double files = c.At("max_open_files", "");
    c.Forbid(files != -1 && files < 64, "", "too few files");
  }
  if (c.Touches({"bytes_per_sync"}, "")) {
    c.Forbid(c.At("bytes_per_sync", "") == 0, "", "0 cannot be set");
  }
  if (c.Touches({"write_buffer_manager.buffer_size"}, "")) {
    c.Forbid(c.At("write_buffer_manager.buffer_size", "") <= 0, "",
             "disabling the manager aborts");
    c.Forbid(c.Old("write_buffer_manager.buffer_size", "") == 0, "",
             "enabling the manager cannot be undone");
  }
}

void CheckRules(Checker& c, ProposalSource source) {
  std::set<OptionKey> seen;
  for (const Change& change : c.change_set.changes) {
    const CatalogueRow* row = c.context.catalogue->Find(change.key.name);
    const std::string key = ToString(change.key);
    c.Forbid(row == nullptr, key, "not in the catalogue");
    c.Forbid(!seen.insert(change.key).second, key, "twice");
    c.Forbid(change.before == change.after, key, "unchanged");
    auto in_force = c.context.values->find(change.key);
    c.Forbid(in_force == c.context.values->end() ||
                 in_force->second != change.before,
             key, "wrong value before");
    if (row == nullptr) continue;
    c.Forbid(row->option_class == OptionClass::kForbidden, key, "forbidden");
    c.Forbid(row->option_class == OptionClass::kApproveOnly &&
                 source != ProposalSource::kOperator,
             key, "approve-only");
    const bool number =
        row->type == OptionType::kInt || row->type == OptionType::kUint;
    c.Forbid(
        number &&
            change.after.find_first_not_of("0123456789") != std::string::npos &&
            change.after != "-1",
        key, "not plain digits: " + change.after);
    c.Forbid(row->type == OptionType::kUint && change.after[0] == '-', key,
             "becomes 2^64-1");
    for (const Pin& pin : *c.context.pins) {
      c.Forbid(pin.denied && pin.option == change.key.name &&
                   (pin.column_family.empty() ||
                    pin.column_family == change.key.column_family),
               key, "denied");
    }
  }
}

void CheckMemory(Checker& c) {
  if (c.context.memory_budget_bytes == 0) return;
  const uint64_t before = CommittedMemoryBytes(c.context, *c.context.values);
  const uint64_t after = CommittedMemoryBytes(c.context, c.merged);
  c.Forbid(after > before && after + c.context.memory_of_others_bytes >
                                 c.context.memory_budget_bytes,
           "", absl::StrCat("over the memory budget: ", after));
}

}  // namespace

OptionValues Merge(const ChangeSet& change_set, const OptionValues& values) {
  OptionValues merged = values;
  for (const Change& change : change_set.changes) {
    merged[change.key] = change.after;
  }
  return merged;
}

std::vector<std::string> DangersOf(const ChangeSet& change_set,
                                   const CalibrationContext& context,
                                   ProposalSource source) {
  Checker checker{change_set, context, Merge(change_set, *context.values), {}};
  for (size_t i = 0; i < context.database->column_families.size(); ++i) {
    const ColumnFamilyFacts& family = context.database->column_families[i];
    const ColumnFamilyShape& shape = context.window->column_families[i];
    CheckTriggers(checker, family.name, shape);
    CheckPending(checker, family.name, shape);
    CheckMemtables(checker, family, shape);
    CheckFiles(checker, family);
  }
  CheckDatabase(checker);
  CheckRules(checker, source);
  CheckMemory(checker);
  return checker.dangers;
}

}  // namespace rocktune
