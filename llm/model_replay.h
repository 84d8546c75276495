// A recording in the place of a provider: what was answered then, read by
// today's parser. No network, no key, no clock; the same recording gives the
// same answers.
#ifndef ROCKTUNE_LLM_MODEL_REPLAY_H_
#define ROCKTUNE_LLM_MODEL_REPLAY_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "llm/model_advisor.h"
#include "llm/recording.h"
#include "llm/reply_parser.h"

namespace rocktune {

// The recording by calls, each with all its exchanges, in order.
std::vector<absl::Span<const RecordedExchange>> CallsOf(
    absl::Span<const RecordedExchange> recording);

// What came of one exchange, as ReadReply has it today.
ModelReply ReadRecorded(const RecordedExchange& exchange);

// What one call comes to today: the first reply with a proposal or nothing to
// change, else the last. Proposals have source kReplay.
ModelAnswer ReplayCall(absl::Span<const RecordedExchange> call,
                       const ReplyContext& context);

// A database with as many column families as the recorded one, named cf0 ...:
// all that a recording knows of it.
DatabaseFacts RecordedDatabase(const RecordedExchange& exchange);

// Answers the Nth Ask with the Nth call of `recording`, which holds at least
// one; after the last with kNetwork "the recording is over". Spends nothing.
// InvalidArgument: the recording is of a provider that is not known. `context`
// outlives it.
absl::StatusOr<std::unique_ptr<ModelAdvisor>> MakeReplay(
    std::vector<RecordedExchange> recording, const PromptLimits& limits,
    boost::asio::io_context* context);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_MODEL_REPLAY_H_
