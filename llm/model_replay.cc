#include "llm/model_replay.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/asio/io_context.hpp"
#include "boost/asio/post.hpp"
#include "llm/dialect.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// Where a preset leaves the address to the operator; nothing is sent there.
constexpr char kNowhere[] = "https://recording.invalid/v1";

absl::StatusOr<Provider> ProviderOf(const RecordedExchange& exchange) {
  ProviderConfig config;
  config.provider = exchange.provider;
  config.model = exchange.model;
  config.base_url = kNowhere;
  return ResolveProvider(config);
}

class Replay final : public ModelAdvisor {
 public:
  Replay(std::vector<RecordedExchange> recording, Provider provider,
         const PromptLimits& limits, boost::asio::io_context* context)
      : recording_(std::move(recording)),
        calls_(CallsOf(recording_)),
        provider_(std::move(provider)),
        limits_(limits),
        context_(context) {}

  void Ask(ModelAsk ask, Done done) override;
  bool busy() const override { return busy_; }
  ModelStatus Status() const override;
  const PromptLimits& prompt_limits() const override { return limits_; }
  std::string Payload(const ModelQuestion& question) const override {
    return WriteRequest(provider_, nullptr, question, recording_[0].rung).body;
  }
  void ResumeSpend(const std::vector<SpendRow>& /*rows*/,
                   std::function<void(const SpendRow&)> /*keep*/) override {}

 private:
  ModelAnswer Next(const ModelAsk& ask);

  const std::vector<RecordedExchange> recording_;
  const std::vector<absl::Span<const RecordedExchange>> calls_;
  const Provider provider_;
  const PromptLimits limits_;
  boost::asio::io_context* const context_;
  size_t next_ = 0;
  bool busy_ = false;
  uint64_t asked_ = 0;
  uint64_t answers_ = 0;
  std::string last_error_;
  // What handlers look at before they touch *this.
  const std::shared_ptr<char> alive_ = std::make_shared<char>();
};

void Replay::Ask(ModelAsk ask, Done done) {
  const bool was_busy = std::exchange(busy_, true);
  auto answer = [this, was_busy, alive = std::weak_ptr<char>(alive_),
                 ask = std::move(ask), done = std::move(done)]() mutable {
    if (alive.expired()) return;
    if (was_busy) return done(BusyAnswer());
    busy_ = false;
    done(Next(ask));
  };
  boost::asio::post(*context_, std::move(answer));
}

ModelAnswer Replay::Next(const ModelAsk& ask) {
  ++asked_;
  ModelAnswer answer;
  if (next_ < calls_.size()) {
    answer = ReplayCall(calls_[next_++], {*ask.catalogue, ask.database});
  } else {
    answer.error = "the recording is over";
  }
  if (answer.outcome != CallOutcome::kOk) {
    last_error_ = absl::StrCat(ToString(answer.outcome), ": ", answer.error);
  }
  answers_ += answer.parsed.usable() ? 1 : 0;
  return answer;
}

ModelStatus Replay::Status() const {
  ModelStatus status;
  status.provider = provider_.name;
  status.model = provider_.model;
  status.endpoint = "recording";
  status.busy = busy_;
  status.breaker = "closed";
  status.form = std::string(ToString(recording_[0].rung.structured));
  status.calls = asked_;
  status.answers = answers_;
  status.last_error = last_error_;
  return status;
}

}  // namespace

std::vector<absl::Span<const RecordedExchange>> CallsOf(
    absl::Span<const RecordedExchange> recording) {
  std::vector<absl::Span<const RecordedExchange>> calls;
  for (size_t begin = 0; begin < recording.size();) {
    size_t end = begin + 1;
    while (end < recording.size() &&
           recording[end].call == recording[begin].call) {
      ++end;
    }
    calls.push_back(recording.subspan(begin, end - begin));
    begin = end;
  }
  return calls;
}

ModelReply ReadRecorded(const RecordedExchange& exchange) {
  const HttpResult& result = exchange.result;
  ModelReply reply;
  if (result.ok()) {
    Provider provider;
    provider.dialect = exchange.dialect;
    return ReadReply(provider, nullptr, result.reply,
                     exchange.began + exchange.took);
  }
  reply.outcome = result.failure;
  reply.error = result.error;
  return reply;
}

ModelAnswer ReplayCall(absl::Span<const RecordedExchange> call,
                       const ReplyContext& context) {
  ModelAnswer answer;
  for (const RecordedExchange& exchange : call) {
    const ModelReply reply = ReadRecorded(exchange);
    ++answer.attempts;
    answer.took += exchange.took;
    answer.usage.Add(reply.usage);
    if (!reply.model.empty()) answer.model = reply.model;
    answer.outcome = reply.outcome;
    answer.error = reply.error;
    answer.parsed = ParsedReply();
    if (reply.outcome != CallOutcome::kOk) continue;
    answer.parsed = ParseReply(reply.text, context);
    if (answer.parsed.proposal) {
      answer.parsed.proposal->source = ProposalSource::kReplay;
    }
    if (answer.parsed.usable()) break;
  }
  return answer;
}

DatabaseFacts RecordedDatabase(const RecordedExchange& exchange) {
  DatabaseFacts database;
  for (int i = 0; i < exchange.families; ++i) {
    database.column_families.push_back(
        {.id = static_cast<uint32_t>(i), .name = absl::StrCat("cf", i)});
  }
  return database;
}

absl::StatusOr<std::unique_ptr<ModelAdvisor>> MakeReplay(
    std::vector<RecordedExchange> recording, const PromptLimits& limits,
    boost::asio::io_context* context) {
  ROCKTUNE_ASSIGN_OR_RETURN(Provider provider, ProviderOf(recording[0]));
  return std::make_unique<Replay>(std::move(recording), std::move(provider),
                                  limits, context);
}

}  // namespace rocktune
