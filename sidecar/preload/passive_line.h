// The one line that a preloaded process may see of us.
#ifndef ROCKTUNE_SIDECAR_PRELOAD_PASSIVE_LINE_H_
#define ROCKTUNE_SIDECAR_PRELOAD_PASSIVE_LINE_H_

#include <stdio.h>
#include <unistd.h>

#include <atomic>

namespace rocktune {

// A guest never prints, but whoever preloads us has no other way to learn that
// the program runs untuned. To standard error, the first time only.
inline void SayPassive(const char* reason) {
  static std::atomic<bool> said{false};
  if (said.exchange(true)) return;
  (void)dprintf(STDERR_FILENO, "rocktune: not tuning this program: %s\n",
                reason);
}

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_PRELOAD_PASSIVE_LINE_H_
