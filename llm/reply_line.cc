#include "llm/reply_line.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llm/reply_scope.h"
#include "llm/reply_text.h"
#include "policy/spelling.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

constexpr size_t kLongestName = 80;
constexpr int kMostWordsInName = 5;  // "Level0 file num compaction trigger"
constexpr size_t kLongestValueText = 500;

constexpr absl::string_view kOrders[] = {
    "set",    "increase", "raise", "reduce", "lower", "decrease",
    "change", "bump",     "use",   "adjust", "grow",  "shrink"};

constexpr absl::string_view kNothing[] = {
    "nothing to change", "no change",        "no option change",
    "no further change", "no tuning change", "leave everything as it is"};

// Where a value ends and a remark begins.
constexpr absl::string_view kEnds[] = {"#",         "//",   " (",    " - ",
                                       " -- ",      ", ",   ". ",    "; ",
                                       " because ", " as ", " for ", " so "};

const CatalogueRow* RowOf(absl::string_view name, const Catalogue& catalogue) {
  std::string option(name);
  TakeScope(option);
  if (option.size() > kLongestName ||
      std::count(option.begin(), option.end(), ' ') >= kMostWordsInName) {
    return nullptr;
  }
  return CorrectSpelling({option, "", "", "", ""}, catalogue).row;
}

std::string Remark(absl::string_view text) {
  const size_t begin = text.find_first_not_of("#/(-,.; ");
  if (begin == text.npos) return "";
  text.remove_prefix(begin);
  if (absl::EndsWith(text, ")") && !absl::StrContains(text, "(")) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

LooseValue Cut(absl::string_view text) {
  size_t end = text.size();
  for (absl::string_view mark : kEnds) {
    end = std::min(end, std::min(text.find(mark, 1), text.size()));
  }
  absl::string_view value = absl::StripAsciiWhitespace(text.substr(0, end));
  while (!value.empty() &&
         absl::StrContains(".,;:*`", value.substr(value.size() - 1))) {
    value.remove_suffix(1);
  }
  return {std::string(absl::StripAsciiWhitespace(value)),
          Remark(text.substr(end))};
}

// What stands between the first mark and its twin.
std::optional<LooseValue> Enclosed(absl::string_view text) {
  constexpr absl::string_view kOpen = "\"'`{";
  constexpr absl::string_view kClose = "\"'`}";
  const size_t kind = text.empty() ? kOpen.npos : kOpen.find(text[0]);
  if (kind == kOpen.npos) return std::nullopt;
  const size_t close = text.find(kClose[kind], 1);
  if (close == text.npos) return std::nullopt;
  const bool is_struct = kOpen[kind] == '{';
  return LooseValue{std::string(is_struct ? text.substr(0, close + 1)
                                          : text.substr(1, close - 1)),
                    Remark(text.substr(close + 1))};
}

}  // namespace

std::string WithoutMarks(absl::string_view line) {
  line = absl::StripAsciiWhitespace(line);
  while (absl::ConsumePrefix(&line, "#") || absl::ConsumePrefix(&line, ">")) {
  }
  line = absl::StripLeadingAsciiWhitespace(line);
  for (absl::string_view bullet : {"- ", "* ", "+ ", "\xe2\x80\xa2 "}) {
    if (absl::ConsumePrefix(&line, bullet)) break;
  }
  size_t digits = 0;
  while (digits < line.size() && absl::ascii_isdigit(line[digits])) ++digits;
  if (digits > 0 && digits < 3 && digits + 1 < line.size() &&
      (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ') {
    line.remove_prefix(digits + 2);
  }
  absl::ConsumePrefix(&line, "--");
  std::string plain;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '`') continue;
    // Emphasis; a single '*' may multiply.
    if (line[i] == '*' && i + 1 < line.size() && line[i + 1] == '*') {
      ++i;
      continue;
    }
    plain += line[i];
  }
  return std::string(absl::StripAsciiWhitespace(plain));
}

std::optional<OptionsSection> ReadSection(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, "[") || !absl::ConsumeSuffix(&line, "]")) {
    return std::nullopt;
  }
  OptionsSection section;
  const size_t quote = line.find('"');
  if (quote != line.npos) {
    absl::string_view name = line.substr(quote + 1);
    absl::ConsumeSuffix(&name, "\"");
    section.scope = std::string(name);
  }
  const std::string kind =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(line.substr(0, quote)));
  section.is_table = absl::StartsWith(kind, "tableoptions");
  section.is_other =
      !section.is_table && kind != "dboptions" && kind != "cfoptions";
  return section;
}

bool IsScopeWord(absl::string_view text) {
  return !text.empty() && text.size() < 32 &&
         (MeansEveryFamily(text) || FamilyNumber(text) ||
          absl::EqualsIgnoreCase(text, "default"));
}

bool SaysNothing(absl::string_view line) {
  for (absl::string_view phrase : kNothing) {
    if (absl::StartsWithIgnoreCase(line, phrase)) return true;
  }
  return false;
}

std::optional<Sentence> ReadOrder(absl::string_view line) {
  const size_t space = line.find(' ');
  if (space == line.npos) return std::nullopt;
  const std::string verb = absl::AsciiStrToLower(line.substr(0, space));
  if (std::find(std::begin(kOrders), std::end(kOrders), verb) ==
      std::end(kOrders)) {
    return std::nullopt;
  }
  absl::string_view rest = absl::StripAsciiWhitespace(line.substr(space));
  absl::ConsumePrefix(&rest, "the ");
  const size_t to = rest.find(" to ");
  if (to == rest.npos) return std::nullopt;
  absl::string_view name = rest.substr(0, to);
  name = name.substr(0, name.find(" from "));
  return Sentence{std::string(absl::StripAsciiWhitespace(name)),
                  std::string(rest.substr(to + 4))};
}

bool LooseWords::Knows(absl::string_view name) const {
  return RowOf(name, catalogue) != nullptr;
}

bool LooseWords::MayBeOption(absl::string_view name) const {
  if (name.empty() || name.size() > kLongestName) return false;
  if (Knows(name)) return true;
  return absl::StrContains(name, "_") &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '_' || c == '.';
         });
}

bool LooseWords::IsValue(absl::string_view value,
                         absl::string_view option) const {
  const CatalogueRow* row = RowOf(option, catalogue);
  return row != nullptr && ParseValue(value, *row).ok();
}

LooseValue LooseWords::ReadValue(absl::string_view text,
                                 absl::string_view option) const {
  const std::string plain = PrintableText(text, kLongestValueText);
  absl::string_view rest = plain;
  // "before -> after", "from before to after".
  const size_t arrow = rest.rfind("->");
  if (arrow != rest.npos) rest.remove_prefix(arrow + 2);
  rest = absl::StripAsciiWhitespace(rest);
  if (std::optional<LooseValue> enclosed = Enclosed(rest)) return *enclosed;
  LooseValue whole = Cut(rest);
  const size_t to = absl::StartsWith(rest, "to ") ? 0 : rest.find(" to ");
  if (to == rest.npos || IsValue(whole.value, option)) return whole;
  LooseValue after =
      Cut(absl::StripAsciiWhitespace(rest.substr(rest.find("to ", to) + 3)));
  if (IsValue(after.value, option)) return after;
  return whole;
}

}  // namespace rocktune
