#include "hooks/attachment_claim.h"

#include <mutex>
#include <set>

namespace rocktune {
namespace {

struct Claims {
  std::mutex mutex;
  std::set<const void*> databases;
  std::set<const void*> instrumentations;
};

// Never destroyed: a host may detach while static objects go.
Claims& AllClaims() {
  static Claims* const claims = new Claims;
  return *claims;
}

}  // namespace

absl::StatusOr<std::unique_ptr<AttachmentClaim>> AttachmentClaim::Claim(
    const void* db, const void* instrumentation) {
  Claims& claims = AllClaims();
  std::lock_guard<std::mutex> lock(claims.mutex);
  if (claims.databases.count(db) > 0) {
    return absl::AlreadyExistsError("this database is attached already");
  }
  if (instrumentation != nullptr) {
    if (claims.instrumentations.count(instrumentation) > 0) {
      return absl::AlreadyExistsError(
          "another attached database was opened with the same instrumented "
          "options; call Instrument() on the options of each database");
    }
    claims.instrumentations.insert(instrumentation);
  }
  claims.databases.insert(db);
  return std::unique_ptr<AttachmentClaim>(
      new AttachmentClaim(db, instrumentation));
}

AttachmentClaim::~AttachmentClaim() {
  Claims& claims = AllClaims();
  std::lock_guard<std::mutex> lock(claims.mutex);
  claims.databases.erase(db_);
  if (instrumentation_ != nullptr) {
    claims.instrumentations.erase(instrumentation_);
  }
}

}  // namespace rocktune
