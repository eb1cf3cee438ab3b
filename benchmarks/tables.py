"""Tables: 10⁶ rows of two columns in, five out with sin(x**2)*cos(y) and its slopes, beside readers and writers.

Whole processes, from an installed wheel. A peer reads the same table and writes the same columns, three of them
products with a constant in the place of mathematics. jq only copies the rows. The second table compares 64 files with
one file of the same rows. `--huge` also measures the memory of 10⁸ rows of Parquet.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from shutil import which

from common import Table, installed, options, peer, skip, timed
from startup import build, install

TEXT = "sin(x**2)*cos(y)"
POLARS = "import sys, polars as pl; a, b = sys.argv[1:]\n"
ARROW = "import sys, pyarrow as pa; a, b = sys.argv[1:]\n"
PRODUCTS = "f=pl.col('x')*0.3, df_dx=pl.col('x')*0.7, df_dy=pl.col('y')*0.9"
ARROW_PRODUCTS = """
import numpy as np
x, y = (t[n].to_numpy() for n in 'xy')
for name, column in (('f', x*0.3), ('df_dx', x*0.7), ('df_dy', y*0.9)):
    t = t.append_column(name, pa.array(column))
"""
FILES = 64
COMPRESSIONS = ("lz4", "zstd", "none")  # of Parquet and Arrow
PEERS: dict[str, dict[str, str | list[str]]] = {
    "csv": {
        "polars": POLARS + f"pl.read_csv(a).with_columns({PRODUCTS}).write_csv(b)",
        "pyarrow": ARROW + "from pyarrow import csv; t = csv.read_csv(a)" + ARROW_PRODUCTS + "csv.write_csv(t, b)",
    },
    "ndjson": {
        "polars": POLARS + f"pl.read_ndjson(a).with_columns({PRODUCTS}).write_ndjson(b)",
        "jq": ["jq", "-c", "."],
    },
    **{
        f"parquet {compression}": {
            "polars": POLARS + f"pl.read_parquet(a).with_columns({PRODUCTS})"
            f".write_parquet(b, compression='{compression.replace('none', 'uncompressed')}')",
            "pyarrow": ARROW + "from pyarrow import parquet as pq; t = pq.read_table(a)" + ARROW_PRODUCTS
            + f"pq.write_table(t, b, compression='{compression}', use_dictionary=False)",
        }
        for compression in COMPRESSIONS
    },
    **{
        f"arrow {compression}": {
            "polars": POLARS + f"pl.read_ipc(a).with_columns({PRODUCTS})"
            f".write_ipc(b, compression='{compression.replace('none', 'uncompressed')}')",
        }
        for compression in COMPRESSIONS
    },
    "npy": {
        "numpy": """
import sys, numpy as np
a, b = sys.argv[1:]
t = np.load(a)
out = np.empty(len(t), dtype=[(n, 'f8') for n in ('x', 'y', 'f', 'df_dx', 'df_dy')])
out['x'], out['y'] = t['x'], t['y']
out['f'], out['df_dx'], out['df_dy'] = t['x']*0.3, t['x']*0.7, t['y']*0.9
np.save(b, out)
""",
    },
}  # fmt: skip
PEAK = """
import resource, sys
from adcli.cli import main
status = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != 'darwin' else 2**20))
sys.exit(status)
"""


def make(folder: Path, rows: int) -> None:
    """The tables, of the same numbers."""
    np, polars = peer("numpy"), peer("polars")
    x, y = np.random.default_rng(1).uniform(-3, 3, (2, rows))
    frame = polars.DataFrame({"x": x, "y": y})
    frame.write_csv(folder / "in.csv")
    frame.write_ndjson(folder / "in.ndjson")
    frame.write_parquet(folder / "in.parquet")
    frame.write_ipc(folder / "in.arrow")
    array = np.empty(rows, dtype=[("x", float), ("y", float)])
    array["x"], array["y"] = x, y
    np.save(folder / "in.npy", array)


def run(command: list[str]) -> Callable[[], object]:
    """A process as a task."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


def huge(python: str, folder: Path, rows: int) -> None:
    """Seconds and peak memory of many rows of Parquet."""
    np, polars = peer("numpy"), peer("polars")
    parts = folder / "parts"
    parts.mkdir()
    random = np.random.default_rng(1)
    for part in range(10):
        x, y = random.uniform(-3, 3, (2, rows // 10))
        polars.DataFrame({"x": x, "y": y}).write_parquet(parts / f"{part}.parquet")
    polars.scan_parquet(parts / "*.parquet").sink_parquet(folder / "huge.parquet")
    table = Table(f"Memory: {rows:.0e} rows of Parquet in and out; target < 500 MB", "process", "peak MB", "target")
    command = [python, "-c", PEAK, "grad", TEXT, "--data", str(folder / "huge.parquet"), "-o"]
    done = subprocess.run([*command, str(folder / "out.parquet")], check=True, capture_output=True, text=True)
    table.add("adcli", float(done.stdout), "< 500")
    table.print()


def many(python: str, folder: Path, rows: int, runs: int) -> None:
    """Seconds for many files over seconds for one file of the same rows."""
    np, polars = peer("numpy"), peer("polars")
    x, y = np.random.default_rng(2).uniform(-3, 3, (2, FILES * rows))
    frame = polars.DataFrame({"x": x, "y": y})
    table = Table(
        f"Tables: {FILES} files of {rows} rows, and one file of all; medians of {runs} interleaved turns",
        "format", "input", "s", "x one file", "target",
    )  # fmt: skip
    for form in ("csv", "parquet"):
        parts = folder / f"many-{form}"
        parts.mkdir()
        for number in range(FILES):
            part = frame.slice(number * rows, rows)
            getattr(part, f"write_{form}")(parts / f"{number:02}.{form}")
        getattr(frame, f"write_{form}")(folder / f"one.{form}")
        inputs = {"one file": folder / f"one.{form}", "many files": parts / f"*.{form}"}
        command = [python, "-m", "adcli", "grad", TEXT, "-o", str(folder / f"out.{form}"), "--data"]
        seconds = timed({label: run([*command, str(path)]) for label, path in inputs.items()}, runs)
        for label, time in seconds.items():
            table.add(form, label, time, time / seconds["one file"], "<= 1.1" if label == "many files" else "")
    table.print()


def main() -> None:
    """Measure and print."""
    given = options(__doc__, runs=9, quick_runs=3, huge="the memory of 10^8 rows too")
    if not installed("polars"):
        return
    rows = 100_000 if given.quick else 1_000_000
    table = Table(
        f"Tables: {rows} x 2 in, x 5 out, whole processes; medians of {given.runs} interleaved turns",
        "format", "process", "s", "x fastest peer", "target",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows)
        python = str(install(build(folder), folder / "environment") / "python")
        for case, peers in PEERS.items():
            form, _, compression = case.partition(" ")
            source, result = str(folder / f"in.{form}"), str(folder / f"out.{form}")
            command = [python, "-m", "adcli", "grad", TEXT, "--data", source, "-o", result]
            tasks = {"adcli": run([*command, "--compression", compression] if compression else command)}
            for label, peer_command in peers.items():
                if isinstance(peer_command, list):
                    if which(label) is None:
                        skip(label)
                    else:
                        tasks[label] = run([*peer_command, source])
                elif installed(label):
                    tasks[label] = run([python, "-c", peer_command, source, result])
            seconds = timed(tasks, given.runs)
            fastest = min(seconds[label] for label in tasks if label != "adcli")
            for label, time in seconds.items():
                table.add(case, label, time, time / fastest, "<= 1.25" if label == "adcli" else "")
        table.print()
        many(python, folder, rows // 10, given.runs)
        if given.huge:
            huge(python, folder, 10**8)


if __name__ == "__main__":
    main()
