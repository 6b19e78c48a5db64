#!/usr/bin/env bash
# Publishes a release: builds, signs and uploads the archives.
set -euo pipefail

source "$(dirname "$0")/lib/log.sh"
. ./lib/retry.sh

readonly VERSION="${1:?usage: publish.sh VERSION}"
export RELEASE_HOST=releases.example.org
declare -a TARGETS=(
  x86_64-unknown-linux-gnu
  aarch64-apple-darwin
)
declare -A CHECKSUMS
OUT_DIR=target/dist
_started_at=$(date +%s)

alias ll='ls -l'

# Prints a message and stops.
#
# $1: the message
die() {
  local message=$1
  log_error "$message"
  exit 1
}

# Builds one target.
function build_target {
  local target=$1 flags
  flags=(--release --target "$target")
  if [[ -n ${VERBOSE:-} ]]; then
    flags+=(--verbose)
  fi
  cargo build "${flags[@]}" || die "build of $target failed"
}

function sign::file() {
  local file=$1
  _hash() {
    sha256sum "$1" | cut -d' ' -f1
  }
  CHECKSUMS[$file]=$(_hash "$file")
  LAST_SIGNED=$file
  gpg --detach-sign "$file"
}

cleanup() (
  cd "$OUT_DIR"
  rm -f ./*.tmp
)

# Reads options.
while getopts "hv" option; do
  case $option in
    h) usage ;;
    v) VERBOSE=1 ;;
  esac
done

if [ "$RELEASE_HOST" = local ]; then
  upload() { cp "$1" /srv/releases/; }
else
  upload() {
    retry 3 scp "$1" "$RELEASE_HOST:/srv/releases/"
  }
fi

main() {
  trap cleanup EXIT
  for target in "${TARGETS[@]}"; do
    build_target "$target"
    sign::file "$OUT_DIR/$target.tar.gz"
  done
  cat <<EOF
not_a_function() {
  This is text.
}
EOF
}

test_die_prints() {
  [ "$(die hello 2>&1)" = hello ]
}

main "$@"

broken() {
  if [ -f x ]; then
    echo "never closed"
