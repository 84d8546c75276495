// A real AdminServer on a temporary socket with a scripted tuner behind it,
// and a client that speaks raw bytes.
#ifndef ROCKTUNE_TESTS_SIDECAR_ADMIN_FIXTURE_H_
#define ROCKTUNE_TESTS_SIDECAR_ADMIN_FIXTURE_H_

#include <functional>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "sidecar/admin_server.h"
#include "tests/fakes/scripted_control.h"

namespace rocktune {

// Removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A connection to a unix socket. Reads give up after ten seconds.
class RawClient {
 public:
  explicit RawClient(const std::string& socket_path);
  ~RawClient();
  RawClient(const RawClient&) = delete;

  bool connected() const { return connected_; }
  // False once the server has closed.
  bool Send(const std::string& bytes);
  void ShutdownWrites();
  // Up to the end of one response; less when the server closes before.
  std::string ReadResponse();
  // Everything until the server closes; fails the test when it does not.
  std::string ReadToEnd();

 private:
  bool ReadMore();

  int fd_;
  bool connected_ = false;
  std::string unread_;
};

std::string GetText(const std::string& target);
std::string PostText(const std::string& target, const std::string& body);

class AdminServerTest : public ::testing::Test {
 protected:
  AdminServerTest();
  ~AdminServerTest() override;

  // Starts the server, with a loop thread of its own.
  void Start(AdminOptions options = {});
  void Stop();
  // Runs `work` on the loop thread and waits for it.
  void OnLoop(const std::function<void()>& work);
  // Waits until `condition`, asked on the loop thread, holds.
  bool Eventually(const std::function<bool()>& condition);
  // The answer to one GET on a connection of its own.
  std::string Get(const std::string& target);

  TemporaryDirectory directory_;
  std::string socket_path_;
  ScriptedControl control_;

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_SIDECAR_ADMIN_FIXTURE_H_
