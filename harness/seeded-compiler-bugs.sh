#!/usr/bin/env bash
# Puts bugs into a copy of the compiler of Lua functions, one at a time, and sees that the matrix
# finds each when everything is compiled. Without a bug the same copy has to pass.
#
# It builds the harness for each of them, which takes a minute, and the first time ten.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$root/$target ;; esac
programs=2000

fail() {
  echo "harness/seeded-compiler-bugs.sh: $*" >&2
  exit 1
}

work=$target/seeded-compiler
rm -rf "$work/source"
mkdir -p "$work/source"
(cd "$root" && git ls-files -z | tar --null -T - -cf -) | tar -C "$work/source" -xf -
cd "$work/source"
export CARGO_TARGET_DIR=$work/target

compare() {
  local code=0
  cargo build --release --locked --quiet -p luago-harness --config profile.release.package.luago.opt-level=1
  "$work/target/release/luago-harness" matrix --lua 5.4 --no-go --compile eager --builds "$target" \
    --generated "$programs" >"$work/said.txt" || code=$?
  ((code < 2)) || { cat "$work/said.txt" >&2; fail "the harness failed"; }
  tail -n 1 "$work/said.txt" >&2
  echo "$code"
}

echo "no bug" >&2
[[ $(compare) = 0 ]] || fail "without a bug there are differences too"
for bug in "$root"/harness/seeded-compiler-bugs/*.patch; do
  echo "$(basename "$bug" .patch)" >&2
  patch --quiet -p1 <"$bug"
  [[ $(compare) = 1 ]] || fail "the matrix does not find $(basename "$bug" .patch)"
  patch --quiet -R -p1 <"$bug"
done
echo "The matrix finds every bug."
