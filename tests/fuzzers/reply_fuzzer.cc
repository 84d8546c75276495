// Any bytes as the reply of each dialect: the first byte chooses the provider
// and the status. What comes out must keep the promises of ReadReply.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "llm/dialect.h"

namespace rocktune {
namespace {

constexpr Dialect kDialects[] = {Dialect::kOpenAiChat,
                                 Dialect::kOpenAiResponses, Dialect::kAnthropic,
                                 Dialect::kGemini};
constexpr int kStatuses[] = {200, 400, 429, 500};
constexpr char kKey[] = "sk-canary-0123456789abcdef";

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckLine(const std::string& line, size_t most_bytes) {
  Require(line.size() <= most_bytes);
  for (const char c : line) Require(c >= ' ' && c <= '~');
}

void Check(const ModelReply& reply) {
  Require((reply.outcome == CallOutcome::kOk) == !reply.text.empty());
  Require((reply.outcome == CallOutcome::kOk) == reply.error.empty());
  Require(reply.text.size() <= kMaxReplyBytes);
  CheckLine(reply.error, 300);
  CheckLine(reply.model, 100);
  CheckLine(reply.request_id, 100);
  Require(reply.rejected_parameter.size() <= 64);
  Require(reply.usage.input <= 30000000 && reply.usage.output <= 20000000);
  for (const std::string* field :
       {&reply.text, &reply.error, &reply.model, &reply.request_id}) {
    Require(field->find(kKey) == std::string::npos);
  }
}

}  // namespace
}  // namespace rocktune

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rocktune;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  Provider provider;
  provider.dialect = kDialects[data[0] & 3];
  const Secret key{std::string(kKey)};
  HttpReply http;
  http.status = kStatuses[(data[0] >> 2) & 3];
  http.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  Check(ReadReply(provider, &key, http, absl::UnixEpoch()));
  return 0;
}
