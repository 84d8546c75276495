// Commands that live in programs of their own, beside this one.
#ifndef ROCKTUNE_SIDECAR_CLI_PLUGIN_H_
#define ROCKTUNE_SIDECAR_CLI_PLUGIN_H_

#include <string>

namespace rocktune::cli {

// Where `rocktune-<command>` lies beside the running program, or "" when there
// is no such program or `command` is not a plain word.
std::string PluginPath(const std::string& command);

// Becomes that program. Its arguments are those after argv[index], the
// command. Returns only when it cannot be run: an exit code.
int RunPlugin(const std::string& path, int index, char** argv);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_PLUGIN_H_
