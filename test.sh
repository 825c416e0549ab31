#!/usr/bin/env bash
# Builds everything, checks its form and runs all tests. The last line is "N passed, N failed".
# ISR_CAMPAIGN=full makes the reliability tests run their long campaigns.
set -uo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"
cd "$root" || exit 1

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
passed=0
failed=0
faults=()
broken=()
shaky=()
log=$(mktemp)
servers=$(mktemp -d)
trap 'rm -rf "$log" "$servers"' EXIT

# step NAME COMMAND... shows what the command says, keeps it in $log, and tells how long it took.
step() {
    local name=$1 started=$SECONDS result=0 end="done"
    shift
    printf -- '--- %s\n' "$name"
    "$@" 2>&1 </dev/null | tee "$log" || result=$?
    [ $result -eq 0 ] || end=FAILED
    printf -- '--- %s: %s in %d s\n' "$name" "$end" $((SECONDS - started))
    return $result
}

# A step that is no test counts as one failure when it fails.
fault() {
    failed=$((failed + 1))
    faults+=("$1")
}

finish() {
    printf 'Took %d s.\n' "$SECONDS"
    [ ${#faults[@]} -eq 0 ] || printf 'Failed: %s\n' "${faults[@]}"
    [ ${#shaky[@]} -eq 0 ] || printf 'Passed only when run again by itself: %s\n' "${shaky[@]}"
    [ ${#broken[@]} -eq 0 ] || printf 'Failed: %s\n' "${broken[@]#* }"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
    exit
}

# sum WORD adds up the numbers after "WORD:" in what the .NET test run said.
sum() { awk -v word="$1:" '$1 == word { n += $2 } END { print n + 0 }' "$log"; }

# A script of the client's package.json.
has_script() { node -e 'process.exit(process.argv[1] in (require("./src/Isr.Client/package.json").scripts ?? {}) ? 0 : 1)' "$1"; }

install() {
    need_dotnet
    need_node
    need_programs ffmpeg:ffmpeg libsqlite3.so.0:libsqlite3-0 icecast2:icecast2 mp3val:mp3val mpg123:mpg123 flac:flac chromium:chromium \
        curl:curl setpriv:util-linux ogginfo:vorbis-tools opusinfo:opus-tools oggz-validate:oggz-tools \
        sndfile-info:sndfile-programs soxi:sox gcc:gcc pkg-config:pkg-config fusermount3:fuse3 libasound.so.2:libasound2 \
        prometheus:prometheus systemd-analyze:systemd rsync:rsync \
        pulseaudio:pulseaudio paplay:pulseaudio-utils arecord:alsa-utils libasound_module_pcm_pulse.so:libasound2-plugins
    need_library fuse3:libfuse3-dev alsa:libasound2-dev
    # Only the long campaign has a second kind of encoder.
    [ "${ISR_CAMPAIGN:-}" != full ] || need_programs liquidsoap:liquidsoap
}

# What takes no time of its own but the processors': beside tests that mostly wait, and behind them.
aside() {
    step "format" dotnet format whitespace Isr.slnx --verify-no-changes --no-restore || fault "format"
    if has_script lint; then
        step "lint the page" npm --prefix src/Isr.Client run lint || fault "lint the page"
    fi
    if has_script test; then
        test_client
    fi
    test_module Isr.Audio.Tests
}

test_client() {
    local result=0 good bad
    step "test the page" npm --prefix src/Isr.Client test || result=$?
    # vitest: "Tests  1 failed | 2 passed (3)"; node --test: "# pass 2", "# fail 1".
    good=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '^ *(Tests |[#ℹ] pass )' | grep -oE '[0-9]+ passed|pass [0-9]+' | grep -oE '[0-9]+' | paste -sd+)
    bad=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '^ *(Tests |[#ℹ] fail )' | grep -oE '[0-9]+ failed|fail [0-9]+' | grep -oE '[0-9]+' | paste -sd+)
    passed=$((passed + ${good:-0}))
    failed=$((failed + ${bad:-0}))
    [ $result -eq 0 ] || [ $((${bad:-0})) -gt 0 ] || fault "test the page"
}

# test_module NAME runs the tests of one assembly.
test_module() {
    local result=0 bad
    step "$1" dotnet test --test-modules "artifacts/bin/$1/debug/$1.dll" --no-ansi --no-progress || result=$?
    bad=$(sum failed)
    passed=$((passed + $(sum succeeded)))
    failed=$((failed + bad))
    while IFS= read -r test; do
        broken+=("$1 $test")
    done < <(sed -n 's/^failed //p' "$log")
    # A run that broke off has no failed test to show for it.
    [ $result -eq 0 ] || [ "$bad" -gt 0 ] || fault "$1"
}

# Many tests record in real time, several at once, on as few processors as there are. What fails then is run once more, by itself:
# if it fails again it is broken; if not, it passed, and is named at the end as something to look into. More than a handful are no chance.
try_again() {
    local test method methods
    mapfile -t methods < <(printf '%s\n' "${broken[@]}" | sed 's/ *(.*//' | sort -u)
    [ ${#broken[@]} -gt 0 ] && [ ${#methods[@]} -le 4 ] || return 0
    for method in "${methods[@]}"; do
        if step "once more, by itself: ${method#* }" "artifacts/bin/${method%% *}/debug/${method%% *}" -method "${method#* }"; then
            shaky+=("${method#* }")
        fi
    done
    methods=("${broken[@]}")
    broken=()
    for test in "${methods[@]}"; do
        method=$(sed 's/ *(.*//' <<<"$test")
        if [[ " ${shaky[*]} " == *" ${method#* } "* ]]; then
            failed=$((failed - 1))
            passed=$((passed + 1))
        else
            broken+=("$test")
        fi
    done
}

# One compiler for all projects, which ends with the build. Begun anew for each it is cold each time, and to profile
# what runs once costs more than that brings: 172 s of CPU time so, 98 s with both. The tests start isr some 200 times: it is
# compiled ahead, as a release is.
build() {
    local result=0
    TMPDIR=$servers DOTNET_TieredPGO=0 dotnet build Isr.slnx --nologo -v quiet -p:UseSharedCompilation=true -p:CompileAhead=true || result=$?
    TMPDIR=$servers dotnet build-server shutdown --vbcscompiler >"$servers/log" 2>&1 || cat "$servers/log"
    return $result
}

(install) || { fault "install"; finish; }
step "build" build || { fault "build"; finish; }
# The build has checked style and analyzers, whose findings are errors there.
{
    log=$(mktemp -p "$servers")
    renice -n 10 -p "$BASHPID" >/dev/null
    aside >"$servers/aside" 2>&1
    printf '%s\n' "$passed $failed" "${faults[@]/#/fault }" "${broken[@]/#/broken }" >"$servers/outcome"
} &
test_module Isr.Reliability.Tests
test_module Isr.Tests
test_module Isr.Browser.Tests
wait $! || fault "what ran beside the tests"
cat "$servers/aside"
while read -r kind rest; do
    case $kind in
    '') ;;
    fault) faults+=("$rest") ;;
    broken) broken+=("$rest") ;;
    *) passed=$((passed + kind)) failed=$((failed + rest)) ;;
    esac
done <"$servers/outcome"
try_again
finish
