#!/usr/bin/env bash
# Benchmarks. Each writes benchmarks/results/NAME.md, and docs/performance.md is put together from those files anew. Run nothing else beside them.
#   ./bench.sh all [quick]         every one of them, one after the other; quick takes about 20 minutes on two cores, with shorter measurements
#   ./bench.sh performance         only puts docs/performance.md together
#   ./bench.sh streams [SECONDS]   100, 500 and 1,000 streams of six formats; STREAMS="100" takes other numbers of them
#   ./bench.sh load [SECONDS]      the same of MP3, beside ffmpeg and streamripper, and with analysis; `ISR_SOAK_HOURS=8 ./bench.sh load soak` runs for hours
#   ./bench.sh capture [SECONDS]   8 capture devices by isr, arecord and ffmpeg in turn
#   ./bench.sh analysis [ROUNDS]   `isr analyze` beside what only decodes
#   ./bench.sh ranges [ROUNDS]     small ranges of recordings, asked of isr and nginx
#   ./bench.sh cut [ROUNDS]        cuts beside ffmpeg's stream copy
#   ./bench.sh archive             lists of 50,000 recordings
#   ./bench.sh verify              `isr verify` beside sha256sum
#   ./bench.sh page                the page in Chromium: size, first paint, script while a day is dragged, how far live sound is behind, memory over ISR_PAGE_MINUTES (60)
#   ./bench.sh framing|levels|sections   by BenchmarkDotNet, of the parts; further arguments go to it
#   ./bench.sh --filter …          BenchmarkDotNet alone, which writes no result
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cd "$root"
results=$root/benchmarks/results

build() { # PROJECT
    need_dotnet
    need_node
    dotnet build "$1" -c Release --nologo -v quiet >&2
}

performance() { python3 benchmarks/performance.py; }

# keep NAME COMMAND... keeps what the command prints, once it has ended well.
keep() {
    local name=$1
    shift
    mkdir -p "$results" artifacts/benchmarks
    "$@" | tee "artifacts/benchmarks/$name.md"
    mv "artifacts/benchmarks/$name.md" "$results/$name.md"
    performance
}

# dotted HEADING FILTER ARGUMENTS...: the tables of BenchmarkDotNet as a result.
dotted() {
    local heading=$1 filter=$2 table
    shift 2
    rm -rf artifacts/benchmarks/dotted
    dotnet run -c Release --project benchmarks/Isr.Benchmarks -- --filter "$filter" --artifacts artifacts/benchmarks/dotted "$@" >&2
    printf '# %s\n\n`./bench.sh %s`: %s cores of %s, %s.\n' "$heading" "$asked" "$(nproc)" "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)" "$(date -u +%Y-%m-%d)"
    for table in artifacts/benchmarks/dotted/results/*-report-github.md; do
        printf '\n'
        grep '^|' "$table"
    done
}

measure() { # NAME ARGUMENTS...
    local name=$1
    asked="$*"
    shift
    case $name in
        streams | load)
            need_programs ffmpeg:ffmpeg icecast2:icecast2 curl:curl streamripper:streamripper python3:python3 setpriv:util-linux
            build src/Isr
            if [ "${1:-}" = soak ]; then keep soak benchmarks/load.sh soak; else keep "$name" benchmarks/load.sh "$name" "$@"; fi ;;
        capture)
            need_programs ffmpeg:ffmpeg libasound.so.2:libasound2 arecord:alsa-utils pulseaudio:pulseaudio pactl:pulseaudio-utils \
                libasound_module_pcm_pulse.so:libasound2-plugins python3:python3
            build src/Isr
            keep capture benchmarks/capture.sh "$@" ;;
        analysis)
            need_programs ffmpeg:ffmpeg flac:flac python3:python3
            build src/Isr
            keep analysis benchmarks/analysis.sh "$@" ;;
        ranges)
            need_programs nginx:nginx-light curl:curl
            build src/Isr
            build benchmarks/Isr.Benchmarks
            keep ranges benchmarks/ranges.sh "$@" ;;
        archive)
            build src/Isr
            build benchmarks/Isr.Benchmarks
            keep archive artifacts/bin/Isr.Benchmarks/release/Isr.Benchmarks archive artifacts/bin/Isr/release/isr ;;
        cut)
            need_programs ffmpeg:ffmpeg curl:curl python3:python3
            build src/Isr
            keep cut benchmarks/cut.sh "$@" ;;
        verify)
            need_programs python3:python3 sha256sum:coreutils
            build src/Isr
            keep verify benchmarks/verify.sh "$@" ;;
        page)
            need_programs ffmpeg:ffmpeg flac:flac chromium:chromium icecast2:icecast2 pulseaudio:pulseaudio pacat:pulseaudio-utils \
                libasound.so.2:libasound2 libasound_module_pcm_pulse.so:libasound2-plugins
            build tests/Isr.Browser.Tests
            keep page benchmarks/page.sh ;;
        framing)
            need_dotnet
            need_programs ffmpeg:ffmpeg
            keep framing dotted "Framing" "${FILTER:-*FramingBenchmarks*}" "$@" ;;
        levels)
            need_dotnet
            keep levels dotted "Levels" "${FILTER:-*LevelBenchmarks*}" --job short "$@" ;;
        sections)
            need_dotnet
            keep sections dotted "Sections" "${FILTER:-*Section*}" --job short "$@" ;;
        *) fail "There is no benchmark $name; the head of bench.sh lists them." ;;
    esac
}

# The machine that all that follows is measured on.
machine() {
    {
        printf '| | |\n|---|---|\n'
        printf '| processor | %s cores of %s (%s) |\n' "$(nproc)" "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)" "$(uname -m)"
        printf '| memory | %s GB |\n' "$(awk '/^MemTotal:/ { printf "%.1f", $2 / 1e6 }' /proc/meminfo)"
        printf '| disk | %s, %s |\n' "$(findmnt -no FSTYPE -T "$root")" "$(df -BG --output=size,avail "$root" | awk 'NR == 2 { print $1 " in all, " $2 " free" }')"
        printf '| system | %s, Linux %s |\n' "$(. /etc/os-release && echo "$PRETTY_NAME")" "$(uname -r)"
        printf '| .NET | %s |\n' "$(dotnet --list-runtimes | awk '$1 == "Microsoft.NETCore.App" { version = $2 } END { print version }')"
        printf '| peers | %s |\n' "ffmpeg $(ffmpeg -version | awk 'NR == 1 { print $3 }'), $(icecast2 -v 2>&1 | head -1)"
        printf '| measured | %s%s |\n' "$(date -u +%Y-%m-%d)" "${1:+, $1}"
    } > artifacts/benchmarks/machine.md
    mv artifacts/benchmarks/machine.md "$results/machine.md"
}

everything() { # quick or nothing
    mkdir -p artifacts/benchmarks
    need_dotnet
    need_programs ffmpeg:ffmpeg icecast2:icecast2
    if [ "${1:-}" = quick ]; then
        machine "quick: shorter measurements than usual"
        FILTER='*FramingBenchmarks*mp3*' measure framing
        measure levels
        measure load 30
        STREAMS="100 1000" measure streams 15
        measure capture 15
        measure analysis 1
        measure cut 2
        measure ranges 1
        measure archive
        measure verify
        FIGURES="Size First_paint_with_50000_recordings Dragging_a_day Live_streams" measure page
    else
        machine
        measure framing
        measure levels
        measure sections
        measure load
        measure streams
        measure capture
        measure analysis
        measure cut
        measure ranges
        measure archive
        measure verify
        measure page
    fi
    performance
}

case ${1:-} in
    "") sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$root/bench.sh" ;;
    all) shift; everything "$@" ;;
    performance) performance ;;
    --*) need_dotnet; exec dotnet run -c Release --project benchmarks/Isr.Benchmarks -- "$@" ;;
    *) measure "$@" ;;
esac
