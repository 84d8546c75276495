// Providers, a question and replies that the tests of the wire share.
#ifndef ROCKTUNE_TESTS_LLM_WIRE_FIXTURE_H_
#define ROCKTUNE_TESTS_LLM_WIRE_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "llm/dialect.h"
#include "llm/provider.h"
#include "tests/status_matchers.h"

namespace rocktune {

// Sunday, 06 Nov 1994 08:49:37 GMT.
inline const absl::Time kNow = absl::FromUnixSeconds(784111777);

// A key that is looked for wherever it must not be.
inline constexpr char kCanary[] = "sk-canary-0123456789abcdef";

inline ProviderConfig ConfigOf(const std::string& name) {
  ProviderConfig config;
  config.provider = name;
  config.model = "some-model";
  if (name == "azure") config.base_url = "https://r.openai.azure.com/openai/v1";
  if (name == "custom") config.base_url = "https://gateway.example/v1";
  if (name == "llama-cpp") config.base_url = "http://127.0.0.1:8080/v1";
  return config;
}

inline Provider Resolved(const ProviderConfig& config) {
  auto provider = ResolveProvider(config);
  EXPECT_OK(provider);
  return provider.ok() ? *std::move(provider) : Provider();
}

inline Provider ProviderOf(const std::string& name) {
  return Resolved(ConfigOf(name));
}

inline ModelQuestion SmallQuestion() {
  return {.instructions = "Tune \"it\".",
          .facts = "gets 5/s\nputs 7/s",
          .schema_json = R"({"type":"object","properties":{"b":{},"a":{}}})",
          .max_output_tokens = 900};
}

inline HttpReply Answered(int status, std::string body) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

inline ModelReply Read(const std::string& provider, const HttpReply& reply) {
  return ReadReply(ProviderOf(provider), nullptr, reply, kNow);
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_LLM_WIRE_FIXTURE_H_
