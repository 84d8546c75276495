#include <algorithm>
#include <string>

#include "llm/briefing_parts.h"

namespace rocktune {
namespace {

// Its numbers alone.
BriefedLoad LoadOf(absl::Span<const Window> windows, int cores) {
  BriefedLoad load;
  load.windows = static_cast<int>(windows.size());
  if (windows.empty()) return load;
  const Window pooled = Pool(windows);
  load.length_s = absl::ToDoubleSeconds(pooled.length);
  load.ops = pooled.ops;
  load.tickers = pooled.tickers;
  load.stalls = pooled.stalls;
  load.stall_share = StallShare(pooled);
  load.process = pooled.process;
  load.has_tickers = pooled.has_tickers;
  load.has_latencies = pooled.has_latencies;
  load.saturated = Saturated(pooled, cores);
  load.least_ops_per_s = windows.front().OperationsPerSecond();
  for (const Window& window : windows) {
    const double rate = window.OperationsPerSecond();
    load.least_ops_per_s = std::min(load.least_ops_per_s, rate);
    load.most_ops_per_s = std::max(load.most_ops_per_s, rate);
    load.running_compactions +=
        window.running_compactions / static_cast<double>(load.windows);
  }
  return load;
}

BriefedFamily FamilyOf(const ColumnFamilyFacts& facts, const Window* window,
                       const WorkloadProfile& profile) {
  BriefedFamily family;
  family.compaction_style = CompactionStyleWord(facts.compaction_style);
  family.min_write_buffer_number_to_merge =
      facts.min_write_buffer_number_to_merge;
  if (window != nullptr) {
    for (const ColumnFamilyShape& shape : window->column_families) {
      if (shape.id != facts.id) continue;
      family.levels = shape.levels;
      family.immutable_memtables = shape.immutable_memtables;
      family.memtable_bytes = shape.all_memtable_bytes;
      family.pending_compaction_bytes = shape.pending_compaction_bytes;
      family.table_reader_bytes = shape.table_reader_bytes;
      family.keys = shape.estimated_keys;
      family.bytes = shape.Bytes();
    }
  }
  for (const FamilyProfile& known : profile.families) {
    if (known.id != facts.id) continue;
    family.space_amplification = known.space_amplification;
    family.read_share = known.read_share;
    family.miss_share = known.miss_share;
  }
  return family;
}

std::vector<BriefedCache> CachesOf(const Window& window,
                                   const DatabaseFacts& database,
                                   const TraceFacts* trace) {
  std::vector<BriefedCache> caches;
  for (const CacheShape& shape : window.caches) {
    const int family = FamilyPosition(database, shape.column_family);
    if (family == kGoneFamily || family >= kMostBriefedFamilies) continue;
    BriefedCache cache{family,
                       shape.capacity_bytes,
                       shape.usage_bytes,
                       shape.pinned_bytes,
                       {}};
    const MissRatioCurve* curve =
        trace == nullptr ? nullptr : trace->CurveOf(shape.column_family);
    if (curve != nullptr) cache.curve = curve->points;
    caches.push_back(std::move(cache));
  }
  std::sort(caches.begin(), caches.end(),
            [](const BriefedCache& a, const BriefedCache& b) {
              return a.family < b.family;
            });
  return caches;
}

BriefedProfile ProfileNumbers(const WorkloadProfile& profile,
                              const TraceFacts* trace) {
  BriefedProfile numbers;
  numbers.value = profile.value;
  numbers.burstiness = profile.burstiness;
  numbers.sources = profile.sources;
  numbers.cache_hit_ratio = profile.cache_hit_ratio;
  numbers.write_amplification = profile.write_amplification;
  numbers.read_amplification = profile.read_amplification;
  if (trace != nullptr) {
    numbers.read_keys = trace->read_keys;
    numbers.written_keys = trace->written_keys;
    numbers.update_share = trace->update_share;
  }
  return numbers;
}

}  // namespace

void BriefLoad(const BriefingInput& input, ModelBriefing& briefing) {
  const CalibrationContext& context = input.advisor.context;
  const size_t first =
      input.advisor.windows.size() -
      std::min(input.advisor.windows.size(), size_t{kMostBriefedWindows});
  const absl::Span<const Window> windows = input.advisor.windows.subspan(first);
  const TraceFacts* trace = input.advisor.trace;
  if (trace == nullptr && input.profile.trace) trace = &*input.profile.trace;
  briefing.load = LoadOf(windows, context.host->cores);
  briefing.profile = ProfileNumbers(input.profile, trace);
  const Window* latest = windows.empty() ? context.window : &windows.back();
  if (latest != nullptr) {
    briefing.load.caches = CachesOf(*latest, *context.database, trace);
  }
  for (const ColumnFamilyFacts& facts : context.database->column_families) {
    if (briefing.families.size() >= size_t{kMostBriefedFamilies}) {
      ++briefing.families_left_out;
      continue;
    }
    briefing.families.push_back(FamilyOf(facts, latest, input.profile));
  }
}

}  // namespace rocktune
