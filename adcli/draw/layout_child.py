"""The process that lays out a graph: it reads DOT on standard input and writes the picture to standard output.

It runs as a script, by its path, so that a layout that never ends can be killed. It imports nothing of adcli.
"""

from __future__ import annotations

import os
import signal
import sys

MISSING = 3  # exit status: PyGraphviz cannot be imported
FAILED = 4  # exit status: Graphviz failed, and the last line of standard error says why

GRACE = 5  # seconds beyond the time limit after which the process ends itself, if its parent was killed


def main(format: str, seconds: float, dpi: str) -> int:
    """Read DOT on standard input, lay it out, write the picture to standard output, and return the exit status."""
    # Python handles no signal while the C code of Graphviz runs.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds) + GRACE)
    try:
        from pygraphviz import AGraph
    except ImportError as problem:
        print(problem, file=sys.stderr)
        return MISSING
    try:
        # AGraph(string=...) would look for a charset in the text, which hostile names can contain, and write a
        # temporary file.
        graph = AGraph()
        graph.read(sys.stdin.buffer)
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
    os._exit(status)  # skip the freeing of a large graph, which takes time
