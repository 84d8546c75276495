#include "policy/workload_profile.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "policy/profile_dimensions.h"

namespace rocktune {
namespace {

// Fewer windows do not tell how bursty a load is. A guess.
constexpr int kLeastBurstWindows = 5;

using Windows = absl::Span<const Window>;

double Of(const Window& window, Ticker ticker) {
  return static_cast<double>(window.ticker(ticker));
}

std::optional<double> Ratio(double part, double whole) {
  if (whole <= 0) return std::nullopt;
  return part / whole;
}

void AddUnknown(const char* name, const char* missing, bool from_statistics,
                const Window& all, WorkloadProfile* profile) {
  const char* why = missing;
  if (profile->windows == 0) {
    why = "no windows yet";
  } else if (from_statistics && !all.has_tickers) {
    why = "the database has no statistics";
  }
  profile->unknown.push_back(absl::StrCat(name, ": ", why));
}

void ReadDimensions(const ProfileSource& source, WorkloadProfile* profile) {
  for (const DimensionRow& row : ProfileDimensionRows()) {
    const std::optional<Reading> reading = row.read(source);
    if (reading) {
      profile->value[static_cast<size_t>(row.dimension)] = reading->value;
      continue;
    }
    AddUnknown(row.name, row.missing, row.from_statistics, *source.all,
               profile);
  }
}

std::optional<double> Burstiness(Windows windows) {
  if (windows.size() < kLeastBurstWindows) return std::nullopt;
  double sum = 0, squares = 0;
  for (const Window& window : windows) {
    const double rate = window.OperationsPerSecond();
    sum += rate;
    squares += rate * rate;
  }
  const auto n = static_cast<double>(windows.size());
  const double mean = sum / n;
  if (mean <= 0) return std::nullopt;
  return std::sqrt(std::max(0.0, (squares - n * mean * mean) / (n - 1))) / mean;
}

std::optional<ReadSources> SourcesOfReads(const Window& all) {
  ReadSources of{Of(all, Ticker::kMemtableHit), Of(all, Ticker::kGetHitL0),
                 Of(all, Ticker::kGetHitL1), Of(all, Ticker::kGetHitL2AndUp)};
  const double found = of.memtable + of.l0 + of.l1 + of.l2_and_up;
  if (found <= 0) return std::nullopt;
  return ReadSources{of.memtable / found, of.l0 / found, of.l1 / found,
                     of.l2_and_up / found};
}

// Without a Statistics the event listener knows what was written.
std::optional<double> WriteAmplification(const Window& all) {
  const double files =
      all.has_tickers ? Of(all, Ticker::kFlushWriteBytes) +
                            Of(all, Ticker::kCompactWriteBytes)
                      : static_cast<double>(all.events.flush_bytes +
                                            all.events.compaction_write_bytes);
  return Ratio(files + Of(all, Ticker::kWalBytes),
               Of(all, Ticker::kBytesWritten));
}

std::optional<double> ReadAmplification(const Window& all) {
  return Ratio(static_cast<double>(all.process.read_bytes),
               Of(all, Ticker::kBytesRead) +
                   Of(all, Ticker::kMultiGetBytesRead) +
                   Of(all, Ticker::kIterBytesRead));
}

void ReadAmounts(Windows windows, const Window& all, WorkloadProfile* profile) {
  profile->burstiness = Burstiness(windows);
  profile->sources = SourcesOfReads(all);
  profile->cache_hit_ratio =
      Ratio(Of(all, Ticker::kBlockCacheHit),
            Of(all, Ticker::kBlockCacheHit) + Of(all, Ticker::kBlockCacheMiss));
  profile->write_amplification = WriteAmplification(all);
  profile->read_amplification = ReadAmplification(all);
  const struct {
    const char* name;
    bool known;
    bool from_statistics;
    const char* missing;
  } kAmounts[] = {
      {"burstiness", profile->burstiness.has_value(), false, "too few windows"},
      {"read_sources", profile->sources.has_value(), true,
       "no point read found a key"},
      {"cache_hit_ratio", profile->cache_hit_ratio.has_value(), true,
       "no block cache lookups"},
      {"write_amplification", profile->write_amplification.has_value(), false,
       "nothing was written"},
      {"read_amplification", profile->read_amplification.has_value(), true,
       "nothing was read"},
  };
  for (const auto& row : kAmounts) {
    if (row.known) continue;
    AddUnknown(row.name, row.missing, row.from_statistics, all, profile);
  }
}

std::optional<double> SpaceAmplification(const ColumnFamilyShape& family) {
  for (auto level = family.levels.rbegin(); level != family.levels.rend();
       ++level) {
    if (level->bytes == 0) continue;
    return static_cast<double>(family.Bytes()) /
           static_cast<double>(level->bytes);
  }
  return std::nullopt;
}

double SumOf(const std::vector<uint64_t>& levels) {
  double sum = 0;
  for (uint64_t level : levels) sum += static_cast<double>(level);
  return sum;
}

void ReadFamilies(const Window& all, WorkloadProfile* profile) {
  double accesses = 0, misses = 0;
  if (profile->trace) {
    for (const FamilyAccesses& family : profile->trace->families) {
      accesses += SumOf(family.accesses_by_level);
      misses += SumOf(family.misses_by_level);
    }
  }
  for (const ColumnFamilyShape& shape : all.column_families) {
    FamilyProfile family;
    family.id = shape.id;
    family.name = shape.name;
    family.keys = shape.estimated_keys;
    family.bytes = shape.Bytes();
    family.space_amplification = SpaceAmplification(shape);
    double own_accesses = 0, own_misses = 0;
    if (profile->trace) {
      for (const FamilyAccesses& traced : profile->trace->families) {
        if (traced.id != shape.id) continue;
        own_accesses += SumOf(traced.accesses_by_level);
        own_misses += SumOf(traced.misses_by_level);
      }
    }
    family.read_share = Ratio(own_accesses, accesses);
    family.miss_share = Ratio(own_misses, misses);
    profile->families.push_back(std::move(family));
  }
}

// What only a trace can say and has no dimension of its own.
void NameWhatNoTraceSaid(WorkloadProfile* profile) {
  if (!profile->trace) {
    profile->unknown.push_back("miss_ratio_curve: no trace yet");
    profile->unknown.push_back("reads and misses by family: no trace yet");
  } else if (profile->trace->curves.empty()) {
    profile->unknown.push_back("miss_ratio_curve: the trace saw too few reads");
  }
  if (!profile->trace || !profile->trace->update_share) {
    profile->unknown.push_back(
        "update_share and skew of writes: query tracing was not opted in, has "
        "not run yet or saw too few writes");
  }
}

}  // namespace

WorkloadProfile ProfileOf(Windows windows,
                          const std::optional<TraceFacts>& trace) {
  WorkloadProfile profile;
  profile.trace = trace;
  profile.windows = static_cast<int>(windows.size());
  const Window all = Pool(windows);
  std::vector<Window> flushing;
  for (const Window& window : windows) {
    if (OnlyFlushed(window)) flushing.push_back(window);
  }
  const Window flushed = Pool(flushing);
  profile.database = all.database;
  profile.from = all.start;
  profile.to = all.start + all.length;
  if (!windows.empty()) {
    profile.to = windows.back().start + windows.back().length;
  }
  ReadDimensions({&all, &flushed, trace ? &*trace : nullptr}, &profile);
  ReadAmounts(windows, all, &profile);
  ReadFamilies(all, &profile);
  NameWhatNoTraceSaid(&profile);
  return profile;
}

ProfileDistance DistanceBetween(const WorkloadProfile& a,
                                const WorkloadProfile& b, bool without_rate) {
  ProfileDistance result;
  result.text = "nothing is known of both";
  bool any = false;
  for (const DimensionRow& row : ProfileDimensionRows()) {
    if (without_rate && row.dimension == ProfileDimension::kArrivalRate) {
      continue;
    }
    const std::optional<double> before = a[row.dimension];
    const std::optional<double> after = b[row.dimension];
    if (!before || !after) continue;
    const double distance = DistanceOf(row, *before, *after);
    if (any && distance <= result.distance) continue;
    any = true;
    result = {distance, row.dimension, ChangeText(row, *before, *after)};
  }
  return result;
}

std::string Describe(const WorkloadProfile& profile) {
  std::vector<std::string> parts;
  std::vector<std::string> mix;
  const struct {
    ProfileDimension dimension;
    OpKind kind;
  } kKinds[] = {{ProfileDimension::kGetShare, OpKind::kGet},
                {ProfileDimension::kMultiGetShare, OpKind::kMultiGet},
                {ProfileDimension::kWriteShare, OpKind::kWrite},
                {ProfileDimension::kSeekShare, OpKind::kSeek}};
  for (const auto& row : kKinds) {
    const std::optional<double> share = profile[row.dimension];
    if (!share || *share < 0.005) continue;
    mix.push_back(absl::StrFormat("%s %.2f", ToString(row.kind), *share));
  }
  if (!mix.empty()) parts.push_back(absl::StrJoin(mix, " "));
  const struct {
    ProfileDimension dimension;
    const char* format;
  } kRest[] = {{ProfileDimension::kArrivalRate, "%s"},
               {ProfileDimension::kScanLength, "scans of %s"},
               {ProfileDimension::kValueBytes, "%s entries"},
               {ProfileDimension::kZipfExponent, "skew %s"}};
  for (const auto& row : kRest) {
    const std::optional<double> value = profile[row.dimension];
    if (!value) continue;
    parts.push_back(absl::StrReplaceAll(
        row.format, {{"%s", ValueText(RowOf(row.dimension), *value)}}));
  }
  return parts.empty() ? "unknown load" : absl::StrJoin(parts, ", ");
}

}  // namespace rocktune
