// `rocktune apply`: what an offline run found, as one proposal.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sidecar/cli_fixture.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

class ApplyTest : public CliTest {
 protected:
  // The directory of an offline run that found `text`.
  std::string Found(const std::string& text) {
    const std::string dir = directory_.path() + "/tuned";
    std::filesystem::create_directories(dir);
    std::ofstream(dir + "/online.json") << text;
    return dir;
  }
};

constexpr char kFound[] = R"({"reason": "measured +12.0 %", "changes": [
  {"option": "write_buffer_size", "scope": "default", "value": "134217728",
   "reason": "offline: +8.0 %"},
  {"option": "max_background_jobs", "scope": "", "value": "4",
   "reason": "offline: +3.7 %"}]})";

TEST_F(ApplyTest, PostsWhatWasMeasuredAsOneProposal) {
  Start();
  OnLoop([this] { control_.reply->message = "as you wish"; });
  const Outcome outcome = Ask({"apply", Found(kFound), "--database", "main"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("as you wish"));
  OnLoop([this] {
    ASSERT_EQ(control_.commands.size(), 1u);
    const Command& command = control_.commands[0];
    EXPECT_EQ(command.kind, CommandKind::kPropose);
    EXPECT_EQ(command.database, "main");
    EXPECT_EQ(command.reason, "measured +12.0 %");
    ASSERT_EQ(command.changes.size(), 2u);
    EXPECT_EQ(command.changes[0].option, "write_buffer_size");
    EXPECT_EQ(command.changes[0].column_family, "default");
    EXPECT_EQ(command.changes[0].value, "134217728");
    EXPECT_EQ(command.changes[0].reason, "offline: +8.0 %");
    EXPECT_EQ(command.changes[1].column_family, "");
  });
}

TEST_F(ApplyTest, SaysWhatIsWrongWithTheDirectory) {
  struct Row {
    const char* text;
    const char* part;
  };
  Start();
  for (const Row& row : std::vector<Row>{
           {"{", "online.json"},
           {"[]", "no array \"changes\""},
           {"{\"changes\": 3}", "no array \"changes\""},
           {"{\"changes\": []}", "nothing that a running database can take"},
       }) {
    const Outcome outcome = Ask({"apply", Found(row.text)});
    EXPECT_EQ(outcome.exit_code, 2) << row.text;
    EXPECT_THAT(outcome.err, HasSubstr(row.part)) << row.text;
  }
  const Outcome outcome = Ask({"apply", directory_.path() + "/nothing"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the --out of a rocktune tune"));
  OnLoop([this] { EXPECT_TRUE(control_.commands.empty()); });
}

}  // namespace
}  // namespace rocktune
