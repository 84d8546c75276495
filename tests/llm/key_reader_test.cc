#include "llm/key_reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class KeyReaderTest : public ::testing::Test {
 protected:
  KeyReaderTest() {
    std::string name = fs::temp_directory_path() / "rocktune_key_XXXXXX";
    dir_ = mkdtemp(name.data());
    for (const char* variable : kVariables) unsetenv(variable);
  }
  ~KeyReaderTest() override {
    for (const char* variable : kVariables) unsetenv(variable);
    fs::remove_all(dir_);
  }

  struct File {
    std::string name = "key";
    std::string text;
    mode_t mode = 0600;
  };
  std::string Write(const File& file) {
    const std::string path = dir_ / file.name;
    std::ofstream(path, std::ios::binary) << file.text;
    EXPECT_EQ(chmod(path.c_str(), file.mode), 0);
    return path;
  }

  static constexpr const char* kVariables[] = {
      "CREDENTIALS_DIRECTORY", "ROCKTUNE_TEST_KEY_A", "ROCKTUNE_TEST_KEY_B"};
  fs::path dir_;
};

std::string Text(const absl::StatusOr<Secret>& key) {
  return key.ok() ? std::string(key->Reveal()) : key.status().ToString();
}

TEST_F(KeyReaderTest, TrimsWhatEditorsLeaveAroundAKey) {
  for (const char* text : {"k-1", "k-1\n", "k-1\r\n", " k-1 \n\n"}) {
    EXPECT_EQ(Text(ReadKey({.file = Write({.text = text})})), "k-1");
  }
}

TEST_F(KeyReaderTest, RefusesTextsThatAreNoKeyAndRepeatsNoPartOfThem) {
  struct Row {
    std::string text;
    const char* says;
  };
  const Row rows[] = {
      {"", "is empty"},
      {" \n", "is empty"},
      {"canary x", "one word"},
      {"canary\nx", "one word"},
      {std::string("canary\0x", 8), "one word"},
      {"canary\x7f", "one word"},
      {"canary\xc3\xa9", "one word"},
      {std::string(8 * 1024 + 1, 'c'), "longer than 8 KiB"},
  };
  for (const Row& row : rows) {
    const auto key = ReadKey({.file = Write({.text = row.text})});
    EXPECT_THAT(key, IsError(absl::StatusCode::kInvalidArgument, row.says));
    EXPECT_THAT(key.status().ToString(), Not(HasSubstr("canary")));
  }
  EXPECT_OK(ReadKey({.file = Write({.text = std::string(8 * 1024, 'c')})}));
}

TEST_F(KeyReaderTest, RefusesFilesThatOthersMayRead) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0610, 0601, 0644, 0777}) {
    const std::string path = Write({.text = "k-1", .mode = mode});
    EXPECT_THAT(ReadKey({.file = path}),
                IsError(absl::StatusCode::kFailedPrecondition,
                        absl::StrCat("chmod 0600 '", path, "'")))
        << mode;
  }
  for (const mode_t mode : {0600, 0400, 0700}) {
    EXPECT_EQ(Text(ReadKey({.file = Write({.text = "k-1", .mode = mode})})),
              "k-1");
  }
  EXPECT_THAT(ReadKey({.file = Write({.text = "k-1", .mode = 0644})}),
              IsError(absl::StatusCode::kFailedPrecondition, "mode 0644"));
}

TEST_F(KeyReaderTest, RefusesWhatIsNoRegularFile) {
  EXPECT_THAT(
      ReadKey({.file = dir_}),
      IsError(absl::StatusCode::kFailedPrecondition, "not a regular file"));
  const std::string pipe = dir_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(
      ReadKey({.file = pipe}),
      IsError(absl::StatusCode::kFailedPrecondition, "not a regular file"));
  EXPECT_THAT(ReadKey({.file = "relative/key"}),
              IsError(absl::StatusCode::kInvalidArgument, "absolute path"));
}

TEST_F(KeyReaderTest, RefusesAFileOfAnotherUser) {
  const struct {
    uint32_t owner, self;
    bool good;
  } kRows[] = {
      {1000, 1000, true},  {0, 0, true},     {0, 1000, true},
      {1000, 1001, false}, {1000, 0, false},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(absl::StrCat(row.owner, " for ", row.self));
    const absl::Status status =
        CheckKeyFileOwner({.path = "/k", .owner = row.owner, .self = row.self});
    EXPECT_EQ(status.ok(), row.good);
    if (row.good) continue;
    EXPECT_THAT(status, IsError(absl::StatusCode::kFailedPrecondition,
                                absl::StrCat("chown ", row.self, " '/k'")));
  }
}

TEST_F(KeyReaderTest, LooksAtTheOwnerOfTheFileItReads) {
  // Only root can give a file away; anybody else finds one of root's, which is
  // good, and so is refused for what follows the look at its owner.
  const std::string path = Write({.text = "k-1"});
  const bool given_away = chown(path.c_str(), 12345, 12345) == 0;
  EXPECT_THAT(ReadKey({.file = given_away ? path : "/etc/passwd"}),
              IsError(absl::StatusCode::kFailedPrecondition,
                      given_away ? "owned by user 12345" : "mode 0644"));
}

TEST_F(KeyReaderTest, LooksIntoOnePlaceAfterTheOther) {
  const KeySource source = {
      .credential = "llm-key",
      .variables = {"ROCKTUNE_TEST_KEY_A", "ROCKTUNE_TEST_KEY_B"}};
  EXPECT_THAT(ReadKey(source),
              IsError(absl::StatusCode::kNotFound,
                      "$ROCKTUNE_TEST_KEY_A, $ROCKTUNE_TEST_KEY_B"));
  setenv("ROCKTUNE_TEST_KEY_A", "", 1);
  setenv("ROCKTUNE_TEST_KEY_B", "from-b", 1);
  EXPECT_EQ(Text(ReadKey(source)), "from-b");
  setenv("ROCKTUNE_TEST_KEY_A", "from-a\n", 1);
  EXPECT_EQ(Text(ReadKey(source)), "from-a");
  setenv("CREDENTIALS_DIRECTORY", dir_.c_str(), 1);
  EXPECT_EQ(Text(ReadKey(source)), "from-a");
  Write({.name = "llm-key", .text = "from-credentials"});
  EXPECT_EQ(Text(ReadKey(source)), "from-credentials");
  KeySource with_file = source;
  with_file.file = Write({.text = "from-file"});
  EXPECT_EQ(Text(ReadKey(with_file)), "from-file");
  // A file that was named and is gone is not made up for.
  fs::remove(with_file.file);
  EXPECT_THAT(ReadKey(with_file),
              IsError(absl::StatusCode::kNotFound, with_file.file));
}

TEST_F(KeyReaderTest, TakesCredentialsAsAServiceManagerPutsThem) {
  setenv("CREDENTIALS_DIRECTORY", dir_.c_str(), 1);
  // An access list for the service shows as group bits.
  Write({.name = "llm-key", .text = "k-1", .mode = 0440});
  EXPECT_EQ(Text(ReadKey({.credential = "llm-key"})), "k-1");
  Write({.name = "other", .text = "k-1", .mode = 0444});
  EXPECT_THAT(ReadKey({.credential = "other"}),
              IsError(absl::StatusCode::kFailedPrecondition, "mode 0444"));
  EXPECT_THAT(ReadKey({.credential = "../llm-key"}),
              IsError(absl::StatusCode::kInvalidArgument, "not a path"));
}

TEST_F(KeyReaderTest, FindsNoneWhereNoneIsNeeded) {
  const auto key =
      ReadKey({.variables = {"ROCKTUNE_TEST_KEY_A"}, .optional = true});
  ASSERT_OK(key);
  EXPECT_TRUE(key->empty());
}

TEST_F(KeyReaderTest, SeesARotatedKeyAtTheNextCall) {
  const KeyReader reader({.file = Write({.text = "old"})});
  EXPECT_EQ(Text(reader.Get()), "old");
  Write({.text = "new"});
  EXPECT_EQ(Text(reader.Get()), "new");
}

TEST(Secret, MovesAndIsEmptyAfterwards) {
  Secret a{std::string("k-1")};
  Secret b = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(std::string(b.Reveal()), "k-1");
  Secret c;
  c = std::move(b);
  EXPECT_TRUE(b.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(std::string(c.Reveal()), "k-1");
}

TEST(Secret, RedactsEveryCopy) {
  const Secret key{std::string("k-123456")};
  EXPECT_EQ(key.Redact("a k-123456 b k-123456"), "a [key] b [key]");
  EXPECT_EQ(Secret().Redact("a"), "a");
}

}  // namespace
}  // namespace rocktune
