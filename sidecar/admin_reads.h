// Handlers of the routes that only read.
#ifndef ROCKTUNE_SIDECAR_ADMIN_READS_H_
#define ROCKTUNE_SIDECAR_ADMIN_READS_H_

#include "sidecar/admin_routes.h"

namespace rocktune {

// Most items one answer holds, and how many when no limit is given. Larger
// limits are cut, so that no answer keeps the loop busy for long.
inline constexpr size_t kMostWindows = 600;
inline constexpr size_t kMostHistoryEntries = 1000;
inline constexpr size_t kUsualItems = 50;

void AnswerStatus(const AdminCall& call, AdminDone done);
void AnswerDatabases(const AdminCall& call, AdminDone done);
void AnswerDatabase(const AdminCall& call, AdminDone done);
void AnswerWindows(const AdminCall& call, AdminDone done);
void AnswerProfile(const AdminCall& call, AdminDone done);
void AnswerOptions(const AdminCall& call, AdminDone done);
void AnswerCatalogue(const AdminCall& call, AdminDone done);
void AnswerHistory(const AdminCall& call, AdminDone done);
void AnswerTrial(const AdminCall& call, AdminDone done);
void AnswerWhy(const AdminCall& call, AdminDone done);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ADMIN_READS_H_
