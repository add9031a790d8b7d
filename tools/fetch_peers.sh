#!/usr/bin/env bash
# Bring the emulators that tests/peers runs against, pinned by tests/peers/package-lock.json (never committed).
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  echo "make peers needs Node.js 20 or later with npm; install it and run make peers again." >&2
  exit 1
fi
mkdir -p .build/peers
cp tests/peers/package.json tests/peers/package-lock.json .build/peers/
cd .build/peers
npm ci --ignore-scripts --no-audit --no-fund --silent
