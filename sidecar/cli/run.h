// Runs one command against the admin socket.
#ifndef ROCKTUNE_SIDECAR_CLI_RUN_H_
#define ROCKTUNE_SIDECAR_CLI_RUN_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sidecar/cli/arguments.h"
#include "sidecar/cli/client.h"
#include "sidecar/cli/json_access.h"
#include "sidecar/cli/table.h"

namespace rocktune::cli {

enum ExitCode {
  kOk = 0,
  kFailed = 1,
  kUsageError = 2,
  kRefused = 3,
  kUnreachable = 4,
  kTimedOut = 5,
};

// What every command needs.
struct Context {
  Arguments arguments;
  std::string socket_path;
  bool terminal = false;  // standard output is one
  Style style;            // of standard output
};

// An answer of the server, whatever its HTTP status.
struct Answer {
  int exit_code = kFailed;
  std::string body;
  Json json;
};

// Asks once. The status is that of the exchange (ExitCodeOf says how to end);
// an error from the server is an Answer with its exit code.
absl::StatusOr<Answer> Ask(const Context& context, const HttpRequest& request);

// The same for a question to the model: waits as long as the server lets a call
// take.
absl::StatusOr<Answer> AskModel(Context context, const HttpRequest& request);

// Prints what went wrong in an exchange to standard error.
int Fail(const absl::Status& status);
// Prints what the server said to standard error.
int FailWith(const Answer& answer);

// Returns the exit code.
int Run(const Context& context);

// `rocktune watch`.
int Watch(const Context& context);

// `rocktune replay`.
int Replay(const Context& context);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_RUN_H_
