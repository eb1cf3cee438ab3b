"""Every target that can run here: operations against 50 digits, random expressions against the engine."""

from __future__ import annotations

import csv
import math
from functools import cache
from itertools import pairwise
from pathlib import Path

import mpmath
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import adcli
from adcli.codegen.request import CodeRequest, derive_request
from adcli.graph.expr import Graph
from adcli.ops import TABLE
from tests.accuracy.measure import NORMAL_FAMILY
from tests.codegen.runners import RUNNERS, SQL_RUNNERS, Points, engine, request_of, run_jax, same_number
from tests.codegen.servers import SERVERS
from tests.reference.bessel import BESSEL_FAMILY
from tests.sampling import examples, rotate
from tests.strategies import expressions, programs

CASES = Path(__file__).parent.parent / "cases" / "ops"
GAMMA = {"gamma", "lgamma", "digamma", "polygamma", "factorial", "polygamma_above", "beta", "lbeta", "binomial",
         "polygamma_difference", "gammainc", "gammaincc", "gammainc_derivative"}  # fmt: skip
# Bounds in ulp; near their zeros the gamma family keeps 2e-15, and logaddexp what log1p(expm1(x) + exp(y)) keeps.
BOUNDS = dict.fromkeys(GAMMA, 10.0) | dict.fromkeys(NORMAL_FAMILY, 3.0) | {"sinc_derivative": 8.0}
BESSEL = {*BESSEL_FAMILY, *(f"bessel{letter}_derivative" for letter in "jyik"), "betainc", "betainc_derivative"}
ABSOLUTE = dict.fromkeys(GAMMA, 2e-15) | {"logaddexp": 1e-16}
HUGE = 1e8  # the targets' libraries reduce larger angles, some of them worse than the engine
EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, 1e-9, 1e3, -1e3, 1e-300, 1e300, math.inf, -math.inf, math.nan)
POINTS = [(0.3, 1.7, -0.6), (2.5, 0.4, 1.1), (-1.3, -0.2, 3.2), (0.0, 0.0, 1.0), (1.0, -0.0, 2.0), (-2.0, 3.0, 0.5),
          (1e-9, 1e3, -1e3), (math.inf, 2.0, math.nan), (3.0, 3.0, 3.0)]  # fmt: skip
# Where C does not have the engine's bits: CPython's own hypot and gamma, and what needs long integers.
OTHER_BITS = {"hypot", "direction", "gaussian_derivative", "sinc_derivative", "power_derivative", "logaddexp", *GAMMA,
              "normpdf_derivative"}  # fmt: skip
WAVES = {"sin", "cos", "tan", "sec", "csc", "cot", "sinc", "sinc_derivative"}


@cache
def operations(exact_integers: bool) -> tuple[list[CodeRequest], list[Points], list[list[str]]]:
    """One request per operation and order of derivative, its points, and the true values there.

    Args:
        exact_integers: also those whose kernels need Python's long integers.
    """
    requests: list[CodeRequest] = []
    points: list[Points] = []
    truths: list[list[str]] = []
    for name, op in TABLE.items():
        path = CASES / f"{name}.tsv"
        if not path.exists() or (name in BESSEL and not exact_integers):
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        columns = list(rows[0])[: list(rows[0]).index("f")]
        orders = {columns[place] for place in op.integers}
        for key in sorted({tuple(row[column] for column in columns if column in orders) for row in rows}):
            chosen = [row for row in rows if tuple(row[column] for column in columns if column in orders) == key]
            graph = Graph()
            fixed = iter(key)
            arguments = [float(next(fixed)) if c in orders else graph.variable(f"{c}_") for c in columns]
            requests.append(derive_request(op(*arguments), name, ("value",), name=f"f_{len(requests)}"))
            points.append([[float(row[c]) for c in columns if c not in orders] for row in chosen])
            truths.append([row["f"] for row in chosen])
    return requests, points, truths


@pytest.mark.parametrize("target", rotate(RUNNERS, 5))
def test_operations_are_as_exact_as_promised(target: str, tmp_path: Path) -> None:
    requests, points, truths = operations(target in ("python", "numpy"))
    found = RUNNERS[target](requests, points, tmp_path)
    checked = 0
    for request, rows, texts, answers in zip(requests, points, truths, found, strict=True):
        name = request.expression
        for row, text, (got,) in zip(rows, texts, answers, strict=True):
            if not text:  # nothing is claimed there
                continue
            with mpmath.workprec(200):
                truth = mpmath.mpf(text)
            if name in WAVES and abs(row[-1]) >= HUGE:
                continue
            nearest = float(truth)
            if not math.isfinite(nearest) or not math.isfinite(got):
                assert same_number(got, nearest) or (name in GAMMA and not math.isnan(nearest)), (name, row, got, text)
                continue
            bound = max(BOUNDS.get(name, 2.2) * math.ulp(nearest), ABSOLUTE.get(name, 0.0))
            with mpmath.workprec(200):
                assert abs(got - truth) <= bound, (name, row, got, text)
            checked += 1
    assert checked > 10_000


def sample(strategy: st.SearchStrategy[str], count: int) -> list[str]:
    """The first examples of a strategy, the same ones each time."""
    found: list[str] = []

    @settings(max_examples=count, phases=[Phase.generate])
    @given(strategy)
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return list(dict.fromkeys(found))


@cache
def random_requests() -> tuple[CodeRequest, ...]:
    """Value and gradient of many expressions, and all the parts of some."""
    texts = sample(st.one_of(expressions, programs), examples(160))
    texts.append("2*power_derivative(x, x, 0, 0)")  # its definition has a condition that is a number
    parts = [("value", "gradient"), ("value", "gradient"), ("value", "gradient", "hessian", "jvp"), ("gradient",)]
    return tuple(
        request_of(text, parts[place % 4] if adcli.compile(text).variables else ("value",), f"f_{place}")
        for place, text in enumerate(texts)
    ) + tuple(
        request_of(f"[{one}, {other}]", [None, ("value", "jacobian", "hessian", "jvp")][place % 2], f"g{place}")
        for place, (one, other) in enumerate(pairwise([text for text in texts if ";" not in text][:15]))
    )


def operations_of(request: CodeRequest) -> set[str]:
    return {instruction.op.name for instruction in request.derived.instructions}


def points_of(request: CodeRequest) -> Points:
    fixed = {"dx": 0.7, "dy": -1.2, "dz": 2.0}
    return [[fixed[v] if v in fixed else point["xyz".index(v)] for v in request.variables] for point in POINTS]


@pytest.mark.parametrize("target", rotate(RUNNERS, 4))
def test_random_expressions_agree_with_the_engine(target: str, tmp_path: Path) -> None:
    """On what is finite, and on the digits as far as the expression keeps them; Python and C on the bits."""
    requests = [
        request for request in random_requests() if target in ("numpy", "python") or not operations_of(request) & BESSEL
    ]
    points = [points_of(request) for request in requests]
    found = RUNNERS[target](requests, points, tmp_path)
    to_the_bit = 0
    for request, rows, answers in zip(requests, points, found, strict=True):
        used = operations_of(request)
        for row, got in zip(rows, answers, strict=True):
            same_library = not used & OTHER_BITS and not (used & WAVES and size_of(request, row) >= HUGE)
            exact = target == "python" or (target == "c" and same_library)
            expected = engine(request, row)
            assert len(got) == len(expected)
            if exact:
                to_the_bit += 1
                same = [same_number(one, other) for one, other in zip(got, expected, strict=True)]
                assert all(same), (request.expression, row, got, expected)
            elif settled(request, row):
                scale = size_of(request, row)
                for one, other in zip(got, expected, strict=True):
                    assert math.isfinite(one) == math.isfinite(other), (request.expression, row, got, expected)
                    close = math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-11 * scale)
                    assert close or not math.isfinite(other), (request.expression, row, got, expected)
    assert to_the_bit > 3 * len(requests) or target not in ("c", "python")


REFUSED_BY_SQL = (
    GAMMA
    | BESSEL
    | {
        "norminv",
        "erfinv",
        "erfcinv",
        "norminv_slope",
        "erfinv_slope",
        "erfcinv_slope",
        "lambertw",
        "lambertw_derivative",
        "expint",
    }
)
DATABASES = SQL_RUNNERS | SERVERS


@pytest.mark.parametrize("database", rotate(DATABASES, 2))
def test_sql_agrees_with_the_engine(database: str, tmp_path: Path) -> None:
    """NULL where the engine has nothing finite; its digits, where everything on the way is finite and settled."""
    requests = [request for request in random_requests() if request.variables]
    requests = requests[::3] if database == "spark" else requests  # which takes its time to plan
    points = [[row for row in points_of(request) if all(map(math.isfinite, row))] for request in requests]
    found = DATABASES[database](requests, points, tmp_path)
    compared = 0
    for request, rows, answers in zip(requests, points, found, strict=True):
        used = operations_of(request)
        assert (answers is None) == bool(used & REFUSED_BY_SQL)
        for row, got in zip(rows, answers or [], strict=answers is not None):
            expected = engine(request, row)
            scale = size_of(request, row)
            for one, other in zip(got, expected, strict=True):
                if not math.isfinite(other):
                    assert math.isnan(one) or not settled(request, row), (request.expression, row, got, expected)
                elif settled(request, row):
                    close = math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-11 * scale)
                    assert close, (request.expression, row, got, expected)
                    compared += 1
    assert compared > (300 if database == "spark" else 700)


@pytest.mark.parametrize("database", rotate(DATABASES, 2))
def test_sql_on_edges_raises_no_error_and_gives_finite_numbers(database: str, tmp_path: Path) -> None:
    """Whatever stands in the columns: each operation of the table, value and slopes, and some random expressions."""
    texts = ["x*y", "x/y", "x + y", "x - y", "x**y", "x**2", "x**0.3", "x**-3", "2*x", "x/3", "1e-5*x", "exp(x)**2",
             "where(x > 0, 1, 2)", "min(x, y)", "x % y"]  # fmt: skip
    texts += [f"{op.name}({', '.join('xyz'[: op.arity])})" for op in TABLE.values()
              if op.is_elementwise and not op.helper and op.sign is None and not op.variadic
              and not op.takes_conditions and not op.integers and op.name not in REFUSED_BY_SQL]  # fmt: skip
    requests = [request_of(text) for text in rotate(texts, 3)]
    edges = EDGES if database != "sqlite" else [x for x in EDGES if not math.isnan(x)]  # which it stores as NULL
    points = [
        [
            [edges[(place * step + shift) % len(edges)] for step, place in enumerate(range(i, i + len(r.variables)), 1)]
            for i in range(len(edges))
            for shift in range(0, len(edges), 3)
        ]
        for r in requests
    ]
    found = DATABASES[database](requests, points, tmp_path)
    compared = 0
    for request, rows, answers in zip(requests, points, found, strict=True):
        for row, got in zip(rows, answers or [], strict=True):
            assert not any(map(math.isinf, got))
            for one, other in zip(got, engine(request, row), strict=True):
                plain = all(math.isfinite(x) and repr(x) != "-0.0" for x in row)  # SQLite keeps no -0.0
                if math.isfinite(one) and plain and settled(request, row):
                    assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-15), (request.expression, row, one, other)
                    compared += 1
    assert compared > 1000


def test_jax_agrees_with_the_engine(tmp_path: Path) -> None:
    """On the digits, where everything on the way is finite and settled; its polygamma is for positive numbers."""
    requests = [
        request
        for request in random_requests()[::3]
        if request.variables and not operations_of(request) & {"polygamma", "lambertw", "lambertw_derivative", *BESSEL}
    ]
    points = [points_of(request) for request in requests]
    compared = 0
    for request, rows, answers in zip(requests, points, run_jax(requests, points, tmp_path), strict=True):
        for row, got in zip(rows, answers or [], strict=True):
            if settled(request, row):
                scale = size_of(request, row)
                for one, other in zip(got, engine(request, row), strict=True):
                    close = math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-11 * scale)
                    assert close or (math.isnan(other) and math.isnan(one)), (request.expression, row, one, other)
                    compared += 1
    assert compared > 300


def test_jax_at_poles_and_in_the_gamma_family(tmp_path: Path) -> None:
    """Slopes that are made of others, where those are infinite; the order of polygamma is an integer there."""
    requests = [request_of("digamma(x) + x*gamma(x)", ("value", "gradient", "hessian"), "f0")]
    requests += [request_of(text, name=f"f{place}") for place, text in enumerate(("cbrt(x)", "x**y", "max(x, 0)"), 1)]
    points: list[Points] = [[[0.7], [2.5]], [[0.0], [-8.0]], [[0.0, -1.0], [0.0, 2.0], [0.0, 0.0]], [[0.0], [1.0]]]
    for request, rows, answers in zip(requests, points, run_jax(requests, points, tmp_path), strict=True):
        for row, got in zip(rows, answers or [], strict=True):
            expected = engine(request, row)
            assert got == pytest.approx(expected, rel=1e-12, nan_ok=True), (request.expression, row)


def values_of(request: CodeRequest, row: list[float]) -> list[float]:
    values = list(row) + list(request.derived.constants)
    for op, _, inputs in request.derived.instructions:
        values.append(op.forward(*[values[place] for place in inputs]))
    return values


def size_of(request: CodeRequest, row: list[float]) -> float:
    return max((abs(x) for x in values_of(request, row) if math.isfinite(x)), default=1.0)


def settled(request: CodeRequest, row: list[float]) -> bool:
    """Whether no intermediate is so large or small that the last bit of another decides over a jump or an overflow."""
    return all(x == 0 or 1e-150 < abs(x) < 1e9 for x in values_of(request, row))
