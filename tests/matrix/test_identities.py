"""Derivatives of formulas of vectors and matrices: their texts, which read back, against the engine in numbers."""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import adcli
from adcli import parse
from adcli.errors import RequestError
from adcli.matrix.derive import Derivation, differentiate_arrays
from adcli.matrix.readings import choose_reading
from adcli.matrix.sizes import Sizes

from ..sampling import examples, rotate

SIZES = ({"m": 4, "n": 3, "k": 2, "l": 5}, {"m": 5, "n": 2, "k": 3, "l": 4}, {"m": 3, "n": 1, "k": 1, "l": 2})


class Identity(NamedTuple):
    """A row of the table."""

    command: str
    formula: str
    by: str
    shapes: str
    text: str

    @property
    def axes(self) -> dict[str, list[str]]:
        """The names of the sizes of each variable."""
        pairs = (part.split(":") for part in self.shapes.split())
        return {name: [size for size in sizes.split(",") if size] for name, sizes in pairs}

    @property
    def ranks(self) -> dict[str, int]:
        """The ranks of the variables."""
        return {name: len(sizes) for name, sizes in self.axes.items()}

    def point(self, sizes: dict[str, int], seed: int) -> dict[str, np.ndarray]:
        """Return positive numbers. Square matrices are regular and not symmetric."""
        random_numbers = np.random.default_rng(seed)
        point = {}
        for name, axes in self.axes.items():
            shape = tuple(sizes[axis] for axis in axes)
            point[name] = random_numbers.uniform(0.1, 1.0, shape)
            if len(shape) == 2 and axes[0] == axes[1]:
                point[name] += len(point[name]) * np.eye(*shape)
        return point


def read_identities() -> list[Identity]:
    lines = (Path(__file__).parent / "identities.tsv").read_text(encoding="utf-8").splitlines()
    return [Identity(*line.split("\t")) for line in lines if not line.startswith("#")]


IDENTITIES = read_identities()


def derive(identity: Identity) -> str:
    derivation = Derivation(parse(identity.formula), Sizes(parse(identity.formula), identity.ranks))
    order = 2 if identity.command == "hess" else 1
    return derivation.text(derivation.derivative([identity.by] * order))


def in_numbers(identity: Identity, point: dict[str, np.ndarray]) -> np.ndarray:
    """Return the derivative that the engine computes."""
    function = adcli.compile(identity.formula)
    point = {name: point[name] for name in function.variables}
    if identity.command == "grad":
        return np.asarray(function.gradient(**point)[identity.by])
    if identity.command == "jac":
        return np.asarray(function.jacobian(**point, wrt=[identity.by])[identity.by])
    return np.asarray(function.hessian(**point, wrt=[identity.by])[identity.by][identity.by])


def value_of(text: str, point: dict[str, np.ndarray]) -> np.ndarray:
    function = adcli.compile(text)
    return np.asarray(function.value(**{name: point[name] for name in function.variables}))


def test_the_texts() -> None:
    for identity in IDENTITIES:
        assert derive(identity) == identity.text, identity.formula


def test_the_texts_read_back_as_they_are() -> None:
    for identity in IDENTITIES:
        formula = parse(identity.text)
        ranks = {name: identity.ranks[name] for name in adcli.compile(identity.text).variables}
        derivation = Derivation(formula, Sizes(formula, ranks))
        assert derivation.writer.formula(derivation.value) == identity.text


@pytest.mark.parametrize("sizes", SIZES)
def test_the_texts_are_right(sizes: dict[str, int]) -> None:
    """Any sizes are allowed, 1 among them."""
    for identity in rotate(IDENTITIES, 4):
        for seed in range(2):
            point = identity.point(sizes, seed)
            expected = in_numbers(identity, point)
            got = value_of(identity.text, point)
            assert got.shape == expected.shape
            np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10, err_msg=identity.formula)


def test_the_ranks_that_are_guessed() -> None:
    """Three formulas add a number to vectors. `test_diff.py` has the note that says so."""
    wrong = []
    for identity in rotate(IDENTITIES, 4):
        variables = adcli.compile(identity.formula).variables
        ranks = choose_reading(parse(identity.formula), variables, {}).ranks
        expected = {name: identity.ranks[name] for name in variables}
        wrong += [identity.formula] * (ranks != expected and any(expected.values()) and identity.formula != "x*x")
    numbers_added = ("sum((X@w + b - y)^2)", "norm(x - t*d)^2", "sum(softplus(-y*(X @ w + b)))")
    assert set(wrong) <= {*numbers_added}


class Random:
    """Random formulas of vectors a, x of n and y of m elements, matrices A of n by n and C of m by n, a number s."""

    def __init__(self, seed: int) -> None:
        self.choice = random.Random(seed).choice

    def number(self, depth: int) -> str:
        """Return a number."""
        if not depth:
            return self.choice(["s", "2", "(a @ x)", "trace(A)", "norm(x)"])
        size = self.choice("nm")
        u, v, c, d = self.vector(size, depth - 1), self.vector(size, depth - 1), self.number(depth - 1), self.number(0)
        a, b = self.matrix("n", "n", depth - 1), self.matrix("m", "n", depth - 1)
        return self.choice(
            [f"({u} @ {v})", f"sum({u})", f"norm({u})^2", f"trace({a})", f"({c} - {d})", f"{c}*{d}", f"mean({b})",
             f"sum({b}*C)", f"log(1 + {c}^2)", f"logsumexp({u})", f"{c}/(2 + {d}^2)", f"sum(relu({u})*{v})"]
        )  # fmt: skip

    def vector(self, size: str, depth: int) -> str:
        """Return a vector of this size."""
        if not depth:
            return self.choice(["a", "x"]) if size == "n" else "y"
        other = self.choice("nm")
        u, v, c, w = self.vector(size, depth - 1), self.vector(size, 0), self.number(0), self.vector(other, depth - 1)
        a, b = self.matrix(size, other, depth - 1), self.matrix(other, size, depth - 1)
        return self.choice(
            [f"({u} + {v})", f"({u} - {v})", f"{u}*{v}", f"tanh({u})", f"{c}*{u}", f"({a} @ {w})", f"({w} @ {b})",
             f"sum({a}, axis=1)", f"softmax({u})", f"max({u}, 0.3)", f"{u}/(1 + {v}^2)"]
        )  # fmt: skip

    def matrix(self, rows: str, columns: str, depth: int) -> str:
        """Return a matrix of this shape."""
        if not depth:
            return {"nn": "A", "mn": "C", "nm": "C.T", "mm": "outer(y, y)"}[rows + columns]
        a, b, c = self.matrix(rows, columns, depth - 1), self.matrix(rows, columns, 0), self.number(0)
        u, v, other = self.vector(rows, depth - 1), self.vector(columns, depth - 1), self.choice("nm")
        product = f"({self.matrix(rows, other, depth - 1)} @ {self.matrix(other, columns, 0)})"
        return self.choice(
            [f"({a} + {b})", product, f"{self.matrix(columns, rows, depth - 1)}.T", f"outer({u}, {v})", f"({a}*{b})",
             f"{c}*{a}", f"({a} + {v})", f"({a}*{v})", f"exp({b})"]
        )  # fmt: skip


def test_random_formulas() -> None:
    shapes = {"a": "n", "x": "n", "y": "m", "A": "n,n", "C": "m,n", "s": ""}
    seen = 0
    for seed in range(examples(60)):
        text = Random(seed).number(2)
        function = adcli.compile(text)
        for by in function.variables[seed % 2 :: 2]:
            listed = " ".join(f"{name}:{shapes[name]}" for name in function.variables)
            command = "hess" if seed % 3 == 0 and by in "axy" else "grad"
            identity = Identity(command, text, by, listed, "")
            point = identity.point(SIZES[seed % 2], seed)
            expected = in_numbers(identity, point)
            got = value_of(derive(identity), point)
            assert got.shape == expected.shape
            known = ~np.isnan(expected)  # a formula is defined in at least as many points, as norm(y - y)**2 is
            scale = np.abs(expected[known]).max(initial=1.0)
            where = f"{text} by {by}"
            np.testing.assert_allclose(got[known], expected[known], rtol=1e-9, atol=1e-9 * scale, err_msg=where)
            seen += 1
    assert seen >= 5


@pytest.mark.parametrize(
    ("formula", "by", "latex"),
    [
        ("log(det(A))", ["A"], r"A^{-\top}"),
        ("norm(A @ x - b)^2", ["x"], r"2 A^{\top} \left(A x - b\right)"),
        ("x @ A @ x", ["A"], r"x x^{\top}"),
        ("norm(x)", ["x"], r"\frac{x}{\left\lVert x \right\rVert}"),
        ("sum(x*y*y)", ["x"], r"y^{\odot 2}"),
        ("sum(x)", ["x"], r"\mathbf{1}"),
        ("mean(x*y)", ["y"], r"\frac{x}{\dim x}"),
        ("(a @ x)*x", ["x"], r"x a^{\top} + \left(a^{\top} x\right) I"),
        ("mean(x)^2", ["x"], r"\frac{2 \left(\mathbf{1}^{\top} x\right) \mathbf{1}}{\left(\dim x\right)^{2}}"),
    ],
)  # fmt: skip
def test_latex(formula: str, by: list[str], latex: str) -> None:
    variables = adcli.compile(formula).variables
    assert differentiate_arrays(parse(formula), variables, [by], {}, with_latex=True).latex == [latex]


def test_symmetric_matrices() -> None:
    def derive_symmetric(formula: str, by: str) -> str:
        variables = adcli.compile(formula).variables
        return differentiate_arrays(parse(formula), variables, [[by]], {}, ["S"]).texts[0]

    assert derive_symmetric("log(det(S))", "S") == "inv(S)"
    assert derive_symmetric("x @ S @ x", "x") == "2*S @ x"
    assert derive_symmetric("(x - mu) @ inv(S) @ (x - mu)/2", "x") == "inv(S) @ (x - mu)"


def test_numbers_of_elements() -> None:
    """A size is not computed with, and a number of the formula is no size."""

    def derive_by_vector(formula: str) -> str:
        return differentiate_arrays(parse(formula), ["x"], [["x"]], {}).texts[0]

    assert derive_by_vector("x @ x*(len(x) - 1)") == "2*(len(x) - 1)*x"
    assert derive_by_vector("sum(x)*(1 - len(x))") == "broadcast_to(1 - len(x), len(x))"
    assert derive_by_vector("sum((x - mean(x))^2)/(len(x) - 1)") == "2*(x - mean(x))/(len(x) - 1)"
    assert derive_by_vector("sum(x)*2018/1009") == "broadcast_to(2, len(x))"
    with pytest.raises(RequestError, match="no matrix notation for this use of len"):
        derive_by_vector("sum(x*[len(x), 2])")


def test_matrices_of_rank_1_have_no_inverse() -> None:
    with pytest.raises(RequestError, match="no matrix notation for the inverse of a matrix of rank 1"):
        differentiate_arrays(parse("det(outer(x, x))"), ["x"], [["x"]], {})


def test_long_formulas_are_refused() -> None:
    formula = "sum(" + "tanh(" * 60 + "x" + ")" * 61
    with pytest.raises(RequestError, match="no matrix notation for a formula as long as this"):
        differentiate_arrays(parse(formula), ["x"], [["x"]], {})


def test_latex_of_nested_sums_takes_no_longer_than_text() -> None:
    """Each sum is written once. Without that the time doubles with each level."""
    formula = "x"
    for _ in range(24):
        formula = f"(A @ {formula} + b)"
    result = differentiate_arrays(parse(f"norm({formula})"), ["x", "A", "b"], [["x"]], {"b": 1}, with_latex=True)
    assert result.latex[0].startswith(r"\frac{A^{\top}")


def test_what_has_no_notation_is_named_as_users_know_it() -> None:
    with pytest.raises(RequestError, match=r"no matrix notation for an element such as x\[0\]"):
        differentiate_arrays(parse("x[0]*sum(x)"), ["x"], [["x"]], {})
    with pytest.raises(RequestError, match="derivative of a matrix by the vector x") as caught:
        differentiate_arrays(parse("sum(x^3)"), ["x"], [["x"] * 3], {})
    assert "hess computes the second derivative at a point" in str(caught.value.command_hint)
