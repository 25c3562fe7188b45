#!/bin/sh
# Starts OPA as a sidecar of RMS: checks the variables, fetches the verification keys, writes the configuration, becomes OPA.
set -eu
umask 077

fail() {
  echo "sidecar: $1" >&2
  exit 2
}

# OPA substitutes configuration as plain text, so a value may hold only what cannot change its structure.
check() {
  eval "value=\${$1:-}"
  [ -n "$value" ] || fail "$1 is not set"
  case "$value" in
    *[!A-Za-z0-9._:/-]*) fail "$1 holds a character outside A-Z a-z 0-9 . _ : / -" ;;
    *..*) fail "$1 holds '..'" ;;
  esac
}

check_optional() {
  eval "value=\${$1:-}"
  [ -z "$value" ] || check "$1"
}

for name in RMS_URL RMS_DOMAIN RMS_POLICY RMS_VERSION RMS_TOKEN_FILE; do check "$name"; done
for name in RMS_STATE_DIR RMS_INSTANCE RMS_KEYS_FILE OPA OPA_ADDR POLL_MIN_S POLL_MAX_S LONG_POLL_S READY_S; do check_optional "$name"; done
[ -r "$RMS_TOKEN_FILE" ] || fail "RMS_TOKEN_FILE names $RMS_TOKEN_FILE, which cannot be read"

OPA=${OPA:-opa}
state=${RMS_STATE_DIR:-/var/lib/opa}
mkdir -p "$state"
kit=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

# The keys that verify bundles: mounted in production, else fetched once and kept, so that a restart works with RMS away.
keys=${RMS_KEYS_FILE:-$state/keys.json}
if [ -z "${RMS_KEYS_FILE:-}" ]; then
  url="$RMS_URL/api/v1/keys?domain=$RMS_DOMAIN&format=opa"
  if command -v curl >/dev/null 2>&1; then
    if curl -fsS --max-time 10 -o "$keys.new" "$url"; then mv "$keys.new" "$keys"; else rm -f "$keys.new"; fi
  else
    if wget -q -T 10 -O "$keys.new" "$url"; then mv "$keys.new" "$keys"; else rm -f "$keys.new"; fi
  fi
  [ -s "$keys" ] || fail "the verification keys could not be fetched from $RMS_URL and none are kept in $state"
  echo "sidecar: keys from $RMS_URL are trusted; mount RMS_KEYS_FILE in production" >&2
fi
[ -r "$keys" ] || fail "RMS_KEYS_FILE names $keys, which cannot be read"

config="$state/config.json"
sed \
  -e "s|@URL@|$RMS_URL|g" \
  -e "s|@TOKEN_FILE@|$RMS_TOKEN_FILE|g" \
  -e "s|@DOMAIN@|$RMS_DOMAIN|g" \
  -e "s|@POLICY@|$RMS_POLICY|g" \
  -e "s|@VERSION@|$RMS_VERSION|g" \
  -e "s|@INSTANCE@|${RMS_INSTANCE:-$(hostname)}|g" \
  -e "s|@STATE@|$state|g" \
  -e "s|@POLL_MIN@|${POLL_MIN_S:-10}|g" \
  -e "s|@POLL_MAX@|${POLL_MAX_S:-20}|g" \
  -e "s|@LONG_POLL@|${LONG_POLL_S:-50}|g" \
  -e "/@KEYS@/{
r $keys
d
}" "$kit/config.template.json" >"$config"

exec "$OPA" run --server --addr "${OPA_ADDR:-127.0.0.1:8181}" --config-file "$config" --ready-timeout "${READY_S:-0}" --skip-version-check
