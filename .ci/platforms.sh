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
  local triple said=$target/zig-tools/said.txt
  for triple in "$@"; do
    use_zig "$triple"
    printf '\n%s\n' "$triple"
    "$cargo" check --workspace --lib --bins --examples --release --locked \
      --color never --target "$triple" 2>&1 | tee "$said"
    # Cargo says once more at the end which crates of the workspace have warnings.
    ! grep -E '^warning: `' "$said" >/dev/null || fail "there are warnings for $triple"
  done
}

# The tests of segments and the library's own, which map memory, catch what is not allowed there,
# walk paths and stop guests; not those of Go guests and of the command, which would take hours, as
# qemu runs the compiler of guests, too. It has neither `membarrier`, so the way without it is what
# is tested, nor `openat2`, which one test compares with.
arm() {
  local triple=aarch64-unknown-linux-gnu sysroot=/usr/aarch64-linux-gnu
  needs qemu-aarch64-static qemu-user-static
  [[ -e $sysroot/lib/ld-linux-aarch64.so.1 ]] ||
    fail "there is no C library of Arm in $sysroot; on Debian: apt-get install libc6-arm64-cross"
  prepare "$triple"
  use_zig "$triple"
  link_and_run_with "$triple" "$target/zig-tools/$triple/cc" "qemu-aarch64-static -L $sysroot"
  "$cargo" test --release --locked --target "$triple" -p luago-segment -p luago --lib -- \
    --skip go:: --skip in_a_tree_that_is_granted_whole "$@"
}

# What Rust's library asks for random bytes is not in Wine before 9: a stand-in asks what is.
complete_wine() {
  local folder=$WINEPREFIX/drive_c/windows/system32
  wine cmd /c exit >/dev/null 2>&1 || fail "wine does not start"
  [[ ! -e $folder/bcryptprimitives.dll ]] || return 0
  x86_64-w64-mingw32-gcc -shared -x c - -o "$folder/bcryptprimitives.dll" -ladvapi32 <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) {
  return SystemFunction036(bytes, (ULONG)count);
}
C
}

says() {
  local expected=$1 said
  said=$("${@:2}" | tr -d '\r') || fail "this failed: ${*:2}"
  [[ $said == "$expected" ]] || fail "this said, instead of '$expected', '$said': ${*:2}"
  printf '%s\n' "$said"
}

refuses_commands() {
  local said
  said=$("$@" --run cmd=./files.lua hello.lua 2>&1) && return 1
  grep 'commands cannot be granted on windows' <<<"$said" >/dev/null && echo refused
}

# One script prints; one reads a file of a granted directory, and finds nothing else there.
windows_hello() {
  local triple=x86_64-pc-windows-gnu
  needs x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-posix
  needs wine "wine64 wine"
  prepare "$triple"
  use_zig "$triple"
  link_and_run_with "$triple" x86_64-w64-mingw32-gcc wine
  # To see that it runs, it need not be fast.
  "$cargo" build --release --locked --target "$triple" -p luago-run \
    --config profile.release.opt-level=0
  export WINEPREFIX=$target/wine WINEDEBUG=-all
  mkdir -p "$WINEPREFIX"
  complete_wine
  local run=(wine "$target/$triple/release/luago-run.exe")
  cd "$(mktemp -d "$target/windows-hello.XXXXXX")"
  echo 'io.write("hello from ", _VERSION, "\n")' >hello.lua
  mkdir data
  echo granted >data/file.txt
  cat >files.lua <<'LUA'
print(io.open("data/file.txt"):read("l"))
for _, path in ipairs {"data/../hello.lua", "data\\file.txt", "data/file.txt:x", "data/nul"} do
  print((io.open(path)))
end
print((io.open("data/new", "w")))
local segment = require "luago".segment(4096)
segment:u8(1, 7)
print(segment:u8(1))
LUA
  says "hello from Lua 5.4" "${run[@]}" hello.lua
  says "granted"$'\nnil\nnil\nnil\nnil\nnil\n7' "${run[@]}" --dir data files.lua
  says refused refuses_commands "${run[@]}"
  rm -r "$PWD"
}

case ${1-} in
  check) check "${@:2}" ;;
  arm) arm "${@:2}" ;;
  windows-hello) windows_hello ;;
  *) usage ;;
esac
