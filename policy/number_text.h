// Numbers as people write them, with units, read exactly.
#ifndef ROCKTUNE_POLICY_NUMBER_TEXT_H_
#define ROCKTUNE_POLICY_NUMBER_TEXT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "policy/catalogue.h"

namespace rocktune {

struct WholeNumber {
  bool negative = false;
  uint64_t magnitude = 0;
};

// "64MB", "8.5 MiB", "1e6", "2h", "1_000", "-1". Without a unit in the text
// the number is in `unit` itself. Decimal arithmetic, no rounding except that
// a fraction of a byte, second or microsecond is cut off.
// kInvalidArgument: the message completes "<value> ...".
absl::StatusOr<WholeNumber> ReadWholeNumber(absl::string_view text,
                                            OptionUnit unit);

// "0.25", "1e-3"; no unit, no NaN, no infinity, no hexadecimal.
absl::StatusOr<double> ReadPlainDouble(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_NUMBER_TEXT_H_
