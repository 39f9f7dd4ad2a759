"""`python -m checks PATH...` grades submissions; see `checks.commands.options` for the options."""

import sys

from checks.commands.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
