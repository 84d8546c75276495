// What tests of the transport share: an authority, its file, a loop and a
// request with a secret in it.
#ifndef ROCKTUNE_TESTS_LLM_HTTP_CLIENT_FIXTURE_H_
#define ROCKTUNE_TESTS_LLM_HTTP_CLIENT_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "llm/http_client.h"
#include "tests/fakes/scripted_provider.h"
#include "tests/support/temp_dir.h"

namespace rocktune {

constexpr char kCanary[] = "sk-canary-4711";
// For exchanges that end by themselves.
constexpr absl::Duration kLong = absl::Seconds(60);
// For those that never do: time enough to come to the phase that hangs.
constexpr absl::Duration kShort = absl::Seconds(1);

// A class that prints as its word.
inline std::string Name(CallOutcome outcome) {
  return std::string(ToString(outcome));
}

class HttpClientTest : public ::testing::Test {
 protected:
  HttpClientTest() { Write("ca.pem", Ca().pem()); }

  static const TestCa& Ca() {
    static const auto& ca = *new TestCa();
    return ca;
  }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name) << text;
  }

  // Trusts our authority and finds every name on this machine.
  TransportConfig Config() {
    TransportConfig config;
    config.ca_file = dir_ / "ca.pem";
    config.resolve = [](const std::string&) {
      return Lookup::Result({"127.0.0.1"});
    };
    return config;
  }

  static HttpRequest RequestTo(Endpoint endpoint) {
    HttpRequest request;
    request.endpoint = std::move(endpoint);
    request.target = "/v1/chat/completions";
    request.headers = {{"Content-Type", "application/json"},
                       {"Authorization", std::string("Bearer ") + kCanary}};
    request.secret_headers = {"Authorization"};
    request.body = R"({"model":"scripted-1"})";
    return request;
  }

  // Runs the loop until the exchange has ended.
  HttpResult Run(HttpClient* client, HttpRequest request,
                 absl::Duration deadline = kLong) {
    std::optional<HttpResult> result;
    client->Exchange(std::move(request), deadline, [&](HttpResult ended) {
      EXPECT_FALSE(result.has_value()) << "ended twice";
      result = std::move(ended);
    });
    EXPECT_FALSE(result.has_value()) << "ended inside Exchange";
    context_.restart();
    context_.run();
    EXPECT_TRUE(result.has_value()) << "never ended";
    if (!result) return HttpResult();
    EXPECT_THAT(result->error, ::testing::Not(::testing::HasSubstr(kCanary)));
    EXPECT_EQ(result->ok(), result->error.empty());
    return *std::move(result);
  }

  // One exchange of a client of its own.
  HttpResult RunOnce(TransportConfig config, HttpRequest request,
                     absl::Duration deadline = kLong) {
    HttpClient client(&context_, std::move(config));
    return Run(&client, std::move(request), deadline);
  }

  TempDir dir_;
  boost::asio::io_context context_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_LLM_HTTP_CLIENT_FIXTURE_H_
