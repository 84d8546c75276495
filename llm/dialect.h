// The four ways to ask a model over HTTP. Pure: bytes in, bytes out, no socket
// and no clock.
#ifndef ROCKTUNE_LLM_DIALECT_H_
#define ROCKTUNE_LLM_DIALECT_H_

#include "absl/time/time.h"
#include "llm/http_exchange.h"
#include "llm/model_call.h"
#include "llm/provider.h"
#include "llm/secret.h"

namespace rocktune {

// The request for `question` as `rung` has it: not streamed, nothing kept at
// the provider, no sampling parameter that is not configured. The same
// arguments give the same bytes. `key` may be null or empty: no key is sent
// then. The header with the key and those of the operator are named in
// `secret_headers`. `schema_json` that is no JSON is a mistake of ours: the
// request goes out as with Structured::kPlain.
HttpRequest WriteRequest(const Provider& provider, const Secret* key,
                         const ModelQuestion& question, const Rung& rung);

// What `reply` says; never fails, whatever it holds. `key` is the one that was
// sent, so that an echo of it is redacted in every field, as are the values of
// the operator's headers; may be null. `now` is for a Retry-After that is a
// date. A reply over kMaxReplyBytes, deeper than kMaxReplyDepth, not JSON or
// not UTF-8 is kInvalidReply; fields and kinds of content that we do not know
// are skipped.
ModelReply ReadReply(const Provider& provider, const Secret* key,
                     const HttpReply& reply, absl::Time now);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_DIALECT_H_
