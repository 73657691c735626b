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

# Has Cargo link for a target with a program, and run what it has built with another.
link_and_run_with() {
  local name=${1//-/_}
  name=${name^^}
  export "CARGO_TARGET_${name}_LINKER=$2" "CARGO_TARGET_${name}_RUNNER=$3"
}

check() {
  (($# > 0)) || set -- aarch64-apple-darwin x86_64-pc-windows-gnu
  prepare "$@"
  local triple said
  for triple in "$@"; do
    use_zig "$triple"
    printf '\n%s\n' "$triple"
    said=$("$cargo" check --workspace --lib --bins --examples --release --locked \
      --color never --target "$triple" 2>&1 | tee /dev/stderr)
    # Cargo says once more at the end which crates of the workspace have warnings.
    ! grep -E '^warning: `' <<<"$said" >/dev/null || fail "there are warnings for $triple"
  done
}

# The library's own tests that map memory, wait, call and stop guests. All of them would take
# hours: qemu runs the compiler of the guests, too.
arm() {
  local triple=aarch64-unknown-linux-gnu sysroot=/usr/aarch64-linux-gnu
  needs qemu-aarch64-static qemu-user-static
  [[ -e $sysroot/lib/ld-linux-aarch64.so.1 ]] || fail "there is no C library of Arm in $sysroot; on Debian: apt-get install libc6-arm64-cross"
  prepare "$triple"
  use_zig "$triple"
  link_and_run_with "$triple" "$target/zig-tools/$triple/cc" "qemu-aarch64-static -L $sysroot"
  (($# > 0)) || set -- segment memory platform host::wasi host::commands
  "$cargo" test --release --locked --target "$triple" -p luago-segment -p luago --lib -- "$@"
}

# Two scripts: one prints, one reads a file of a granted directory, in which nothing else is found.
windows_hello() {
  local triple=x86_64-pc-windows-gnu
  needs x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-posix
  needs wine "wine64 wine"
  prepare "$triple"
  use_zig "$triple"
  link_and_run_with "$triple" x86_64-w64-mingw32-gcc wine
  export WINEPREFIX=$target/wine WINEDEBUG=-all
  mkdir -p "$WINEPREFIX"
  # To see that it runs, it need not be fast.
  local run=("$cargo" run --release --locked --target "$triple" -p luago-run
    --config profile.release.opt-level=0 --)
  local folder said
  folder=$(mktemp -d "$target/windows-hello.XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  echo 'io.write("hello from ", _VERSION, "\n")' >"$folder/hello.lua"
  mkdir "$folder/data"
  echo "granted" >"$folder/data/file.txt"
  cat >"$folder/files.lua" <<'LUA'
print(io.open("data/file.txt"):read("a"))
print(io.open("data/../hello.lua"), io.open("data/FILE.TXT:stream"), io.open("data/x", "w"))
LUA
  said=$("${run[@]}" "$folder/hello.lua" | tr -d '\r')
  [[ $said == "hello from Lua 5.4" ]] || fail "the first script said: $said"
  said=$(cd "$folder" && "${run[@]}" --dir data files.lua | tr -d '\r')
  printf 'It said:\n%s\n' "$said"
}

case ${1-} in
  check) check "${@:2}" ;;
  arm) arm "${@:2}" ;;
  windows-hello) windows_hello ;;
  *) usage ;;
esac
