#!/usr/bin/env bash
# cut.sh [ROUNDS]: 60 s at 55:00 of an hour: what GET /api/cut takes, the first time and again, beside `ffmpeg -c copy` from start to end.
# The least of all rounds counts; "first" is the first request for the file after the server has started. Files are made once and kept in artifacts/benchmarks.
set -euo pipefail

rounds=${1:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
files=$root/artifacts/benchmarks
isr=$root/artifacts/bin/Isr/${CONFIGURATION:-release}/isr
work=$(mktemp -d)
server=
stop() {
  [ -z "$server" ] || { kill "$server" && wait "$server" || true; }
  server=
}
trap 'stop; rm -rf "$work"' EXIT

say() { printf '%s\n' "$*" >&2; }

for tool in ffmpeg curl python3; do
  command -v "$tool" >/dev/null || { say "$tool is missing: apt-get install ffmpeg curl python3"; exit 1; }
done
[ -x "$isr" ] || { say "$isr is missing: dotnet build src/Isr -c Release"; exit 1; }

make() { # NAME ARGUMENTS...
  local name=$1
  shift
  [ -e "$files/$name" ] || {
    say "Making $name ..."
    ffmpeg -nostdin -v error -y -f lavfi -i anoisesrc=color=pink:seed=1:amplitude=0.2:r=48000:d=3600 -ac 2 "$@" "$files/part-$name"
    mv "$files/part-$name" "$files/$name"
  }
}
mkdir -p "$files" "$work/rec"
make cut-flac.flac -c:a flac
make cut-cbr.mp3 -c:a libmp3lame -b:a 128k
make cut-vbr.mp3 -c:a libmp3lame -q:a 4
make cut-opus.opus -c:a libopus -b:a 96k -compression_level 3
make cut-aac.aac -c:a aac -b:a 128k
names=(cut-flac.flac cut-cbr.mp3 cut-vbr.mp3 cut-opus.opus cut-aac.aac)
for name in "${names[@]}"; do
  ln "$files/$name" "$work/rec/$name" 2>/dev/null || cp "$files/$name" "$work/rec/$name"
  cat "$files/$name" >/dev/null
done

ask() { curl -sS --fail -o "$work/cut" -w '%{time_total}\n' "http://127.0.0.1:$port/api/cut?file=$1&start=55:00&end=56:00"; }

: > "$work/results"
for _ in $(seq "$rounds"); do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$isr" web --dir "$work/rec" --port "$port" >/dev/null 2>&1 &
  server=$!
  until curl -sf -o /dev/null "http://127.0.0.1:$port/api/files"; do kill -0 "$server"; done
  # What the runtime compiles on its first request is no part of any format.
  ask cut-flac.flac >/dev/null
  for name in "${names[@]}"; do
    printf '%s\tfirst\t%s\n%s\tagain\t%s\n' "$name" "$(ask "$name")" "$name" "$(ask "$name")" >> "$work/results"
    seconds=$(python3 -c '
import subprocess, sys, time
start = time.perf_counter()
subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-ss", "3300", "-i", sys.argv[1], "-t", "60", "-c", "copy", sys.argv[2]], check=True)
print(time.perf_counter() - start)' "$files/$name" "$work/copy.${name##*.}")
    printf '%s\tffmpeg\t%s\n' "$name" "$seconds" >> "$work/results"
  done
  stop
done

table() {
  printf '# Cutting\n\n`./bench.sh cut %s`: 60 s at 55:00 of an hour of 48 kHz stereo noise, in ms, least of %s rounds. %s, %s cores, %s.\n\n' \
    "$rounds" "$rounds" "$(uname -m)" "$(nproc)" "$(date -u +%Y-%m-%d)"
  python3 - "$work/results" <<'PYTHON'
import sys
best = {}
for line in open(sys.argv[1]):
    name, what, seconds = line.split("\t")
    best[name, what] = min(float(seconds), best.get((name, what), 1e9))
print("| file | isr, first | isr, again | ffmpeg -c copy |")
print("|---|---|---|---|")
for name in dict.fromkeys(name for name, _ in best):
    print(f"| {name} | " + " | ".join(f"{1000 * best[name, what]:.1f}" for what in ("first", "again", "ffmpeg")) + " |")
PYTHON
}
table
