#include "sidecar/host_log.h"

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sidecar/tuner_fixture.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string LogOf(const TempDir& dir, const std::string& name) {
  std::stringstream text;
  text << std::ifstream(dir / (name + "/LOG")).rdbuf();
  return text.str();
}

TEST(HostLog, GoesFromADatabaseThatEndsToOneThatStays) {
  TempDir dir;
  HostLog log(nullptr);
  log.Write("to nobody");
  auto first = OpenDb(dir / "first");
  auto second = OpenDb(dir / "second");
  log.Add(first.get());
  log.Add(second.get());
  log.Write("line one");
  log.Remove(first.get());
  first.reset();
  log.Write("line two");
  log.Remove(second.get());
  log.Write("to nobody");
  second.reset();
  EXPECT_THAT(LogOf(dir, "first"), HasSubstr("[rocktune] line one"));
  EXPECT_THAT(LogOf(dir, "first"), Not(HasSubstr("line two")));
  EXPECT_THAT(LogOf(dir, "second"), HasSubstr("[rocktune] line two"));
}

TEST(HostLog, LetsNoLineIntoALogThatIsClosed) {
  TempDir dir;
  HostLog log(nullptr);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) log.Write("a line");
  });
  for (int i = 0; i < 20; ++i) {
    auto db = OpenDb(dir / "db");
    log.Add(db.get());
    log.Remove(db.get());
  }
  stop = true;
  writer.join();
}

// Tells when the first of our lines has come; what RocksDB writes is let go.
class OurLines : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::vector<char> line(4096);
    std::vsnprintf(line.data(), line.size(), format, arguments);
    if (absl::StrContains(line.data(), "[rocktune] ") &&
        !came_.HasBeenNotified()) {
      came_.Notify();  // HostLog writes one line at a time
    }
  }
  bool Came() const {
    return came_.WaitForNotificationWithTimeout(absl::Seconds(60));
  }

 private:
  absl::Notification came_;
};

// The lines of a tuner, whichever database they are about.
TEST(HostLog, TunerOutlivesTheDatabaseThatItLoggedTo) {
  TempDir dir;
  auto lines = std::make_shared<OurLines>();
  auto first = OpenDb(dir / "first");
  rocksdb::Options options;
  options.create_if_missing = true;
  options.info_log = lines;
  ASSERT_TRUE(Instrument(&options).ok());
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, dir / "second", &opened).ok());
  std::unique_ptr<rocksdb::DB> second(opened);
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kObserve));
  ASSERT_TRUE(tuner->Attach(first.get(), {first->DefaultColumnFamily()}).ok());
  ASSERT_TRUE(
      tuner->Attach(second.get(), {second->DefaultColumnFamily()}).ok());
  ASSERT_TRUE(tuner->Detach(first.get()).ok());
  first.reset();
  EXPECT_TRUE(lines->Came());
  ASSERT_TRUE(tuner->Detach(second.get()).ok());
  tuner.reset();
  second.reset();
}

}  // namespace
}  // namespace rocktune
