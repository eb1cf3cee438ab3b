"""`python -m adcli`: the same as the command `adcli`."""

from .cli import run

if __name__ == "__main__":  # and not "__mp_main__", in the worker processes of --cluster local:4
    run()
