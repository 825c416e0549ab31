#!/usr/bin/env bash
# capture.sh [SECONDS]: records 8 capture devices at once, 48 kHz stereo, and prints what that costs and what is missing.
#   RECORDERS="isr arecord ffmpeg"   in turn; isr and ffmpeg write FLAC, arecord WAV, one process for each device
#   CARDS=8                          so many devices
# The devices are ALSA's PCMs on the monitor of a private PulseAudio, which is fed noise that never repeats within a minute:
# what was recorded is compared with it (samples.py). CPU is user and system time of all processes, memory is proportional
# (shared pages are divided).
set -euo pipefail

seconds=${1:-60}
read -ra recorders <<< "${RECORDERS:-isr arecord ffmpeg}"
cards=${CARDS:-8}
settle=10
rate=48000
root=$(cd "$(dirname "$0")/.." && pwd)
isr=$root/artifacts/bin/Isr/release/isr
samples=$root/benchmarks/samples.py
work=$(mktemp -d)
pids=()     # what is measured
pulse=
feeder=

say() { printf '%s\n' "$*" >&2; }

stop() { # PID...: ends them as Ctrl+C does and waits until they have
  local pid
  for pid in "$@"; do kill -INT "$pid" 2>/dev/null || true; done
  for pid in "$@"; do wait "$pid" 2>/dev/null || true; done
}
cleanup() {
  stop "${pids[@]}"
  [ -z "$feeder" ] || { kill "$feeder" 2>/dev/null && wait "$feeder" 2>/dev/null; } || true
  [ -z "$pulse" ] || { kill "$pulse" 2>/dev/null && wait "$pulse" 2>/dev/null; } || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

for tool in pulseaudio pacat pactl arecord ffmpeg python3; do
  command -v "$tool" >/dev/null || { say "$tool is missing: apt-get install pulseaudio pulseaudio-utils libasound2-plugins alsa-utils ffmpeg python3"; exit 1; }
done
[[ " ${recorders[*]} " != *" isr "* ]] || [ -x "$isr" ] || { say "$isr is missing: dotnet build -c Release"; exit 1; }

# Background jobs of a shell without a terminal ignore SIGINT, and children inherit that.
run() { exec env --default-signal=INT "$@"; }

export HOME=$work/home PULSE_RUNTIME_PATH=$work/run PULSE_COOKIE=$work/cookie PULSE_SERVER=unix:$work/native DBUS_SESSION_BUS_ADDRESS=none
export ALSA_CONFIG_PATH=$work/asound.conf
mkdir -p "$HOME"
cat > "$work/rig.pa" <<PA
load-module module-null-sink sink_name=rig rate=$rate channels=2
load-module module-native-protocol-unix auth-anonymous=1 socket=$work/native
PA
printf '</usr/share/alsa/alsa.conf>\n' > "$ALSA_CONFIG_PATH"
for i in $(seq "$cards"); do
  printf 'pcm.cap%s { type pulse server "%s" device "rig.monitor" }\n' "$i" "$PULSE_SERVER" >> "$ALSA_CONFIG_PATH"
done
pulseaudio -n -F "$work/rig.pa" --daemonize=no --exit-idle-time=-1 --use-pid-file=no --disallow-exit --realtime=no --high-priority=no \
  > "$work/pulse.log" 2>&1 & pulse=$!
until pactl info >/dev/null 2>&1; do kill -0 "$pulse"; sleep 0.2; done

# Quiet noise on both channels, each its own, and a sweep: about as hard for FLAC as music is.
ffmpeg -nostdin -v error -f lavfi -i "anoisesrc=r=$rate:a=0.1:color=pink:seed=1[l];anoisesrc=r=$rate:a=0.1:color=pink:seed=2[r];\
[l][r]join=inputs=2:channel_layout=stereo[n];aevalsrc='0.2*sin(2*PI*(200*t+5*t*t))':s=$rate[s];[s]aformat=channel_layouts=stereo[t];[n][t]amix=inputs=2" \
  -t 60 -f s16le "$work/fed.raw"
pacat --playback --raw --device rig --format s16le --rate "$rate" --channels 2 --latency-msec 2000 \
  < <(while cat "$work/fed.raw"; do :; done 2>/dev/null) & feeder=$!

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
  local total=0 pid
  for pid in "${pids[@]}"; do total=$((total + $(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup"))); done
  echo "$total"
}

start() { # RECORDER: starts it, with all devices, writing into $work/out
  local i
  case $1 in
    isr)
      printf '[general]\noutput_directory = %s\nlog_file =\nsplit_minutes = 1440\n' "$work/out" > "$work/config.ini"
      for i in $(seq "$cards"); do
        printf '[cap%s]\ntype = soundcard\ndevice = cap%s\nformat = flac\nsample_rate = %s\nchannels = 2\noutput_directory = %s/out/cap%s\n' \
          "$i" "$i" "$rate" "$work" "$i"
      done >> "$work/config.ini"
      run "$isr" record --config "$work/config.ini" > "$work/isr.log" 2>&1 & pids=($!) ;;
    arecord)
      for i in $(seq "$cards"); do
        run arecord -q -D "cap$i" -f S16_LE -r "$rate" -c 2 "$work/out/$i.wav" 2>> "$work/arecord.log" & pids+=($!)
      done ;;
    ffmpeg)
      for i in $(seq "$cards"); do
        run ffmpeg -nostdin -v warning -f alsa -sample_rate "$rate" -channels 2 -i "cap$i" -c:a flac "$work/out/$i.flac" 2>> "$work/ffmpeg.log" & pids+=($!)
      done ;;
    *) say "There is no recorder $1."; return 1 ;;
  esac
}
overruns() { # RECORDER: how many it has told of
  case $1 in
    isr) python3 -c 'import json, sys; print(sum(s.get("overruns", 0) for s in json.load(open(sys.argv[1])).get("sources", [])))' "$work/out/status.json" ;;
    arecord) grep -c overrun "$work/arecord.log" || true ;;
    ffmpeg) grep -c xrun "$work/ffmpeg.log" || true ;;
  esac
}

check() { # RECORDER: takes those out that have ended by themselves, and says why
  local pid still=()
  for pid in "${pids[@]}"; do if [ -d "/proc/$pid" ]; then still+=("$pid"); fi; done
  [ ${#still[@]} -lt ${#pids[@]} ] || return 0
  say "$1: $((${#pids[@]} - ${#still[@]})) of ${#pids[@]} processes ended by themselves:"
  tail -20 "$work/$1.log" >&2
  ended=$((ended + ${#pids[@]} - ${#still[@]}))
  pids=("${still[@]}")
}

for recorder in "${recorders[@]}"; do
  mkdir "$work/out"
  ended=0
  from=$(date +%s.%N)
  start "$recorder"
  say "$recorder: ${#pids[@]} processes, settling for $settle s, measuring for $seconds s"
  sleep "$settle"
  check "$recorder"
  served=$(ticks "$pulse"); before=$(ticks "${pids[@]}")
  sleep "$seconds"
  check "$recorder"
  after=$(ticks "${pids[@]}"); served=$(($(ticks "$pulse") - served))
  kb=$(memory)
  told=$(overruns "$recorder")
  to=$(date +%s.%N)
  stop "${pids[@]}"
  pids=()
  awk -v name="$recorder" -v ticks=$((after - before)) -v served="$served" -v hz="$(getconf CLK_TCK)" -v seconds="$seconds" -v kb="$kb" -v told="$told" -v ended="$ended" \
    'BEGIN { printf "%s\t%.2f\t%.0f\t%.1f\t%s\t%s\t", name, 100 * ticks / hz / seconds, kb / 1024, 100 * served / hz / seconds, ended, told }' >> "$work/costs"
  python3 "$samples" "$work/fed.raw" "$rate" "$from" "$to" "$work/out" >> "$work/costs"
  # What a recorder said that did not record them all.
  [ "$(tail -1 "$work/costs" | cut -f7)" = "$cards" ] || tail -20 "$work/$recorder.log" >&2
  rm -rf "$work/out"
done

printf '# Soundcards\n\n`./bench.sh capture %s`: %s capture devices of %s Hz, stereo, on a PulseAudio that plays noise which never repeats within a minute, for %s s; arecord writes WAV, isr and ffmpeg FLAC, and isr gathers levels as well. What was recorded is compared with what was played. %s.\n\n' \
  "$seconds" "$cards" "$rate" "$((settle + seconds))" "$(nproc) cores of $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(date -u +%Y-%m-%d)"
awk -F'\t' 'BEGIN { print "| recorder | CPU, % of one core | memory, MB | PulseAudio CPU, % | ended early | overruns told | files | samples | missing | doubled | not fed | least recorded of its time, % |\n|---|---|---|---|---|---|---|---|---|---|---|---|" }
  { printf "|"; for (i = 1; i <= NF; i++) printf " %s |", $i; print "" }' "$work/costs"
