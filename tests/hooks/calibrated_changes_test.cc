// Whatever calibration lets through must be harmless on a real RocksDB: random
// proposals over the whole catalogue, applied while a host writes and reads.
#include <atomic>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "hooks/attached_db.h"
#include "policy/calibration.h"
#include "tests/hooks/families_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

constexpr int kRounds = 60;

// ROCKTUNE_FUZZ_ROUNDS=10000 for a long run.
int Rounds() {
  const char* rounds = std::getenv("ROCKTUNE_FUZZ_ROUNDS");
  return rounds == nullptr ? kRounds : std::atoi(rounds);
}

// Small enough that memtables, files and levels turn over all the time.
rocksdb::Options BusyOptions() {
  rocksdb::Options options = QuietOptions();
  options.write_buffer_size = 256 << 10;
  options.arena_block_size = 32 << 10;
  options.target_file_size_base = 1 << 20;
  options.max_bytes_for_level_base = 8 << 20;
  return options;
}

// A host that writes and reads without end; Progress() counts its writes.
class BusyHost {
 public:
  explicit BusyHost(FamiliesDb* db)
      : db_(db), users_(db->handle("users")), thread_([this] { Run(); }) {}
  ~BusyHost() {
    stop_ = true;
    thread_.join();
  }

  // False when the host did not get on for a long time.
  bool GetsOn() const {
    const int64_t from = writes_;
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (writes_ < from + 50) {
      if (absl::Now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
  int64_t failures() const { return failures_; }

 private:
  void Run() {
    std::mt19937 random(1);
    const std::string value(1000, 'v');
    std::string read;
    while (!stop_) {
      const std::string key = absl::StrCat(random() % 20000);
      rocksdb::ColumnFamilyHandle* family =
          random() % 2 == 0 ? users_ : db_->db()->DefaultColumnFamily();
      if (!db_->db()->Put({}, family, key, value).ok()) ++failures_;
      const rocksdb::Status got = db_->db()->Get({}, family, key, &read);
      if (!got.ok() || read != value) ++failures_;
      ++writes_;
    }
  }

  FamiliesDb* const db_;
  rocksdb::ColumnFamilyHandle* const users_;
  std::atomic<bool> stop_{false};
  std::atomic<int64_t> writes_{0};
  std::atomic<int64_t> failures_{0};
  std::thread thread_;
};

std::string RandomValue(const CatalogueRow& row, const std::string& in_force,
                        std::mt19937& random) {
  static const std::vector<std::string> kWords = {
      "0",   "1",     "-1",    "nan", "true",  "false", "lz4",     "none",
      "64K", "8.5M",  "1e30",  "2h",  "{a=1}", "",      "garbage", "0.9",
      "5",   "99999", "1 GiB", "1MB", "kZSTD", "600",   "70000",   "0.2"};
  if (!row.enum_values.empty() && random() % 2 == 0) {
    return row.enum_values[random() % row.enum_values.size()];
  }
  if (random() % 3 == 0) return kWords[random() % kWords.size()];
  static const std::vector<double> kFactors = {0.01, 0.25, 0.5, 0.8,
                                               1.3,  2,    4,   100};
  const double scaled = std::strtod(in_force.c_str(), nullptr) *
                        kFactors[random() % kFactors.size()];
  return absl::StrCat(static_cast<int64_t>(scaled) + 1);
}

Proposal RandomProposal(const Catalogue& catalogue, const OptionValues& values,
                        std::mt19937& random) {
  Proposal proposal;
  proposal.source =
      random() % 2 == 0 ? ProposalSource::kOperator : ProposalSource::kLlm;
  for (size_t i = 0; i < 1 + random() % 6; ++i) {
    const CatalogueRow& row =
        catalogue.rows()[random() % catalogue.rows().size()];
    auto in_force = values.lower_bound(OptionKey{row.name, ""});
    ProposedChange change;
    change.option = row.name;
    change.column_family = random() % 3 == 0 ? "users" : "";
    change.value = RandomValue(
        row, in_force == values.end() ? "" : in_force->second, random);
    proposal.changes.push_back(change);
  }
  return proposal;
}

absl::Status Apply(AttachedDb& attached, const ChangeSet& change_set) {
  std::map<std::pair<OptionScope, std::string>,
           std::map<std::string, std::string>>
      calls;
  for (const Change& change : change_set.changes) {
    const CatalogueRow* row = attached.catalogue().Find(change.key.name);
    calls[{row->scope, change.key.column_family}][change.key.name] =
        change.after;
  }
  for (const auto& [where, values] : calls) {
    const absl::Status set = attached.Set(where.first, where.second, values);
    if (!set.ok()) return set;
  }
  return absl::OkStatus();
}

std::string Show(const ChangeSet& change_set) {
  std::string text;
  for (const Change& change : change_set.changes) {
    absl::StrAppend(&text, ToString(change.key), ": ", change.before, " -> ",
                    change.after, "\n");
  }
  return text;
}

// What is in force after `change_set` went in; RocksDB itself moves a
// bytes_per_sync of 0.
void ExpectInForce(const AttachedDb& attached, const ChangeSet& change_set) {
  const absl::StatusOr<OptionValues> values = attached.ReadValues();
  ASSERT_OK(values);
  for (const Change& change : change_set.changes) {
    if (change.key.name == "bytes_per_sync" && change.after == "0") continue;
    EXPECT_EQ(values->at(change.key), change.after) << Show(change_set);
  }
}

TEST(CalibratedChanges, KnowsEveryOptionOfTheLinkedRocksdb) {
  FamiliesDb db;
  auto attached = AttachedDb::Attach(db.db(), {}, "orders");
  ASSERT_OK(attached);
  for (const CatalogueRow& row : (*attached)->catalogue().rows()) {
    EXPECT_NE(row.meaning, "") << row.name << " has no row of knowledge";
  }
}

TEST(CalibratedChanges, NeverHarmADatabaseUnderLoadAndCanBeTakenBack) {
  FamiliesDb db(Instrumented::kYes, BusyOptions());
  db.Create("users");
  auto attached = AttachedDb::Attach(db.db(), {db.handle("users")}, "orders");
  ASSERT_OK(attached);
  const BusyHost host(&db);
  std::mt19937 random(20);
  const std::vector<Pin> no_pins;
  const HostFacts host_facts = (*attached)->host();
  int applied = 0;
  for (int round = 0; round < Rounds(); ++round) {
    const absl::StatusOr<OptionValues> values = (*attached)->ReadValues();
    ASSERT_OK(values);
    const Window window = (*attached)->Sample(absl::Now());
    const DatabaseFacts facts = (*attached)->facts();
    CalibrationContext context;
    context.catalogue = &(*attached)->catalogue();
    context.database = &facts;
    context.host = &host_facts;
    context.features = &(*attached)->features();
    context.values = &*values;
    context.window = &window;
    context.pins = &no_pins;
    context.memory_budget_bytes = uint64_t{512} << 20;
    const Proposal proposal =
        RandomProposal((*attached)->catalogue(), *values, random);
    const ChangeSet change_set = Calibrate(proposal, context).change_set;
    if (change_set.empty()) continue;
    ++applied;
    ASSERT_OK(Apply(**attached, change_set)) << Show(change_set);
    ExpectInForce(**attached, change_set);
    ASSERT_TRUE(host.GetsOn()) << "round " << round << "\n" << Show(change_set);
    // Some stay, so that the next proposal starts from values in force that
    // nobody would have chosen.
    if (random() % 3 == 0) continue;
    const ChangeSet inverse = InverseOf(change_set);
    ASSERT_OK(Apply(**attached, inverse)) << Show(inverse);
    ExpectInForce(**attached, inverse);
  }
  EXPECT_GT(applied, Rounds() / 10);
  EXPECT_EQ(host.failures(), 0);
}

}  // namespace
}  // namespace rocktune
