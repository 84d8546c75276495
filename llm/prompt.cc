#include "llm/prompt.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "llm/prompt_parts.h"
#include "llm/reply_schema.h"

namespace rocktune {
namespace {

// Trials keep their details, then their place, before families go.
constexpr int kLeastDetailedTrials = 2;
constexpr int kLeastListedTrials = 6;

// Positions of the families with the most data, ascending.
std::vector<int> ShownFamilies(const std::vector<BriefedFamily>& families,
                               int most) {
  std::vector<int> order(families.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&families](int a, int b) {
    return families[a].bytes > families[b].bytes;
  });
  order.resize(std::min<size_t>(order.size(), std::max(most, 0)));
  std::sort(order.begin(), order.end());
  return order;
}

// What changes least from call to call comes first.
std::string WriteFacts(const ModelBriefing& briefing, const PromptPlan& plan) {
  const std::vector<int> shown =
      ShownFamilies(briefing.families, plan.families);
  return absl::StrCat(WriteHost(briefing), WriteGoal(briefing),
                      WriteValues(briefing, shown),
                      WriteProfile(briefing, shown), WriteLoad(briefing),
                      WriteShape(briefing, shown), WriteResources(briefing),
                      WriteTrials(briefing, plan), WriteNotes(briefing),
                      WritePins(briefing), WriteTask(briefing));
}

// The next smaller plan; false: there is none.
bool Shrink(PromptPlan& plan) {
  if (plan.detailed_trials > kLeastDetailedTrials) {
    --plan.detailed_trials;
  } else if (plan.listed_trials > kLeastListedTrials) {
    --plan.listed_trials;
  } else if (plan.families > 1) {
    plan.families /= 2;
  } else if (plan.listed_trials > 0) {
    plan.detailed_trials = 0;
    --plan.listed_trials;
  } else {
    return false;
  }
  return true;
}

}  // namespace

ModelQuestion WriteQuestion(const ModelBriefing& briefing,
                            const PromptLimits& limits) {
  ModelQuestion question;
  question.instructions =
      absl::StrCat(WriteRules(briefing.setting), WriteCatalogue(briefing));
  question.schema_json = WriteReplySchema(briefing);
  question.max_output_tokens = limits.max_output_tokens;
  const int families = static_cast<int>(briefing.families.size());
  const int trials = static_cast<int>(briefing.trials.size());
  PromptPlan plan{std::min(limits.detailed_trials, trials),
                  std::min(limits.listed_trials, trials),
                  std::min(limits.families, families)};
  question.facts = WriteFacts(briefing, plan);
  while (EstimateTokens(question) > limits.max_input_tokens && Shrink(plan)) {
    question.facts = WriteFacts(briefing, plan);
  }
  return question;
}

int EstimateTokens(absl::string_view text) {
  size_t letters = 0, others = 0;
  for (char c : text) {
    if (absl::ascii_isalpha(c)) {
      ++letters;
    } else if (c != ' ') {
      ++others;
    }
  }
  return static_cast<int>((letters + 2) / 3 + (others + 1) / 2);
}

int EstimateTokens(const ModelQuestion& question) {
  return EstimateTokens(question.instructions) +
         EstimateTokens(question.facts) + EstimateTokens(question.schema_json);
}

}  // namespace rocktune
