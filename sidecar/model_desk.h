// Between the machine of a database and the model: what is asked, and what
// becomes of an answer. Plain functions; no thread, no socket.
#ifndef ROCKTUNE_SIDECAR_MODEL_DESK_H_
#define ROCKTUNE_SIDECAR_MODEL_DESK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "llm/model_advisor.h"
#include "llm/reply_issue.h"
#include "policy/calibration.h"
#include "policy/guided_advisor.h"
#include "policy/tuning_machine.h"
#include "rocktune/config.h"
#include "sidecar/control.h"

namespace rocktune {

// Config::llm as the asking part takes it. InvalidArgument: what cannot work,
// in the operator's words.
absl::StatusOr<ModelConfig> ModelConfigOf(const LlmConfig& config);

// What is asked about the machine's database now. The last question's answer
// taught two things: `advisor` has what calibration said of it, `issues` are
// what the parser could not read.
struct LastAnswer {
  const GuidedAdvisor& advisor;
  const std::vector<ReplyIssue>& issues;
};
ModelAsk AskAbout(const TuningMachine& machine, const LastAnswer& last,
                  const PromptLimits& limits);

// What today's parser and calibration make of a model's text.
VettedReply VetReply(const std::string& text, const TuningMachine& machine);
VettedReply VetReply(ParsedReply parsed, const TuningMachine& machine);

// "asked because of start: 2 changes proposed (block_cache.capacity = ...)" or
// "... : failed: timeout: ..." with tokens and time; for the history. The first
// of what was not read is named.
std::string DescribeAnswer(AskReason reason, const ModelAnswer& answer);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_MODEL_DESK_H_
