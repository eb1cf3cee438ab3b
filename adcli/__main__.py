"""`python -m adcli`: the same as the command `adcli`."""

import sys

from .cli import main

sys.exit(main())
