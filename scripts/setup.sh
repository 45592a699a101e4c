#!/bin/sh
# Finds a Python and hands over to setup.py. Works from the project's folder whatever its name.
set -eu
for candidate in "${BC_PYTHON:-}" python3 python3.13 python3.12 python3.11; do
  [ -n "$candidate" ] || continue
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exec "$candidate" scripts/setup.py
  fi
done
echo "Python 3.11 or newer is needed and was not found: install it (Debian, Ubuntu: apt install python3 python3-venv), or let BC_PYTHON name one." >&2
exit 1
