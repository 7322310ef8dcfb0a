# Sourced by the scripts beside it: system libraries, a virtual environment, the package. Safe to repeat.
#
#   prepare EXTRA...      e.g. `prepare test lint`; honours TORCH_INDEX (a pip index for another torch build), and remembers it

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="${NETBUILDER_VENV:-$ROOT/.venv}"

say() { printf '%s\n' "$*" >&2; }

# shared library -> Debian package that brings it
SYSTEM_LIBRARIES="
libEGL.so.1:libegl1
libGL.so.1:libgl1
libglib-2.0.so.0:libglib2.0-0
libdbus-1.so.3:libdbus-1-3
libfontconfig.so.1:libfontconfig1
libxkbcommon.so.0:libxkbcommon0
libxkbcommon-x11.so.0:libxkbcommon-x11-0
libxcb-cursor.so.0:libxcb-cursor0
libxcb-icccm.so.4:libxcb-icccm4
libxcb-image.so.0:libxcb-image0
libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-randr.so.0:libxcb-randr0
libxcb-render-util.so.0:libxcb-render-util0
libxcb-shape.so.0:libxcb-shape0
libxcb-xkb.so.1:libxcb-xkb1
"

missing_packages() {
    local known entry
    if [ "$(uname)" = Linux ]; then
        known="$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null)"
        for entry in $SYSTEM_LIBRARIES; do
            grep -q "${entry%%:*}" <<<"$known" || echo "${entry#*:}"
        done
    fi
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

install_system_packages() {
    local packages="$*" as_root=""
    [ -n "$packages" ] || return 0
    if ! command -v apt-get >/dev/null; then
        say "These system packages are missing and this system has no apt-get: $packages"
        say "Install what provides them, then run this command again."
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if sudo -n true 2>/dev/null; then
            as_root="sudo"
        else
            say "These system packages are missing: $packages"
            say "Install them with:  sudo apt-get install $packages"
            return 1
        fi
    fi
    say "Installing system packages: $packages"
    $as_root apt-get update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null || {
        say "apt-get could not install: $packages"
        say "Check the network connection and the sources of apt, then run this command again."
        return 1
    }
}

find_python() {
    local candidate
    for candidate in "${NETBUILDER_PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$candidate"; return; }
    done
    return 1
}

# PyTorch from the index that was named; another build that is there gives way.
install_torch() {
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check --force-reinstall --index-url "$TORCH_INDEX" torch || {
        say "PyTorch could not be installed from $TORCH_INDEX: the lines above say why."
        say "Check the address and the network connection, and run this command again."
        return 1
    }
    printf '%s' "$TORCH_INDEX" >"$VENV/.torch-index"
}

prepare() {
    local extras packages stamp wanted known_index broken=""
    PYTHON="$(find_python)" || { install_system_packages python3 python3-venv && PYTHON="$(find_python)"; } || {
        say "Netbuilder needs Python 3.11 or newer. Install it and run this command again."
        return 1
    }
    packages="$(missing_packages | tr '\n' ' ')"
    install_system_packages $packages || return 1
    extras="$(IFS=,; echo "$*")"
    stamp="$VENV/.netbuilder-${extras:-base}"
    known_index="$(cat "$VENV/.torch-index" 2>/dev/null || true)"
    TORCH_INDEX="${TORCH_INDEX:-$known_index}"
    wanted="$(cat "$ROOT/pyproject.toml" "$ROOT/packaging/constraints.txt" <(echo "$ROOT $TORCH_INDEX") | cksum)"
    if [ -x "$VENV/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    [ ! -e "$VENV/pyvenv.cfg" ] || broken=--clear
    "$VENV/bin/python" -m pip --version >/dev/null 2>&1 || "$PYTHON" -m venv $broken "$VENV" || {
        say "A virtual environment could not be made in $VENV: the lines above say why."
        return 1
    }
    say "Setting up $VENV (the first time this downloads PyTorch and may take a few minutes) …"
    local constraints="$ROOT/packaging/constraints.txt"
    if [ -n "$TORCH_INDEX" ]; then
        [ "$TORCH_INDEX" = "$(cat "$VENV/.torch-index" 2>/dev/null)" ] || install_torch || return 1
        constraints="$VENV/constraints.txt"
        grep -v '^torch==' "$ROOT/packaging/constraints.txt" >"$constraints"
    fi
    "$VENV/bin/python" -m pip install -q --disable-pip-version-check -c "$constraints" -e "$ROOT${extras:+[$extras]}" || {
        say "Setting up failed: the lines above say why. Check the network connection and run this command again."
        return 1
    }
    printf '%s' "$wanted" >"$stamp"
}

# Options that every script takes: --torch-index URL. The rest is left in ARGUMENTS.
read_options() {
    ARGUMENTS=()
    while [ $# -gt 0 ]; do
        case "$1" in
            --torch-index)
                [ $# -ge 2 ] || { say "--torch-index needs the address of a pip index."; exit 2; }
                TORCH_INDEX="$2"
                shift 2
                ;;
            --torch-index=*) TORCH_INDEX="${1#*=}"; shift ;;
            *) ARGUMENTS+=("$1"); shift ;;
        esac
    done
}
