#!/usr/bin/env bash
# Installs rocktune into a fresh prefix, builds the consumer project against it
# with the snippet of README.md, and runs it.
# Usage: run.sh BUILD_DIR WORK_DIR CXX
set -euo pipefail
[ $# = 3 ] || { echo "usage: run.sh BUILD_DIR WORK_DIR CXX" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
build=$1 work=$2 cxx=$3
snippet=$work/readme_snippet.inc

rm -rf "$work"
mkdir -p "$work"

# The first C++ block of the README, at most 15 lines.
sed -n '/^```cpp$/,/^```$/{/^```/!p;/^```$/q}' "$here/../../README.md" >"$snippet"
lines=$(wc -l <"$snippet")
if [ "$lines" -lt 3 ] || [ "$lines" -gt 15 ]; then
  echo "the README's snippet has $lines lines, wanted 3 to 15" >&2
  exit 1
fi

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log"
if grep -rlE '#include [<"](absl|boost|simdjson|sqlite|policy|hooks|sidecar)' \
  "$work/prefix/include"; then
  echo "installed headers must include only std and RocksDB" >&2
  exit 1
fi
# One public function of ours missing here would fail the link below.
leaked=$(nm -DC --defined-only "$work"/prefix/lib*/librocktune.so \
  "$work"/prefix/lib/*/librocktune.so 2>/dev/null | grep ' [A-Za-z] ' |
  grep -v 'rocktune::' || true)
if [ -n "$leaked" ]; then
  printf 'librocktune exports what is not its own:\n%s\n' "$leaked" >&2
  exit 1
fi

cmake -S "$here" -B "$work/build" -G Ninja -DCMAKE_CXX_COMPILER="$cxx" \
  -DCMAKE_PREFIX_PATH="$work/prefix" -DREADME_SNIPPET_DIR="$work" \
  -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror"
cmake --build "$work/build"
"$work/build/consumer" "$work/db"
"$work/prefix/bin/rocktune" --version
[ -d "$work/db.rocktune" ] || { echo "no state directory" >&2; exit 1; }

# The installed command finds the installed library, and the payload is there.
program=$(command -v db_bench)
ROCKTUNE_MODE=observe "$work/prefix/bin/rocktune" run -- "$program" \
  --benchmarks=fillseq --num=1000 --db="$work/benched" >"$work/bench.log" 2>&1
[ -d "$work/benched.rocktune" ] || {
  echo "rocktune run of the installed command tuned nothing" >&2
  cat "$work/bench.log" >&2
  exit 1
}
