// The parts BriefModel() is put together from. Each fills its own fields.
#ifndef ROCKTUNE_LLM_BRIEFING_PARTS_H_
#define ROCKTUNE_LLM_BRIEFING_PARTS_H_

#include "llm/briefing.h"

namespace rocktune {

// Load, profile, families and caches.
void BriefLoad(const BriefingInput& input, ModelBriefing& briefing);

// Trials; what calibration and the parser said of the last proposal.
void BriefTrials(const BriefingInput& input, ModelBriefing& briefing);
void BriefNotes(const BriefingInput& input, ModelBriefing& briefing);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_BRIEFING_PARTS_H_
