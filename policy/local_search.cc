#include "policy/local_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

struct SearchRow {
  const char* option;
  bool up;        // the direction of this row
  double factor;  // of a first step
  bool (*matters)(const ExpertView& view);
  // The value that the memory budget still allows, or kNoLimit.
  double (*limit)(const ExpertView& view);
};

double Unlimited(const ExpertView&) { return kNoLimit; }

double CacheLimit(const ExpertView& s) {
  return s.Number("block_cache.capacity").value_or(0) +
         static_cast<double>(s.room_bytes);
}

double WriteBufferLimit(const ExpertView& s) {
  const double copies =
      s.Number("max_write_buffer_number").value_or(2) * s.families;
  return s.Number("write_buffer_size").value_or(0) +
         static_cast<double>(s.room_bytes) / copies;
}

bool Reads(const ExpertView& s) { return s.reads + s.seeks > 0.3; }
bool Writes(const ExpertView& s) { return s.writes > 0.03; }
bool ManyWrites(const ExpertView& s) { return s.writes > 0.3; }
bool Misses(const ExpertView& s) {
  const double capacity = s.Number("block_cache.capacity").value_or(0);
  // A point of the hit ratio is the least worth a trial. A guess.
  return s.PerOperation(s.cache_misses) > 0.05 &&
         s.PredictedHitGain(2 * capacity).value_or(1) >= 0.01;
}
bool CompactionRuns(const ExpertView& s) { return s.running_compactions > 0.1; }

// In the order of what usually matters most; a guess that trials correct.
const SearchRow kRows[] = {
    {"block_cache.capacity", true, 2, Misses, CacheLimit},
    {"max_background_jobs", true, 2, CompactionRuns, Unlimited},
    {"write_buffer_size", true, 2, Writes, WriteBufferLimit},
    {"level0_file_num_compaction_trigger", false, 2, Reads, Unlimited},
    {"level0_file_num_compaction_trigger", true, 2, ManyWrites, Unlimited},
    {"max_subcompactions", true, 2, CompactionRuns, Unlimited},
    {"max_bytes_for_level_base", true, 2, Writes, Unlimited},
    {"compaction_readahead_size", true, 4, CompactionRuns, Unlimited},
    {"max_background_jobs", false, 2, CompactionRuns, Unlimited},
    {"write_buffer_size", false, 2, Writes, WriteBufferLimit},
};

std::string MoveName(const SearchRow& row) {
  return absl::StrCat(row.option, row.up ? "+" : "-");
}

// A rule's move may be tried twice when a trial had no clear end. A search
// step has no symptom behind it: once must do, be it together with others.
bool Spent(const std::string& move, const ExpertMemory& memory) {
  return memory.Blocked(move) || memory.Failed(move) || memory.InVain(move);
}

// The step of `row`, or nullopt when it does not matter, is at its bound or
// has failed. A direction that failed after it had helped once gets one more
// step of half the length; with `after_harm` also one whose full step did
// harm.
std::optional<SearchStep> StepOf(const SearchRow& row, const ExpertView& s,
                                 const ExpertMemory& memory,
                                 bool after_harm = false) {
  const std::optional<double> now = s.Number(row.option);
  if (!now || *now <= 0 || !row.matters(s)) return std::nullopt;
  double factor = row.factor;
  SearchStep step;
  step.move = MoveName(row);
  if (Spent(step.move, memory)) {
    const bool harmed = after_harm && memory.Overshot(step.move);
    if (!memory.EverHelped(step.move) && !harmed) return std::nullopt;
    factor = std::sqrt(factor);
    step.move = ExpertMemory::HalfOf(step.move);
    if (Spent(step.move, memory) || memory.Helped(step.move)) {
      return std::nullopt;
    }
  }
  const double wish =
      row.up ? std::min(*now * factor, row.limit(s)) : *now / factor;
  if (row.up && wish < 1.2 * *now) return std::nullopt;
  Symptom& symptom = step.symptom;
  symptom.summary =
      absl::StrFormat("search: %s %s by a factor of %.1f from %.0f", row.option,
                      row.up ? "up" : "down", factor, *now);
  Add(s.Move({row.option, wish, symptom.summary, "to be measured"}), &symptom);
  if (symptom.changes.empty()) return std::nullopt;
  return step;
}

}  // namespace

std::optional<SearchStep> NextSearchStep(const ExpertView& view,
                                         const ExpertMemory& memory) {
  for (const SearchRow& row : kRows) {
    if (memory.last_move() != MoveName(row) ||
        !memory.Helped(memory.last_move())) {
      continue;
    }
    if (auto step = StepOf(row, view, memory)) return step;
  }
  // Half steps of what did harm come last.
  for (const bool after_harm : {false, true}) {
    for (const SearchRow& row : kRows) {
      // Where one direction helped, the other one leads back.
      SearchRow back = row;
      back.up = !row.up;
      if (memory.EverHelped(MoveName(back))) continue;
      if (auto step = StepOf(row, view, memory, after_harm)) return step;
    }
  }
  return std::nullopt;
}

}  // namespace rocktune
