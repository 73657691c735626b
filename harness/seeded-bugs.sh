#!/usr/bin/env bash
# Puts bugs into a copy of the guest for Lua 5.4, one at a time, and sees that the matrix
# finds each: the corpus all of them, generated programs alone at least two. Without a bug
# the same copy has to pass.
#
# Needs what guests/build.sh needs. HARNESS names the luago-harness to use; by default it is
# built.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$root/$target ;; esac
programs=2000

fail() {
  echo "harness/seeded-bugs.sh: $*" >&2
  exit 1
}

harness=${HARNESS:-}
if [[ -z $harness ]]; then
  (cd "$root" && cargo build --release --locked --quiet)
  harness=$target/release/luago-harness
fi
harness=$(realpath "$harness")

work=$(mktemp -d "$target/seeded.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/no-bug"

# The exit code of the harness, which has to be 0 or 1; the summary goes to standard error.
compare() {
  local code=0
  "$harness" matrix --lua 5.4 --no-go --guests "$work/guests" "$@" >"$work/said.txt" || code=$?
  ((code < 2)) || { cat "$work/said.txt" >&2; fail "the harness failed"; }
  tail -n 1 "$work/said.txt" >&2
  echo "$code"
}

by_programs=0
for bug in "$work/no-bug" "$root"/harness/seeded-bugs/*/; do
  name=$(basename "$bug")
  echo "$name" >&2
  rm -rf "$work/guests"
  "$root/guests/build.sh" "$work/guests" --lua 5.4 --also "$bug" >/dev/null
  by_corpus=$(compare)
  by_generator=$(compare --no-cases --generated "$programs")
  if [[ $name = no-bug ]]; then
    [[ $by_corpus = 0 && $by_generator = 0 ]] || fail "without a bug there are differences too"
  else
    [[ $by_corpus = 1 ]] || fail "the corpus does not find $name"
    by_programs=$((by_programs + by_generator))
  fi
done
((by_programs >= 2)) || fail "generated programs alone find $by_programs of the bugs, not two"
echo "The corpus finds every bug, generated programs alone $by_programs of them."
