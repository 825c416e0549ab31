#!/usr/bin/env bash
# analysis.sh [ROUNDS]: an hour of audio as WAV, FLAC, MP3 and Opus: what `isr analyze` takes, beside programs that only read or decode.
# Programs take turns in each round; the least of all rounds counts. CPU is user and system time of the program and its children in
# the quickest round, memory the most that one process held. The files are made once and kept in artifacts/benchmarks.
set -euo pipefail

rounds=${1:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
files=$root/artifacts/benchmarks
isr=$root/artifacts/bin/Isr/release/isr
results=$(mktemp)
trap 'rm -f "$results"' EXIT

say() { printf '%s\n' "$*" >&2; }

for tool in ffmpeg flac python3; do
  command -v "$tool" >/dev/null || { say "$tool is missing: apt-get install ffmpeg flac python3"; exit 1; }
done
[ -x "$isr" ] || { say "$isr is missing: dotnet build src/Isr -c Release"; exit 1; }

# Pink noise of a quiet room, a swell every ten minutes, and an event of a second and a half every 47 s.
make() { # NAME ARGUMENTS...
  local name=$1
  shift
  [ -e "$files/$name" ] || {
    say "Making $name ..."
    ffmpeg -nostdin -v error -y "$@" "$files/part-$name"
    mv "$files/part-$name" "$files/$name"
  }
}
mkdir -p "$files"
make hour.wav -f lavfi -i anoisesrc=color=pink:seed=1:amplitude=0.05:r=48000:d=3600 -f lavfi -i anoisesrc=color=white:seed=2:amplitude=0.5:r=48000:d=3600 \
  -filter_complex "[1]volume='if(lt(mod(t,47),1.5),1,0)':eval=frame[events];[0]volume='1+0.8*sin(2*PI*t/600)':eval=frame[room];[room][events]amix=inputs=2:normalize=0,aformat=sample_fmts=dbl:channel_layouts=mono,asplit[left][copy];[copy]adelay=7,aformat=sample_fmts=dbl:channel_layouts=mono[right];[left][right]amerge=inputs=2" \
  -c:a pcm_s16le
make hour.flac -i "$files/hour.wav" -c:a flac
make hour.mp3 -i "$files/hour.wav" -c:a libmp3lame -b:a 128k
make hour.opus -i "$files/hour.wav" -c:a libopus -b:a 96k -compression_level 3

# once FILE PROGRAM COMMAND...: a line with seconds, CPU seconds, MB.
once() {
  python3 - "$results" "$@" <<'PYTHON'
import os, resource, subprocess, sys, time
results, file, program, *command = sys.argv[1:]
start = time.perf_counter()
code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
seconds = time.perf_counter() - start
if code:
    sys.exit(f"{' '.join(command)} ended with {code}")
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(results, "a") as out:
    print(file, program, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, sep="\t", file=out)
PYTHON
}

for round in $(seq 0 "$rounds"); do
  [ "$round" -gt 0 ] || say "The first round only warms up."
  for name in hour.wav hour.flac hour.mp3 hour.opus; do
    once "$name" "cat" sh -c 'cat "$1" >/dev/null' sh "$files/$name"
    once "$name" "isr analyze" "$isr" analyze "$files/$name"
    [ "$name" != hour.flac ] || once "$name" "flac -t" flac -st "$files/$name"
    # isr gives each of several files a core; a WAV file is only copied by ffmpeg.
    once "$name" "ffmpeg -f null" ffmpeg -nostdin -v error -threads 1 -i "$files/$name" -f null -
  done
  once "all four" "isr analyze" "$isr" analyze "$files"/hour.{wav,flac,mp3,opus}
  [ "$round" -gt 0 ] || : > "$results"
done

table() {
  cat <<HEAD
# Analysis

\`./bench.sh analysis $rounds\`: an hour of 48 kHz stereo (noise with 77 events), from start to end of the program, least of $rounds rounds in which
the programs take turns. Ratios are to \`cat\`, and to the program that decodes the same file. $(uname -m), $(nproc) cores, $(date -u +%Y-%m-%d).

HEAD
  python3 - "$results" <<'PYTHON'
import sys
best = {}
for line in open(sys.argv[1]):
    file, program, *figures = line.rstrip("\n").split("\t")
    figures = [float(f) for f in figures]
    key = (file, program)
    memory = max(figures[2], best[key][2] if key in best else 0)
    if key not in best or figures[0] < best[key][0]:
        best[key] = figures
    best[key][2] = memory
print("| file | program | seconds | CPU seconds | MB | against cat | against the decoder |")
print("|---|---|---|---|---|---|---|")
for (file, program), (seconds, cpu, memory) in best.items():
    cat = best.get((file, "cat"))
    decoder = best.get((file, "flac -t")) or best.get((file, "ffmpeg -f null"))
    against = lambda other: f"{seconds / other[0]:.2f}" if other else "-"
    print(f"| {file} | {program} | {seconds:.3f} | {cpu:.2f} | {memory:.0f} | {against(cat)} | {against(decoder)} |")
PYTHON
}
table
