# The compiler of the guests, which is also the C compiler for other platforms: the Python
# package `ziglang`, in a venv under the target folder. To be sourced by a bash script.
#
#   zig_install TARGET_FOLDER
#
# installs it unless it is there, and exports ZIG, the command, and where that keeps its cache.
# Needs python3 with its module venv. Everything else is fetched by digest.

# One wheel for each platform that the compiler is pinned on.
zig_requirements() {
  cat <<'PINS'
ziglang==0.17.1 \
  --hash=sha256:ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54 \
  --hash=sha256:b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e \
  --hash=sha256:09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23 \
  --hash=sha256:4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97
PINS
}

zig_fail() {
  echo "guests/zig.sh: $*" >&2
  exit 1
}

# The pins are kept beside the venv, and written last: a venv of other pins, or one left half
# made, is made anew.
zig_install() {
  local target=$1 venv=$1/guests-venv
  case $venv in
    *[[:space:]]*) zig_fail "the path $venv has a space in it, which ZIG cannot have; set CARGO_TARGET_DIR" ;;
  esac
  if [[ ! -x $venv/bin/python ]] || ! zig_requirements | cmp -s - "$venv/pins.txt"; then
    command -v python3 >/dev/null || zig_fail "python3 is needed to install the compiler"
    rm -rf "$venv"
    mkdir -p "$target"
    python3 -m venv "$venv" || zig_fail "python3 has no module venv (on Debian: apt-get install python3-venv)"
    zig_requirements >"$venv/pins.new"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
      --only-binary=:all: --require-hashes -r "$venv/pins.new"
    mv "$venv/pins.new" "$venv/pins.txt"
  fi
  export ZIG="$venv/bin/python -m ziglang"
  export ZIG_GLOBAL_CACHE_DIR=$target/zig-cache/global
  export ZIG_LOCAL_CACHE_DIR=$target/zig-cache/local
  mkdir -p "$ZIG_GLOBAL_CACHE_DIR" "$ZIG_LOCAL_CACHE_DIR"
}
