#!/usr/bin/env bash
# Benchmarks. `./bench.sh` measures framing against ffmpeg's stream copy (arguments go to BenchmarkDotNet);
# `./bench.sh streams [SECONDS]` records 100 streams with isr, ffmpeg and streamripper in turn, and then 100, 500 and
# 1,000 of six formats with isr; STREAMS="100" takes other numbers of them. `./bench.sh capture [SECONDS]` records 8 capture
# devices with isr, arecord and ffmpeg in turn. `./bench.sh analysis [ROUNDS]` measures `isr analyze` beside what only decodes.
# `./bench.sh ranges [ROUNDS]` asks isr and nginx for small ranges of recordings, `./bench.sh cut [ROUNDS]` measures cuts beside
# ffmpeg's stream copy, `./bench.sh archive` lists of 50,000 recordings. `./bench.sh page` measures the page in Chromium: its
# size, its first paint, script while a day is dragged, how far live sound is behind its source, and memory over ISR_PAGE_MINUTES (60).
# `./bench.sh verify [ROUNDS]` measures `isr verify` beside sha256sum. Run nothing else beside it.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

need_dotnet
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cd "$root"
if [ "${1:-}" = streams ]; then
    shift
    need_node
    need_programs ffmpeg:ffmpeg icecast2:icecast2 curl:curl streamripper:streamripper python3:python3 setpriv:util-linux
    dotnet build src/Isr -c Release --nologo -v quiet
    exec benchmarks/many-streams.sh "$@"
fi

if [ "${1:-}" = capture ]; then
    shift
    need_node
    need_programs ffmpeg:ffmpeg libasound.so.2:libasound2 arecord:alsa-utils pulseaudio:pulseaudio pactl:pulseaudio-utils \
        libasound_module_pcm_pulse.so:libasound2-plugins python3:python3
    dotnet build src/Isr -c Release --nologo -v quiet
    exec benchmarks/many-cards.sh "$@"
fi

if [ "${1:-}" = analysis ]; then
    shift
    need_node
    need_programs ffmpeg:ffmpeg flac:flac python3:python3
    dotnet build src/Isr -c Release --nologo -v quiet
    exec benchmarks/analysis.sh "$@"
fi

if [ "${1:-}" = ranges ]; then
    shift
    need_node
    need_programs nginx:nginx-light curl:curl
    dotnet build src/Isr -c Release --nologo -v quiet
    dotnet build benchmarks/Isr.Benchmarks -c Release --nologo -v quiet
    exec benchmarks/ranges.sh "$@"
fi

if [ "${1:-}" = archive ]; then
    need_node
    dotnet build src/Isr -c Release --nologo -v quiet
    dotnet build benchmarks/Isr.Benchmarks -c Release --nologo -v quiet
    exec artifacts/bin/Isr.Benchmarks/release/Isr.Benchmarks archive artifacts/bin/Isr/release/isr
fi

if [ "${1:-}" = cut ]; then
    shift
    need_node
    need_programs ffmpeg:ffmpeg curl:curl python3:python3
    dotnet build src/Isr -c Release --nologo -v quiet
    exec benchmarks/cut.sh "$@"
fi

if [ "${1:-}" = verify ]; then
    shift
    need_node
    need_programs python3:python3 sha256sum:coreutils
    dotnet build src/Isr -c Release --nologo -v quiet
    exec benchmarks/verify.sh "$@"
fi

if [ "${1:-}" = page ]; then
    need_node
    need_programs ffmpeg:ffmpeg flac:flac chromium:chromium icecast2:icecast2 pulseaudio:pulseaudio pacat:pulseaudio-utils \
        libasound.so.2:libasound2 libasound_module_pcm_pulse.so:libasound2-plugins
    dotnet build tests/Isr.Browser.Tests -c Release --nologo -v quiet
    exec benchmarks/page.sh
fi

need_programs ffmpeg:ffmpeg
[ $# -gt 0 ] || set -- --filter '*' --artifacts artifacts/benchmarks
exec dotnet run -c Release --project benchmarks/Isr.Benchmarks -- "$@"
