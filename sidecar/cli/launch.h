// `rocktune run`: starts a program with rocktune preloaded.
#ifndef ROCKTUNE_SIDECAR_CLI_LAUNCH_H_
#define ROCKTUNE_SIDECAR_CLI_LAUNCH_H_

#include "sidecar/cli/arguments.h"

namespace rocktune::cli {

// As shells end for a program that is not there, or that cannot be run.
inline constexpr int kProgramNotFound = 127;
inline constexpr int kProgramCannotRun = 126;

// How many words of `rocktune ... run OPTIONS [--] PROGRAM ARGUMENTS` are ours:
// those before PROGRAM and before the "--". `run_index` is that of "run".
int OwnWordCount(int argc, char** argv, int run_index);

// The program and its arguments, after `own_words` words of ours.
char** ProgramWords(char** argv, int own_words);

// Becomes `program`, with LD_PRELOAD, ROCKTUNE_MODE and ROCKTUNE_CONFIG as
// `arguments` say. Returns an exit code when it cannot, after saying why.
int Launch(const Arguments& arguments, char** program);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_LAUNCH_H_
