#!/usr/bin/env bash
# Brings schemathesis, pinned, into .tools/python; says nothing when it is there.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=tests/conformance/requirements.txt
digest=$(cksum <"$wanted")
[ "$(cat .tools/python/.installed-from 2>/dev/null)" != "$digest" ] || exit 0

say() { printf 'setup: %s\n' "$*" >&2; }
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    say "installing Python from the distribution's packages"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
  else
    say "Python 3 with venv is missing: install it (Debian: apt-get install python3-venv) and run this again."
    exit 1
  fi
fi
say "installing schemathesis"
rm -rf .tools/python
python3 -m venv .tools/python
.tools/python/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
.tools/python/bin/pip check >/dev/null
printf '%s\n' "$digest" >.tools/python/.installed-from
