// A database with eight column families and a past, as a model is told of it.
#ifndef ROCKTUNE_TESTS_LLM_MODEL_WORLD_H_
#define ROCKTUNE_TESTS_LLM_MODEL_WORLD_H_

#include <string>
#include <vector>

#include "llm/briefing.h"
#include "policy/advisor.h"
#include "policy/limits.h"
#include "policy/workload_profile.h"

namespace rocktune {

// Every string that a host, its operator or a model's old reply can choose.
struct WorldNames {
  std::string database = "orders";
  std::string family = "family";  // each gets its number behind it
  std::string path = "/var/lib/orders";
  std::string text = "a summary";  // of trials, notes, pins, limits
};

// Owns what its briefing is made from.
class ModelWorld {
 public:
  explicit ModelWorld(const WorldNames& names = {}, int families = 8,
                      int past_trials = 20);
  ModelWorld(const ModelWorld&) = delete;
  ModelWorld& operator=(const ModelWorld&) = delete;

  AdvisorInput Input() const;
  ModelBriefing Brief() const;

  HostFacts host;
  RocksdbFeatures features;
  DatabaseFacts database;
  Catalogue catalogue;
  OptionValues values;
  std::vector<Pin> pins;
  std::vector<Window> windows;
  std::vector<Trial> trials;
  std::vector<CalibrationNote> notes;
  std::vector<ReplyIssue> issues;
  std::vector<Limit> limits;
  WorkloadProfile profile;

 private:
  void FillCatalogue();
  void FillWindows(const WorldNames& names);
  void FillTrace();
  void FillTrials(const WorldNames& names, int count);
  void FillRules(const WorldNames& names);
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_LLM_MODEL_WORLD_H_
