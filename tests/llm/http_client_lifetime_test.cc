// When an exchange ends, and that nothing is touched after its end: deadlines,
// Cancel, destruction, name resolution that hangs.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "tests/llm/http_client_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

// Name service that hangs until it is let go.
class HangingNames {
 public:
  ~HangingNames() { LetGo(); }

  Resolve resolve() {
    return [gate = gate_](const std::string&) {
      std::unique_lock<std::mutex> lock(gate->mutex);
      ++gate->asked;
      gate->changed.notify_all();
      gate->changed.wait(lock, [&] { return gate->open; });
      return Lookup::Result({"127.0.0.1"});
    };
  }
  void LetGo() {
    std::lock_guard<std::mutex> lock(gate_->mutex);
    gate_->open = true;
    gate_->changed.notify_all();
  }
  void AwaitQuestion() {
    std::unique_lock<std::mutex> lock(gate_->mutex);
    gate_->changed.wait(lock, [&] { return gate_->asked > 0; });
  }
  int asked() const {
    std::lock_guard<std::mutex> lock(gate_->mutex);
    return gate_->asked;
  }
  // Every thread and client that could ask has gone.
  void AwaitNobody() const {
    while (gate_.use_count() > 1) std::this_thread::yield();
  }

 private:
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int asked = 0;
  };
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
};

// A peer with whom an exchange stops in one phase.
struct Halt {
  const char* phase;
  Act act;
  bool names_hang = false;
  bool unanswered = false;
};

std::vector<Halt> Halts() {
  return {
      {"resolve", Act(), true, false},
      {"connect", Act(), false, true},
      {"TLS handshake", acts::SilentBeforeTls()},
      {"wait for reply", acts::BlackHole()},
      {"read reply", acts::StopsInBody()},
      {"read reply", acts::SlowLoris()},
  };
}

class HttpLifetimeTest : public HttpClientTest {
 protected:
  TransportConfig ConfigFor(const Halt& halt) {
    TransportConfig config = Config();
    config.connect_limit = kLong;
    if (halt.names_hang) config.resolve = names_.resolve();
    return config;
  }
  // To a provider of its own: the last one may not have been reached.
  HttpRequest RequestFor(const Halt& halt) {
    provider_ =
        std::make_unique<ScriptedProvider>(&Ca(), ScriptedProvider::Options());
    provider_->Push(halt.act);
    Endpoint endpoint = provider_->endpoint();
    if (halt.unanswered) endpoint.port = unanswered_.port();
    return RequestTo(endpoint);
  }
  HttpRequest GoodRequest(int replies = 1) {
    Halt good = {"", acts::Reply(200, "{}")};
    const HttpRequest request = RequestFor(good);
    for (int i = 1; i < replies; ++i) provider_->Push(good.act);
    return request;
  }
  // Far enough, by and large, to be in the phase; no test depends on it.
  void RunALittle(boost::asio::io_context* context) {
    context->restart();
    context->run_for(std::chrono::milliseconds(50));
  }

  HangingNames names_;
  UnansweredPort unanswered_;
  std::unique_ptr<ScriptedProvider> provider_;
};

TEST_F(HttpLifetimeTest, OneDeadlineCoversEveryPhaseAndTheErrorNamesIt) {
  for (const Halt& halt : Halts()) {
    SCOPED_TRACE(halt.phase);
    const HttpResult result =
        RunOnce(ConfigFor(halt), RequestFor(halt), kShort);
    EXPECT_EQ(Name(result.failure), "timeout");
    EXPECT_THAT(result.error, HasSubstr(halt.phase));
    EXPECT_THAT(result.error, HasSubstr("no end within 1s"));
  }
}

TEST_F(HttpLifetimeTest, ADeadlineOfNothingEndsAtOnce) {
  const HttpResult result = RunOnce(Config(), GoodRequest(), absl::Seconds(-1));
  EXPECT_EQ(Name(result.failure), "timeout");
}

TEST_F(HttpLifetimeTest, CancelEndsTheExchangeInEveryPhase) {
  for (const Halt& halt : Halts()) {
    SCOPED_TRACE(halt.phase);
    HttpClient client(&context_, ConfigFor(halt));
    int ended = 0;
    HttpResult result;
    client.Exchange(RequestFor(halt), absl::InfiniteDuration(),
                    [&](HttpResult got) {
                      ++ended;
                      result = std::move(got);
                    });
    RunALittle(&context_);
    EXPECT_EQ(ended, 0);
    client.Cancel();
    EXPECT_EQ(ended, 0) << "from inside Cancel";
    client.Cancel();
    context_.restart();
    context_.run();
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(Name(result.failure), "network");
    EXPECT_THAT(result.error, HasSubstr("cancelled"));
    client.Cancel();  // nothing runs: nothing happens
  }
}

TEST_F(HttpLifetimeTest, CancelRightAfterExchangeIsNoSpecialCase) {
  HttpClient client(&context_, Config());
  std::string error;
  client.Exchange(GoodRequest(), kLong,
                  [&](HttpResult result) { error = result.error; });
  client.Cancel();
  context_.run();
  EXPECT_THAT(error, HasSubstr("cancelled"));
}

TEST_F(HttpLifetimeTest, DestroyingTheClientFreesDoneUncalledInEveryPhase) {
  for (const Halt& halt : Halts()) {
    SCOPED_TRACE(halt.phase);
    const auto alive = std::make_shared<int>(0);
    bool called = false;
    {
      HttpClient client(&context_, ConfigFor(halt));
      client.Exchange(RequestFor(halt), kLong,
                      [alive, &called](HttpResult) { called = true; });
      RunALittle(&context_);
      EXPECT_EQ(alive.use_count(), 2);
    }
    EXPECT_EQ(alive.use_count(), 1) << "at once";
    context_.restart();
    context_.run();  // ends: nothing is left to wait for
    EXPECT_FALSE(called);
  }
}

TEST_F(HttpLifetimeTest, DestroyingTheLoopFreesAllInEveryPhase) {
  for (const Halt& halt : Halts()) {
    for (const bool loop_first : {true, false}) {
      SCOPED_TRACE(halt.phase);
      const auto alive = std::make_shared<int>(0);
      auto context = std::make_unique<boost::asio::io_context>();
      auto client =
          std::make_unique<HttpClient>(context.get(), ConfigFor(halt));
      client->Exchange(RequestFor(halt), kLong,
                       [alive](HttpResult) { ADD_FAILURE() << "called"; });
      RunALittle(context.get());
      if (!loop_first) client = nullptr;
      context = nullptr;
      EXPECT_EQ(alive.use_count(), 1);
      if (client != nullptr) client->Cancel();  // finds nobody
    }
  }
}

TEST_F(HttpLifetimeTest, ALookUpThatHangsOutlivesClientAndLoopUnharmed) {
  {
    boost::asio::io_context context;
    TransportConfig config = Config();
    config.resolve = names_.resolve();
    HttpClient client(&context, std::move(config));
    client.Exchange(GoodRequest(), kLong,
                    [](HttpResult) { ADD_FAILURE() << "called"; });
    context.poll();
    names_.AwaitQuestion();
  }
  names_.LetGo();
  names_.AwaitNobody();  // it ended and let go of everything
}

TEST_F(HttpLifetimeTest, WhileALookUpHangsTheNextExchangeFailsAtOnce) {
  TransportConfig config = Config();
  config.resolve = names_.resolve();
  HttpClient client(&context_, std::move(config));
  const HttpRequest request = GoodRequest(2);
  EXPECT_EQ(Name(Run(&client, request, kShort).failure), "timeout");
  for (int i = 0; i < 3; ++i) {
    const HttpResult stuck = Run(&client, request);
    EXPECT_EQ(Name(stuck.failure), "network");
    EXPECT_THAT(stuck.error, HasSubstr("name resolution still stuck"));
  }
  EXPECT_EQ(names_.asked(), 1) << "one thread";

  // An address needs no look-up.
  EXPECT_TRUE(Run(&client, RequestTo(provider_->endpoint("127.0.0.1"))).ok());

  names_.LetGo();
  HttpResult again;
  do {  // until its thread has come to its end
    again = Run(&client, request);
  } while (again.error.find("stuck") != again.error.npos);
  EXPECT_TRUE(again.ok()) << again.error;
}

TEST_F(HttpLifetimeTest, SaysWhyANameWasNotResolved) {
  const struct {
    Resolve resolve;
    const char* error;
  } kRows[] = {
      {[](const std::string&) {
         return Lookup::Result(absl::UnavailableError("no such name"));
       },
       "resolve: localhost:"},
      {[](const std::string&) {
         return Lookup::Result(std::vector<std::string>());
       },
       "no address"},
      {[](const std::string&) { return Lookup::Result({"not-an-address"}); },
       "no address"},
      {[](const std::string&) -> Lookup::Result { throw std::bad_alloc(); },
       "no memory"},
  };
  for (const auto& row : kRows) {
    TransportConfig config = Config();
    config.resolve = row.resolve;
    const HttpResult result = RunOnce(config, GoodRequest());
    EXPECT_EQ(Name(result.failure), "network");
    EXPECT_THAT(result.error, HasSubstr(row.error));
  }
}

TEST_F(HttpLifetimeTest, TheSystemKnowsThisMachine) {
  TransportConfig config = Config();
  config.resolve = SystemResolve;
  const HttpResult result = RunOnce(config, GoodRequest());
  EXPECT_TRUE(result.ok()) << result.error;
}

TEST_F(HttpLifetimeTest, TriesTheNextAddressAfterARefusalOrASilence) {
  const HttpRequest request = GoodRequest();
  const UnansweredPort silent("127.0.0.3", provider_->port());
  TransportConfig config = Config();
  config.connect_limit = absl::Milliseconds(200);
  config.resolve = [](const std::string&) {
    return Lookup::Result({"127.0.0.2", "127.0.0.3", "127.0.0.1"});
  };
  HttpResult result = RunOnce(config, request);
  EXPECT_TRUE(result.ok()) << result.error;

  config.resolve = [](const std::string&) {
    return Lookup::Result({"127.0.0.2", "127.0.0.3"});
  };
  result = RunOnce(config, request);
  EXPECT_EQ(Name(result.failure), "timeout");
  EXPECT_THAT(result.error, HasSubstr("no end within 200ms"));
}

TEST_F(HttpLifetimeTest, RunsOneExchangeAtATime) {
  HttpClient client(&context_, Config());
  const HttpRequest request = GoodRequest();
  std::vector<std::string> ends;
  client.Exchange(request, kLong,
                  [&](HttpResult result) { ends.push_back(result.error); });
  client.Exchange(request, kLong,
                  [&](HttpResult result) { ends.push_back(result.error); });
  EXPECT_TRUE(ends.empty());
  context_.run();
  EXPECT_THAT(ends, ::testing::ElementsAre("another exchange is running", ""));
}

TEST_F(HttpLifetimeTest, DoneMayBeginTheNextExchangeOrDestroyTheClient) {
  auto client = std::make_unique<HttpClient>(&context_, Config());
  const HttpRequest request = GoodRequest(2);
  int good = 0;
  client->Exchange(request, kLong, [&](HttpResult first) {
    good += first.ok() ? 1 : 0;
    client->Exchange(request, kLong, [&](HttpResult second) {
      good += second.ok() ? 1 : 0;
      client = nullptr;
    });
  });
  context_.run();
  EXPECT_EQ(good, 2);
  EXPECT_EQ(client, nullptr);
}

}  // namespace
}  // namespace rocktune
