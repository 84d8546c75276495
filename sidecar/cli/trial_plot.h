// The two arms of a trial side by side, in lines of characters.
#ifndef ROCKTUNE_SIDECAR_CLI_TRIAL_PLOT_H_
#define ROCKTUNE_SIDECAR_CLI_TRIAL_PLOT_H_

#include <string>

#include "sidecar/cli/json_access.h"
#include "sidecar/cli/table.h"

namespace rocktune::cli {

// Every block in time order (paired ones in one line), and the medians; empty
// when the history has no blocks of it. At most kMostPlotLines lines: long
// trials have several blocks in a line. At most 80 columns.
std::string BlocksPlot(const Json& trial, const Style& style);
inline constexpr size_t kMostPlotLines = 32;

// The interval of the effect, with marks at no effect and at the least effect
// worth keeping; empty when it was not measured.
std::string EffectPlot(const Json& trial, const Style& style);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_TRIAL_PLOT_H_
