#include "tests/simulation/surface.h"

#include <algorithm>

#include "tests/simulation/random.h"

namespace rocktune::simulation {
namespace {

constexpr int kSettleSeconds = 300;
constexpr int kMeasureSeconds = 600;

constexpr const char* kCache[] = {
    "33554432",  "67108864",   "134217728", "201326592", "268435456",
    "335544320", "402653184",  "536870912", "671088640", "805306368",
    "905969664", "1073741824", "1610612736"};
constexpr const char* kWriteBuffer[] = {"16777216",  "33554432",  "67108864",
                                        "134217728", "201326592", "268435456",
                                        "402653184"};
constexpr const char* kWriteBuffers[] = {"2", "3", "4", "6", "8"};
constexpr const char* kTrigger[] = {"2", "3", "4", "6", "8", "12", "16", "24"};
constexpr const char* kSlowdown[] = {"12", "20", "40", "80"};
constexpr const char* kStop[] = {"20", "36", "72", "144"};
constexpr const char* kJobs[] = {"2", "3", "4", "5", "6", "8"};
constexpr const char* kSubcompactions[] = {"1", "2", "3", "4"};
constexpr const char* kReadahead[] = {"0", "262144", "1048576", "2097152",
                                      "8388608"};
constexpr const char* kLevelBase[] = {"67108864",  "134217728",  "268435456",
                                      "536870912", "1073741824", "2147483648",
                                      "4294967296"};
constexpr const char* kDelayed[] = {"16777216", "67108864", "268435456"};
constexpr const char* kBlock[] = {"2048", "4096", "8192", "16384"};
constexpr const char* kCompression[] = {"kNoCompression", "kLZ4Compression",
                                        "kZSTD"};

constexpr GridRow kGrid[] = {
    {"block_cache.capacity", kCache},
    {"write_buffer_size", kWriteBuffer},
    {"max_write_buffer_number", kWriteBuffers},
    {"level0_file_num_compaction_trigger", kTrigger},
    {"level0_slowdown_writes_trigger", kSlowdown},
    {"level0_stop_writes_trigger", kStop},
    {"max_background_jobs", kJobs},
    {"max_subcompactions", kSubcompactions},
    {"compaction_readahead_size", kReadahead},
    {"max_bytes_for_level_base", kLevelBase},
    {"delayed_write_rate", kDelayed},
    {"block_based_table_factory.block_size", kBlock},
    {"compression", kCompression},
};

// Cache and memtables compete for one budget: what does not fit takes from
// the other one.
void FitMemory(const StoreHost& host, absl::string_view changed,
               OptionValues* values) {
  const bool cache_gives = changed != "block_cache.capacity";
  const GridRow& row = kGrid[cache_gives ? 0 : 1];
  for (size_t i = row.values.size(); i-- > 0;) {
    if (Allowed(host, *values)) return;
    (*values)[KeyOf(row.option)] = row.values[i];
  }
}

// A search's place among all values.
struct Search {
  const StoreHost& host;
  const Score& score;
  double least_level_base = 0;
};

bool Reachable(const Search& search, const OptionValues& values) {
  return Allowed(search.host, values) &&
         ParseOptions(values).level_base_bytes >= search.least_level_base;
}

// One round over all options; true when something got better.
bool Improve(const Search& search, Optimum* best) {
  bool better = false;
  for (const GridRow& row : kGrid) {
    for (const char* value : row.values) {
      OptionValues tried = best->values;
      tried[KeyOf(row.option)] = value;
      FitMemory(search.host, row.option, &tried);
      if (!Reachable(search, tried)) continue;
      const double found = search.score(tried);
      if (found <= best->score * 1.0001) continue;
      *best = {std::move(tried), found};
      better = true;
    }
  }
  return better;
}

Optimum Climb(const Search& search, OptionValues from) {
  Optimum best{std::move(from), 0};
  best.score = search.score(best.values);
  for (int round = 0; round < 6 && Improve(search, &best); ++round) {
  }
  return best;
}

OptionValues RandomPlace(const Search& search, OptionValues values,
                         Random* random) {
  for (int tries = 0; tries < 100; ++tries) {
    OptionValues place = values;
    for (const GridRow& row : kGrid) {
      place[KeyOf(row.option)] = row.values[random->Below(row.values.size())];
    }
    if (Reachable(search, place)) return place;
  }
  return values;
}

}  // namespace

absl::Span<const GridRow> Grid() { return kGrid; }

double SteadyRate(const StoreHost& host, const Load& load,
                  const OptionValues& values) {
  Store store(host, load, ParseOptions(values));
  store.Warm(load);
  const Sky sky;
  for (int i = 0; i < kSettleSeconds; ++i) store.Step(load, sky, 1);
  double sum = 0;
  for (int i = 0; i < kMeasureSeconds; ++i) {
    sum += store.Step(load, sky, 1).operations;
  }
  return sum / kMeasureSeconds;
}

bool Allowed(const StoreHost& host, const OptionValues& values) {
  const StoreOptions options = ParseOptions(values);
  const double memory = options.block_cache_bytes +
                        options.write_buffer_bytes * options.write_buffers;
  return memory <= host.memory_budget_bytes &&
         options.l0_trigger < options.l0_slowdown &&
         options.l0_slowdown < options.l0_stop;
}

Optimum FindOptimum(const StoreHost& host, const OptionValues& start, Way way,
                    int restarts, const Score& score) {
  Search search{host, score};
  if (way == Way::kOnline) {
    search.least_level_base = ParseOptions(start).level_base_bytes;
  }
  Optimum best = Climb(search, start);
  Random random(1);
  for (int i = 0; i < restarts; ++i) {
    Optimum found = Climb(search, RandomPlace(search, start, &random));
    if (found.score > best.score) best = std::move(found);
  }
  return best;
}

}  // namespace rocktune::simulation
