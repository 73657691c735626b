#!/usr/bin/env bash
# Opens HTML reports of the harness, and traces of luago-run, in headless Chromium, at the
# widths of a screen and of a phone, and checks that they work. Screenshots are left in
# target/browser-test.
#
# Needs Go, Node.js with npm, and Chromium: Debian's package is installed if this runs as
# root. CHROMIUM names another one. HARNESS names the luago-harness to use, with luago-run
# beside it; by default they are built.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$root/$target ;; esac
out=$target/browser-test

fail() {
  echo "harness/browser-test.sh: $*" >&2
  exit 1
}

command -v npm >/dev/null || fail "npm is missing; install Node.js"
command -v go >/dev/null || fail "Go is missing; install 1.24 or later from https://go.dev/dl/"
if [[ ! -x ${CHROMIUM:-/usr/bin/chromium} ]]; then
  [[ -z ${CHROMIUM:-} ]] || fail "$CHROMIUM cannot be run"
  command -v apt-get >/dev/null || fail "Chromium is missing; install it, and set CHROMIUM"
  [[ $(id -u) = 0 ]] || fail "Chromium is missing; install it with: apt-get install chromium"
  apt-get install -y --no-install-recommends chromium >/dev/null 2>&1 ||
    { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null ||
    fail "cannot install chromium"
fi

harness=${HARNESS:-}
if [[ -z $harness ]]; then
  (cd "$root" && cargo build --release --locked --quiet)
  harness=$target/release/luago-harness
fi

rm -rf "$out"
mkdir -p "$out/scripts" "$out/browser-test"
cp "$root"/harness/browser-test/*.{json,mjs} "$out/browser-test/"
npm ci --prefix "$out/browser-test" --silent --no-audit --no-fund

# Three pages: a matrix with failures and output that tries to break out, a good one with
# everything there is, and a shadow run that fails.
cat >"$out/scripts/hostile.lua" <<'LUA'
-- lua: 5.4
print("</script><img src=x onerror=alert(1)>", ("long "):rep(200))
for line = 1, 300 do print(line, #tostring(print)) end
error("ends in an error\27[31m")
LUA
cat >"$out/scripts/fine.lua" <<'LUA'
print("the same")
LUA
expect() {
  local expected=$1 code=0
  shift
  "$harness" "$@" >"$out/said.txt" || code=$?
  [[ $code = "$expected" ]] || fail "luago-harness $* ended with $code, not $expected"
}
expect 1 matrix "$out/scripts" --generated 20 --html "$out/different.html"
expect 0 matrix --case '6.4-string/*' --case 'go/0[1-5]*' --generated 20 --json "$out/good.json" --html "$out/good.html"
expect 0 perf --rounds 7 --pair native:5.4=sandbox:5.4 --html "$out/perf.html"
expect 1 shadow "$root/harness/demo/router.lua" --old native:luau --new sandbox:5.1 \
  --inputs "$root/harness/demo/requests" --html "$out/shadow.html"

# Five traces, with 10,000 events, few, an end that is missing, names that try to break out,
# and none. A test of luago-run writes them.
(cd "$root" && cargo test --release --locked --quiet --bin luago-run -- \
  --exact trace::sample::tests::pages_for_the_browser_are_whole) \
  >"$out/said.txt" 2>&1 || fail "the traces cannot be made: $(cat "$out/said.txt")"

# And one of a run: Lua tasks, a Go guest with two workers, and one on the thread of Lua.
for name in fanout kv; do
  (cd "$root/guests/go/examples/$name" && GOOS=wasip1 GOARCH=wasm \
    go build -trimpath -buildvcs=false -ldflags=-s -buildmode=c-shared -o "$out/$name.wasm" .) ||
    fail "the Go guest $name cannot be built"
  cp "$root/guests/go/examples/$name/$name.lua" "$out/scripts/"
done
cat >"$out/scripts/both.lua" <<'LUA'
local luago = require "luago"
luago.all(luago.spawn(loadfile "fanout.lua"), luago.spawn(loadfile "kv.lua"))
LUA
"$(dirname "$harness")/luago-run" --trace-html "$target/trace-samples/run.html" \
  --go fanout="$out/fanout.wasm,workers=2" --go kv="$out/kv.wasm" "$out/scripts/both.lua" \
  >"$out/said.txt" 2>&1 || fail "the run that is traced failed: $(cat "$out/said.txt")"

for page in different good perf shadow; do
  echo "$page.html"
  node "$out/browser-test/check.mjs" "$out/$page.html" "$out/$page" || fail "$page.html has faults"
done
for page in busy small cut hostile empty run; do
  [[ -s $target/trace-samples/$page.html ]] || fail "the trace $page was not made"
  echo "trace: $page.html"
  node "$out/browser-test/trace.mjs" "$target/trace-samples/$page.html" "$out/trace-$page" ||
    fail "the trace $page.html has faults"
done
echo "Reports and traces work in Chromium; screenshots are in $out."
