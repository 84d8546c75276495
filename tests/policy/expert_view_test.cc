#include "policy/expert_view.h"

#include <cmath>
#include <optional>

#include "gtest/gtest.h"
#include "tests/policy/expert_world.h"

namespace rocktune {
namespace {

TEST(ExpertView, KeepsToTheOperatorsPins) {
  ExpertWorld world;
  world.pins = {{"max_background_jobs", "", true, "", ""},
                {"max_subcompactions", "", false, "1", "1"},
                {"write_buffer_size", "", false, "", "100663296"}};
  const AdvisorInput input = world.Input();
  const ExpertView view(input, {});
  EXPECT_FALSE(view.Move({"max_background_jobs", 4, "", ""}));
  EXPECT_FALSE(view.Move({"max_subcompactions", 2, "", ""}));
  const auto change = view.Move({"write_buffer_size", 134217728, "", ""});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->value, "100663296");
}

TEST(ExpertView, ProposesForTheMainFamilyAloneWhereFamiliesDiffer) {
  ExpertWorld world;
  world.values[{"write_buffer_size", "small"}] = "1048576";
  world.values[{"max_write_buffer_number", "small"}] = "2";
  const AdvisorInput input = world.Input();
  const ExpertView view(input, {});
  const auto differs = view.Move({"write_buffer_size", 134217728, "", ""});
  ASSERT_TRUE(differs);
  EXPECT_EQ(differs->column_family, "default");
  const auto agrees = view.Move({"max_write_buffer_number", 4, "", ""});
  ASSERT_TRUE(agrees);
  EXPECT_EQ(agrees->column_family, "");
}

TEST(ExpertView, RefusesAMoveThatHardlyMoves) {
  ExpertWorld world;
  const AdvisorInput input = world.Input();
  const ExpertView view(input, {});
  EXPECT_FALSE(view.Move({"write_buffer_size", 67108864 * 1.04, "", ""}));
  EXPECT_FALSE(view.Move({"no_such_option", 5, "", ""}));
  EXPECT_FALSE(view.Move({"write_buffer_size", NAN, "", ""}));
}

}  // namespace
}  // namespace rocktune
