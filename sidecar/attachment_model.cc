// The model's part in tuning one database.
#include <utility>

#include "sidecar/attachment.h"
#include "sidecar/model_desk.h"

namespace rocktune {

ModelAsk Attachment::Question() const {
  return AskAbout(machine_, {advisor_, issues_},
                  services_->model->prompt_limits());
}

void Attachment::AskWhenWished() {
  ModelAdvisor* const model = services_->model;
  if (model == nullptr || model->busy()) return;
  const absl::Time now = services_->clock->Now();
  const std::optional<AskReason> reason = advisor_.Wish(now);
  if (!reason) return;
  advisor_.Asked(*reason, now);
  model->Ask(Question(), [self = shared_from_this(),
                          reason = *reason](const ModelAnswer& answer) {
    self->OnAnswer(reason, answer);
  });
}

void Attachment::OnAnswer(AskReason reason, const ModelAnswer& answer) {
  if (closed_) return;
  Do(action::Note{"llm", DescribeAnswer(reason, answer), 0, std::nullopt});
  if (answer.outcome != CallOutcome::kOk) return;
  issues_ = answer.parsed.issues;
  advisor_.Offer(answer.parsed.proposal);
  if (advisor_.HasOffer()) Deliver(event::AdviceOffered{});
}

void Attachment::NoteOvertaken() {
  Do(action::Note{"llm",
                  "its proposal is dropped: since it was asked, others have "
                  "moved the same options as far or further",
                  0, std::nullopt});
}

void Attachment::AskModel(
    absl::AnyInvocable<void(absl::StatusOr<AskedModel>)> done) {
  services_->model->Ask(
      Question(), [self = shared_from_this(),
                   done = std::move(done)](ModelAnswer answer) mutable {
        if (self->closed_) {
          return done(absl::CancelledError("the database was detached"));
        }
        AskedModel asked;
        if (answer.parsed.proposal) {
          asked.result = VetReply(answer.parsed, self->machine_).result;
        }
        asked.answer = std::move(answer);
        done(std::move(asked));
      });
}

}  // namespace rocktune
