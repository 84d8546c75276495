// Which known name somebody meant.
#ifndef ROCKTUNE_POLICY_EDIT_DISTANCE_H_
#define ROCKTUNE_POLICY_EDIT_DISTANCE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rocktune {

// Letters to insert, delete or replace (Levenshtein 1966).
size_t EditDistance(absl::string_view a, absl::string_view b);

// The nearest of `names` that is not more than a third of the letters away;
// empty without one, and for names longer than any name is.
std::string NearestName(absl::string_view name,
                        const std::vector<std::string>& names);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_EDIT_DISTANCE_H_
