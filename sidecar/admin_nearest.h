// The word somebody probably meant.
#ifndef ROCKTUNE_SIDECAR_ADMIN_NEAREST_H_
#define ROCKTUNE_SIDECAR_ADMIN_NEAREST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rocktune {

// The word of `known` with the smallest edit distance to `word` (a swap of
// neighbours is one edit), or empty when even that is more than a third of the
// longer word away (a guess at what a typing mistake is). The first of equals.
std::string NearestWord(absl::string_view word,
                        const std::vector<std::string>& known);

// " (did you mean \"freeze\"?)", or empty when nothing is near. For the end of
// an error message.
std::string DidYouMean(absl::string_view word,
                       const std::vector<std::string>& known);

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ADMIN_NEAREST_H_
