// Any bytes as a model's reply, through extraction, parser and calibration.
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "llm/reply_parser.h"
#include "policy/calibration.h"
#include "tests/policy/calibration_fixture.h"
#include "tests/policy/safety_checker.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto& fixture = *new rocktune::CalibrationFixture;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const rocktune::ParsedReply reply =
      rocktune::ParseReply(text, {fixture.catalogue, fixture.database});
  if (!reply.proposal) return 0;
  const rocktune::CalibrationResult result =
      rocktune::Calibrate(*reply.proposal, fixture.Context());
  if (!rocktune::DangersOf(result.change_set, fixture.Context(),
                           rocktune::ProposalSource::kLlm)
           .empty()) {
    __builtin_trap();
  }
  return 0;
}
