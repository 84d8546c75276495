#include "policy/expert_view.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

constexpr double kMiB = 1 << 20;
// RocksDB's default block size: what one read of a compaction costs the
// cache's statistics. A guess where blocks are compressed or larger.
constexpr double kBlockBytes = 4096;

bool IsOpen(OptionClass option_class) {
  return option_class == OptionClass::kInstant ||
         option_class == OptionClass::kWarming ||
         option_class == OptionClass::kChangesFiles;
}

bool IsNumber(OptionType type) {
  return type == OptionType::kInt || type == OptionType::kUint ||
         type == OptionType::kDouble;
}

struct Range {
  double low;
  double high;
};

// Bounds of the catalogue, narrowed to one step from `now` (online) and by
// pins.
Range AllowedRange(const CatalogueRow& row, double now,
                   const CalibrationContext& context) {
  Range range{row.min, row.max};
  if (!context.IsOffline() && row.max_step_factor > 1 && now > 0) {
    range.low = std::max(range.low, now / row.max_step_factor);
    if (row.LimitsStepsUp()) {
      range.high = std::min(range.high, now * row.max_step_factor);
    }
  }
  for (const Pin& pin : *context.pins) {
    if (pin.option != row.name) continue;
    double bound = 0;
    if (absl::SimpleAtod(pin.min, &bound)) {
      range.low = std::max(range.low, bound);
    }
    if (absl::SimpleAtod(pin.max, &bound)) {
      range.high = std::min(range.high, bound);
    }
  }
  return range;
}

std::string CanonicalText(const CatalogueRow& row, double value) {
  if (row.type == OptionType::kDouble) return absl::StrFormat("%.6g", value);
  return absl::StrFormat("%.0f", value);
}

const ColumnFamilyShape* MainFamily(const Window& window) {
  const ColumnFamilyShape* main = nullptr;
  uint64_t most = 0;
  for (const ColumnFamilyShape& family : window.column_families) {
    const uint64_t bytes = family.Bytes() + family.all_memtable_bytes;
    if (main == nullptr || bytes > most) {
      main = &family;
      most = bytes;
    }
  }
  return main;
}

}  // namespace

ExpertView::ExpertView(const AdvisorInput& input,
                       const ExpertViewConfig& config)
    : context_(input.context) {
  absl::Span<const Window> windows = input.windows;
  const size_t most = static_cast<size_t>(std::max(1, config.windows));
  if (windows.size() > most) windows = windows.last(most);
  window = Pool(windows);
  mix = MixOf(windows);
  seconds = absl::ToDoubleSeconds(window.length);
  reads = mix.share[static_cast<size_t>(OpKind::kGet)] +
          mix.share[static_cast<size_t>(OpKind::kMultiGet)];
  writes = mix.share[static_cast<size_t>(OpKind::kWrite)];
  seeks = mix.share[static_cast<size_t>(OpKind::kSeek)];
  stall_share = StallShare(window);
  cores = std::max(1, context_.host->cores);
  families = std::max<int>(1, context_.database->column_families.size());
  memory_bytes = context_.host->UsableMemoryBytes();
  is_offline = context_.IsOffline();
  cpu_share = PerSecond(window.process.cpu_us) / (1e6 * cores);
  ReadShape(windows);
  ReadCache();
  ReadMemory(config.memory_share);
  const OptionValues::value_type* cache = Find("block_cache.capacity");
  if (cache != nullptr && input.trace != nullptr) {
    curve_ = input.trace->CurveOf(cache->first.column_family);
  }
}

void ExpertView::ReadShape(absl::Span<const Window> windows) {
  if (windows.empty()) return;
  const ColumnFamilyShape* main = MainFamily(window);
  if (main != nullptr) main_family_ = main->name;
  uint64_t first_pending = 0, last_pending = 0;
  double l0_bytes = 0;
  for (const Window& w : windows) {
    last_pending = 0;
    running_compactions += w.running_compactions;
    for (const ColumnFamilyShape& family : w.column_families) {
      if (family.name == main_family_ && !family.levels.empty()) {
        l0_files += static_cast<double>(family.levels[0].files);
        l0_bytes += static_cast<double>(family.levels[0].bytes);
      }
      immutable_memtables =
          std::max(immutable_memtables, family.immutable_memtables);
      last_pending += family.pending_compaction_bytes;
    }
    if (&w == &windows.front()) first_pending = last_pending;
    pending_bytes = std::max(pending_bytes, last_pending);
  }
  l0_file_bytes = l0_files > 0 && l0_bytes > 0
                      ? l0_bytes / l0_files
                      : Number("write_buffer_size").value_or(0);
  l0_files /= static_cast<double>(windows.size());
  running_compactions /= static_cast<double>(windows.size());
  pending_growth_bytes =
      static_cast<int64_t>(last_pending) - static_cast<int64_t>(first_pending);
  for (const ColumnFamilyShape& family : window.column_families) {
    data_bytes += family.Bytes();
    table_reader_bytes += family.table_reader_bytes;
  }
}

void ExpertView::ReadCache() {
  const double hits =
      static_cast<double>(window.ticker(Ticker::kBlockCacheHit));
  const double misses =
      static_cast<double>(window.ticker(Ticker::kBlockCacheMiss));
  const double of_compaction =
      static_cast<double>(window.ticker(Ticker::kCompactReadBytes)) /
      kBlockBytes;
  cache_misses = std::max(0.0, misses - of_compaction);
  if (hits + cache_misses > 0) {
    cache_miss_ratio = cache_misses / (hits + cache_misses);
  }
}

void ExpertView::ReadMemory(double memory_share) {
  uint64_t budget = context_.memory_budget_bytes;
  if (budget == 0) budget = context_.host->UsableMemoryBytes() / 2;
  const double may = memory_share * static_cast<double>(budget);
  const double used =
      static_cast<double>(context_.memory_of_others_bytes) +
      static_cast<double>(CommittedMemoryBytes(context_, *context_.values));
  room_bytes = may > used ? static_cast<uint64_t>(may - used) : 0;
}

std::optional<double> ExpertView::PredictedHitGain(double bytes) const {
  const std::optional<double> capacity = Number("block_cache.capacity");
  if (curve_ == nullptr || !capacity || *capacity <= 0) return std::nullopt;
  const std::optional<double> now =
      curve_->HitRatioAt(static_cast<uint64_t>(*capacity));
  const std::optional<double> then =
      curve_->HitRatioAt(static_cast<uint64_t>(bytes));
  if (!now || !then) return std::nullopt;
  return *then - *now;
}

bool ExpertView::CompactionIsBusy() const {
  const std::optional<double> jobs = Number("max_background_jobs");
  return jobs && running_compactions >= 0.8 * std::max(1.0, *jobs * 0.75);
}

double ExpertView::MemtableCopies() const {
  return Number("max_write_buffer_number").value_or(2) * families;
}

double ExpertView::PerSecond(uint64_t count) const {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

double ExpertView::PerOperation(double count) const {
  const double operations = static_cast<double>(window.Operations());
  return operations > 0 ? count / operations : 0;
}

const CatalogueRow* ExpertView::OpenRow(absl::string_view option) const {
  const CatalogueRow* row = context_.catalogue->Find(option);
  if (row == nullptr || !IsOpen(row->option_class)) return nullptr;
  for (const Pin& pin : *context_.pins) {
    if (pin.option != row->name) continue;
    if (pin.denied || (!pin.min.empty() && pin.min == pin.max)) return nullptr;
  }
  return row;
}

const OptionValues::value_type* ExpertView::Find(
    const std::string& option) const {
  const OptionValues& values = *context_.values;
  const auto main = values.find(OptionKey{option, main_family_});
  if (main != values.end()) return &*main;
  // Keys of one name are neighbours; the first family's comes first.
  const auto first = values.lower_bound(OptionKey{option, ""});
  if (first == values.end() || first->first.name != option) return nullptr;
  return &*first;
}

std::string ExpertView::TargetFamily(const CatalogueRow& row,
                                     const OptionKey& key) const {
  if (row.scope != OptionScope::kColumnFamily) return key.column_family;
  // Every family where all agree; else only the one that was looked at.
  const OptionValues& values = *context_.values;
  for (auto it = values.lower_bound(OptionKey{row.name, ""});
       it != values.end() && it->first.name == row.name; ++it) {
    if (it->second != values.at(key)) return key.column_family;
  }
  return "";
}

std::optional<std::string> ExpertView::Text(absl::string_view option) const {
  const CatalogueRow* row = OpenRow(option);
  if (row == nullptr) return std::nullopt;
  const OptionValues::value_type* value = Find(row->name);
  if (value == nullptr) return std::nullopt;
  return value->second;
}

std::string ExpertView::InForce(absl::string_view option) const {
  const OptionValues::value_type* value = Find(std::string(option));
  return value == nullptr ? "" : value->second;
}

std::optional<double> ExpertView::Number(absl::string_view option) const {
  const std::optional<std::string> text = Text(option);
  double number = 0;
  if (!text || !absl::SimpleAtod(*text, &number)) return std::nullopt;
  return number;
}

std::optional<ProposedChange> ExpertView::Move(const Wish& wish) const {
  const std::optional<double> now = Number(wish.option);
  if (!now || !std::isfinite(wish.value)) return std::nullopt;
  const CatalogueRow& row = *OpenRow(wish.option);
  if (!IsNumber(row.type)) return std::nullopt;
  const Range range = AllowedRange(row, *now, context_);
  if (range.low > range.high) return std::nullopt;
  double value = std::clamp(wish.value, range.low, range.high);
  if (row.unit == OptionUnit::kBytes && value >= 16 * kMiB) {
    value = std::floor(value / kMiB) * kMiB;  // people read it
  } else if (row.type != OptionType::kDouble) {
    value = std::round(value);
  }
  if (value < range.low || value > range.high) return std::nullopt;
  if (std::abs(value - *now) < 0.05 * std::abs(*now) || value == *now) {
    return std::nullopt;
  }
  if ((value > *now) != (wish.value > *now)) return std::nullopt;
  return ProposedChange{row.name, TargetFamily(row, Find(row.name)->first),
                        CanonicalText(row, value), wish.reason,
                        wish.expected_effect};
}

std::optional<ProposedChange> ExpertView::Say(absl::string_view option,
                                              absl::string_view word,
                                              std::string reason) const {
  const std::optional<std::string> now = Text(option);
  if (!now || *now == word) return std::nullopt;
  const CatalogueRow& row = *OpenRow(option);
  if (row.type == OptionType::kEnum &&
      std::find(row.enum_values.begin(), row.enum_values.end(), word) ==
          row.enum_values.end()) {
    return std::nullopt;
  }
  return ProposedChange{row.name, TargetFamily(row, Find(row.name)->first),
                        std::string(word), std::move(reason), ""};
}

}  // namespace rocktune
