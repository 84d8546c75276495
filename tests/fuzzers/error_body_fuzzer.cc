// Any bytes as error body and Retry-After header: two bytes of status, the
// header up to a zero byte, then the body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/time/time.h"
#include "llm/reply_errors.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rocktune;  // NOLINT(google-build-using-namespace)
  if (size < 2) return 0;
  HttpReply http;
  http.status = (data[0] | data[1] << 8) % 700;
  const std::string rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  const size_t end = std::min(rest.find('\0'), rest.size());
  http.headers.emplace_back("retry-after", rest.substr(0, end));
  http.body = rest.substr(std::min(end + 1, rest.size()));
  const auto failure = ReadError(http, absl::UnixEpoch());
  const bool good = http.status >= 200 && http.status <= 299;
  Require(good || failure.has_value());
  if (!failure) return 0;
  Require(failure->outcome != CallOutcome::kOk);
  Require(failure->text.empty() && !failure->error.empty());
  Require(!failure->retry_after ||
          *failure->retry_after >= absl::ZeroDuration());
  Require(failure->rejected_parameter.empty() ||
          failure->outcome == CallOutcome::kBadRequest);
  return 0;
}
