// The admin socket's routes as rows of a table, and the way from a request to
// its handler. Everything here runs on the loop thread.
#ifndef ROCKTUNE_SIDECAR_ADMIN_ROUTES_H_
#define ROCKTUNE_SIDECAR_ADMIN_ROUTES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "sidecar/admin_message.h"
#include "sidecar/control.h"

namespace rocktune {

// A request that found its route.
struct AdminCall {
  TunerControl* control = nullptr;
  uint32_t uid = 0;
  std::map<std::string, std::string> values;  // "{name}" of the path, query
  std::string body;

  // The value, or "" when it was not given.
  std::string Value(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? "" : found->second;
  }
};

using AdminHandler = void (*)(const AdminCall& call, AdminDone done);

struct AdminRoute {
  absl::string_view method;
  absl::string_view path;   // "/v1/trials/{id}"
  absl::string_view query;  // parameters it knows, "database,limit"
  absl::string_view body;   // keys of the body, for help
  absl::string_view help;
  bool changes_state = false;
  AdminHandler handler = nullptr;
};

const std::vector<AdminRoute>& AdminRoutes();

// Answers through `done`, at once or when the tuner has answered. 404: no such
// path, naming the nearest. 405: the path exists with another method. 403: a
// viewer asked for a change. 400: an unknown parameter.
void DispatchAdmin(AdminRequest request, TunerControl* control, AdminDone done);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ADMIN_ROUTES_H_
