#!/usr/bin/env bash
# Builds the program that measures golua: build.sh OUTPUT
#
# golua wants a native Lua to link with. It gets the one that mlua, the other native rival,
# brings along as sources (Lua 5.4), so that nothing has to be installed for it and both
# rivals run the same Lua.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(realpath -m "${1:?usage: build.sh OUTPUT}")
work=$(dirname "$out")/lua
cc=${CC:-cc}

fail() {
  echo "benches/rivals/golua/build.sh: $*" >&2
  exit 1
}

manifest=$(cd "$here/../../.." && cargo metadata --locked --format-version 1 |
  grep -o '"manifest_path":"[^"]*/lua-src-[^"]*/Cargo.toml"' | head -n 1 | cut -d '"' -f 4) ||
  fail "cannot find the crate lua-src; run 'cargo fetch --locked', which needs the network once"
sources=("$(dirname "$manifest")"/lua-5.4.*/)
sources=${sources[0]%/}
[[ -f $sources/lua.h ]] || fail "the crate lua-src in $(dirname "$manifest") has no Lua 5.4"

# A library of its own folder for each release of Lua; the compiler's flags are those of
# Lua's makefile for Linux and of Debian's package. It appears at once or not at all.
library=$work/$(basename "$sources")
if [[ ! -f $library/liblua.a ]]; then
  rm -rf "$library" "$library.new"
  mkdir -p "$library.new"
  (
    cd "$library.new"
    for source in "$sources"/*.c; do
      case ${source##*/} in lua.c | luac.c | onelua.c | ltests.c) continue ;; esac
      "$cc" -O2 -fPIC -DLUA_USE_LINUX -I "$sources" -c "$source" || fail "cannot compile $source"
    done
    ar rcs liblua.a ./*.o
    rm ./*.o
  )
  mv "$library.new" "$library"
fi

# The headers are golua's own, of an older release of 5.4: golua has added to them, and the
# interface is the same for all of 5.4.
cd "$here"
CGO_ENABLED=1 CC=$cc CGO_LDFLAGS="-L$library" \
  go build -mod=readonly -trimpath -tags lua54,luaa -o "$out" .
