#!/usr/bin/env bash
# Builds the Lua guests from source with the pinned compiler.
#
#   guests/build.sh            writes guests/prebuilt
#   guests/build.sh DIR        writes DIR
#   guests/build.sh --check    builds elsewhere and compares with guests/prebuilt
#   guests/build.sh DIR --lua 5.4 --also PATCHES
#                              writes one version to DIR, with more patches applied
#
# Needs cargo, and python3 with its module venv. Everything else is fetched by
# digest and stays under the target folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$root/$target ;; esac
prebuilt=$here/prebuilt

usage() {
  echo "usage: guests/build.sh [--check | DIR [OPTIONS of luago-guests-build]]" >&2
  exit 2
}

fail() {
  echo "guests/build.sh: $*" >&2
  exit 1
}

check=false
output=$prebuilt
case ${1-} in
  '') ;;
  --check) (($# == 1)) || usage; check=true ;;
  -*) usage ;;
  /*) output=$1 ;;
  *) output=$PWD/$1 ;;
esac
options=("${@:2}")

. "$here/zig.sh"
zig_install "$target"

# Built together with the program, so that both have one wasmtime.
cd "$root"
export CARGO=${CARGO:-cargo}
"$CARGO" build --release --locked -p luago-run -p luago -p luago-guests -p luago-harness -p luago-policy-service -p luago-guests-build

if ! $check; then
  "$target/release/luago-guests-build" "$output" "${options[@]}"
  exit
fi

fresh=$(mktemp -d "$target/guests-check.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
"$target/release/luago-guests-build" "$fresh"

differ=()
for file in "$fresh"/*; do
  name=$(basename "$file")
  [[ -e $prebuilt/$name ]] || { differ+=("$name (missing)"); continue; }
  cmp -s "$file" "$prebuilt/$name" || differ+=("$name")
done
for file in "$prebuilt"/*.wasm; do
  name=$(basename "$file")
  [[ -e $fresh/$name ]] || differ+=("$name (not built any more)")
done
if ((${#differ[@]} > 0)); then
  echo "guests/build.sh: the committed guests are not what their sources give:" >&2
  printf '  guests/prebuilt/%s\n' "${differ[@]}" >&2
  fail "run \`make guests\` and commit the result"
fi
echo "The committed guests are, byte for byte, what their sources give."
