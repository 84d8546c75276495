#include "sidecar/host_log.h"

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

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

// The lines of a tuner: the first database's end makes one for the second.
TEST(HostLog, TunerOutlivesTheDatabaseThatItLoggedTo) {
  TempDir dir;
  auto first = OpenDb(dir / "first");
  auto second = OpenDb(dir / "second");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kObserve));
  ASSERT_TRUE(tuner->Attach(first.get(), {first->DefaultColumnFamily()}).ok());
  ASSERT_TRUE(
      tuner->Attach(second.get(), {second->DefaultColumnFamily()}).ok());
  ASSERT_TRUE(tuner->Detach(first.get()).ok());
  first.reset();
  ASSERT_TRUE(tuner->Detach(second.get()).ok());
  tuner.reset();
  second.reset();
  EXPECT_THAT(LogOf(dir, "second"), HasSubstr("[rocktune] second: "));
}

}  // namespace
}  // namespace rocktune
