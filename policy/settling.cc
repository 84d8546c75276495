#include "policy/settling.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/algorithm/container.h"

namespace rocktune {
namespace {

// A cache counts as levelled off when it grew by less than this share of its
// capacity over this many windows. Guesses; a miss-ratio curve replaces them.
constexpr size_t kLevelWindows = 4;
constexpr double kLevelGrowth = 0.01;
constexpr double kFullShare = 0.97;

constexpr std::array<absl::string_view, 10> kStallOptions = {
    "level0_slowdown_writes_trigger",
    "level0_stop_writes_trigger",
    "soft_pending_compaction_bytes_limit",
    "hard_pending_compaction_bytes_limit",
    "max_write_buffer_number",
    "write_buffer_size",
    "max_background_jobs",
    "max_subcompactions",
    "compaction_readahead_size",
    "delayed_write_rate"};

// More that moves work between now and later.
constexpr std::array<absl::string_view, 8> kDebtOptions = {
    "level0_file_num_compaction_trigger",
    "max_bytes_for_level_base",
    "max_compaction_bytes",
    "write_buffer_manager.buffer_size",
    "bytes_per_sync",
    "strict_bytes_per_sync",
    "writable_file_max_buffer_size",
    "compression"};

int Slowness(OptionClass option_class) {
  switch (option_class) {
    case OptionClass::kInstant:
      return 0;
    case OptionClass::kWarming:
      return 1;
    default:
      return 2;  // files, and everything we know less about
  }
}

bool CachesLevelledOff(absl::Span<const Window> windows) {
  if (windows.size() <= kLevelWindows) return false;
  const Window& before = windows[windows.size() - 1 - kLevelWindows];
  const Window& now = windows.back();
  for (const CacheShape& cache : now.caches) {
    const double capacity = static_cast<double>(cache.capacity_bytes);
    const double usage = static_cast<double>(cache.usage_bytes);
    if (capacity <= 0 || usage >= kFullShare * capacity) continue;
    auto old = absl::c_find_if(before.caches, [&](const CacheShape& other) {
      return other.column_family == cache.column_family;
    });
    if (old == before.caches.end()) return false;
    if (usage - static_cast<double>(old->usage_bytes) >
        kLevelGrowth * capacity) {
      return false;
    }
  }
  return true;
}

}  // namespace

OptionClass SlowestClass(const ChangeSet& change_set,
                         const Catalogue& catalogue) {
  OptionClass slowest = OptionClass::kInstant;
  for (const Change& change : change_set.changes) {
    const CatalogueRow* row = catalogue.Find(change.key.name);
    const OptionClass found =
        row == nullptr ? OptionClass::kChangesFiles : row->option_class;
    if (Slowness(found) > Slowness(slowest)) slowest = found;
  }
  return slowest;
}

bool EffectInPlace(OptionClass slowest, absl::Span<const Window> since_change) {
  if (slowest == OptionClass::kInstant) return true;
  if (slowest == OptionClass::kWarming) return CachesLevelledOff(since_change);
  // Jobs that began under the old values are done once a window ends with
  // none running.
  return absl::c_any_of(since_change, [](const Window& window) {
    return window.running_flushes + window.running_compactions == 0;
  });
}

bool ActsOnDebt(const ChangeSet& change_set) {
  return absl::c_any_of(change_set.changes, [](const Change& change) {
    return absl::c_linear_search(kStallOptions, change.key.name) ||
           absl::c_linear_search(kDebtOptions, change.key.name);
  });
}

bool RelievesStall(const ChangeSet& change_set) {
  return !change_set.empty() &&
         absl::c_all_of(change_set.changes, [](const Change& change) {
           return absl::c_linear_search(kStallOptions, change.key.name);
         });
}

}  // namespace rocktune
