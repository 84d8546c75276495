// How numbers, values and scopes read in a prompt: short, the same everywhere.
#ifndef ROCKTUNE_LLM_PROMPT_TEXT_H_
#define ROCKTUNE_LLM_PROMPT_TEXT_H_

#include <optional>
#include <string>
#include <vector>

#include "llm/briefing_words.h"
#include "policy/catalogue.h"

namespace rocktune {

// A measurement, 3 significant digits: "12.5", "1.2e+06"; "?" when it is not
// a finite number.
std::string Rough(double value);
std::string RoughBytes(double bytes);  // "1.5GiB"
std::string RoughShare(double share);  // "0.42"

// An option's value, exact, so that it can be proposed again: "64MiB", "4",
// "true", "kZSTD".
std::string ValueText(const BriefedValue& value, OptionUnit unit);
std::string ValueText(const std::optional<BriefedValue>& value,
                      OptionUnit unit);

// "all", "cf3", "gone".
std::string ScopeText(int family);
// "cf0,cf2..cf5" of ascending positions; "all" for kEveryFamily alone.
std::string ScopesText(const std::vector<int>& families);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_PROMPT_TEXT_H_
