// What `rocktune profile` shows of loads that are known well, less well, and
// not at all; and the same as JSON.
#include <cstdlib>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sidecar/json_fields.h"
#include "tests/sidecar/cli_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void Set(ProfileDimension dimension, double value, WorkloadProfile* profile) {
  profile->value[static_cast<size_t>(dimension)] = value;
}

WorkloadProfile WithoutTrace() {
  WorkloadProfile profile;
  profile.database = "main";
  profile.from = absl::FromUnixSeconds(1767225600);
  profile.to = profile.from + absl::Seconds(20);
  profile.windows = 20;
  Set(ProfileDimension::kGetShare, 0.75, &profile);
  Set(ProfileDimension::kMultiGetShare, 0, &profile);
  Set(ProfileDimension::kWriteShare, 0.2, &profile);
  Set(ProfileDimension::kSeekShare, 0.05, &profile);
  Set(ProfileDimension::kArrivalRate, 65900, &profile);
  Set(ProfileDimension::kFoundShare, 0.93, &profile);
  Set(ProfileDimension::kValueBytes, 100, &profile);
  profile.burstiness = 0.125;
  profile.sources = ReadSources{0.125, 0.25, 0.125, 0.5};
  profile.cache_hit_ratio = 0.61;
  profile.write_amplification = 8.25;
  FamilyProfile family;
  family.name = "default";
  family.keys = 1200000;
  family.bytes = 150 << 20;
  profile.families = {family};
  profile.unknown = {"key skew: no trace yet"};
  return profile;
}

WorkloadProfile FullProfile() {
  WorkloadProfile profile = WithoutTrace();
  profile.unknown.clear();
  TraceFacts trace;
  trace.taken = profile.from;
  trace.length = absl::Seconds(10);
  trace.sample_ratio = 0.0625;
  trace.read_keys = KeySkew{812000, 0.43, 0.99, 512ull << 20};
  MissRatioCurve curve;
  curve.accesses = 12340;
  curve.capacity_bytes = 64 << 20;
  curve.measured_hit_ratio = 0.61;
  curve.points = {{16 << 20, 0.25}, {64 << 20, 0.6}, {256 << 20, 0.9}};
  trace.curves = {curve};
  trace.families = {{0, {100, 300, 600}, {0, 25, 75}}};
  profile.trace = trace;
  profile.families[0].read_share = 1;
  profile.families[0].miss_share = 1;
  profile.families[0].space_amplification = 1.25;
  return profile;
}

class CliProfile : public CliTest {
 protected:
  std::string Show(const WorkloadProfile& profile, const char* locale) {
    OnLoop([this, &profile] { control_.profile = profile; });
    setenv("LC_ALL", locale, 1);
    const Outcome outcome = Ask({"profile"});
    unsetenv("LC_ALL");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
};

TEST_F(CliProfile, DrawsAFullProfileInBlockCharacters) {
  Start();
  EXPECT_EQ("\n" + Show(FullProfile(), "C.UTF-8"), R"(
database    main
seen        20 windows, 2026-01-01 00:00:00 to 2026-01-01 00:00:20 (UTC)
operations  65 900 /s
burstiness  0.12 (0: steady, 1: as bursty as its own mean)

operations
  get       75.0 %  ██████████████████████████████
  multiget   0.0 %
  write     20.0 %  ████████
  seek       5.0 %  ██

where point reads find their key
  memtable        12.5 %  █████
  level 0         25.0 %  ██████████
  level 1         12.5 %  █████
  level 2 and up  50.0 %  ████████████████████

sizes and shares
  key    unknown  value written    100 B  read per key  unknown
  scan   unknown  deletes        unknown  write amp.       8.25
  found   93.0 %  cache hits      61.0 %  read amp.     unknown

keys, in the last burst of tracing
         distinct keys  to hottest 1 %  Zipf exponent  touched
  reads        812 000          43.0 %           0.99  512 MiB

block cache, 64 MiB: hits by capacity, foretold (61.0 % measured)
  capacity    hits
    16 MiB  25.0 %  ██████████
    32 MiB  42.5 %  █████████████████
    64 MiB  60.0 %  ████████████████████████              <- now
   128 MiB  75.0 %  ██████████████████████████████
   256 MiB  90.0 %  ████████████████████████████████████

cache misses, in the last burst
           level  of misses
  default      1     25.0 %  ██████████
  default      2     75.0 %  ██████████████████████████████

column families
             keys     size  space amp.  of lookups  of misses
  default  1.20 M  150 MiB        1.25     100.0 %    100.0 %
)");
}

TEST_F(CliProfile, DrawsInAsciiElsewhereAndSaysWhatIsNotKnown) {
  Start();
  EXPECT_EQ("\n" + Show(WithoutTrace(), "C"), R"(
database    main
seen        20 windows, 2026-01-01 00:00:00 to 2026-01-01 00:00:20 (UTC)
operations  65 900 /s
burstiness  0.12 (0: steady, 1: as bursty as its own mean)

operations
  get       75.0 %  ##############################
  multiget   0.0 %
  write     20.0 %  ########
  seek       5.0 %  ##

where point reads find their key
  memtable        12.5 %  #####
  level 0         25.0 %  ##########
  level 1         12.5 %  #####
  level 2 and up  50.0 %  ####################

sizes and shares
  key    unknown  value written    100 B  read per key  unknown
  scan   unknown  deletes        unknown  write amp.       8.25
  found   93.0 %  cache hits      61.0 %  read amp.     unknown

column families
             keys     size  space amp.  of lookups  of misses
  default  1.20 M  150 MiB     unknown     unknown    unknown

not known
  key skew: no trace yet
)");
}

TEST_F(CliProfile, ShowsADatabaseOfWhichNothingIsKnown) {
  Start();
  WorkloadProfile profile;
  profile.database = "main";
  profile.unknown = {"everything: no window yet"};
  EXPECT_EQ("\n" + Show(profile, "C"), R"(
database    main
seen        nothing yet
operations  unknown
burstiness  unknown (0: steady, 1: as bursty as its own mean)

not known
  everything: no window yet
)");
}

TEST_F(CliProfile, TellsOfWritesWhereTheHostOptedIn) {
  Start();
  WorkloadProfile profile = FullProfile();
  profile.trace->written_keys = KeySkew{4000, 0.25, 0.5, 3 << 20};
  profile.trace->update_share = 0.405;
  profile.trace->delete_share = 0.1;
  EXPECT_THAT(Show(profile, "C"), HasSubstr(R"(
  reads         812 000          43.0 %           0.99  512 MiB
  writes          4 000          25.0 %           0.50    3 MiB
  updates: 40.5 % of the writes, or more
)"));
  const std::string json = Get("/v1/databases/main/profile");
  EXPECT_THAT(json, HasSubstr(R"("update_share":0.405,"delete_share":0.1)"));
  EXPECT_THAT(json, HasSubstr(R"("written_keys":{"distinct_keys":4000)"));
}

TEST_F(CliProfile, StaysWithin80Columns) {
  Start();
  for (const char* locale : {"C", "en_US.utf8"}) {
    for (const WorkloadProfile& profile : {FullProfile(), WithoutTrace()}) {
      EXPECT_LE(LongestLine(Show(profile, locale)), 80u);
    }
  }
}

TEST_F(CliProfile, GivesNumbersWithUnitsAndNullForTheUnknownAsJson) {
  Start();
  OnLoop([this] { control_.profile = FullProfile(); });
  const std::string full = Get("/v1/databases/main/profile");
  for (const char* part :
       {R"("get_share":0.75)", R"("arrival_ops_per_s":65900)",
        R"("key_bytes":null)", R"("l2_and_up_share":0.5)",
        R"("measured_hit_ratio":0.61)", R"("misses_by_level":[0,25,75])",
        R"("written_keys":null)", R"("top_1pct_share":0.43)",
        R"("from":"2026-01-01T00:00:00.000Z")", R"("unknown":[])"}) {
    EXPECT_THAT(full, HasSubstr(part));
  }
  OnLoop([this] { control_.profile = WorkloadProfile(); });
  const std::string empty = Get("/v1/databases/main/profile");
  for (const char* part :
       {R"("from":null,"to":null,"windows":0)", R"("get_share":null)",
        R"("read_sources":null)", R"("trace":null)"}) {
    EXPECT_THAT(empty, HasSubstr(part));
  }
  EXPECT_THAT(Get("/v1/databases/other/profile"), HasSubstr("not_found"));
}

}  // namespace
}  // namespace rocktune
