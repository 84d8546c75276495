// Reading the small text files of /proc and /sys.
#ifndef ROCKTUNE_HOOKS_SYSTEM_FILE_H_
#define ROCKTUNE_HOOKS_SYSTEM_FILE_H_

#include <optional>
#include <string>

#include "absl/functional/function_ref.h"

namespace rocktune {

// The contents of `path`, at most 1 MiB; nullopt when it cannot be read.
std::optional<std::string> ReadSystemFile(const std::string& path);

// How code that reads several such files is given them, so that a test can
// hand it a machine made of text.
using SystemFileReader =
    absl::FunctionRef<std::optional<std::string>(const std::string& path)>;

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_SYSTEM_FILE_H_
