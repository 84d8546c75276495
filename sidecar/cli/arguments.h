// What the command line says.
#ifndef ROCKTUNE_SIDECAR_CLI_ARGUMENTS_H_
#define ROCKTUNE_SIDECAR_CLI_ARGUMENTS_H_

#include <string>
#include <vector>

namespace rocktune::cli {

struct Arguments {
  // Of every command.
  std::string socket;
  std::string output = "table";  // or "json"
  std::string database;
  double timeout_s = 0;  // 0: what fits the command
  bool json() const { return output == "json"; }

  std::string command;  // "status"

  // Of some.
  std::string word;  // a trial's id, an option, a mode, a pattern
  std::vector<std::string> assignments;  // NAME=VALUE
  std::string scope;                     // --cf
  std::string reason;
  std::string to;
  std::string min;
  std::string max;
  bool deny = false;
  bool changed = false;
  int limit = 0;       // 0: the server's
  std::string mode;    // --mode of run; empty: what the environment says
  std::string config;  // --config of run
  int count = 0;       // of windows to watch; 0: no end
};

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_ARGUMENTS_H_
