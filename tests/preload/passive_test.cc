// Programs that are not to be touched: without RocksDB, with one that nothing
// was built for, with their own.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/preload/preload_fixture.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kLine[] = "rocktune: not tuning this program: ";

size_t LineCount(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

class Passive : public PreloadTest {
 protected:
  const std::string db_ = dir_ / "db";

  // Runs the plain program with the stub that is in `folder`; the program must
  // work, with one line of ours that has `part`.
  void ExpectOneLine(const fs::path& folder, const std::string& part) {
    environment_["LD_PRELOAD"] = folder / fs::path(ROCKTUNE_STUB).filename();
    const Outcome outcome = Run({Host(), "plain", db_});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.out, "ready\n");
    EXPECT_THAT(outcome.err, AllOf(StartsWith(kLine), HasSubstr(part)));
    EXPECT_EQ(LineCount(outcome.err), 1u);
    EXPECT_FALSE(fs::exists(db_ + ".rocktune"));
  }
};

TEST_F(Passive, AProgramWithoutRocksdbGetsNoMoreThanTheStub) {
  const Outcome outcome =
      Run(Under({"--mode", "auto"}, {"cat", "/proc/self/maps"}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, HasSubstr("librocktune_preload.so"));
  for (const char* library : {"librocktune_payload", "librocksdb", "libstdc++",
                              "libabsl", "libboost"}) {
    EXPECT_THAT(outcome.out, Not(HasSubstr(library)));
  }
}

TEST_F(Passive, AVersionWithoutAPayloadIsUsedAsItIs) {
  const Outcome outcome = Run(Under({"--mode", "auto"}, {Host("other_host")}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, AllOf(StartsWith(kLine),
                                 HasSubstr("librocktune_payload-99.1.0.so")));
  EXPECT_EQ(LineCount(outcome.err), 1u);
}

TEST_F(Passive, NoPayloadABrokenOneAndAForeignOneAreOneLineEach) {
  const fs::path folder = dir_ / "library";
  const fs::path payload = folder / ROCKTUNE_PAYLOAD_NAME;
  fs::create_directory(folder);
  fs::copy(ROCKTUNE_STUB, folder);
  ExpectOneLine(folder, "there is no " + payload.string());
  std::ofstream(payload) << "this is no library";
  ExpectOneLine(folder, "cannot load");
  fs::remove(payload);
  fs::copy(ROCKTUNE_PLUGIN, payload);
  ExpectOneLine(folder, "not a payload");
}

TEST_F(Passive, ABadConfigurationIsOneLine) {
  const std::string config = dir_ / "bad.toml";
  std::ofstream(config) << "mode = \"auto\"\nwindwo = \"1s\"\n";
  environment_["ROCKTUNE_CONFIG"] = config;
  ExpectOneLine(fs::path(ROCKTUNE_STUB).parent_path(), "windwo");
}

TEST_F(Passive, APluginsOwnRocksdbIsUsedAsItIs) {
  const Outcome outcome = Run(
      Under({"--mode", "auto"}, {Host("plugin_host"), ROCKTUNE_PLUGIN, db_}));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, StartsWith(kLine));
  EXPECT_EQ(LineCount(outcome.err), 1u);
}

TEST_F(Passive, ARocksdbInsideTheProgramIsNotSeen) {
  for (const char* kind : {"static_host", "visible_host"}) {
    SCOPED_TRACE(kind);
    for (const char* story : {"plain", "transactions", "reopens"}) {
      const Outcome outcome =
          Run(Under({"--mode", "auto"}, {Host(kind), story, dir_ / story}));
      EXPECT_EQ(outcome.exit_code, 0);
      EXPECT_EQ(outcome.err, "");
      EXPECT_FALSE(fs::exists(dir_ / (std::string(story) + ".rocktune")));
    }
  }
}

}  // namespace
}  // namespace rocktune
