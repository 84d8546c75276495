#include "tests/style/source_text.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rocktune::style {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFolders = {"policy", "hooks", "llm",     "sidecar",
                                 "bench",  "tests", "scripts", ".ci"};

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool IsNumberQuote(std::string_view text, size_t at) {
  auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
           (c >= 'A' && c <= 'F');
  };
  return at > 0 && at + 1 < text.size() && is_digit(text[at - 1]) &&
         is_digit(text[at + 1]) &&
         !(at + 2 < text.size() && text[at + 2] == '\'');
}

// The offset after the comment or literal that starts at `at`; `at` when none
// starts there. *inner_begin and *inner_end bound what becomes blank.
size_t SkipLiteral(std::string_view text, size_t at, size_t* inner_begin,
                   size_t* inner_end) {
  auto end_of = [&](std::string_view mark, size_t from) {
    size_t found = text.find(mark, from);
    return found == std::string_view::npos ? text.size() : found;
  };
  std::string_view rest = text.substr(at);
  *inner_begin = at;
  if (rest.substr(0, 2) == "//") return *inner_end = end_of("\n", at);
  if (rest.substr(0, 2) == "/*") {
    *inner_end = std::min(text.size(), end_of("*/", at + 2) + 2);
    return *inner_end;
  }
  if (rest.substr(0, 2) == "R\"") {
    size_t open = end_of("(", at);
    std::string mark =
        ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
    *inner_begin = at + 2;
    *inner_end = end_of(mark, open);
    return std::min(text.size(), *inner_end + mark.size());
  }
  if (rest[0] != '"' && (rest[0] != '\'' || IsNumberQuote(text, at))) return at;
  *inner_begin = at + 1;
  size_t end = at + 1;
  while (end < text.size() && text[end] != rest[0]) {
    end += text[end] == '\\' ? 2 : 1;
  }
  *inner_end = std::min(text.size(), end);
  return std::min(text.size(), end + 1);
}

}  // namespace

std::vector<SourceFile> ReadTree(const std::string& root) {
  std::vector<SourceFile> files;
  auto add = [&](const fs::path& path) {
    files.push_back(
        {fs::relative(path, root).generic_string(), ReadFile(path)});
  };
  for (const char* folder : kFolders) {
    fs::path top = fs::path(root) / folder;
    if (!fs::exists(top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (entry.is_regular_file()) add(entry.path());
    }
  }
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.is_regular_file() && entry.path().filename() != ".git") {
      add(entry.path());
    }
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::string TopFolder(std::string_view path) {
  size_t slash = path.find('/');
  return std::string(slash == path.npos ? "" : path.substr(0, slash));
}

bool IsCpp(std::string_view path) {
  return EndsWith(path, ".h") || EndsWith(path, ".cc");
}

bool IsScript(std::string_view path) {
  return EndsWith(path, ".sh") || EndsWith(path, ".cmake") ||
         EndsWith(path, "CMakeLists.txt") || path.find("scripts/") == 0 ||
         path.find(".ci/") == 0;
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

int LineAt(std::string_view text, size_t offset) {
  auto before = text.substr(0, offset);
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

std::string CodeOnly(std::string_view text) {
  std::string code(text);
  size_t at = 0;
  while (at < text.size()) {
    size_t begin = at;
    size_t end = at;
    size_t next = SkipLiteral(text, at, &begin, &end);
    for (size_t i = begin; next != at && i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = std::max(next, at + 1);
  }
  return code;
}

std::string Describe(const Findings& findings) {
  std::string text;
  for (const Finding& f : findings) {
    text += f.path + ":" + std::to_string(f.line) + ": " + f.what + "\n";
  }
  return text;
}

}  // namespace rocktune::style
