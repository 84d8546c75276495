// Who may include whom: the table of the design, held over #include lines.
#ifndef ROCKTUNE_TESTS_STYLE_INCLUDE_RULES_H_
#define ROCKTUNE_TESTS_STYLE_INCLUDE_RULES_H_

#include "tests/style/source_text.h"

namespace rocktune::style {

// Includes that the file's folder may not have. Installed headers (rocktune/)
// may have only the standard library, RocksDB and each other.
Findings CheckIncludes(const SourceFile& file);

}  // namespace rocktune::style

#endif  // ROCKTUNE_TESTS_STYLE_INCLUDE_RULES_H_
