// The parsers of what the kernel says, on texts of other machines.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/cgroup_limits.h"
#include "hooks/host_facts.h"
#include "hooks/mounts.h"
#include "hooks/process_facts.h"

namespace rocktune {
namespace {

using ::testing::IsEmpty;

constexpr char kMountinfo[] =
    "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
    "30 27 0:40 / /data rw - tmpfs tmpfs rw\n"
    "31 30 8:17 / /data/db rw shared:3 master:1 - xfs /dev/sdb1 rw\n"
    "32 27 0:41 / /with\\040space rw - btrfs /dev/sdc rw\n"
    "33 27 0:42 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
    "torn line\n"
    "34 27 0:43 / /nodash rw ext4 /dev/vdb rw\n";

TEST(Mounts, FindTheOneThatHoldsAPath) {
  const std::vector<Mount> mounts = ParseMountinfo(kMountinfo);
  EXPECT_EQ(mounts.size(), 5u);
  const auto type = [&mounts](const char* path) {
    const Mount* mount = FindMount(mounts, path);
    return mount == nullptr ? "none" : mount->type;
  };
  EXPECT_EQ(type("/data/db/orders"), "xfs");
  EXPECT_EQ(type("/data/dbx"), "tmpfs");
  EXPECT_EQ(type("/database"), "ext4");
  EXPECT_EQ(type("/with space/x"), "btrfs");
  EXPECT_EQ(type("relative"), "none");
  EXPECT_EQ(FindMount(mounts, "/data/db")->device, "8:17");
}

TEST(Mounts, LetTheLastOfTwoOnOnePointCount) {
  const std::vector<Mount> mounts = ParseMountinfo(
      "1 0 8:1 / /d rw - ext4 /dev/a rw\n"
      "2 0 8:2 / /d rw - xfs /dev/b rw\n");
  EXPECT_EQ(FindMount(mounts, "/d/x")->type, "xfs");
}

TEST(Mounts, AreNoneInNonsense) {
  EXPECT_THAT(ParseMountinfo(""), IsEmpty());
  EXPECT_THAT(ParseMountinfo("- - - -\n\n - ext4"), IsEmpty());
}

TEST(CgroupLimits, ParseWhatTheFilesSay) {
  EXPECT_EQ(ParseMemoryLimit("1073741824\n"), 1073741824u);
  EXPECT_EQ(ParseMemoryLimit("max\n"), std::nullopt);
  EXPECT_EQ(ParseMemoryLimit("9223372036854771712\n"), std::nullopt);
  EXPECT_EQ(ParseMemoryLimit("-1"), std::nullopt);
  EXPECT_EQ(ParseMemoryLimit(""), std::nullopt);
  EXPECT_EQ(ParseCpuMax("150000 100000\n"), 1.5);
  EXPECT_EQ(ParseCpuMax("max 100000\n"), std::nullopt);
  EXPECT_EQ(ParseCpuMax("100000"), std::nullopt);
  EXPECT_EQ(ParseCpuMax("100000 0"), std::nullopt);
  EXPECT_EQ(ParseCpuQuota("-1\n", "100000\n"), std::nullopt);
  EXPECT_EQ(ParseCpuQuota("50000\n", "100000\n"), 0.5);
}

TEST(CgroupLimits, LeaveOutMalformedLines) {
  EXPECT_THAT(ParseCgroupPaths("nonsense\n4:memory\n0::relative\n"), IsEmpty());
  const auto paths = ParseCgroupPaths("4:cpu,cpuacct:/a:b\n0::/x\n");
  ASSERT_EQ(paths.size(), 2u);
  EXPECT_EQ(paths[0].path, "/a:b");
  EXPECT_EQ(paths[0].controllers.size(), 2u);
  EXPECT_THAT(paths[1].controllers, IsEmpty());
}

// A machine made of text.
CgroupLimits LimitsOf(const std::string& cgroup, const std::string& mountinfo,
                      const std::map<std::string, std::string>& files) {
  return ReadCgroupLimits(
      ParseCgroupPaths(cgroup), ParseMountinfo(mountinfo),
      [&files](const std::string& path) -> std::optional<std::string> {
        const auto it = files.find(path);
        if (it == files.end()) return std::nullopt;
        return it->second;
      });
}

TEST(CgroupLimits, TakeTheLeastOfAllParents) {
  const CgroupLimits limits =
      LimitsOf("0::/service/db\n", kMountinfo,
               {{"/sys/fs/cgroup/service/db/memory.max", "max"},
                {"/sys/fs/cgroup/service/memory.max", "2000000"},
                {"/sys/fs/cgroup/memory.max", "3000000"},
                {"/sys/fs/cgroup/service/db/cpu.max", "400000 100000"},
                {"/sys/fs/cgroup/service/cpu.max", "200000 100000"}});
  EXPECT_EQ(limits.memory_bytes, 2000000u);
  EXPECT_EQ(limits.cpus, 2.0);
}

TEST(CgroupLimits, ReadVersionOneInsideAContainer) {
  const std::string mountinfo =
      "1 0 0:9 /docker/ab /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "2 0 0:8 /docker/ab /sys/fs/cgroup/cpu rw - cgroup cgroup "
      "rw,cpu,cpuacct\n";
  const CgroupLimits limits = LimitsOf(
      "4:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab/inner\n", mountinfo,
      {{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "5000000\n"},
       {"/sys/fs/cgroup/cpu/inner/cpu.cfs_quota_us", "-1\n"},
       {"/sys/fs/cgroup/cpu/inner/cpu.cfs_period_us", "100000\n"},
       {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "250000\n"},
       {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}});
  EXPECT_EQ(limits.memory_bytes, 5000000u);
  EXPECT_EQ(limits.cpus, 2.5);
}

TEST(CgroupLimits, AreNoneWithoutControlGroups) {
  const CgroupLimits limits = LimitsOf("", "", {});
  EXPECT_EQ(limits.memory_bytes, std::nullopt);
  EXPECT_EQ(limits.cpus, std::nullopt);
}

TEST(HostFacts, ParseTheirTexts) {
  EXPECT_EQ(ParseMemTotal("MemFree: 1 kB\nMemTotal:   2048 kB\n"),
            2048u * 1024);
  EXPECT_EQ(ParseMemTotal("MemTotal:\n"), 0u);
  EXPECT_EQ(ParseMemTotal("MemTotal: lots kB\n"), 0u);
  EXPECT_EQ(ParseMemTotal(""), 0u);
  EXPECT_EQ(ParseScheduler("[none] mq-deadline\n"), "none");
  EXPECT_EQ(ParseScheduler("none mq-deadline [bfq]\n"), "bfq");
  EXPECT_EQ(ParseScheduler("none\n"), "none");
  EXPECT_EQ(ParseScheduler("a b"), "");
  EXPECT_EQ(ParseScheduler("[]"), "[]");
  EXPECT_EQ(ParseScheduler(""), "");
}

TEST(HostFacts, AreThereForThisMachine) {
  const HostFacts facts = ReadHostFacts("/");
  EXPECT_GE(facts.cores, 1);
  EXPECT_GT(facts.memory_bytes, 0u);
  EXPECT_FALSE(facts.rocksdb_version.empty());
  EXPECT_EQ(ReadHostFacts("/no/such/path").filesystem, "");
}

TEST(ProcessFacts, AreDifferencesButForTheResidentSize) {
  ProcessCounters before;
  before.cpu_us = 100;
  before.read_bytes = 500;
  before.resident_bytes = 9;
  ProcessCounters after;
  after.cpu_us = 150;
  after.read_bytes = 400;  // cannot fall; then rather nothing
  after.resident_bytes = 7;
  const ProcessFacts facts = Between(before, after);
  EXPECT_EQ(facts.cpu_us, 50u);
  EXPECT_EQ(facts.read_bytes, 0u);
  EXPECT_EQ(facts.resident_bytes, 7u);
}

TEST(ProcessFacts, ParseTheirTexts) {
  EXPECT_EQ(ParseResidentBytes("5000 12 3 1 0 2 0\n", 4096), 12u * 4096);
  EXPECT_EQ(ParseResidentBytes("5000", 4096), 0u);
  EXPECT_EQ(ParseResidentBytes("a b", 4096), 0u);
  ProcessCounters counters;
  ParseProcessIo("rchar: 1\nread_bytes: 20\nwrite_bytes: 30\nread_bytes\n",
                 &counters);
  EXPECT_EQ(counters.read_bytes, 20u);
  EXPECT_EQ(counters.write_bytes, 30u);
  ParseProcessIo("read_bytes: many\n", &counters);
  EXPECT_EQ(counters.read_bytes, 20u);
}

TEST(ProcessFacts, GrowWithWork) {
  const ProcessCounters before = ReadProcessCounters();
  EXPECT_GT(before.resident_bytes, 0u);
  EXPECT_GT(before.cpu_us, 0u);
  EXPECT_GE(ReadProcessCounters().cpu_us, before.cpu_us);
}

}  // namespace
}  // namespace rocktune
