#include "llm/reply_scope.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rocktune {
namespace {

constexpr size_t kMostScopes = 64;  // in one change

constexpr absl::string_view kEverywhere[] = {
    "all",    "*",        "db",
    "dbwide", "database", "wholedatabase",
    "global", "any",      "allcolumnfamilies",
    "allcfs", "none",     "null",
    "live"};

// Letters, digits and '*' in lower case.
std::string Plain(absl::string_view text) {
  std::string plain;
  for (char c : text) {
    if (absl::ascii_isalnum(c) || c == '*') plain += absl::ascii_tolower(c);
  }
  return plain;
}

const std::string* FamilyNamed(absl::string_view text,
                               const DatabaseFacts& database) {
  // Other names were never told, so a model cannot mean them.
  if (Plain(text) != "default") return nullptr;
  for (const ColumnFamilyFacts& family : database.column_families) {
    if (family.name == "default") return &family.name;
  }
  return nullptr;
}

}  // namespace

bool MeansEveryFamily(absl::string_view text) {
  const std::string plain = Plain(text);
  return text.empty() ||
         std::find(std::begin(kEverywhere), std::end(kEverywhere), plain) !=
             std::end(kEverywhere);
}

std::optional<size_t> FamilyNumber(absl::string_view text) {
  const std::string plain = Plain(text);
  absl::string_view digits = plain;
  if (!absl::ConsumePrefix(&digits, "columnfamily") &&
      !absl::ConsumePrefix(&digits, "cf")) {
    return std::nullopt;
  }
  size_t number = 0;
  if (digits.empty() || digits.size() > 6 ||
      !absl::SimpleAtoi(digits, &number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<std::vector<std::string>> ResolveScopes(
    absl::string_view text, const DatabaseFacts& database) {
  std::vector<std::string> families;
  size_t pieces = 0;
  for (absl::string_view piece : absl::StrSplit(text, ',')) {
    if (++pieces > kMostScopes) return std::nullopt;
    piece = absl::StripAsciiWhitespace(piece);
    std::string family;
    if (const std::string* named = FamilyNamed(piece, database)) {
      family = *named;
    } else if (const std::optional<size_t> number = FamilyNumber(piece)) {
      if (*number >= database.column_families.size()) return std::nullopt;
      family = database.column_families[*number].name;
    } else if (!MeansEveryFamily(piece)) {
      return std::nullopt;
    }
    if (std::find(families.begin(), families.end(), family) == families.end()) {
      families.push_back(std::move(family));
    }
  }
  return families;
}

std::string TakeScope(std::string& option) {
  const size_t open = option.find_first_of("[(");
  if (open != option.npos && open > 0 &&
      (option.back() == ']' || option.back() == ')')) {
    std::string scope = option.substr(open + 1, option.size() - open - 2);
    if (FamilyNumber(scope) || MeansEveryFamily(scope) ||
        Plain(scope) == "default") {
      option = std::string(absl::StripAsciiWhitespace(
          absl::string_view(option).substr(0, open)));
      return scope;
    }
  }
  const size_t dot = option.find_first_of(".:/");
  if (dot != option.npos && FamilyNumber(option.substr(0, dot))) {
    std::string scope = option.substr(0, dot);
    option = std::string(
        absl::StripAsciiWhitespace(absl::string_view(option).substr(dot + 1)));
    return scope;
  }
  return "";
}

}  // namespace rocktune
