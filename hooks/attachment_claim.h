// Who is attached in this process: a database, and an instrumentation, belong
// to one hold at a time.
#ifndef ROCKTUNE_HOOKS_ATTACHMENT_CLAIM_H_
#define ROCKTUNE_HOOKS_ATTACHMENT_CLAIM_H_

#include <memory>

#include "absl/status/statusor.h"

namespace rocktune {

// Thread-safe. The claim ends with the object.
class AttachmentClaim {
 public:
  // `db` is the root database under any wrappers; `instrumentation` may be
  // null. kAlreadyExists: one of the two is claimed.
  static absl::StatusOr<std::unique_ptr<AttachmentClaim>> Claim(
      const void* db, const void* instrumentation);
  ~AttachmentClaim();
  AttachmentClaim(const AttachmentClaim&) = delete;
  AttachmentClaim& operator=(const AttachmentClaim&) = delete;

 private:
  AttachmentClaim(const void* db, const void* instrumentation)
      : db_(db), instrumentation_(instrumentation) {}
  const void* const db_;
  const void* const instrumentation_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_ATTACHMENT_CLAIM_H_
