// Who is attached in this process: a database, and an instrumentation, belong
// to one hold at a time.
#ifndef ROCKTUNE_HOOKS_ATTACHMENT_H_
#define ROCKTUNE_HOOKS_ATTACHMENT_H_

#include <memory>

#include "absl/status/statusor.h"

namespace rocktune {

// Thread-safe. The claim ends with the object.
class Attachment {
 public:
  // `db` is the root database under any wrappers; `instrumentation` may be
  // null. kAlreadyExists: one of the two is claimed.
  static absl::StatusOr<std::unique_ptr<Attachment>> Claim(
      const void* db, const void* instrumentation);
  ~Attachment();
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;

 private:
  Attachment(const void* db, const void* instrumentation)
      : db_(db), instrumentation_(instrumentation) {}
  const void* const db_;
  const void* const instrumentation_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_ATTACHMENT_H_
