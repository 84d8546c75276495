#include "sidecar/admin_server.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sidecar/admin_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Runs `work` on a thread that is another user to the kernel (the system call
// changes one thread, unlike libc's function). Only root can.
void AsUser(uid_t uid, const std::function<void()>& work) {
  std::thread([uid, &work] {
    ASSERT_EQ(syscall(SYS_setresuid, -1, uid, -1), 0);
    work();
  }).join();
}

TEST_F(AdminServerTest, LetsAViewerReadAndClosesAStrangerAtOnce) {
  if (geteuid() != 0) return;  // nobody else can be impersonated
  chmod(directory_.path().c_str(), 0711);
  AdminOptions options;
  options.viewer_uids = {65533};
  Start(options);
  AsUser(65533, [this] {
    RawClient viewer(socket_path_);
    viewer.Send(GetText("/v1/status"));
    EXPECT_THAT(viewer.ReadResponse(), HasSubstr("200 OK"));
    viewer.Send(PostText("/v1/freeze", "{}"));
    EXPECT_THAT(viewer.ReadResponse(), StartsWith("HTTP/1.1 403"));
  });
  AsUser(65534, [this] {
    RawClient stranger(socket_path_);
    stranger.Send(GetText("/v1/status"));
    EXPECT_EQ(stranger.ReadToEnd(), "");
  });
  OnLoop([this] { EXPECT_TRUE(control_.commands.empty()); });
}

TEST_F(AdminServerTest, NobodyElseReachesTheSocketWhenThereAreNoViewers) {
  if (geteuid() != 0) return;  // nobody else can be impersonated
  chmod(directory_.path().c_str(), 0711);
  Start();
  AsUser(65534, [this] {
    RawClient stranger(socket_path_);
    EXPECT_FALSE(stranger.connected());
  });
}

TEST_F(AdminServerTest, AnswersSeveralRequestsOnOneConnection) {
  Start();
  RawClient client(socket_path_);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send(GetText("/v1/status")));
    const std::string response = client.ReadResponse();
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(response, HasSubstr("Content-Type: application/json"));
    EXPECT_THAT(response, HasSubstr(R"("health":"ok")"));
  }
}

TEST_F(AdminServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  RawClient client(socket_path_);
  client.Send(GetText("/v1/status") + PostText("/v1/freeze", "{}") +
              GetText("/v1/nothing"));
  EXPECT_THAT(client.ReadResponse(), HasSubstr(R"("health":"ok")"));
  EXPECT_THAT(client.ReadResponse(), HasSubstr(R"("not_restored":[])"));
  EXPECT_THAT(client.ReadResponse(), StartsWith("HTTP/1.1 404"));
}

TEST_F(AdminServerTest, AnswersAClientThatHasClosedItsSendingHalf) {
  Start();
  RawClient client(socket_path_);
  client.Send(GetText("/v1/status"));
  client.ShutdownWrites();
  EXPECT_THAT(client.ReadToEnd(), HasSubstr(R"("health":"ok")"));
}

TEST_F(AdminServerTest, ClosesAfterTheAnswerWhenAskedTo) {
  Start();
  RawClient client(socket_path_);
  client.Send("GET /v1/status HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), HasSubstr("Connection: close"));
}

TEST_F(AdminServerTest, TakesABodyInChunksAndTheExpectHeader) {
  Start();
  RawClient client(socket_path_);
  client.Send(
      "POST /v1/mode HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
      "Connection: close\r\nExpect: 100-continue\r\n\r\n");
  client.Send("8\r\n{\"mode\":\r\n7\r\n\"auto\"}\r\n0\r\n\r\n");
  const std::string all = client.ReadToEnd();
  EXPECT_THAT(all, StartsWith("HTTP/1.1 100 Continue\r\n\r\n"));
  EXPECT_THAT(all, HasSubstr("HTTP/1.1 200 OK"));
  OnLoop([this] { ASSERT_EQ(control_.commands.size(), 1u); });
}

TEST_F(AdminServerTest, TellsTheMethodsAllowed) {
  Start();
  RawClient client(socket_path_);
  client.Send(GetText("/v1/freeze"));
  const std::string response = client.ReadResponse();
  EXPECT_THAT(response, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_THAT(response, HasSubstr("Allow: POST\r\n"));
}

TEST_F(AdminServerTest, AnswersGarbageAndCloses) {
  Start();
  for (const std::string& garbage :
       {std::string("\x16\x03\x01 hello\r\n\r\n"), std::string("GET\r\n\r\n"),
        std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n")}) {
    RawClient client(socket_path_);
    client.Send(garbage);
    EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 400")) << garbage;
  }
  EXPECT_THAT(Get("/v1/status"), HasSubstr("200 OK"));
}

TEST_F(AdminServerTest, RefusesAHeaderThatIsTooLarge) {
  Start();
  RawClient client(socket_path_);
  client.Send("GET /v1/status HTTP/1.1\r\nX: " + std::string(9000, 'x') +
              "\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 431"));
}

TEST_F(AdminServerTest, RefusesABodyThatIsTooLarge) {
  AdminOptions options;
  options.body_bytes = 64 << 10;
  Start(options);
  RawClient announced(socket_path_);
  announced.Send("POST /v1/freeze HTTP/1.1\r\nContent-Length: 65537\r\n\r\n");
  EXPECT_THAT(announced.ReadToEnd(), StartsWith("HTTP/1.1 413"));

  RawClient chunked(socket_path_);
  chunked.Send(
      "POST /v1/freeze HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
      "\r\n11000\r\n" +
      std::string(0x11000, ' '));
  EXPECT_THAT(chunked.ReadToEnd(), StartsWith("HTTP/1.1 413"));
  OnLoop([this] { EXPECT_TRUE(control_.commands.empty()); });
}

TEST_F(AdminServerTest, TakesABodyOfExactlyTheLimit) {
  AdminOptions options;
  options.body_bytes = 64 << 10;
  Start(options);
  RawClient client(socket_path_);
  client.Send(PostText("/v1/freeze", "{}" + std::string(65534, ' ')));
  EXPECT_THAT(client.ReadResponse(), StartsWith("HTTP/1.1 200"));
}

TEST_F(AdminServerTest, ClosesAClientThatDripsItsRequest) {
  AdminOptions options;
  options.read_deadline = absl::Milliseconds(50);
  Start(options);
  RawClient client(socket_path_);
  client.Send("GET /v1/sta");
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_THAT(Get("/v1/status"), HasSubstr("200 OK"));
}

TEST_F(AdminServerTest, ClosesAClientThatSaysNothing) {
  AdminOptions options;
  options.idle_deadline = absl::Milliseconds(50);
  Start(options);
  RawClient client(socket_path_);
  EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(AdminServerTest, GivesUpOnAClientThatNeverReads) {
  AdminOptions options;
  options.write_deadline = absl::Milliseconds(50);
  Start(options);
  OnLoop([this] { control_.status.health = std::string(1 << 20, 'x'); });
  RawClient client(socket_path_);
  client.Send(GetText("/v1/status"));
  // Sending blocks once the server no longer reads, and fails once it closes.
  while (client.Send(GetText("/v1/status"))) {
  }
}

TEST_F(AdminServerTest, ServesOthersWhileRudeClientsHoldTheirConnections) {
  Start();
  std::vector<std::unique_ptr<RawClient>> rude;
  for (int i = 0; i < 15; ++i) {
    rude.push_back(std::make_unique<RawClient>(socket_path_));
    rude.back()->Send("POST /v1/freeze HTTP/1.1\r\nContent-Le");
  }
  EXPECT_THAT(Get("/v1/status"), HasSubstr("200 OK"));
}

TEST_F(AdminServerTest, TurnsAwayTheConnectionThatIsOneTooMany) {
  AdminOptions options;
  options.connections = 2;
  Start(options);
  auto first = std::make_unique<RawClient>(socket_path_);
  RawClient second(socket_path_);
  first->Send(GetText("/v1/status"));
  first->ReadResponse();
  second.Send(GetText("/v1/status"));
  second.ReadResponse();
  RawClient third(socket_path_);
  EXPECT_THAT(third.ReadToEnd(), StartsWith("HTTP/1.1 503"));
  first = nullptr;
  // Once the server has noticed, there is room again.
  std::string answer;
  for (int tries = 0; tries < 10000 && answer.find("200 OK") == answer.npos;
       ++tries) {
    answer = Get("/v1/status");
  }
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_TRUE(second.Send(GetText("/v1/status")));
  EXPECT_THAT(second.ReadResponse(), HasSubstr("200 OK"));
}

TEST_F(AdminServerTest, AnswersWhenTheTunerDoesAndServesOthersMeanwhile) {
  Start();
  OnLoop([this] { control_.holds = true; });
  RawClient waiting(socket_path_);
  waiting.Send(PostText("/v1/rollback", R"({"to":"baseline"})"));
  ASSERT_TRUE(Eventually([this] { return control_.held.size() == 1; }));
  EXPECT_THAT(Get("/v1/status"), HasSubstr("200 OK"));
  OnLoop([this] {
    CommandReply reply;
    reply.message = "restored 3 values";
    control_.held[0](reply);
  });
  EXPECT_THAT(waiting.ReadResponse(), HasSubstr("restored 3 values"));
}

TEST_F(AdminServerTest, SaysSoWhenTheTunerTakesTooLong) {
  AdminOptions options;
  options.answer_deadline = absl::Milliseconds(30);
  Start(options);
  OnLoop([this] { control_.holds = true; });
  RawClient client(socket_path_);
  client.Send(PostText("/v1/rollback", R"({"to":"last"})"));
  EXPECT_THAT(client.ReadResponse(), StartsWith("HTTP/1.1 504"));
  // The late answer goes nowhere, and the connection still works.
  OnLoop([this] { control_.held[0](CommandReply()); });
  client.Send(GetText("/v1/status"));
  EXPECT_THAT(client.ReadResponse(), HasSubstr("200 OK"));
}

TEST_F(AdminServerTest, DropsAnAnswerThatComesAfterTheClientHasGone) {
  Start();
  OnLoop([this] { control_.holds = true; });
  {
    RawClient client(socket_path_);
    client.Send(PostText("/v1/freeze", "{}"));
    ASSERT_TRUE(Eventually([this] { return control_.held.size() == 1; }));
  }
  OnLoop([this] { control_.held[0](CommandReply()); });
  EXPECT_THAT(Get("/v1/status"), HasSubstr("200 OK"));
}

TEST_F(AdminServerTest, StopsWhileARequestWaitsForTheTuner) {
  Start();
  OnLoop([this] { control_.holds = true; });
  RawClient client(socket_path_);
  client.Send(PostText("/v1/freeze", "{}"));
  ASSERT_TRUE(Eventually([this] { return control_.held.size() == 1; }));
  Stop();
  EXPECT_EQ(client.ReadToEnd(), "");
  RawClient late(socket_path_);
  EXPECT_FALSE(late.connected());
  control_.held[0](CommandReply());  // after everything: dropped
}

}  // namespace
}  // namespace rocktune
