#!/bin/sh
# Starts OPA as a sidecar of RMS: checks the variables, fetches the verification keys, writes the configuration, becomes OPA.
set -eu
umask 077
# Ranges of characters mean bytes.
LC_ALL=C
export LC_ALL

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
    -*) fail "$1 begins with '-'" ;;
  esac
}

check_name() {
  check "$1"
  case "$value" in *[:/]*) fail "$1 holds ':' or '/'; it is one name" ;; esac
}

check_seconds() {
  check "$1"
  case "$value" in *[!0-9]* | ??????*) fail "$1 must be whole seconds, 0 to 99999" ;; esac
}

RMS_STATE_DIR=${RMS_STATE_DIR:-/var/lib/opa}
RMS_INSTANCE=${RMS_INSTANCE:-$(hostname)}
OPA=${OPA:-opa}
OPA_MODE=${OPA_MODE:-sidecar}
case "$OPA_MODE" in
  sidecar) OPA_ADDR=${OPA_ADDR:-127.0.0.1:8181} ;;
  daemon) OPA_ADDR=${OPA_ADDR:-0.0.0.0:8181} ;;
  *) fail "OPA_MODE must be sidecar or daemon" ;;
esac
POLL_MIN_S=${POLL_MIN_S:-10}
POLL_MAX_S=${POLL_MAX_S:-20}
LONG_POLL_S=${LONG_POLL_S:-50}
READY_S=${READY_S:-0}

for name in RMS_DOMAIN RMS_POLICY RMS_VERSION; do check_name "$name"; done
for name in RMS_URL RMS_TOKEN_FILE RMS_STATE_DIR RMS_INSTANCE OPA OPA_ADDR; do check "$name"; done
for name in POLL_MIN_S POLL_MAX_S LONG_POLL_S READY_S; do check_seconds "$name"; done
labels=
for label in app env; do
  case "$label" in app) name=RMS_APP ;; *) name=RMS_ENV ;; esac
  eval "given=\${$name:-}"
  [ -n "$given" ] || continue
  check_name "$name"
  labels="$labels\"$label\": \"$value\", "
done
[ -z "${RMS_KEYS_FILE:-}" ] || check RMS_KEYS_FILE
[ -z "${OPA_CLIENTS_FILE:-}" ] || check OPA_CLIENTS_FILE
RMS_URL=${RMS_URL%/}
case "$RMS_URL" in
  */api/v1) fail "RMS_URL ends in /api/v1; give the address before that" ;;
  http://?* | https://?*) ;;
  *) fail "RMS_URL must begin with https:// or http://" ;;
esac
case "$OPA_ADDR" in *:*) ;; *) fail "OPA_ADDR must be HOST:PORT" ;; esac
[ "$POLL_MIN_S" -gt 0 ] || fail "POLL_MIN_S must be 1 or more"
[ "$POLL_MIN_S" -le "$POLL_MAX_S" ] || fail "POLL_MAX_S must not be below POLL_MIN_S"
[ "$LONG_POLL_S" -gt 0 ] || fail "LONG_POLL_S must be 1 or more"
[ ! -d "$RMS_TOKEN_FILE" ] || fail "RMS_TOKEN_FILE names $RMS_TOKEN_FILE, which is a folder"
[ -r "$RMS_TOKEN_FILE" ] || fail "RMS_TOKEN_FILE names $RMS_TOKEN_FILE, which cannot be read"
if [ -n "${OPA_CLIENTS_FILE:-}" ]; then
  [ ! -d "$OPA_CLIENTS_FILE" ] || fail "OPA_CLIENTS_FILE names $OPA_CLIENTS_FILE, which is a folder"
  [ -r "$OPA_CLIENTS_FILE" ] || fail "OPA_CLIENTS_FILE names $OPA_CLIENTS_FILE, which cannot be read"
fi
command -v "$OPA" >/dev/null 2>&1 || fail "OPA names $OPA, which is no program"
mkdir -p "$RMS_STATE_DIR" 2>/dev/null || fail "RMS_STATE_DIR names $RMS_STATE_DIR, which cannot be made"
[ -w "$RMS_STATE_DIR" ] || fail "RMS_STATE_DIR names $RMS_STATE_DIR, which cannot be written"

# Takes what can be keys of OPA's configuration and nothing else: the file comes from outside.
write_keys() {
  "$OPA" eval --fail --format raw --input "$1" \
    'json.marshal({kid: object.filter(key, ["algorithm", "key", "scope"]) | some kid, key in input; startswith(key.key, "-----BEGIN PUBLIC KEY-----")})' \
    >"$2" 2>/dev/null && [ -s "$2" ] && [ "$(cat "$2")" != "{}" ]
}

download() {
  if command -v curl >/dev/null 2>&1; then
    curl -fsS --max-time 10 --max-filesize 1000000 -o "$2" "$1"
  else
    wget -q -T 10 -O "$2" "$1"
  fi
}

# The keys that verify bundles: mounted in production, else fetched and kept, so that a restart works with RMS away.
keys="$RMS_STATE_DIR/keys.json"
if [ -n "${RMS_KEYS_FILE:-}" ]; then
  [ -r "$RMS_KEYS_FILE" ] || fail "RMS_KEYS_FILE names $RMS_KEYS_FILE, which cannot be read"
  write_keys "$RMS_KEYS_FILE" "$keys.new" || fail "RMS_KEYS_FILE names $RMS_KEYS_FILE, which holds no keys: GET /api/v1/keys?domain=$RMS_DOMAIN&format=opa gives them"
  mv "$keys.new" "$keys"
else
  if download "$RMS_URL/api/v1/keys?domain=$RMS_DOMAIN&format=opa" "$keys.download" && write_keys "$keys.download" "$keys.new"; then
    mv "$keys.new" "$keys"
    echo "sidecar: keys from $RMS_URL are trusted; mount RMS_KEYS_FILE in production" >&2
  fi
  rm -f "$keys.download" "$keys.new"
  [ -s "$keys" ] || fail "the verification keys could not be fetched from $RMS_URL and none are kept in $RMS_STATE_DIR"
fi

kit=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
config="$RMS_STATE_DIR/config.json"
rm -f "$config"
sed \
  -e "s|@URL@|$RMS_URL|g" \
  -e "s|@TOKEN_FILE@|$RMS_TOKEN_FILE|g" \
  -e "s|@DOMAIN@|$RMS_DOMAIN|g" \
  -e "s|@POLICY@|$RMS_POLICY|g" \
  -e "s|@VERSION@|$RMS_VERSION|g" \
  -e "s|@INSTANCE@|$RMS_INSTANCE|g" \
  -e "s|@LABELS@|$labels|g" \
  -e "s|@STATE@|$RMS_STATE_DIR|g" \
  -e "s|@POLL_MIN@|$POLL_MIN_S|g" \
  -e "s|@POLL_MAX@|$POLL_MAX_S|g" \
  -e "s|@LONG_POLL@|$LONG_POLL_S|g" \
  -e "/@KEYS@/{
r $keys
d
}" "$kit/config.template.json" >"$config"

set -- run --server --addr "$OPA_ADDR" --config-file "$config" --ready-timeout "$READY_S" --skip-version-check
if [ "$OPA_MODE" = daemon ]; then
  # Others than the application beside it can reach it: only who has a token may ask, and nobody may change anything.
  clients="$RMS_STATE_DIR/clients.json"
  rm -f "$clients"
  {
    printf '{"rms_clients": {"": false'
    if [ -n "${OPA_CLIENTS_FILE:-}" ]; then
      while IFS= read -r token || [ -n "$token" ]; do
        [ -z "$token" ] || printf ', "%.64s": true' "$(printf '%s' "$token" | sha256sum)"
      done <"$OPA_CLIENTS_FILE"
    else
      echo "sidecar: OPA_CLIENTS_FILE is not set, so nobody may ask but for health and freshness" >&2
    fi
    printf '}}\n'
  } >"$clients"
  set -- "$@" --authentication=token --authorization=basic "$kit/daemon.rego" "$clients"
fi
exec "$OPA" "$@"
