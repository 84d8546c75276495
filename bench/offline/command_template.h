// A command with places for what differs from run to run.
#ifndef ROCKTUNE_BENCH_OFFLINE_COMMAND_TEMPLATE_H_
#define ROCKTUNE_BENCH_OFFLINE_COMMAND_TEMPLATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rocktune {

// Words as a shell splits them: blanks, "...", '...' and \. Nothing else means
// anything. InvalidArgument: a quote that does not end.
absl::StatusOr<std::vector<std::string>> SplitWords(const std::string& text);

// What stands in the places.
struct RunPlaces {
  std::string options;            // {options}: the OPTIONS file
  std::string db;                 // {db}: a copy of --db, or a path to make
  std::string dir;                // {dir}: where the run may write
  std::string block_cache_bytes;  // {block_cache_bytes}
};

struct CommandTemplate {
  std::vector<std::string> words;
  bool has_db = false;
  bool has_block_cache = false;

  std::vector<std::string> Fill(const RunPlaces& places) const;
};

// With `shell` the text is one word for /bin/sh -c. InvalidArgument: it has no
// {options}, or a place that is not known (with the nearest one).
absl::StatusOr<CommandTemplate> ParseTemplate(const std::string& text,
                                              bool shell);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_COMMAND_TEMPLATE_H_
