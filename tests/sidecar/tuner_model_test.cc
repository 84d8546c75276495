// The whole tuner with a model: a real database under load, a real server that
// answers as a provider would, or does not.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocktune/rocktune.h"
#include "tests/fakes/acts.h"
#include "tests/fakes/dialect_replies.h"
#include "tests/fakes/scripted_provider.h"
#include "tests/sidecar/real_trouble.h"
#include "tests/sidecar/tuner_fixture.h"
#include "tests/support/admin_client.h"
#include "tests/support/load.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kKey[] = "canary-key-7f3a91c2";
// One option that is none, and one change that changes nothing.
constexpr char kUseless[] =
    R"({"analysis":"a guess","changes":[{"option":"max_backgrund_jobz",)"
    R"("scope":"all","value":"4","reason":"r","expected_effect":"e"},)"
    R"({"option":"max_background_jobs","scope":"all","value":"2",)"
    R"("reason":"r","expected_effect":"e"}]})";
constexpr char kMoreJobs[] =
    R"({"analysis":"compactions may have more hands","changes":[{"option":)"
    R"("max_background_jobs","scope":"all","value":"4","reason":"more hands",)"
    R"("expected_effect":"shorter stalls"}]})";

class TunerModelTest : public testing::Test {
 protected:
  TunerModelTest()
      : provider_(nullptr, {.kind = Endpoint::Kind::kHttp}),
        db_(OpenDb(dir_ / "db")) {
    setenv("ROCKTUNE_TEST_KEY", kKey, 1);
  }
  ~TunerModelTest() override { unsetenv("ROCKTUNE_TEST_KEY"); }

  Config ConfigOf(Mode mode) {
    Config config = QuickConfig(dir_, mode);
    config.llm.provider = "custom";
    config.llm.model = "scripted";
    config.llm.base_url =
        absl::StrCat("http://127.0.0.1:", provider_.port(), "/v1");
    config.llm.key_env = "ROCKTUNE_TEST_KEY";
    config.llm.call_limit = std::chrono::seconds(5);
    return config;
  }

  void Start(const Config& config, const Load::Spec& load = Load::Spec()) {
    tuner_ = OpenTuner(config);
    ASSERT_TRUE(tuner_->Attach(db_.get(), {db_->DefaultColumnFamily()}).ok());
    load_.emplace(
        db_.get(),
        std::vector<rocksdb::ColumnFamilyHandle*>{db_->DefaultColumnFamily()},
        load);
  }
  std::string Get(const std::string& target) {
    return AdminRequest(tuner_->AdminSocket(), target).body;
  }
  bool HistorySays(const std::string& text) {
    return Eventually(
        [&] { return absl::StrContains(Get("/v1/history?limit=200"), text); });
  }
  bool HasWindows() {
    return Eventually([&] {
      return absl::StrContains(Get("/v1/databases/db/windows?limit=1"),
                               "latency_us_mean");
    });
  }

  TempDir dir_;
  ScriptedProvider provider_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<Tuner> tuner_;
  std::optional<Load> load_;
};

TEST_F(TunerModelTest, TriesWhatTheModelProposes) {
  provider_.AnswerWith([](const ScriptedRequest&) {
    return acts::Reply(200, OpenAiChatReply(kMoreJobs));
  });
  Start(ConfigOf(Mode::kAuto));
  EXPECT_TRUE(HistorySays("proposes max_background_jobs = 4"));
  EXPECT_TRUE(
      Eventually([&] { return db_->GetDBOptions().max_background_jobs == 4; }));
  EXPECT_TRUE(Eventually([&] {
    return absl::StrContains(Get("/v1/why?option=max_background_jobs"),
                             R"("source":"llm")");
  }));
  EXPECT_EQ(tuner_->Health(), "ok");
}

TEST_F(TunerModelTest, GoesOnWithTheExpertWhileTheModelIsSilentAndEndsAtOnce) {
  provider_.AnswerWith(
      [](const ScriptedRequest&) { return acts::BlackHole(); });
  Config config = ConfigOf(Mode::kAuto);
  config.llm.call_limit = std::chrono::seconds(3600);
  // Far more than the block cache of 8 MiB holds: the expert has a rule.
  Start(config, {.keys = 500000, .write_percent = 20});
  EXPECT_TRUE(Eventually(
      [&] { return absl::StrContains(Get("/v1/llm"), R"("busy":true)"); }));
  // A trial is open, and of whom it is.
  EXPECT_TRUE(Eventually([&] {
    return absl::StrContains(Get("/v1/databases/db"), R"("source":"expert")");
  })) << Get("/v1/databases/db");
  EXPECT_THAT(Get("/v1/llm"), HasSubstr(R"("busy":true)"));
  EXPECT_EQ(load_->failures(), 0u);
  tuner_.reset();  // would hang here if anything waited for the provider
}

TEST_F(TunerModelTest, AsksForAnOperatorWithoutTryingAnything) {
  provider_.AnswerWith([](const ScriptedRequest&) {
    return acts::Reply(200, OpenAiChatReply(kMoreJobs));
  });
  Start(ConfigOf(Mode::kObserve));
  ASSERT_TRUE(HasWindows());
  const AdminReply asked = AdminRequest(tuner_->AdminSocket(), "/v1/ask", "{}");
  EXPECT_EQ(asked.status, 200) << asked.body;
  EXPECT_THAT(asked.body, HasSubstr(R"("after":"4")"));
  EXPECT_EQ(db_->GetDBOptions().max_background_jobs, 2);
  ASSERT_EQ(provider_.requests().size(), 1u);
  EXPECT_EQ(provider_.requests()[0].Header("authorization"),
            absl::StrCat("Bearer ", kKey));
  const std::string spent = Get("/v1/llm");
  EXPECT_THAT(spent, HasSubstr(R"("last_hour":{"calls":1)"));
}

// Everything an operator, a disk or a log could show.
std::string AllFiles(const std::string& folder) {
  std::string text;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  return text;
}

TEST_F(TunerModelTest, ShowsTheKeyNowhere) {
  provider_.AnswerWith([](const ScriptedRequest& request) {
    return acts::Reply(401,
                       absl::StrCat(R"({"error":{"message":"bad key )",
                                    request.Header("authorization"), R"("}})"));
  });
  Config config = ConfigOf(Mode::kAuto);
  std::filesystem::create_directory(dir_ / "records");
  config.llm.record = dir_ / "records/now";
  Start(config);
  EXPECT_TRUE(HistorySays("no answer: auth"));
  std::string seen;
  for (const char* target :
       {"/v1/status", "/v1/databases", "/v1/llm", "/v1/history?limit=500",
        "/v1/databases/db/payload"}) {
    absl::StrAppend(&seen, Get(target));
  }
  absl::StrAppend(&seen, tuner_->Health());
  tuner_.reset();
  absl::StrAppend(&seen, AllFiles(dir_ / "."));
  EXPECT_THAT(seen,
              HasSubstr("bad key"));  // what else the server said is there
  EXPECT_FALSE(absl::StrContains(seen, kKey));
}

TEST_F(TunerModelTest, TellsTheModelNextTimeWhatWasRefused) {
  provider_.AnswerWith([](const ScriptedRequest&) {
    return acts::Reply(200, OpenAiChatReply(kUseless));
  });
  Start(ConfigOf(Mode::kSuggest));
  EXPECT_TRUE(HistorySays("not read: "));
  const std::string lines[] = {
      // by the parser
      "not read unknown_option (use only options of the catalogue; the "
      "nearest is max_background_jobs)",
      // by calibration
      "refused unchanged: max_background_jobs all 2 (is in force already)",
  };
  // The expert was first; its turn ends when its suggestion is turned down. A
  // load that seems to shift costs the model's, which is asked again then.
  EXPECT_TRUE(Eventually(
      [&] {
        AdminRequest(tuner_->AdminSocket(), "/v1/reject", "{}");
        const std::string payload = Get("/v1/databases/db/payload");
        return absl::StrContains(payload, lines[0]) &&
               absl::StrContains(payload, lines[1]);
      },
      std::chrono::seconds(240)));
  // And so it is sent.
  EXPECT_EQ(AdminRequest(tuner_->AdminSocket(), "/v1/ask", "{}").status, 200);
  for (const std::string& line : lines) {
    EXPECT_THAT(provider_.requests().back().body, HasSubstr(line));
  }
}

// RocksDB's own log is on the full disk, too, and asserts that it never is.
struct SilentLogger : rocksdb::Logger {
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

TEST_F(TunerModelTest, SaysWhenTheSpendCannotBeKeptAndFreezes) {
  provider_.AnswerWith([](const ScriptedRequest&) {
    return acts::Reply(200, OpenAiChatReply(kMoreJobs));
  });
  Config config = ConfigOf(Mode::kObserve);
  config.logger = std::make_shared<SilentLogger>();
  tuner_ = OpenTuner(config);
  ASSERT_TRUE(tuner_->Attach(db_.get(), {db_->DefaultColumnFamily()}).ok());
  ASSERT_EQ(tuner_->Health(), "ok");
  const std::string trouble = "what the model cost cannot be written";
  {
    // Nothing else is written meanwhile: there is no load.
    FullDisk full(100);
    EXPECT_EQ(AdminRequest(tuner_->AdminSocket(), "/v1/ask", "{}").status, 200);
    EXPECT_TRUE(Eventually(
        [&] { return absl::StrContains(tuner_->Health(), trouble); }));
  }
  EXPECT_THAT(tuner_->Health(), HasSubstr(trouble));
  EXPECT_THAT(Get("/v1/databases/db"), HasSubstr(R"("state":"frozen")"));
}

TEST_F(TunerModelTest, KeepsTheBudgetAcrossARestart) {
  provider_.AnswerWith([](const ScriptedRequest&) {
    return acts::Reply(200, OpenAiChatReply(kMoreJobs));
  });
  Config config = ConfigOf(Mode::kObserve);
  config.llm.calls_per_day = 1;
  Start(config);
  ASSERT_TRUE(HasWindows());
  EXPECT_EQ(AdminRequest(tuner_->AdminSocket(), "/v1/ask", "{}").status, 200);
  tuner_.reset();
  load_.reset();
  Start(config);
  ASSERT_TRUE(HasWindows());
  ASSERT_TRUE(Eventually([&] {
    return absl::StrContains(Get("/v1/llm"), R"("last_day":{"calls":1)");
  }));
  EXPECT_THAT(AdminRequest(tuner_->AdminSocket(), "/v1/ask", "{}").body,
              HasSubstr("budget_exceeded"));
  EXPECT_EQ(provider_.requests().size(), 1u);
}

TEST_F(TunerModelTest, SaysWhyAModelCannotBeHadAndTunesWithoutIt) {
  Config config = ConfigOf(Mode::kAuto);
  config.llm.replay = dir_ / "no-recording";
  Start(config);
  EXPECT_THAT(tuner_->Health(), HasSubstr("no-recording"));
  EXPECT_EQ(AdminRequest(tuner_->AdminSocket(), "/v1/ask", "{}").status, 409);
  EXPECT_TRUE(HasWindows());
}

}  // namespace
}  // namespace rocktune
