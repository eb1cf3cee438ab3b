"""The statements of the SQL targets run on PostgreSQL and on Spark, where those are installed."""

from __future__ import annotations

import atexit
import csv
import functools
import importlib.util
import io
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from adcli.codegen import load_target
from adcli.codegen.request import CodeRequest
from adcli.errors import RequestError
from tests.codegen.runners import Points, Rows


def statements(target: str, requests: Sequence[CodeRequest]) -> list[str | None]:
    """The statement of each request, or None where the target refuses."""
    made: list[str | None] = []
    for request in requests:
        try:
            made.append(load_target(target).write(request))
        except RequestError:
            made.append(None)
    return made


def numbers(row: Sequence[Any], request: CodeRequest, given: Sequence[float]) -> list[float]:
    """The results of a row; its first columns are what was given."""
    count = len(request.variables)
    read = [math.nan if x in (None, "") else float(x) for x in row[:count]]
    assert all(one == other or math.isnan(other) for one, other in zip(read, given, strict=True))
    return [math.nan if x in (None, "") else float(x) for x in row[count:]]


# ---------------------------------------------------------------- PostgreSQL


@functools.cache
def postgresql() -> list[str]:
    """The command that talks to a server of our own, which lives as long as the tests; root may not start one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = shutil.which("initdb") or (str(found[-1]) if found else None)
    psql = shutil.which("psql")
    if initdb is None or psql is None:
        pytest.skip("PostgreSQL is not installed")
    programs = Path(initdb).parent
    user = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
    folder = tempfile.mkdtemp(prefix="adcli-pg")
    if user:
        shutil.chown(folder, **user)

    def run(*words: str) -> None:
        done = subprocess.run([programs / words[0], *words[1:]], capture_output=True, text=True, cwd=folder, **user)
        assert done.returncode == 0, done.stderr

    run("initdb", "-D", f"{folder}/data", "-U", "adcli", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync")
    start = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    subprocess.run(
        [programs / "pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", start, "start"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, check=True, **user,
    )  # fmt: skip

    def stop() -> None:
        run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder)

    atexit.register(stop)
    return [psql, "-X", "-q", "--csv", "-t", "-h", folder, "-U", "adcli", "-d", "postgres"]


def run_postgresql(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows | None]:
    """All statements in one session; the first that raises an error ends it."""
    made = statements("postgresql", requests)
    script = ["\\set ON_ERROR_STOP 1", "SET client_min_messages = error;"]
    for request, rows, statement in zip(requests, points, made, strict=True):
        if statement is None:
            continue
        columns = ['"' + name.replace('"', '""') + '"' for name in request.variables]
        script += ["DROP TABLE IF EXISTS points;"]
        script += [f"CREATE TABLE points ({', '.join(f'{column} DOUBLE PRECISION' for column in columns)});"]
        values = ", ".join("(" + ", ".join(f"'{x!r}'" for x in row) + ")" for row in rows)
        script += [f"INSERT INTO points VALUES {values};", statement, "\\echo done"]
    done = subprocess.run(postgresql(), input="\n".join(script), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    texts = iter(done.stdout.split("done\n"))
    results: list[Rows | None] = []
    for request, rows, statement in zip(requests, points, made, strict=True):
        if statement is None:
            results.append(None)
            continue
        found = list(csv.reader(io.StringIO(next(texts))))
        results.append([numbers(row, request, given) for row, given in zip(found, rows, strict=True)])
    return results


# ---------------------------------------------------------------- Spark

# A process of its own: Spark leaves sockets open, which here is an error.
_SPARK = """
import json, sys
from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, StructField, StructType

settings = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
            "spark.sql.analyzer.maxIterations": "2000"}  # as the statements ask for, where they need it
builder = SparkSession.builder.master("local[1]")
for setting in settings.items():
    builder = builder.config(*setting)
session = builder.getOrCreate()
results = []
for names, rows, statement in json.load(open(sys.argv[1], encoding="utf-8")):
    schema = StructType([StructField(name, DoubleType()) for name in names])
    session.createDataFrame([tuple(map(float, row)) for row in rows], schema).createOrReplaceTempView("points")
    results.append([list(row) for row in session.sql(statement).collect()])
json.dump(results, open(sys.argv[2], "w", encoding="utf-8"))
session.stop()
"""


def run_spark(requests: Sequence[CodeRequest], points: Sequence[Points], folder: Path) -> list[Rows | None]:
    """All statements in one session."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("PySpark or Java is not installed")
    made = statements("spark", requests)
    given, found = folder / "given.json", folder / "found.json"
    tasks = [
        [request.variables, rows, statement.rstrip().rstrip(";")]
        for request, rows, statement in zip(requests, points, made, strict=True)
        if statement is not None
    ]
    given.write_text(json.dumps(tasks), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _SPARK, given, found], capture_output=True, text=True, cwd=folder, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers = iter(json.loads(found.read_text(encoding="utf-8")))
    return [
        None if statement is None else [numbers(*each) for each in zip(next(answers), repeat(request), rows)]
        for request, rows, statement in zip(requests, points, made, strict=True)
    ]


SERVERS = {"postgresql": run_postgresql, "spark": run_spark}
