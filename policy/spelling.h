// Finds the option that somebody meant: other cases, former names, prefixes,
// lines pasted from an OPTIONS file.
#ifndef ROCKTUNE_POLICY_SPELLING_H_
#define ROCKTUNE_POLICY_SPELLING_H_

#include <string>

#include "absl/strings/string_view.h"
#include "policy/catalogue.h"
#include "policy/proposal.h"

namespace rocktune {

// `row` is null when the name is refused; then `code` and `message` say why.
// Otherwise `code` is empty, or says that the spelling was corrected. The row
// lives as long as the catalogue.
struct SpelledChange {
  const CatalogueRow* row = nullptr;
  std::string value;  // as proposed, without "name="
  std::string code;
  std::string message;
};

// Codes: "corrected_spelling"; refused: "empty_name", "conflicting_value",
// "several_members", "deprecated_option", "immutable_option",
// "unknown_option".
SpelledChange CorrectSpelling(const ProposedChange& change,
                              const Catalogue& catalogue);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_SPELLING_H_
