#include "bench/contestants/contestant.h"

#include "absl/strings/str_cat.h"
#include "bench/contestants/makers.h"
#include "policy/edit_distance.h"

namespace rocktune {

const std::vector<ContestantRow>& ContestantTable() {
  static const auto& table = *new std::vector<ContestantRow>{
      {"defaults", "RocksDB's defaults", MakeDefaults},
      {"level-style",
       "by hand: IncreaseParallelism and OptimizeLevelStyleCompaction, half of "
       "the memory as block cache",
       MakeLevelStyle},
      {"point-lookup", "by hand: OptimizeForPointLookup", MakePointLookup},
      {"guide", "by hand: the tuning guide's values for the memory given",
       MakeTuningGuide},
      {"values", "given values, set online before the load", MakeValues},
      {"options", "a given OPTIONS file", MakeOptionsFile},
      {"random", "random search over the options that can change online",
       MakeRandomSearch},
      {"evolution", "NLopt's evolutionary search (ESCH) over the same options",
       MakeEvolution},
      {"adoc",
       "a controller in ADOC's manner: jobs +2 or half, memtable +64 MiB or "
       "half on flow imbalance",
       MakeFlowController},
      {"elmo",
       "a loop in ELMo-Tune's manner: the whole bundle, one run, kept from 0.9 "
       "of the throughput, the expert advises",
       MakeWholeBundle},
      {"rocktune", "rocktune with the built-in expert", MakeRocktune},
      {"rocktune-model", "rocktune with a model or a recording",
       MakeRocktuneModel},
  };
  return table;
}

absl::StatusOr<std::unique_ptr<Contestant>> MakeContestant(
    const CellSpec& spec) {
  std::vector<std::string> names;
  for (const ContestantRow& row : ContestantTable()) {
    if (row.name == spec.contestant) return row.make(spec);
    names.emplace_back(row.name);
  }
  const std::string nearest = NearestName(spec.contestant, names);
  return absl::NotFoundError(absl::StrCat(
      "no contestant \"", spec.contestant, "\"",
      nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?")));
}

}  // namespace rocktune
