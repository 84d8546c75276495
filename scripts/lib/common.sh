# Shell shared by the scripts. Source it; it prints nothing by itself.
# Sets ROOT, the project folder, and JOBS, how many compilers run at once.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
JOBS=${ROCKTUNE_JOBS:-$(nproc)}

# say TEXT: a heading between the steps.
say() { printf '\n== %s\n' "$*"; }

# die CODE TEXT: the reason on stderr, then the exit code.
die() {
  local code=$1
  shift
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit "$code"
}
