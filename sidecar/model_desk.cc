#include "sidecar/model_desk.h"

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "llm/briefing.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

constexpr double kMicro = 1e6;

Spend SpendOf(uint64_t calls, uint64_t input, uint64_t output, double dollars) {
  Spend spend;
  spend.calls = calls;
  spend.input_tokens = input;
  spend.output_tokens = output;
  spend.micro_dollars = static_cast<uint64_t>(dollars * kMicro);
  return spend;
}

std::string Changes(const Proposal& proposal) {
  return absl::StrJoin(proposal.changes, ", ",
                       [](std::string* out, const ProposedChange& change) {
                         absl::StrAppend(out, change.option, " = ",
                                         change.value);
                       });
}

}  // namespace

absl::StatusOr<ModelConfig> ModelConfigOf(const LlmConfig& config) {
  ModelConfig model;
  ProviderConfig& provider = model.provider;
  provider.provider = config.provider;
  provider.base_url = config.base_url;
  provider.model = config.model;
  provider.key_file = config.key_file;
  provider.key_env = config.key_env;
  provider.token_limit_field = config.token_limit_field;
  if (config.temperature >= 0) provider.temperature = config.temperature;
  provider.reasoning_effort = config.reasoning_effort;
  provider.structured = config.structured;
  for (const std::string& header : config.headers) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(header, absl::MaxSplits(':', 1));
    provider.extra_headers.emplace_back(
        absl::StripAsciiWhitespace(parts.first),
        absl::StripAsciiWhitespace(parts.second));
  }
  model.transport.ca_file = config.ca_file;
  model.transport.proxy = ProxyFromEnvironment();
  ROCKTUNE_RETURN_IF_ERROR(CheckTransport(model.transport));
  model.prompt.max_input_tokens = config.max_input_tokens;
  model.prompt.max_output_tokens = config.max_output_tokens;
  model.budget.per_hour =
      SpendOf(config.calls_per_hour, config.input_tokens_per_hour,
              config.output_tokens_per_hour, config.dollars_per_hour);
  model.budget.per_day =
      SpendOf(config.calls_per_day, config.input_tokens_per_day,
              config.output_tokens_per_day, config.dollars_per_day);
  model.budget.prices = {config.price_input, config.price_cached_input,
                         config.price_output};
  ROCKTUNE_RETURN_IF_ERROR(CheckBudget(model.budget));
  model.call_limit = absl::FromChrono(config.call_limit);
  model.record_dir = config.record;
  model.replay_dir = config.replay;
  return model;
}

ModelAsk AskAbout(const TuningMachine& machine, const LastAnswer& last,
                  const PromptLimits& limits) {
  const AdvisorInput input = machine.Input();
  const WorkloadProfile profile = machine.Profile();
  const VerdictConfig& verdict = machine.config().verdict;
  const ModelBriefing briefing = BriefModel({.advisor = input,
                                             .profile = profile,
                                             .objective = verdict.objective,
                                             .limits = verdict.limits,
                                             .min_effect = verdict.min_effect,
                                             .notes = last.advisor.notes(),
                                             .issues = last.issues});
  return {WriteQuestion(briefing, limits),
          std::make_shared<const Catalogue>(machine.facts().catalogue),
          machine.facts().database};
}

VettedReply VetReply(ParsedReply parsed, const TuningMachine& machine) {
  VettedReply vetted;
  vetted.parsed = std::move(parsed);
  if (vetted.parsed.proposal) {
    vetted.result = Calibrate(*vetted.parsed.proposal, machine.Input().context);
  }
  return vetted;
}

VettedReply VetReply(const std::string& text, const TuningMachine& machine) {
  const MachineFacts& facts = machine.facts();
  return VetReply(ParseReply(text, {facts.catalogue, facts.database}), machine);
}

std::string DescribeAnswer(AskReason reason, const ModelAnswer& answer) {
  std::string line =
      absl::StrFormat("asked (%s): ", std::string(ToString(reason)));
  if (answer.outcome != CallOutcome::kOk) {
    absl::StrAppend(&line, "no answer: ", std::string(ToString(answer.outcome)),
                    ": ", answer.error);
  } else if (answer.parsed.proposal) {
    absl::StrAppend(&line, "proposes ", Changes(*answer.parsed.proposal));
  } else if (answer.parsed.nothing_to_change) {
    absl::StrAppend(&line, "nothing to change: ", answer.parsed.summary);
  } else {
    absl::StrAppend(&line, "nothing usable in its reply");
  }
  if (!answer.parsed.issues.empty()) {
    const size_t more = answer.parsed.issues.size() - 1;
    absl::StrAppend(&line, "; not read: ", answer.parsed.issues[0].line,
                    more > 0 ? absl::StrCat(" and ", more, " more") : "");
  }
  return absl::StrFormat(
      "%s (%d %s, %d tokens in, %d out, %.1f s)", line, answer.attempts,
      answer.attempts == 1 ? "attempt" : "attempts", answer.usage.input,
      answer.usage.output, absl::ToDoubleSeconds(answer.took));
}

}  // namespace rocktune
