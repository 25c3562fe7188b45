#!/usr/bin/env bash
# Puts a VS Code (code-server, an npm package) under $E2E_HOME so that the browser tests can drive it.
# No compiler and no -dev packages are needed: native modules are skipped.
#   E2E_HOME (default .e2e)   about 620 MB unpacked; cache this folder in CI, keyed on the two versions below.
# Chromium is taken from the system: apt-get install -y --no-install-recommends chromium
set -euo pipefail
CODE_SERVER=4.139.1
NODE=24.21.0
home="${E2E_HOME:-.e2e}"
stamp="$home/.installed-$CODE_SERVER-$NODE"
[ -f "$stamp" ] && { echo "code-server $CODE_SERVER is already in $home"; exit 0; }
mkdir -p "$home"
home="$(cd "$home" && pwd)"
cd "$home"
[ -f package.json ] || echo '{ "name": "e2e-home", "private": true }' > package.json

# 1. node 24 as an npm package (code-server refuses any other major version)
npm install --no-save --no-audit --no-fund --loglevel=error "node@$NODE"
mkdir -p bin
cp -f node_modules/node/bin/node bin/node
export PATH="$home/bin:$PATH"

# 2. code-server without its install scripts, then the two folders its postinstall would fill
npm install --no-save --no-audit --no-fund --loglevel=error --ignore-scripts "code-server@$CODE_SERVER"
cd node_modules/code-server/lib/vscode
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error   # not `npm ci`: its shrinkwrap is out of step
cd extensions
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
touch "$home/.installed-$CODE_SERVER-$NODE"
echo "code-server $CODE_SERVER ready in $home"
