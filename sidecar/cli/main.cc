// The rocktune command.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "sidecar/admin_nearest.h"
#include "sidecar/cli/find_socket.h"
#include "sidecar/cli/launch.h"
#include "sidecar/cli/parse.h"
#include "sidecar/cli/plugin.h"
#include "sidecar/cli/run.h"
#include "sidecar/json_text.h"

namespace rocktune::cli {
namespace {

bool WantsColours(bool terminal) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return terminal && (no_color == nullptr || *no_color == '\0') &&
         term != nullptr && std::string(term) != "dumb";
}

// Whether the terminal's characters are those of Unicode, as the locale says.
bool WantsUnicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string locale = absl::AsciiStrToLower(value);
    return absl::StrContains(locale, "utf-8") ||
           absl::StrContains(locale, "utf8");
  }
  return false;
}

// A word that is no command of ours: another program's, or a mistake.
int RunUnknown(int index, char** argv) {
  const std::string word = argv[index];
  const std::string plugin = PluginPath(word);
  if (!plugin.empty()) return RunPlugin(plugin, index, argv);
  std::fprintf(stderr,
               "rocktune: no command \"%s\"%s\n"
               "rocktune --help lists them\n",
               EscapedForTerminal(word).c_str(),
               DidYouMean(word, CommandNames()).c_str());
  return kUsageError;
}

int Main(int argc, char** argv) {
  const int index = CommandIndex(argc, argv);
  const std::vector<std::string> names = CommandNames();
  if (index > 0 &&
      std::find(names.begin(), names.end(), argv[index]) == names.end()) {
    return RunUnknown(index, argv);
  }
  const bool run = index > 0 && std::string(argv[index]) == "run";
  const int own_words = run ? OwnWordCount(argc, argv, index) : argc;
  const ParseResult parsed = ParseCommandLine(own_words, argv);
  std::fputs(parsed.out.c_str(), stdout);
  std::fputs(parsed.err.c_str(), stderr);
  if (parsed.exit_code.has_value()) return *parsed.exit_code;
  if (run) return Launch(parsed.arguments, ProgramWords(argv, own_words));
  Context context;
  context.arguments = parsed.arguments;
  context.terminal = isatty(STDOUT_FILENO) == 1;
  context.style.colours = WantsColours(context.terminal);
  context.style.unicode = WantsUnicode();
  const absl::StatusOr<std::string> socket =
      FindSocket(parsed.arguments.socket);
  if (!socket.ok()) return Fail(socket.status());
  context.socket_path = *socket;
  return Run(context);
}

}  // namespace
}  // namespace rocktune::cli

int main(int argc, char** argv) {
  try {
    return rocktune::cli::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rocktune: %s\n", error.what());
    return rocktune::cli::kFailed;
  }
}
