// Reads a reply that is JSON: in the schema, or in one of the shapes models
// write when nobody makes them keep to it.
#ifndef ROCKTUNE_LLM_REPLY_JSON_H_
#define ROCKTUNE_LLM_REPLY_JSON_H_

#include "absl/strings/string_view.h"
#include "llm/model_call.h"
#include "llm/reply_changes.h"

namespace rocktune {

enum class JsonOutcome {
  kRead,          // changes, or that there are none
  kNotJson,       // not one JSON value and nothing else
  kTooDeep,       // more than kMaxReplyDepth objects and lists
  kDuplicateKey,  // in any object: which one was meant?
  kNoChanges,     // JSON of no shape that could hold changes
};

// Besides the schema: a list of changes alone, one change alone, a map from
// options to values (by scope, if need be), other usual names for all of
// them, and wrappers ("arguments", "response"). `content` is filled only with
// kRead.
JsonOutcome ReadJsonReply(absl::string_view text, ReplyContent& content);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_JSON_H_
