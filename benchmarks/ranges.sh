#!/usr/bin/env bash
# Small ranges of recordings, asked for by 1 and by 50 clients that keep their connections: isr beside nginx, which does nothing
# but send files. ROUNDS times in turn (3); the median is shown. Started by bench.sh, which builds.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
rounds=${1:-3}
seconds=5
files=1000
size=2000000
isr=$root/artifacts/bin/Isr/release/isr
load=$root/artifacts/bin/Isr.Benchmarks/release/Isr.Benchmarks

work=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

mkdir "$work/rec"
head -c $size /dev/urandom >"$work/sound"
paths=()
for ((i = 0; i < files; i++)); do
    name=$(date -u -d "2026-01-01 +$i hours" +%Y%m%d_%H%M%S).mp3
    ln "$work/sound" "$work/rec/$name"
    [ $((i % 10)) = 0 ] && paths+=("$name")
done

"$isr" web --dir "$work/rec" --host 127.0.0.1 --port 18180 >"$work/isr.log" 2>&1 &
pids+=($!)
nginx_conf="$work/nginx.conf"
cat >"$nginx_conf" <<CONF
pid $work/nginx.pid; daemon off; worker_processes auto; error_log $work/nginx.log;
events { worker_connections 256; }
http { access_log off; keepalive_requests 100000000; tcp_nodelay on; sendfile on;
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:18181; root $work/rec; } }
CONF
chmod -R a+rX "$work"
nginx -c "$nginx_conf" 2>/dev/null &
pids+=($!)
for port in 18180 18181; do
    for ((i = 0; i < 100; i++)); do
        curl -s -o /dev/null "http://127.0.0.1:$port/" && break
        sleep 0.1
    done
done

ask() { # port clients prefix
    "$load" range-load "$1" "$2" $seconds $size "${paths[@]/#/$3}"
}
ask 18180 50 /stream/ >/dev/null
ask 18181 50 / >/dev/null
for ((round = 0; round < rounds; round++)); do
    for clients in 1 50; do
        echo "isr $clients $(ask 18180 $clients /stream/)"
        echo "nginx $clients $(ask 18181 $clients /)"
    done
done >"$work/results"

{
    printf '# Small ranges\n\n'
    echo "\`./bench.sh ranges $rounds\`: ranges of 1,000 bytes of $files recordings over loopback, $rounds rounds of $seconds s in turn, the median round by requests; client and server share $(nproc) cores of $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(date -u +%Y-%m-%d)."
    echo
    echo "| server | clients | requests a second | median (ms) | 99th percentile (ms) |"
    echo "|---|--:|--:|--:|--:|"
    for clients in 1 50; do
        for server in isr nginx; do
            grep "^$server $clients " "$work/results" | sort -k3 -n | sed -n "$(((rounds + 1) / 2))p" | awk '{print "| " $1 " | " $2 " | " $3 " | " $4 " | " $5 " |"}'
        done
    done
}
