#include "policy/expert_rules.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/policy/expert_world.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

struct RuleCase {
  const char* rule;
  void (*symptom)(ExpertWorld*);
  const char* changes;  // "option=value ...", "" = does not apply
};

void Missing(ExpertWorld* world) {
  world->window.ticker(Ticker::kBlockCacheHit) = 20000;
  world->window.ticker(Ticker::kBlockCacheMiss) = 40000;
}

// The cache has all the memory there is.
void MissingForGood(ExpertWorld* world) {
  Missing(world);
  world->host.rocksdb_version = "9.10.0";
  world->AddFamily("block_based_table_factory.block_size", "4096");
  world->memory_budget_bytes = 137 << 20;
}

void Mix(double gets, double writes, double seeks, Window* window) {
  SetOp(OpKind::kGet, static_cast<uint64_t>(gets * 40000), 50, window);
  SetOp(OpKind::kWrite, static_cast<uint64_t>(writes * 40000), 20, window);
  SetOp(OpKind::kSeek, static_cast<uint64_t>(seeks * 40000), 80, window);
}

const RuleCase kCases[] = {
    // Straight to one and a half times the data, as far as one step goes.
    {"cache_too_small", Missing, "block_cache.capacity=629145600"},
    {"cache_too_small",
     [](ExpertWorld* w) {
       Missing(w);
       w->window.ticker(Ticker::kBlockCacheHit) = 2000000;
     },
     "block_cache.capacity=16777216"},
    {"cache_too_small",  // not full
     [](ExpertWorld* w) {
       Missing(w);
       w->window.caches[0].usage_bytes = 4 << 20;
     },
     ""},
    {"cache_too_small",  // compaction's own reads
     [](ExpertWorld* w) {
       Missing(w);
       w->window.ticker(Ticker::kCompactReadBytes) = 40000 * 4096;
     },
     ""},
    {"cache_too_small",  // no memory left, and the writes fill memtables
     [](ExpertWorld* w) {
       Missing(w);
       Mix(0.6, 0.4, 0, &w->window);
       w->memory_budget_bytes = 128 << 20;
     },
     ""},
    {"cache_too_small",  // memory that memtables hold and do not need
     [](ExpertWorld* w) {
       Missing(w);
       w->window.ticker(Ticker::kBytesWritten) = 700 << 10;
       w->memory_budget_bytes = 144 << 20;
     },
     "block_cache.capacity=99614720 write_buffer_size=20971520"},
    {"cache_too_small",  // no more of it than the cache can use
     [](ExpertWorld* w) {
       Missing(w);
       w->window.ticker(Ticker::kBlockCacheHit) = 2000000;
       w->memory_budget_bytes = 144 << 20;
     },
     "block_cache.capacity=16777216 write_buffer_size=62914560"},
    {"cache_too_small",  // stalled: the memtables need what they have
     [](ExpertWorld* w) {
       Missing(w);
       w->window.stalls.stall_micros = 300000;
       w->memory_budget_bytes = 128 << 20;
     },
     ""},
    {"many_l0_files_to_read",
     [](ExpertWorld* w) { w->window.column_families[0].levels[0].files = 3; },
     "level0_file_num_compaction_trigger=2"},
    {"many_l0_files_to_read",  // written to: level 1 is to be no larger
     [](ExpertWorld* w) {
       Mix(0.8, 0.2, 0, &w->window);
       w->window.column_families[0].levels[0] = {3, 60 << 20};
     },
     "level0_file_num_compaction_trigger=2 max_bytes_for_level_base=67108864 "
     "max_subcompactions=2 max_background_jobs=4"},
    {"large_blocks_for_point_reads", MissingForGood,
     "block_based_table_factory.block_size=2048"},
    {"large_blocks_for_point_reads",  // memory first
     [](ExpertWorld* w) {
       MissingForGood(w);
       w->memory_budget_bytes = 1ull << 30;
     },
     ""},
    {"large_blocks_for_point_reads",  // an entry fills most of a block
     [](ExpertWorld* w) {
       MissingForGood(w);
       w->window.ticker(Ticker::kBytesRead) = 40000ull * 3000;
     },
     ""},
    {"memtable_without_bloom",
     [](ExpertWorld* w) {
       w->window.ticker(Ticker::kMemtableMiss) = 39000;
       w->window.ticker(Ticker::kMemtableHit) = 1000;
     },
     "memtable_prefix_bloom_size_ratio=0.05 "
     "memtable_whole_key_filtering=true"},
    {"long_scans",  // in-place table options are closed on 7.8
     [](ExpertWorld* w) {
       w->AddFamily("block_based_table_factory.max_auto_readahead_size",
                    "262144");
       Mix(0.5, 0.1, 0.4, &w->window);
       w->window.ticker(Ticker::kSeeks) = 16000;
       w->window.ticker(Ticker::kNexts) = 1600000;
     },
     ""},
    {"long_scans",
     [](ExpertWorld* w) {
       w->host.rocksdb_version = "9.10.0";
       w->AddFamily("block_based_table_factory.max_auto_readahead_size",
                    "262144");
       Mix(0.5, 0.1, 0.4, &w->window);
       w->window.ticker(Ticker::kSeeks) = 16000;
       w->window.ticker(Ticker::kNexts) = 1600000;
     },
     "block_based_table_factory.max_auto_readahead_size=1048576"},
    {"stalled_by_memtables",
     [](ExpertWorld* w) {
       w->window.stalls.memtable_stalls = 5;
       w->window.stalls.stall_micros = 300000;
     },
     "max_write_buffer_number=4 max_background_jobs=4"},
    {"stalled_by_l0", [](ExpertWorld* w) { w->window.stalls.l0_stalls = 5; },
     "max_background_jobs=4 max_subcompactions=2 "
     "level0_slowdown_writes_trigger=40 level0_stop_writes_trigger=72"},
    {"stalled_by_l0",  // most of the time: what makes fewer files
     [](ExpertWorld* w) {
       w->window.stalls.l0_stalls = 5;
       w->window.stalls.stall_micros = 800000;
       w->window.ticker(Ticker::kFlushWriteBytes) = 10 << 20;
     },
     "max_background_jobs=4 max_subcompactions=2 write_buffer_size=268435456 "
     "delayed_write_rate=67108864"},
    {"stalled_by_l0",  // nothing else left; later, but not ever later
     [](ExpertWorld* w) {
       w->window.stalls.l0_stalls = 5;
       w->Set("max_background_jobs", "4");
       w->Set("max_subcompactions", "2");
       w->Set("level0_slowdown_writes_trigger", "60");
       w->Set("level0_stop_writes_trigger", "144");
     },
     "level0_slowdown_writes_trigger=80 compaction_readahead_size=2097152"},
    {"stalled_by_pending_bytes",
     [](ExpertWorld* w) { w->window.stalls.pending_bytes_stalls = 5; },
     "max_background_jobs=4 max_subcompactions=2 "
     "soft_pending_compaction_bytes_limit=137438953472 "
     "hard_pending_compaction_bytes_limit=549755813888"},
    {"delayed_too_hard",
     [](ExpertWorld* w) {
       w->window.stalls.delayed_write_rate = 2 << 20;
       w->window.stalls.stall_micros = 400000;
     },
     "delayed_write_rate=33554432"},
    {"compaction_falls_behind",
     [](ExpertWorld* w) { w->window.column_families[0].levels[0].files = 9; },
     "max_background_jobs=4 max_subcompactions=2"},
    {"too_many_jobs",
     [](ExpertWorld* w) {
       w->Set("max_background_jobs", "8");
       w->window.process.cpu_us = 1990000;
       w->window.running_compactions = 4;
     },
     "max_background_jobs=4"},
    {"small_write_buffers",
     [](ExpertWorld* w) {
       Mix(0.5, 0.5, 0, &w->window);
       w->window.ticker(Ticker::kFlushWriteBytes) = 10 << 20;
     },
     "write_buffer_size=268435456 max_bytes_for_level_base=1073741824"},
    {"small_write_buffers",  // mostly writes: level 0 may take in more
     [](ExpertWorld* w) {
       Mix(0.2, 0.8, 0, &w->window);
       w->window.ticker(Ticker::kFlushWriteBytes) = 10 << 20;
       w->window.column_families[0].levels[0] = {2, 40 << 20};
     },
     "write_buffer_size=268435456 level0_file_num_compaction_trigger=8 "
     "max_bytes_for_level_base=671088640"},
    {"write_amplification",
     [](ExpertWorld* w) {
       Mix(0.1, 0.9, 0, &w->window);
       w->window.ticker(Ticker::kBytesWritten) = 4 << 20;
       w->window.ticker(Ticker::kCompactWriteBytes) = 40 << 20;
     },
     "max_bytes_for_level_base=536870912 level0_file_num_compaction_trigger=8"},
    {"small_compaction_reads",
     [](ExpertWorld* w) {
       w->window.ticker(Ticker::kCompactReadBytes) = 20 << 20;
     },
     "compaction_readahead_size=2097152"},
    {"slow_compression",
     [](ExpertWorld* w) { w->window.process.cpu_us = 1900000; },
     "compression=kLZ4Compression"},
    {"slow_compression",
     [](ExpertWorld* w) {
       w->window.process.cpu_us = 1900000;
       w->values[{"compression_per_level", "default"}] = "kZSTD:kZSTD";
     },
     ""},
    {"bursty_file_writes",
     [](ExpertWorld* w) {
       Mix(0.5, 0.5, 0, &w->window);
       w->window.op(OpKind::kWrite).latency_us_p99 = 5000;
       w->window.ticker(Ticker::kFlushWriteBytes) = 20 << 20;
     },
     "bytes_per_sync=1048576"},
};

std::vector<const ExpertRule*> AllRules() {
  std::vector<const ExpertRule*> rules;
  for (const ExpertRule& rule : ReadRules()) rules.push_back(&rule);
  for (const ExpertRule& rule : WriteRules()) rules.push_back(&rule);
  return rules;
}

// "option=value ..." of what the rule proposes, "" when it does not apply.
std::string Proposed(const ExpertRule& rule, ExpertWorld* world) {
  const AdvisorInput input = world->Input();
  const ExpertView view(input, {});
  const std::optional<Symptom> symptom = rule.look(view);
  if (!symptom) return "";
  EXPECT_GT(symptom->strength, 0);
  EXPECT_LE(symptom->changes.size(), 4u);
  return absl::StrJoin(symptom->changes, " ",
                       [](std::string* out, const ProposedChange& change) {
                         EXPECT_FALSE(change.reason.empty());
                         absl::StrAppend(out, change.option, "=", change.value);
                       });
}

TEST(ExpertRules, EachFindsItsSymptom) {
  for (const RuleCase& c : kCases) {
    SCOPED_TRACE(c.rule);
    ExpertWorld world;
    c.symptom(&world);
    bool found = false;
    for (const ExpertRule* rule : AllRules()) {
      if (absl::string_view(rule->name) != c.rule) continue;
      found = true;
      EXPECT_EQ(Proposed(*rule, &world), c.changes);
    }
    EXPECT_TRUE(found);
  }
}

TEST(ExpertRules, EachHasACaseAndASource) {
  for (const ExpertRule* rule : AllRules()) {
    EXPECT_FALSE(absl::string_view(rule->source).empty());
    int cases = 0;
    for (const RuleCase& c : kCases) {
      cases += absl::string_view(c.rule) == rule->name && *c.changes != '\0';
    }
    EXPECT_GE(cases, 1) << rule->name;
  }
}

TEST(ExpertRules, FindNothingWrongWithAHealthyDatabase) {
  for (const ExpertRule* rule : AllRules()) {
    ExpertWorld world;
    EXPECT_EQ(Proposed(*rule, &world), "") << rule->name;
  }
}

TEST(ExpertRules, NeverNameAnOptionThatIsClosedHere) {
  for (const RuleCase& c : kCases) {
    SCOPED_TRACE(c.rule);
    for (const OptionClass closed :
         {OptionClass::kApproveOnly, OptionClass::kForbidden}) {
      ExpertWorld world;
      c.symptom(&world);
      for (CatalogueRow& row : world.rows) row.option_class = closed;
      for (const ExpertRule* rule : AllRules()) {
        EXPECT_EQ(Proposed(*rule, &world), "") << rule->name;
      }
    }
    ExpertWorld world;
    c.symptom(&world);
    world.rows.clear();
    for (const ExpertRule* rule : AllRules()) {
      EXPECT_EQ(Proposed(*rule, &world), "") << rule->name;
    }
  }
}

// A curve with a knee: 48 MiB get nearly all there is to get.
TraceFacts TraceWithAKnee() {
  TraceFacts trace;
  MissRatioCurve curve;
  for (const auto& [mib, ratio] : {std::pair{8, 0.33},
                                   {16, 0.60},
                                   {32, 0.80},
                                   {48, 0.92},
                                   {512, 0.94},
                                   {2048, 0.95}}) {
    curve.points.push_back({static_cast<uint64_t>(mib) << 20, ratio});
  }
  trace.curves = {curve};
  return trace;
}

const ExpertRule& CacheRule() { return ReadRules()[0]; }

std::optional<Symptom> LookWith(const TraceFacts& trace, ExpertWorld* world) {
  AdvisorInput input = world->Input();
  input.trace = &trace;
  return CacheRule().look(ExpertView(input, {}));
}

TEST(CacheRule, GoesToTheKneeOfTheMissRatioCurve) {
  ExpertWorld world;
  Missing(&world);
  const std::optional<Symptom> symptom = LookWith(TraceWithAKnee(), &world);
  ASSERT_TRUE(symptom);
  const double bytes = std::stod(symptom->changes[0].value);
  EXPECT_GT(bytes, 36 << 20);
  EXPECT_LE(bytes, 52 << 20);
  EXPECT_THAT(symptom->changes[0].expected_effect,
              HasSubstr("the hit ratio to rise by 0.5"));
  EXPECT_THAT(symptom->changes[0].expected_effect,
              HasSubstr("miss-ratio curve"));
}

TEST(CacheRule, TakesWhatTheMemoryAllowsOfTheCurve) {
  ExpertWorld world;
  Missing(&world);
  Mix(0.6, 0.4, 0, &world.window);        // memtables give nothing
  world.memory_budget_bytes = 160 << 20;  // of which a cache may get 16 MiB
  const std::optional<Symptom> symptom = LookWith(TraceWithAKnee(), &world);
  ASSERT_TRUE(symptom);
  const double bytes = std::stod(symptom->changes[0].value);
  EXPECT_GT(bytes, 12 << 20);
  EXPECT_LE(bytes, 24 << 20);
}

TEST(CacheRule, ProposesNothingWhereTheCurveIsFlat) {
  ExpertWorld world;
  Missing(&world);
  TraceFacts trace = TraceWithAKnee();
  for (MissRatioCurve::Point& point : trace.curves[0].points) {
    point.hit_ratio = 0.33 + 1e-12 * static_cast<double>(point.capacity_bytes);
  }
  EXPECT_FALSE(LookWith(trace, &world));
  // Nor does the search go on where the rule stops.
  AdvisorInput input = world.Input();
  input.trace = &trace;
  const ExpertView view(input, {});
  EXPECT_LT(view.PredictedHitGain(16 << 20).value(), 0.01);
}

TEST(CacheRule, GuessesWhereTheCurveDoesNotReach) {
  ExpertWorld world;
  Missing(&world);
  TraceFacts trace = TraceWithAKnee();
  trace.curves[0].points.resize(1);
  const std::optional<Symptom> symptom = LookWith(trace, &world);
  ASSERT_TRUE(symptom);
  EXPECT_EQ(symptom->changes[0].value, "629145600");
}

}  // namespace
}  // namespace rocktune
