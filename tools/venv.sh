#!/usr/bin/env bash
# Make or renew a virtual environment from a hash-pinned lock: tools/venv.sh FOLDER LOCK PYTHON
set -euo pipefail
folder=$1 lock=$2 python=$3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Hearback needs Python 3.11 or newer; $python is $("$python" --version 2>&1)." >&2
  exit 1
}
if ! "$python" -m venv "$folder"; then
  echo "The virtual environment could not be made; install the venv module of $python (python3-venv on Debian)." >&2
  exit 1
fi
echo "installing $lock into $folder (once; takes a minute or two)"
"$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: -r "$lock"
