#include "llm/model_advisor.h"

#include <algorithm>
#include <optional>
#include <random>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "boost/asio/io_context.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/steady_timer.hpp"
#include "llm/ask_machine.h"
#include "llm/dialect.h"
#include "llm/error_line.h"
#include "llm/model_replay.h"
#include "llm/recording.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// More than any model takes or gives.
constexpr int kMostPromptTokens = 1'000'000;

absl::Status CheckLimits(const ModelConfig& config) {
  if (config.call_limit <= absl::ZeroDuration() ||
      config.call_limit > kMaxExchangeDeadline) {
    return absl::InvalidArgumentError("call_limit is above 0 and at most 1h");
  }
  for (const int tokens :
       {config.prompt.max_input_tokens, config.prompt.max_output_tokens}) {
    if (tokens > 0 && tokens <= kMostPromptTokens) continue;
    return absl::InvalidArgumentError(
        "max_input_tokens and max_output_tokens are 1 to 1000000");
  }
  return absl::OkStatus();
}

// The driver: a switch without opinions around AskMachine.
class LiveAdvisor final : public ModelAdvisor {
 public:
  struct Parts {
    ModelConfig config;
    Provider provider;
    std::optional<RecordingWriter> recorder;
    boost::asio::io_context* context;
    const Clock* clock;
    uint64_t seed;
  };

  explicit LiveAdvisor(Parts parts)
      : config_(std::move(parts.config)),
        provider_(std::move(parts.provider)),
        recorder_(std::move(parts.recorder)),
        context_(parts.context),
        clock_(parts.clock),
        random_(parts.seed),
        key_reader_(provider_.key),
        ladder_(provider_),
        budget_(config_.budget),
        client_(context_, config_.transport),
        timer_(*context_) {}

  void Ask(ModelAsk ask, Done done) override;
  bool busy() const override { return machine_.has_value(); }
  ModelStatus Status() const override;
  const PromptLimits& prompt_limits() const override { return config_.prompt; }
  std::string Payload(const ModelQuestion& question) const override {
    return WriteRequest(provider_, nullptr, question, ladder_.Begin()).body;
  }
  void ResumeSpend(const std::vector<SpendRow>& rows,
                   std::function<void(const SpendRow&)> keep) override;

 private:
  void Begin();
  void Take(AskStep step);
  void Send(SendStep step);
  void OnResult(const HttpResult& result);
  void Wait(absl::Duration wait);
  void Answer(ModelAnswer answer);
  void KeepSpend();
  void Record(const HttpResult& result, absl::Time now);
  void Note(std::string error);
  // For handlers: calls `then` unless *this is gone.
  template <typename Then>
  auto Guarded(Then then) {
    return [alive = std::weak_ptr<char>(alive_),
            then = std::move(then)](auto&&... arguments) mutable {
      if (!alive.expired()) {
        then(std::forward<decltype(arguments)>(arguments)...);
      }
    };
  }

  const ModelConfig config_;
  const Provider provider_;
  std::optional<RecordingWriter> recorder_;
  boost::asio::io_context* const context_;
  const Clock* const clock_;
  std::mt19937_64 random_;
  const KeyReader key_reader_;
  FallbackLadder ladder_;
  CircuitBreaker breaker_;
  CallBudget budget_;

  // The running call.
  std::optional<AskMachine> machine_;
  Done done_;
  // With a recorder: what the running exchange is recorded as.
  RecordedExchange recorded_;
  HttpRequest sent_;

  uint64_t calls_ = 0;
  uint64_t answers_ = 0;
  std::string last_error_;
  absl::Time last_error_at_;
  std::function<void(const SpendRow&)> keep_;
  std::vector<SpendRow> kept_;

  HttpClient client_;
  boost::asio::steady_timer timer_;
  const std::shared_ptr<char> alive_ = std::make_shared<char>();
};

void LiveAdvisor::Ask(ModelAsk ask, Done done) {
  if (machine_) {
    boost::asio::post(*context_, Guarded([done = std::move(done)]() mutable {
      done(BusyAnswer());
    }));
    return;
  }
  ++calls_;
  machine_.emplace(AskContext{.provider = provider_,
                              .ladder = ladder_,
                              .breaker = breaker_,
                              .budget = budget_,
                              .call_limit = config_.call_limit},
                   std::move(ask));
  done_ = std::move(done);
  recorded_.call = recorder_ ? recorder_->next() : 0;
  boost::asio::post(*context_, Guarded([this] { Begin(); }));
}

void LiveAdvisor::Begin() {
  Take(machine_->Begin(key_reader_.Get(), clock_->Now()));
}

void LiveAdvisor::Take(AskStep step) {
  if (auto* send = std::get_if<SendStep>(&step)) return Send(std::move(*send));
  if (auto* wait = std::get_if<WaitStep>(&step)) return Wait(wait->wait);
  Answer(std::get<ModelAnswer>(std::move(step)));
}

void LiveAdvisor::Send(SendStep step) {
  if (recorder_) {
    recorded_.question = std::move(step.question);
    recorded_.rung = step.rung;
    recorded_.began = clock_->Now();
    sent_ = step.request;
  }
  client_.Exchange(std::move(step.request), step.limit,
                   [this](HttpResult result) { OnResult(result); });
}

void LiveAdvisor::OnResult(const HttpResult& result) {
  const absl::Time now = clock_->Now();
  std::uniform_real_distribution<double> uniform(0, 1);
  AskStep step = machine_->OnResult(result, uniform(random_), now);
  KeepSpend();
  if (recorder_) Record(result, now);
  Take(std::move(step));
}

void LiveAdvisor::Wait(absl::Duration wait) {
  timer_.expires_after(absl::ToChronoNanoseconds(wait));
  timer_.async_wait(Guarded([this](const boost::system::error_code&) {
    Take(machine_->OnWaited(clock_->Now()));
  }));
}

void LiveAdvisor::Answer(ModelAnswer answer) {
  // What the breaker says has been said when it opened.
  if (answer.outcome != CallOutcome::kOk &&
      answer.outcome != CallOutcome::kCircuitOpen) {
    Note(absl::StrCat(ToString(answer.outcome), ": ", answer.error));
  }
  answers_ += answer.parsed.usable() ? 1 : 0;
  machine_.reset();
  sent_ = HttpRequest();
  Done done = std::move(done_);
  done_ = nullptr;
  done(std::move(answer));  // last: it may ask again or destroy *this
}

void LiveAdvisor::Record(const HttpResult& result, absl::Time now) {
  RecordedExchange exchange = recorded_;
  exchange.provider = provider_.name;
  exchange.dialect = provider_.dialect;
  exchange.model = provider_.model;
  exchange.families =
      static_cast<int>(machine_->ask().database.column_families.size());
  exchange.result = result;
  exchange.outcome = machine_->last_reply().outcome;
  exchange.error = machine_->last_reply().error;
  exchange.took = now - exchange.began;
  const absl::Status written =
      recorder_->Write(std::move(exchange), sent_, machine_->key());
  if (!written.ok()) Note(std::string(written.message()));
}

void LiveAdvisor::Note(std::string error) {
  last_error_ = ErrorLine(error);
  last_error_at_ = clock_->Now();
}

void LiveAdvisor::ResumeSpend(const std::vector<SpendRow>& rows,
                              std::function<void(const SpendRow&)> keep) {
  const absl::Time now = clock_->Now();
  budget_.Import(rows, now);
  kept_ = budget_.Export(now);
  keep_ = std::move(keep);
}

void LiveAdvisor::KeepSpend() {
  std::vector<SpendRow> rows = budget_.Export(clock_->Now());
  for (const SpendRow& row : rows) {
    const bool is_known =
        std::find(kept_.begin(), kept_.end(), row) != kept_.end();
    if (!is_known && keep_) keep_(row);
  }
  kept_ = std::move(rows);
}

ModelStatus LiveAdvisor::Status() const {
  const absl::Time now = clock_->Now();
  ModelStatus status;
  status.provider = provider_.name;
  status.model = provider_.model;
  status.endpoint = provider_.endpoint.kind == Endpoint::Kind::kUnix
                        ? "unix socket"
                        : provider_.endpoint.host;
  status.busy = busy();
  status.breaker = std::string(ToString(breaker_.state(now)));
  status.breaker_reason = breaker_.reason();
  status.retry_at = breaker_.retry_at();
  status.form = std::string(ToString(ladder_.Begin().structured));
  status.last_hour = budget_.LastHour(now);
  status.last_day = budget_.LastDay(now);
  status.per_hour = config_.budget.per_hour;
  status.per_day = config_.budget.per_day;
  status.call_limit = config_.call_limit;
  status.calls = calls_;
  status.answers = answers_;
  status.last_error = last_error_;
  status.last_error_at = last_error_at_;
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ModelAdvisor>> ModelAdvisor::Create(
    const ModelConfig& config, boost::asio::io_context* context,
    const Clock* clock, uint64_t seed) {
  if (!config.replay_dir.empty()) {
    if (!config.record_dir.empty()) {
      return absl::InvalidArgumentError("record or replay, not both");
    }
    ROCKTUNE_ASSIGN_OR_RETURN(auto recording, ReadRecording(config.replay_dir));
    return MakeReplay(std::move(recording), config.prompt, context);
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckLimits(config));
  ROCKTUNE_RETURN_IF_ERROR(CheckBudget(config.budget));
  ROCKTUNE_ASSIGN_OR_RETURN(Provider provider,
                            ResolveProvider(config.provider));
  if (provider.endpoint.kind == Endpoint::Kind::kHttps) {
    ROCKTUNE_RETURN_IF_ERROR(CheckTransport(config.transport));
  }
  std::optional<RecordingWriter> recorder;
  if (!config.record_dir.empty()) {
    ROCKTUNE_ASSIGN_OR_RETURN(recorder,
                              RecordingWriter::Open(config.record_dir));
  }
  return std::make_unique<LiveAdvisor>(
      LiveAdvisor::Parts{.config = config,
                         .provider = std::move(provider),
                         .recorder = std::move(recorder),
                         .context = context,
                         .clock = clock,
                         .seed = seed});
}

}  // namespace rocktune
