#include "tests/style/include_rules.h"

#include <initializer_list>
#include <optional>
#include <regex>

namespace rocktune::style {
namespace {

// What an include line names.
struct Include {
  std::string path;
  bool angle = false;
};

std::optional<Include> ParseInclude(const std::string& line) {
  static const std::regex kForm(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::smatch match;
  if (!std::regex_search(line, match, kForm)) return std::nullopt;
  return Include{match[2], match[1] == "<"};
}

// The library an include belongs to: a folder of ours, "rocktune" for the
// public headers, "std" for C++, "system" for C and POSIX, or its first part.
std::string LibraryOf(const Include& include) {
  static const std::vector<std::pair<std::string, std::string>> kSingle = {
      {"sqlite3.h", "sqlite"}, {"simdjson.h", "simdjson"}};
  for (const auto& [name, library] : kSingle) {
    if (include.path == name) return library;
  }
  std::string top = TopFolder(include.path);
  static const std::initializer_list<const char*> kSystemFolders = {
      "sys", "linux", "netinet", "arpa", "bits", "asm"};
  for (const char* folder : kSystemFolders) {
    if (include.angle && top == folder) return "system";
  }
  if (!top.empty()) return top;
  if (!include.angle) return include.path;
  bool has_suffix = include.path.find('.') != std::string::npos;
  return has_suffix ? "system" : "std";
}

struct FolderRule {
  const char* folder;
  std::vector<std::string> may_include;
};

const std::vector<FolderRule>& Table() {
  static const auto& table = *new std::vector<FolderRule>{
      {"policy", {"std", "policy", "absl"}},
      {"hooks", {"std", "system", "hooks", "policy", "absl", "rocksdb"}},
      {"llm",
       {"std", "system", "llm", "policy", "absl", "boost", "openssl",
        "simdjson"}},
      {"sidecar",
       {"std", "system", "sidecar", "rocktune", "policy", "hooks", "llm",
        "absl", "rocksdb", "boost", "sqlite", "toml++", "CLI"}},
      {"bench",
       {"std", "system", "bench", "rocktune", "policy", "hooks", "llm", "absl",
        "rocksdb", "boost", "CLI", "toml++", "nlopt.hpp", "benchmark",
        "sidecar/history", "sidecar/json_text"}},
  };
  return table;
}

const std::vector<std::string>* AllowedFor(const std::string& path) {
  static const auto& installed =
      *new std::vector<std::string>{"std", "rocksdb", "rocktune"};
  if (path.find("/include/rocktune/") != std::string::npos) return &installed;
  for (const FolderRule& rule : Table()) {
    if (TopFolder(path) == rule.folder) return &rule.may_include;
  }
  return nullptr;  // tests may include anything
}

bool Allows(const std::string& allowed, const Include& include) {
  // A row with a slash allows the headers that begin with it, no more.
  if (allowed.find('/') != std::string::npos) {
    return include.path.rfind(allowed, 0) == 0;
  }
  return allowed == LibraryOf(include);
}

}  // namespace

Findings CheckIncludes(const SourceFile& file) {
  Findings findings;
  const auto* allowed = AllowedFor(file.path);
  if (!IsCpp(file.path) || allowed == nullptr) return findings;
  int number = 0;
  for (const std::string& line : Lines(file.text)) {
    ++number;
    auto include = ParseInclude(line);
    if (!include) continue;
    bool ok = false;
    for (const std::string& name : *allowed) ok |= Allows(name, *include);
    if (!ok) {
      findings.push_back({file.path, number,
                          "must not include " + include->path +
                              " (see the table in CONTRIBUTING.md)"});
    }
  }
  return findings;
}

}  // namespace rocktune::style
