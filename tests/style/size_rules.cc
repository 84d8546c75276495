#include "tests/style/size_rules.h"

#include <regex>

namespace rocktune::style {
namespace {

// What an opening brace begins, judged by the statement before it.
enum class Block { kContainer, kFunction, kOther };

Block BlockAfter(const std::string& statement) {
  static const std::regex kContainer(
      R"(^\s*(template\s*<.*>\s*)?(inline\s+)?)"
      R"((namespace|class|struct|union|enum|extern)\b)");
  static const std::regex kOperator(R"(operator\s*[=!<>]=?)");
  bool call = statement.find('(') != std::string::npos;
  // A struct may be what a function returns: "struct stat Stat(...) {".
  bool container = std::regex_search(statement, kContainer);
  if (container && !call) return Block::kContainer;
  if (container && statement.find("__attribute__") != std::string::npos) {
    return Block::kContainer;
  }
  std::string rest = std::regex_replace(statement, kOperator, "");
  // An assignment before the first parenthesis: a table or a lambda.
  size_t equals = rest.find('=');
  if (!call || equals < rest.find('(')) return Block::kOther;
  return Block::kFunction;
}

std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

// Blanks preprocessor lines, which end without a semicolon.
std::string WithoutDirectives(std::string code) {
  bool directive = false;
  size_t at = 0;
  while (at < code.size()) {
    size_t end = std::min(code.find('\n', at), code.size());
    size_t first = code.find_first_not_of(' ', at);
    directive = directive || (first < end && code[first] == '#');
    bool continues = directive && end > at && code[end - 1] == '\\';
    if (directive) code.replace(at, end - at, end - at, ' ');
    directive = continues;
    at = end + 1;
  }
  return code;
}

size_t MatchingBrace(const std::string& code, size_t open) {
  int depth = 0;
  for (size_t at = open; at < code.size(); ++at) {
    if (code[at] == '{') ++depth;
    if (code[at] == '}' && --depth == 0) return at;
  }
  return code.size();
}

// Where the statement at `from` ends that `close` may not end: a constructor's
// initialisers with braces, "A() : b_{1}, c_{2} {", go on after a brace.
bool StatementGoesOn(const std::string& code, size_t close) {
  size_t next = code.find_first_not_of(" \n", close + 1);
  return next != std::string::npos && (code[next] == ',' || code[next] == '{');
}

}  // namespace

Findings CheckFileSize(const SourceFile& file) {
  const int lines = static_cast<int>(Lines(file.text).size());
  int limit = 0;
  const bool shebang = file.text.rfind("#!", 0) == 0;
  if (IsCpp(file.path) || IsScript(file.path) || shebang) {
    limit = kMaxFileLines;
  }
  if (!TopFolder(file.path).empty() &&
      file.path.find("README.md") != std::string::npos) {
    limit = kMaxReadmeLines;
  }
  if (limit == 0 || lines <= limit) return {};
  return {{file.path, 0,
           std::to_string(lines) + " lines, limit " + std::to_string(limit)}};
}

Findings CheckFunctionSize(const SourceFile& file) {
  Findings findings;
  if (!IsCpp(file.path)) return findings;
  const std::string code = WithoutDirectives(CodeOnly(file.text));
  size_t start = 0;  // of the statement being read
  for (size_t at = 0; at < code.size(); ++at) {
    if (code[at] == ';' || code[at] == '}') start = at + 1;
    // "public:" and the like; "::" and "? :" do not end a statement.
    if (code[at] == ':' && code[at + 1] == '\n') start = at + 1;
    if (code[at] != '{') continue;
    Block block = BlockAfter(OneLine(code.substr(start, at - start)));
    if (block == Block::kContainer) {
      start = at + 1;
      continue;
    }
    size_t close = MatchingBrace(code, at);
    if (StatementGoesOn(code, close)) {
      at = close;
      continue;
    }
    size_t first = code.find_first_not_of(" \n", start);
    int first_line = LineAt(code, first);
    int lines = LineAt(code, close) - first_line + 1;
    if (block == Block::kFunction && lines > kMaxFunctionLines) {
      findings.push_back({file.path, first_line,
                          "function of " + std::to_string(lines) +
                              " lines, limit " +
                              std::to_string(kMaxFunctionLines)});
    }
    at = close;
    start = close + 1;
  }
  return findings;
}

}  // namespace rocktune::style
