// rocktune-try-options OPTIONS_FILE FOLDER: what open_check.h runs. The reason
// goes to standard error, where RocksDB's assertions go too.
#include <signal.h>
#include <sys/prctl.h>

#include <iostream>

#include "bench/open_check/try_options.h"
#include "hooks/options_file.h"

int main(int argc, char** argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // some options livelock
  if (argc != 3) {
    std::cerr << "usage: rocktune-try-options OPTIONS_FILE NEW_FOLDER\n";
    return 2;
  }
  const auto options = rocktune::ReadOptionsFile(argv[1]);
  const absl::Status status =
      options.ok() ? rocktune::TryOptions(*options, argv[2]) : options.status();
  if (status.ok()) return 0;
  std::cerr << status.message() << "\n";
  return 1;
}
