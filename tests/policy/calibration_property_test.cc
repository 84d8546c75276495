// Random proposals over random values in force: whatever comes out must be
// safe in the eyes of a checker that shares no code with calibration.
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "tests/policy/calibration_fixture.h"
#include "tests/policy/safety_checker.h"

namespace rocktune {
namespace {

constexpr int kRounds = 5000;

class Dice {
 public:
  explicit Dice(uint32_t seed) : engine_(seed) {}
  size_t Below(size_t n) { return engine_() % n; }
  bool Once(size_t in) { return Below(in) == 0; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  std::mt19937 engine_;
};

std::string RandomValue(const std::string& in_force, Dice& dice) {
  static const std::vector<std::string> kNonsense = {
      "",       "0",     "-1",   "1",        "nan", "inf",   "true", "false",
      "1e30",   "64MB",  "1 KB", "2h",       "lz4", "kZSTD", "none", "8.5M",
      "{a=1}",  "1:2:3", "\xff", "99999999", "0.1", "0.25",  "1",    "16 TB",
      "500000", "1GB",   "12",   "3",        "24",  "40",    "100",  "600"};
  if (dice.Once(2)) return dice.Pick(kNonsense);
  const double number = std::strtod(in_force.c_str(), nullptr);
  static const std::vector<double> kFactors = {0.001, 0.1, 0.3, 0.5, 0.9,
                                               1,     1.5, 2,   4,   50};
  const double scaled = number * dice.Pick(kFactors);
  if (dice.Once(8)) return absl::StrCat(scaled);
  return absl::StrCat(static_cast<int64_t>(scaled) + (dice.Once(3) ? 1 : 0));
}

// Another host's values, which may break relations already.
void Disturb(CalibrationFixture& fixture, Dice& dice) {
  static const std::vector<std::string> kStyles = {
      "kCompactionStyleLevel", "kCompactionStyleLevel",
      "kCompactionStyleUniversal", "kCompactionStyleFIFO", ""};
  for (auto& [key, value] : fixture.values) {
    const double number = std::strtod(value.c_str(), nullptr);
    if (number <= 0 || dice.Once(2)) continue;
    static const std::vector<double> kFactors = {0.25, 0.5, 2, 4, 16};
    value =
        absl::StrCat(static_cast<uint64_t>(number * dice.Pick(kFactors) + 1));
  }
  if (dice.Once(2)) {
    fixture.Force("write_buffer_manager.buffer_size", "268435456");
  }
  if (dice.Once(4)) fixture.Force("hard_pending_compaction_bytes_limit", "0");
  if (dice.Once(4)) fixture.Force("bytes_per_sync", "0");
  if (dice.Once(4)) fixture.Force("max_total_wal_size", "100000000");
  fixture.SetL0Files(dice.Below(60));
  fixture.SetPendingBytes(uint64_t{dice.Below(300)} << 30);
  for (ColumnFamilyFacts& family : fixture.database.column_families) {
    family.compaction_style = dice.Pick(kStyles);
    family.min_write_buffer_number_to_merge =
        static_cast<int>(1 + dice.Below(3));
  }
  for (ColumnFamilyShape& shape : fixture.window.column_families) {
    shape.immutable_memtables = dice.Below(5);
  }
  fixture.memory_budget_bytes = uint64_t{dice.Below(9)} << 29;
  fixture.memory_of_others_bytes = uint64_t{dice.Below(3)} << 28;
  fixture.max_changes = static_cast<int>(dice.Below(6));
  if (dice.Once(3)) {
    fixture.pins.push_back(
        {dice.Pick(SeedOptions()).name, "", dice.Once(2), "10", "100000000"});
  }
}

Proposal RandomProposal(const CalibrationFixture& fixture, Dice& dice) {
  static const std::vector<ProposalSource> kSources = {
      ProposalSource::kOperator, ProposalSource::kLlm, ProposalSource::kExpert,
      ProposalSource::kHistory};
  static const std::vector<std::string> kFamilies = {
      "", "", "", "default", "index", "no_such"};
  Proposal proposal;
  proposal.source = dice.Pick(kSources);
  const size_t changes = 1 + dice.Below(8);
  for (size_t i = 0; i < changes; ++i) {
    ProposedChange change;
    change.option = dice.Pick(SeedOptions()).name;
    change.column_family = dice.Pick(kFamilies);
    auto in_force = fixture.values.lower_bound({change.option, ""});
    change.value = RandomValue(in_force->second, dice);
    proposal.changes.push_back(change);
  }
  return proposal;
}

std::string Show(const Proposal& proposal) {
  std::string text;
  for (const ProposedChange& change : proposal.changes) {
    absl::StrAppend(&text, change.option, "[", change.column_family,
                    "] = ", change.value, "\n");
  }
  return text;
}

TEST(CalibrationProperty, NoRandomProposalBecomesADanger) {
  int not_empty = 0;
  for (uint32_t seed = 0; seed < kRounds; ++seed) {
    Dice dice(seed);
    static const CalibrationFixture kPristine;
    CalibrationFixture fixture = kPristine;
    Disturb(fixture, dice);
    const Proposal proposal = RandomProposal(fixture, dice);
    const CalibrationResult result = Calibrate(proposal, fixture.Context());
    const std::vector<std::string> dangers =
        DangersOf(result.change_set, fixture.Context(), proposal.source);
    ASSERT_TRUE(dangers.empty()) << "seed " << seed << "\n"
                                 << absl::StrJoin(dangers, "\n") << "\n"
                                 << Show(proposal) << Describe(result);
    if (!result.change_set.empty()) ++not_empty;
  }
  // A calibration that rejects everything would be safe, and of no use.
  EXPECT_GT(not_empty, kRounds / 4);
}

TEST(CalibrationProperty, CalibratingItsOwnResultChangesNothingMore) {
  for (uint32_t seed = 0; seed < kRounds / 10; ++seed) {
    Dice dice(seed);
    CalibrationFixture fixture;
    fixture.SetL0Files(dice.Below(30));
    Proposal proposal = RandomProposal(fixture, dice);
    proposal.source = ProposalSource::kOperator;
    const CalibrationResult first = Calibrate(proposal, fixture.Context());
    Proposal again;
    again.source = ProposalSource::kOperator;
    for (const Change& change : first.change_set.changes) {
      again.changes.push_back(
          {change.key.name, change.key.column_family, change.after, "", ""});
    }
    const CalibrationResult second = Calibrate(again, fixture.Context());
    EXPECT_EQ(Merge(second.change_set, fixture.values),
              Merge(first.change_set, fixture.values))
        << "seed " << seed << "\n"
        << Describe(first) << "\nagain\n"
        << Describe(second);
  }
}

TEST(CalibrationProperty, CalibrationIsDeterministic) {
  Dice dice(7);
  CalibrationFixture fixture;
  Disturb(fixture, dice);
  const Proposal proposal = RandomProposal(fixture, dice);
  EXPECT_EQ(Describe(Calibrate(proposal, fixture.Context())),
            Describe(Calibrate(proposal, fixture.Context())));
}

}  // namespace
}  // namespace rocktune
