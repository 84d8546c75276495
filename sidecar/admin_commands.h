// Handlers of the routes that change something: a JSON body becomes a Command.
#ifndef ROCKTUNE_SIDECAR_ADMIN_COMMANDS_H_
#define ROCKTUNE_SIDECAR_ADMIN_COMMANDS_H_

#include "sidecar/admin_routes.h"

namespace rocktune {

// Most changes one proposal may name.
inline constexpr size_t kMostProposedChanges = 64;

// The body is an object with the keys of the route's row; an empty body is an
// empty object. A proposal of which calibration left nothing is answered with
// 409 and the notes that say why.
void ExecuteFreeze(const AdminCall& call, AdminDone done);
void ExecuteResume(const AdminCall& call, AdminDone done);
void ExecuteMode(const AdminCall& call, AdminDone done);
void ExecuteRollback(const AdminCall& call, AdminDone done);
void ExecutePropose(const AdminCall& call, AdminDone done);
void ExecuteApprove(const AdminCall& call, AdminDone done);
void ExecuteReject(const AdminCall& call, AdminDone done);
void ExecutePin(const AdminCall& call, AdminDone done);
void ExecuteUnpin(const AdminCall& call, AdminDone done);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ADMIN_COMMANDS_H_
