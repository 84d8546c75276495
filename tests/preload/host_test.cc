// Programs that open databases in every way, under `rocktune run`.
#include <csignal>
#include <filesystem>

#include "tests/preload/preload_fixture.h"

namespace rocktune {
namespace {

using testing::HasSubstr;
using testing::Not;

class PreloadedHost : public PreloadTest {
 protected:
  const std::string db_ = dir_ / "db";
};

TEST_F(PreloadedHost, IsAttachedHoweverItOpensAndEndsAsBefore) {
  for (const char* story : {"plain", "c", "transactions", "optimistic",
                            "reopens", "abandons", "static", "forks"}) {
    SCOPED_TRACE(story);
    const std::string db = dir_ / story;
    Process host = Start(Under({"--mode", "observe"}, {Host(), story, db}));
    EXPECT_TRUE(Eventually([&] { return host.Out() == "ready\n"; }));
    EXPECT_THAT(Get(db, std::string("/v1/databases/") + story),
                HasSubstr("\"instrumented\":true"));
    const Outcome outcome = host.Wait();
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "");
    // Nobody listens where nobody is.
    EXPECT_FALSE(std::filesystem::exists(Socket(db)));
  }
}

TEST_F(PreloadedHost, IsTunedInFamiliesThatCameLater) {
  Process host = Start(Under({"--mode", "observe"}, {Host(), "families", db_}));
  ASSERT_TRUE(Attached(db_, "db"));
  for (const char* family :
       {"default", "one", "two", "three", "four", "five"}) {
    EXPECT_TRUE(Eventually([&] {
      return Get(db_, "/v1/databases/db")
                 .find(std::string("\"name\":\"") + family + "\"") !=
             std::string::npos;
    })) << family;
  }
  EXPECT_EQ(host.Wait().exit_code, 0);
}

TEST_F(PreloadedHost, HasTwoDatabasesWhosePathsEndAlike) {
  std::filesystem::create_directories(db_ + "/left");
  std::filesystem::create_directories(db_ + "/right");
  Process host =
      Start(Under({"--mode", "observe"}, {Host(), "namesakes", db_}));
  // The state is beside whichever came first.
  EXPECT_TRUE(Eventually([&] {
    for (const char* side : {"/left/db", "/right/db"}) {
      const std::string all = Get(db_ + side, "/v1/databases");
      if (all.find("\"name\":\"db\"") != std::string::npos &&
          all.find("\"name\":\"db-2\"") != std::string::npos) {
        return true;
      }
    }
    return false;
  }));
  const Outcome outcome = host.Wait();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(PreloadedHost, LearnsOfItsOwnErrors) {
  const Outcome outcome =
      Run(Under({"--mode", "auto"}, {Host(), "fails", dir_.path()}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(PreloadedHost, MayBeKilledOrEndInTheMiddleOfATrial) {
  const Words run = Under({"--mode", "auto", "--config", QuickConfig()},
                          {Host(), "abandons", db_});
  const auto in_trial = [&] {
    return Get(db_, "/v1/databases/db").find("\"state\":\"measuring") !=
           std::string::npos;
  };
  Process killed = Start(run);
  EXPECT_TRUE(Eventually(in_trial));
  killed.Kill(SIGKILL);
  EXPECT_EQ(killed.Wait().exit_code, 128 + SIGKILL);

  Process ended = Start(run);
  EXPECT_TRUE(Eventually(in_trial));
  const Outcome outcome = ended.Wait();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");

  Process after = Start(Under({"--mode", "observe"}, {Host(), "plain", db_}));
  EXPECT_TRUE(Attached(db_, "db"));
  EXPECT_THAT(Get(db_, "/v1/status"), HasSubstr("\"health\":\"ok\""));
  EXPECT_EQ(after.Wait().exit_code, 0);
}

TEST_F(PreloadedHost, IsLeftAloneWhenTheModeIsOff) {
  const Outcome outcome = Run(Under({"--mode", "off"}, {Host(), "plain", db_}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_FALSE(std::filesystem::exists(db_ + ".rocktune"));
}

TEST_F(PreloadedHost, IsLeftAloneWhenItIsLinkedWithRocktune) {
  const Outcome outcome =
      Run(Under({"--mode", "auto"}, {Host("linked_host"), db_}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_FALSE(std::filesystem::exists(db_ + ".rocktune"));
}

TEST_F(PreloadedHost, ReadsModeAndConfigurationFromItsEnvironment) {
  environment_["ROCKTUNE_MODE"] = "approve";
  Process host = Start(Under({}, {Host(), "plain", db_}));
  EXPECT_TRUE(Attached(db_, "db"));
  EXPECT_THAT(Get(db_, "/v1/status"), HasSubstr("\"mode\":\"approve\""));
  EXPECT_EQ(host.Wait().exit_code, 0);
}

TEST_F(PreloadedHost, OnlySuggestsByDefault) {
  Process host = Start(Under({}, {Host(), "plain", db_}));
  EXPECT_TRUE(Attached(db_, "db"));
  EXPECT_THAT(Get(db_, "/v1/status"), HasSubstr("\"mode\":\"suggest\""));
  EXPECT_EQ(host.Wait().exit_code, 0);
}

}  // namespace
}  // namespace rocktune
