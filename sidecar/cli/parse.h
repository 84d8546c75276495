// From the words of the command line to Arguments.
#ifndef ROCKTUNE_SIDECAR_CLI_PARSE_H_
#define ROCKTUNE_SIDECAR_CLI_PARSE_H_

#include <optional>
#include <string>
#include <vector>

#include "sidecar/cli/arguments.h"

namespace rocktune::cli {

struct ParseResult {
  // Set when there is nothing more to do: the exit code.
  std::optional<int> exit_code;
  std::string out;  // for standard output: help, version
  std::string err;  // for standard error: what is wrong
  Arguments arguments;
};

ParseResult ParseCommandLine(int argc, char** argv);

// The first word that is neither an option nor an option's value: the command.
// Its index in argv, or 0.
int CommandIndex(int argc, char** argv);

std::vector<std::string> CommandNames();

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_PARSE_H_
