"""The process that lays a graph out: DOT on its standard input, the picture on its standard output.

It is run as a script, by its path, so that a layout that never ends can be killed; it imports no adcli.
"""

from __future__ import annotations

import os
import signal
import sys

MISSING = 3  # exit status: this Python has no PyGraphviz that can be imported
FAILED = 4  # exit status: Graphviz refused; the last line of standard error says why

GRACE = 5  # seconds after which a child whose parent was killed ends by itself


def main(format: str, seconds: float, dpi: str) -> int:
    """Read DOT on standard input, lay it out, write the picture to standard output; returns the exit status."""
    # Graphviz is C code that never looks whether Python has a signal to handle.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds) + GRACE)
    try:
        from pygraphviz import AGraph
    except ImportError as problem:
        print(problem, file=sys.stderr)
        return MISSING
    try:
        # Not AGraph(string=...), which looks for a charset in the text and finds one in hostile names.
        graph = AGraph().from_string(sys.stdin.buffer.read().decode())
        picture = graph.draw(format=format, prog="dot", args=f"-Gdpi={dpi}")
    except Exception as problem:
        print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
        return FAILED
    sys.stdout.buffer.write(picture)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1], float(sys.argv[2]), sys.argv[3])
    sys.stderr.flush()
    os._exit(status)  # taking a large graph apart again would only cost time
