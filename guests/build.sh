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

# One wheel for each platform that the compiler is pinned on.
requirements() {
  cat <<'PINS'
ziglang==0.17.1 \
  --hash=sha256:ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54 \
  --hash=sha256:b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e \
  --hash=sha256:09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23 \
  --hash=sha256:4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97
PINS
}

# A venv with the compiler. The pins are kept beside it, and written last: a venv
# of other pins, or one left half made, is made anew.
venv=$target/guests-venv
if [[ ! -x $venv/bin/python ]] || ! requirements | cmp -s - "$venv/pins.txt"; then
  command -v python3 >/dev/null || fail "python3 is needed to install the compiler"
  rm -rf "$venv"
  mkdir -p "$target"
  python3 -m venv "$venv" || fail "python3 has no module venv (on Debian: apt-get install python3-venv)"
  requirements >"$venv/pins.new"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --only-binary=:all: --require-hashes -r "$venv/pins.new"
  mv "$venv/pins.new" "$venv/pins.txt"
fi

# Built together with the program, so that both have one wasmtime.
cd "$root"
export CARGO=${CARGO:-cargo}
"$CARGO" build --release --locked -p luago-run -p luago -p luago-guests -p luago-harness -p luago-policy-service -p luago-guests-build

export ZIG="$venv/bin/python -m ziglang"
case $venv in *[[:space:]]*) fail "the path $venv has a space in it, which ZIG cannot have; set CARGO_TARGET_DIR" ;; esac
export ZIG_GLOBAL_CACHE_DIR=$target/zig-cache/global
export ZIG_LOCAL_CACHE_DIR=$target/zig-cache/local
mkdir -p "$ZIG_GLOBAL_CACHE_DIR" "$ZIG_LOCAL_CACHE_DIR"

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
