"""`python3.11 -m tools.setup TARGET`: see `tools.setup.cli`."""

import sys

if sys.version_info[:2] != (3, 11):
    print(
        "error: Python 3.11 is needed, this is %d.%d; run `make`, which looks for it"  # noqa: UP031 -- any Python
        % sys.version_info[:2],
        file=sys.stderr,
    )
    sys.exit(3)

from tools.setup import cli

if __name__ == "__main__":
    sys.exit(cli.main(sys.argv[1:]))
