#!/bin/sh
# Finds Python 3.11 and hands over to tools.setup. The only code that runs before Python is known to be there.
set -eu
cd "$(dirname "$0")/../.."
# Variables of an outer make, an outer virtual environment or a user's Python would change what set-up builds.
unset MAKEFLAGS MAKELEVEL MFLAGS VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONPLATLIBDIR
for python in "${PYTHON:-}" python3.11 python3 /usr/bin/python3.11; do
    [ -n "$python" ] || continue
    if "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then
        exec "$python" -E -s -B -m tools.setup "$@"
    fi
done
echo "error: Python 3.11 is needed and was not found; on Debian 12: apt-get install python3 python3-venv" >&2
exit 3
