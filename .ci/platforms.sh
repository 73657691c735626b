#!/usr/bin/env bash
# What can be seen of other platforms from Linux on x86-64.
#
#   .ci/platforms.sh check [TARGET...]   the workspace compiles: libraries, programs, examples
#   .ci/platforms.sh arm [ARGUMENT...]   tests on Linux on Arm, under qemu-user
#   .ci/platforms.sh windows-hello       the command for Windows is linked, and runs under Wine
#
# The targets of `check` are aarch64-apple-darwin and x86_64-pc-windows-gnu by default; any other
# of Rust's that zig can compile C for will do. Only `cargo check` is run for them, with the
# profile of releases, so that build scripts and macros are those of `cargo build --release`.
#
# Needs rustup, and python3 with its module venv: the C compiler is zig, as it builds the guests.
# `arm` needs qemu-aarch64-static and the C library of Arm (on Debian: apt-get install
# qemu-user-static libc6-arm64-cross), `windows-hello` needs x86_64-w64-mingw32-gcc and wine (on
# Debian: apt-get install gcc-mingw-w64-x86-64-posix wine64 wine).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
cargo=${CARGO:-cargo}
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$root/$target ;; esac

fail() {
  echo ".ci/platforms.sh: $*" >&2
  exit 1
}

usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

needs() {
  command -v "$1" >/dev/null || fail "$1 is missing; on Debian: apt-get install $2"
}

# What zig calls a target of Rust's.
zig_target() {
  case $1 in
    aarch64-apple-darwin) echo aarch64-macos ;;
    x86_64-apple-darwin) echo x86_64-macos ;;
    *-unknown-linux-*) echo "${1/-unknown/}" ;;
    *-pc-windows-gnu) echo "${1%%-*}-windows-gnu" ;;
    *) fail "there is no C compiler for $1 here" ;;
  esac
}

# Makes programs that compile, link and archive for a target, and has Cargo use them. Options
# that clang understands and zig does not are left out: the target is known.
use_zig() {
  local triple=$1 tools=$target/zig-tools/$1 name=${1//-/_}
  mkdir -p "$tools"
  cat >"$tools/cc" <<SCRIPT
#!/usr/bin/env bash
arguments=()
while ((\$# > 0)); do
  case \$1 in
    --target=* | -mmacosx-version-min=*) ;;
    -arch) shift ;;
    *) arguments+=("\$1") ;;
  esac
  shift
done
exec $ZIG cc -target $(zig_target "$triple") "\${arguments[@]}"
SCRIPT
  printf '#!/usr/bin/env bash\nexec %s ar "$@"\n' "$ZIG" >"$tools/ar"
  chmod +x "$tools/cc" "$tools/ar"
  export "CC_$name=$tools/cc" "AR_$name=$tools/ar"
}

prepare() {
  command -v rustup >/dev/null || fail "rustup is missing: https://rustup.rs"
  rustup target add "$@" >&2
  . guests/zig.sh
  zig_install "$target"
}

check() {
  (($# > 0)) || set -- aarch64-apple-darwin x86_64-pc-windows-gnu
  prepare "$@"
  local triple
  for triple in "$@"; do
    use_zig "$triple"
    printf '\n%s\n' "$triple"
    "$cargo" check --workspace --lib --bins --examples --release --locked --target "$triple"
  done
}

case ${1-} in
  check) check "${@:2}" ;;
  *) usage ;;
esac
