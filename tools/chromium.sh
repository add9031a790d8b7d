#!/usr/bin/env bash
# The browser tests need a Chromium: find one on PATH, else install it with the means of this machine.
set -euo pipefail
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done
echo "installing Chromium for the browser tests (once)"
sudo=$([ "$(id -u)" = 0 ] || command -v sudo || true)
if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || [ -n "$sudo" ]; }; then
  $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
.venv/bin/playwright install chromium && exit 0
echo "No Chromium could be installed; install one and put it on PATH." >&2
exit 1
