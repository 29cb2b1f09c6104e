#!/bin/sh
# Installs what is missing and nothing else: Debian packages (as root, by install-packages.sh) and the npm packages of
# the lock file. Silent, and without a network, when all is there.
#   setup.sh run     what the product needs
#   setup.sh test    the same, and a browser
# Exit code 2: something a person must do first; one line says what.
set -eu
cd "$(dirname "$0")/.."

# As package.json's "engines": what vite, eslint and better-sqlite3 run on.
node_fits='var v = process.versions.node.split(".").map(Number);
  process.exit((v[0] === 20 && v[1] >= 19) || (v[0] === 22 && v[1] >= 13) || v[0] >= 24 ? 0 : 1);'

say() { printf '%s\n' "smart-toggle set-up: $*"; }
give_up() {
  printf '%s\n' "smart-toggle set-up: $*" >&2
  exit 2
}
have() { command -v "$1" >/dev/null 2>&1; }
node_is_fit() { have node && node -e "$node_fits"; }

# Debian's folders for system programs are not on every user's PATH.
PATH="$PATH:/usr/sbin:/sbin"

# --- Debian packages ---------------------------------------------------------------------------------------------------

missing=""
need() { # need PACKAGE COMMAND-OR-FILE
  case "$2" in
    /*) [ -e "$2" ] || missing="$missing $1" ;;
    *) have "$2" || missing="$missing $1" ;;
  esac
}

is_raspberry_pi() { grep -qs "Raspberry Pi" /proc/device-tree/model; }

# What identifies the npm packages that are installed: the lock file, and the kind of Node they were built for.
dependencies_key() {
  printf '%s %s\n' "$(cksum <package-lock.json)" "$(node -p 'process.versions.modules + " " + process.arch')"
}
dependencies_are_current() {
  node_is_fit && have npm && [ -d node_modules ] && [ "$(cat .make/dependencies 2>/dev/null)" = "$(dependencies_key)" ]
}

need ffmpeg ffmpeg
need nginx nginx
need openssl openssl
need util-linux setpriv
need fontconfig-config /etc/fonts/fonts.conf
need fonts-dejavu-core /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
need fonts-nanum /usr/share/fonts/truetype/nanum/NanumGothic.ttf
if is_raspberry_pi; then need rpicam-apps-lite rpicam-vid; fi
if [ "${1:-run}" = test ]; then need chromium chromium; fi
if ! dependencies_are_current; then
  # npm's downloads need the certificates, better-sqlite3 is compiled (see below).
  need ca-certificates /etc/ssl/certs/ca-certificates.crt
  need g++ g++
  need make make
  need python3 python3
fi

as_root() { # as_root COMMAND…
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    false
  fi || give_up "that needs root, and failed; as root, install these packages and run make again:$lacking"
}

lacking=$missing
node_is_fit || lacking="$lacking nodejs"
have npm || lacking="$lacking npm"

if [ -n "$lacking" ]; then
  have apt-get || give_up "this is not a Debian system: please install, with Node 20.19 or newer:$lacking"
  say "looking up packages (apt-get update)"
  as_root scripts/install-packages.sh update
fi

if ! node_is_fit; then
  offered=$(apt-cache policy nodejs | sed -n 's/ *Candidate: //p')
  offered=${offered:-none}
  if have node || ! dpkg --compare-versions "$offered" ge 20.19; then
    give_up "Node 20.19 or newer is needed ($(node --version 2>/dev/null || echo none) is here, the packages have ${offered%%+*}): get it from https://nodejs.org/en/download and run make again"
  fi
  missing=" nodejs$missing"
  # NodeSource's nodejs brings its own npm; Debian's does not.
  apt-cache show --no-all-versions nodejs | grep -q '^Provides:.*npm' || missing=" npm$missing"
elif ! have npm; then
  missing=" npm$missing"
fi

# npm's own minute goes by beside them, where none of them is needed for it. Whatever happens, they are not left half done.
packages=""
trap wait EXIT
packages_are_there() {
  [ -z "$packages" ] || wait "$packages" || exit 2
  packages=""
}
needed_by_npm() { # needed_by_npm PACKAGE…
  for package in "$@"; do
    case "$package" in nodejs | npm | ca-certificates | g++ | make | python3) return 0 ;; esac
  done
  return 1
}

if [ -n "$missing" ]; then
  say "installing Debian packages (takes minutes on a fresh machine):$missing"
  as_root scripts/install-packages.sh install $missing &
  packages=$!
  if needed_by_npm $missing; then packages_are_there; fi
fi
node_is_fit || give_up "Node 20.19 or newer is needed, and $(command -v node) is $(node --version)"

# --- npm packages ------------------------------------------------------------------------------------------------------

if dependencies_are_current; then
  packages_are_there
  exit 0
fi

# better-sqlite3 is compiled from the sources that the lock file vouches for, with the headers that came with this Node,
# so that no host but the registry is asked. Without such headers it fetches a binary of its own makers.
prefix=$(node -p 'require("node:path").dirname(require("node:path").dirname(require("node:fs").realpathSync(process.execPath)))')
if [ -e "$prefix/include/node/node.h" ]; then
  export npm_config_nodedir="$prefix" npm_config_build_from_source=true
fi
say "installing npm packages (npm ci)"
npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
packages_are_there
mkdir -p .make
dependencies_key >.make/dependencies
