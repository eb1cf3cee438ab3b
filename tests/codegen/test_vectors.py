"""A vector with all its parts, in every target on the same points, and the functions that a target refuses."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import pytest

from adcli.codegen import load_target, target_names
from adcli.codegen.request import CodeRequest
from adcli.errors import RequestError
from adcli.ops import TABLE, Op
from tests.codegen.runners import RUNNERS, SQL_RUNNERS, engine, request_of, run_jax
from tests.codegen.servers import SERVERS

ALL: dict[str, Callable[..., Any]] = RUNNERS | SQL_RUNNERS | SERVERS | {"jax": run_jax}
PARTS = ("value", "jacobian", "hessian", "jvp")
PROGRAM = """
u = hypot(x, y); w = sin(u)*exp(-x/3) + erf(y); [w*u, where(x > y, u^y, atan2(x, y)), max(x, y, 0.5)/cosh(x - y), 3]
"""
ROWS = [(0.3, 1.7), (2.5, 0.4), (1.25, -0.75), (0.5, 0.5), (-1.5, 2.0)]
SEEDS = (0.75, -1.25)

BLACK_SCHOLES = """
d = (log(S/K) + (r + v^2/2)*T)/(v*sqrt(T)); c = d - v*sqrt(T);
call = S*normcdf(d) - K*exp(-r*T)*normcdf(c); [call]
"""
OPTIONS = [(100.0, 95.0, 0.02, 0.25, 1.5), (40.0, 42.5, 0.05, 0.4, 0.25), (7.0, 10.0, -0.01, 0.6, 3.0)]


@cache
def requests() -> list[CodeRequest]:
    return [request_of(PROGRAM, PARTS, "pair"), request_of(BLACK_SCHOLES, ("value", "jacobian", "hessian"), "option")]


@pytest.mark.parametrize("target", ALL)
def test_every_target_gives_the_same_vectors(target: str, tmp_path: Path) -> None:
    points = [[(*row, *SEEDS) for row in ROWS], OPTIONS]
    for request, rows, answers in zip(requests(), points, ALL[target](requests(), points, tmp_path), strict=True):
        for row, got in zip(rows, answers, strict=True):
            expected = engine(request, row)
            assert len(got) == len(expected)
            scale = max(map(abs, expected))
            for one, other in zip(got, expected, strict=True):
                assert math.isclose(one, other, rel_tol=1e-13, abs_tol=1e-14 * scale), (row, got, expected)


def price(s: Any, k: Any, r: Any, v: Any, t: Any) -> Any:
    d = (mpmath.log(s / k) + (r + v * v / 2) * t) / (v * mpmath.sqrt(t))
    return s * mpmath.ncdf(d) - k * mpmath.exp(-r * t) * mpmath.ncdf(d - v * mpmath.sqrt(t))


@pytest.mark.parametrize("database", SQL_RUNNERS | SERVERS)
def test_black_scholes_with_its_greeks(database: str, tmp_path: Path) -> None:
    """The price, the five greeks and the second derivatives, against fifty digits."""
    [_, request] = requests()
    order = [("S", "K", "r", "v", "T").index(name) for name in request.variables]
    [answers] = ALL[database]([request], [[[row[n] for n in order] for row in OPTIONS]], tmp_path)
    orders = [(0,) * 5, *(tuple(int(n == i) for n in range(5)) for i in order)]
    orders += [tuple(int(n == i) + int(n == j) for n in range(5)) for i in order for j in order]
    for row, got in zip(OPTIONS, answers, strict=True):
        with mpmath.workdps(50):
            at = tuple(map(mpmath.mpf, row))
            for number, which in zip(got, orders, strict=True):
                truth = mpmath.diff(price, at, which) if any(which) else price(*at)
                assert abs(number - truth) <= 2e-13 * max(abs(truth), 1), (row, which, number, truth)


def functions() -> list[Op]:
    """The functions that a user can call with numbers."""
    return [
        op for op in TABLE.values() if op.is_elementwise and not (op.helper or op.takes_conditions) and op.sign is None
    ]


NOT_IN_JAX = {"lambertw", "j0", "j1", "y0", "y1", "i0", "i1", "besselj", "bessely", "besseli", "besselk"}


@pytest.mark.parametrize("target", [name for name in target_names() if load_target(name).expands])
def test_a_function_is_written_or_refused_by_its_name(target: str) -> None:
    refused = {}
    for op in functions():
        names = list("xyz"[: 3 if op.variadic else op.arity])
        for position in op.integers:
            names[position] = "2"
        request = request_of(f"{op.name}({', '.join(names)})", ("value",))
        try:
            assert load_target(target).write(request)
        except RequestError as error:
            refused[op.name] = str(error)
    assert all(f" has no {name}" in message for name, message in refused.items())
    assert load_target(target).reads_table or refused.keys() <= NOT_IN_JAX
    assert refused.keys().isdisjoint({"erf", "erfc", "normcdf", "normpdf"})
