// From Arguments to the request a command sends.
#ifndef ROCKTUNE_SIDECAR_CLI_REQUESTS_H_
#define ROCKTUNE_SIDECAR_CLI_REQUESTS_H_

#include "absl/status/statusor.h"
#include "sidecar/cli/arguments.h"
#include "sidecar/cli/client.h"

namespace rocktune::cli {

// kInvalidArgument: the words do not make sense together.
absl::StatusOr<HttpRequest> RequestOf(const Arguments& arguments);

// `rocktune apply`, in apply.cc. kInvalidArgument: DIR/online.json is not there,
// is broken, or holds nothing.
absl::StatusOr<HttpRequest> ApplyOf(const Arguments& arguments);

// "/v1/databases/NAME" + rest.
std::string DatabaseTarget(const std::string& name, const std::string& rest);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_REQUESTS_H_
