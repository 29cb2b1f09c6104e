#!/bin/sh
# The command `smart-toggle` in the image. Its settings lie in the volume of the state, where a person may change them; the first
# start puts those of a new installation there. A volume from before there were accounts stays as open as it was.
set -eu
program=/opt/smart-toggle
state=$SMART_TOGGLE__PATHS__STATE
settings=$state/settings.json

first_start() {
  umask 077
  if [ -e "$state/smart-toggle.db" ]; then
    printf '{\n  "access": { "auth": "off" },\n  "tls": { "mode": "off" }\n}\n' >"$settings.new"
    echo "smart-toggle: this volume is from before there were accounts: the page stays open to all, and without TLS." \
      "For both: docker exec smart-toggle cp $program/settings.json $state/ && docker restart smart-toggle" >&2
  else
    cp "$program/settings.json" "$settings.new"
  fi
  mv "$settings.new" "$settings"
}

if [ -z "${SMART_TOGGLE_CONFIG:-}" ]; then
  if [ ! -e "$settings" ] && [ -w "$state" ]; then first_start; fi
  SMART_TOGGLE_CONFIG=$settings
  # A volume that cannot be written keeps nobody from watching, and nobody gets in without an account for it.
  [ -e "$settings" ] || SMART_TOGGLE_CONFIG=$program/settings.json
  export SMART_TOGGLE_CONFIG
fi
exec node "$program/dist/server/main.js" "$@"
