// Makes a proposal of what a reply said: options in the catalogue's spelling,
// scopes as column families, each option and scope once.
#ifndef ROCKTUNE_LLM_REPLY_ASSEMBLY_H_
#define ROCKTUNE_LLM_REPLY_ASSEMBLY_H_

#include "llm/reply_changes.h"
#include "llm/reply_parser.h"

namespace rocktune {

// Of the same option and scope twice: once when the values agree, not at all
// when they do not, because either may be meant.
ParsedReply AssembleReply(ReplyContent content, const ReplyContext& context);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_ASSEMBLY_H_
