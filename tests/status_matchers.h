// gtest matchers for absl::Status and absl::StatusOr; Abseil's own are newer
// than the Abseil we support.
#ifndef ROCKTUNE_TESTS_STATUS_MATCHERS_H_
#define ROCKTUNE_TESTS_STATUS_MATCHERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rocktune {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// Matches the code and a part of the message.
MATCHER_P2(IsError, code, message_part, "") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << status.ToString();
  return status.code() == code &&
         std::string(status.message()).find(message_part) != std::string::npos;
}

}  // namespace rocktune

#define ASSERT_OK(expr) ASSERT_THAT((expr), ::rocktune::IsOk())
#define EXPECT_OK(expr) EXPECT_THAT((expr), ::rocktune::IsOk())

#endif  // ROCKTUNE_TESTS_STATUS_MATCHERS_H_
