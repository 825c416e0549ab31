#!/usr/bin/env bash
# Benchmarks. `./bench.sh` measures framing against ffmpeg's stream copy; `./bench.sh streams [SECONDS]` records 100
# streams with isr, ffmpeg and streamripper in turn. Run nothing else beside it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

need_sdk
if [ "${1:-}" = streams ]; then
  shift
  need_packages ffmpeg:ffmpeg icecast2:icecast2 curl:curl streamripper:streamripper
  quietly dotnet build "$root/src/Isr" -c Release --nologo
  exec "$root/benchmarks/hundred-streams.sh" "$@"
fi

need_packages ffmpeg:ffmpeg
if [ "$#" = 0 ]; then set -- --filter '*'; fi
cd "$root/artifacts" 2>/dev/null || { mkdir -p "$root/artifacts"; cd "$root/artifacts"; }
exec dotnet run --project "$root/benchmarks/Isr.Benchmarks" -c Release -- "$@"
