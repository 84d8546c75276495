// An operator's pin, checked and in canonical text.
#ifndef ROCKTUNE_POLICY_PINS_H_
#define ROCKTUNE_POLICY_PINS_H_

#include "absl/status/statusor.h"
#include "policy/calibration.h"
#include "policy/catalogue.h"
#include "policy/facts.h"

namespace rocktune {

// Checks a pin as an operator wrote it ("64 MiB") and brings its bounds to
// canonical text. kNotFound: no such option or column family (the message
// names the nearest option). kInvalidArgument: a bound that does not parse, or
// min over max, or neither a bound nor a denial.
absl::StatusOr<Pin> CanonicalPin(const Pin& pin, const Catalogue& catalogue,
                                 const DatabaseFacts& database);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_PINS_H_
