#!/bin/sh
# The part of the set-up that needs root.
#   install-packages.sh update
#   install-packages.sh install PACKAGE…
set -eu
export DEBIAN_FRONTEND=noninteractive

# A fresh machine often updates itself in the background: wait for its lock. Changed configuration files stay as they are.
apt() {
  apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@" </dev/null
}

update() {
  # Out of date lists may still do, and the installation says it where they do not.
  apt update || echo "apt-get update failed; going on with the package lists that are here" >&2
}

# Debian starts a service as soon as its package is installed: NGINX would serve its welcome page on port 80, now and after
# each start of the machine. Smart Toggle runs an NGINX of its own, so this one is neither started nor enabled. One
# that was installed before us is left as it is.
install() {
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  apt install --no-install-recommends -y "$@" >/dev/null
  case " $* " in
    *" nginx "*) disable_nginx ;;
  esac
}

disable_nginx() {
  if command -v systemctl >/dev/null; then
    systemctl --quiet disable nginx.service 2>/dev/null || true
  else
    update-rc.d nginx disable
  fi
  echo "NGINX was installed for Smart Toggle only: its own service on port 80 is off (systemctl enable --now nginx turns it on)."
}

action=$1
shift
"$action" "$@"
