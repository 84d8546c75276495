// Which line of an OPTIONS file RocksDB will not take, and why.
#ifndef ROCKTUNE_HOOKS_OPTIONS_FILE_CHECK_H_
#define ROCKTUNE_HOOKS_OPTIONS_FILE_CHECK_H_

#include <vector>

#include "absl/status/statusor.h"
#include "hooks/option_set.h"
#include "hooks/options_file_text.h"

namespace rocktune {

// Gives RocksDB each line alone. The objects that this program does not have;
// kInvalidArgument, beginning with "line N: ", for the first line with an
// unknown name or with a value that is none.
absl::StatusOr<std::vector<MissingObject>> CheckOptionLines(
    const OptionsFileText& file);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_OPTIONS_FILE_CHECK_H_
