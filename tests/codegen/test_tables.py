"""The SQL targets over tables of other columns and other names."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import mpmath
import pytest

import adcli

BLACK_SCHOLES = "d = log(S/K)/v + v/2; call = S*(1 + erf(d/sqrt(2)))/2 - K*erfc((v - d)/sqrt(2))/2; call"
# The table has columns with the names of the results and of the statement's own names.
COLUMNS = ["call", "id", "S", "K", "v", "v1", "level1", "dcall_dS", "some text"]
ROWS: list[Sequence[Any]] = [
    (7.0, n, 80.0 + 5 * n, 100.0, 0.05 * n + 0.01, -n, n, -1.0, f"no. {n}") for n in (3, 1, 4, 1, 5, 9, 2)
] + [(7.0, 10, None, 1.0, 1.0, 0, 0, -1.0, None)]


def connect(database: str) -> Any:
    return closing((pytest.importorskip("duckdb") if database == "duckdb" else sqlite3).connect(":memory:"))


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.mark.parametrize("table", ["inputs", "level1", 'a "b"; DROP TABLE points --', "SELECT", "adcli_row", "é.csv"])
@pytest.mark.parametrize("target", ["sql", "sqlite"])
def test_all_columns_of_the_table_come_first(target: str, table: str) -> None:
    statement = adcli.compile(BLACK_SCHOLES).code(target, wrt=["S"], table=table)
    with connect("duckdb" if target == "sql" else target) as connection:
        kinds = ["TEXT" if name == "some text" else "DOUBLE" for name in COLUMNS]
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in zip(COLUMNS, kinds, strict=True))
        connection.execute(f"CREATE TABLE {quoted(table)} ({columns})")
        connection.executemany(f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * len(COLUMNS))})", ROWS)
        cursor = connection.execute(statement)
        assert [each[0] for each in cursor.description] == [*COLUMNS, "call", "dcall_dS"]
        results = cursor.fetchall()
    assert sorted((tuple(row[: len(COLUMNS)]) for row in results), key=repr) == sorted(map(tuple, ROWS), key=repr)
    for row in results:
        price, delta = row[len(COLUMNS) :]
        if row[2] is None:
            assert price is None
            assert delta is None
            continue
        with mpmath.workdps(30):
            s, k, v = map(mpmath.mpf, row[2:5])
            d = mpmath.log(s / k) / v + v / 2
            truth = s * mpmath.ncdf(d) - k * mpmath.ncdf(d - v), mpmath.ncdf(d)
        assert math.isclose(price, truth[0], rel_tol=1e-13, abs_tol=1e-13)
        assert math.isclose(delta, truth[1], rel_tol=1e-13)
