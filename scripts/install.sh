# shellcheck shell=bash
# Sees to it that the programs are there which the scripts beside it need. To be sourced; everything it has to
# say goes to standard error, so that it can stand before a command whose output is read.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# The SDK that global.json asks for. It comes in several ways, so it is not installed here.
need_dotnet() {
    command -v dotnet >/dev/null ||
        fail "isr needs the .NET SDK 10, and there is no dotnet here. Install it: https://dotnet.microsoft.com/download/dotnet/10.0"
    dotnet --list-sdks | grep -q '^10\.' ||
        fail "isr needs the .NET SDK 10; dotnet here has $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' '). Install it: https://dotnet.microsoft.com/download/dotnet/10.0"
}

# Node.js, which builds the page. A distribution's own is often too old, so it is not installed here.
need_node() {
    local version
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        fail "isr needs Node.js 20.19 or newer with npm to build its page. Install it: https://nodejs.org/en/download"
    fi
    version=$(node --version)
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
        fail "isr needs Node.js 20.19 or newer to build its page; here is $version. Install it: https://nodejs.org/en/download"
}

# A program, or a library by its name.
is_there() {
    case $1 in
    libasound_module_*) compgen -G "/usr/lib*/*/alsa-lib/$1" >/dev/null ;;
    lib*.so*) PATH=$PATH:/sbin ldconfig -p | grep -F "$1 " >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# need_programs program:package... installs Debian packages of programs (and libraries) that are missing.
need_programs() {
    local pair missing=()
    for pair in "$@"; do
        is_there "${pair%%:*}" || missing+=("${pair##*:}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    install_packages "${missing[@]}"
}

# need_library library:package... does the same for libraries that tests compile against, by the name pkg-config knows.
need_library() {
    local pair missing=()
    for pair in "$@"; do
        pkg-config --exists "${pair%%:*}" || missing+=("${pair##*:}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    install_packages "${missing[@]}"
}

install_packages() {
    local missing=("$@") admin=()
    command -v apt-get >/dev/null ||
        fail "These programs are missing: ${missing[*]} (names of Debian's packages). Install them and start again."
    if [ "$(id -u)" -ne 0 ]; then
        # Without a terminal sudo would ask for a password that nobody types.
        if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            fail "Programs are missing. Install them as root and start again: apt-get install --no-install-recommends ${missing[*]}"
        fi
        admin=(sudo)
    fi

    say "Installing ${missing[*]} ..."
    local log
    log=$(mktemp)
    # Should one repository of several be out of reach, the others may still do.
    if ! { { "${admin[@]}" apt-get update -q || true; } &&
        "${admin[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        fail "They could not be installed. Install them by hand and start again: apt-get install --no-install-recommends ${missing[*]}"
    fi
    rm -f "$log"
}
