#!/usr/bin/env bash
# Runs luacheck, a Lua program of some ten thousand lines, natively and in the
# sandbox, and compares what they print and their exit codes.
#
# Needs Debian's package lua-check, which is installed if this runs as root.
# LUAGO_RUN names the luago-run to use; by default it is built.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
modules=/usr/share/lua/5.1

fail() {
  echo "guests/luacheck-demo.sh: $*" >&2
  exit 1
}

if [[ ! -x /usr/bin/luacheck || ! -d $modules/luacheck ]]; then
  command -v apt-get >/dev/null || fail "luacheck is missing, and there is no apt-get to install it"
  [[ $(id -u) = 0 ]] || fail "luacheck is missing; install it with: apt-get install lua-check"
  apt-get install -y --no-install-recommends lua-check >/dev/null 2>&1 ||
    { apt-get update && apt-get install -y --no-install-recommends lua-check; } >/dev/null ||
    fail "cannot install lua-check"
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
mkdir -p "$work/code/broken"
cp "$root"/guests/examples/*.lua "$work/code/"

cat >"$work/code/warnings.lua" <<'LUA'
local unused = 1
local shadow = 2
function global_function(argument, ...)
  local shadow = shadow
  undefined_global = undefined_global + 1
  for i = 1, 10 do shadow = i end
  if argument then
  end
  return
end
local t = { a = 1, a = 2 }
t.x = os.nothing   
while true do break end
LUA
cat >"$work/code/unreachable.lua" <<'LUA'
local function f(x)
  do return x end
  x = x + 1
  ::again::
  return x
end
return f, function(self, a, b) return a end
LUA
printf 'local s = "no end\nprint(s)\n' >"$work/code/broken/syntax.lua"
printf 'x = = 1\n' >"$work/code/broken/operator.lua"
printf '#!/usr/bin/env lua\nlocal caf\303\251 = "\\u{e9}"\n' >"$work/code/broken/letters.lua"

# Run in $work: luacheck sees the folder "code" under the same relative name.
# --no-config and --no-cache: it would look in the user's home, which is not
# granted. It asks `uname -s` for the default path that --help shows.
natively() {
  lua5.1 /usr/bin/luacheck --no-config --no-cache "$@"
}
sandboxed() {
  "$luago_run" --lua 5.1 --run uname \
    --dir "$modules:$modules:ro" --dir "code:code:ro" \
    --env "LUA_PATH=$modules/?.lua;$modules/?/init.lua" \
    /usr/bin/luacheck --no-config --no-cache "$@"
}

# The first start of a version compiles it; that is not what is timed below.
"$luago_run" --lua 5.1 -e ''

failures=0
compare() {
  local what=$1
  shift
  local native=0 sandbox=0 start middle end
  start=$(date +%s%N)
  (cd "$work" && natively "$@") >"$work/native.out" 2>"$work/native.err" </dev/null || native=$?
  middle=$(date +%s%N)
  (cd "$work" && sandboxed "$@") >"$work/sandbox.out" 2>"$work/sandbox.err" </dev/null || sandbox=$?
  end=$(date +%s%N)
  local verdict=same
  diff -u --label native --label sandbox "$work/native.out" "$work/sandbox.out" || verdict=different
  diff -u --label 'native, stderr' --label 'sandbox, stderr' "$work/native.err" "$work/sandbox.err" || verdict=different
  ((native == sandbox)) || verdict=different
  printf '%-10s %-34s exit %d, %d  lines %5d  native %4d ms, sandbox %4d ms\n' \
    "$verdict" "$what" "$native" "$sandbox" "$(wc -l <"$work/native.out")" \
    $(((middle - start) / 1000000)) $(((end - middle) / 1000000))
  [[ $verdict = same ]] || failures=$((failures + 1))
}

# The comparison is worth something only if there is something to compare.
(cd "$work" && natively code >"$work/probe" 2>&1) && fail "luacheck finds nothing wrong natively; it should"
grep -q "unused variable" "$work/probe" || fail "luacheck does not work natively: $(head -n 3 "$work/probe")"

compare "the examples" code/tour.lua code/json.lua code/pipeline.lua
compare "a folder" code
compare "a folder, plain, codes, ranges" --formatter plain --codes --ranges code
compare "syntax errors" code/broken
compare "a file that is not there" code/nowhere.lua
compare "luacheck's own source" --std lua51 "$modules/luacheck"
compare "luacheck's own source, plain" --formatter plain --codes --max-line-length 80 "$modules/luacheck"

if ((failures > 0)); then
  fail "$failures of the comparisons differ"
fi
echo "luacheck does the same in the sandbox as natively."
