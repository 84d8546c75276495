// From a model's text to an untrusted proposal. Strict JSON first, then the
// forms that people's models really write.
#ifndef ROCKTUNE_LLM_REPLY_PARSER_H_
#define ROCKTUNE_LLM_REPLY_PARSER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "llm/model_call.h"
#include "llm/reply_issue.h"
#include "policy/catalogue.h"
#include "policy/facts.h"
#include "policy/proposal.h"

namespace rocktune {

inline constexpr size_t kMostReplyIssues = 32;

// Must outlive the call. `database` as it was for the briefing: cf0 is its
// first column family.
struct ReplyContext {
  const Catalogue& catalogue;
  const DatabaseFacts& database;
};

// Without a proposal and without nothing_to_change: nothing was usable, and
// the issues say why (never empty then); ask once again with WriteSecondAsk.
struct ParsedReply {
  // Source kLlm, options in the catalogue's spelling, column families by
  // their real names. Reasons, effects and the summary are one line of
  // printable ASCII, at most 200 bytes. Still to be calibrated.
  std::optional<Proposal> proposal;
  bool nothing_to_change = false;
  std::string summary;  // the model's own, as in the proposal
  std::vector<ReplyIssue> issues;

  bool usable() const { return proposal.has_value() || nothing_to_change; }
};

// Never fails; milliseconds for any text, because everything in it is
// counted against a limit. Thread-safe.
ParsedReply ParseReply(absl::string_view text, const ReplyContext& context);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_PARSER_H_
