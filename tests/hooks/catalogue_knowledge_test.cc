// What policy knows, against what the linked RocksDB has.
#include "gtest/gtest.h"
#include "hooks/attached_db.h"
#include "tests/hooks/families_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

TEST(CatalogueKnowledge, HasARowForEveryMutableOptionOfTheLinkedRocksdb) {
  FamiliesDb db;
  auto attached = AttachedDb::Attach(db.db(), {}, "orders");
  ASSERT_OK(attached);
  EXPECT_GT((*attached)->catalogue().rows().size(), 60u);
  for (const CatalogueRow& row : (*attached)->catalogue().rows()) {
    EXPECT_NE(row.meaning, "") << row.name;
  }
}

}  // namespace
}  // namespace rocktune
