# Configure and build through the presets. Needs common.sh.

# configure PRESET
configure() {
  # Paths relative to the checkout, so that another clone finds the same
  # objects in the cache.
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
  local launcher=()
  command -v ccache >/dev/null &&
    launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  say "Configuring ($1)"
  (cd "$ROOT" && cmake --preset "$1" -Wno-dev --log-level=WARNING \
    "${launcher[@]}") || die 1 "cmake --preset $1 failed"
}

# build PRESET [TARGET...]: all targets without names.
build() {
  local preset=$1
  shift
  say "Building ($preset, $JOBS jobs)"
  (cd "$ROOT" && cmake --build --preset "$preset" -j "$JOBS" \
    ${1:+--target "$@"}) || die 1 "the build failed"
}
