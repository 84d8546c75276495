// A database as calibration sees it: two column families with RocksDB 9.10's
// defaults, 16 GiB, 8 cores.
#ifndef ROCKTUNE_TESTS_POLICY_CALIBRATION_FIXTURE_H_
#define ROCKTUNE_TESTS_POLICY_CALIBRATION_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "policy/calibration.h"
#include "policy/option_knowledge.h"

namespace rocktune {

struct OptionSeed {
  const char* name;
  OptionScope scope;
  OptionType type;
  const char* value;
};

const std::vector<OptionSeed>& SeedOptions();

class CalibrationFixture {
 public:
  explicit CalibrationFixture(const std::string& version = "9.10.0");

  CalibrationContext Context() const;
  CalibrationResult Run(const std::vector<ProposedChange>& changes,
                        ProposalSource source = ProposalSource::kLlm) const;
  // One change for every column family.
  CalibrationResult Run(const std::string& option, const std::string& value,
                        ProposalSource source = ProposalSource::kLlm) const;

  // Sets the value in force in every family that has the option.
  void Force(const std::string& name, const std::string& value);
  void SetL0Files(uint64_t files);
  void SetPendingBytes(uint64_t bytes);

  HostFacts host;
  RocksdbFeatures features;
  DatabaseFacts database;
  Catalogue catalogue;
  OptionValues values;
  Window window;
  std::vector<Pin> pins;
  uint64_t memory_budget_bytes = uint64_t{8} << 30;
  uint64_t memory_of_others_bytes = 0;
  int max_changes = 4;
};

// The value the change set gives to `name`, or "" when it leaves it alone.
std::string After(const CalibrationResult& result, const std::string& name,
                  const std::string& family = "default");
bool HasCode(const CalibrationResult& result, const std::string& code);
std::string Describe(const CalibrationResult& result);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_POLICY_CALIBRATION_FIXTURE_H_
