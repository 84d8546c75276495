#include "bench/offline/offline_advisor.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "llm/briefing.h"
#include "llm/http_proxy.h"
#include "llm/model_advisor.h"
#include "llm/prompt.h"
#include "policy/clock.h"
#include "policy/expert_advisor.h"
#include "policy/status_macros.h"
#include "policy/workload_profile.h"

namespace rocktune {
namespace {

constexpr auto kLook = std::chrono::milliseconds(100);  // for an interruption
// The catalogue is wider offline. Guesses.
constexpr int kMostInputTokens = 16'000;
constexpr int kMostOutputTokens = 2'000;
constexpr double kMinEffect = 0.01;
constexpr char kExpert[] = "expert";
constexpr char kThenExpert[] = ", then expert";

class MonotonicClock : public Clock {
 public:
  absl::Time Now() const override {
    return begin_ +
           absl::FromChrono(std::chrono::steady_clock::now() - steady_);
  }

 private:
  const absl::Time begin_ = absl::Now();
  const std::chrono::steady_clock::time_point steady_ =
      std::chrono::steady_clock::now();
};

class ExpertAlone : public OfflineAdvisor {
 public:
  absl::StatusOr<OfflineAdvice> Advise(const Question& question) override {
    return OfflineAdvice{expert_.Advise(question.input), kExpert, 0, ""};
  }
  void Learn(const Trial& trial) override { expert_.Learn(trial); }
  absl::Status Repeat(const std::string& who,
                      const AdvisorInput& input) override {
    if (who == kExpert) expert_.Advise(input);
    return absl::OkStatus();
  }

 private:
  ExpertAdvisor expert_;
};

ModelConfig ConfigOf(const TunePlan& plan) {
  ModelConfig config;
  config.provider.provider = plan.provider;
  config.provider.base_url = plan.provider_url;
  config.provider.model = plan.model;
  config.provider.key_file = plan.key_file;
  config.transport.proxy = ProxyFromEnvironment();
  config.prompt.max_input_tokens = kMostInputTokens;
  config.prompt.max_output_tokens = kMostOutputTokens;
  config.record_dir = plan.record;
  if (plan.advisor == "replay") config.replay_dir = plan.replay;
  return config;
}

class ModelBesideExpert : public OfflineAdvisor {
 public:
  ModelBesideExpert(std::string name, const std::atomic<bool>* stop)
      : name_(std::move(name)), stop_(stop) {}

  absl::Status Connect(const TunePlan& plan) {
    ROCKTUNE_ASSIGN_OR_RETURN(
        model_,
        ModelAdvisor::Create(ConfigOf(plan), &context_, &clock_, plan.seed));
    return absl::OkStatus();
  }

  absl::StatusOr<OfflineAdvice> Advise(const Question& question) override {
    OfflineAdvice given;
    if (question.may_ask_model) {
      ROCKTUNE_ASSIGN_OR_RETURN(ModelAnswer answer, Ask(question));
      given.tokens = answer.usage.input + answer.usage.output;
      if (answer.parsed.proposal) {
        given.asked = name_;
        given.advice.why = answer.parsed.summary;
        given.advice.proposal = std::move(answer.parsed.proposal);
        return given;
      }
      given.trouble = answer.outcome != CallOutcome::kOk ? answer.error
                      : answer.parsed.nothing_to_change
                          ? "the model has nothing to change"
                          : "nothing usable in the model's reply";
    }
    given.asked =
        question.may_ask_model ? name_ + kThenExpert : std::string(kExpert);
    given.advice = expert_.Advise(question.input);
    return given;
  }

  void Learn(const Trial& trial) override { expert_.Learn(trial); }

  absl::Status Repeat(const std::string& who,
                      const AdvisorInput& input) override {
    if (absl::EndsWith(who, kExpert)) expert_.Advise(input);
    if (name_ != "replay" || who == kExpert) return absl::OkStatus();
    return Ask({input, {}, true}).status();
  }

 private:
  absl::StatusOr<ModelAnswer> Ask(const Question& question) {
    const AdvisorInput& input = question.input;
    const WorkloadProfile profile = ProfileOf(input.windows, std::nullopt);
    const ModelBriefing briefing =
        BriefModel({.advisor = input,
                    .profile = profile,
                    .objective = ObjectiveKind::kThroughput,
                    .limits = {},
                    .min_effect = kMinEffect,
                    .notes = question.notes,
                    .issues = issues_});
    std::optional<ModelAnswer> answer;
    model_->Ask({WriteQuestion(briefing, model_->prompt_limits()),
                 std::make_shared<const Catalogue>(*input.context.catalogue),
                 *input.context.database},
                [&answer](ModelAnswer got) { answer = std::move(got); });
    const auto work = boost::asio::make_work_guard(context_);
    while (!answer) {
      if (stop_->load()) {
        model_.reset();  // it would answer into what is gone
        return absl::CancelledError("interrupted");
      }
      context_.restart();
      context_.run_one_for(kLook);
    }
    issues_ = answer->parsed.issues;
    return *std::move(answer);
  }

  const std::string name_;
  const std::atomic<bool>* const stop_;
  ExpertAdvisor expert_;
  std::vector<ReplyIssue> issues_;  // of its last reply
  boost::asio::io_context context_;
  MonotonicClock clock_;
  std::unique_ptr<ModelAdvisor> model_;  // last: it uses the others
};

}  // namespace

absl::StatusOr<std::unique_ptr<OfflineAdvisor>> OfflineAdvisor::Make(
    const TunePlan& plan, const std::atomic<bool>* stop) {
  if (plan.advisor == "expert") return std::make_unique<ExpertAlone>();
  auto model = std::make_unique<ModelBesideExpert>(plan.advisor, stop);
  ROCKTUNE_RETURN_IF_ERROR(model->Connect(plan));
  return model;
}

}  // namespace rocktune
