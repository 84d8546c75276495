// Debian's unmodified db_bench and ldb, under `rocktune run`.
#include <algorithm>
#include <filesystem>
#include <regex>

#include "sidecar/history.h"
#include "tests/preload/preload_fixture.h"
#include "tests/status_matchers.h"
#include "tests/support/admin_client.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr int kKeys = 50000;

class DbBench : public PreloadTest {
 protected:
  Words Bench(const std::string& benchmark, const Words& more) const {
    Words words = {ROCKTUNE_DB_BENCH,  "--benchmarks=" + benchmark,
                   "--db=" + db_,      "--num=" + std::to_string(kKeys),
                   "--value_size=100", "--cache_size=1048576"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  void Fill() { ASSERT_EQ(Run(Bench("fillseq", {})).exit_code, 0); }

  // How often RocksDB itself says that it took options.
  size_t OptionCalls() const {
    static const std::regex kCall(R"(Set(DB)?Options\(\).*inputs:)");
    const std::string log = FileText(db_ + "/LOG");
    return std::distance(std::sregex_iterator(log.begin(), log.end(), kCall),
                         std::sregex_iterator());
  }

  // The report of one benchmark, with "found" of "found" keys.
  void ExpectReport(const Outcome& outcome, const std::string& benchmark) {
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.err, Not(HasSubstr("rocktune")));
    const std::regex line(benchmark +
                          R"( +: +[0-9.]+ micros/op [0-9]+ ops/sec .*)"
                          R"(\(([0-9]+) of ([0-9]+) found\))");
    std::smatch match;
    ASSERT_TRUE(std::regex_search(outcome.out, match, line)) << outcome.out;
    EXPECT_EQ(match.str(1), match.str(2));
    EXPECT_GT(std::stoul(match.str(1)), 1000u);
  }

  std::vector<Trial> Trials() const {
    auto history = History::Open(db_ + ".rocktune");
    EXPECT_OK(history);
    if (!history.ok()) return {};
    auto trials = (*history)->TrialsOf("db", "", 100);
    EXPECT_OK(trials);
    return trials.ok() ? *trials : std::vector<Trial>();
  }

  const std::string db_ = dir_ / "db";
};

TEST_F(DbBench, ReportsAsBeforeWhileAnOperatorsProposalIsTried) {
  Fill();
  for (const char* benchmark : {"readrandom", "readwhilewriting"}) {
    SCOPED_TRACE(benchmark);
    Process bench =
        Start(Under({"--mode", "approve", "--config", QuickConfig()},
                    Bench(benchmark, {"--use_existing_db", "--duration=15"})));
    ASSERT_TRUE(Attached(db_, "db"));
    EXPECT_EQ(OptionCalls(), 0u);
    const char* value = benchmark[4] == 'r' ? "33554432" : "16777216";
    const AdminReply reply = AdminRequest(
        Socket(db_), "/v1/propose",
        std::string(R"({"changes":[{"option":"write_buffer_size","value":")") +
            value + "\"}]}");
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(Eventually([&] { return OptionCalls() > 0; }));
    EXPECT_FALSE(bench.Ended());
    ExpectReport(bench.Wait(), benchmark);
  }
  const std::vector<Trial> trials = Trials();
  ASSERT_EQ(trials.size(), 2u);
  for (const Trial& trial : trials) {
    ASSERT_EQ(trial.change_set.changes.size(), 1u);
    EXPECT_EQ(trial.change_set.changes[0].key.name, "write_buffer_size");
  }
}

TEST_F(DbBench, IsTunedByItselfInModeAuto) {
  Fill();
  for (const char* benchmark : {"readrandom", "readwhilewriting"}) {
    SCOPED_TRACE(benchmark);
    Process bench =
        Start(Under({"--mode", "auto", "--config", QuickConfig()},
                    Bench(benchmark, {"--use_existing_db", "--duration=20"})));
    EXPECT_TRUE(Eventually([&] {
      return Get(db_, "/v1/databases/db").find("\"open_trial\":{") !=
             std::string::npos;
    }));
    EXPECT_FALSE(bench.Ended());
    ExpectReport(bench.Wait(), benchmark);
  }
  EXPECT_GE(Trials().size(), 2u);
}

// (Its optimistic kind, and reads of this one, abort in db_bench itself.)
TEST_F(DbBench, OpensATransactionDatabaseAnewForEachBenchmark) {
  const Outcome outcome =
      Run(Under({"--mode", "observe"},
                Bench("fillrandom,overwrite,fillseq", {"--transaction_db"})));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, Not(HasSubstr("rocktune")));
  EXPECT_THAT(outcome.out, HasSubstr("fillseq "));
  EXPECT_TRUE(fs::exists(db_ + ".rocktune/history.db"));
}

TEST_F(DbBench, LdbReadsOnlyAndIsLeftAlone) {
  Fill();
  const Words scan = {ROCKTUNE_LDB, "--db=" + db_, "scan", "--hex"};
  const Outcome plain = Run(scan);
  const auto files = [&] {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(db_)) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  };
  const std::vector<std::string> before = files();
  const Outcome under = Run(Under({"--mode", "auto"}, scan));
  EXPECT_EQ(under.exit_code, 0);
  EXPECT_EQ(under.err, plain.err);
  EXPECT_GT(under.out.size(), size_t{kKeys} * 32);
  EXPECT_TRUE(under.out == plain.out);
  EXPECT_EQ(files(), before);
  EXPECT_FALSE(fs::exists(db_ + ".rocktune"));
}

}  // namespace
}  // namespace rocktune
