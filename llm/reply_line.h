// The pieces of one line of free text: marks, sections, scopes, values.
#ifndef ROCKTUNE_LLM_REPLY_LINE_H_
#define ROCKTUNE_LLM_REPLY_LINE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "policy/catalogue.h"

namespace rocktune {

// Without bullets, numbers, emphasis and quotes of Markdown, and without
// "--" of a command line.
std::string WithoutMarks(absl::string_view line);

// "[CFOptions "default"]". `is_other`: a section that holds no options.
struct OptionsSection {
  std::string scope;  // the column family it names, or empty
  bool is_table = false;
  bool is_other = false;
};
std::optional<OptionsSection> ReadSection(absl::string_view line);

// "all", "cf3", "default" and their usual other spellings.
bool IsScopeWord(absl::string_view text);

// "Nothing to change", "no changes are needed".
bool SaysNothing(absl::string_view line);

// "increase X from 64MB to 128MB": X and "128MB".
struct Sentence {
  std::string option;
  std::string value;
};
std::optional<Sentence> ReadOrder(absl::string_view line);

// A value and what was written after it.
struct LooseValue {
  std::string value;
  std::string rest;
};

// What the catalogue says of words. It must outlive this.
struct LooseWords {
  const Catalogue& catalogue;

  // An option that the catalogue has, in some spelling.
  bool Knows(absl::string_view name) const;
  // Known, or one word with '_' inside: an option of another version.
  bool MayBeOption(absl::string_view name) const;
  bool IsValue(absl::string_view value, absl::string_view option) const;
  // "64 MB -> 128 MB (twice as much)" is "128 MB" and "twice as much".
  LooseValue ReadValue(absl::string_view text, absl::string_view option) const;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_LINE_H_
