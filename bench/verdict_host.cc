#include "bench/verdict_host.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/demo/json_read.h"
#include "bench/demo/record.h"
#include "boost/json/serialize.hpp"
#include "policy/status_macros.h"
#if __has_include("rocksdb/advanced_cache.h")
#include "rocksdb/advanced_cache.h"  // Cache itself, since RocksDB 8
#endif
#include "rocksdb/cache.h"
#include "rocksdb/convenience.h"
#include "rocksdb/table.h"

namespace rocktune {
namespace {

using boost::json::object;

constexpr absl::Duration kWaitLimit = absl::Minutes(4);
constexpr absl::Duration kPoll = absl::Milliseconds(20);
// What the clients see is taken over this long, after as long to settle.
constexpr absl::Duration kHarmSpan = absl::Seconds(4);
constexpr double kWarmAgain = 0.97;

absl::Status Converted(const rocksdb::Status& status) {
  return status.ok() ? absl::OkStatus()
                     : absl::InternalError(status.ToString());
}

bool IsIdle(const std::string& state) {
  return state == "baselining" || state == "consulting" || state == "vetting" ||
         state == "converged";
}

}  // namespace

Config VerdictConfigOf(const std::string& state_dir) {
  Config config;
  config.mode = Mode::kApprove;
  config.state_dir = state_dir;
  config.window = std::chrono::milliseconds(100);
  config.baseline = std::chrono::seconds(2);
  config.one_way_baseline = std::chrono::seconds(15);
  config.settle = std::chrono::seconds(1);
  config.settle_max = std::chrono::seconds(10);
  config.measure_min = std::chrono::seconds(2);
  config.measure_max = std::chrono::seconds(12);
  config.probation = std::chrono::seconds(2);
  config.cool_down = std::chrono::seconds(0);
  config.option_writes_per_hour = 10'000;
  return config;
}

absl::StatusOr<std::unique_ptr<VerdictHost>> VerdictHost::Start(
    const std::string& dir, const VerdictPhase& phase,
    const std::atomic<bool>* stop) {
  std::unique_ptr<VerdictHost> host(new VerdictHost(dir, phase, stop));
  ROCKTUNE_RETURN_IF_ERROR(host->Open());
  return host;
}

VerdictHost::~VerdictHost() {
  load_.reset();
  tuner_.reset();
}

absl::Status VerdictHost::Open() {
  rocksdb::Options options = phase_.options;
  ROCKTUNE_RETURN_IF_ERROR(Converted(Instrument(&options)));
  rocksdb::DB* raw = nullptr;
  ROCKTUNE_RETURN_IF_ERROR(
      Converted(rocksdb::DB::Open(options, dir_ + "/db", &raw)));
  db_.reset(raw);
  ROCKTUNE_RETURN_IF_ERROR(
      Converted(LoadGenerator::Fill(db_.get(), phase_.load, [](double) {})));
  rocksdb::TablePropertiesCollection tables;
  ROCKTUNE_RETURN_IF_ERROR(Converted(db_->GetPropertiesOfAllTables(&tables)));
  if (tables.empty()) return absl::InternalError("no tables were made");
  first_compression_ = tables.begin()->second->compression_name;
  load_ = std::make_unique<LoadGenerator>(db_.get(), phase_.load, phase_.mix);
  // Warm: the cache is full, or has what there is to have.
  uint64_t before = 0;
  absl::Time since = absl::Now();
  return WaitFor("a warm cache", [&]() -> absl::StatusOr<bool> {
    if (absl::Now() - since < absl::Seconds(2)) return false;
    since = absl::Now();
    cache_usage_bytes_ = Property("rocksdb.block-cache-usage");
    const uint64_t was = std::exchange(before, cache_usage_bytes_);
    return static_cast<double>(was) >=
           kWarmAgain * static_cast<double>(cache_usage_bytes_);
  });
}

absl::Status VerdictHost::WaitFor(
    const char* what, const std::function<absl::StatusOr<bool>()>& condition) {
  const absl::Time deadline = absl::Now() + kWaitLimit;
  while (!stop_->load()) {
    ROCKTUNE_ASSIGN_OR_RETURN(const bool holds, condition());
    if (holds) return absl::OkStatus();
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(absl::StrCat("waiting for ", what));
    }
    absl::SleepFor(kPoll);
  }
  return absl::CancelledError("stopped");
}

absl::StatusOr<double> VerdictHost::Throughput() {
  for (int span = 0; span < 2; ++span) {  // the first one only settles
    (void)load_->Take();
    const absl::Time end = absl::Now() + kHarmSpan;
    ROCKTUNE_RETURN_IF_ERROR(WaitFor(
        "a span of load",
        [end]() -> absl::StatusOr<bool> { return absl::Now() >= end; }));
  }
  return load_->Take().ThroughputOpsPerS();
}

absl::Status VerdictHost::SetPastUs(const std::string& option,
                                    const std::string& value) {
  uint64_t number = 0;
  if (option == "block_cache.capacity" && absl::SimpleAtoi(value, &number)) {
    const auto* table = phase_.options.table_factory
                            ->GetOptions<rocksdb::BlockBasedTableOptions>();
    table->block_cache->SetCapacity(number);
    return absl::OkStatus();
  }
  const rocksdb::Status family = db_->SetOptions({{option, value}});
  if (family.ok()) return absl::OkStatus();
  return Converted(db_->SetDBOptions({{option, value}}));
}

absl::StatusOr<int> VerdictHost::Tables(const std::string& type,
                                        bool others) const {
  rocksdb::TablePropertiesCollection tables;
  ROCKTUNE_RETURN_IF_ERROR(Converted(db_->GetPropertiesOfAllTables(&tables)));
  return static_cast<int>(
      std::count_if(tables.begin(), tables.end(), [&](const auto& table) {
        return (table.second->compression_name == type) != others;
      }));
}

uint64_t VerdictHost::Property(const char* name) const {
  uint64_t value = 0;
  (void)db_->GetIntProperty(name, &value);
  return value;
}

absl::StatusOr<HarmFigures> VerdictHost::MeasureHarm(
    const Candidate& candidate) {
  HarmFigures harm;
  ROCKTUNE_ASSIGN_OR_RETURN(harm.before_ops_per_s, Throughput());
  for (const Setting& setting : candidate) {
    ROCKTUNE_RETURN_IF_ERROR(SetPastUs(setting.option, setting.value));
  }
  if (absl::string_view(candidate[0].option) == "compression") {
    const absl::Status rewritten =
        WaitFor("rewritten tables", [this]() -> absl::StatusOr<bool> {
          ROCKTUNE_ASSIGN_OR_RETURN(const int old, Tables(first_compression_));
          return old == 0;
        });
    ROCKTUNE_RETURN_IF_ERROR(rewritten);
  }
  ROCKTUNE_ASSIGN_OR_RETURN(harm.with_ops_per_s, Throughput());
  for (const Setting& setting : candidate) {
    ROCKTUNE_RETURN_IF_ERROR(SetPastUs(setting.option, setting.before));
  }
  ROCKTUNE_RETURN_IF_ERROR(WaitUntilAsBefore());
  ROCKTUNE_ASSIGN_OR_RETURN(harm.after_ops_per_s, Throughput());
  return harm;
}

absl::Status VerdictHost::WaitUntilAsBefore() {
  return WaitFor(
      "the state before the candidate", [this]() -> absl::StatusOr<bool> {
        if (Property("rocksdb.actual-delayed-write-rate") > 0 ||
            Property("rocksdb.is-write-stopped") > 0 ||
            static_cast<double>(Property("rocksdb.block-cache-usage")) <
                kWarmAgain * static_cast<double>(cache_usage_bytes_)) {
          return false;
        }
        ROCKTUNE_ASSIGN_OR_RETURN(const int other,
                                  Tables(first_compression_, /*others=*/true));
        return other == 0;
      });
}

absl::Status VerdictHost::Attach() {
  ROCKTUNE_RETURN_IF_ERROR(
      Converted(Tuner::Open(VerdictConfigOf(dir_ + "/state"), &tuner_)));
  ROCKTUNE_RETURN_IF_ERROR(Converted(
      tuner_->Attach(db_.get(), {db_->DefaultColumnFamily()}, {"load"})));
  client_ = std::make_unique<AdminClient>(tuner_->AdminSocket());
  return absl::OkStatus();
}

absl::StatusOr<object> VerdictHost::Get(const std::string& target) const {
  ROCKTUNE_ASSIGN_OR_RETURN(AdminReply reply, client_->Get(target));
  if (reply.http_status == 200) return std::move(reply.body);
  if (reply.http_status == 404) return absl::NotFoundError(target);
  return absl::InternalError(
      absl::StrCat(target, ": ", boost::json::serialize(reply.body)));
}

absl::Status VerdictHost::Post(const std::string& target,
                               const object& body) const {
  ROCKTUNE_ASSIGN_OR_RETURN(const AdminReply reply,
                            client_->Post(target, body));
  if (reply.http_status == 200) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(target, ": ", boost::json::serialize(reply.body)));
}

absl::StatusOr<std::string> VerdictHost::State() const {
  ROCKTUNE_ASSIGN_OR_RETURN(const object database, Get("/v1/databases/load"));
  return TextOf(database, "state");
}

absl::StatusOr<std::vector<std::string>> VerdictHost::ValuesNow(
    const Candidate& candidate) const {
  ROCKTUNE_ASSIGN_OR_RETURN(const object body,
                            Get("/v1/databases/load/options"));
  std::vector<std::string> values;
  for (const Setting& setting : candidate) {
    for (const boost::json::value& item : ArrayOf(body, "options")) {
      const object& option = item.as_object();
      if (TextOf(option, "option") != setting.option) continue;
      values.push_back(TextOf(option, "now"));
    }
  }
  if (values.size() == candidate.size()) return values;
  return absl::InternalError("not every option has one value");
}

absl::StatusOr<VerdictRow> VerdictHost::Try(const Candidate& candidate) {
  const auto idle = [this]() -> absl::StatusOr<bool> {
    ROCKTUNE_ASSIGN_OR_RETURN(const std::string state, State());
    return IsIdle(state);
  };
  ROCKTUNE_RETURN_IF_ERROR(WaitFor("a loop at rest", idle));
  ROCKTUNE_ASSIGN_OR_RETURN(const auto before, ValuesNow(candidate));
  boost::json::array changes;
  for (const Setting& setting : candidate) {
    changes.push_back(
        object{{"option", setting.option}, {"value", setting.value}});
  }
  const absl::Time begin = absl::Now();
  ROCKTUNE_RETURN_IF_ERROR(Post(
      "/v1/propose",
      {{"reason", "to see its verdict"}, {"changes", std::move(changes)}}));
  object trial;
  const std::string target = absl::StrCat("/v1/trials/", next_trial_);
  const absl::Status judged =
      WaitFor("a verdict", [&]() -> absl::StatusOr<bool> {
        absl::StatusOr<object> body = Get(target);
        if (absl::IsNotFound(body.status())) return false;
        if (!body.ok()) return body.status();
        trial = *std::move(body);
        return TextOf(trial, "verdict") != "open";
      });
  ROCKTUNE_RETURN_IF_ERROR(judged);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  // What a guardrail ended may turn out not to be the candidate's fault.
  ROCKTUNE_RETURN_IF_ERROR(WaitFor("the rollback", idle));
  ROCKTUNE_ASSIGN_OR_RETURN(trial, Get(target));
  ++next_trial_;
  const TrialLine line = TrialFromJson(trial, begin);
  VerdictRow row{.candidate = ShortChanges(line.changes),
                 .design = TextOf(trial, "design"),
                 .verdict = line.verdict,
                 .ended = TextOf(trial, "ended"),
                 .why = line.why,
                 .effect = line.effect_mean,
                 .seconds = seconds,
                 .in_force_s = line.in_force_s};
  if (row.verdict == "kept") {
    ROCKTUNE_RETURN_IF_ERROR(Post("/v1/rollback", {{"to", "last"}}));
  }
  ROCKTUNE_ASSIGN_OR_RETURN(const auto after, ValuesNow(candidate));
  row.restored = after == before;
  ROCKTUNE_RETURN_IF_ERROR(WaitUntilAsBefore());
  return row;
}

}  // namespace rocktune
