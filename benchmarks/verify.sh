#!/usr/bin/env bash
# How fast `isr verify` reads, beside sha256sum on the same files: one that is alone, and as many as there are cores.
# FILES (16) of MEGABYTES (64) each; every program ROUNDS (5) times in turn, from the page cache, and once with the files
# dropped from it where that is allowed. Writes benchmarks/results/verify.md.
set -euo pipefail

rounds=${1:-5}
files=${FILES:-16}
megabytes=${MEGABYTES:-64}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
isr=${ISR:-$root/artifacts/bin/Isr/release/isr}
work=$(mktemp -d "${ISR_BENCH_DIR:-${TMPDIR:-/tmp}}/isr-verify-XXXXXX")
trap 'rm -rf "$work"' EXIT

python3 - "$work/rec" "$files" "$megabytes" <<'PYTHON'
"""Makes recordings and the journal that a recorder would have written of them."""
import hashlib, json, os, sys

folder, files, megabytes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(f"{folder}/.isr/journal")
table = [0] * 256
for i in range(256):
    c = i
    for _ in range(8):
        c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
    table[i] = c

def line(entry):
    body = json.dumps(entry, separators=(",", ":"))[:-1].encode()
    crc = 0xFFFFFFFF
    for b in body:
        crc = crc >> 8 ^ table[(crc ^ b) & 255]
    return body + b',"crc":"%08x"}\n' % (crc ^ 0xFFFFFFFF)

chain = ""
with open(f"{folder}/.isr/journal/2026-05-23.jsonl", "wb") as journal:
    for i in range(files):
        name, at = f"radio-{i:04}.mp3", f"2026-05-23T{i // 60 % 24:02}:{i % 60:02}:00+00:00"
        data = os.urandom(megabytes << 20)
        with open(f"{folder}/{name}", "wb") as file:
            file.write(data)
        sha256 = hashlib.sha256(data).hexdigest()
        chain = hashlib.sha256(f"{chain}\n{name}\n{sha256}".encode()).hexdigest()
        journal.write(line({"event": "opened", "source": "radio", "file": name, "start": at, "codec": "MpegLayer3", "sampleRate": 44100, "channels": 2, "at": at}))
        journal.write(line({"event": "closed", "source": "radio", "file": name, "end": at, "samples": 1, "bytes": len(data), "how": "split", "at": at}))
        journal.write(line({"event": "sealed", "file": name, "sha256": sha256, "chain": chain, "at": at}))
PYTHON

bytes=$((files * megabytes * 1024 * 1024))
seconds() { local from=$EPOCHREALTIME; "$@" >/dev/null; awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", b - a }'; }
one() { sha256sum "$work"/rec/*.mp3; }
many() { find "$work/rec" -name '*.mp3' -print0 | xargs -0 -n 1 -P "$(nproc)" sha256sum; }
verify() { "$isr" verify --dir "$work/rec"; }
median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
drop() { sync; { echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null; }

declare -A took
one >/dev/null
for ((i = 0; i < rounds; i++)); do
    for program in one many verify; do
        took[$program]+="$(seconds "$program")"$'\n'
    done
done
cold=()
for program in one many verify; do
    if drop; then cold+=("$(seconds "$program")"); else cold+=(-); fi
done

rate() { awk -v b="$bytes" -v s="$1" 'BEGIN { if (s == "-") print "-"; else printf "%.2f", b / 1e9 / s }'; }
{
    printf '# isr verify beside sha256sum\n\n%s, %s cores; %s files of %s MB, median of %s rounds. GB/s, start of the program and the journal included.\n\n' \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$files" "$megabytes" "$rounds"
    printf '| | from the page cache | from the disk |\n|---|---|---|\n'
    n=0
    for row in "one:sha256sum, one process" "many:sha256sum, $(nproc) processes" "verify:isr verify"; do
        printf '| %s | %s | %s |\n' "${row#*:}" "$(rate "$(printf '%s' "${took[${row%%:*}]}" | median)")" "$(rate "${cold[n]}")"
        n=$((n + 1))
    done
} | tee "$root/benchmarks/results/verify.md"
