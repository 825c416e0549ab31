# shellcheck shell=bash
# Sourced by run.sh and test.sh: installs what is missing, and says how long each step took.

step_began=$SECONDS

say() { printf '%s\n' "$*"; }

# done_step TEXT: ends a step.
done_step() {
  say "  $1 ($((SECONDS - step_began)) s)"
  step_began=$SECONDS
}

# need_sdk: .NET, Node and npm cannot be had from Debian in the versions that this takes.
need_sdk() {
  local missing=0
  if ! command -v dotnet >/dev/null || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    say "The .NET SDK 10 is missing: install it as https://dot.net says, so that 'dotnet' is on the PATH."
    missing=1
  fi
  if ! command -v npm >/dev/null || ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    say "Node.js 20 or newer with npm is missing: install it as https://nodejs.org says."
    missing=1
  fi
  [ "$missing" = 0 ] || exit 1
}

# need_packages COMMAND:PACKAGE …: installs the Debian packages whose command is not there.
need_packages() {
  local pair packages=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || packages+=("${pair#*:}")
  done
  [ "${#packages[@]}" -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
  if ! command -v apt-get >/dev/null || { [ "${#as_root[@]}" -gt 0 ] && ! sudo -n true 2>/dev/null; }; then
    say "Missing: ${packages[*]}. Install these packages (apt-get install ${packages[*]}), then run this again."
    exit 1
  fi

  say "Installing ${packages[*]} …"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log"
    rm -f "$log"
    say "The packages could not be installed (above: why). Install them by hand: apt-get install ${packages[*]}"
    exit 1
  fi
  rm -f "$log"
  done_step "installed"
}

# quietly COMMAND …: shows what it printed only when it fails.
quietly() {
  local log code=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || code=$?
  [ "$code" = 0 ] || cat "$log"
  rm -f "$log"
  return "$code"
}
