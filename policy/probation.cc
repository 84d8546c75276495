#include "policy/probation.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

// Standard errors beyond which a cost above the baseline's is believed.
constexpr double kSpreads = 3;
// Debt is on the rise when each third of the probation has more than the one
// before, and the last one this many times what the trial ever saw and a part
// of the data more. Guesses; debt comes and goes in waves.
constexpr double kDebtRatio = 3;
constexpr double kDebtPartOfData = 0.1;

double PendingBytes(const Window& window) {
  double sum = 0;
  for (const ColumnFamilyShape& family : window.column_families) {
    sum += static_cast<double>(family.pending_compaction_bytes);
  }
  return sum;
}

double DataBytes(const Window& window) {
  double sum = 0;
  for (const ColumnFamilyShape& family : window.column_families) {
    sum += static_cast<double>(family.Bytes());
  }
  return sum;
}

double MeanPending(absl::Span<const Window> windows) {
  double sum = 0;
  for (const Window& window : windows) sum += PendingBytes(window);
  return windows.empty() ? 0 : sum / static_cast<double>(windows.size());
}

std::optional<std::string> GainIsGone(const ProbationInput& input,
                                      const VerdictConfig& config) {
  auto cost = [&](absl::Span<const Window> windows) {
    return ObjectiveCost(config.objective, Pool(windows), input.mix,
                         input.saturated);
  };
  const double before = cost(input.baseline);
  const double now = cost(input.probation);
  if (before <= 0 || now <= before) return std::nullopt;
  const double error =
      input.window_noise *
      std::sqrt(1.0 / static_cast<double>(input.baseline.size()) +
                1.0 / static_cast<double>(input.probation.size()));
  if (std::log(now / before) < kSpreads * error) return std::nullopt;
  return absl::StrFormat(
      "the gain is gone: the cost was %.2f before the trial, %.2f in it and "
      "is %.2f now",
      before, cost(input.candidate), now);
}

std::optional<std::string> DebtGrows(const ProbationInput& input) {
  const size_t third = input.probation.size() / 3;
  if (third == 0) return std::nullopt;
  double most = 0;
  for (absl::Span<const Window> arm : {input.baseline, input.candidate}) {
    for (const Window& window : arm) {
      most = std::max(most, PendingBytes(window));
    }
  }
  const double first = MeanPending(input.probation.subspan(0, third));
  const double second = MeanPending(input.probation.subspan(third, third));
  const double last = MeanPending(input.probation.subspan(2 * third));
  if (first >= second || second >= last ||
      last < kDebtRatio * most +
                 kDebtPartOfData * DataBytes(input.probation.back())) {
    return std::nullopt;
  }
  return absl::StrFormat(
      "compaction debt grows: %.0f MiB pending, at most %.0f MiB before",
      last / (1 << 20), most / (1 << 20));
}

}  // namespace

std::optional<std::string> DelayedHarm(const ProbationInput& input,
                                       const VerdictConfig& config) {
  if (input.probation.empty() || input.baseline.empty()) return std::nullopt;
  if (auto why = GainIsGone(input, config)) return why;
  if (auto why = DebtGrows(input)) return why;
  const Window before = Pool(input.baseline);
  const Window now = Pool(input.probation);
  if (auto why = BrokenLimit(config.limits, before, now)) return why;
  if (StallShare(now) > StallShare(before) + config.max_stall_share_added) {
    return absl::StrFormat(
        "writers are stalled %.0f %% of the time, before "
        "%.0f %%",
        100 * StallShare(now), 100 * StallShare(before));
  }
  return std::nullopt;
}

}  // namespace rocktune
