"""Completion in real shells: each line is typed in a terminal, with tabs, and the words that adcli gets are read."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adcli.cli.command_group import adcli
from adcli.cli.shell_scripts import Bash, Fish
from tests.sampling import long

from .conftest import ENVIRONMENT, PYTHON

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no terminals here")
COMMANDS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "bash 3.2": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "zsh with compinit": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config"],
}
LOAD = {
    "bash": 'eval "$(adcli completion bash)"',
    # without what it has not
    "bash 3.2": 'enable -n compopt; complete() { [[ "$*" == *nosort* ]] || builtin complete "$@"; }; '
    'eval "$(adcli completion bash)"',
    "zsh": 'eval "$(adcli completion zsh)"',  # without compinit
    "zsh with compinit": 'autoload -Uz compinit; compinit -i; eval "$(adcli completion zsh)"',
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
    ('adcli grad "x*y" y=1 --x=@myd\t', ["grad", "x*y", "y=1", "--x=@mydata.csv"]),
    ("adcli grad x --data ~/myd\t", ["grad", "x", "--data", "~/mydata.csv"]),
    ("adcli graph x --flow=re\t", ["graph", "x", "--flow=relative"]),
    ("adcli grad x --data=myd\t", ["grad", "x", "--data=mydata.csv"]),
    ("adcli grad x --data=in/dat\t", ["grad", "x", "--data=in/data file.csv"]),
    ("adcli grad x --data in/dat\t", ["grad", "x", "--data", "in/data file.csv"]),
    ("adcli grad x x=@in/dat\t", ["grad", "x", "x=@in/data file.csv"]),
    ("adcli grad x x=@in/data\\ f\t", ["grad", "x", "x=@in/data file.csv"]),
    ("adcli grad x --data=i\tdat\t", ["grad", "x", "--data=in/data file.csv"]),
    ("adcli grad x --format=parq\t", ["grad", "x", "--format=parquet"]),
    ("adcli grad x --mode=f\t", ["grad", "x", "--mode=forward"]),
    ('adcli grad "x*speed" --wrt=x,s\t', ["grad", "x*speed", "--wrt=x,speed"]),
    ("adcli grad x --data=mydata.csv --keep=x,vel\t", ["grad", "x", "--data=mydata.csv", "--keep=x,velocity"]),
    ("adcli grad x --data mydata.csv --keep vel\t", ["grad", "x", "--data", "mydata.csv", "--keep", "velocity"]),
    ("adcli grad t --data mydata.csv --rename t=v\t", ["grad", "t", "--data", "mydata.csv", "--rename", "t=velocity"]),
    ("adcli grad t --data mydata.csv --rename=t=v\t", ["grad", "t", "--data", "mydata.csv", "--rename=t=velocity"]),
    (
        'adcli grad x --data mydata.csv --where "x > 0 and v\t',
        ["grad", "x", "--data", "mydata.csv", "--where", "x > 0 and velocity"],
    ),
    ('adcli jvp "x*speed" ds\t1', ["jvp", "x*speed", "dspeed=1"]),
    ('adcli implicit "x + speed = 1" --of s\t', ["implicit", "x + speed = 1", "--of", "speed"]),
]

ANSWERS = {  # of a line: the words that are offered
    "grad x*y --x=@mydata.c": "--x=@mydata.csv",
    "graph x --flow=re": "--flow=relative",
    "grad x --data=my": "--data=my",  # for the shell to complete
    "grad x --mode=": "--mode=reverse --mode=forward",
    "grad x*y --wrt=x,": "--wrt=x,y",
    "grad x --x=-": "",
    "grad x --json=": "",
    "grad x --nope=": "",
    "nope --x=": "",
    "--x=": "",
    "grad x*y --data mydata.csv --keep ": "all none x y speed",
    "grad x*y --data mydata.csv --keep=x,s": "--keep=x,speed",
    "grad x*y --keep ": "all none",
    "grad x*y --data - --keep ": "all none",
    "grad x*y --data pipe --keep ": "all none",
    "grad x*y --data s3://bucket/mydata.csv --keep ": "all none",
    "grad x*y --data mydata.tsv --keep s": "speed",
    "grad x*y --data mydata.tsv --no-header --keep ": "all none 0 1",
    "grad x*y --data mydata.csv --encoding nope --keep ": "all none",
    "grad x*t --data mydata.csv --rename ": "t=",
    "grad x*t --data mydata.csv --rename t=": "t=x t=y t=speed",
    "grad x*t --data mydata.csv --rename=t=s": "--rename=t=speed",
    "grad x*t --data mydata.csv --where s": "speed",
    "grad x*t --data mydata.csv --rename t=speed --where x>t+": "x>t+x x>t+y x>t+t",
    "grad x*t --data mydata.csv --where x>0": "",
    "implicit x**2+y=1 --of ": "x y",
    "trace a=x*y;[a,x] --of ": "a f2",
    "graph [x,x] --of=f": "--of=f1 --of=f2",
    "jvp x*y d": "dx= dy=",
    "jvp x*y y=2 dx=1 ": "x= dy=",
    "diff A@b --matrix ": "A b",
    "grad x*y -p ": "x= y=",
    "grad @pipe --wrt ": "",
}


def test_answers_are_whole_words(tmp_path, monkeypatch):
    """The answers of all shells, before the script of each takes its part."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mydata.csv").write_text("x,y,speed\n1,2,3\n")
    (tmp_path / "mydata.tsv").write_text("x\tspeed\n1\t3\n")
    os.mkfifo("pipe")
    answers = {}
    for line in ANSWERS:
        *words, typed = line.split(" ")
        items = Fish(adcli, {}, "adcli", "_ADCLI_COMPLETE").get_completions(words, typed)
        answers[line] = " ".join(item.value for item in items)
    assert answers == ANSWERS


@pytest.mark.parametrize(
    ("line", "replaced", "offered"),
    [
        ("adcli grad x*y --x=@my", "@my", "plain,@mydata.csv"),
        ("adcli grad x --data=my", "my", "file,my"),
        ("adcli grad x --mode=", "", "plain,reverse\nplain,forward"),
        ("adcli grad x --mode=", "--mode=", "plain,--mode=reverse\nplain,--mode=forward"),
        ("adcli grad x x=@my\\ d", "@my\\ d", "plain,@my data.csv"),
        ('adcli grad x --data mydata.csv --where "x > 0 and ', "x > 0 and ", "plain,x > 0 and x"),
    ],
)
def test_bash_gets_what_it_replaces(line, replaced, offered, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mydata.csv").write_text("x\n1\n")
    (tmp_path / "my data.csv").write_text("x\n1\n")
    if " d" not in line:
        (tmp_path / "my data.csv").unlink()
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", replaced)
    assert Bash(adcli, {}, "adcli", "_ADCLI_COMPLETE").complete() == offered


def test_no_answer_needs_numpy():
    words = ["grad x --mode=", "grad x*y --x=@", "jvp x*y d", "implicit x=y --of ", "grad x --data points.csv --keep "]
    script = (
        "import sys; from adcli.cli.shell_scripts import Fish; from adcli.cli.command_group import adcli\n"
        f"for line in {words}:\n"
        "    *words, typed = line.split(' ')\n"
        "    Fish(adcli, {}, 'adcli', '').get_completions(words, typed)\n"
        "print({'numpy', 'polars'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@long
@pytest.mark.parametrize("shell", COMMANDS)
def test_typed_lines_are_completed(shell, tmp_path):
    if shutil.which(COMMANDS[shell][0]) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "mydata.csv").write_text("x,y,velocity\n1,2,3\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "data file.csv").write_text("x\n1\n")
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
    assert calls == [[word.replace("~", str(tmp_path)) for word in words] for _, words in LINES], screen
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
