// What to leave out of a request when a server rejects a part of it.
#ifndef ROCKTUNE_LLM_FALLBACK_LADDER_H_
#define ROCKTUNE_LLM_FALLBACK_LADDER_H_

#include <optional>

#include "llm/model_call.h"
#include "llm/provider.h"

namespace rocktune {

// One for each provider, for the life of the process: what worked once is
// where the next call begins. Each step takes something away, so that a ladder
// ends after kMaxSteps at most. Not thread-safe.
class FallbackLadder {
 public:
  // json_schema -> json_object -> plain, effort, temperature, token limit.
  static constexpr int kMaxSteps = 5;

  explicit FallbackLadder(const Provider& provider);

  // Where a call begins.
  const Rung& Begin() const { return begin_; }

  // What to send after `tried` was answered by `reply`; none when that was no
  // kBadRequest, or the rejected parameter is not one we can do without. A
  // server that names no parameter is taken to reject the form of the reply,
  // which is what most reject.
  std::optional<Rung> Next(const Rung& tried, const ModelReply& reply) const;

  // `rung` brought a reply: the next call begins there.
  void Worked(const Rung& rung) { begin_ = rung; }

 private:
  Dialect dialect_;
  bool may_step_down_;
  bool has_effort_;
  bool has_temperature_;
  bool has_other_token_limit_field_;
  Rung begin_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_FALLBACK_LADDER_H_
