// Calls and words that must not stand in the sources.
#ifndef ROCKTUNE_TESTS_STYLE_WORD_RULES_H_
#define ROCKTUNE_TESTS_STYLE_WORD_RULES_H_

#include "tests/style/source_text.h"

namespace rocktune::style {

// A guest never prints, aborts, throws or changes what belongs to the whole
// process; policy and hooks neither read a clock, sleep nor draw random
// numbers. Programs (main.cc, the command's files, bench, tests) may.
Findings CheckBannedCalls(const SourceFile& file);

// Lambdas that g++ 12 frees twice or that outlive their captures: one with
// captures that is itself a coroutine, and any in a co_await statement.
Findings CheckCoroutineLambdas(const SourceFile& file);

// Work left undone and paths of one machine, in any file.
Findings CheckBannedWords(const SourceFile& file);

}  // namespace rocktune::style

#endif  // ROCKTUNE_TESTS_STYLE_WORD_RULES_H_
