#!/usr/bin/env bash
# hundred-streams.sh [SECONDS]: records 100 streams of 128 kbit/s from one local Icecast, with isr, with 100
# processes of ffmpeg and with 100 of streamripper, one after the other, and prints what each costs.
# CPU is user and system time of all its processes, memory is proportional (shared pages are divided).
set -euo pipefail

seconds=${1:-60}
streams=100
port=61790
root=$(cd "$(dirname "$0")/.." && pwd)
isr=$root/artifacts/bin/Isr/release/isr
work=$(mktemp -d)
pids=()

say() { printf '%s\n' "$*" >&2; }

stop_all() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  pids=()
}
cleanup() {
  stop_all
  [ -z "${feeder:-}" ] || kill "$feeder" 2>/dev/null || true
  [ -z "${icecast:-}" ] || kill "$icecast" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

for tool in icecast2 ffmpeg streamripper curl; do
  command -v "$tool" >/dev/null || { say "$tool is missing: apt-get install icecast2 ffmpeg streamripper curl"; exit 1; }
done
[ -x "$isr" ] || { say "$isr is missing: dotnet build -c Release"; exit 1; }

mkdir -p "$work/log"
cat > "$work/icecast.xml" <<XML
<icecast>
  <limits><clients>400</clients><sources>2</sources><burst-size>65535</burst-size></limits>
  <authentication><source-password>bench</source-password><admin-user>admin</admin-user><admin-password>bench</admin-password></authentication>
  <listen-socket><port>$port</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths><logdir>$work/log</logdir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths>
  <logging><loglevel>1</loglevel></logging>
</icecast>
XML
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"; chown -R icecast2 "$work/log"
  setpriv --reuid=icecast2 --regid=icecast --clear-groups icecast2 -c "$work/icecast.xml" >/dev/null 2>&1 & icecast=$!
else
  icecast2 -c "$work/icecast.xml" >/dev/null 2>&1 & icecast=$!
fi
until curl -so /dev/null "http://127.0.0.1:$port/"; do kill -0 "$icecast"; sleep 0.2; done
ffmpeg -nostdin -v error -re -f lavfi -i "anoisesrc=r=44100:a=0.1" -ac 2 -c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0 \
  -content_type audio/mpeg -f mp3 "icecast://source:bench@127.0.0.1:$port/live.mp3" & feeder=$!
until [ "$(curl -s -m 1 "http://127.0.0.1:$port/live.mp3" | wc -c)" -gt 1000 ]; do kill -0 "$feeder"; sleep 0.2; done
url=http://127.0.0.1:$port/live.mp3

ticks() { # CPU ticks of all processes so far
  local total=0 line
  for pid in "${pids[@]}"; do
    line=$(sed 's/.*) //' "/proc/$pid/stat")
    # shellcheck disable=SC2086
    set -- $line
    total=$((total + ${12} + ${13}))
  done
  echo "$total"
}
memory() { # proportional kB of all processes
  local total=0
  for pid in "${pids[@]}"; do total=$((total + $(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup"))); done
  echo "$total"
}
measure() { # NAME: waits until all have settled, then measures
  say "$1: ${#pids[@]} processes, settling for 20 s, measuring for $seconds s"
  sleep 20
  local before after
  before=$(ticks); sleep "$seconds"; after=$(ticks)
  awk -v name="$1" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" -v seconds="$seconds" -v kb="$(memory)" \
    'BEGIN { printf "%s\t%.2f\t%.0f\n", name, 100 * ticks / hz / seconds, kb / 1024 }' >> "$work/results"
  stop_all
}

{
  printf '[general]\noutput_directory = %s\nlog_file =\nsplit_minutes = 5\n' "$work/isr"
  for i in $(seq $streams); do printf '[s%03d]\ntype = stream\nurl = %s\noutput_directory = %s/isr/s%03d\n' "$i" "$url" "$work" "$i"; done
} > "$work/config.ini"
"$isr" record --config "$work/config.ini" > "$work/isr.log" 2>&1 & pids=($!)
measure "isr record"
"$isr" run --port 0 --config "$work/config.ini" >> "$work/isr.log" 2>&1 & pids=($!)
measure "isr run (with the page)"

mkdir "$work/ffmpeg"
for i in $(seq $streams); do ffmpeg -nostdin -v error -i "$url" -c copy -f mp3 "$work/ffmpeg/$i.mp3" & pids+=($!); done
measure "ffmpeg -c copy"
for i in $(seq $streams); do streamripper "$url" -d "$work/ripper/$i" -a whole -A --quiet >/dev/null 2>&1 & pids+=($!); done
measure "streamripper"

printf '\n100 streams of 128 kbit/s from one Icecast, %s s, %s\n\n' "$seconds" "$(uname -m), $(nproc) cores"
awk -F'\t' 'BEGIN { print "| recorder | CPU, % of one core | memory, MB | CPU against streamripper |\n|---|---|---|---|" }
  { name[NR] = $1; cpu[NR] = $2; mb[NR] = $3 } END { for (i = 1; i <= NR; i++) printf "| %s | %s | %s | %.2f |\n", name[i], cpu[i], mb[i], cpu[i] / cpu[NR] }' "$work/results"
