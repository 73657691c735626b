#!/usr/bin/env bash
# Runs Lua programs that Debian ships, and the suites of three of them, natively and in the
# sandbox, and compares what they print and their exit codes. What is known to differ is listed
# with its reason, and a difference that is known and does not show any more fails, too. So does
# a row that has nothing to compare.
#
#   tests/programs/run.sh [NAME…]     all programs, or those whose names begin so
#
# In the sandbox they have --run and --dir, and nothing else. A suite runs a second time where
# commands go through a shell that was granted, and every Lua that they start is a sandbox, too.
#
# Needs the packages below, which are installed if this runs as root.
# LUAGO_RUN       the luago-run to use; by default it is built
# PROGRAMS_ROOT   where the packages are unpacked; by default the system itself
# PROGRAMS_SUITES a folder with clones of Penlight, luacheck and busted, whose own suites are
#                 run then; no package has these. Without it they are cloned, where git can.
#
# A line of known.tsv: the name of a row, why it differs and, if the row is a file of a suite,
# how many of its tests succeed in the sandbox all the same.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
prefix=${PROGRAMS_ROOT:-}
shared=$prefix/usr/share/lua
only=("$@")
versions=(5.1 5.4)

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

work=$(realpath "$(mktemp -d)")
trap 'rm -rf "$work"' EXIT

# Where C modules of a version are, for native Lua.
libraries=$(dirname "$(dirname "$(find "$prefix/usr/lib" -path '*/lua/5.1/lfs.so' | head -n 1)")")

# What a version of Lua finds where it looks for modules by default: those of the packages, and
# stand-ins for parts in C.
modules() {
  local found=/usr/local/share/lua/$1 part
  modules=(--dir "$shared" --dir "$shared/$1:$found")
  for part in system/core term/core; do modules+=(--dir "$here/stand-ins/$part:$found/$part"); done
}

# Programs of the name `lua`: the native ones, and sandboxes with a shell, whose commands find
# such a sandbox as `lua` in turn. One that starts itself with the options that it has is given
# no others, and a program from standard input is named, or they would be its arguments.
for version in "${versions[@]}"; do
  bin=$work/native/$version
  mkdir -p "$bin" "$work/sandbox/$version"
  ln -s "$prefix/usr/bin/lua$version" "$bin/lua"
  bin=$work/sandbox/$version
  modules "$version"
  options=(--lua "$version" "${modules[@]}"
    --dir "$work/tree:$work/tree:rw" --dir /tmp:/tmp:rw
    --run uname --run "sh=$bin/sh")
  cat >"$bin/lua" <<EOF
#!/usr/bin/env bash
((\$# > 0)) || set -- -
[[ \$1 == --lua ]] || set -- ${options[*]@Q} "\$@"
exec -a lua ${luago_run@Q} "\$@"
EOF
  cat >"$bin/sh" <<EOF
#!/usr/bin/env bash
export PATH=${bin@Q}:/usr/bin:/bin
exec -a sh /bin/sh "\$@"
EOF
  chmod +x "$bin/lua" "$bin/sh"
done

differing=0 known=0 same=0 surprising=0 empty=0
seen=() # rows

is_wanted() {
  local name
  ((${#only[@]} > 0)) || return 0
  for name in "${only[@]}"; do [[ $1 != "$name"* ]] || return 0; done
  return 1
}

# Where programs run. Each side of a suite has a copy of its own.
folder=$here suite=
enter() {
  if [[ -n $suite ]]; then
    folder=$work/tree/$suite
    rm -rf "$folder"
    mkdir -p "$folder"
    tar -C "$suites/$suite" --exclude=./.git -cf - . | tar -C "$folder" -xf -
  fi
  cd "$folder"
}

# sides VERSION GRANTS… -- ARGUMENTS: both sides of a comparison, in files. With the grant
# `shell`, which stands alone, commands go through a shell.
sides() {
  local version=$1 grants=() stream
  shift
  while [[ $1 != -- ]]; do grants+=("$1"); shift; done
  shift
  modules "$version"
  local sandbox=("$luago_run" --lua "$version" "${modules[@]}" "${grants[@]}")
  [[ ${grants[*]} != shell ]] || sandbox=("$work/sandbox/$version/lua")
  native_exit=0 sandbox_exit=0
  (
    enter
    export PATH="$work/native/$version:$PATH" LUA_CPATH="$libraries/$version/?.so" \
      LUA_PATH="./?.lua;./?/init.lua;$shared/$version/?.lua;$shared/$version/?/init.lua"
    exec timeout 300 lua "$@"
  ) >"$work/native.out" 2>"$work/native.err" </dev/null || native_exit=$?
  (
    enter
    exec timeout 300 "${sandbox[@]}" "$@"
  ) >"$work/sandbox.out" 2>"$work/sandbox.err" </dev/null || sandbox_exit=$?
  for stream in "$work"/{native,sandbox}.{out,err}; do
    # What differs from run to run: addresses, times, temporary names. What the interpreter is
    # called, and where modules are, with the start cut off where Lua does so.
    sed -E -i -e 's/0x[0-9a-f]{6,16}/ADDRESS/g' -e 's/[0-9]+\.[0-9]+ (seconds|ms)/TIME/g' \
      -e 's#/tmp/lua_[A-Za-z0-9]{6,8}#/tmp/lua_NAME#g' -e 's/\bluago-run: /lua: /g' \
      -e "s#(\.\.\.[^ ']*|$prefix/usr|/usr/local)/share/lua/5\.[0-9]/#SHARED/#g" \
      -e "/^(# )?\tno file '/d" "$stream"
  done
}

# judge ROW FACTS [SUCCEEDING]: says what is in the file of differences, and whether it is known.
# With the number of tests that succeed, a row is not worth a line if it is as it should be.
judge() {
  local row=$1 facts=$2 count=${3-} why expected verdict
  seen+=("$row")
  IFS=$'\t' read -r why expected < <(awk -F '\t' -v row="$row" \
    '$1 == row { print $2 "\t" $3; exit } END { print "" }' "$here/known.tsv")
  if [[ ! -s $work/diff ]]; then
    if [[ -n $why ]]; then
      verdict='same, but known to differ' surprising=$((surprising + 1))
    else
      same=$((same + 1))
      [[ -z $count ]] || return 0
      verdict=same
    fi
  elif [[ -z $why ]]; then
    verdict=different differing=$((differing + 1))
  elif [[ $count != "$expected" ]]; then
    verdict="differs otherwise than is known ($expected): $why" surprising=$((surprising + 1))
  else
    verdict="differs: $why" known=$((known + 1))
  fi
  printf '%-46s  %s  %s\n' "$row" "$facts" "$verdict"
  [[ $verdict != different ]] || head -n 30 "$work/diff"
}

# Notes that a row has nothing that could differ.
judge_nothing() {
  seen+=("$1")
  empty=$((empty + 1))
  printf '%-46s  %s\n' "$1" "compares nothing: $2"
}

# compare ROW VERSION GRANTS… -- ARGUMENTS: a program that prints something.
compare() {
  local row="$1 $2"
  is_wanted "$row" || return 0
  sides "${@:2}"
  judge_sides "$row" ''
}

# The same for a program that may print nothing where all is well.
compare_silent() {
  local row="$1 $2"
  is_wanted "$row" || return 0
  sides "${@:2}"
  judge_sides "$row" silent
}

judge_sides() {
  local row=$1 lines
  lines=$(cat "$work"/native.{out,err} | wc -l)
  if [[ -z $2 ]] && ((lines == 0)); then
    judge_nothing "$row" "it prints nothing"
  elif grep -q "^lua: .*module '.*' not found" "$work/native.err"; then
    judge_nothing "$row" "it does not start natively: $(grep -m 1 '^lua: ' "$work/native.err")"
  elif [[ -n $2 ]] && ((native_exit != 0)); then
    judge_nothing "$row" "it fails natively: $(tail -n 1 "$work/native.err")"
  else
    differences
    judge "$row" "exit $native_exit, $sandbox_exit  lines $lines"
  fi
}

# Writes the file of differences.
differences() {
  diff -u --label native --label sandbox "$work/native.out" "$work/sandbox.out" >"$work/diff" || :
  diff -u --label 'native, stderr' --label 'sandbox, stderr' "$work"/{native,sandbox}.err \
    >>"$work/diff" || :
  ((native_exit == sandbox_exit)) ||
    echo "exit codes: $native_exit natively, $sandbox_exit in the sandbox" >>"$work/diff"
}

# Takes apart what busted prints of a suite: a file for each file of tests, and the rest.
take_apart() {
  rm -rf "${1%.out}.files"
  mkdir "${1%.out}.files"
  awk -v folder="${1%.out}.files" '
    /^# [^ ]+\.(lua|moon) @ [0-9]+(:|$)/ { file = $2 }
    /^not ok [0-9]+ - suite / { file = $NF }
    /^1\.\.[0-9]+$/ { file = "rest" }
    { sub(/^ok [0-9]+/, "ok"); sub(/^not ok [0-9]+/, "not ok") }
    { name = file == "" ? "rest" : file; gsub("/", "|", name); print > (folder "/" name) }
  ' "$1"
  touch "${1%.out}.files/rest"
}

# How many tests succeed, and how many there are.
succeeding() { cat "$@" 2>/dev/null | grep -c '^ok' || :; }
tests() { cat "$@" 2>/dev/null | grep -cE '^(not )?ok' || :; }

# compare_suite ROW VERSION GRANTS…: a suite, with busted; a row for each of its files that is not
# the same, and one for all, of which what is compared is the exit code and what is around tests.
compare_suite() {
  local row=$1 version=$2 name native=$work/native.files sandbox=$work/sandbox.files
  local of files=0 before=$same
  is_wanted "$row: " || return 0
  sides "${@:2}" -- "$prefix/usr/bin/busted" --output=TAP --verbose
  take_apart "$work/native.out"
  take_apart "$work/sandbox.out"
  of="$(succeeding "$native"/*) of $(tests "$native"/*)"
  if ((${of#* of } == 0)); then
    judge_nothing "$row: its suite $version" "no test ran: $(tail -n 1 "$work/native.err")"
    return
  fi
  while read -r name; do
    files=$((files + 1))
    diff -u --label native --label sandbox -N "$native/$name" "$sandbox/$name" >"$work/diff" || :
    judge "$row: ${name//|//} $version" \
      "tests $(succeeding "$native/$name") of $(tests "$native/$name"), $(
        succeeding "$sandbox/$name") of $(tests "$sandbox/$name")" "$(succeeding "$sandbox/$name")"
  done < <(cd "$work" && printf '%s\n' {native,sandbox}.files/* | sed 's#.*/##' | grep -vx rest | sort -u)
  of+=", $(succeeding "$sandbox"/*) of $(tests "$sandbox"/*)  $((same - before)) of $files files the same, around them"
  mv "$native/rest" "$work/native.out"
  mv "$sandbox/rest" "$work/sandbox.out"
  differences
  judge "$row: its suite $version" "exit $native_exit, $sandbox_exit  tests $of"
}

# The first start of a version compiles it.
for version in "${versions[@]}"; do "$luago_run" --lua "$version" -e ''; done

for version in "${versions[@]}"; do
  compare "modules" "$version" -- modules.lua
  compare "penlight" "$version" --run echo --run uname --run false -- penlight.lua
done
luacheck=("$prefix/usr/bin/luacheck" --no-config --no-cache)
compare "luacheck" 5.1 --run uname --dir . -- "${luacheck[@]}" --std max penlight.lua modules.lua busted
compare "luacheck, its own source" 5.1 --run uname -- "${luacheck[@]}" --codes "$shared/5.1/luacheck"
folder=$here/busted
for version in "${versions[@]}"; do
  compare "busted" "$version" --dir . -- "$prefix/usr/bin/busted" --output=TAP spec
  # It is an error to this version of busted, and so on standard error.
  compare "busted, help" "$version" --dir . -- "$prefix/usr/bin/busted" --help
done

# Suites that no package has: the sources of the versions that Debian ships.
suites=${PROGRAMS_SUITES:-}
missing=
if [[ -n $suites ]]; then
  [[ -d $suites ]] || fail "there is no folder $suites"
  suites=$(realpath "$suites")
else
  suites=$work/suites
  mkdir -p "$suites"
  for suite in Penlight:1.13.1 luacheck:v1.1.0 busted:v2.1.1; do
    GIT_TERMINAL_PROMPT=0 timeout 60 git clone --quiet --depth 1 --branch "${suite#*:}" \
      "https://github.com/lunarmodules/${suite%:*}.git" "$suites/${suite%:*}" 2>/dev/null || :
  done
fi
for suite in Penlight luacheck busted; do
  [[ -d $suites/$suite/spec ]] || {
    missing+=" $suite"
    echo "not run, as its sources cannot be had: the suite of $suite"
    continue
  }
  may=(--run "uname=$(type -P uname)" --dir .:.:rw --dir /tmp:/tmp:rw)
  # What Penlight runs without a shell: Lua, as it was itself started, where there is no PATH.
  [[ $suite != Penlight ]] || may+=(--run "$luago_run")
  for version in "${versions[@]}"; do
    compare_suite "${suite,}" "$version" "${may[@]}"
    compare_suite "${suite,}, with a shell" "$version" shell
  done
  [[ $suite == Penlight ]] || continue
  for file in "$suites"/Penlight/{tests/test-*,examples/*}.lua; do
    file=${file#"$suites/Penlight/"}
    case $file in
      # They print in the order of `pairs`.
      examples/test-symbols.lua | examples/testconfig.lua) continue ;;
    esac
    for version in "${versions[@]}"; do
      path='package.path = "lua/?.lua;lua/?/init.lua;" .. package.path'
      compare_silent "penlight: $file" "$version" "${may[@]}" -- -e "$path" "$file"
      [[ $file == examples/* ]] ||
        compare_silent "penlight, with a shell: $file" "$version" shell -- -e "$path" "$file"
    done
  done
done

((${#seen[@]} > 0)) || fail "there is no row of this name; those of a suite go by 'busted: '"

# What is known of rows that there are not.
if ((${#only[@]} == 0)) && [[ -z $missing ]]; then
  while read -r row; do
    echo "$row: known to differ, but there is no such row"
    surprising=$((surprising + 1))
  done < <(cut -f 1 "$here/known.tsv" | grep -vxF -f <(printf '%s\n' "${seen[@]}"))
fi

echo "$same the same, $known known to differ, $differing different," \
  "$surprising not as known, $empty that compare nothing"
((differing == 0 && surprising == 0 && empty == 0))
