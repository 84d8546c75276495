// The words a model may be told: by type they come from the catalogue of the
// linked RocksDB or from tables of ours, never from the host.
#ifndef ROCKTUNE_LLM_BRIEFING_WORDS_H_
#define ROCKTUNE_LLM_BRIEFING_WORDS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "policy/catalogue.h"
#include "policy/facts.h"

namespace rocktune {

inline constexpr size_t kLongestWord = 64;
inline constexpr size_t kLongestMeaning = 120;

// Text that only a catalogue row can give. Compares by its text.
class CatalogueWord {
 public:
  // The row's name; nullopt when it is longer than kLongestWord or holds
  // anything but letters, digits and _.:{}=;-
  static std::optional<CatalogueWord> Name(const CatalogueRow& row);
  // The row's own spelling of `word`; nullopt when it is none of its
  // enum_values, or no word as above.
  static std::optional<CatalogueWord> EnumValue(const CatalogueRow& row,
                                                absl::string_view word);
  // What the option means, from our knowledge table; nullopt when there is
  // nothing, or not printable ASCII of at most kLongestMeaning.
  static std::optional<CatalogueWord> Meaning(const CatalogueRow& row);

  const std::string& text() const { return text_; }
  bool operator==(const CatalogueWord&) const = default;

 private:
  explicit CatalogueWord(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// An option's value: a number (exact below 2^53), a boolean, or an enum word.
using BriefedValue = std::variant<double, bool, CatalogueWord>;

// Reads `text` ("67108864", "64 MiB", "lz4") for this option. nullopt: it is
// no value of the option, or of a type that has no closed set of values.
std::optional<BriefedValue> ReadBriefedValue(absl::string_view text,
                                             const CatalogueRow& row);

// A model may be asked about the row: open to advisors, a number, boolean or
// word, and named by a CatalogueWord.
bool IsOpenToModels(const CatalogueRow& row);

// A column family by its position among the facts (`cf0`, `cf1` ...).
inline constexpr int kEveryFamily = -1;  // also: the whole database
inline constexpr int kGoneFamily = -2;   // not among the facts
int FamilyPosition(const DatabaseFacts& database,
                   const std::string& column_family);

// Words for strings that the host or the history gave: the entry of a table
// that equals them, else the table's last word ("other").
absl::string_view FileSystemWord(absl::string_view name);
absl::string_view SchedulerWord(absl::string_view name);
absl::string_view CompactionStyleWord(absl::string_view name);
absl::string_view EndWord(absl::string_view ended);  // Trial::ended

// A code of CalibrationNote and what it tells an advisor. Codes that are not
// in the table become the row of "other".
struct NoteWord {
  absl::string_view code;
  absl::string_view hint;  // may be empty: the code says it
};
const NoteWord& NoteWordOf(absl::string_view code);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_BRIEFING_WORDS_H_
