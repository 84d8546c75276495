// Text of strangers made fit for JSON.
#ifndef ROCKTUNE_BENCH_CELL_UTF8_H_
#define ROCKTUNE_BENCH_CELL_UTF8_H_

#include <string>

#include "absl/strings/string_view.h"

namespace rocktune {

// `text` with "?" for each byte that is not part of a character (Utf8Length()).
std::string AsUtf8(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_UTF8_H_
