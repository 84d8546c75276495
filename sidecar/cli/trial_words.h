// Why a trial's verdict is what it is, for a person who knows the word RocksDB
// and no more.
#ifndef ROCKTUNE_SIDECAR_CLI_TRIAL_WORDS_H_
#define ROCKTUNE_SIDECAR_CLI_TRIAL_WORDS_H_

#include <string>

#include "sidecar/cli/json_access.h"

namespace rocktune::cli {

// Two sentences: what was compared and found, and what follows from it.
std::string TwoSentences(const Json& trial);

// "+31.0 % (+27.0 to +35.0)"; a bound that is not known is "?". Empty when
// nothing was measured.
std::string EffectText(const Json& effect);

}  // namespace rocktune::cli

#endif  // ROCKTUNE_SIDECAR_CLI_TRIAL_WORDS_H_
