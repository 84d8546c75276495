#include "sidecar/admin_socket.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sidecar/admin_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;

mode_t ModeOf(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777;
}

class AdminSocketTest : public ::testing::Test {
 protected:
  AdminSocketTest()
      : private_(directory_.path() + "/private"),
        path_(private_ + "/admin.sock") {}

  absl::StatusOr<std::unique_ptr<AdminSocket>> Listen() {
    return AdminSocket::Listen(path_, false);
  }

  TemporaryDirectory directory_;
  std::string private_;
  std::string path_;
};

TEST_F(AdminSocketTest, MakesAPrivateDirectoryAndAPrivateSocket) {
  const auto socket = Listen();
  ASSERT_OK(socket);
  EXPECT_EQ(ModeOf(private_), 0700u);
  EXPECT_EQ(ModeOf(path_), 0600u);
  EXPECT_TRUE(RawClient(path_).connected());
}

TEST_F(AdminSocketTest, RemovesItsFileAtTheEnd) {
  { const auto socket = Listen(); }
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(AdminSocketTest, LeavesAFileThatSomebodyElsePutInItsPlace) {
  {
    const auto socket = Listen();
    ASSERT_OK(socket);
    fs::remove(path_);
    std::ofstream(path_) << "mine";
  }
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(AdminSocketTest, RefusesADirectoryThatOthersMayEnter) {
  fs::create_directory(private_);
  chmod(private_.c_str(), 0755);
  EXPECT_THAT(Listen(), IsError(StatusCode::kFailedPrecondition,
                                "run: chmod 700 " + private_));
  EXPECT_EQ(ModeOf(private_), 0755u);
}

TEST_F(AdminSocketTest, OpensTheDirectoryForViewersOnlyWhenThereAreAny) {
  const auto socket = AdminSocket::Listen(path_, true);
  ASSERT_OK(socket);
  EXPECT_EQ(ModeOf(private_), 0711u);
  EXPECT_EQ(ModeOf(path_), 0666u);
}

TEST_F(AdminSocketTest, RefusesADirectoryThatOthersMayWriteEvenWithViewers) {
  fs::create_directory(private_);
  chmod(private_.c_str(), 0777);
  EXPECT_THAT(AdminSocket::Listen(path_, true),
              IsError(StatusCode::kFailedPrecondition, "mode 0777, not 0711"));
}

TEST_F(AdminSocketTest, NeverLoosensADirectoryForViewers) {
  fs::create_directory(private_);
  chmod(private_.c_str(), 0700);
  EXPECT_THAT(AdminSocket::Listen(path_, true),
              IsError(StatusCode::kFailedPrecondition, "mode 0700, not 0711"));
  EXPECT_EQ(ModeOf(private_), 0700u);
}

TEST_F(AdminSocketTest, RefusesADirectoryOfAnotherUser) {
  if (geteuid() != 0) {
    // The root directory is never ours then.
    EXPECT_THAT(AdminSocket::Listen("/admin.sock", false),
                IsError(StatusCode::kFailedPrecondition, "belongs to user 0"));
    return;
  }
  fs::create_directory(private_);
  ASSERT_EQ(chown(private_.c_str(), 65534, 65534), 0);
  EXPECT_THAT(Listen(), IsError(StatusCode::kFailedPrecondition,
                                "belongs to user 65534"));
}

TEST_F(AdminSocketTest, FollowsNoSymlinkToADirectory) {
  const std::string elsewhere = directory_.path() + "/elsewhere";
  fs::create_directory(elsewhere);
  chmod(elsewhere.c_str(), 0700);
  fs::create_directory_symlink(elsewhere, private_);
  EXPECT_THAT(Listen(), IsError(StatusCode::kFailedPrecondition, "symlink"));
  EXPECT_TRUE(fs::is_empty(elsewhere));
}

TEST_F(AdminSocketTest, LeavesASymlinkOrFileInPlaceOfTheSocketAlone) {
  fs::create_directory(private_);
  chmod(private_.c_str(), 0700);
  fs::create_symlink("/etc/passwd", path_);
  EXPECT_THAT(Listen(), IsError(StatusCode::kAlreadyExists, "not a socket"));
  EXPECT_TRUE(fs::is_symlink(path_));
}

TEST_F(AdminSocketTest, ReplacesASocketNobodyAnswersOn) {
  {
    auto socket = Listen();
    ASSERT_OK(socket);
    // As if the process had died: the file stays, nobody listens.
    fs::rename(path_, path_ + ".kept");
  }
  fs::rename(path_ + ".kept", path_);
  ASSERT_FALSE(RawClient(path_).connected());
  const auto socket = Listen();
  ASSERT_OK(socket);
  EXPECT_TRUE(RawClient(path_).connected());
}

TEST_F(AdminSocketTest, LeavesASocketThatSomebodyServes) {
  const auto first = Listen();
  ASSERT_OK(first);
  EXPECT_THAT(Listen(),
              IsError(StatusCode::kAlreadyExists, "another process serves"));
  EXPECT_TRUE(RawClient(path_).connected());
}

TEST_F(AdminSocketTest, BindsAPathLongerThanASocketAddress) {
  std::string deep = directory_.path();
  for (int i = 0; i < 4; ++i) {
    deep += "/" + std::string(60, 'd');
    fs::create_directory(deep);
  }
  chmod(deep.c_str(), 0700);
  path_ = deep + "/admin.sock";
  const auto socket = Listen();
  ASSERT_OK(socket);
  EXPECT_TRUE(fs::is_socket(path_));
}

TEST_F(AdminSocketTest, NamesARelativePathInFull) {
  const std::string relative = fs::relative(path_).string();
  ASSERT_NE(relative[0], '/');
  const auto socket = AdminSocket::Listen(relative, false);
  ASSERT_OK(socket);
  EXPECT_EQ((*socket)->path(), path_);
  EXPECT_TRUE(RawClient(path_).connected());
}

TEST_F(AdminSocketTest, RefusesAPathWithoutAFileName) {
  for (const char* path : {"", "/tmp/", "dir/"}) {
    EXPECT_THAT(AdminSocket::Listen(path, false),
                IsError(StatusCode::kInvalidArgument, "is no path"))
        << path;
  }
  EXPECT_THAT(AdminSocket::Listen("/nosuchdirectory/x/admin.sock", false),
              IsError(StatusCode::kNotFound, "cannot make"));
}

}  // namespace
}  // namespace rocktune
