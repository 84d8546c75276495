#include "llm/briefing_words.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

bool IsWordLetter(char c) {
  return absl::ascii_isalnum(c) ||
         absl::StrContains("_.:{}=;-", absl::string_view(&c, 1));
}

bool IsWord(absl::string_view text) {
  return !text.empty() && text.size() <= kLongestWord &&
         std::all_of(text.begin(), text.end(), IsWordLetter);
}

template <size_t N>
absl::string_view WordIn(const absl::string_view (&words)[N],
                         absl::string_view name) {
  for (absl::string_view word : words) {
    if (word == name) return word;
  }
  return words[N - 1];
}

constexpr absl::string_view kFileSystems[] = {"ext4",  "xfs",     "btrfs",
                                              "tmpfs", "overlay", "other"};
constexpr absl::string_view kSchedulers[] = {"none", "mq-deadline", "bfq",
                                             "kyber", "other"};
constexpr absl::string_view kEnds[] = {
    "proven",    "confirmed",  "nothing_lost", "harm",          "futile",
    "deadline",  "load_shift", "guardrail",    "limit",         "stalls",
    "unsettled", "unsteady",   "probation",    "not_its_fault", "other"};

struct Style {
  absl::string_view name;
  absl::string_view word;
};
constexpr Style kStyles[] = {{"kCompactionStyleLevel", "level"},
                             {"kCompactionStyleUniversal", "universal"},
                             {"kCompactionStyleFIFO", "fifo"},
                             {"kCompactionStyleNone", "none"}};

}  // namespace

std::optional<CatalogueWord> CatalogueWord::Name(const CatalogueRow& row) {
  if (!IsWord(row.name)) return std::nullopt;
  return CatalogueWord(row.name);
}

std::optional<CatalogueWord> CatalogueWord::EnumValue(const CatalogueRow& row,
                                                      absl::string_view word) {
  for (const std::string& known : row.enum_values) {
    if (known == word && IsWord(known)) return CatalogueWord(known);
  }
  return std::nullopt;
}

std::optional<CatalogueWord> CatalogueWord::Meaning(const CatalogueRow& row) {
  const std::string& text = row.meaning;
  if (text.empty() || text.size() > kLongestMeaning ||
      !std::all_of(text.begin(), text.end(), absl::ascii_isprint)) {
    return std::nullopt;
  }
  return CatalogueWord(text);
}

std::optional<BriefedValue> ReadBriefedValue(absl::string_view text,
                                             const CatalogueRow& row) {
  const absl::StatusOr<std::string> canonical = ParseValue(text, row);
  if (!canonical.ok()) return std::nullopt;
  if (row.type == OptionType::kBool) return BriefedValue(*canonical == "true");
  if (row.type == OptionType::kEnum) {
    std::optional<CatalogueWord> word =
        CatalogueWord::EnumValue(row, *canonical);
    if (!word) return std::nullopt;
    return BriefedValue(*std::move(word));
  }
  const std::optional<double> number = NumberOf(*canonical);
  if (!number) return std::nullopt;
  return BriefedValue(*number);
}

bool IsOpenToModels(const CatalogueRow& row) {
  const bool open = row.option_class == OptionClass::kInstant ||
                    row.option_class == OptionClass::kWarming ||
                    row.option_class == OptionClass::kChangesFiles;
  const bool vetted = row.type != OptionType::kList &&
                      row.type != OptionType::kStruct &&
                      row.type != OptionType::kString;
  return open && vetted && IsWord(row.name);
}

int FamilyPosition(const DatabaseFacts& database,
                   const std::string& column_family) {
  if (column_family.empty()) return kEveryFamily;
  for (size_t i = 0; i < database.column_families.size(); ++i) {
    if (database.column_families[i].name == column_family) {
      return static_cast<int>(i);
    }
  }
  return kGoneFamily;
}

absl::string_view FileSystemWord(absl::string_view name) {
  return WordIn(kFileSystems, name);
}
absl::string_view SchedulerWord(absl::string_view name) {
  return WordIn(kSchedulers, name);
}
absl::string_view EndWord(absl::string_view ended) {
  return WordIn(kEnds, ended);
}
absl::string_view CompactionStyleWord(absl::string_view name) {
  for (const Style& style : kStyles) {
    if (style.name == name) return style.word;
  }
  return "unknown";
}

}  // namespace rocktune
