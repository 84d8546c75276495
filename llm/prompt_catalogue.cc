// What a model may touch, and what is in force.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "llm/prompt_parts.h"
#include "llm/prompt_text.h"

namespace rocktune {
namespace {

// By OptionClass; only the first three are open to models.
constexpr const char* kClasses[] = {"instant", "warming", "files"};
constexpr const char* kUnits[] = {"", "B", "B/s", "us", "s", "", ""};

// "1..64", "words a|b", "true|false".
std::string RangeText(const BriefedOption& option) {
  if (option.type == OptionType::kBool) return "true|false";
  if (option.type == OptionType::kEnum) {
    return absl::StrJoin(option.words, "|",
                         [](std::string* out, const CatalogueWord& word) {
                           out->append(word.text());
                         });
  }
  std::string text =
      absl::StrCat(ValueText(BriefedValue(option.min), option.unit), "..",
                   ValueText(BriefedValue(option.max), option.unit));
  if (option.allows_zero && option.min > 0) absl::StrAppend(&text, " or 0");
  if (option.allows_minus_one) absl::StrAppend(&text, " or -1");
  if (option.max_step_factor > 1) {
    absl::StrAppend(&text, ", step x", Rough(option.max_step_factor));
  }
  return text;
}

std::string LineOf(const BriefedOption& option) {
  const char* unit = kUnits[static_cast<size_t>(option.unit)];
  std::string line = absl::StrCat(
      option.name.text(), " ",
      option.scope == OptionScope::kColumnFamily ? "cf" : "db", " ",
      kClasses[static_cast<size_t>(option.option_class)], " [",
      RangeText(option), "]", *unit == '\0' ? "" : " ", unit);
  if (option.default_value) {
    absl::StrAppend(&line, " default ",
                    ValueText(*option.default_value, option.unit));
  }
  if (option.meaning) absl::StrAppend(&line, ": ", option.meaning->text());
  return line;
}

bool IsShown(int family, const std::vector<int>& shown) {
  if (family < 0) return true;
  for (int position : shown) {
    if (position == family) return true;
  }
  return false;
}

// "name 64MiB" or "name cf0 64MiB; cf1 32MiB"; empty at the default; "name ?"
// when it is not known.
std::string InForce(const BriefedOption& option,
                    const std::vector<int>& shown) {
  std::map<std::string, std::vector<int>> by_value;
  bool at_default = true;
  for (const auto& [family, value] : option.values) {
    if (!IsShown(family, shown)) continue;
    at_default = at_default && option.default_value == value;
    by_value[ValueText(value, option.unit)].push_back(family);
  }
  if (option.values.empty()) return absl::StrCat(option.name.text(), " ?");
  if (at_default) return "";
  if (by_value.size() == 1) {
    return absl::StrCat(option.name.text(), " ", by_value.begin()->first);
  }
  return absl::StrCat(
      option.name.text(), " ",
      absl::StrJoin(by_value, "; ", [](std::string* out, const auto& entry) {
        absl::StrAppend(out, ScopesText(entry.second), " ", entry.first);
      }));
}

}  // namespace

std::string WriteCatalogue(const ModelBriefing& briefing) {
  std::string text =
      "\nCATALOGUE\n"
      "One option a line: name, scope (cf: each column family has its own; db: "
      "the whole database), class (instant: acts and is undone at once; "
      "warming: acts over minutes; files: shapes new files), allowed values, "
      "unit, default, meaning.\n";
  for (const BriefedOption& option : briefing.options) {
    absl::StrAppend(&text, LineOf(option), "\n");
  }
  if (briefing.options_left_out > 0) {
    absl::StrAppend(&text, briefing.options_left_out,
                    " more options left out\n");
  }
  return text;
}

std::string WriteValues(const ModelBriefing& briefing,
                        const std::vector<int>& shown) {
  std::string lines;
  for (const BriefedOption& option : briefing.options) {
    const std::string line = InForce(option, shown);
    if (!line.empty()) absl::StrAppend(&lines, line, "\n");
  }
  return absl::StrCat("VALUES IN FORCE (the others are at their default)\n",
                      lines.empty() ? "all at their default\n" : lines);
}

}  // namespace rocktune
