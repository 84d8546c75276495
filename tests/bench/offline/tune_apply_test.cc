// From an OPTIONS file with two families, through a benchmark that a shell
// runs, to a running database that takes what was found.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/options_file.h"
#include "rocksdb/db.h"
#include "tests/bench/offline/tune_fixture.h"
#include "tests/sidecar/tuner_fixture.h"
#include "tests/status_matchers.h"
#include "tests/support/load.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kMemtable = 4 << 20;

// What only the second family's memtable matters to; the file lists the
// families in their order.
constexpr char kHotFormula[] =
    "awk -v w=$(sed -n \"s/^ *write_buffer_size=//p\" \"$OPTIONS\" | tail -1) "
    "'BEGIN { printf \"ops=%.3f\\n\", 1000 * (1 + log(w / 65536) / 10) }'\n";

class TuneApplyTest : public TuneTest {
 protected:
  // The memtable that an offline run finds for `hot`.
  uint64_t FindOffline() {
    OptionSet start = DefaultOptionSet();
    start.families.push_back(start.families[0]);
    start.families[1].name = "hot";
    for (auto& family : start.families) {
      family.options.write_buffer_size = kMemtable;
    }
    EXPECT_OK(WriteOptionsFile(start, dir_ / "start"));
    const Outcome outcome = Tune(
        Out(), {"--options", dir_ / "start", "--iterations", "2", "--shell",
                "--command", Script(kHotFormula) + " {options} | tail -1",
                "--throughput", "ops=([0-9.]+)"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    const auto found = ReadOptionsFile(Out() + "/OPTIONS");
    EXPECT_OK(found);
    if (!found.ok() || found->families.size() != 2) return 0;
    EXPECT_EQ(found->families[1].name, "hot");
    return found->families[1].options.write_buffer_size;
  }

  // The service: a database with both families.
  void Serve() {
    rocksdb::Options options;
    options.create_if_missing = options.create_missing_column_families = true;
    options.write_buffer_size = kMemtable;
    ASSERT_TRUE(Instrument(&options).ok());
    rocksdb::DB* db = nullptr;
    const rocksdb::ColumnFamilyOptions family(options);
    ASSERT_TRUE(rocksdb::DB::Open(options, dir_ / "db",
                                  {{rocksdb::kDefaultColumnFamilyName, family},
                                   {"hot", family}},
                                  &families_, &db)
                    .ok());
    db_.reset(db);
  }

  void TearDown() override {
    for (auto* family : families_) {
      EXPECT_TRUE(db_->DestroyColumnFamilyHandle(family).ok());
    }
  }

  std::string Out() { return dir_ / "tuned"; }

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

TEST_F(TuneApplyTest, HandsWhatItFoundForAFamilyToARunningDatabase) {
  const uint64_t found = FindOffline();
  ASSERT_GT(found, kMemtable);
  ASSERT_NO_FATAL_FAILURE(Serve());
  auto tuner = OpenTuner(QuickConfig(dir_, Mode::kSuggest));
  ASSERT_TRUE(tuner->Attach(db_.get(), families_).ok());
  {
    Load load(db_.get(), families_, {});
    ChildPlan apply;
    apply.command = {ROCKTUNE_CLI, "apply", Out(), "--socket",
                     tuner->AdminSocket()};
    apply.work_dir = dir_ / "elsewhere";
    apply.output = dir_ / "printed";
    apply.limit = absl::Minutes(1);
    const auto end = RunToEnd(apply);
    ASSERT_OK(end);
    EXPECT_EQ(end->exit_code, 0) << TextOf(apply.output);
    EXPECT_TRUE(Eventually([&] {
      return db_->GetOptions(families_[1]).write_buffer_size == found;
    })) << TextOf(apply.output);
  }
  EXPECT_TRUE(tuner->Detach(db_.get()).ok());
  EXPECT_EQ(db_->GetOptions(families_[1]).write_buffer_size, kMemtable)
      << "an open trial is rolled back";
}

}  // namespace
}  // namespace rocktune
