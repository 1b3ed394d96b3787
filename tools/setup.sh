#!/usr/bin/env bash
# Brings a bare machine to the point where every make target works: the wasm
# target, Node, the JavaScript tools, worker-build, wasm-bindgen and Chromium.
# It says nothing and costs a fraction of a second when nothing is missing, and
# it never touches anything outside the checkout but rustup and apt packages.
set -euo pipefail
cd "$(dirname "$0")/.."

WORKER_BUILD=0.8.7
WASM_BINDGEN=0.2.130
NODE_MAJOR=22

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# What was installed here before is found without make, too.
export PATH="$PWD/node_modules/.bin:$PATH"

missing=()
for tool in cc:gcc git:git curl:curl pgrep:procps; do
  have "${tool%:*}" || missing+=("${tool#*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  have apt-get && [ "$(id -u)" = 0 ] || stop "install ${missing[*]} and run this again."
  say "installing ${missing[*]} from the distribution's packages"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
have cargo || stop "Rust is missing: install it from https://rustup.rs and run this again."
have npm || stop "npm is missing: install Node.js $NODE_MAJOR or newer and run this again."

if [ ! -d "$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" ]; then
  have rustup || stop "the Rust target wasm32-unknown-unknown is missing, and there is no rustup to add it."
  say "adding the Rust target wasm32-unknown-unknown"
  rustup --quiet target add wasm32-unknown-unknown
fi

# The digest of the lock file that an installed node_modules was made from.
install_packages() {
  local folder=$1 digest
  digest=$(cksum <"$folder/package-lock.json")
  [ "$(cat "$folder/node_modules/.installed-from" 2>/dev/null)" != "$digest" ] || return 0
  say "installing the JavaScript packages of $folder/"
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
  printf '%s\n' "$digest" >"$folder/node_modules/.installed-from"
}
install_packages .

# Node's own platform binary comes by an install script of the npm package
# `node`, so it is run for that one package, and only where it is needed.
system_node_major() {
  PATH=${PATH//"$PWD/node_modules/.bin:"/} node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0
}
if [ ! -x node_modules/node/bin/node ] && [ "$(system_node_major)" -lt "$NODE_MAJOR" ]; then
  say "fetching Node.js $NODE_MAJOR, since the machine's is older"
  npm rebuild node --ignore-scripts=false --loglevel=error >/dev/null
fi
[ ! -f frontend/package-lock.json ] || install_packages frontend

mkdir -p .tools
if [ "$(.tools/bin/worker-build --version 2>/dev/null)" != "$WORKER_BUILD" ]; then
  say "compiling worker-build $WORKER_BUILD (some minutes, once)"
  cargo install --quiet --locked --root .tools worker-build --version "$WORKER_BUILD"
fi
if [ "$(.tools/bin/wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $WASM_BINDGEN" ]; then
  say "compiling wasm-bindgen $WASM_BINDGEN (some minutes, once)"
  cargo install --quiet --locked --force --root .tools --path tools/wasm-bindgen
fi

if [ "${1:-}" != --no-browser ] && ! have chromium-headless-shell && ! have chromium; then
  if have apt-get && [ "$(id -u)" = 0 ]; then
    say "installing Chromium from the distribution's packages"
    apt-get update -qq
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-liberation >/dev/null ||
      apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null
  else
    say "Chromium is missing: install Debian's chromium-headless-shell or chromium in /usr/bin to run the browser tests."
  fi
fi
