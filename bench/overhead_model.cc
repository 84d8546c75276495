#include "bench/overhead_model.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/demo/admin_client.h"
#include "bench/demo/json_read.h"
#include "bench/overhead_workload.h"
#include "hooks/rocksdb_status.h"
#include "llm/model_call.h"
#include "policy/status_macros.h"
#include "rocktune/rocktune.h"

namespace rocktune::bench {
namespace {

constexpr char kName[] = "load";
// Shorter than the admin client waits, so that every call's end is heard of.
constexpr auto kCallLimit = std::chrono::seconds(25);
constexpr absl::Duration kInFlightLimit = absl::Seconds(30);
constexpr absl::Duration kPoll = absl::Milliseconds(5);
constexpr absl::Duration kAskAgain = absl::Milliseconds(100);

LlmConfig Asking(const std::string& base_url) {
  LlmConfig llm;
  llm.provider = "custom";
  llm.model = "hangs";
  llm.base_url = base_url;
  llm.call_limit = kCallLimit;
  llm.calls_per_hour = 0;
  llm.calls_per_day = 0;
  llm.input_tokens_per_day = 0;
  llm.output_tokens_per_day = 0;
  return llm;
}

// A database and a tuner that watches it.
class TunedDb {
 public:
  static absl::StatusOr<std::unique_ptr<TunedDb>> Open(
      const std::string& folder, const LlmConfig& llm) {
    std::unique_ptr<TunedDb> tuned(new TunedDb);
    ROCKTUNE_ASSIGN_OR_RETURN(tuned->measured_,
                              MeasuredDb::Open(folder, Observer::kOurs));
    Config& config = tuned->config_;
    config.mode = Mode::kObserve;
    // Inside the database's folder, to be removed with it.
    config.state_dir = absl::StrCat(tuned->db()->GetName(), "/rocktune");
    // They would come at different times on the two.
    config.trace_bursts = false;
    config.llm = llm;
    ROCKTUNE_RETURN_IF_ERROR(tuned->Restart());
    return tuned;
  }

  absl::Status Restart() {
    tuner_.reset();
    ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(Tuner::Open(config_, &tuner_)));
    return FromRocksdb(
        tuner_->Attach(db(), {db()->DefaultColumnFamily()}, {kName}));
  }

  rocksdb::DB* db() { return measured_->db(); }
  // The same after a restart.
  std::string AdminSocket() const { return tuner_->AdminSocket(); }

 private:
  TunedDb() = default;

  std::unique_ptr<MeasuredDb> measured_;
  Config config_;
  std::unique_ptr<Tuner> tuner_;  // last: lets go of the database first
};

// Asks again as soon as the answer is there. Dies at once when the tuner is
// gone; else with the answer.
class Asker {
 public:
  explicit Asker(const std::string& socket)
      : client_(socket), thread_([this] { Run(); }) {}
  ~Asker() {
    stop_ = true;
    thread_.join();
  }

  AskCounts counts() const {
    absl::MutexLock lock(&mutex_);
    return counts_;
  }

 private:
  void Run() {
    while (!stop_) {
      const absl::StatusOr<AdminReply> reply =
          client_.Post("/v1/ask", {{"database", kName}});
      if (!reply.ok() || !Count(reply->body)) absl::SleepFor(kAskAgain);
    }
  }

  // False when no call was made.
  bool Count(const boost::json::object& answer) {
    const int exchanges = static_cast<int>(NumberOf(answer, "attempts"));
    absl::MutexLock lock(&mutex_);
    counts_.exchanges += exchanges;
    if (exchanges > 0) ++counts_.ended;
    if (TextOf(answer, "outcome") ==
        std::string(ToString(CallOutcome::kCircuitOpen))) {
      ++counts_.refused;
    }
    return exchanges > 0;
  }

  const AdminClient client_;
  std::atomic<bool> stop_{false};
  mutable absl::Mutex mutex_;
  AskCounts counts_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;  // last: uses the members above
};

bool IsBusy(const boost::json::object& model) {
  const boost::json::value* busy = model.if_contains("busy");
  return busy != nullptr && busy->is_bool() && busy->get_bool();
}

// Waits until a call is in flight; true when one was at once. A breaker that
// has opened would keep the model from being asked: both tuners begin anew
// then, so that the two stay alike.
absl::StatusOr<bool> AwaitCall(TunedDb* without, TunedDb* with,
                               ModelPairsResult* result) {
  const AdminClient client(with->AdminSocket());
  const absl::Time deadline = absl::Now() + kInFlightLimit;
  for (bool first = true; absl::Now() < deadline; first = false) {
    ROCKTUNE_ASSIGN_OR_RETURN(const AdminReply reply, client.Get("/v1/llm"));
    if (IsBusy(reply.body)) return first;
    if (TextOf(reply.body, "breaker") != "open") {
      absl::SleepFor(kPoll);
      continue;
    }
    ROCKTUNE_RETURN_IF_ERROR(without->Restart());
    ROCKTUNE_RETURN_IF_ERROR(with->Restart());
    ++result->restarts;
  }
  return absl::UnavailableError("no call to the model is in flight");
}

}  // namespace

absl::StatusOr<ModelPairsResult> RunModelPairs(const PairsPlan& plan,
                                               Hang hang) {
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<HangingProvider> provider,
                            HangingProvider::Start(hang));
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<TunedDb> without,
                            TunedDb::Open(plan.folder, LlmConfig()));
  ROCKTUNE_ASSIGN_OR_RETURN(
      std::unique_ptr<TunedDb> with,
      TunedDb::Open(plan.folder, Asking(provider->base_url())));
  Asker asker(with->AdminSocket());
  ModelPairsResult result;
  result.hang = hang;
  int looks = 0;
  const absl::StatusOr<PairsResult> pairs =
      ComparePairs(plan, {without->db(), with->db()}, [&] {
        const absl::StatusOr<bool> at_once =
            AwaitCall(without.get(), with.get(), &result);
        // The first look follows no pair.
        if (looks++ > 0 && at_once.value_or(false)) ++result.in_flight_after;
        return at_once.status();
      });
  result.asked = asker.counts();
  with.reset();  // before the asker, which hears of it
  if (!pairs.ok()) return pairs.status();
  result.pairs = *pairs;
  return result;
}

}  // namespace rocktune::bench
