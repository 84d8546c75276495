// Early return on a bad status. Abseil's own macros are newer than the Abseil
// we support (20220623).
#ifndef ROCKTUNE_POLICY_STATUS_MACROS_H_
#define ROCKTUNE_POLICY_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the enclosing function when `expr` (absl::Status) is not OK.
#define ROCKTUNE_RETURN_IF_ERROR(expr)                                      \
  do {                                                                      \
    if (::absl::Status rocktune_status_ = (expr); !rocktune_status_.ok()) { \
      return rocktune_status_;                                              \
    }                                                                       \
  } while (false)

#define ROCKTUNE_CONCAT_INNER_(a, b) a##b
#define ROCKTUNE_CONCAT_(a, b) ROCKTUNE_CONCAT_INNER_(a, b)

// Assigns the value of `expr` (absl::StatusOr<T>) to `lhs`, or returns its
// status from the enclosing function.
#define ROCKTUNE_ASSIGN_OR_RETURN(lhs, expr)                                \
  ROCKTUNE_ASSIGN_OR_RETURN_(ROCKTUNE_CONCAT_(rocktune_or_, __LINE__), lhs, \
                             expr)
#define ROCKTUNE_ASSIGN_OR_RETURN_(result, lhs, expr) \
  auto result = (expr);                               \
  if (!result.ok()) return result.status();           \
  lhs = std::move(result).value()

#endif  // ROCKTUNE_POLICY_STATUS_MACROS_H_
