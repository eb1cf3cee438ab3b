"""`python -m adcli`: the same as the command `adcli`."""

from .cli import run

run()
