// How each contestant is made; the table is in contestant.cc.
#ifndef ROCKTUNE_BENCH_CONTESTANTS_MAKERS_H_
#define ROCKTUNE_BENCH_CONTESTANTS_MAKERS_H_

#include <memory>

#include "bench/contestants/contestant.h"

namespace rocktune {

using ContestantPtr = std::unique_ptr<Contestant>;

// static_choices.cc: what people write into the code that opens a database.
ContestantPtr MakeDefaults(const CellSpec& spec);
ContestantPtr MakeLevelStyle(const CellSpec& spec);
ContestantPtr MakePointLookup(const CellSpec& spec);
ContestantPtr MakeTuningGuide(const CellSpec& spec);
ContestantPtr MakeValues(const CellSpec& spec);
ContestantPtr MakeOptionsFile(const CellSpec& spec);

// searches.cc
ContestantPtr MakeRandomSearch(const CellSpec& spec);
ContestantPtr MakeEvolution(const CellSpec& spec);
// flow_controller.cc
ContestantPtr MakeFlowController(const CellSpec& spec);
// whole_bundle.cc
ContestantPtr MakeWholeBundle(const CellSpec& spec);
// rocktune_contestant.cc
ContestantPtr MakeRocktune(const CellSpec& spec);
ContestantPtr MakeRocktuneModel(const CellSpec& spec);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CONTESTANTS_MAKERS_H_
