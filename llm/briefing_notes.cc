// What calibration did, in the words a model is told.
#include "llm/briefing_words.h"

namespace rocktune {
namespace {

// The last row is for codes of a later policy. A hint says what to do next
// time, where the code alone does not.
constexpr NoteWord kNotes[] = {
    // refused
    {"unknown_option", "use only options of the catalogue"},
    {"immutable_option", "only takes effect when the database is opened"},
    {"deprecated_option", "has no effect"},
    {"empty_name", "name an option"},
    {"conflicting_value", "give one value"},
    {"several_members", "propose each member alone"},
    {"forbidden_option", "closed to everybody"},
    {"approve_only", "for the operator to propose"},
    {"table_options_shared", "use scope all"},
    {"unknown_column_family", "use a scope of the schema"},
    {"value_unknown", "its value in force is not known"},
    {"bad_value", "write a plain number, true, false or a listed word"},
    {"duplicate_option", "name each option and scope once"},
    {"too_many_wishes", "propose fewer changes"},
    {"too_many_changes", "propose fewer changes"},
    {"unchanged", "is in force already"},
    {"negative", "must be positive"},
    {"zero", "must not be 0"},
    {"not_a_compression", "use kNoCompression"},
    {"step_too_large", "take a smaller step"},
    {"over_memory_budget", "the memory budget is full"},
    {"pinned", "the operator fixed it"},
    {"denied", "the operator forbade it"},
    {"stalled", "nothing is tried while writes stall"},
    {"no_longer_needed", ""},
    {"has_no_effect", "another option overrides it"},
    {"cannot_be_zero", "must not be 0"},
    {"cannot_be_restored", "could not be rolled back"},
    {"shrinking_rewrites", "would rewrite most of the data"},
    {"forbidden_under_fifo", "not under FIFO compaction"},
    {"files_must_stay_open", ""},
    {"cache_below_pinned", "the cache holds pinned blocks"},
    {"compaction_smaller_than_files", ""},
    {"file_larger_than_level", ""},
    {"l0_triggers_out_of_order", "keep compaction <= slowdown < stop"},
    {"pending_limits_out_of_order", "keep soft < hard"},
    {"slowdown_below_l0", "there are more L0 files now"},
    {"stop_below_l0", "there are more L0 files now"},
    {"soft_limit_below_pending", "there is more debt now"},
    {"hard_limit_below_pending", "there is more debt now"},
    {"manager_below_memtables", ""},
    {"memtable_bloom_too_large", ""},
    {"too_few_write_buffers", ""},
    {"wal_smaller_than_memtables", ""},
    {"write_buffer_below_arena_floor", ""},
    {"write_buffers_in_use", "more memtables are full now"},
    // corrected
    {"corrected_spelling", ""},
    {"read_value", ""},
    {"whole_database", "has no column families; use scope all"},
    {"below_floor", "moved to the least value"},
    {"above_ceiling", "moved to the largest value"},
    {"step_limited", "moved to the largest step"},
    {"scaled_to_budget", "scaled to the memory budget"},
    {"raised_hard_limit", "added to keep an order"},
    {"raised_max_compaction_bytes", "added to keep an order"},
    {"raised_max_total_wal_size", "added to keep an order"},
    {"raised_slowdown_trigger", "added to keep an order"},
    {"raised_stop_trigger", "added to keep an order"},
    {"raised_write_buffer_manager", "added to keep an order"},
    {"raised_write_buffer_number", "added to keep an order"},
    {"kept_arena_floor", ""},
    {"kept_cache_above_pinned", ""},
    {"kept_file_within_level", ""},
    {"kept_hard_limit_above_pending", ""},
    {"kept_in_pin", "moved into the operator's range"},
    {"kept_memtable_bloom_small", ""},
    {"kept_slowdown_above_l0", ""},
    {"kept_soft_limit_above_pending", ""},
    {"kept_stop_above_l0", ""},
    {"kept_write_buffers_in_use", ""},
    {"bytes_per_sync_leaves_zero", ""},
    {"other", ""},
};

}  // namespace

const NoteWord& NoteWordOf(absl::string_view code) {
  for (const NoteWord& note : kNotes) {
    if (note.code == code) return note;
  }
  return kNotes[std::size(kNotes) - 1];
}

}  // namespace rocktune
