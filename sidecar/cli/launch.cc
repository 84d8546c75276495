#include "sidecar/cli/launch.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>

#include "sidecar/cli/run.h"
#include "sidecar/json_text.h"

namespace rocktune::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kLibrary[] = "librocktune_preload.so";

// Options of ours whose value is the next word.
constexpr const char* kValued[] = {"--mode",    "--config",  "--socket",
                                   "--output",  "-o",        "--db",
                                   "--timeout", "--database"};

int Complain(int exit_code, const std::string& what) {
  std::fprintf(stderr, "rocktune: %s\n", EscapedForTerminal(what).c_str());
  return exit_code;
}

// Beside this program: where the build puts it, where installing puts it, or
// in the same folder. Empty: nowhere.
std::string FindLibrary() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) return "";
  for (const char* folder : {"../preload", ROCKTUNE_LIBRARY_FOLDER, "."}) {
    const fs::path path = self.parent_path() / folder / kLibrary;
    if (access(path.c_str(), R_OK) == 0) {
      return fs::weakly_canonical(path, error).string();
    }
  }
  return "";
}

// In front of what is preloaded anyhow.
int Preload(const std::string& library) {
  if (library.empty()) {
    return Complain(kFailed, std::string("there is no ") + kLibrary +
                                 " beside this program (a build with a "
                                 "sanitizer has none)");
  }
  // The dynamic linker takes both for the end of a name.
  if (library.find_first_of(": ") != std::string::npos) {
    return Complain(kFailed,
                    "a path with a space or a colon cannot be "
                    "preloaded: " +
                        library);
  }
  const char* present = std::getenv("LD_PRELOAD");
  const bool alone = present == nullptr || *present == '\0';
  setenv("LD_PRELOAD", (alone ? library : library + ":" + present).c_str(), 1);
  return kOk;
}

// Absolute, because the program may change its folder before it opens a
// database.
int SetConfig(const std::string& config) {
  std::error_code error;
  const fs::path path = fs::canonical(config, error);
  if (error || access(path.c_str(), R_OK) != 0) {
    return Complain(kFailed,
                    "cannot read the configuration " + config + ": " +
                        (error ? error.message() : std::strerror(errno)));
  }
  setenv("ROCKTUNE_CONFIG", path.c_str(), 1);
  return kOk;
}

}  // namespace

int OwnWordCount(int argc, char** argv, int run_index) {
  int count = run_index + 1;
  while (count < argc && argv[count][0] == '-') {
    if (std::strcmp(argv[count], "--") == 0) break;
    for (const char* valued : kValued) {
      if (std::strcmp(argv[count], valued) == 0 && count + 1 < argc) ++count;
    }
    ++count;
  }
  return count;
}

char** ProgramWords(char** argv, int own_words) {
  char** words = argv + own_words;
  return *words != nullptr && std::strcmp(*words, "--") == 0 ? words + 1
                                                             : words;
}

int Launch(const Arguments& arguments, char** program) {
  if (*program == nullptr) {
    return Complain(kUsageError,
                    "run needs a program: rocktune run [--mode MODE] "
                    "[--config FILE] [--] PROGRAM ARGUMENTS");
  }
  if (const int code = Preload(FindLibrary()); code != kOk) return code;
  if (!arguments.config.empty()) {
    if (const int code = SetConfig(arguments.config); code != kOk) return code;
  }
  if (!arguments.mode.empty()) {
    setenv("ROCKTUNE_MODE", arguments.mode.c_str(), 1);
  }
  execvp(*program, program);
  const int error = errno;
  return Complain(
      error == ENOENT ? kProgramNotFound : kProgramCannotRun,
      std::string("cannot run ") + *program + ": " + std::strerror(error));
}

}  // namespace rocktune::cli
