#include "bench/demo/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "bench/demo/json_read.h"
#include "tests/bench/canned_record.h"

namespace rocktune {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> KeysOf(const boost::json::object& object) {
  std::vector<std::string> keys;
  for (const auto& member : object) keys.emplace_back(member.key());
  return keys;
}

TEST(SummaryJson, HasExactlyTheAgreedKeys) {
  const boost::json::object json = SummaryJson(CannedRecord());
  EXPECT_THAT(
      KeysOf(json),
      ElementsAre("baseline", "tuned", "restored", "tuned_over_baseline",
                  "trials_kept", "trials_rolled_back", "proposals_refused",
                  "bad_value_in_force_s", "restored_exactly", "not_restored"));
  for (const char* phase : {"baseline", "tuned", "restored"}) {
    EXPECT_THAT(
        KeysOf(ObjectOf(json, phase)),
        ElementsAre("throughput_ops_per_s", "read_p99_us", "write_p99_us"));
  }
}

TEST(SummaryJson, SurvivesBeingWrittenAndRead) {
  const boost::json::object json =
      boost::json::parse(boost::json::serialize(SummaryJson(CannedRecord())))
          .as_object();
  EXPECT_DOUBLE_EQ(NumberOf(json, "tuned_over_baseline"), 2.5);
  EXPECT_EQ(NumberOf(ObjectOf(json, "tuned"), "read_p99_us"), 150);
  EXPECT_EQ(NumberOf(json, "proposals_refused"), 2);
  EXPECT_FALSE(json.at("restored_exactly").as_bool());
  EXPECT_EQ(ArrayOf(json, "not_restored").at(0).as_string(), "bytes_per_sync");
}

TEST(SummaryJson, GivesNoRatioWithoutABaseline) {
  EXPECT_EQ(NumberOf(SummaryJson(DemoRecord()), "tuned_over_baseline"), 0);
}

TEST(SummaryTable, NamesWhatWasNotRestored) {
  EXPECT_THAT(SummaryTable(CannedRecord()),
              Contains(HasSubstr("no: bytes_per_sync")));
}

TEST(SummaryTable, CountsQuestionsWhereAModelWasAsked) {
  EXPECT_THAT(SummaryTable(CannedRecord()),
              Contains("  questions to the model       1"));
  EXPECT_THAT(SummaryTable(DemoRecord()),
              Not(Contains(HasSubstr("questions to the model"))));
}

TEST(TrialFromJson, ReadsATrialOfTheAdminSocket) {
  const boost::json::object body = boost::json::parse(R"({
    "id": 7, "source": "expert", "verdict": "kept", "why": "better",
    "opened": "2026-01-01T00:00:10.000Z", "closed": "2026-01-01T00:00:40.500Z",
    "in_force_s": 29.5,
    "effect": {"mean": 0.2, "low": 0.1, "high": 0.3, "confidence": 0.95},
    "change_set": [{"option": "write_buffer_size", "scope": "default",
                    "before": "67108864", "after": "134217728"}]})")
                                       .as_object();
  const absl::Time origin =
      absl::FromUnixSeconds(1767225600);  // 2026-01-01T00:00:00Z
  const TrialLine trial = TrialFromJson(body, origin);
  EXPECT_EQ(trial.id, 7);
  EXPECT_NEAR(trial.begin_s, 10, 1e-6);
  EXPECT_NEAR(trial.end_s, 40.5, 1e-6);
  EXPECT_EQ(ShortChanges(trial.changes), "write_buffer_size 64 MiB -> 128 MiB");
  EXPECT_EQ(ShortEffect(trial), "+20.0 % [+10.0, +30.0]");
}

TEST(TrialFromJson, TakesAnEmptyObject) {
  const TrialLine trial = TrialFromJson({}, absl::UnixEpoch());
  EXPECT_EQ(trial.id, 0);
  EXPECT_FALSE(trial.measured);
}

TEST(WithCommas, GroupsThousands) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1234567.4), "1,234,567");
  EXPECT_EQ(WithCommas(-123456), "-123,456");
}

}  // namespace
}  // namespace rocktune
