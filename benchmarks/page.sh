#!/usr/bin/env bash
# What the page takes, as a table: the rows that the classes in tests/Isr.Browser.Tests/Figures tell, one class's test after
# another. FIGURES="Size Dragging_a_day" takes only those. Started by bench.sh, which builds.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
tests=$root/artifacts/bin/Isr.Browser.Tests/release/Isr.Browser.Tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT

printf '# The page in Chromium\n\n`./bench.sh page`: no graphics processor, a window of 1,440 x 900. An archive of 50,000 recordings of ten sources is served by `isr web`; a day of three sources in files of an hour is dragged. %s.\n\n' \
    "$(nproc) cores of $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(date -u +%Y-%m-%d)"
printf '| what | measured |\n|---|---:|\n'
for figure in ${FIGURES:-Size First_paint_with_50000_recordings Dragging_a_day Ten_loudest_by_keys Ten_loudest_in_a_row Live_streams Live_soundcard Memory_while_it_is_open}; do
    if ! "$tests" -explicit only -method "*Figures.$figure" -showLiveOutput >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
    sed -n 's/^[^|]*\(| .* |\)[[:space:]]*$/\1/p' "$log"
done
