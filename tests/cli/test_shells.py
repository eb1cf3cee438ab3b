"""Completion in real shells: each line is typed in a terminal, with tabs, and the words that adcli gets are read."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from tests.sampling import long

from .conftest import ENVIRONMENT, PYTHON

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no terminals here")
COMMANDS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config"],
}
LOAD = {
    "bash": 'eval "$(adcli completion bash)"',
    "zsh": 'eval "$(adcli completion zsh)"',  # without compinit
    "fish": "adcli completion fish | source",
}
LINES = [  # what is typed, and the words that adcli gets
    ('adcli grad "x*y" --data myd\t', ["grad", "x*y", "--data", "mydata.csv"]),
    ('adcli grad "x*y" -o myd\t', ["grad", "x*y", "-o", "mydata.csv"]),
    ('adcli grad "x*y" --svg myd\t', ["grad", "x*y", "--svg", "mydata.csv"]),
    ("adcli grad @myd\t", ["grad", "@mydata.csv"]),
    ('adcli grad "x*y" x=@myd\t', ["grad", "x*y", "x=@mydata.csv"]),
    ('adcli grad "x*y" x=2 \t3', ["grad", "x*y", "x=2", "y=3"]),
    ('adcli grad "x*speed" --sp\t 3', ["grad", "x*speed", "--speed", "3"]),
    ('adcli grad "x*speed" --wrt s\t', ["grad", "x*speed", "--wrt", "speed"]),
    ('adcli grad "x*speed" --wrt x,s\t', ["grad", "x*speed", "--wrt", "x,speed"]),
    ("adcli code x --what grad\t", ["code", "x", "--what", "gradient"]),
    ("adcli code x --to jul\t", ["code", "x", "--to", "julia"]),
    ("adcli eval x --format parq\t", ["eval", "x", "--format", "parquet"]),
    ("adcli functions hypo\t", ["functions", "hypot"]),
    ("adcli help lang\t", ["help", "language"]),
]


@long
@pytest.mark.parametrize("shell", COMMANDS)
def test_typed_lines_are_completed(shell, tmp_path):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "mydata.csv").write_text("x,y\n1,2\n")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "adcli"
    # Completion and the script come from adcli. Any other call records its words.
    command.write_text(
        '#!/bin/sh\nif [ -n "$_ADCLI_COMPLETE" ] || [ "$1" = completion ]; then exec '
        f'{shlex.join(PYTHON)} "$@"; fi\nprintf "%s\\n" "$@" "" >> {tmp_path}/words\n'
    )
    command.chmod(0o755)
    typed = "\n".join([LOAD[shell], *[line for line, _ in LINES], "exit", ""])
    screen = _type(COMMANDS[shell], typed, tmp_path)
    path = tmp_path / "words"
    assert path.exists(), screen
    calls = [call.split("\n") for call in path.read_text().removesuffix("\n\n").split("\n\n")]
    assert calls == [words for _, words in LINES], screen
    assert "command not found" not in screen


def _type(command: list[str], text: str, folder: Path) -> str:
    """Type a text into a shell that runs in a terminal of its own, and return what it shows."""
    import pty

    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        path = f"{folder}/bin{os.pathsep}{ENVIRONMENT['PATH']}"
        home = {"HOME": str(folder), "PATH": path, "TERM": "xterm", "ZDOTDIR": str(folder)}
        os.execvpe(command[0], command, ENVIRONMENT | home)
    os.write(terminal, text.encode())
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the shell has ended
            break
        if not piece:
            break
        shown += piece
    os.waitpid(process, 0)
    os.close(terminal)
    return shown.decode(errors="replace")
