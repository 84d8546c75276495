// The question to a model, from a briefing alone: the same briefing gives the
// same bytes.
#ifndef ROCKTUNE_LLM_PROMPT_H_
#define ROCKTUNE_LLM_PROMPT_H_

#include "absl/strings/string_view.h"
#include "llm/briefing.h"
#include "llm/model_call.h"

namespace rocktune {

// What does not fit is left out, and the text says how much of it: first
// details of trials, then trials (kept and regressed ones last), then column
// families (those with the most data last).
struct PromptLimits {
  int max_input_tokens = 6000;  // instructions, facts and schema together
  int max_output_tokens = 1000;
  int detailed_trials = 8;
  int listed_trials = 20;  // the detailed ones included
  int families = 8;
};

// The instructions and the schema change only with the catalogue and the
// number of column families, so that a provider's cache can keep them; what
// changes from call to call is in the facts. Past the token limit only when
// the catalogue alone is too large: compare EstimateTokens().
ModelQuestion WriteQuestion(const ModelBriefing& briefing,
                            const PromptLimits& limits);

// How many tokens the text is for any model's tokenizer, on the high side: a
// third of its letters, and half of its digits, marks and line ends. A guess:
// measured usage of each provider would replace it.
int EstimateTokens(absl::string_view text);
int EstimateTokens(const ModelQuestion& question);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_PROMPT_H_
