#!/usr/bin/env bash
# Measures what luago is compared with, and prints `name median_ns iterations` lines on standard
# output; everything else goes to standard error.
#
#   benches/rivals/run.sh               builds and runs all rivals
#   benches/rivals/run.sh golua         only this one; also: extism, lua
#   benches/rivals/run.sh --build       builds them all and runs none
#
#   golua    native Lua and native Go, joined by cgo: no sandbox on either side
#   extism   a Rust host and a Go plug-in in WebAssembly
#   lua      LuaJIT and omnilua on the programs of the throughput bench
#
# Needs cargo, Go 1.24 or later, a C compiler with ar, and the network for the first run.
# Everything is built under the target folder, and a second run works without a network.
# A rival that cannot be built does not keep the other from running; the exit code is 1 then.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$root/$target ;; esac
out=$target/rivals

fail() {
  echo "benches/rivals/run.sh: $*" >&2
  exit 1
}

# need COMMAND HOW_TO_GET_IT
need() {
  command -v "$1" >/dev/null || fail "$1 is missing; $2"
}

need_go() {
  local version minor
  need go "install Go 1.24 or later, from https://go.dev/dl/"
  version=$(cd "$here" && go env GOVERSION)
  minor=${version#go1.}
  minor=${minor%%[!0-9]*}
  [[ $version != go1.* ]] || ((${minor:-0} >= 24)) ||
    fail "$version is too old; install Go 1.24 or later, from https://go.dev/dl/"
}

need_cargo() {
  need cargo "install Rust, from https://rustup.rs"
}

# The modules that go.mod in folder $1 names, from Go's cache or else from the network.
get_modules() {
  (cd "$1" && go mod download >&2) ||
    fail "cannot get the Go modules of $1; the first run needs the network, or set GOPROXY"
}

build_golua() {
  need_go
  need_cargo
  need "${CC:-cc}" "install a C compiler (Debian: apt-get install gcc libc6-dev)"
  need ar "install the binutils (Debian: apt-get install binutils)"
  get_modules "$here/golua"
  "$here/golua/build.sh" "$out/golua/golua" >&2 || fail "cannot build golua; see above"
}

build_extism() {
  need_go
  need_cargo
  get_modules "$here/extism/plugin"
  mkdir -p "$out/extism"
  (cd "$here/extism/plugin" && GOOS=wasip1 GOARCH=wasm go build -mod=readonly -trimpath \
    -buildvcs=false -buildmode=c-shared -ldflags=-s -o "$out/extism/plugin.wasm" . >&2) ||
    fail "cannot build Extism's plug-in; see above"
  # Its wasmtime is another one than luago's, and takes some minutes to compile, once.
  (cd "$here/extism" && cargo build --release --locked --quiet --target-dir "$out/extism" >&2) ||
    fail "cannot build Extism's host; see above (the first build needs the network)"
}

build_lua() {
  need_cargo
  need "${CC:-cc}" "install a C compiler (Debian: apt-get install gcc libc6-dev)"
  need make "install it (Debian: apt-get install make)"
  (cd "$here/lua" && cargo build --release --locked --quiet --target-dir "$out/lua" >&2) ||
    fail "cannot build LuaJIT and omnilua; see above (the first build needs the network)"
}

run_golua() {
  "$out/golua/golua"
}

run_extism() {
  "$out/extism/release/luago-rival-extism" "$out/extism/plugin.wasm"
}

run_lua() {
  "$out/lua/release/luago-rival-lua" "$here"/../programs/*.lua
}

run=true
if [[ ${1-} = --build ]]; then
  run=false
  shift
fi
rivals=("$@")
((${#rivals[@]})) || rivals=(golua extism lua)
for rival in "${rivals[@]}"; do
  case $rival in
    golua | extism | lua) ;;
    *)
      echo "usage: benches/rivals/run.sh [--build] [golua] [extism] [lua]" >&2
      exit 2
      ;;
  esac
done

# All are built before the first is timed, so that no compiler runs beside it.
built=()
for rival in "${rivals[@]}"; do
  if ("build_$rival"); then built+=("$rival"); fi
done
code=0
((${#built[@]} == ${#rivals[@]})) || code=1
if $run; then
  for rival in "${built[@]}"; do
    "run_$rival" || code=1
  done
fi
exit $code
