// What cannot be known about a database, in words for its operator.
#ifndef ROCKTUNE_HOOKS_MISSING_FACTS_H_
#define ROCKTUNE_HOOKS_MISSING_FACTS_H_

#include <string>
#include <vector>

#include "hooks/instrumentation.h"

namespace rocktune {

// One line each; empty when nothing is missing.
std::vector<std::string> WhatIsMissing(const Instrumentation& instrumentation,
                                       bool has_host_statistics);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_MISSING_FACTS_H_
