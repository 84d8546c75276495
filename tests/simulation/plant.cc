#include "tests/simulation/plant.h"

#include <cmath>

namespace rocktune::simulation {
namespace {

struct PlantRow {
  OptionClass option_class;
  const char* option;
  double before;
  double after;
  double least_tau_s, most_tau_s;
};

// 95 % of an effect is in place after three tau: an instant one takes up to
// 3 s, a cache 20 to 60 s, files 30 to 90 s.
constexpr PlantRow kRows[] = {
    {OptionClass::kInstant, "max_background_jobs", 4, 6, 0, 1},
    {OptionClass::kInstant, "max_background_jobs", 6, 4, 0, 1},
    {OptionClass::kInstant, "compaction_readahead_size", 2097152, 4194304, 0,
     1},
    {OptionClass::kInstant, "compaction_readahead_size", 4194304, 2097152, 0,
     1},
    {OptionClass::kWarming, "block_cache.capacity", 268435456, 536870912, 7,
     20},
    {OptionClass::kChangesFiles, "block_based_table_factory.block_size", 4096,
     8192, 10, 30},
    {OptionClass::kChangesFiles, "block_based_table_factory.block_size", 8192,
     4096, 10, 30},
    {OptionClass::kChangesFiles, "max_bytes_for_level_base", 268435456,
     536870912, 10, 30},
};

}  // namespace

OptionClass DrawClass(Random* random) {
  const double u = random->Uniform();
  if (u < 0.6) return OptionClass::kInstant;
  return u < 0.8 ? OptionClass::kWarming : OptionClass::kChangesFiles;
}

Plant DrawPlant(OptionClass option_class, double effect, Random* random) {
  int fitting = 0;
  for (const PlantRow& row : kRows) {
    if (row.option_class == option_class) ++fitting;
  }
  uint64_t chosen = random->Below(static_cast<uint64_t>(fitting));
  for (const PlantRow& row : kRows) {
    if (row.option_class != option_class || chosen-- > 0) continue;
    return {option_class, row.option,
            row.before,   row.after,
            effect,       random->Uniform(row.least_tau_s, row.most_tau_s)};
  }
  return {};
}

void PlantedEffect::Set(double value) {
  target_ =
      std::log(value / plant_.before) / std::log(plant_.after / plant_.before);
  const bool undone_at_once = plant_.option_class == OptionClass::kWarming;
  if (undone_at_once && target_ < now_) now_ = target_;
}

double PlantedEffect::Next() {
  if (plant_.tau_s <= 0) {
    now_ = target_;
  } else {
    now_ += (target_ - now_) * (1 - std::exp(-1 / plant_.tau_s));
  }
  return 1 - plant_.effect * now_;
}

double PlantedEffect::reached() const {
  return plant_.before * std::pow(plant_.after / plant_.before, now_);
}

}  // namespace rocktune::simulation
