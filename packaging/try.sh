#!/usr/bin/env bash
# Proves on a fresh Debian that isr can be installed as docs/install.md says, and records when it is. As root:
#
#   packaging/try.sh deb        the package, by the commands of docs/install.md
#   packaging/try.sh systemd    by hand, by the commands there
#   packaging/try.sh container  the steps of packaging/docker/Dockerfile, where there is no container engine
#   packaging/try.sh source     ./run.sh, and ./test.sh until it has built, with this computer's .NET SDK and Node.js
#
# There is no systemd in a fresh root: `systemctl start isr` there starts what the unit says, as its user, and waits for READY=1
# as systemd does. ISR_FRESH_ROOT=FILE.tar keeps the fresh root for the next time; ISR_PUBLISHED=yes takes what was published and packed before.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

[ "$(id -u)" -eq 0 ] || fail "packaging/try.sh makes a root file system, which only root can."
mode=${1:-}
case $mode in
deb | systemd | container | source) ;;
*)
    say "Usage: packaging/try.sh deb|systemd|container|source"
    exit 2
    ;;
esac

# Where the version of a package stands is the documentation itself; this is what is replaced in its commands.
url=http://127.0.0.1:8000/live.mp3
as_here() { sed "s#https://radio.example.org/news.mp3#$url#"; }

work=$(mktemp -d)
fresh=$work/root
network=
service=
mounts=()
servers=()

finish() {
    local result=$? pid at
    trap - EXIT
    for pid in $service "${servers[@]}" $network; do
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    for ((at = ${#mounts[@]} - 1; at >= 0; at--)); do
        umount -l "${mounts[at]}" || true
    done
    # Nothing of this computer may hang in what is deleted now.
    if grep -q " $work" /proc/self/mounts; then
        say "$work is left: something is mounted there still."
    else
        rm -rf --one-file-system "$work"
    fi
    [ $result -eq 0 ] || say "FAILED"
    exit $result
}
trap finish EXIT
trap 'say "Interrupted by SIGTERM."; exit 143' TERM
trap 'say "Interrupted by SIGINT."; exit 130' INT
trap 'say "Interrupted by SIGHUP."; exit 129' HUP

took() { say "$(printf '%4d s  %s' "$SECONDS" "$*")"; }

mount_in() {
    mount "$@"
    mounts+=("${!#}")
}

# A Debian of which only the essential packages are there.
make_fresh() {
    need_programs debootstrap:debootstrap icecast2:icecast2 ffmpeg:ffmpeg setpriv:util-linux ip:iproute2 /usr/bin/python3:python3 curl:curl
    mkdir -p "$fresh"
    if [ -n "${ISR_FRESH_ROOT:-}" ] && [ -e "$ISR_FRESH_ROOT" ]; then
        tar -xf "$ISR_FRESH_ROOT" -C "$fresh"
    else
        debootstrap --variant=minbase "${SUITE:-bookworm}" "$fresh" >"$work/log" 2>&1 || { cat "$work/log"; fail "debootstrap failed."; }
        rm -rf "$fresh/var/cache/apt/archives/"*.deb
        [ -z "${ISR_FRESH_ROOT:-}" ] || tar -cf "$ISR_FRESH_ROOT" -C "$fresh" .
    fi
    [ "$mode" = container ] || open_root "$fresh"
    took "a fresh Debian is there"
    SECONDS=0
}

# Names, and what programs expect of a kernel.
open_root() {
    cp /etc/resolv.conf "$1/etc/resolv.conf"
    # Packages must not start services here.
    printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
    chmod 755 "$1/usr/sbin/policy-rc.d"
    mount_in -t proc proc "$1/proc"
    mount_in --rbind --make-rslave /dev "$1/dev"
}

inside() { chroot "$fresh" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

in_network() { nsenter --net="/proc/$network/ns/net" "$@"; }

has_own_network() { [ "$(readlink "/proc/$network/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

until_true() {
    local limit=$1 until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ $SECONDS -lt $until ] || fail "Waited $limit s in vain for $what."
        sleep 0.1
    done
}

# A network of its own, so that no port of this computer is in the way, with an Icecast that plays a tone.
start_station() {
    unshare --net sleep infinity &
    network=$!
    # Until it has one of its own, all that is done in it is done to this computer's.
    until_true 5 "a network" has_own_network
    until_true 5 "a network" in_network ip link set lo up
    mkdir -p "$work/ice"
    cat >"$work/ice/icecast.xml" <<'END'
<icecast>
  <limits><sources>2</sources></limits>
  <authentication><source-password>hackme</source-password><admin-user>admin</admin-user><admin-password>hackme</admin-password></authentication>
  <hostname>127.0.0.1</hostname>
  <listen-socket><port>8000</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths><logdir>.</logdir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths>
</icecast>
END
    chmod 755 "$work"
    chown -R icecast2 "$work/ice"
    (cd "$work/ice" && exec nsenter --net="/proc/$network/ns/net" setpriv --reuid=icecast2 --regid=icecast --clear-groups icecast2 -c icecast.xml) >/dev/null 2>&1 &
    servers+=($!)
    # Without a way out it may look for names in vain first.
    until_true 60 "Icecast" is_listening
    nsenter --net="/proc/$network/ns/net" ffmpeg -nostdin -v quiet -re -f lavfi -i 'sine=440,volume=0.3' -c:a libmp3lame -b:a 128k -content_type audio/mpeg -f mp3 icecast://source:hackme@127.0.0.1:8000/live.mp3 &
    servers+=($!)
    until_true 10 "a stream" is_playing
}

is_listening() { in_network bash -c 'exec 3<>/dev/tcp/127.0.0.1/8000' 2>"$work/log"; }

is_playing() { [ "$(in_network curl -s -o /dev/null -m 2 -w '%{size_download}' "$url")" -gt 10000 ]; }

setting() { sed -n "s/^$1=//p" "$unit" | tail -1; }

# What systemd does for a unit of this kind, as far as the program can tell.
start_service() {
    unit=$(find "$fresh/etc/systemd/system" "$fresh/lib/systemd/system" -maxdepth 1 -name isr.service -type f 2>/dev/null | head -1)
    [ -n "$unit" ] || fail "There is no isr.service."
    [ "$(setting Type)" = notify ] || fail "isr.service is not of Type=notify."
    local user identity command
    user=$(setting User)
    identity=$(inside id -u "$user")
    inside install -d -o "$user" -g "$(setting Group)" -m "$(setting StateDirectoryMode)" "/var/lib/$(setting StateDirectory)"
    /usr/bin/python3 - "$fresh/run/notify" "$identity" >"$work/notify" <<'END' &
import os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
os.chown(sys.argv[1], int(sys.argv[2]), -1)
while True:
    print(listener.recv(4096).decode(), flush=True)
END
    servers+=($!)
    until_true 5 "a socket to be told by" test -S "$fresh/run/notify"
    command=$(setting ExecStart)
    # shellcheck disable=SC2016,SC2046,SC2086 # Words of the unit, and words for the shell inside.
    nsenter --net="/proc/$network/ns/net" chroot "$fresh" setpriv --reuid="$user" --regid="$(setting Group)" --init-groups --no-new-privs --bounding-set=-all \
        sh -c 'cd "$1" && umask "$2" && shift 2 && exec "$@"' sh "$(setting WorkingDirectory)" "$(setting UMask)" \
        env -i PATH=/usr/local/bin:/usr/bin:/bin NOTIFY_SOCKET=/run/notify WATCHDOG_USEC=2000000 $(setting Environment) $command >"$work/service.log" 2>&1 &
    service=$!
    until_true 60 READY=1 is_told READY=1
    took "the service is ready"
    until_true 30 "a recording that grows" has_sound
    took "a recording has 5 s of sound"
    until_true 10 "a sign of life" is_told WATCHDOG=1
}

is_told() {
    [ -d "/proc/$service" ] || { cat "$work/service.log" >&2; fail "isr has ended."; }
    grep -q "^$1" "$work/notify"
}

has_sound() { [ -n "$(find "$fresh/var/lib/isr/recordings" -name '*.mp3' -size +80k 2>/dev/null)" ]; }

stop_service() {
    local before=$SECONDS result=0
    kill -TERM "$service"
    wait "$service" || result=$?
    service=
    [ $result -eq 0 ] || { cat "$work/service.log" >&2; fail "isr ended with $result."; }
    grep -q '^STOPPING=1' "$work/notify" || fail "isr did not say that it stops."
    took "stopped, within $((SECONDS - before)) s"
    check_files "$fresh/var/lib/isr/recordings"
}

# Every file is whole: it decodes without a word, and the journal has its hash.
check_files() {
    local file seconds
    while IFS= read -r file; do
        seconds=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$file")
        [ -z "$(ffmpeg -nostdin -v error -i "$file" -f null - 2>&1)" ] || fail "$file does not decode."
        grep -qF "\"$(sha256sum "$file" | cut -d' ' -f1)\"" "$1"/.isr/journal/*.jsonl || fail "The journal has not the hash of $file."
        took "$(basename "$file"): ${seconds} s, decodes, and its hash is in the journal"
    done < <(find "$1" -name '*.mp3')
    [ -n "${seconds:-}" ] || fail "Nothing was recorded."
}

# The commands of docs/install.md that carry this mark, in their order.
documented() {
    awk -v mark="<!-- run: $1 -->" '$0 == mark { marked = 1; next } marked && /^```sh$/ { inside = 1; next } /^```$/ { inside = 0; marked = 0 } inside' "$root/docs/install.md" | as_here
}

run_documented() {
    local command
    while IFS= read -r -u 9 command; do
        say "       \$ $command"
        case $command in
        "systemctl start isr")
            took "what there is to install and configure is done"
            start_service
            ;;
        "systemctl stop isr") stop_service ;;
        "systemctl daemon-reload" | "systemctl enable isr" | "systemctl disable isr") ;;
        # Those that speak with the program or a stream do it in the network where these are.
        isr\ *) in_network chroot "$fresh" sh -c "cd /root/here && $command" </dev/null ;;
        *) inside sh -c "cd /root/here && $command" >"$work/log" 2>&1 </dev/null || { cat "$work/log" >&2; fail "It ended with an error."; } ;;
        esac
    done 9< <(documented "$1")
}

try_deb() {
    [ -n "${ISR_PUBLISHED:-}" ] || "$root/scripts/build-deb.sh"
    SECONDS=0
    make_fresh
    start_station
    mkdir "$fresh/root/here"
    cp "$root"/artifacts/packages/isr_*_amd64.deb "$fresh/root/here"
    SECONDS=0
    inside apt-get update -q >/dev/null
    run_documented deb
    [ -n "$(find "$fresh/var/lib/isr/recordings" -name '*.mp3')" ] || fail "The recordings went with the package."
    [ ! -e "$fresh/usr/bin/isr" ] || fail "The program is there still."
}

try_systemd() {
    [ -n "${ISR_PUBLISHED:-}" ] || "$root/scripts/publish.sh" linux-x64
    SECONDS=0
    make_fresh
    start_station
    mkdir -p "$fresh/root/here/artifacts/publish"
    cp -r "$root/artifacts/publish/linux-x64" "$fresh/root/here/artifacts/publish"
    cp -r "$root/packaging" "$fresh/root/here"
    SECONDS=0
    inside apt-get update -q >/dev/null
    run_documented systemd
    [ -n "$(find "$fresh/var/lib/isr/recordings" -name '*.mp3')" ] || fail "The recordings went with the program."
}

# Puts the clone, as git has it and as it is changed, into a folder.
copy_clone() {
    mkdir -p "$1"
    # shellcheck disable=SC2016
    git -C "$root" ls-files -z --cached --others --exclude-standard | (cd "$root" && xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh) |
        tar -C "$root" --null -T - -cf - | tar -C "$1" --no-same-owner -xf -
}

# This computer's SDK and Node.js, at the places where the images have them.
lend_sdk() {
    local dotnet node
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    node=$(readlink -f "$(command -v node)")
    mkdir -p "$1/usr/share/dotnet"
    mount_in --bind "$dotnet" "$1/usr/share/dotnet"
    ln -s ../share/dotnet/dotnet "$1/usr/bin/dotnet"
    install -D "$node" "$1/usr/local/bin/node"
    mkdir -p "$1/usr/local/lib/node_modules"
    cp -r "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$1/usr/local/lib/node_modules/npm"
}

# Whom this computer trusts: its way to the packages may lead through a proxy with a certificate of its own.
trust=(SSL_CERT_FILE=/root/certificates.crt NODE_EXTRA_CA_CERTS=/root/certificates.crt "NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online}")
lend_trust() { cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$1/root/certificates.crt"; }

try_source() {
    make_fresh
    lend_trust "$fresh"
    lend_sdk "$fresh"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$fresh/usr/local/bin/npm"
    inside apt-get update -q >/dev/null
    # What the SDK and Node.js themselves need; git clones.
    inside apt-get install -q -y --no-install-recommends ca-certificates libicu72 libstdc++6 git >"$work/log" 2>&1 || { cat "$work/log"; fail "apt-get failed."; }
    took "the SDK and Node.js are there, which the README asks for"
    copy_clone "$fresh/root/isr"
    mkdir "$fresh/root/here"
    SECONDS=0
    chroot "$fresh" sh -c 'cd /root/here && exec env HOME=/root "$@" /root/isr/run.sh demo --port 18999' sh "${trust[@]}" >"$work/service.log" 2>&1 </dev/null &
    service=$!
    until_true 900 "a recording by ./run.sh" has_demo_sound
    took "./run.sh records: 5 s of sound"
    kill -TERM "$service"
    wait "$service" || fail "./run.sh did not end with 0."
    service=
    SECONDS=0
    chroot "$fresh" sh -c 'cd /root/isr && exec env HOME=/root "$@" ./test.sh' sh "${trust[@]}" >"$work/test.log" 2>&1 </dev/null &
    service=$!
    until_true 1800 "./test.sh to build" grep -q '^--- build: done' "$work/test.log"
    took "./test.sh has installed and built, and tests begin"
}

has_demo_sound() {
    [ -d "/proc/$service" ] || { cat "$work/service.log" >&2; fail "./run.sh has ended."; }
    [ -n "$(find "$fresh/root/here/recordings" -name '*.mp3' -size +80k 2>/dev/null)" ]
}

# shellcheck source=packaging/dockerfile.sh
[ "$mode" != container ] || . "$root/packaging/dockerfile.sh"

"try_$mode"
took "all of it holds"
