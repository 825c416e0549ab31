#!/usr/bin/env bash
# Builds isr if need be and runs it in the current folder: with the config.ini that is there, or with arguments as
# given; else the demo, a built-in station recorded into ./recordings with a page on port 8080.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

need_sdk
need_packages ffmpeg:ffmpeg
say "Building isr …"
quietly dotnet build "$root/src/Isr" -c Release --nologo || { say "The build failed."; exit 1; }
done_step "built"

isr=$root/artifacts/bin/Isr/release/isr
if [ "$#" -gt 0 ]; then exec "$isr" "$@"; fi
if [ -e config.ini ]; then exec "$isr" run; fi
say "There is no config.ini here: running the demo. Your own streams: copy $root/config.example.ini to config.ini and edit it."
exec "$isr" demo
