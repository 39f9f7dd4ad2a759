"""`python -m checks PATH...` grades submissions; see `checks.commands.options` for the options."""

import sys

from checks.commands.main import main
from checks.submission.private import interruptible

if __name__ == "__main__":
    with interruptible():
        sys.exit(main(sys.argv[1:]))
