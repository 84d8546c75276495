// Which admin socket is meant when none is named.
#ifndef ROCKTUNE_SIDECAR_CLI_FIND_SOCKET_H_
#define ROCKTUNE_SIDECAR_CLI_FIND_SOCKET_H_

#include <string>

#include "absl/status/statusor.h"

namespace rocktune::cli {

// `named` if it is not empty, else $ROCKTUNE_SOCKET, else the only socket
// *.rocktune/admin.sock in or below the working directory. kUnavailable: there
// is none. kInvalidArgument: there are several; the message lists them.
absl::StatusOr<std::string> FindSocket(const std::string& named);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_FIND_SOCKET_H_
