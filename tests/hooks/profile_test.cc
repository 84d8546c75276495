// What a workload profile says of a real database, against what was done.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/workload_profile.h"
#include "tests/hooks/observed_db.h"

namespace rocktune {
namespace {

using ::testing::DoubleNear;
using ::testing::Optional;

using Dimension = ProfileDimension;

std::string Key(int i) { return "key" + std::to_string(100000 + i); }

// 9-byte keys and 100-byte values: the old half in a file, the new half in
// the memtable; one in ten of the old ones deleted.
void Fill(ObservedDb* db) {
  for (int i = 0; i < 500; ++i) db->Put(Key(i), std::string(100, 'v'));
  for (int i = 0; i < 500; i += 10) {
    ASSERT_TRUE((*db)->Delete(rocksdb::WriteOptions(), Key(i)).ok());
  }
  db->Flush();
  for (int i = 500; i < 1000; ++i) db->Put(Key(i), std::string(100, 'v'));
}

WorkloadProfile ProfileOfOne(Window window) {
  window.length = absl::Seconds(1);
  return ProfileOf(absl::MakeConstSpan(&window, 1), std::nullopt);
}

TEST(ProfileOfARealDatabase, KnowsWhatWasWritten) {
  ObservedDb db;
  Fill(&db);
  const WorkloadProfile profile = ProfileOfOne(db.Cut());
  EXPECT_THAT(profile[Dimension::kWriteShare], Optional(1.0));
  EXPECT_THAT(profile[Dimension::kArrivalRate], Optional(1050.0));
  EXPECT_THAT(profile[Dimension::kKeyBytes], Optional(DoubleNear(9, 0.1)));
  // Deletes are entries without a value.
  EXPECT_THAT(profile[Dimension::kValueBytes],
              Optional(DoubleNear(9 + 100 * 1000.0 / 1050, 0.5)));
  // Of the deleted keys only the tombstones were flushed.
  EXPECT_THAT(profile[Dimension::kDeleteShare],
              Optional(DoubleNear(50.0 / 500, 0.01)));
}

TEST(ProfileOfARealDatabase, KnowsWhatGetsAndMultiGetsFound) {
  ObservedDb db;
  Fill(&db);
  db.Cut();
  for (int i = 0; i < 1000; ++i) db.Get(Key(i % 10 == 0 ? 1 : i));
  for (int i = 0; i < 400; ++i) db.Get("nothing" + Key(i));
  std::vector<std::string> names;
  for (int i = 400; i < 600; ++i) names.push_back(Key(i % 10 == 0 ? 1 : i));
  for (int i = 0; i < 200; ++i) names.push_back("nothing" + Key(i));
  std::vector<rocksdb::Slice> keys(names.begin(), names.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db->MultiGet(rocksdb::ReadOptions(), db->DefaultColumnFamily(), keys.size(),
               keys.data(), values.data(), statuses.data());
  const WorkloadProfile profile = ProfileOfOne(db.Cut());
  EXPECT_THAT(profile[Dimension::kFoundShare],
              Optional(DoubleNear(1200.0 / 1800, 1e-9)));
  EXPECT_THAT(profile[Dimension::kReadBytes], Optional(DoubleNear(100, 1e-9)));
  ASSERT_TRUE(profile.sources);
  EXPECT_DOUBLE_EQ(profile.sources->memtable + profile.sources->l0, 1);
  EXPECT_GT(profile.sources->memtable, 0.3);
  EXPECT_GT(profile.sources->l0, 0.3);
}

TEST(ProfileOfARealDatabase, KnowsHowLongScansAre) {
  ObservedDb db;
  Fill(&db);
  db.Cut();
  std::unique_ptr<rocksdb::Iterator> it(
      db->NewIterator(rocksdb::ReadOptions()));
  for (int i = 0; i < 100; ++i) {
    it->Seek(Key(500 + i));
    for (int n = 0; n < 7; ++n) it->Next();
  }
  it.reset();  // which is when RocksDB adds up what it did
  const WorkloadProfile profile = ProfileOfOne(db.Cut());
  EXPECT_THAT(profile[Dimension::kSeekShare], Optional(1.0));
  EXPECT_THAT(profile[Dimension::kScanLength], Optional(7.0));
}

}  // namespace
}  // namespace rocktune
