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

check "types" npm run --silent typecheck
check "lint" npm run --silent lint
check "format" npm run --silent format:check
check "direction of imports" npx vitest run --project unit --reporter=dot test/unit/imports.test.ts
for unit in docker/*.service; do
  [ -e "$unit" ] && check "$unit" systemd-analyze verify "$unit"
done

if [ -n "$failed" ]; then
  printf '%s\n' "check failed: ${failed#, }"
  exit 1
fi
