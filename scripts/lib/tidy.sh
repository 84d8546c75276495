# clang-tidy over the folders where it is affordable. Needs common.sh and the
# compile commands of the dev preset.

TIDY=clang-tidy-14
# A file costs about 5 s, so only folders with light headers are here; a file
# whose verdict is known is skipped.
TIDY_FOLDERS="policy"

# tidy_key FILE: what a verdict depends on, the configuration and the file with
# our headers in it.
tidy_key() {
  local headers
  headers=$(g++ -std=c++20 -I. -MM "$1" | tr -d '\\\n' | sed 's/^[^:]*://')
  cat .clang-tidy $headers | sha256sum | cut -c1-32
}

# tidy_one FILE: run in parallel by check_tidy.
tidy_one() {
  local known=build/tidy/$(tidy_key "$1")
  [ -e "$known" ] && return 0
  $TIDY --quiet -p build/dev "$1" 2>/dev/null && touch "$known"
}

check_tidy() {
  if ! command -v $TIDY >/dev/null; then
    echo "tidy: not checked, $TIDY is not available here"
    return 0
  fi
  [ -e build/dev/compile_commands.json ] ||
    die 1 "tidy: configure first: cmake --preset dev"
  mkdir -p build/tidy
  export -f tidy_one tidy_key
  export TIDY
  git ls-files $(printf '%s/*.cc ' $TIDY_FOLDERS) |
    xargs -r -P "$JOBS" -I{} bash -c 'tidy_one {}' ||
    die 1 "tidy: see above"
  echo "tidy: $TIDY_FOLDERS hold .clang-tidy"
}
