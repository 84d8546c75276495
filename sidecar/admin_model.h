// Handlers of the routes about the model.
#ifndef ROCKTUNE_SIDECAR_ADMIN_MODEL_H_
#define ROCKTUNE_SIDECAR_ADMIN_MODEL_H_

#include "sidecar/admin_routes.h"

namespace rocktune {

void AnswerModel(const AdminCall& call, AdminDone done);
void AnswerPayload(const AdminCall& call, AdminDone done);
void ExecuteAsk(const AdminCall& call, AdminDone done);
void ExecuteVet(const AdminCall& call, AdminDone done);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ADMIN_MODEL_H_
