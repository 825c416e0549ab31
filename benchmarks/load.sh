#!/usr/bin/env bash
# load.sh streams|load|soak [SECONDS]: records many streams from one local Icecast, and prints what it costs and how well the
# files were cut. Started by bench.sh, which builds.
#   streams   100, 500 and 1,000 streams of six formats, files of 15 s
#   load      the same of MP3 at 128 kbit/s; 100 beside as many processes of ffmpeg and of streamripper; and 100 with the page and
#             analysis on, the process that decodes counted apart
#   soak      100 streams of six formats with the page and analysis on, for ISR_SOAK_HOURS (8): soak.py samples once a minute, and
#             checks all files at the end
#   STREAMS="100 500 1000"   so many streams each time, spread over the mounts
#   FORMATS="mp3 aac vorbis opus oggflac flac"   the mounts
# CPU is user and system time of all processes, memory is proportional (shared pages are divided). Splits are judged by a tap of
# each mount (splits.py).
set -euo pipefail

what=$1
seconds=${2:-60}
six="mp3 aac vorbis opus oggflac flac"
case $what in
  streams) usual=$six ;;
  load) usual=mp3 ;;
  soak) usual=$six; STREAMS=${STREAMS:-100} ;;
  *) echo "load.sh streams|load|soak [SECONDS]" >&2; exit 2 ;;
esac
read -ra counts <<< "${STREAMS:-100 500 1000}"
read -ra formats <<< "${FORMATS:-$usual}"
settle=20
port=61790
root=$(cd "$(dirname "$0")/.." && pwd)
isr=$root/artifacts/bin/Isr/release/isr
splits=$root/benchmarks/splits.py
soak=$root/benchmarks/soak.py
work=$(mktemp -d)
pids=()     # what is measured
feeders=()
icecast=
tap=

say() { printf '%s\n' "$*" >&2; }

stop() { # PID...: ends them and waits until they have
  local pid
  for pid in "$@"; do kill "$pid" 2>/dev/null || true; done
  for pid in "$@"; do wait "$pid" 2>/dev/null || true; done
}
stop_all() { stop "${pids[@]}"; pids=(); }
cleanup() {
  stop_all
  stop ${tap:+"$tap"} "${feeders[@]}" 2>/dev/null
  stop ${icecast:+"$icecast"}
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

for tool in icecast2 ffmpeg streamripper curl python3; do
  command -v "$tool" >/dev/null || { say "$tool is missing: apt-get install icecast2 ffmpeg streamripper curl python3"; exit 1; }
done
[ -x "$isr" ] || { say "$isr is missing: dotnet build -c Release"; exit 1; }

most=$(printf '%s\n' "${counts[@]}" | sort -n | tail -1)
ulimit -n "$(ulimit -Hn)"
[ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -gt $((most * 3 + 200)) ] || say "Only $(ulimit -n) open files are allowed: too few for $most streams."

# Nobody may be thrown out for being slow: a queue holds some ten seconds of FLAC.
mkdir -p "$work/log"
cat > "$work/icecast.xml" <<XML
<icecast>
  <limits><clients>$((most + 200))</clients><sources>20</sources><queue-size>2097152</queue-size><burst-size>65535</burst-size></limits>
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

url() { printf 'http://127.0.0.1:%s/%s' "$port" "$1"; }
codec() { # FORMAT: how ffmpeg codes and calls it
  case $1 in
    mp3) echo "-c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0 -f mp3 -content_type audio/mpeg" ;;
    aac) echo "-c:a aac -b:a 128k -f adts -content_type audio/aac" ;;
    vorbis) echo "-c:a libvorbis -q:a 4 -f ogg -content_type audio/ogg" ;;
    opus) echo "-c:a libopus -b:a 96k -f ogg -content_type audio/ogg" ;;
    oggflac) echo "-c:a flac -f ogg -content_type audio/ogg" ;;
    flac) echo "-c:a flac -f flac -content_type audio/flac" ;;
    *) say "There is no format $1."; return 1 ;;
  esac
}
# Quiet noise on both channels, each its own, and a sweep: about as hard for FLAC as music is.
sound="anoisesrc=r=44100:a=0.1:color=pink:seed=1[l];anoisesrc=r=44100:a=0.1:color=pink:seed=2[r];\
[l][r]join=inputs=2:channel_layout=stereo[n];aevalsrc='0.2*sin(2*PI*(200*t+5*t*t))':s=44100[s];\
[s]aformat=channel_layouts=stereo[t];[n][t]amix=inputs=2"
for format in "${formats[@]}"; do
  options=$(codec "$format")
  # shellcheck disable=SC2086
  ffmpeg -nostdin -v fatal -re -f lavfi -i "$sound" $options "icecast://source:bench@127.0.0.1:$port/$format" & feeders+=($!)
  until [ "$(curl -s -m 1 "$(url "$format")" | wc -c)" -gt 1000 ]; do kill -0 "${feeders[-1]}"; sleep 0.2; done
done

ticks() { # PID...: CPU ticks of all of them so far
  local total=0 pid line
  for pid in "$@"; do
    line=$(sed 's/.*) //' "/proc/$pid/stat")
    # shellcheck disable=SC2086
    set -- $line
    total=$((total + ${12} + ${13}))
  done
  echo "$total"
}
memory() { # proportional kB of all that is measured
  local total=0
  for pid in "${pids[@]}"; do total=$((total + $(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup"))); done
  echo "$total"
}
measure() { # NAME FILE: waits until all have settled, measures, and adds NAME, CPU, MB and Icecast's CPU to FILE
  say "$1: ${#pids[@]} processes, settling for $settle s, measuring for $seconds s"
  sleep "$settle"
  local before after served
  served=$(ticks "$icecast"); before=$(ticks "${pids[@]}")
  sleep "$seconds"
  after=$(ticks "${pids[@]}"); served=$(($(ticks "$icecast") - served))
  awk -v name="$1" -v ticks=$((after - before)) -v served="$served" -v hz="$(getconf CLK_TCK)" -v seconds="$seconds" -v kb="$(memory)" \
    'BEGIN { printf "%s\t%.2f\t%.0f\t%.0f\n", name, 100 * ticks / hz / seconds, kb / 1024, 100 * served / hz / seconds }' >> "$work/$2"
  stop_all
}
configure() { # STREAMS MINUTES FORMAT...: sources NUMBER-FORMAT, each in a folder of its own
  local i count=$1 minutes=$2 format
  shift 2
  printf '[general]\noutput_directory = %s\nlog_file =\nsplit_minutes = %s\n' "$work/isr" "$minutes"
  for i in $(seq "$count"); do
    format=${*:$((i % $# + 1)):1}
    printf '[%s-%s]\ntype = stream\nurl = %s\noutput_directory = %s/isr/%s-%s\n' "$i" "$format" "$(url "$format")" "$work" "$i" "$format"
  done
}

against_others() {
  configure 100 5 mp3 > "$work/config.ini"
  "$isr" record --config "$work/config.ini" > "$work/isr.log" 2>&1 & pids=($!)
  measure "isr record" others
  "$isr" run --port 0 --config "$work/config.ini" >> "$work/isr.log" 2>&1 & pids=($!)
  measure "isr run (with the page)" others
  rm -rf "$work/isr"

  local i
  mkdir "$work/ffmpeg"
  for i in $(seq 100); do ffmpeg -nostdin -v error -i "$(url mp3)" -c copy -f mp3 "$work/ffmpeg/$i.mp3" & pids+=($!); done
  measure "ffmpeg -c copy" others
  for i in $(seq 100); do streamripper "$(url mp3)" -d "$work/ripper/$i" -a whole -A --quiet >/dev/null 2>&1 & pids+=($!); done
  measure "streamripper" others
  rm -rf "$work/ffmpeg" "$work/ripper"

  printf '\n## Beside others\n\n100 streams, files of 5 minutes; isr is one process, the others one for each stream.\n\n'
  awk -F'\t' 'BEGIN { print "| recorder | CPU, % of one core | memory, MB | CPU against streamripper |\n|---|---|---|---|" }
    { name[NR] = $1; cpu[NR] = $2; mb[NR] = $3 } END { for (i = 1; i <= NR; i++) printf "| %s | %s | %s | %.2f |\n", name[i], cpu[i], mb[i], cpu[i] / cpu[NR] }' "$work/others"
}

split_up() { # STREAMS
  local mounts=() format
  for format in "${formats[@]}"; do mounts+=("$(url "$format")"); done
  rm -rf "$work/taps" "$work/isr"; mkdir "$work/taps"
  python3 "$splits" tap "$work/taps" "${mounts[@]}" & tap=$!
  # isr's bursts must begin after the tap's.
  sleep 2
  configure "$1" 0.25 "${formats[@]}" > "$work/config.ini"
  "$isr" record --config "$work/config.ini" > "$work/isr.log" 2>&1 & pids=($!)
  measure "$1" costs
  stop "$tap"; tap=
  python3 "$splits" judge "$work/taps" "$work/isr" > "$work/judged"
  { tail -1 "$work/costs" | tr '\n' '\t'; head -1 "$work/judged" | cut -f2-; } >> "$work/mixed"
  tail -n +2 "$work/judged" | sed "s/^/$1\t/" >> "$work/mounts"
  rm -rf "$work/taps" "$work/isr"
}

with_analysis() {
  configure 100 5 mp3 > "$work/config.ini"
  "$isr" run --port 0 --config "$work/config.ini" > "$work/isr.log" 2>&1 & pids=($!)
  # Each stream is decoded every 25 s: the first round of all of them is over then, and one is in what is measured.
  local round=$((seconds < 50 ? 50 : seconds))
  say "with analysis: settling for 60 s, measuring for $round s"
  sleep 60
  printf '\n## With analysis\n\n`isr run` on 100 streams, whose levels are measured while they are recorded: by a process of lower priority (nice 10), with its decoders, on what the cores have left.\n\n'
  python3 "$soak" cost "${pids[0]}" "$round"
  stop_all
  rm -rf "$work/isr"
}

# The burst of a mount is full only after some seconds.
sleep 8
where="$(nproc) cores of $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(date -u +%Y-%m-%d)"
if [ "$what" = soak ]; then
  configure "${counts[0]}" 15 "${formats[@]}" > "$work/config.ini"
  # So that it fits on the disk, and retention has work.
  sed -i "s/^\[general\]/&\nkeep_gb = ${ISR_SOAK_GB:-4}/" "$work/config.ini"
  "$isr" run --port 0 --config "$work/config.ini" > "$work/isr.log" 2>&1 & pids=($!)
  printf '# Soak\n\n`ISR_SOAK_HOURS=%s ./bench.sh load soak`: %s streams of %s from one Icecast, `isr run` with the page and analysis on, files of 15 minutes, keep_gb = %s. %s.\n\n' \
    "${ISR_SOAK_HOURS:-8}" "${counts[0]}" "${formats[*]}" "${ISR_SOAK_GB:-4}" "$where"
  python3 "$soak" soak "${pids[0]}" "${ISR_SOAK_HOURS:-8}" "$work/isr" "$root/artifacts/benchmarks/soak.csv"
  pids=()
  if grep -E ' (ERROR|CRITICAL) ' "$work/isr.log" >&2; then printf '\nThe log has %s errors.\n' "$(grep -cE ' (ERROR|CRITICAL) ' "$work/isr.log")"; else printf '\nThe log has no error.\n'; fi
  exit
fi

if [ "$what" = load ]; then
  printf '# Load\n\n`./bench.sh load %s`: streams of 128 kbit/s MP3 from one Icecast, measured for %s s each time. %s.\n' "$seconds" "$seconds" "$where"
  if printf '%s\n' "${counts[@]}" | grep -qx 100 && printf '%s\n' "${formats[@]}" | grep -qx mp3; then
    against_others
    with_analysis
  fi
  printf '\n## More of them\n'
else
  printf '# Many streams of six formats\n\n`./bench.sh streams %s`: streams from one Icecast, measured for %s s each time. %s.\n' "$seconds" "$seconds" "$where"
fi
for count in "${counts[@]}"; do split_up "$count"; done

printf '\nStreams of %s, spread evenly, `isr record`, files of 15 s. The first frame of every file is compared with a tap of its mount: when it truly sounded, and whether all frames between are there once. A cut falls on the first frame at or after the boundary, so that it is up to a frame late by design: 26 ms of MP3, 93 or 104 ms of FLAC.\n\n' "${formats[*]}"
awk -F'\t' 'BEGIN { print "| streams | CPU, % of one core | memory, MB | Icecast CPU, % | splits | median error, ms | worst, ms | samples lost or doubled | files not in the tap | gaps | server late at most, ms |\n|---|---|---|---|---|---|---|---|---|---|---|" }
  { printf "|"; for (i = 1; i <= NF; i++) printf " %s |", $i; print "" }' "$work/mixed"
if [ "${#formats[@]}" -gt 1 ]; then
  printf '\n'
  awk -F'\t' 'BEGIN { print "| streams | format | splits | median error, ms | worst, ms | samples lost or doubled | files not in the tap | server late at most, ms |\n|---|---|---|---|---|---|---|---|" }
    { printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5, $6, $7, $9 }' "$work/mounts"
fi
