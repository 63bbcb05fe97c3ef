# shellcheck shell=bash
# What every script here shares. Sourced, never run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# rustup's installer leaves cargo here; a shell that was open before does not know it yet.
export PATH="$root/target/tools/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

say() { printf '==> %s\n' "$*"; }
warn() { printf '    %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# step "what it does" command…: runs it, and says how long it took or that it failed.
step() {
  local what=$1 began=$SECONDS status=0
  shift
  say "$what"
  # A child of its own, so that `set -e` holds inside; in an `if` or before `||` bash would switch it off.
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  if [ "$status" -ne 0 ]; then
    printf '    failed after %d s: %s\n' $((SECONDS - began)) "$what" >&2
    exit "$status"
  fi
  printf '    done in %d s\n' $((SECONDS - began))
}

# quietly LOG command…: keeps a chatty command's output in target/tools/LOG and shows its end only when it fails.
quietly() {
  local log="$root/target/tools/$1" status=0
  shift
  mkdir -p "$root/target/tools"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    tail -n 30 "$log" >&2
    warn "the whole output is in ${log#"$root"/}"
    return "$status"
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo "$@"
  else
    die "this needs root, and sudo is not at hand: $*"
  fi
}

# apt_install package…: installs what is missing; a machine without apt is told what to install itself.
apt_install() {
  local missing=() package
  has dpkg-query || die "please install (under this system's own names): $*"
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  quietly apt-update.log as_root apt-get update
  quietly apt-install.log as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# locked CRATE: the version that Cargo.lock names.
locked() {
  awk -v name="$1" '$0 == "name = \"" name "\"" { getline; gsub(/[^0-9a-z.+-]/, "", $3); print $3; exit }' "$root/Cargo.lock"
}

# Where cargo builds to; folders may be moved by the environment or by a user's own settings.
target_dir() {
  cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}

# install_tool CRATE option…: compiles a tool into target/tools. Nobody runs it often, so the compiler's time counts, not the tool's.
install_tool() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_DEBUG=0 \
    quietly "$1.log" cargo install "$@" --force --root "$root/target/tools" --target-dir "$root/target/tools/build"
  rm -rf "$root/target/tools/build"
}

# python_home NAME: Python with what tools/NAME/requirements.txt lists, in target/tools/NAME, unless it is there already.
python_home() {
  local name=$1 home=target/tools/$1 stamp now
  stamp=$home/requirements.sum
  now=$(cksum <"tools/$name/requirements.txt")
  [ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || return 0
  if ! has python3 || ! python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    apt_install python3 python3-venv
  fi
  rm -rf "$home"
  quietly venv.log python3 -m venv "$home"
  quietly pip.log "$home/bin/pip" install --disable-pip-version-check --requirement "tools/$name/requirements.txt"
  echo "$now" >"$stamp"
}

# The folder of PostgreSQL's programs, which Debian keeps out of PATH; nothing where there is none.
postgres_programs() {
  local folder
  for folder in $(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -rV) "$(pg_config --bindir 2>/dev/null)"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      echo "$folder"
      return
    fi
  done
}
