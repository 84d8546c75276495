#include "tests/simulation/model_seat.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "llm/briefing.h"
#include "llm/prompt.h"
#include "llm/reply_parser.h"
#include "policy/verdict.h"
#include "tests/policy/calibration_fixture.h"

namespace rocktune::simulation {
namespace {

// Of one call, in seconds.
constexpr double kShortestCall = 3;
constexpr double kLongestCall = 60;

absl::Time TimeOf(double second) {
  return absl::UnixEpoch() + absl::Seconds(second);
}

// The store has the options that its surface knows; a real one has more, and
// each is a line of the question.
struct WholeCatalogue {
  explicit WholeCatalogue(const CalibrationContext& context)
      : values(*context.values) {
    std::vector<CatalogueRow> rows = context.catalogue->rows();
    for (const OptionSeed& seed : SeedOptions()) {
      if (context.catalogue->Find(seed.name) != nullptr) continue;
      DiscoveredOption option{seed.name, seed.scope, seed.type, {}, seed.value};
      if (seed.type == OptionType::kEnum) {
        option.enum_values = {"kNoCompression", "kLZ4Compression", "kZSTD"};
      }
      rows.push_back(DescribeOption(option, *context.host));
      const bool family = seed.scope == OptionScope::kColumnFamily;
      values[{seed.name, family ? "default" : ""}] = seed.value;
    }
    catalogue = Catalogue(std::move(rows));
  }

  Catalogue catalogue;
  OptionValues values;
};

std::string Changes(const Proposal& proposal) {
  return absl::StrJoin(proposal.changes, ", ",
                       [](std::string* out, const ProposedChange& change) {
                         absl::StrAppend(out, change.option, "=", change.value);
                       });
}

}  // namespace

ModelSeat::ModelSeat(std::unique_ptr<StandIn> model, uint64_t seed,
                     EventLog* log)
    : model_(std::move(model)), random_(seed), log_(log) {}

Advice ModelSeat::Advise(const AdvisorInput& input) {
  Advice advice = advisor_.Advise(input);
  if (busy()) return advice;
  const std::optional<AskReason> reason = advisor_.Wish(TimeOf(second_));
  if (reason) Ask(input, *reason);
  return advice;
}

// As AskAbout() of sidecar/model_desk.h and, for a reply without use, as
// llm/ask_machine.h.
void ModelSeat::Ask(const AdvisorInput& input, AskReason reason) {
  advisor_.Asked(reason, TimeOf(second_));
  const WholeCatalogue whole(input.context);
  AdvisorInput seen = input;
  seen.context.catalogue = &whole.catalogue;
  seen.context.values = &whole.values;
  const VerdictConfig verdict;
  const std::optional<TraceFacts> trace =
      input.trace == nullptr ? std::nullopt : std::make_optional(*input.trace);
  const WorkloadProfile profile = ProfileOf(input.windows, trace);
  ModelQuestion question =
      WriteQuestion(BriefModel({.advisor = seen,
                                .profile = profile,
                                .objective = verdict.objective,
                                .limits = verdict.limits,
                                .min_effect = verdict.min_effect,
                                .notes = advisor_.notes(),
                                .issues = {}}),
                    PromptLimits());
  const ReplyContext context{whole.catalogue, *input.context.database};
  const Asked before = asked_;
  ParsedReply parsed;
  for (int attempt = 0; attempt < 2 && !parsed.usable(); ++attempt) {
    if (attempt > 0)
      absl::StrAppend(&question.facts, WriteSecondAsk(parsed.issues));
    const std::string text = model_->Answer(input);
    ++asked_.calls;
    asked_.tokens += EstimateTokens(question) + EstimateTokens(text);
    parsed = ParseReply(text, context);
  }
  answer_ = Answer{second_ + random_.LogUniform(kShortestCall, kLongestCall),
                   std::move(parsed.proposal)};
  if (log_ == nullptr) return;
  log_->Add(second_, ">event",
            absl::StrFormat(
                "model asked (%s), %d requests, %d tokens: %s",
                std::string(ToString(reason)), asked_.calls - before.calls,
                asked_.tokens - before.tokens,
                answer_->proposal ? Changes(*answer_->proposal) : "nothing"));
}

bool ModelSeat::Listen(double second) {
  second_ = second;
  if (!answer_ || answer_->due_s > second) return false;
  advisor_.Offer(std::exchange(answer_, std::nullopt)->proposal);
  return advisor_.HasOffer();
}

}  // namespace rocktune::simulation
