// Small files and small functions.
#ifndef ROCKTUNE_TESTS_STYLE_SIZE_RULES_H_
#define ROCKTUNE_TESTS_STYLE_SIZE_RULES_H_

#include "tests/style/source_text.h"

namespace rocktune::style {

constexpr int kMaxFileLines = 400;
constexpr int kMaxFunctionLines = 70;
constexpr int kMaxReadmeLines = 40;  // of a folder; the top one is free

// C++ files and scripts over kMaxFileLines, folder READMEs over their limit.
Findings CheckFileSize(const SourceFile& file);

// C++ functions, first line of the signature to the closing brace, over
// kMaxFunctionLines. Counts braces in clang-formatted code: tables and types
// are not functions, a lambda counts with the function around it.
Findings CheckFunctionSize(const SourceFile& file);

}  // namespace rocktune::style

#endif  // ROCKTUNE_TESTS_STYLE_SIZE_RULES_H_
