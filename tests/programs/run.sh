#!/usr/bin/env bash
# Runs Lua programs that Debian ships, natively and in the sandbox, and compares what they
# print and their exit codes. What is known to differ is listed with its reason, and a
# difference that is known and does not show any more fails, too.
#
#   tests/programs/run.sh [NAME…]     all programs, or those whose names begin so
#
# Needs the packages below, which are installed if this runs as root.
# LUAGO_RUN       the luago-run to use; by default it is built
# PROGRAMS_ROOT   where the packages are unpacked; by default the system itself
# PROGRAMS_SUITES a folder with clones of Penlight, luacheck and busted, whose own suites are
#                 run then; no package has these. Without it they are cloned, where git can.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
prefix=${PROGRAMS_ROOT:-}
shared=$prefix/usr/share/lua
only=("$@")

packages=(lua5.1 lua5.4 lua-check lua-penlight lua-busted lua-argparse lua-dkjson
  lua-cliargs lua-say lua-luassert lua-mediator lua-filesystem lua-system lua-term)

fail() {
  echo "tests/programs/run.sh: $*" >&2
  exit 1
}

is_complete() {
  [[ -x $prefix/usr/bin/lua5.1 && -x $prefix/usr/bin/lua5.4 && -d $shared/5.1/luacheck &&
    -d $shared/5.1/pl && -e $prefix/usr/bin/busted ]]
}

if ! is_complete; then
  [[ -z $prefix ]] || fail "the packages are not unpacked in $prefix"
  command -v apt-get >/dev/null || fail "packages are missing, and there is no apt-get to install them"
  [[ $(id -u) = 0 ]] || fail "packages are missing; install them with: apt-get install ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "${packages[@]}" >/dev/null 2>&1 ||
    { apt-get update && apt-get install -y --no-install-recommends "${packages[@]}"; } >/dev/null ||
    fail "cannot install ${packages[*]}"
  is_complete || fail "the packages do not have what is expected of them"
fi

luago_run=${LUAGO_RUN:-}
if [[ -z $luago_run ]]; then
  target=${CARGO_TARGET_DIR:-target}
  case $target in /*) ;; *) target=$root/$target ;; esac
  (cd "$root" && cargo build --release --locked --quiet)
  luago_run=$target/release/luago-run
fi
luago_run=$(realpath "$luago_run")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Where C modules of a version are, for native Lua.
libraries=$(dirname "$(dirname "$(find "$prefix/usr/lib" -path '*/lua/5.1/lfs.so' | head -n 1)")")

differing=0 known=0 same=0 surprising=0

# Why something differs, or nothing. A line is: the name of a row, a tab, the reason.
reason() {
  awk -F '\t' -v row="$1" '$1 == row { print $2 }' "$here/known.tsv"
}

# Paths of modules: the stand-ins for parts in C come first, and only in the sandbox.
module_path() {
  printf '%s' "$2./?.lua;./?/init.lua;$shared/$1/?.lua;$shared/$1/?/init.lua"
}

# compare ROW VERSION GRANTS -- ARGUMENTS: in the current folder.
compare() {
  local row=$1 version=$2 grants=() why
  shift 2
  while [[ $1 != -- ]]; do grants+=("$1"); shift; done
  shift
  ((${#only[@]} == 0)) || {
    local name wanted=
    for name in "${only[@]}"; do [[ $row != "$name"* ]] || wanted=1; done
    [[ -n $wanted ]] || return 0
  }
  local native=0 sandbox=0
  LUA_PATH=$(module_path "$version" "") LUA_CPATH="$libraries/$version/?.so" \
    timeout 120 "$prefix/usr/bin/lua$version" "$@" \
    >"$work/native.out" 2>"$work/native.err" </dev/null || native=$?
  timeout 120 "$luago_run" --lua "$version" --dir "$shared" --dir "$here/stand-ins" \
    --env "LUA_PATH=$(module_path "$version" "$here/stand-ins/?.lua;")" "${grants[@]}" "$@" \
    >"$work/sandbox.out" 2>"$work/sandbox.err" </dev/null || sandbox=$?
  local stream
  for stream in "$work"/{native,sandbox}.{out,err}; do
    # What differs from run to run: addresses, times, and what the interpreter is called.
    sed -E -i -e 's/0x[0-9a-f]{6,16}/ADDRESS/g' -e 's/[0-9]+\.[0-9]+ (seconds|ms)/TIME/g' \
      -e "s|^[^ ]*lua5\.[0-9]: |lua: |; s|^luago-run: |lua: |" "$stream"
  done
  local verdict=same
  {
    diff -u --label native --label sandbox "$work/native.out" "$work/sandbox.out" &&
      diff -u --label 'native, stderr' --label 'sandbox, stderr' "$work/native.err" "$work/sandbox.err" &&
      ((native == sandbox))
  } >"$work/diff" || verdict=different
  why=$(reason "$row $version")
  case $verdict:${why:+known} in
    same:) same=$((same + 1)) ;;
    same:known) verdict='same, but known to differ' surprising=$((surprising + 1)) ;;
    different:known) verdict="differs: $why" known=$((known + 1)) ;;
    different:) differing=$((differing + 1)) ;;
  esac
  printf '%-34s %s  exit %d, %d  lines %d  %s\n' "$row" "$version" "$native" "$sandbox" \
    "$(wc -l <"$work/native.out")" "$verdict"
  [[ $verdict != different ]] || head -n 30 "$work/diff"
}

# The first start of a version compiles it.
"$luago_run" --lua 5.1 -e '' && "$luago_run" --lua 5.4 -e ''

cd "$here"
for version in 5.1 5.4; do
  compare "modules" "$version" -- modules.lua
  compare "penlight" "$version" --run echo --run uname --run false -- penlight.lua
done
luacheck=("$prefix/usr/bin/luacheck" --no-config --no-cache)
compare "luacheck" 5.1 --run uname --dir . -- "${luacheck[@]}" --std max penlight.lua modules.lua busted
compare "luacheck, its own source" 5.1 --run uname -- "${luacheck[@]}" --codes "$shared/5.1/luacheck"
cd "$here/busted"
for version in 5.1 5.4; do
  compare "busted" "$version" --dir . -- "$prefix/usr/bin/busted" --output=TAP spec
  compare "busted, help" "$version" --dir . -- "$prefix/usr/bin/busted" --help
done

# Suites that no package has: the sources of the versions that Debian ships.
suites=${PROGRAMS_SUITES:-}
if [[ -z $suites ]]; then
  suites=$work/suites
  mkdir -p "$suites"
  for suite in Penlight:1.13.1 luacheck:v1.1.0 busted:v2.1.1; do
    GIT_TERMINAL_PROMPT=0 timeout 60 git clone --quiet --depth 1 --branch "${suite#*:}" \
      "https://github.com/lunarmodules/${suite%:*}.git" "$suites/${suite%:*}" 2>/dev/null ||
      echo "not run, as its sources cannot be had: the suite of ${suite%:*}"
  done
fi
if [[ -d $suites/Penlight/tests ]]; then
  cd "$suites/Penlight"
  for file in tests/test-*.lua; do
    for version in 5.1 5.4; do
      compare "penlight: ${file#tests/}" "$version" --run echo --run uname --run lua=/bin/false \
        --dir .:.:rw --dir /tmp:/tmp:rw -- "$file"
    done
  done
fi
for suite in luacheck busted; do
  [[ -d $suites/$suite/spec ]] || continue
  cd "$suites/$suite"
  for version in 5.1 5.4; do
    compare "$suite: its suite" "$version" --run uname --dir .:.:rw --dir /tmp:/tmp:rw -- \
      "$prefix/usr/bin/busted" --output=TAP spec
  done
done

echo "$same the same, $known known to differ, $differing different, $surprising no longer different"
((differing == 0 && surprising == 0))
