#!/bin/sh
# Everything that can be said about the code without running the product. All checks run, also after one failed.
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

check "types" npm run --silent typecheck
check "lint" npm run --silent lint
check "format" npm run --silent format:check
check "direction of imports" npx vitest run --project unit --reporter=dot test/unit/imports.test.ts
check "NGINX configuration" check_nginx
for unit in docker/*.service; do
  [ -e "$unit" ] && check "$unit" systemd-analyze verify "$unit"
done

if [ -n "$failed" ]; then
  printf '%s\n' "check failed: ${failed#, }"
  exit 1
fi
