#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/expert_advisor.h"
#include "policy/expert_rules.h"
#include "tests/policy/expert_world.h"

namespace rocktune {
namespace {

constexpr OptionScope kFamily = OptionScope::kColumnFamily;
constexpr OptionScope kDb = OptionScope::kDb;
const std::string kTable = "block_based_table_factory.";

struct OfflineExpertWorld : ExpertWorld {
  OfflineExpertWorld() {
    setting = TuningSetting::kOffline;
    max_changes = 16;
    rows.clear();
    const OptionValues online = values;
    for (const auto& [key, value] : online) {
      AddOption(key.name, ScopeOf(key), TypeOf(value), value);
    }
    AddWords(kTable + "filter_policy", kFamily,
             {"nullptr", "bloomfilter:10:false"});
    AddWords(kTable + "index_type", kFamily,
             {"kBinarySearch", "kTwoLevelIndexSearch"});
    AddWords(kTable + "data_block_index_type", kFamily,
             {"kDataBlockBinarySearch", "kDataBlockBinaryAndHash"});
    AddWords("compaction_style", kFamily,
             {"kCompactionStyleLevel", "kCompactionStyleUniversal"});
    AddWords("bottommost_compression", kFamily,
             {"kDisableCompressionOption", "kZSTD"});
    for (const char* member :
         {"cache_index_and_filter_blocks", "partition_filters",
          "pin_l0_filter_and_index_blocks_in_cache"}) {
      AddOption(kTable + member, kFamily, OptionType::kBool, "false");
    }
    AddFamily(kTable + "block_size", "4096");
    for (const char* name : {"level_compaction_dynamic_level_bytes",
                             "optimize_filters_for_hits"}) {
      AddOption(name, kFamily, OptionType::kBool, "false");
    }
    for (const char* name :
         {"use_direct_reads", "use_direct_io_for_flush_and_compaction",
          "enable_pipelined_write"}) {
      AddOption(name, kDb, OptionType::kBool, "false");
    }
    AddOption("max_open_files", kDb, OptionType::kInt, "-1");
  }

  static OptionScope ScopeOf(const OptionKey& key) {
    if (key.name == "block_cache.capacity") return OptionScope::kLive;
    return key.column_family.empty() ? kDb : kFamily;
  }
  static OptionType TypeOf(const std::string& value) {
    if (value == "false") return OptionType::kBool;
    return value[0] == 'k' ? OptionType::kEnum : OptionType::kUint;
  }
};

void Mix(double gets, double writes, double seeks, Window* window) {
  SetOp(OpKind::kGet, static_cast<uint64_t>(gets * 40000), 50, window);
  SetOp(OpKind::kWrite, static_cast<uint64_t>(writes * 40000), 20, window);
  SetOp(OpKind::kSeek, static_cast<uint64_t>(seeks * 40000), 80, window);
}

void Misses(ExpertWorld* w) {
  w->window.ticker(Ticker::kBlockCacheHit) = 20000;
  w->window.ticker(Ticker::kBlockCacheMiss) = 40000;
}

void DataOf(uint64_t bytes, ExpertWorld* w) {
  w->window.column_families[0].levels[6].bytes = bytes;
}

struct Case {
  const char* rule;
  void (*symptom)(ExpertWorld* world);
  const char* changes;  // "option=value ...", table members by their last part
};

const Case kCases[] = {
    {"no_filter", [](ExpertWorld*) {}, "filter_policy=bloomfilter:10:false"},
    {"no_filter", [](ExpertWorld* w) { w->Set(kTable + "filter_policy", "x"); },
     ""},
    {"no_filter",  // memtables answer
     [](ExpertWorld* w) { w->window.ticker(Ticker::kMemtableHit) = 100000; },
     ""},
    {"no_filter", [](ExpertWorld* w) { Mix(0, 1, 0, &w->window); }, ""},
    {"no_filter",  // few, and 12 % of the time
     [](ExpertWorld* w) { Mix(0.05, 0.95, 0, &w->window); },
     "filter_policy=bloomfilter:10:false"},
    {"no_filter", [](ExpertWorld* w) { Mix(0.02, 0.98, 0, &w->window); }, ""},
    {"filters_of_the_last_level_are_idle",
     [](ExpertWorld* w) {
       w->Set(kTable + "filter_policy", "bloomfilter:10:false");
       DataOf(20ull << 30, w);
       w->window.ticker(Ticker::kKeysRead) = 1000;
       w->window.ticker(Ticker::kGetHitL2AndUp) = 995;
     },
     "optimize_filters_for_hits=true"},
    {"filters_of_the_last_level_are_idle",  // some keys are not there
     [](ExpertWorld* w) {
       w->Set(kTable + "filter_policy", "bloomfilter:10:false");
       DataOf(20ull << 30, w);
       w->window.ticker(Ticker::kKeysRead) = 1000;
       w->window.ticker(Ticker::kGetHitL2AndUp) = 900;
     },
     ""},
    {"index_outside_the_cache",
     [](ExpertWorld* w) {
       w->window.column_families[0].table_reader_bytes = 100 << 20;
       w->memory_budget_bytes = 137 << 20;
     },
     "cache_index_and_filter_blocks=true "
     "pin_l0_filter_and_index_blocks_in_cache=true"},
    {"index_outside_the_cache",  // there is room
     [](ExpertWorld* w) {
       w->window.column_families[0].table_reader_bytes = 100 << 20;
     },
     ""},
    {"index_pushed_out",
     [](ExpertWorld* w) {
       w->Set(kTable + "cache_index_and_filter_blocks", "true");
       w->window.ticker(Ticker::kBlockCacheIndexMiss) = 20000;
     },
     "cache_index_and_filter_blocks=false"},
    {"index_pushed_out",  // no room beside the cache
     [](ExpertWorld* w) {
       w->Set(kTable + "cache_index_and_filter_blocks", "true");
       w->Set(kTable + "filter_policy", "bloomfilter:10:false");
       w->window.ticker(Ticker::kBlockCacheIndexMiss) = 20000;
       w->memory_budget_bytes = 137 << 20;
     },
     "index_type=kTwoLevelIndexSearch partition_filters=true"},
    {"search_in_blocks",
     [](ExpertWorld* w) { w->window.ticker(Ticker::kBlockCacheHit) = 90000; },
     "data_block_index_type=kDataBlockBinaryAndHash"},
    {"search_in_blocks", Misses, ""},
    {"small_blocks_for_scans",
     [](ExpertWorld* w) {
       Mix(0, 0.1, 0.9, &w->window);
       w->window.ticker(Ticker::kSeeks) = 100;
       w->window.ticker(Ticker::kNexts) = 10000;
     },
     "block_size=16384"},
    {"small_blocks_for_scans",  // short ones
     [](ExpertWorld* w) {
       Mix(0, 0.1, 0.9, &w->window);
       w->window.ticker(Ticker::kSeeks) = 100;
       w->window.ticker(Ticker::kNexts) = 1000;
     },
     ""},
    {"data_larger_than_memory",
     [](ExpertWorld* w) {
       Misses(w);
       DataOf(20ull << 30, w);
     },
     "use_direct_reads=true use_direct_io_for_flush_and_compaction=true"},
    {"data_larger_than_memory", Misses, ""},
    {"closes_files", [](ExpertWorld* w) { w->Set("max_open_files", "100"); },
     "max_open_files=-1"},
    {"closes_files", [](ExpertWorld*) {}, ""},
    {"rewrites_much",
     [](ExpertWorld* w) {
       Mix(0.1, 0.9, 0, &w->window);
       w->window.ticker(Ticker::kBytesWritten) = 10 << 20;
       w->window.ticker(Ticker::kCompactWriteBytes) = 60 << 20;
     },
     "compaction_style=kCompactionStyleUniversal"},
    {"rewrites_much",  // scans would pay for it
     [](ExpertWorld* w) {
       Mix(0, 0.75, 0.25, &w->window);
       w->window.ticker(Ticker::kBytesWritten) = 10 << 20;
       w->window.ticker(Ticker::kCompactWriteBytes) = 60 << 20;
     },
     ""},
    {"writers_wait_for_groups",
     [](ExpertWorld* w) {
       Mix(0.1, 0.9, 0, &w->window);
       w->window.ticker(Ticker::kWriteDoneBySelf) = 1000;
       w->window.ticker(Ticker::kWriteDoneByOther) = 3000;
     },
     "enable_pipelined_write=true"},
    {"writers_wait_for_groups",  // one writer
     [](ExpertWorld* w) {
       Mix(0.1, 0.9, 0, &w->window);
       w->window.ticker(Ticker::kWriteDoneBySelf) = 1000;
     },
     ""},
    {"fixed_levels", [](ExpertWorld* w) { Mix(0.5, 0.5, 0, &w->window); },
     "level_compaction_dynamic_level_bytes=true"},
    {"fixed_levels",  // another style
     [](ExpertWorld* w) {
       Mix(0.5, 0.5, 0, &w->window);
       w->Set("compaction_style", "kCompactionStyleUniversal");
     },
     ""},
    {"few_jobs",
     [](ExpertWorld* w) {
       Mix(0.5, 0.5, 0, &w->window);
       w->host.cores = 8;
     },
     "max_background_jobs=8 max_subcompactions=2"},
    {"few_jobs", [](ExpertWorld* w) { w->host.cores = 8; }, ""},
    {"writes_uncompressed",
     [](ExpertWorld* w) {
       w->Set("compression", "kNoCompression");
       Misses(w);
     },
     "compression=kLZ4Compression"},
    {"writes_uncompressed",  // no core has time
     [](ExpertWorld* w) {
       w->Set("compression", "kNoCompression");
       Misses(w);
       w->window.process.cpu_us = 1900000;
     },
     ""},
    {"large_last_level",
     [](ExpertWorld* w) {
       Misses(w);
       DataOf(20ull << 30, w);
       w->window.process.cpu_us = 200000;
     },
     "bottommost_compression=kZSTD"},
    {"large_last_level", Misses, ""},
};

std::string Text(const std::vector<ProposedChange>& changes) {
  return absl::StrJoin(
      changes, " ", [](std::string* out, const ProposedChange& change) {
        const std::string& name = change.option;
        const bool table = name.rfind(kTable, 0) == 0;
        absl::StrAppend(out, table ? name.substr(kTable.size()) : name, "=",
                        change.value);
      });
}

TEST(OfflineRules, SeeTheirSymptomAndNoOther) {
  for (const Case& row : kCases) {
    OfflineExpertWorld world;
    row.symptom(&world);
    const AdvisorInput input = world.Input();
    const ExpertView view(input, {});
    bool found = false;
    for (const ExpertRule& rule : OfflineRules()) {
      if (std::string(rule.name) != row.rule) continue;
      found = true;
      const std::optional<Symptom> symptom = rule.look(view);
      EXPECT_EQ(symptom ? Text(symptom->changes) : "", row.changes) << row.rule;
      EXPECT_GE(symptom ? symptom->strength : 1, 0.1) << row.rule;
    }
    EXPECT_TRUE(found) << row.rule;
  }
}

TEST(OfflineRules, EachHasASourceAndACaseThatItSees) {
  for (const ExpertRule& rule : OfflineRules()) {
    EXPECT_NE(std::string(rule.source), "") << rule.name;
    bool seen = false;
    for (const Case& row : kCases) {
      seen |= std::string(row.rule) == rule.name && *row.changes != '\0';
    }
    EXPECT_TRUE(seen) << rule.name;
  }
}

// The same options and the same load, in an open database.
TEST(OfflineRules, AreNotAskedOnline) {
  OfflineExpertWorld world;
  ExpertAdvisor offline;
  ASSERT_TRUE(offline.Advise(world.Input()).proposal);
  world.setting = TuningSetting::kOnline;
  ExpertAdvisor online;
  const Advice advice = online.Advise(world.Input());
  EXPECT_THAT(advice.why, testing::Not(testing::HasSubstr("no_filter")));
}

TEST(OfflineAdvice, TriesAllThatSeemsRightThenTheStrongestAlone) {
  OfflineExpertWorld world;
  Misses(&world);
  Mix(0.5, 0.5, 0, &world.window);
  ExpertAdvisor advisor;
  const Advice first = advisor.Advise(world.Input());
  ASSERT_TRUE(first.proposal);
  EXPECT_THAT(
      Text(first.proposal->changes),
      testing::AllOf(testing::HasSubstr("filter_policy=bloomfilter:10:false"),
                     testing::HasSubstr("block_cache.capacity="),
                     testing::HasSubstr("dynamic_level_bytes=true")));
  Trial failed;
  failed.source = ProposalSource::kExpert;
  failed.summary = first.proposal->summary;
  failed.verdict = Verdict::kNoGain;
  advisor.Learn(failed);
  const Advice second = advisor.Advise(world.Input());
  ASSERT_TRUE(second.proposal);
  EXPECT_LT(second.proposal->changes.size(), first.proposal->changes.size());
}

TEST(OfflineAdvice, KeepsABundleWithinItsLimitAndEachOptionOnce) {
  OfflineExpertWorld world;
  Misses(&world);
  Mix(0.5, 0.5, 0, &world.window);
  world.max_changes = 3;
  ExpertAdvisor advisor;
  const Advice advice = advisor.Advise(world.Input());
  ASSERT_TRUE(advice.proposal);
  std::set<std::string> options;
  for (const ProposedChange& change : advice.proposal->changes) {
    EXPECT_TRUE(options.insert(change.option).second) << change.option;
  }
  EXPECT_LE(options.size(), 4u);  // one rule alone may name four
}

}  // namespace
}  // namespace rocktune
