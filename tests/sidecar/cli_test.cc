// The real `rocktune` program against a real admin server.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sidecar/json_fields.h"
#include "tests/sidecar/cli_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(CliTest, ShowsEveryView) {
  struct Row {
    std::vector<std::string> words;
    const char* part;
  };
  Start();
  OnLoop([this] { control_.reply->message = "as you wish"; });
  for (const Row& row : std::vector<Row>{
           {{"status"}, "68 950 ops/s now, 42 100 at baseline (+63.8 %)"},
           {{"profile"}, "nothing yet"},
           {{"profile", "--database", "main"}, "burstiness"},
           {{"history"}, "kept block_cache.capacity"},
           {{"history", "--limit", "2"}, "uid 1000"},
           {{"trial", "7"}, "+31.0 % (+27.0 to +35.0)"},
           {{"why", "block_cache.capacity"}, "134217728"},
           {{"options"}, "128 MiB"},
           {{"catalogue", "write"}, "Memtable size"},
           {{"watch", "--count", "1"}, "68 900 ops/s"},
           {{"freeze"}, "as you wish"},
           {{"resume"}, "as you wish"},
           {{"mode", "auto"}, "as you wish"},
           {{"rollback", "--to", "baseline"}, "as you wish"},
           {{"approve"}, "as you wish"},
           {{"reject"}, "as you wish"},
           {{"pin", "write_buffer_size", "--max", "1GiB"}, "as you wish"},
           {{"unpin", "write_buffer_size"}, "as you wish"},
       }) {
    const Outcome outcome = Ask(row.words);
    EXPECT_EQ(outcome.exit_code, 0) << row.words[0] << outcome.err;
    EXPECT_EQ(outcome.err, "") << row.words[0];
    EXPECT_THAT(outcome.out, HasSubstr(row.part)) << row.words[0];
    EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b"))) << "no terminal";
  }
}

TEST_F(CliTest, WritesJsonWhenAsked) {
  Start();
  for (const char* command :
       {"status", "profile", "history", "options", "catalogue", "freeze"}) {
    const Outcome outcome = Ask({command, "--output", "json"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_OK(ParseJson(outcome.out)) << outcome.out;
  }
  EXPECT_OK(ParseJson(Ask({"watch", "--count", "1", "-o", "json"}).out));
}

TEST_F(CliTest, SendsAProposalForOneColumnFamilyWithItsReason) {
  Start();
  OnLoop(
      [this] { control_.reply->change_set = control_.trials[0].change_set; });
  const Outcome outcome =
      Ask({"propose", "write_buffer_size=128MiB", "block_cache.capacity=1GiB",
           "--cf", "hot", "--reason", "bulk \"load\"", "--db", "main"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  OnLoop([this] {
    ASSERT_EQ(control_.commands.size(), 1u);
    const Command& command = control_.commands[0];
    EXPECT_EQ(command.database, "main");
    ASSERT_EQ(command.changes.size(), 2u);
    EXPECT_EQ(command.changes[0].option, "write_buffer_size");
    EXPECT_EQ(command.changes[0].column_family, "hot");
    EXPECT_EQ(command.changes[0].value, "128MiB");
    EXPECT_EQ(command.changes[1].reason, "bulk \"load\"");
  });
}

TEST_F(CliTest, EndsWith3AndTheReasonsWhenCalibrationRefuses) {
  Start();
  OnLoop([this] {
    CalibrationNote note;
    note.rejected = true;
    note.option = "wal_dir";
    note.code = "forbidden";
    note.message = "wal_dir decides about durability";
    control_.reply->message = "nothing of it can be tried";
    control_.reply->notes = {note};
  });
  const Outcome outcome = Ask({"propose", "wal_dir=/tmp"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("wal_dir decides about durability"));
}

TEST_F(CliTest, EndsWithTheCodeOfTheServersError) {
  struct Row {
    absl::Status status;
    int exit_code;
  };
  Start();
  for (const Row& row :
       std::vector<Row>{{absl::FailedPreconditionError("frozen"), 3},
                        {absl::ResourceExhaustedError("budget"), 3},
                        {absl::InvalidArgumentError("no such option"), 2},
                        {absl::DeadlineExceededError("slow"), 5},
                        {absl::InternalError("broken"), 1},
                        {absl::NotFoundError("no such thing"), 1}}) {
    OnLoop([this, &row] { control_.reply = row.status; });
    const Outcome outcome = Ask({"approve"});
    EXPECT_EQ(outcome.exit_code, row.exit_code) << row.status;
    EXPECT_THAT(outcome.err, HasSubstr(std::string(row.status.message())));
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_EQ(Ask({"trial", "9"}).exit_code, 1);
}

TEST_F(CliTest, EndsWith2OnWordsItDoesNotKnowAndNamesTheNearest) {
  struct Row {
    std::vector<std::string> words;
    const char* part;
  };
  for (const Row& row : std::vector<Row>{
           {{"statsu"}, "did you mean \"status\"?"},
           {{"history", "--limt", "3"}, "did you mean \"--limit\"?"},
           {{"propose"}, "CHANGES is required"},
           {{"propose", "write_buffer_size"}, "is not OPTION=VALUE"},
           {{"pin", "write_buffer_size"}, "a pin is one of"},
           {{"status", "--output", "xml"}, "table,json"},
           {{"rollback"}, "--to is required"},
           {{"history", "--limit", "many"}, "--limit"},
           {{}, "subcommand is required"},
           {{"../evil"}, "no command"},
       }) {
    const Outcome outcome = Ask(row.words);
    EXPECT_EQ(outcome.exit_code, 2) << row.part;
    EXPECT_THAT(outcome.err, HasSubstr(row.part));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(CliTest, EndsWith4WhenNobodyIsThere) {
  EXPECT_EQ(Ask({"status"}).exit_code, 4);
  const Outcome outcome = Run({"status"});  // no socket below here either
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("name one with --socket PATH"));
}

TEST_F(CliTest, EndsWith5WhenTheAnswerTakesTooLong) {
  Start();
  OnLoop([this] { control_.holds = true; });
  const Outcome outcome = Ask({"freeze", "--timeout", "0.05"});
  EXPECT_EQ(outcome.exit_code, 5) << outcome.err;
  OnLoop([this] { control_.held.clear(); });
}

TEST_F(CliTest, FindsTheOnlySocketBelowAndRefusesToChooseOfTwo) {
  socket_path_ = directory_.path() + "/main.rocktune/admin.sock";
  Start();
  EXPECT_EQ(Run({"status"}).exit_code, 0);
  fs::create_directory(directory_.path() + "/other.rocktune");
  fs::create_hard_link(socket_path_,
                       directory_.path() + "/other.rocktune/admin.sock");
  const Outcome outcome = Run({"status"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("other.rocktune/admin.sock"));
}

TEST_F(CliTest, ReachesASocketWhosePathIsTooLongForAnAddress) {
  std::string deep = directory_.path();
  for (int i = 0; i < 3; ++i) {
    deep += "/" + std::string(60, 'd');
    fs::create_directory(deep);
  }
  socket_path_ = deep + "/private/admin.sock";
  Start();
  EXPECT_EQ(Ask({"status"}).exit_code, 0);
}

TEST_F(CliTest, ShowsControlCharactersOfTheServerInsteadOfSendingThem) {
  Start();
  OnLoop([this] {
    control_.history[0].line = "\x1b[2Jwiped\r\nkept everything";
    control_.reply = absl::InternalError("\x1b]0;owned\x07");
  });
  EXPECT_THAT(Ask({"history"}).out,
              HasSubstr("\\x1b[2Jwiped\\r\\nkept everything"));
  EXPECT_THAT(Ask({"freeze"}).err, HasSubstr("\\x1b]0;owned\\x07"));
}

TEST_F(CliTest, RunsTheProgramBesideItForACommandOfAnotherName) {
  const std::string copy = directory_.path() + "/rocktune";
  fs::copy_file(ROCKTUNE_CLI, copy);
  const std::string plugin = directory_.path() + "/rocktune-hello";
  std::ofstream(plugin) << "#!/bin/sh\necho \"hello $@\"; exit 7\n";
  fs::permissions(plugin, fs::perms::owner_all);
  const Outcome outcome = Run({"hello", "--big", "world"}, copy);
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.out, "hello --big world\n");
}

TEST_F(CliTest, HelpsWithExamplesForEveryCommand) {
  EXPECT_THAT(Run({"--help"}).out, HasSubstr("Exit codes: 0 ok"));
  for (const char* command : {"status", "propose", "pin", "rollback", "why"}) {
    const Outcome outcome = Run({command, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out,
                HasSubstr("Examples:\n  rocktune " + std::string(command)));
  }
}

}  // namespace
}  // namespace rocktune
