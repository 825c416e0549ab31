#!/usr/bin/env bash
# Builds isr into this clone and starts it in the current folder: with arguments, what they say; with a
# config.ini here, the recorder and its page; without, the demo, which records into ./recordings.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

need_dotnet
need_node
# flac brings libFLAC, whose package is named otherwise in each release.
need_programs ffmpeg:ffmpeg libsqlite3.so.0:libsqlite3-0 libasound.so.2:libasound2 flac:flac

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
SECONDS=0
log=$(mktemp)
say "Building isr ..."
# From the clone, where global.json is.
if ! (cd "$root" && dotnet build src/Isr -c Release --nologo) >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    fail "isr could not be built."
fi
rm -f "$log"
say "Built in $SECONDS s."

isr=$root/artifacts/bin/Isr/release/isr.dll
if [ $# -gt 0 ]; then
    exec dotnet "$isr" "$@"
elif [ -e config.ini ]; then
    exec dotnet "$isr" run
else
    say "No config.ini here: this is the demo. It records into $PWD/recordings."
    exec dotnet "$isr" demo
fi
