// Random proposals through calibration into a live database under load:
// nothing aborts, writers go on, and the inverse restores every value.
// ROCKTUNE_FUZZ_SEED repeats a run, ROCKTUNE_FUZZ_COUNT sets its length.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "policy/calibration.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/rate_limiter.h"
#include "rocksdb/table.h"
#include "rocksdb/write_buffer_manager.h"
#include "tests/fuzz/fuzz_load.h"
#include "tests/fuzz/proposal_maker.h"
#include "tests/hooks/apply_fixture.h"

namespace rocktune {
namespace {

constexpr int kBatch = 25;  // proposals between two returns to the start

// What was being set when RocksDB aborted, said by the signal handler.
char g_last_change[2048];

void SayLastChange(int signal_number) {
  ssize_t ignored = write(2, g_last_change, strlen(g_last_change));
  static_cast<void>(ignored);
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = getenv(name);
  uint64_t value = 0;
  return text != nullptr && absl::SimpleAtoi(text, &value) ? value : otherwise;
}

std::string Text(const ChangeSet& change_set) {
  return absl::StrJoin(change_set.changes, ", ",
                       [](std::string* out, const Change& change) {
                         absl::StrAppend(out, ToString(change.key), ": ",
                                         change.before, " -> ", change.after);
                       });
}

std::string Text(const Proposal& proposal) {
  return absl::StrJoin(
      proposal.changes, ", ",
      [](std::string* out, const ProposedChange& change) {
        absl::StrAppend(out, absl::CHexEscape(change.option.substr(0, 60)), "[",
                        absl::CHexEscape(change.column_family.substr(0, 20)),
                        "]=", absl::CHexEscape(change.value.substr(0, 60)));
      });
}

class ProposalFuzz : public ApplierTest {
 protected:
  // Families that differ in style, table and cache, and two that share all.
  void OpenMany() {
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    rocksdb::Options options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    options.rate_limiter.reset(rocksdb::NewGenericRateLimiter(256 << 20));
    options.write_buffer_manager =
        std::make_shared<rocksdb::WriteBufferManager>(128 << 20);
    options.write_buffer_size = 1 << 20;
    options.memtable_whole_key_filtering = true;
    Open(options, {"shares"});
    options.compaction_style = rocksdb::kCompactionStyleUniversal;
    options.table_factory.reset(
        rocksdb::NewBlockBasedTableFactory(rocksdb::BlockBasedTableOptions()));
    AddFamily("universal", options);
    options.compaction_style = rocksdb::kCompactionStyleLevel;
    options.enable_blob_files = true;
    options.min_blob_size = 100;
    AddFamily("blobs", options);
    origin_ = *attached_->ReadValues();
  }

  void AddFamily(const std::string& name, const rocksdb::Options& options) {
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    ASSERT_TRUE((*db_)->CreateColumnFamily(options, name, &handle).ok());
    more_.push_back(handle);
    ASSERT_OK(attached_->AddColumnFamily(handle));
  }

  ~ProposalFuzz() override {
    load_.reset();
    applier_.reset();
    attached_.reset();
    for (rocksdb::ColumnFamilyHandle* handle : more_) {
      EXPECT_TRUE((*db_)->DestroyColumnFamilyHandle(handle).ok());
    }
  }

  void StartLoad() {
    std::vector<rocksdb::ColumnFamilyHandle*> handles = db_->handles();
    handles.insert(handles.end(), more_.begin(), more_.end());
    load_ = std::make_unique<FuzzLoad>(db_->get(), handles);
  }

  CalibrationResult CalibrateNow(const Proposal& proposal,
                                 const OptionValues& values) {
    const DatabaseFacts facts = attached_->facts();
    CalibrationContext context;
    context.catalogue = &attached_->catalogue();
    context.database = &facts;
    context.host = &attached_->host();
    context.features = &attached_->features();
    context.values = &values;
    context.window = &window_;
    context.pins = &pins_;
    context.memory_budget_bytes = uint64_t{1} << 30;
    return Calibrate(proposal, context);
  }

  // Applies, and now and then takes it back at once.
  void Try(ProposalMaker* maker, bool take_back) {
    const OptionValues before = *attached_->ReadValues();
    const Proposal proposal = maker->Next(before);
    const CalibrationResult result = CalibrateNow(proposal, before);
    if (result.change_set.empty()) return;
    const std::string text =
        absl::StrCat("\nlast change: ", Text(result.change_set),
                     "\nproposed: ", Text(proposal), "\n");
    strncpy(g_last_change, text.c_str(), sizeof(g_last_change) - 1);
    const ApplyReport report = Apply(ApplyRequest{result.change_set});
    Note(report);
    for (const Change& change : result.change_set.changes) {
      touched_.insert(change.key);
    }
    if (report.status.code() == absl::StatusCode::kUnavailable) {
      ++deferred_;
      return;
    }
    EXPECT_EQ(report.outcome, ApplyOutcome::kApplied)
        << report.status.ToString() << text;
    ++applied_;
    if (!take_back) return;
    RollBack(InverseOf(result.change_set));
    Compare(*attached_->ReadValues(), before, text);
  }

  // A stop ends by itself; until then no call goes out.
  void RollBack(const ChangeSet& inverse) {
    ApplyRequest request{inverse};
    request.is_rollback = true;
    ApplyReport report;
    ASSERT_TRUE(WaitFor([&] {
      report = Apply(request);
      return report.status.code() != absl::StatusCode::kUnavailable;
    })) << report.status.ToString()
        << ", load: " << load_->error() << g_last_change;
    Note(report);
    EXPECT_EQ(report.outcome, ApplyOutcome::kApplied)
        << report.status.ToString() << g_last_change;
  }

  void ReturnToStart() {
    ChangeSet back;
    for (const OptionKey& key : touched_) {
      back.changes.push_back({key, "", origin_.at(key), "back"});
    }
    touched_.clear();
    RollBack(back);
    Compare(*attached_->ReadValues(), origin_, g_last_change);
  }

  void Note(const ApplyReport& report) {
    for (const ReadBackValue& value : report.not_restorable) {
      not_restorable_.insert(value.key);
    }
  }

  void Compare(const OptionValues& now, const OptionValues& then,
               const std::string& text) {
    ASSERT_EQ(now.size(), then.size());
    for (const auto& [key, value] : then) {
      if (not_restorable_.count(key)) continue;
      ASSERT_EQ(now.at(key), value) << ToString(key) << text;
    }
  }

  void ExpectProgress() {
    const uint64_t writes = load_->writes();
    const uint64_t reads = load_->reads();
    ASSERT_TRUE(WaitFor([&] {
      return load_->writes() > writes + 5 && load_->reads() > reads + 5;
    })) << "the load is stuck after"
        << g_last_change;
  }

  OptionValues origin_;
  std::set<OptionKey> touched_;
  std::set<OptionKey> not_restorable_;
  std::vector<rocksdb::ColumnFamilyHandle*> more_;
  std::vector<Pin> pins_;
  Window window_;
  std::unique_ptr<FuzzLoad> load_;
  int applied_ = 0;
  int deferred_ = 0;
};

TEST_F(ProposalFuzz, NoProposalAbortsWedgesOrOutlivesItsInverse) {
  const uint64_t seed =
      FromEnvironment("ROCKTUNE_FUZZ_SEED", std::random_device()());
  const uint64_t count =
      FromEnvironment("ROCKTUNE_FUZZ_COUNT", ROCKTUNE_FUZZ_PROPOSALS);
  SCOPED_TRACE(absl::StrCat("ROCKTUNE_FUZZ_SEED=", seed));
  RecordProperty("seed", absl::StrCat(seed));
  const std::string said = absl::StrCat("ROCKTUNE_FUZZ_SEED=", seed, "\n");
  ASSERT_EQ(write(1, said.data(), said.size()),
            static_cast<ssize_t>(said.size()));
  signal(SIGABRT, SayLastChange);
  signal(SIGSEGV, SayLastChange);

  OpenMany();
  StartLoad();
  ProposalMaker maker(seed, &attached_->catalogue(),
                      {"default", "shares", "universal", "blobs"});
  std::mt19937_64 random(seed);
  for (uint64_t i = 0; i < count; ++i) {
    if (i % kBatch == 0) window_ = attached_->Sample(clock_.Now());
    Try(&maker, random() % 4 == 0);
    if (HasFailure()) break;
    applier_->Poll(attached_.get());
    if (i % kBatch != kBatch - 1) continue;
    ReturnToStart();
    ExpectProgress();
    clock_.Advance(absl::Seconds(1));
    if (HasFailure()) break;
  }
  if (!HasFailure()) ReturnToStart();
  EXPECT_EQ(load_->error(), "OK");
  EXPECT_GT(applied_, 0);
  RecordProperty("applied", applied_);
  RecordProperty("deferred", deferred_);
  const std::string sum =
      absl::StrCat(count, " proposals, ", applied_, " applied, ", deferred_,
                   " deferred, ", load_->writes(), " batches written\n");
  ASSERT_EQ(write(1, sum.data(), sum.size()), static_cast<ssize_t>(sum.size()));
}

}  // namespace
}  // namespace rocktune
