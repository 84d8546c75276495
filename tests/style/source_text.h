// The sources of this project as text, for the rules that hold over them.
#ifndef ROCKTUNE_TESTS_STYLE_SOURCE_TEXT_H_
#define ROCKTUNE_TESTS_STYLE_SOURCE_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace rocktune::style {

struct SourceFile {
  std::string path;  // relative to the project folder, "policy/window.h"
  std::string text;
};

// One broken rule at one place.
struct Finding {
  std::string path;
  int line = 0;  // 1-based; 0: the whole file
  std::string what;
};
using Findings = std::vector<Finding>;

// Every text file of the project's own folders, sorted by path. Build output
// is not among them.
std::vector<SourceFile> ReadTree(const std::string& root);

// "policy" of "policy/window.h"; empty for a file at the top.
std::string TopFolder(std::string_view path);

bool IsCpp(std::string_view path);
bool IsScript(std::string_view path);  // shell and CMake

std::vector<std::string> Lines(std::string_view text);
int LineAt(std::string_view text, size_t offset);  // 1-based

// The same text, equally long and with the same lines, in which comments and
// what stands inside quotes are blanks: what is left is code.
std::string CodeOnly(std::string_view text);

// One line for each finding, for a failed test to show.
std::string Describe(const Findings& findings);

}  // namespace rocktune::style

#endif  // ROCKTUNE_TESTS_STYLE_SOURCE_TEXT_H_
