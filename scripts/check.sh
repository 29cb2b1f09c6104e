#!/bin/sh
# Everything that can be said about the code without running the product. All checks run, also after one failed.
# The linter runs beside the others, because it takes as long as all of them.
set -u
cd "$(dirname "$0")/.."
failed=""

check() { # check NAME COMMAND…
  name=$1
  shift
  printf '%s\n' "check: $name"
  "$@" || failed="$failed, $name"
}

# The site as `smart-toggle nginx-config` prints it for a system NGINX, in the smallest configuration around it.
check_nginx() {
  folder=$(mktemp -d)
  node dist/server/main.js nginx-config >"$folder/site.conf" &&
    printf 'pid nginx.pid;\nevents {}\nhttp { include site.conf; }\n' >"$folder/nginx.conf" &&
    PATH="$PATH:/usr/sbin" nginx -t -q -p "$folder" -c nginx.conf -e stderr
  result=$?
  rm -rf "$folder"
  return "$result"
}

# The unit names a program that is not installed here. An exposure of 3.0 is the most it may have.
check_unit() { # check_unit UNIT
  folder=$(mktemp -d)
  programs="/usr/local/bin/smart-toggle|/usr/bin/docker|/opt/smart-toggle-container/camera-devices.sh"
  sed -E "s#$programs#$(command -v true)#" "$1" >"$folder/${1##*/}"
  printf '[Service]\nExecStart=%s\n' "$(command -v true)" >"$folder/docker.service"
  SYSTEMD_UNIT_PATH="$folder:" systemd-analyze verify --man=no "$folder/${1##*/}" &&
    systemd-analyze security --offline=true --threshold=30 "$folder/${1##*/}" >"$folder/exposure"
  result=$?
  if [ "$result" != 0 ]; then tail -n 1 "$folder/exposure"; fi
  rm -rf "$folder"
  return "$result"
}

lint_says=$(mktemp)
npm run --silent lint >"$lint_says" 2>&1 &
lint=$!
trap 'rm -f "$lint_says"' EXIT
trap 'kill "$lint"; exit 1' HUP INT TERM

check_lint() {
  wait "$lint"
  result=$?
  cat "$lint_says"
  return "$result"
}

check "types" npm run --silent typecheck
check "format" npm run --silent format:check
check "direction of imports" npx vitest run --project unit --reporter=dot test/unit/imports.test.ts
check "NGINX configuration" check_nginx
if command -v systemd-analyze >/dev/null; then
  for unit in docker/*.service; do check "$unit" check_unit "$unit"; done
else
  printf '%s\n' "check: units of systemd: not looked at, for systemd is not installed"
fi
check "lint" check_lint

if [ -n "$failed" ]; then
  printf '%s\n' "check failed: ${failed#, }"
  exit 1
fi
