// The model's place in the tuner: begun with it, shared by its databases. On
// the loop thread.
#include <utility>

#include "absl/strings/str_cat.h"
#include "sidecar/model_desk.h"
#include "sidecar/tuner_core.h"

namespace rocktune {
namespace {

absl::Status NoModel() {
  return absl::FailedPreconditionError(
      "no model is configured: set llm.provider and llm.model; the built-in "
      "expert advises");
}

}  // namespace

// A model that cannot be had is said and changes nothing else: the expert
// advises.
void TunerCore::StartModel() {
  if (config_.llm.provider.empty() && config_.llm.replay.empty()) return;
  absl::StatusOr<ModelConfig> config = ModelConfigOf(config_.llm);
  absl::Status status = config.status();
  if (config.ok()) {
    auto model = ModelAdvisor::Create(
        *config, &loop_.context(), &clock_,
        static_cast<uint64_t>(absl::ToUnixNanos(started_)));
    if (model.ok()) model_ = *std::move(model);
    status = model.status();
  }
  services_.model = model_.get();
  if (status.ok()) return;
  model_trouble_ = absl::StrCat("llm: ", std::string(status.message()));
  if (Health() == "ok") SetTrouble(model_trouble_);
}

// Until what earlier sessions spent is known, the budget is this session's: a
// history that answers late delays nothing.
void TunerCore::ResumeSpend() {
  if (!model_) return;
  history_.ReadSpend([this](absl::StatusOr<std::vector<SpendRow>> rows) {
    if (!model_) return;
    // A history that cannot be read has been trouble since it was opened.
    model_->ResumeSpend(rows.ok() ? *rows : std::vector<SpendRow>(),
                        [this](const SpendRow& row) { SaveSpend(row); });
  });
}

// What is not written would be spent again after a restart: trouble, as with
// everything that the history cannot take; said once until it works again.
void TunerCore::SaveSpend(const SpendRow& row) {
  history_.SaveSpend(row, [this](absl::Status status) {
    const bool was_said = std::exchange(spend_unwritten_, !status.ok());
    if (status.ok() || was_said) return;
    OnTrouble(
        absl::StrCat("what the model cost cannot be written to the "
                     "history: ",
                     std::string(status.message())));
  });
}

absl::StatusOr<ModelStatus> TunerCore::Model() const {
  if (model_) return model_->Status();
  if (model_trouble_.empty()) return NoModel();
  return absl::FailedPreconditionError(model_trouble_);
}

absl::StatusOr<std::string> TunerCore::Payload(const std::string& name) {
  absl::StatusOr<AttachmentPtr> attachment = ByName(name);
  if (!attachment.ok()) return attachment.status();
  if (absl::Status status = Model().status(); !status.ok()) return status;
  return model_->Payload((*attachment)->Question().question);
}

void TunerCore::AskModel(
    const std::string& name,
    absl::AnyInvocable<void(absl::StatusOr<AskedModel>)> done) {
  absl::StatusOr<AttachmentPtr> attachment = ByName(name);
  if (!attachment.ok()) return done(attachment.status());
  if (absl::Status status = Model().status(); !status.ok()) {
    return done(status);
  }
  (*attachment)->AskModel(std::move(done));
}

absl::StatusOr<VettedReply> TunerCore::Vet(const std::string& name,
                                           const std::string& text) {
  absl::StatusOr<AttachmentPtr> attachment = ByName(name);
  if (!attachment.ok()) return attachment.status();
  return VetReply(text, (*attachment)->machine());
}

}  // namespace rocktune
