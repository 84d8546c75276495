# Debian packages: what the project needs and how they get there.
# Needs common.sh.

# The tools, the same on every release.
TOOL_PACKAGES="ca-certificates ccache cmake g++ git ninja-build"

# Libraries. Debian 12 offers Boost 1.74 by default, which is too old for us,
# so the release decides the names.
required_packages() {
  local release=$1
  local libraries="fio libabsl-dev libbenchmark-dev libcli11-dev libgmock-dev
    libgtest-dev libjs-chart.js libnlopt-cxx-dev librocksdb-dev libsimdjson-dev
    libsqlite3-dev libssl-dev libtomlplusplus-dev rocksdb-tools"
  case $release in
    12) libraries+=" libboost1.81-dev libboost-json1.81-dev
          libboost-url1.81-dev clang-format-14 clang-tidy-14" ;;
    13) libraries+=" libboost-dev libboost-json-dev libboost-url-dev" ;;
    *) return 1 ;;
  esac
  echo $TOOL_PACKAGES $libraries
}

debian_release() {
  (. /etc/os-release 2>/dev/null &&
    [ "${ID:-}" = debian ] && echo "${VERSION_ID:-}") || echo unknown
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
      grep -q '^install ok installed$' || echo "$package"
  done
}

# How this user becomes root: nothing, sudo, or (exit 1) not at all. Without
# a terminal sudo must not ask for a password.
root_prefix() {
  [ "$(id -u)" = 0 ] && return 0
  command -v sudo >/dev/null || return 1
  if [ -t 0 ]; then
    echo sudo
  else
    sudo -n true 2>/dev/null && echo sudo -n
  fi
}

# Installs what is missing, or exits 2 with the line to run.
install_packages() {
  local release packages missing prefix
  release=$(debian_release)
  packages=$(required_packages "$release") || {
    [ -n "${ROCKTUNE_SKIP_PACKAGES:-}" ] && return 0
    die 2 "this is neither Debian 12 nor 13: install the packages named in" \
      "scripts/lib/packages.sh by hand and set ROCKTUNE_SKIP_PACKAGES=1"
  }
  missing=$(missing_packages $packages)
  [ -z "$missing" ] && return 0
  local install="apt-get install -y --no-install-recommends"
  if ! prefix=$(root_prefix); then
    echo "Packages are missing. Run this as root, then try again:" >&2
    echo "apt-get update && $install" $missing >&2
    exit 2
  fi
  say "Installing" $missing
  export DEBIAN_FRONTEND=noninteractive
  local quiet="-qq -o Dpkg::Use-Pty=0"
  if ! $prefix apt-get update -qq ||
    ! $prefix $install $quiet $missing >/dev/null; then
    echo "Installing failed. Run this as root, then try again:" >&2
    echo "apt-get update && $install" $missing >&2
    exit 2
  fi
}
