// How much of a reply the transport takes, besides kMaxReplyBytes for its body.
// Whoever sends more is cut off.
#ifndef ROCKTUNE_LLM_HTTP_LIMITS_H_
#define ROCKTUNE_LLM_HTTP_LIMITS_H_

#include <cstddef>

#include "absl/time/time.h"

namespace rocktune {

constexpr size_t kMaxReplyHeaderBytes = 16 << 10;
// Replies of status 1xx that may come before the real one.
constexpr int kMaxInterimReplies = 8;
// Addresses of one name that are tried.
constexpr size_t kMaxAddresses = 8;
constexpr absl::Duration kMaxExchangeDeadline = absl::Hours(1);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_HTTP_LIMITS_H_
