# shellcheck shell=bash disable=SC2154,SC2016
# Does what a Dockerfile says without a container engine: each stage is a root of its own, made of a fresh Debian, with this
# computer's .NET and Node.js in place of their images. Sourced by packaging/try.sh.

declare -A stages=() variables=()
stage=
directory=/
entrypoint=()
cmd=()
healthcheck=()
user=root
container=()

# One instruction a line: comments and empty lines go, continued lines are joined.
instructions() { sed -e '/^ *#/d' -e '/^ *$/d' "$1" | sed -e ':join' -e '/\\$/{N;s/\\\n */ /;b join' -e '}'; }

# The words of a JSON array, a line each.
words() { /usr/bin/python3 -c 'import json, sys; print("\n".join(json.loads(sys.argv[1])))' "$1"; }

# Values of ARG and ENV, as the builder puts them in.
filled() {
    local text=$1 name
    for name in "${!variables[@]}"; do
        text=${text//"\${$name}"/${variables[$name]}}
        text=${text//"\$$name"/${variables[$name]}}
    done
    printf '%s' "$text"
}

in_stage() {
    local settings=() name
    for name in "${!variables[@]}"; do
        settings+=("$name=${variables[$name]}")
    done
    chroot "$stage" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${trust[@]}" "${settings[@]}" sh -c "mkdir -p '$directory' && cd '$directory' && $1" </dev/null >"$work/log" 2>&1 ||
        { tail -50 "$work/log" >&2; fail "RUN $1: failed."; }
}

begin_stage() {
    local image=$1 name=${2:-final}
    stage=$work/stage-$name
    stages[$name]=$stage
    directory=/
    mkdir -p "$stage"
    case $image in
    node:*)
        mkdir -p "$stage/usr/local/bin" "$stage/usr/local/lib/node_modules"
        cp "$(readlink -f "$(command -v node)")" "$stage/usr/local/bin/node"
        cp -r "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$stage/usr/local/lib/node_modules/npm"
        return
        ;;
    */sdk:*)
        cp -a "$fresh/." "$stage"
        open_root "$stage"
        lend_trust "$stage"
        mkdir -p "$stage/usr/share/dotnet"
        mount_in --bind "$dotnet" "$stage/usr/share/dotnet"
        ln -s ../share/dotnet/dotnet "$stage/usr/bin/dotnet"
        in_stage 'apt-get update -q && apt-get install -q -y --no-install-recommends ca-certificates git libicu72 libstdc++6'
        ;;
    */aspnet:*)
        cp -a "$fresh/." "$stage"
        open_root "$stage"
        mkdir -p "$stage/usr/share/dotnet"
        cp -r "$dotnet/host" "$dotnet/shared" "$dotnet/dotnet" "$stage/usr/share/dotnet"
        ln -s ../share/dotnet/dotnet "$stage/usr/bin/dotnet"
        in_stage 'apt-get update -q && apt-get install -q -y --no-install-recommends ca-certificates libssl3 libstdc++6 tzdata'
        ;;
    *) fail "packaging/dockerfile.sh knows no image $image." ;;
    esac
    took "stage $name, of $image"
}

copy() {
    local from=$work/context words to at
    read -ra words <<<"$1"
    if [[ ${words[0]} == --from=* ]]; then
        from=${stages[${words[0]#--from=}]}
        words=("${words[@]:1}")
    fi
    to=${words[-1]}
    [[ $to == /* ]] || to=$directory/$to
    for at in "${words[@]::${#words[@]}-1}"; do
        if [ -d "$from/$at" ]; then
            mkdir -p "$stage$to"
            cp -r "$from/$at/." "$stage$to"
        else
            install -D "$from/$at" "$stage$to$(basename "$at")"
        fi
    done
}

build_image() {
    local line word rest name image
    while IFS= read -r -u 8 line; do
        word=${line%% *}
        rest=${line#* }
        case $word in
        ARG | ENV)
            name=${rest%%=*}
            variables[$name]=${rest#*=}
            ;;
        FROM)
            rest=${rest#--platform=* }
            image=$(filled "${rest%% *}")
            name=${rest##* AS }
            [ "$name" != "$rest" ] || name=final
            begin_stage "$image" "$name"
            ;;
        WORKDIR) directory=$rest ;;
        COPY) copy "$rest" ;;
        RUN)
            in_stage "$rest"
            took "RUN ${rest:0:90}"
            ;;
        USER) user=$rest ;;
        ENTRYPOINT) mapfile -t entrypoint < <(words "$rest") ;;
        CMD) mapfile -t cmd < <(words "$rest") ;;
        HEALTHCHECK) mapfile -t healthcheck < <(words "${rest#* CMD }") ;;
        EXPOSE | STOPSIGNAL) ;;
        *) fail "packaging/dockerfile.sh knows no instruction $word." ;;
        esac
    done 8< <(instructions "$1")
}

# What stands before a command in the container: the user of the image, no rights, and what is mounted by prepare_container. As
# words, not as a function: what is started in the background must be the command itself, for signals to reach it.
enter_container() {
    container=(nsenter --net="/proc/$network/ns/net" chroot "$stage" setpriv --reuid="$user" --regid="$user" --init-groups --no-new-privs --bounding-set=-all
        env -i PATH=/usr/local/bin:/usr/bin:/bin TZ=Europe/Berlin ISR_PASSWORD_HASH_FILE=/run/secrets/isr_password "DOTNET_EnableDiagnostics=${variables[DOTNET_EnableDiagnostics]}"
        sh -c 'cd "$0" && exec "$@"' "$directory")
}

prepare_container() {
    local id=10001
    enter_container
    mkdir -p "$work/recordings/old" "$stage/run/secrets"
    printf '[general]\nsplit_minutes = 60\n[news]\ntype = stream\nurl = %s\n' "$url" >"$work/config.ini"
    # As the old program's container left it, which ran as root.
    chown "$id:$id" "$work/recordings"
    touch "$stage/app/config.ini" "$stage/run/secrets/isr_password"
    mount_in --bind "$stage" "$stage"
    mount_in --bind "$work/recordings" "$stage/app/recordings"
    mount_in --bind "$work/config.ini" "$stage/app/config.ini"
    mount_in -t tmpfs tmpfs "$stage/tmp"
    mount_in -t proc proc "$stage/proc"
    mount_in --rbind --make-rslave /dev "$stage/dev"
    echo 'fairly secret' | "${container[@]}" isr password --print --stdin >"$work/password.hash"
    mount_in --bind "$work/password.hash" "$stage/run/secrets/isr_password"
    mount -o remount,bind,ro "$stage"
    ! touch "$stage/app/x" 2>/dev/null || fail "The root is not read-only."
}

is_healthy() {
    [ -d "/proc/$service" ] || { cat "$work/service.log" >&2; fail "isr has ended."; }
    "${container[@]}" "${healthcheck[@]}" >"$work/health" 2>&1
}

has_container_sound() { [ -n "$(find "$work/recordings" -maxdepth 1 -name '*.mp3' -size +80k)" ]; }

try_container() {
    local result=0 before answer
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    make_fresh
    start_station
    copy_clone "$work/context"
    # What Dockerfile.dockerignore leaves out is what git ignores, and more.
    SECONDS=0
    variables[BUILDPLATFORM]=linux/amd64
    build_image "$root/packaging/docker/Dockerfile"
    took "the image is built: $(du -sh --exclude="$stage/proc" --exclude="$stage/dev" "$stage" | cut -f1), of which isr $(du -sh "$stage/opt/isr" | cut -f1)"
    prepare_container
    SECONDS=0
    "${container[@]}" "${entrypoint[@]}" "${cmd[@]}" >"$work/service.log" 2>&1 &
    service=$!
    until_true 30 "the health check" is_healthy
    took "healthy: $(cat "$work/health")"
    until_true 30 "a recording" has_container_sound
    took "a recording has 5 s of sound"
    grep -q "cannot be written by the user that isr runs as: /app/recordings/old" "$work/service.log" || { cat "$work/service.log"; fail "It did not say which folder is root's."; }
    answer=$(in_network curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/api/files)
    [ "$answer" = 401 ] || fail "The list of recordings is open: $answer."
    before=$SECONDS
    # The signal that `docker stop` sends to the first process.
    kill -TERM "$service"
    wait "$service" || result=$?
    service=
    [ $result -eq 0 ] || { cat "$work/service.log" >&2; fail "isr ended with $result."; }
    took "stopped by SIGTERM with 0, within $((SECONDS - before)) s"
    check_files "$work/recordings"
}
