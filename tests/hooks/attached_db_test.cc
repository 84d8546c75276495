// Attaching, refusing to attach, and letting go.
#include "hooks/attached_db.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/cache.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/optimistic_transaction_db.h"
#include "rocksdb/utilities/transaction_db.h"
#include "tests/hooks/families_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::StatusOr<std::unique_ptr<AttachedDb>> AttachTo(rocksdb::DB* db) {
  return AttachedDb::Attach(db, {}, "orders");
}

TEST(AttachedDb, SaysWhatItIsAttachedTo) {
  FamiliesDb db;
  rocksdb::ColumnFamilyHandle* users = db.Create("users");
  auto attached = AttachedDb::Attach(db.db(), {users}, "orders");
  ASSERT_OK(attached);

  const DatabaseFacts facts = (*attached)->facts();
  EXPECT_EQ(facts.name, "orders");
  EXPECT_TRUE(facts.instrumented);
  EXPECT_THAT(facts.missing, IsEmpty());
  const std::vector<ColumnFamilyFacts> families = {
      {0, "default", "kCompactionStyleLevel", 1},
      {1, "users", "kCompactionStyleLevel", 1}};
  EXPECT_EQ(facts.column_families, families);
  EXPECT_EQ((*attached)->path(), db.path());
  EXPECT_GE((*attached)->features().major, 7);
  EXPECT_FALSE((*attached)->host().rocksdb_version.empty());
}

TEST(AttachedDb, ReadsAndSetsTheOptionsOfItsCatalogue) {
  FamiliesDb db;
  db.Create("users");
  auto attached = AttachedDb::Attach(db.db(), {db.handle("users")}, "orders");
  ASSERT_OK(attached);
  ASSERT_NE((*attached)->catalogue().Find("write_buffer_size"), nullptr);

  ASSERT_OK((*attached)->Set(OptionScope::kColumnFamily, "users",
                             {{"write_buffer_size", "33554432"}}));
  ASSERT_OK(
      (*attached)->Set(OptionScope::kDb, "", {{"max_background_jobs", "3"}}));
  ASSERT_OK((*attached)->Set(OptionScope::kLive, "",
                             {{"block_cache.capacity", "1048576"}}));
  auto values = (*attached)->ReadValues();
  ASSERT_OK(values);
  const auto value = [&values](const char* name, const char* family) {
    return values->at(OptionKey{name, family});
  };
  EXPECT_EQ(value("write_buffer_size", "users"), "33554432");
  EXPECT_EQ(value("write_buffer_size", "default"), "67108864");
  EXPECT_EQ(value("max_background_jobs", ""), "3");
}

TEST(AttachedDb, RefusesAReadOnlyInstanceAndLeavesThePrimaryUnharmed) {
  FamiliesDb primary;
  ASSERT_TRUE(primary->Put(rocksdb::WriteOptions(), "k", "v").ok());
  ASSERT_TRUE(primary->Flush(rocksdb::FlushOptions()).ok());
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(
      rocksdb::DB::OpenForReadOnly(QuietOptions(), primary.path(), &opened)
          .ok());
  const std::unique_ptr<rocksdb::DB> read_only(opened);

  EXPECT_THAT(AttachTo(read_only.get()),
              IsError(absl::StatusCode::kFailedPrecondition,
                      "only a writable primary"));

  ASSERT_TRUE(primary->Put(rocksdb::WriteOptions(), "k2", "v2").ok());
  ASSERT_TRUE(primary->Flush(rocksdb::FlushOptions()).ok());
  std::string value;
  EXPECT_TRUE(primary->Get(rocksdb::ReadOptions(), "k", &value).ok());
  EXPECT_TRUE(primary->VerifyChecksum().ok());
  EXPECT_OK(AttachTo(primary.db()));
}

TEST(AttachedDb, RefusesASecondaryInstance) {
  FamiliesDb primary;
  const TemporaryFolder folder;
  rocksdb::Options options = QuietOptions();
  options.max_open_files = -1;
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::OpenAsSecondary(options, primary.path(),
                                           folder.path(), &opened)
                  .ok());
  const std::unique_ptr<rocksdb::DB> secondary(opened);

  EXPECT_THAT(AttachTo(secondary.get()),
              IsError(absl::StatusCode::kFailedPrecondition,
                      "only a writable primary"));
}

TEST(AttachedDb, TakesTransactionDatabasesOfEveryWritePolicy) {
  for (const rocksdb::TxnDBWritePolicy policy :
       {rocksdb::WRITE_COMMITTED, rocksdb::WRITE_PREPARED,
        rocksdb::WRITE_UNPREPARED}) {
    const TemporaryFolder folder;
    rocksdb::TransactionDBOptions how;
    how.write_policy = policy;
    rocksdb::TransactionDB* opened = nullptr;
    ASSERT_TRUE(rocksdb::TransactionDB::Open(QuietOptions(), how, folder.path(),
                                             &opened)
                    .ok());
    const std::unique_ptr<rocksdb::TransactionDB> db(opened);
    auto attached = AttachTo(db.get());
    ASSERT_OK(attached);
    EXPECT_OK((*attached)->Set(OptionScope::kColumnFamily, "default",
                               {{"write_buffer_size", "33554432"}}));
    EXPECT_TRUE(db->Put(rocksdb::WriteOptions(), "k", "v").ok());
    EXPECT_OK((*attached)->Detach(absl::Seconds(10)));
  }
}

TEST(AttachedDb, TakesAnOptimisticTransactionDatabase) {
  const TemporaryFolder folder;
  rocksdb::OptimisticTransactionDB* opened = nullptr;
  ASSERT_TRUE(rocksdb::OptimisticTransactionDB::Open(QuietOptions(),
                                                     folder.path(), &opened)
                  .ok());
  const std::unique_ptr<rocksdb::OptimisticTransactionDB> db(opened);
  auto attached = AttachTo(db.get());
  ASSERT_OK(attached);
  // The same database under its wrapper.
  EXPECT_THAT(AttachTo(db->GetBaseDB()),
              IsError(absl::StatusCode::kAlreadyExists, "attached already"));
}

TEST(AttachedDb, RefusesNull) {
  EXPECT_THAT(AttachTo(nullptr),
              IsError(absl::StatusCode::kInvalidArgument, "null"));
  FamiliesDb db;
  EXPECT_THAT(AttachedDb::Attach(db.db(), {nullptr}, "orders"),
              IsError(absl::StatusCode::kInvalidArgument, "null"));
  EXPECT_OK(AttachTo(db.db()));  // the refusal holds nothing
}

TEST(AttachedDb, IsTheOnlyOneOnADatabaseUntilItDetaches) {
  FamiliesDb db;
  auto first = AttachTo(db.db());
  ASSERT_OK(first);
  EXPECT_THAT(AttachTo(db.db()),
              IsError(absl::StatusCode::kAlreadyExists, "attached already"));
  ASSERT_OK((*first)->Detach(absl::Seconds(10)));
  EXPECT_OK(AttachTo(db.db()));
}

TEST(AttachedDb, RefusesTwoDatabasesOpenedWithOneInstrumentation) {
  rocksdb::Options options = QuietOptions();
  InstrumentOptionsOf(&options, InstrumentOptions());
  FamiliesDb one(Instrumented::kNo, options);
  FamiliesDb two(Instrumented::kNo, options);
  auto attached = AttachTo(one.db());
  ASSERT_OK(attached);
  EXPECT_THAT(AttachTo(two.db()), IsError(absl::StatusCode::kAlreadyExists,
                                          "same instrumented options"));
}

TEST(AttachedDb, DetachedItTouchesNothing) {
  FamiliesDb db;
  db.Create("users");
  auto attached = AttachTo(db.db());
  ASSERT_OK(attached);
  const auto jobs = (*attached)->JobsInFlight();
  ASSERT_OK((*attached)->Detach(absl::Seconds(10)));
  rocksdb::ColumnFamilyHandle* users = db.handle("users");
  EXPECT_THAT((*attached)->AddColumnFamily(users),
              IsError(absl::StatusCode::kFailedPrecondition, "detached"));
  db.Close();

  EXPECT_OK((*attached)->Detach(absl::ZeroDuration()));
  EXPECT_THAT((*attached)->ReadValues(),
              IsError(absl::StatusCode::kFailedPrecondition, "detached"));
  EXPECT_THAT(
      (*attached)->Set(OptionScope::kDb, "", {{"max_background_jobs", "3"}}),
      IsError(absl::StatusCode::kFailedPrecondition, "detached"));
  EXPECT_EQ((*attached)->Sample(absl::UnixEpoch()).number, 0u);
  EXPECT_EQ((*attached)->Proximity().nearness, 0);
  EXPECT_TRUE((*attached)->AllEnded(*jobs));
  EXPECT_TRUE((*attached)->AllEnded(*(*attached)->JobsInFlight()));
  EXPECT_EQ((*attached)->facts().name, "orders");
}

TEST(AttachedDb, KeepsNoShareOfTheHostsObjectsAfterDetaching) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(1 << 20);
  rocksdb::Options options = QuietOptions();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  FamiliesDb db(Instrumented::kYes, options);
  const long shares = table.block_cache.use_count();
  auto attached = AttachTo(db.db());
  ASSERT_OK(attached);
  EXPECT_EQ((*attached)->Sample(absl::UnixEpoch()).caches.size(), 1u);
  EXPECT_GT(table.block_cache.use_count(), shares);
  ASSERT_OK((*attached)->Detach(absl::Seconds(10)));
  EXPECT_EQ(table.block_cache.use_count(), shares);
}

TEST(AttachedDb, SurvivesAHostThatClosesWithoutDetaching) {
  auto db = std::make_unique<FamiliesDb>();
  auto attached = AttachTo(db->db());
  ASSERT_OK(attached);
  db.reset();
  EXPECT_THAT((*attached)->ReadValues(),
              IsError(absl::StatusCode::kFailedPrecondition, "detached"));
  EXPECT_EQ((*attached)->Sample(absl::UnixEpoch()).number, 0u);
}

TEST(AttachedDb, SaysWhatIsMissingWithoutInstrumentation) {
  FamiliesDb db(Instrumented::kNo);
  auto attached = AttachTo(db.db());
  ASSERT_OK(attached);
  const DatabaseFacts facts = (*attached)->facts();
  EXPECT_FALSE(facts.instrumented);
  EXPECT_THAT(facts.missing, Contains(HasSubstr("without Instrument()")));
  EXPECT_THAT(facts.missing, Contains(HasSubstr("no Statistics")));
}

}  // namespace
}  // namespace rocktune
