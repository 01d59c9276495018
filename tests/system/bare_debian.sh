#!/usr/bin/env bash
# Proof that the two commands of the README work on a bare Debian: makes a Debian root with debootstrap, puts a clean
# clone in, and runs there
#     as a user without rights     python3 dev.py run ls     must name the command that is to be typed
#     as root                      python3 dev.py run        until its window stands on an X server of this machine
#     as root                      .ci/run (--quick: one test file), then dev.py run ls a second time, warm
# Prints times and bytes downloaded; leaves window.png and the logs in FOLDER.
#
#     tests/system/bare_debian.sh [--working-tree] [--quick] [--no-window] FOLDER
#
# --working-tree takes the files as they lie here instead of the last commit. FOLDER/base (the bare Debian) is made
# once and used again. Needs root, debootstrap, git, xvfb, openbox, xdotool, imagemagick. Where this machine reaches
# Debian and PyPI by a mirror, a proxy or a certificate of its own, apt's, pip's and the environment's settings for
# that are carried over.
set -euo pipefail

release=bookworm
repo=$(cd "$(dirname "$0")/../.." && pwd)
source=commit quick=no window=yes folder=
for argument; do
    case $argument in
        --working-tree) source=tree ;;
        --quick) quick=yes ;;
        --no-window) window=no ;;
        -*) echo "unknown option $argument" >&2; exit 2 ;;
        *) folder=$argument ;;
    esac
done
[ -n "$folder" ] || { sed -n '2,16s/^# \?//p' "$0"; exit 2; }
[ "$(id -u)" = 0 ] || { echo "needs root" >&2; exit 1; }

# Mounts live in a namespace of our own and so end with us: nothing of this machine can be deleted through them.
if [ "${BARE_DEBIAN_INSIDE:-}" != yes ]; then
    BARE_DEBIAN_INSIDE=yes exec unshare --mount --propagation private -- bash "$0" "$@"
fi

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
base=$folder/base root=$folder/root

say() { printf '%s\n' "$*" | tee -a "$folder/report.txt"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'; }
mib() { awk -v n="$1" 'BEGIN { printf "%.1f MiB", n / 1048576 }'; }

# --- the bare Debian ---

debian_lines() { # this machine's own sources for the release, if it has any
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
        awk -v release="$release" '$2 ~ "^" release "(-updates|-security)?$" && $3 == "main"' | sort -u
}
mirror=$(debian_lines | awk -v release="$release" '$2 == release { print $1; exit }')
mirror=${mirror:-http://deb.debian.org/debian}

if [ ! -e "$base/.complete" ]; then
    rm -rf --one-file-system "$base"
    echo "debootstrap $release ..."
    debootstrap --variant=minbase "$release" "$base" "$mirror" >"$folder/debootstrap.log" 2>&1 ||
        { tail -5 "$folder/debootstrap.log" >&2; exit 1; }
    chroot "$base" apt-get clean
    touch "$base/.complete"
fi
rm -rf --one-file-system "$root"
cp -a --reflink=auto "$base" "$root"
: >"$folder/report.txt"

{
    echo "deb $mirror $release main"
    debian_lines | awk -v release="$release" '$2 != release { print "deb", $1, $2, $3 }'
} >"$root/etc/apt/sources.list"
apt-config dump | grep -E '^Acquire::(Check-|https?|Retries|Proxy|ForceIPv4)' >"$root/etc/apt/apt.conf.d/90host" || true
cp -a /etc/apt/auth.conf /etc/apt/auth.conf.d "$root/etc/apt/" 2>/dev/null || true
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"

# Certificates are copied, as the package ca-certificates rewrites them; the machine's own come back by its local ones.
mkdir -p "$root/etc/ssl/certs" "$root/usr/local/share/ca-certificates"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null || true
cp -L /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
carry() { # a file or folder of this machine, at the same place in there, read-only
    [ -e "$1" ] && [ ! -e "$root$1" ] || return 0
    if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$root$(dirname "$1")" && touch "$root$1"; fi
    mount --bind "$1" "$root$1" && mount -o remount,bind,ro "$root$1"
}
environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true)
while IFS= read -r -d '' entry; do
    case ${entry%%=*} in
        PIP_* | *_proxy | *_PROXY | SSL_CERT_FILE | REQUESTS_CA_BUNDLE) environment+=("$entry") ;;
    esac
done < <(env -0)
for place in /etc/pip.conf "${XDG_CONFIG_DIRS:-/etc/xdg}/pip" "${HOME}/.config/pip" "${HOME}/.pip"; do carry "$place"; done
for word in $(printf '%s\n' "${environment[@]}" | cut -d= -f2-) $(python3 -m pip config list 2>/dev/null | tr "'=" '  '); do
    word=${word#file://} word=${word%/simple}
    case $word in /etc/pip* | *:*) ;; /opt/* | /srv/* | /etc/* | /usr/local/* | /var/*) carry "$word" ;; esac
done

mkdir -p "$root/src"
if [ "$source" = commit ]; then
    git -c safe.directory='*' clone --quiet --no-hardlinks "file://$repo" "$root/src/megadesk"
else
    mkdir "$root/src/megadesk"
    git -C "$repo" ls-files --cached --others --exclude-standard -z |
        (cd "$repo" && tar --null --ignore-failed-read -T - -cf -) | tar -xf - -C "$root/src/megadesk"
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"

enter() { # become a command in there: as root, with the environment of a fresh login and further variables
    local command=$1
    shift
    exec env -i "${environment[@]}" HOME=/root "$@" chroot "$root" bash -c "cd /src/megadesk && $command"
}
inside() { (enter "$@"); }
downloaded() { # what apt and pip fetched: packages that apt kept, lists as apt counted them, wheels that pip names
    local apt pip
    apt=$(cat "$root"/var/cache/apt/archives/*.deb 2>/dev/null | wc -c)
    pip=$(cat "$root"/root/pip-logs/* "$root/src/megadesk/.venv/pip.log" 2>/dev/null |
        sed -nE 's/^ *Downloading .*\(([0-9.]+) (bytes|kB|MB)\)$/\1 \2/p' | sort -u |
        awk '{ n += $1 * ($2 == "MB" ? 1e6 : $2 == "kB" ? 1e3 : 1) } END { printf "%d", n }')
    local disk
    disk=$(cat "$root"/root/pip-logs/* "$root/src/megadesk/.venv/pip.log" 2>/dev/null |
        sed -nE 's/^Processing (\/.*\.whl).*/\1/p' | sort -u | while read -r wheel; do
            wheel=$(printf '%b' "${wheel//%/\\x}"); stat -c %s "$root$wheel" 2>/dev/null || echo 0
        done | awk '{ n += $1 } END { printf "%d", n }')
    echo "Debian packages $(mib "$apt"), package lists $(mib "$lists"), wheels $(mib $((pip + disk)))"
}
keep_pip_log() { # the next call of pip starts its log anew
    mkdir -p "$root/root/pip-logs"
    cp "$root/src/megadesk/.venv/pip.log" "$root/root/pip-logs/$1" 2>/dev/null || true
}

# --- what the README asks for beforehand: Python itself ---

inside "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3" \
    >"$folder/python3.log" 2>&1
lists=$(sed -nE 's/^Fetched ([0-9.,]+) ([kM]?B) .*/\1 \2/p' "$folder/python3.log" | head -1 | tr -d , |
    awk '{ printf "%d", $1 * ($2 == "MB" ? 1e6 : $2 == "kB" ? 1e3 : 1) }')
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb
say "bare $(. "$root/etc/os-release" && echo "$PRETTY_NAME"), $(inside 'python3 --version'), source: $source"

# --- without rights ---

chmod -R a+rX "$root/src"
if inside "chroot --userspec=65534:65534 / python3 /src/megadesk/dev.py run ls" >"$folder/no-rights.log" 2>&1 ||
    ! grep -q 'apt-get install python3' "$folder/no-rights.log"; then
    say "FAILED: without rights, dev.py must name the command to type:"; cat "$folder/no-rights.log"; exit 1
fi
say "without rights: $(cat "$folder/no-rights.log")"

inside "python3 dev.py run" >"$folder/no-display.log" 2>&1 && { say "FAILED: run without a display"; exit 1; }
say "without display: $(cat "$folder/no-display.log")"

# --- from clone to window ---

if [ "$window" = yes ]; then
    display=:$((RANDOM % 500 + 200))
    Xvfb "$display" -screen 0 1400x900x24 -nolisten tcp >"$folder/xvfb.log" 2>&1 &
    server=$!
    trap 'kill $server 2>/dev/null || true' EXIT
    mkdir -p "$root/tmp/.X11-unix"
    until [ -S "/tmp/.X11-unix/X${display#:}" ]; do kill -0 $server; sleep 0.1; done
    mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
    DISPLAY=$display openbox >"$folder/openbox.log" 2>&1 &
    started=$(now)
    enter "exec python3 dev.py run" DISPLAY="$display" >"$folder/run.log" 2>&1 &
    program=$!
    until DISPLAY=$display xdotool search --onlyvisible --name MegaDesk >/dev/null 2>&1; do
        kill -0 $program 2>/dev/null || { say "FAILED: dev.py run ended without a window:"; tail -5 "$folder/run.log"; exit 1; }
        [ "$(since "$started" | cut -d. -f1)" -lt 900 ] || { say "FAILED: no window after 15 minutes"; kill $program; exit 1; }
        sleep 0.2
    done
    say "python3 dev.py run: from clone to window in $(since "$started"); $(downloaded)"
    until [ "$(DISPLAY=$display import -window root -format %k info:)" -gt 16 ]; do sleep 0.2; done # painted
    DISPLAY=$display import -window root "$folder/window.png"
    kill $program
    wait $program 2>/dev/null || true
    keep_pip_log run
fi

# --- from clone to green tests ---

started=$(now)
command=".ci/run"
[ "$quick" = no ] || command="python3 dev.py test tests/unit/test_house.py"
if ! inside "$command" >"$folder/test.log" 2>&1; then
    say "FAILED: $command"; tail -30 "$folder/test.log"; exit 1
fi
keep_pip_log test
say "$command: $(since "$started"); $(tail -1 "$folder/test.log")"
say "downloaded in all: $(downloaded)"

inside "python3 dev.py run --help" >"$folder/help.log" 2>&1 || say "note: dev.py run --help failed: $(tail -1 "$folder/help.log")"
started=$(now)
inside "python3 dev.py run --help" >"$folder/help.log" 2>&1 || true
say "python3 dev.py run --help, warm: $(since "$started")"
