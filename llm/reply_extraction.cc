#include "llm/reply_extraction.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace rocktune {
namespace {

using Kind = FoundJson::Kind;

struct ThinkingMark {
  absl::string_view begin;
  absl::string_view end;
};
constexpr ThinkingMark kThinkingMarks[] = {{"<think>", "</think>"},
                                           {"<thinking>", "</thinking>"},
                                           {"<reasoning>", "</reasoning>"},
                                           {"<thought>", "</thought>"}};

constexpr absl::string_view kFence = "```";

absl::string_view Lead(absl::string_view text) {
  return absl::StripLeadingAsciiWhitespace(text);
}

// An object with a key in it, or a list of objects.
bool BeginsJson(absl::string_view text) {
  const absl::string_view inside = Lead(text.substr(1));
  if (inside.empty()) return false;
  if (text[0] == '{') {
    return inside[0] == '"' || absl::StartsWith(inside, "//") ||
           absl::StartsWith(inside, "/*");
  }
  return text[0] == '[' && inside[0] == '{' && BeginsJson(inside);
}

// The length of the value that begins the text, by its brackets; 0: it does
// not end. Whether it is JSON is for the parser to say.
size_t BalancedLength(absl::string_view text) {
  size_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') {
      if (--depth == 0) return i + 1;
    }
  }
  return 0;
}

// A fence opens a line; what follows it there is the language.
size_t FindFence(absl::string_view text, size_t from) {
  for (size_t at = text.find(kFence, from); at != absl::string_view::npos;
       at = text.find(kFence, at + 1)) {
    size_t begin = at;
    while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) {
      --begin;
    }
    if (begin == 0 || text[begin - 1] == '\n') return at;
  }
  return absl::string_view::npos;
}

}  // namespace

Answer WithoutThinking(absl::string_view text) {
  for (const ThinkingMark& mark : kThinkingMarks) {
    const size_t end = text.rfind(mark.end);
    if (end != absl::string_view::npos) {
      text.remove_prefix(end + mark.end.size());
    }
  }
  for (const ThinkingMark& mark : kThinkingMarks) {
    if (absl::StartsWith(Lead(text), mark.begin)) return {text, true};
  }
  return {text, false};
}

std::vector<absl::string_view> FencedBlocks(absl::string_view text) {
  std::vector<absl::string_view> blocks;
  size_t open = FindFence(text, 0);
  while (open != absl::string_view::npos && blocks.size() < kMostFences) {
    const size_t line_end = text.find('\n', open);
    if (line_end == absl::string_view::npos) break;
    const size_t close = FindFence(text, line_end + 1);
    blocks.push_back(text.substr(
        line_end + 1, close == text.npos ? text.npos : close - line_end - 1));
    if (close == text.npos) break;
    open = FindFence(text, close + kFence.size());
  }
  return blocks;
}

FoundJson FindJson(absl::string_view text) {
  FoundJson found;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] != '{' && text[i] != '[') || !BeginsJson(text.substr(i))) {
      continue;
    }
    const size_t length = BalancedLength(text.substr(i));
    if (length == 0) return {Kind::kBroken, {}};
    const absl::string_view json = text.substr(i, length);
    if (found.kind == Kind::kOne && found.text != json) {
      return {Kind::kSeveral, {}};
    }
    found = {Kind::kOne, json};
    i += length - 1;
  }
  return found;
}

std::string WithoutJsonExtras(absl::string_view json) {
  std::string plain;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      plain += c;
      if (c == '\\' && i + 1 < json.size()) plain += json[++i];
      if (c == '"') in_string = false;
      continue;
    }
    const absl::string_view rest = json.substr(i);
    if (absl::StartsWith(rest, "//")) {
      i = std::min(json.find('\n', i), json.size()) - 1;
      continue;
    }
    if (absl::StartsWith(rest, "/*")) {
      const size_t end = json.find("*/", i + 2);
      i = end == json.npos ? json.size() : end + 1;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '}' || c == ']') {
      const size_t last = plain.find_last_not_of(" \t\r\n");
      if (last != plain.npos && plain[last] == ',') plain.erase(last);
    }
    plain += c;
  }
  return plain;
}

}  // namespace rocktune
