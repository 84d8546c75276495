// What comes of a change set on a real RocksDB, and that it can be told.
#include "hooks/applier.h"

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"
#include "hooks/option_text.h"
#include "tests/hooks/apply_fixture.h"

namespace rocktune {
namespace {

TEST_F(ApplierTest, SetsEveryScopeAndReadsItBack) {
  Open(rocksdb::Options(), {"one"});
  const ApplyReport report =
      Apply({To("write_buffer_size", "33554432", "default"),
             To("write_buffer_size", "16777216", "one"),
             To("max_bytes_for_level_multiplier", "8.123", "one"),
             To("max_background_jobs", "3"),
             To("block_cache.capacity", "4194304", "default")});
  EXPECT_EQ(report.outcome, ApplyOutcome::kApplied) << report.status.ToString();
  EXPECT_OK(report.status);
  ASSERT_EQ(report.values.size(), 5u);
  EXPECT_EQ(report.values[0].before, "67108864");
  for (const ReadBackValue& value : report.values) {
    EXPECT_EQ(value.after, value.asked) << ToString(value.key);
  }
  EXPECT_EQ(Value("write_buffer_size", "one"), "16777216");
  EXPECT_EQ(Value("max_background_jobs"), "3");
}

TEST_F(ApplierTest, UnchangedValuesNeedNoCall) {
  Open(rocksdb::Options());
  files_.Fail("OPTIONS");  // any call would be noticed
  const ApplyReport report =
      Apply({To("write_buffer_size", "67108864", "default"),
             To("max_bytes_for_level_multiplier", "10.000", "default")});
  EXPECT_EQ(report.outcome, ApplyOutcome::kApplied);
  EXPECT_EQ(report.values.size(), 2u);
}

TEST_F(ApplierTest, AValueRocksdbRefusesChangesNothing) {
  Open(rocksdb::Options());
  const ApplyReport report =
      Apply({To("memtable_protection_bytes_per_key", "3", "default")});
  EXPECT_EQ(report.outcome, ApplyOutcome::kRefused);
  EXPECT_FALSE(report.status.ok());
  EXPECT_EQ(Value("memtable_protection_bytes_per_key", "default"), "0");
}

TEST_F(ApplierTest, AnUnknownOptionOrFamilyIsRefused) {
  Open(rocksdb::Options());
  EXPECT_THAT(Apply({To("no_such_option", "1")}).status,
              IsError(absl::StatusCode::kInvalidArgument, "no_such_option"));
  EXPECT_THAT(Apply({To("write_buffer_size", "33554432", "nobody")}).status,
              IsError(absl::StatusCode::kFailedPrecondition, "nobody"));
}

TEST_F(ApplierTest, WhatTookOfAPartialChangeIsUndone) {
  Open(rocksdb::Options(), {"one"});
  const absl::StatusOr<OptionValues> before = attached_->ReadValues();
  const ApplyReport report =
      Apply({To("write_buffer_size", "33554432", "default"),
             To("memtable_protection_bytes_per_key", "3", "one")});
  EXPECT_EQ(report.outcome, ApplyOutcome::kPartialUndone);
  EXPECT_FALSE(report.status.ok());
  EXPECT_EQ(*attached_->ReadValues(), *before);
}

TEST_F(ApplierTest, ATableOptionLeftBehindByAFailedCallIsUndone) {
  Open(rocksdb::Options());
  const absl::StatusOr<OptionValues> before = attached_->ReadValues();
  const ApplyReport report =
      Apply({To("block_based_table_factory.block_size", "8192", "default"),
             To("memtable_protection_bytes_per_key", "3", "default")});
  // Before 9.8 the table option stays changed; since then nothing does.
  EXPECT_EQ(report.outcome, attached_->features().table_options_in_place
                                ? ApplyOutcome::kPartialUndone
                                : ApplyOutcome::kRefused);
  EXPECT_EQ(*attached_->ReadValues(), *before);
}

TEST_F(ApplierTest, SaysWhichFamiliesShareATableOption) {
  Open(rocksdb::Options(), {"one"});  // both made from the same options
  const ApplyReport report =
      Apply({To("block_based_table_factory.block_size", "8192", "one")});
  EXPECT_EQ(report.outcome, ApplyOutcome::kApplied);
  if (attached_->features().table_options_in_place) {
    ASSERT_EQ(report.side_effects.size(), 1u);
    EXPECT_EQ(report.side_effects[0].key.column_family, "default");
    EXPECT_EQ(report.side_effects[0].before, "4096");
    EXPECT_EQ(report.side_effects[0].after, "8192");
  }
}

TEST_F(ApplierTest, AFailedOptionsWriteIsInForceButNotPersisted) {
  Open(rocksdb::Options());
  files_.Fail("OPTIONS");
  const ApplyReport report =
      Apply({To("write_buffer_size", "33554432", "default"),
             To("max_background_jobs", "3")});
  EXPECT_EQ(report.outcome, ApplyOutcome::kAppliedNotPersisted);
  EXPECT_FALSE(report.status.ok());
  EXPECT_EQ(Value("write_buffer_size", "default"), "33554432");
  EXPECT_EQ(Value("max_background_jobs"), "3");
}

TEST_F(ApplierTest, BytesPerSyncLeavesZeroForGoodAndThatIsNoFailure) {
  rocksdb::Options options;
  options.bytes_per_sync = 0;
  Open(options);
  const ApplyReport report = Apply({To("max_background_jobs", "3")});
  EXPECT_EQ(report.outcome, ApplyOutcome::kApplied);
  ASSERT_EQ(report.not_restorable.size(), 1u);
  EXPECT_EQ(report.not_restorable[0].key.name, "bytes_per_sync");
  EXPECT_EQ(report.not_restorable[0].before, "0");
  EXPECT_EQ(report.not_restorable[0].after, "1048576");

  ApplyRequest back{
      ChangeSet{{To("bytes_per_sync", "0"), To("max_background_jobs", "2")}}};
  back.is_rollback = true;
  const ApplyReport rollback = Apply(back);
  EXPECT_EQ(rollback.outcome, ApplyOutcome::kApplied);
  ASSERT_EQ(rollback.not_restorable.size(), 1u);
  EXPECT_EQ(rollback.not_restorable[0].asked, "0");
  EXPECT_EQ(rollback.not_restorable[0].after, "1048576");
}

TEST_F(ApplierTest, ADroppedFamilyFailsItsPartAndTheRestIsUndone) {
  Open(rocksdb::Options(), {"one"});
  ASSERT_TRUE((*db_)->DropColumnFamily(db_->families()[1].handle).ok());
  const ApplyReport report =
      Apply({To("write_buffer_size", "33554432", "default"),
             To("write_buffer_size", "33554432", "one")});
  EXPECT_TRUE(report.outcome == ApplyOutcome::kPartialUndone ||
              report.outcome == ApplyOutcome::kRefused);
  EXPECT_EQ(report.status.code(), absl::StatusCode::kFailedPrecondition)
      << report.status.ToString();
  EXPECT_EQ(Value("write_buffer_size", "default"), "67108864");
}

TEST_F(ApplierTest, ARollbackRestoresTheRestWhenAFamilyIsGone) {
  Open(rocksdb::Options(), {"one"});
  ASSERT_EQ(Apply({To("write_buffer_size", "33554432", "default"),
                   To("write_buffer_size", "33554432", "one")})
                .outcome,
            ApplyOutcome::kApplied);
  ASSERT_TRUE((*db_)->DropColumnFamily(db_->families()[1].handle).ok());
  ApplyRequest back{
      ChangeSet{{To("write_buffer_size", "67108864", "one"),
                 To("write_buffer_size", "67108864", "default")}}};
  back.is_rollback = true;
  Apply(back);
  EXPECT_EQ(Value("write_buffer_size", "default"), "67108864");
}

// A change of `row` that differs from what is in force and that RocksDB takes;
// empty when there is none to try.
std::string AnotherValue(const CatalogueRow& row, const std::string& now) {
  switch (row.type) {
    case OptionType::kBool:
      return now == "true" ? "false" : "true";
    case OptionType::kEnum:
      for (const std::string& word : row.enum_values) {
        if (word != now) return word;
      }
      return "";
    case OptionType::kInt:
    case OptionType::kUint:
    case OptionType::kDouble: {
      double value = 0;
      if (!absl::SimpleAtod(now, &value)) return "";
      // Stays in the order of the L0 triggers and above every floor.
      if (value < row.min) return "";
      const double up = value <= 0 ? 1 : value + 1;
      return row.max > 0 && up > row.max ? "" : CanonicalDouble(up);
    }
    default:
      return "";
  }
}

TEST_F(ApplierTest, TheInverseRestoresEveryRowAnAdvisorMayChange) {
  rocksdb::Options options;
  options.bytes_per_sync = 1 << 20;
  Open(options, {"one"});
  const OptionValues before = *attached_->ReadValues();
  int tried = 0;
  for (const CatalogueRow& row : attached_->catalogue().rows()) {
    if (row.option_class == OptionClass::kForbidden ||
        row.option_class == OptionClass::kApproveOnly) {
      continue;
    }
    const std::string family = row.scope == OptionScope::kColumnFamily ||
                                       row.scope == OptionScope::kLive
                                   ? "default"
                                   : "";
    auto now = before.find({row.name, family});
    if (now == before.end()) continue;
    const std::string value = AnotherValue(row, now->second);
    if (value.empty()) continue;
    Change change{now->first, now->second, value, ""};
    const ApplyReport report = Apply({change});
    ASSERT_EQ(report.outcome, ApplyOutcome::kApplied)
        << row.name << "=" << value << ": " << report.status.ToString();
    EXPECT_NE(*attached_->ReadValues(), before) << row.name;
    ApplyRequest back{InverseOf(ChangeSet{{change}})};
    back.is_rollback = true;
    ASSERT_EQ(Apply(back).outcome, ApplyOutcome::kApplied) << row.name;
    ASSERT_EQ(*attached_->ReadValues(), before) << row.name;
    ++tried;
  }
  EXPECT_GE(tried, 15);
}

}  // namespace
}  // namespace rocktune
