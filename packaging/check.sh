#!/usr/bin/env bash
# Builds the program and its packages for this Linux and checks them. Takes minutes, so it is not
# part of .ci/run: run it before a release, and when packaging, dependencies or imports change.
# Usage: packaging/check.sh [--program-only]     (the life of the .deb is checked as root only)
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --program-only ]; then
  python3 dev.py package --program-only
  exec python3 packaging/smoke.py --pictures dist/pictures
fi
python3 dev.py package
python3 packaging/smoke.py --pictures dist/pictures
if [ "$(id -u)" = 0 ]; then
  for deb in dist/slipstream_*_amd64.deb; do packaging/check_deb.sh "$deb"; done
else
  echo "check: the .deb was built but not installed; run as root: packaging/check_deb.sh dist/*.deb"
fi
