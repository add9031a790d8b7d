#!/usr/bin/env bash
# Compile the hash-pinned locks from pyproject.toml (needs uv). No index address gets into them.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { uv pip compile --overrides requirements/unneeded.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet "$@"; }
compile pyproject.toml -o layers/vendor/requirements.txt
compile pyproject.toml --extra dev -c layers/vendor/requirements.txt -o requirements/dev.txt
compile layers/model/requirements.in -c requirements/dev.txt -o layers/model/requirements.txt
compile pyproject.toml requirements/train.in -c requirements/dev.txt -o requirements/train.txt
compile requirements/deploy.in -o requirements/deploy.txt
compile requirements/emulator.in -o requirements/emulator.txt
compile requirements/node.in -o requirements/node.txt
