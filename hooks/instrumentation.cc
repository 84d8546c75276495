#include "hooks/instrumentation.h"

#include <utility>

#include "hooks/tuning_listener.h"
#include "hooks/tuning_statistics.h"

namespace rocktune {

Instrumentation FindInstrumentation(const rocksdb::DBOptions& options) {
  for (const auto& listener : options.listeners) {
    auto ours = std::dynamic_pointer_cast<TuningListener>(listener);
    if (ours != nullptr) return {ours->statistics(), ours};
  }
  return {};
}

Instrumentation InstrumentOptionsOf(rocksdb::DBOptions* options,
                                    const InstrumentOptions& how) {
  Instrumentation present = FindInstrumentation(*options);
  if (present.listener != nullptr) return present;

  // A Statistics of ours that is left without our listener (the host copied
  // one and not the other) is not put behind another one of ours.
  auto statistics =
      std::dynamic_pointer_cast<TuningStatistics>(options->statistics);
  if (statistics == nullptr) {
    statistics = std::make_shared<TuningStatistics>(options->statistics,
                                                    how.sample_one_in);
  }
  auto listener =
      std::make_shared<TuningListener>(statistics, how.ring_capacity);
  options->statistics = statistics;
  options->listeners.push_back(listener);
  return {std::move(statistics), std::move(listener)};
}

Instrumentation FindInstrumentation(rocksdb::DB* db) {
  return FindInstrumentation(db->GetDBOptions());
}

}  // namespace rocktune
