// What happened in an episode, one line an event, for people and for
// comparing two runs.
#ifndef ROCKTUNE_TESTS_SIMULATION_EVENT_LOG_H_
#define ROCKTUNE_TESTS_SIMULATION_EVENT_LOG_H_

#include <string>

#include "absl/strings/string_view.h"

namespace rocktune::simulation {

// Not thread-safe.
class EventLog {
 public:
  // `windows`: also a line for each window.
  explicit EventLog(bool windows) : windows_(windows) {}

  // Explains the lines; to be printed above them.
  static absl::string_view Legend();

  bool windows() const { return windows_; }
  void Add(double second, absl::string_view what, absl::string_view line);
  const std::string& text() const { return text_; }

 private:
  bool windows_;
  std::string text_;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_EVENT_LOG_H_
