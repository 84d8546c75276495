#include <algorithm>

#include "policy/expert_rules.h"

namespace rocktune {

void WishMoreJobs(const ExpertView& view, Symptom* symptom) {
  const std::optional<double> jobs = view.Number("max_background_jobs");
  const double most = std::max(4.0, view.cores + 2.0);
  if (jobs && *jobs < most) {
    Add(view.Move({"max_background_jobs", most, symptom->summary,
                   "more flushes and compactions at once"}),
        symptom);
  }
}

void WishMoreSubcompactions(const ExpertView& view, Symptom* symptom) {
  const std::optional<double> threads = view.Number("max_subcompactions");
  if (threads && *threads < view.cores) {
    Add(view.Move({"max_subcompactions", view.cores * 1.0, symptom->summary,
                   "level 0 is compacted by several threads"}),
        symptom);
  }
}

void WishLargerMemtables(const ExpertView& view, double factor,
                         Symptom* symptom) {
  const std::optional<double> size = view.Number("write_buffer_size");
  if (!size || *size <= 0) return;
  const double wish =
      std::min(factor * *size, *size + static_cast<double>(view.room_bytes) /
                                           view.MemtableCopies());
  // Less would hardly make a difference.
  if (wish < 1.2 * *size) return;
  Add(view.Move({"write_buffer_size", wish, symptom->summary,
                 "fewer flushes, fewer level-0 files"}),
      symptom);
}

void WishTimes(const ExpertView& view, absl::string_view option, double factor,
               const std::string& effect, Symptom* symptom) {
  const std::optional<double> now = view.Number(option);
  if (now && *now > 0) {
    Add(view.Move({option, factor * *now, symptom->summary, effect}), symptom);
  }
}

}  // namespace rocktune
