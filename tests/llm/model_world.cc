#include "tests/llm/model_world.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/option_knowledge.h"
#include "tests/policy/calibration_fixture.h"

namespace rocktune {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr uint64_t kGiB = uint64_t{1} << 30;

// What the fixture of calibration has not, and RocksDB 9 has.
const OptionSeed kMore[] = {
    {"max_sequential_skip_in_iterations", OptionScope::kColumnFamily,
     OptionType::kUint, "8"},
    {"ignore_max_compaction_bytes_for_input", OptionScope::kColumnFamily,
     OptionType::kBool, "true"},
    {"blob_compaction_readahead_size", OptionScope::kColumnFamily,
     OptionType::kUint, "0"},
    {"block_based_table_factory.max_auto_readahead_size",
     OptionScope::kColumnFamily, OptionType::kUint, "262144"},
    {"block_based_table_factory.initial_auto_readahead_size",
     OptionScope::kColumnFamily, OptionType::kUint, "8192"},
    {"block_based_table_factory.num_file_reads_for_auto_readahead",
     OptionScope::kColumnFamily, OptionType::kUint, "2"},
    {"strict_bytes_per_sync", OptionScope::kDb, OptionType::kBool, "false"},
    {"writable_file_max_buffer_size", OptionScope::kDb, OptionType::kUint,
     "1048576"}};

std::string NameOf(const WorldNames& names, size_t position) {
  // The numbers run backwards, so that no order of names is that of the ids.
  return position == 0 ? "default" : absl::StrCat(99 - position, names.family);
}

Trial PastTrial(const WorldNames& names, int number,
                const DatabaseFacts& database) {
  static constexpr Verdict kVerdicts[] = {
      Verdict::kKept, Verdict::kNoGain, Verdict::kRegressed,
      Verdict::kInconclusive, Verdict::kNoGain};
  Trial trial;
  trial.id = number;
  trial.database = names.database;
  trial.source =
      number % 3 == 0 ? ProposalSource::kLlm : ProposalSource::kExpert;
  trial.summary = names.text;
  trial.why = names.text;
  trial.ended = number % 7 == 0 ? names.text : "proven";
  trial.design_why = trial.expected = trial.load = names.text;
  trial.verdict = kVerdicts[number % 5];
  trial.effect = {0.01 * number - 0.05, 0.01 * number - 0.09,
                  0.01 * number - 0.01, 0.99};
  for (ArmSummary* arm : {&trial.baseline, &trial.candidate}) {
    arm->windows = 30;
    arm->throughput_ops_per_s = 41234.5 + 100 * number;
    arm->latency_us_p99 = {812.25, 0, 391.5, 2210.75};
    arm->stall_share = 0.02;
  }
  const std::string before = absl::StrCat(number * 16 * kMiB);
  const std::string after = absl::StrCat(number * 32 * kMiB);
  for (const ColumnFamilyFacts& family : database.column_families) {
    trial.change_set.changes.push_back(
        {{"write_buffer_size", family.name}, before, after, names.text});
  }
  trial.change_set.changes.push_back(
      {{"max_background_jobs", ""}, "2", "4", names.text});
  return trial;
}

}  // namespace

ModelWorld::ModelWorld(const WorldNames& names, int families, int past_trials) {
  host.cores = 8;
  host.memory_bytes = 16 * kGiB;
  host.rotational = false;
  host.filesystem = "ext4";
  host.device_queue = names.path;
  host.rocksdb_version = names.text;
  features = {.major = 9, .minor = 10, .patch = 0};
  database.name = names.database;
  database.missing = {names.text};
  for (int i = 0; i < families; ++i) {
    database.column_families.push_back(
        {static_cast<uint32_t>(i), NameOf(names, i),
         i == 7 ? names.text : "kCompactionStyleLevel", 1});
  }
  FillCatalogue();
  FillWindows(names);
  FillTrace();
  FillTrials(names, past_trials);
  FillRules(names);
}

void ModelWorld::FillCatalogue() {
  std::vector<OptionSeed> seeds = SeedOptions();
  seeds.insert(seeds.end(), std::begin(kMore), std::end(kMore));
  std::vector<CatalogueRow> rows;
  for (const OptionSeed& seed : seeds) {
    DiscoveredOption option{seed.name, seed.scope, seed.type, {}, seed.value};
    if (seed.type == OptionType::kEnum) {
      option.enum_values = {"kNoCompression", "kSnappyCompression",
                            "kLZ4Compression", "kZSTD",
                            "kDisableCompressionOption"};
    }
    rows.push_back(DescribeOption(option, host));
    if (seed.scope != OptionScope::kColumnFamily) {
      values[{seed.name, ""}] = seed.value;
      continue;
    }
    for (const ColumnFamilyFacts& family : database.column_families) {
      values[{seed.name, family.name}] = seed.value;
    }
  }
  catalogue = Catalogue(std::move(rows));
  // Tuned by hand before: every family is different.
  for (const ColumnFamilyFacts& family : database.column_families) {
    values[{"write_buffer_size", family.name}] =
        absl::StrCat((16 + 8 * family.id) * kMiB);
    values[{"max_bytes_for_level_base", family.name}] =
        absl::StrCat((200 + 7 * family.id) * kMiB + 1);
  }
  values[{"block_cache.capacity", ""}] = absl::StrCat(2 * kGiB);
}

void ModelWorld::FillWindows(const WorldNames& names) {
  Window window;
  window.database = names.database;
  window.length = absl::Seconds(1);
  window.has_tickers = window.has_latencies = true;
  for (int kind = 0; kind < kOpKinds; ++kind) {
    window.ops[kind] = {uint64_t{9871} * (kind + 1), 300, 41.75 + kind, 33.5,
                        812.25};
  }
  for (int ticker = 0; ticker < kTickers; ++ticker) {
    window.tickers[ticker] = uint64_t{123457} + 1001 * ticker;
  }
  for (const ColumnFamilyFacts& family : database.column_families) {
    ColumnFamilyShape shape;
    shape.id = family.id;
    shape.name = family.name;
    for (uint64_t level = 0; level < 7; ++level) {
      shape.levels.push_back({level + 3, (level * 711 + 13) * kMiB});
    }
    shape.immutable_memtables = 1;
    shape.all_memtable_bytes = 71 * kMiB;
    shape.pending_compaction_bytes = 913 * kMiB;
    shape.table_reader_bytes = 17 * kMiB;
    shape.estimated_keys = 12345678;
    window.column_families.push_back(std::move(shape));
  }
  window.caches = {{"", 2 * kGiB, 2013 * kMiB, 3 * kMiB}};
  window.stalls = {16 * kMiB, true, 3, 5, 7, 40000};
  window.process = {5300000, 3 * kGiB, 91 * kMiB, 157 * kMiB};
  window.running_compactions = 2;
  windows.assign(60, window);
}

void ModelWorld::FillTrace() {
  TraceFacts trace;
  MissRatioCurve curve;
  for (uint64_t i = 1; i <= 16; ++i) {
    curve.points.push_back({(uint64_t{8} << i) * kMiB, 0.05 * i});
  }
  trace.curves = {curve};
  trace.read_keys = KeySkew{1e6, 0.42, 0.91, 3 * kGiB};
  trace.written_keys = KeySkew{2e6, 0.11, 0.52, 1 * kGiB};
  trace.update_share = 0.31;
  profile = ProfileOf(windows, trace);
}

void ModelWorld::FillTrials(const WorldNames& names, int count) {
  for (int number = 1; number <= count; ++number) {
    trials.push_back(PastTrial(names, number, database));
  }
}

void ModelWorld::FillRules(const WorldNames& names) {
  const std::string& second = database.column_families.back().name;
  pins = {{"write_buffer_size", second, false, "1048576", "134217728"},
          {"max_background_jobs", "", true, "", ""},
          {names.text, names.text, false, names.text, names.text}};
  limits = {{"get_p99", true, 5000, names.text},
            {names.text, true, 1, names.text}};
  notes = {{CalibrationStep::kRange, false, "write_buffer_size", second,
            "above_ceiling", names.text, "64 GB", "3159563776"},
           {CalibrationStep::kAllowed, true, "ttl", "", "approve_only",
            names.text, names.text, ""},
           {CalibrationStep::kSpelling, true, names.text, names.text,
            names.text, names.text, names.text, names.text}};
  issues = {{ReplyIssueCode::kUnknownOption, "", "", names.text},
            {ReplyIssueCode::kConflictingValues, "compression", "", names.text},
            {ReplyIssueCode::kMissingValue, names.text, "", names.text}};
}

AdvisorInput ModelWorld::Input() const {
  AdvisorInput input;
  input.context.catalogue = &catalogue;
  input.context.database = &database;
  input.context.host = &host;
  input.context.features = &features;
  input.context.values = &values;
  input.context.window = &windows.back();
  input.context.pins = &pins;
  input.context.memory_budget_bytes = 8 * kGiB;
  input.windows = windows;
  input.trials = trials;
  return input;
}

ModelBriefing ModelWorld::Brief() const {
  const AdvisorInput input = Input();
  return BriefModel({.advisor = input,
                     .profile = profile,
                     .limits = limits,
                     .notes = notes,
                     .issues = issues});
}

}  // namespace rocktune
