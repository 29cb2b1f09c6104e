#!/bin/sh
# Puts the built product on this machine as a service of systemd, or takes it away. Safe to repeat.
#   install.sh install      DESTDIR=folder: into that folder, as for a package; nothing is started
#   install.sh uninstall    settings, recordings and state stay
#   install.sh install-container, uninstall-container: the same for the image `smart-toggle` of Docker
set -eu
cd "$(dirname "$0")/.."
umask 022

root=${DESTDIR:-}
home=$root/opt/smart-toggle
command=$root/usr/local/bin/smart-toggle
units=$root/usr/local/lib/systemd/system
sysusers=$root/usr/local/lib/sysusers.d/smart-toggle.conf
settings=$root/etc/smart-toggle
avahi=$root/etc/avahi/services
unit=smart-toggle.service
container=$root/opt/smart-toggle-container
container_unit=smart-toggle-container.service

say() { printf '%s\n' "smart-toggle: $*"; }
give_up() {
  printf '%s\n' "smart-toggle: $*" >&2
  exit 2
}
# Only on the machine itself, and only where systemd runs (not in a container that is being built).
is_live() { [ -z "$root" ] && [ -d /run/systemd/system ]; }
needs_root() { [ -n "$root" ] || [ "$(id -u)" = 0 ] || give_up "that needs root: sudo make $1"; }

# What a service finds: a Node in somebody's home is not among it.
check_programs() {
  missing=""
  for program in node ffmpeg nginx openssl setpriv systemd-notify; do
    env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin sh -c 'command -v "$1" >/dev/null' - "$program" ||
      missing="$missing $program"
  done
  [ -z "$missing" ] || give_up "not found where a service looks for programs (/usr/local/bin, /usr/bin):$missing"
}

make_user() {
  if command -v systemd-sysusers >/dev/null; then
    systemd-sysusers "$sysusers"
  else
    getent passwd smart-toggle >/dev/null ||
      useradd --system --home-dir /var/lib/smart-toggle --shell /usr/sbin/nologin --user-group smart-toggle
    usermod -aG video smart-toggle
  fi
}

install_settings() {
  install -d -m 750 "$settings"
  [ -e "$settings/settings.json" ] || install -m 640 docker/settings.json "$settings/settings.json"
  if [ -z "$root" ]; then chgrp smart-toggle "$settings" "$settings/settings.json"; fi
}

# The value in force and where it comes from, as in: "off" default
setting() { "$command" config | awk -v key="$1" '$1 == key { print $2, $3 }'; }

# Known on the local network by its name, where Avahi is there to tell it.
install_avahi() {
  [ -d "$avahi" ] || return 0
  case "$(setting tls.mode)" in
    '"off"'*) kind=_http._tcp key=nginx.port ;;
    *) kind=_https._tcp key=tls.port ;;
  esac
  port=$(setting "$key")
  sed -e "s|<type>.*</type>|<type>$kind</type>|" -e "s|<port>.*</port>|<port>${port%% *}</port>|" \
    docker/avahi/smart-toggle.service >"$avahi/smart-toggle.service"
}

# How to get in. An installation from before there were accounts keeps what it had, and is told of them.
tell_door() {
  links=$("$command" set-up-link --waiting)
  if [ -n "$links" ]; then
    say "make the administrator in a browser, once, at"
    printf '%s\n' "$links" | sed 's/^/  /'
    case "$links" in
      https*) say "it warns of a certificate it does not know, for this machine made it itself (docs/security.md: how to trust it)" ;;
    esac
    say "the link again: sudo smart-toggle set-up-link, or journalctl -u smart-toggle"
  fi
  open=""
  if [ "$(setting access.auth)" = '"off" default' ]; then open="nobody has to sign in (access.auth is off)"; fi
  if [ "$(setting tls.mode)" = '"off" default' ]; then open="${open:+$open, and }there is no TLS (tls.mode is off)"; fi
  if [ -n "$open" ]; then
    say "your settings stay as they were: $open"
    say 'a new installation has accounts and TLS. For both, put "access": {"auth": "accounts"}, "tls": {"mode": "self-made"}' \
      "into /etc/smart-toggle/settings.json, then: sudo systemctl restart smart-toggle && sudo smart-toggle set-up-link"
  fi
}

start_service() {
  systemctl daemon-reload
  systemctl --quiet enable "$unit"
  if systemctl restart "$unit"; then
    say "runs, and starts with the machine: systemctl status smart-toggle; journalctl -u smart-toggle"
  else
    give_up "is installed, but does not start: journalctl -u smart-toggle -n 50"
  fi
}

install_all() {
  needs_root install
  [ -f dist/server/main.js ] && [ -f dist/web/index.html ] || give_up "is not built: make build"
  [ -n "$root" ] || check_programs
  install -d "$(dirname "$home")" "$(dirname "$command")" "$units" "$(dirname "$sysusers")"
  node scripts/copy-product.js "$home"
  chmod -R a+rX,go-w "$home"
  install -m 755 scripts/smart-toggle "$command"
  install -m 644 "docker/$unit" "$units/$unit"
  install -m 644 docker/smart-toggle.sysusers "$sysusers"
  [ -n "$root" ] || make_user
  install_settings
  [ -n "$root" ] || install_avahi
  if is_live; then
    start_service
    tell_door
  else
    say "is installed; nothing was started. The log of its first start tells the link that makes the administrator"
  fi
}

uninstall_all() {
  needs_root uninstall
  if is_live && systemctl cat "$unit" >/dev/null 2>&1; then systemctl --quiet disable --now "$unit"; fi
  rm -rf "$home" "$home.new" "$home.old"
  rm -f "$command" "$units/$unit" "$sysusers" "$avahi/smart-toggle.service"
  if is_live; then systemctl daemon-reload; fi
  say "is gone. Settings stay in /etc/smart-toggle, recordings and state in /var/lib/smart-toggle"
}

# The image is not built here: docker compose build.
install_container() {
  needs_root install-container
  [ -n "$root" ] || command -v docker >/dev/null || give_up "Docker is not installed: apt-get install docker.io docker-compose"
  install -d "$container" "$units"
  install -m 755 docker/camera-devices.sh "$container"
  install -m 644 docker/compose.yaml docs/operations.md "$container"
  install -m 644 "docker/$container_unit" "$units/$container_unit"
  if is_live; then
    systemctl daemon-reload
    systemctl --quiet enable "$container_unit"
    systemctl restart "$container_unit"
    say "the container runs, and starts with the machine: journalctl -u smart-toggle-container"
    say "the link that makes the administrator, once: docker exec smart-toggle smart-toggle set-up-link --waiting"
  fi
}

uninstall_container() {
  needs_root uninstall-container
  if is_live && systemctl cat "$container_unit" >/dev/null 2>&1; then systemctl --quiet disable --now "$container_unit"; fi
  rm -rf "$container"
  rm -f "$units/$container_unit"
  if is_live; then systemctl daemon-reload; fi
  say "the container is gone. Its volumes stay: docker volume ls"
}

case "${1:-}" in
  install) install_all ;;
  uninstall) uninstall_all ;;
  install-container) install_container ;;
  uninstall-container) uninstall_container ;;
  *) give_up "install, uninstall, install-container or uninstall-container?" ;;
esac
