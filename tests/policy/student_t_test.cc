#include "policy/student_t.h"

#include "gtest/gtest.h"

namespace rocktune {
namespace {

TEST(StudentT, QuantilesMatchTheTables) {
  EXPECT_NEAR(StudentT{1}.Quantile(0.95), 12.706, 1e-3);
  EXPECT_NEAR(StudentT{4}.Quantile(0.95), 2.776, 1e-3);
  EXPECT_NEAR(StudentT{4}.Quantile(0.99), 4.604, 1e-3);
  EXPECT_NEAR(StudentT{10.5}.Quantile(0.95), 2.2137, 1e-3);
  EXPECT_NEAR(StudentT{1000}.Quantile(0.95), 1.9623, 1e-3);
}

}  // namespace
}  // namespace rocktune
