#!/usr/bin/env bash
# Builds everything, checks it, and runs all tests. ISR_CAMPAIGN=full runs the long campaigns too.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root" || exit 1
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

passed=0
failed=0

# check NAME COMMAND …: one check more, passed or failed.
check() {
  local name=$1
  shift
  if quietly "$@"; then passed=$((passed + 1)); done_step "$name"; else failed=$((failed + 1)); done_step "$name FAILED"; fi
}

finish() {
  say "$passed passed, $failed failed"
  [ "$failed" = 0 ]
  exit
}

need_sdk
need_packages ffmpeg:ffmpeg icecast2:icecast2 mp3val:mp3val mpg123:mpg123 chromium:chromium curl:curl setpriv:util-linux

say "Building …"
check "built" dotnet build Isr.slnx --nologo
[ "$failed" = 0 ] || finish

say "Checking …"
check "formatting" dotnet format Isr.slnx --verify-no-changes --no-restore
check "lint of the page" npm --prefix src/Isr.Client run lint
check "tests of the page" npm --prefix src/Isr.Client test

say "Testing …"
for project in tests/*/; do
  name=$(basename "$project")
  log=$(mktemp)
  dotnet test --project "$project" --no-build >"$log" 2>&1
  code=$?
  ok=$(sed -n 's/^ *succeeded: *//p' "$log" | tail -n 1)
  bad=$(sed -n 's/^ *failed: *//p' "$log" | tail -n 1)
  skipped=$(sed -n 's/^ *skipped: *//p' "$log" | tail -n 1)
  [ "$code" = 0 ] || [ "${bad:-0}" -gt 0 ] || bad=$((${bad:-0} + 1))
  if [ "$code" != 0 ] || [ "${skipped:-0}" != 0 ]; then cat "$log"; fi
  rm -f "$log"
  passed=$((passed + ${ok:-0}))
  failed=$((failed + ${bad:-0}))
  done_step "$name: ${ok:-0} passed, ${bad:-0} failed"
done

finish
