// The sections a question is put together from, in the order they are
// written. Each gives whole lines, or nothing when it has nothing to say.
#ifndef ROCKTUNE_LLM_PROMPT_PARTS_H_
#define ROCKTUNE_LLM_PROMPT_PARTS_H_

#include <string>
#include <vector>

#include "llm/briefing.h"

namespace rocktune {

// How much of a briefing is shown.
struct PromptPlan {
  int detailed_trials = 8;
  int listed_trials = 20;
  int families = 8;
};

// Instructions.
std::string WriteRules(TuningSetting setting);
std::string WriteCatalogue(const ModelBriefing& briefing);

// Facts. `shown`: positions of the column families to show, ascending.
std::string WriteHost(const ModelBriefing& briefing);
std::string WriteGoal(const ModelBriefing& briefing);
std::string WriteValues(const ModelBriefing& briefing,
                        const std::vector<int>& shown);
std::string WriteProfile(const ModelBriefing& briefing,
                         const std::vector<int>& shown);
std::string WriteLoad(const ModelBriefing& briefing);
std::string WriteShape(const ModelBriefing& briefing,
                       const std::vector<int>& shown);
std::string WriteResources(const ModelBriefing& briefing);
std::string WriteTrials(const ModelBriefing& briefing, const PromptPlan& plan);
std::string WriteNotes(const ModelBriefing& briefing);
std::string WritePins(const ModelBriefing& briefing);
std::string WriteTask(const ModelBriefing& briefing);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_PROMPT_PARTS_H_
