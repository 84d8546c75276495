// What the load is and what the database makes of it.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "llm/prompt_parts.h"
#include "llm/prompt_text.h"

namespace rocktune {
namespace {

double Count(const BriefedLoad& load, Ticker ticker) {
  return static_cast<double>(load.tickers[static_cast<size_t>(ticker)]);
}

// "name 0.42" appended after a comma, when it is known.
void Add(absl::string_view name, const std::optional<double>& value,
         std::string (*text)(double), std::string& line) {
  if (!value) return;
  absl::StrAppend(&line, line.empty() ? "" : ", ", name, " ", text(*value));
}

// a / (a + b), when there was anything.
std::optional<double> ShareOf(double a, double b) {
  if (a + b <= 0) return std::nullopt;
  return a / (a + b);
}

void AddSkew(absl::string_view of, const std::optional<KeySkew>& skew,
             std::string& line) {
  if (!skew) return;
  absl::StrAppend(&line, line.empty() ? "" : ", ", of, " keys: zipf ",
                  RoughShare(skew->zipf_exponent), ", hottest 1% take ",
                  RoughShare(skew->top_1pct_share), ", working set ",
                  RoughBytes(static_cast<double>(skew->working_set_bytes)));
}

std::string DimensionText(ProfileDimension dimension, double value) {
  switch (dimension) {
    case ProfileDimension::kKeyBytes:
    case ProfileDimension::kValueBytes:
    case ProfileDimension::kReadBytes:
    case ProfileDimension::kWorkingSetBytes:
      return RoughBytes(value);
    default:
      return Rough(value);
  }
}

std::string LevelsText(const BriefedFamily& family) {
  std::vector<std::string> levels;
  for (size_t level = 0; level < family.levels.size(); ++level) {
    const LevelShape& shape = family.levels[level];
    if (shape.files == 0 && level > 0) continue;
    levels.push_back(
        absl::StrCat("L", level, " ", shape.files, "/",
                     RoughBytes(static_cast<double>(shape.bytes))));
  }
  return absl::StrJoin(levels, " ");
}

}  // namespace

std::string WriteProfile(const ModelBriefing& briefing,
                         const std::vector<int>& shown) {
  const BriefedProfile& profile = briefing.profile;
  std::string line;
  for (int i = 0; i < kProfileDimensions; ++i) {
    const auto dimension = static_cast<ProfileDimension>(i);
    if (!profile.value[i]) continue;
    absl::StrAppend(&line, line.empty() ? "" : ", ", ToString(dimension), " ",
                    DimensionText(dimension, *profile.value[i]));
  }
  Add("burstiness", profile.burstiness, RoughShare, line);
  Add("update_share", profile.update_share, RoughShare, line);
  Add("write_amplification", profile.write_amplification, Rough, line);
  Add("read_amplification", profile.read_amplification, Rough, line);
  AddSkew("read", profile.read_keys, line);
  AddSkew("written", profile.written_keys, line);
  std::string text =
      absl::StrCat("PROFILE\n", line.empty() ? "not known yet" : line, "\n");
  for (int position : shown) {
    const BriefedFamily& family = briefing.families[position];
    std::string of_family;
    Add("read_share", family.read_share, RoughShare, of_family);
    Add("miss_share", family.miss_share, RoughShare, of_family);
    Add("space_amplification", family.space_amplification, RoughShare,
        of_family);
    if (of_family.empty()) continue;
    absl::StrAppend(&text, ScopeText(position), " ", of_family, "\n");
  }
  return text;
}

std::string WriteLoad(const ModelBriefing& briefing) {
  const BriefedLoad& load = briefing.load;
  if (load.windows == 0 || load.length_s <= 0) return "LOAD\nno windows yet\n";
  std::string text = absl::StrCat(
      "LOAD (", load.windows, " windows, ", Rough(load.length_s), " s, ",
      Rough(load.least_ops_per_s), "..", Rough(load.most_ops_per_s),
      " ops/s, host ", load.saturated ? "saturated" : "not saturated", ")\n");
  for (int i = 0; i < kOpKinds; ++i) {
    const OpStats& stats = load.ops[i];
    if (stats.count == 0) continue;
    absl::StrAppend(&text, ToString(static_cast<OpKind>(i)), " ",
                    Rough(static_cast<double>(stats.count) / load.length_s),
                    "/s");
    if (stats.samples > 0) {
      absl::StrAppend(&text, ", us mean ", Rough(stats.latency_us_mean),
                      ", p50 ", Rough(stats.latency_us_p50), ", p99 ",
                      Rough(stats.latency_us_p99));
    }
    absl::StrAppend(&text, "\n");
  }
  std::string reads;
  if (briefing.profile.sources) {
    const ReadSources& from = *briefing.profile.sources;
    Add("memtable", from.memtable, RoughShare, reads);
    Add("L0", from.l0, RoughShare, reads);
    Add("L1", from.l1, RoughShare, reads);
    Add("L2+", from.l2_and_up, RoughShare, reads);
  }
  // Of the files that a filter was asked about.
  Add("filter spared",
      ShareOf(Count(load, Ticker::kBloomUseful),
              Count(load, Ticker::kBloomFullPositive)),
      RoughShare, reads);
  if (!reads.empty()) {
    absl::StrAppend(&text, "point reads served from: ", reads, "\n");
  }
  return text;
}

std::string WriteShape(const ModelBriefing& briefing,
                       const std::vector<int>& shown) {
  std::string text = "LSM (files/bytes by level)\n";
  for (int position : shown) {
    const BriefedFamily& family = briefing.families[position];
    absl::StrAppend(
        &text, ScopeText(position), " ", family.compaction_style, " ",
        LevelsText(family), ", keys ", Rough(static_cast<double>(family.keys)),
        ", memtables ", RoughBytes(static_cast<double>(family.memtable_bytes)),
        " (", family.immutable_memtables, " full), debt ",
        RoughBytes(static_cast<double>(family.pending_compaction_bytes)),
        ", table readers ",
        RoughBytes(static_cast<double>(family.table_reader_bytes)), "\n");
  }
  const size_t hidden = briefing.families.size() - shown.size() +
                        static_cast<size_t>(briefing.families_left_out);
  if (hidden > 0) {
    absl::StrAppend(&text, hidden,
                    " column families with less data left out\n");
  }
  return text;
}

namespace {

std::string StallsText(const BriefedLoad& load) {
  const StallFacts& stalls = load.stalls;
  std::string text = absl::StrCat(
      "STALLS share ", RoughShare(load.stall_share), ", by cause: memtables ",
      stalls.memtable_stalls, ", L0 files ", stalls.l0_stalls,
      ", compaction debt ", stalls.pending_bytes_stalls);
  if (stalls.writes_stopped) absl::StrAppend(&text, ", writes stopped now");
  if (stalls.delayed_write_rate > 0) {
    absl::StrAppend(&text, ", writes delayed to ",
                    RoughBytes(static_cast<double>(stalls.delayed_write_rate)),
                    "/s");
  }
  return absl::StrCat(text, "\n");
}

std::string CacheText(const ModelBriefing& briefing) {
  const BriefedLoad& load = briefing.load;
  std::string line;
  Add("hit ratio",
      ShareOf(Count(load, Ticker::kBlockCacheHit),
              Count(load, Ticker::kBlockCacheMiss)),
      RoughShare, line);
  Add("of data blocks",
      ShareOf(Count(load, Ticker::kBlockCacheDataHit),
              Count(load, Ticker::kBlockCacheDataMiss)),
      RoughShare, line);
  std::string text = absl::StrCat("CACHE ", line, "\n");
  for (const BriefedCache& cache : load.caches) {
    absl::StrAppend(
        &text, "cache of ", ScopeText(cache.family), ": capacity ",
        RoughBytes(static_cast<double>(cache.capacity_bytes)), ", used ",
        RoughBytes(static_cast<double>(cache.usage_bytes)), ", pinned ",
        RoughBytes(static_cast<double>(cache.pinned_bytes)));
    // Every other point says as much; the last one is the ceiling.
    constexpr size_t kMostPoints = 8;
    const size_t step = cache.curve.size() / kMostPoints + 1;
    for (size_t i = 0; i < cache.curve.size(); i += step) {
      absl::StrAppend(
          &text, i == 0 ? "; hit ratio expected at " : ", ",
          RoughBytes(static_cast<double>(cache.curve[i].capacity_bytes)), " ",
          RoughShare(cache.curve[i].hit_ratio));
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace

std::string WriteResources(const ModelBriefing& briefing) {
  const BriefedLoad& load = briefing.load;
  if (load.windows == 0 || load.length_s <= 0) return "";
  const auto per_second = [&load](double bytes) {
    return absl::StrCat(RoughBytes(bytes / load.length_s), "/s");
  };
  return absl::StrCat(
      StallsText(load), CacheText(briefing), "CPU ",
      Rough(static_cast<double>(load.process.cpu_us) / 1e6 / load.length_s),
      " of ", briefing.host.cores, " cores, resident ",
      RoughBytes(static_cast<double>(load.process.resident_bytes)),
      "\nIO device reads ",
      per_second(static_cast<double>(load.process.read_bytes)), ", writes ",
      per_second(static_cast<double>(load.process.write_bytes)), "; WAL ",
      per_second(Count(load, Ticker::kWalBytes)), " in ",
      Rough(Count(load, Ticker::kWalSyncs) / load.length_s), " syncs/s; flush ",
      per_second(Count(load, Ticker::kFlushWriteBytes)), "; compaction reads ",
      per_second(Count(load, Ticker::kCompactReadBytes)), ", writes ",
      per_second(Count(load, Ticker::kCompactWriteBytes)), ", running ",
      Rough(load.running_compactions), "\n");
}

}  // namespace rocktune
