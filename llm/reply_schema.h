// The JSON schema of a reply, within what every provider's structured output
// takes: one level of objects in one list, every property required, no bounds,
// words as enums, reasoning before the changes.
#ifndef ROCKTUNE_LLM_REPLY_SCHEMA_H_
#define ROCKTUNE_LLM_REPLY_SCHEMA_H_

#include <string>

#include "llm/briefing.h"

namespace rocktune {

// {"analysis": text, "changes": [{"option", "scope", "value", "reason",
// "expected_effect"}]}. `option` is one of the briefed ones, `scope` "all" or
// "cf0" ... The same options and number of families give the same bytes.
std::string WriteReplySchema(const ModelBriefing& briefing);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_SCHEMA_H_
