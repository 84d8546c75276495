#include "tests/simulation/event_log.h"

#include "absl/strings/str_format.h"

namespace rocktune::simulation {

absl::string_view EventLog::Legend() {
  return "# SECOND KIND WHAT, in virtual time. Kinds:\n"
         "#   episode   what was drawn: the load, the weather, the plant\n"
         "#   window    ops/s; us per operation, planted factor, hit ratio,\n"
         "#             level-0 files, debt MiB, cause of stalls\n"
         "#   >event    what the driver tells the machine\n"
         "#   action    what the machine wants done\n"
         "#   note      what the machine writes into the history\n"
         "#   fault     what goes wrong on purpose\n"
         "#   result    what the episode counts as\n";
}

void EventLog::Add(double second, absl::string_view what,
                   absl::string_view line) {
  absl::StrAppendFormat(&text_, "%7.0f %-8s %s\n", second, what, line);
}

}  // namespace rocktune::simulation
