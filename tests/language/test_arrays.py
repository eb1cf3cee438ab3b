"""Arrays in the language: values and slopes of every tensor function, printed text, shapes that do not fit."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adcli
from adcli.errors import DomainError, ParseError, RequestError, ShapeError, UnknownNameError
from adcli.formula.lowered import Lowered, Lowerings
from adcli.ops import TABLE
from tests.sampling import examples

RANDOM = np.random.default_rng(5)
A = RANDOM.normal(size=(3, 3)) + 2.0 * np.eye(3)
POINT: dict[str, Any] = {
    "A": A, "S": A @ A.T + np.eye(3), "B": RANDOM.normal(size=(3, 2)),
    "T": RANDOM.normal(size=(2, 3, 3)) + 3.0 * np.eye(3),
    "x": RANDOM.normal(size=3), "y": RANDOM.normal(size=3), "p": RANDOM.uniform(0.5, 2.0, size=3), "k": 1.5,
}  # fmt: skip

# What is written, and what NumPy makes of it; a result that is no number is weighted to one for its slopes.
FORMULAS: list[tuple[str, Any]] = [
    ("x @ y", lambda v: v["x"] @ v["y"]),
    ("dot(x, y)*k", lambda v: v["x"] @ v["y"] * v["k"]),
    ("A @ x", lambda v: v["A"] @ v["x"]),
    ("x @ A", lambda v: v["x"] @ v["A"]),
    ("A @ B", lambda v: v["A"] @ v["B"]),
    ("T @ B", lambda v: v["T"] @ v["B"]),
    ("T @ x", lambda v: v["T"] @ v["x"]),
    ("x @ T", lambda v: v["x"] @ v["T"]),
    ("matmul(B.T, A)", lambda v: v["B"].T @ v["A"]),
    ("outer(x, y)", lambda v: np.outer(v["x"], v["y"])),
    ("x[0]*x[-1] + A[0, 1]", lambda v: v["x"][0] * v["x"][-1] + v["A"][0, 1]),
    ("A[0, 1:]", lambda v: v["A"][0, 1:]),
    ("A[:, 0]", lambda v: v["A"][:, 0]),
    ("x[::-2]", lambda v: v["x"][::-2]),
    ("n = 2; x[n - 1:n + 1]", lambda v: v["x"][1:3]),
    ("x[[0, 2, 0]]", lambda v: v["x"][[0, 2, 0]]),
    ("A[[0, 2], [1, 1]]", lambda v: v["A"][[0, 2], [1, 1]]),
    ("[x[1], k, 2]", lambda v: np.array([v["x"][1], v["k"], 2.0])),
    ("[x, y, [1, 2, 3]]", lambda v: np.array([v["x"], v["y"], [1, 2, 3]])),
    ("[[1, 2], [3, 4]] @ B.T", lambda v: np.array([[1, 2], [3, 4]]) @ v["B"].T),
    ("stack(x, y, axis=1)", lambda v: np.stack([v["x"], v["y"]], axis=1)),
    ("concatenate(x, y)", lambda v: np.concatenate([v["x"], v["y"]])),
    ("concatenate(A, B, axis=1)", lambda v: np.concatenate([v["A"], v["B"]], axis=1)),
    ("sum(A)", lambda v: v["A"].sum()),
    ("sum(A, axis=0)", lambda v: v["A"].sum(axis=0)),
    ("A/sum(A, axis=1, keepdims=True)", lambda v: v["A"] / v["A"].sum(axis=1, keepdims=True)),
    ("sum(T, axis=[0, 2])", lambda v: v["T"].sum(axis=(0, 2))),
    ("mean(A, axis=-1)", lambda v: v["A"].mean(axis=-1)),
    ("prod(x)", lambda v: v["x"].prod()),
    ("prod(A, axis=1)", lambda v: v["A"].prod(axis=1)),
    ("max(x)", lambda v: v["x"].max()),
    ("max(A, axis=0)", lambda v: v["A"].max(axis=0)),
    ("min(A, axis=1, keepdims=1)", lambda v: v["A"].min(axis=1, keepdims=True)),
    ("amax(x) - amin(x)", lambda v: v["x"].max() - v["x"].min()),
    ("max(x, y)", lambda v: np.maximum(v["x"], v["y"])),
    ("norm(x)", lambda v: np.linalg.norm(v["x"])),
    ("norm(A, axis=0)", lambda v: np.linalg.norm(v["A"], axis=0)),
    ("softmax(A)", lambda v: np.exp(v["A"]) / np.exp(v["A"]).sum(axis=-1, keepdims=True)),
    ("softmax(A, axis=None)", lambda v: np.exp(v["A"]) / np.exp(v["A"]).sum()),
    ("log_softmax(x)", lambda v: v["x"] - np.log(np.exp(v["x"]).sum())),
    ("logsumexp(A, axis=0)", lambda v: np.log(np.exp(v["A"]).sum(axis=0))),
    ("reshape(A, 9)", lambda v: v["A"].reshape(9)),
    ("reshape(B, -1, 3)", lambda v: v["B"].reshape(2, 3)),
    ("reshape(B, [2, 3])", lambda v: v["B"].reshape(2, 3)),
    ("broadcast_to(x, 2, 3)", lambda v: np.broadcast_to(v["x"], (2, 3))),
    ("transpose(T, 2, 0, 1)", lambda v: v["T"].transpose(2, 0, 1)),
    ("T.T", lambda v: v["T"].T),
    ("swapaxes(T, 0, -1)", lambda v: np.swapaxes(v["T"], 0, -1)),
    ("diag(x)", lambda v: np.diag(v["x"])),
    ("diag(A)", lambda v: np.diag(v["A"])),
    ("trace(A)", lambda v: np.trace(v["A"])),
    ("trace(T)", lambda v: np.trace(v["T"], axis1=1, axis2=2)),
    ("solve(A, x)", lambda v: np.linalg.solve(v["A"], v["x"])),
    ("solve(A, B)", lambda v: np.linalg.solve(v["A"], v["B"])),
    ("solve(T, x)", lambda v: np.stack([np.linalg.solve(each, v["x"]) for each in v["T"]])),
    ("inv(A)", lambda v: np.linalg.inv(v["A"])),
    ("det(A)", lambda v: np.linalg.det(v["A"])),
    ("det(T)", lambda v: np.linalg.det(v["T"])),
    ("logdet(S)", lambda v: np.linalg.slogdet(v["S"])[1]),
    ("logdet(S) + x @ solve(S, x)", lambda v: np.linalg.slogdet(v["S"])[1] + v["x"] @ np.linalg.solve(v["S"], v["x"])),
    ("where(A > 0, A, x)*k", lambda v: np.where(v["A"] > 0, v["A"], v["x"]) * v["k"]),
    ("where(0 < x < y, x, y**2)", lambda v: np.where((v["x"] > 0) & (v["x"] < v["y"]), v["x"], v["y"] ** 2)),
    ("p**x + x**2 - p**-0.5", lambda v: v["p"] ** v["x"] + v["x"] ** 2 - v["p"] ** -0.5),
    ("sin(A)*x + k/p", lambda v: np.sin(v["A"]) * v["x"] + v["k"] / v["p"]),
    ("clip(x, -0.5, y)", lambda v: np.minimum(np.maximum(v["x"], -0.5), v["y"])),
    ("hypot(A, x) + abs(y) + relu(x) + sigmoid(y)", lambda v: np.hypot(v["A"], v["x"]) + np.abs(v["y"])
        + np.maximum(v["x"], 0) + 1 / (1 + np.exp(-v["y"]))),
    ("u = A @ x; w = tanh(u); w*u + w[0]", lambda v: np.tanh(v["A"] @ v["x"]) * (v["A"] @ v["x"])
        + np.tanh(v["A"] @ v["x"])[0]),
]  # fmt: skip


def differences(function: Any, point: dict[str, Any], name: str) -> Any:
    """The slope of a number by each element of one variable, by central differences of fourth order."""
    slope = np.zeros(np.shape(point[name]))
    step = 1e-3
    for place in np.ndindex(slope.shape):

        def moved(by: float, place: Any = place) -> float:
            value = np.array(point[name], dtype=float)
            value[place] += by
            return float(function(point | {name: value}))

        slope[place] = (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step)
    return slope


def lowered_at(function: adcli.Function, inputs: dict[str, Any]) -> Lowered:
    """The function at the shapes of these inputs."""
    return Lowerings(function.formula).at(inputs)


def slopes_every_way(function: adcli.Function, point: dict[str, Any]) -> dict[str, Any]:
    """The slopes, once checked to be the same by forward mode and as text that is parsed again."""
    _, slopes = function.value_and_gradient(point)
    made = lowered_at(function, {name: np.asarray(value, dtype=float) for name, value in point.items()})
    for nodes in (made.slopes(), made.slopes(forward=True)):
        for name, node in zip(function.variables, nodes, strict=True):
            if node is None:
                assert not np.any(slopes[name])
                continue
            again = adcli.compile(str(node))
            value = again.value({each: point[each] for each in again.variables})
            np.testing.assert_allclose(value, slopes[name], rtol=1e-9, atol=1e-11, err_msg=f"{name}: {node}")
    return slopes


@pytest.mark.parametrize(("text", "formula"), FORMULAS, ids=[text for text, _ in FORMULAS])
def test_values_and_slopes(text, formula):
    function = adcli.compile(text)
    assert adcli.parse(str(function.formula)) == function.formula
    point = {name: POINT[name] for name in function.variables}
    value, expected = function.value(point), formula(POINT)
    assert np.shape(value) == np.shape(expected)
    np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-14)
    assert type(value) is float or value.dtype == np.float64

    head, _, result = text.rpartition(";")
    weights = np.cos(np.arange(np.size(expected))).reshape(np.shape(expected))
    weighted = adcli.compile(f"{head}{';' if head else ''} sum(({result})*weights)" if weights.shape else text)
    point |= {"weights": weights} if weights.shape else {}
    slopes = slopes_every_way(weighted, point)
    for name in function.variables:
        assert np.shape(slopes[name]) == np.shape(point[name])
        truth = differences(lambda at: np.sum(formula(POINT | at) * weights), point, name)
        np.testing.assert_allclose(slopes[name], truth, rtol=1e-7, atol=1e-8, err_msg=name)


def test_every_tensor_function_is_tested():
    texts = " ".join(text for text, _ in FORMULAS)
    forms = {"matmul": "@", "getitem": "[0", "transpose": ".T"}
    for op in TABLE.values():
        if not op.is_elementwise and not op.helper:
            assert f"{op.name}(" in texts or forms.get(op.name, "?") in texts, op.name


@pytest.mark.parametrize("name", ["det", "logdet"])
def test_a_hilbert_matrix_against_fifty_digits(name):
    with mpmath.workdps(50):
        exact = mpmath.matrix(4, 4)
        for i in range(4):
            for j in range(4):
                exact[i, j] = mpmath.mpf(1.0 / (i + j + 1))
        determinant, inverse = mpmath.det(exact), (exact**-1).T
        truth = determinant if name == "det" else mpmath.log(determinant)
        slope = inverse * determinant if name == "det" else inverse
    value, slopes = adcli.compile(f"{name}(A)").value_and_gradient(
        A=[[1.0 / (i + j + 1) for j in range(4)] for i in range(4)]
    )
    condition = 2e4 * 2.0**-52
    assert abs(value - truth) <= condition * abs(truth)
    for i in range(4):
        for j in range(4):
            assert abs(slopes["A"][i, j] - slope[i, j]) <= 40 * condition * abs(slope[i, j])


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [
        ("sum(x)", 2.0, 1.0), ("mean(x)", 2.0, 1.0), ("prod(x)", 2.0, 1.0), ("max(x)", 2.0, 1.0), ("min(x)", 2.0, 1.0),
        ("amax(x)", 2.0, 1.0), ("norm(x)", 2.0, 1.0), ("norm(-x)", 2.0, 1.0), ("softmax(x)", 1.0, 0.0),
        ("log_softmax(x)", 0.0, 0.0), ("logsumexp(x)", 2.0, 1.0), ("x.T", 2.0, 1.0), ("reshape(x)", 2.0, 1.0),
        ("sum(reshape(x, 1, 1))", 2.0, 1.0), ("sum(x)*x", 4.0, 4.0), ("[x, 3][0]", 2.0, 1.0), ("sum([x, x])", 4.0, 2.0),
        ("[[1, 2], [3, 4]][1, 0]*x", 6.0, 3.0), ("sum([0, 0])*x", 0.0, 0.0),
    ],
)  # fmt: skip
def test_numbers_are_arrays_without_axes(text, value, slope):
    assert adcli.compile(text).value_and_gradient(x=2.0) == (value, {"x": slope})


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    ("text", "point", "error", "message", "span"),
    [
        ("x @ A", {"x": [1, 2], "A": [[1, 2]]}, ShapeError, "@ of the shapes (2,) and (1, 2)", (0, 5)),
        ("1 + x @ A", {"x": [1, 2], "A": [[1, 2]]}, ShapeError, "(2,) and (1, 2)", (4, 9)),
        ("x + y", {"x": [1, 2], "y": [1, 2, 3]}, ShapeError, "the shapes (2,) and (3,)", (0, 5)),
        ("where(x > y, 1, 2)", {"x": [1, 2], "y": [1, 2, 3]}, ShapeError, "the shapes (2,) and (3,)", (6, 11)),
        ("max(x, y, 1)", {"x": [1, 2], "y": [1, 2, 3]}, ShapeError, "(2,) and (3,) and a number", (0, 12)),
        ("u = x; u[2]", {"x": [1, 2]}, ShapeError, "cannot take this part of (2,)", (7, 11)),
        ("inv(x)", {"x": [1, 2]}, ShapeError, "a matrix, not (2,)", (0, 6)),
        ("trace(x)", {"x": [1, 2]}, ShapeError, "a matrix, not (2,)", (0, 8)),
        ("outer(x, 2)", {"x": [1, 2]}, ShapeError, "outer of (2,) and a number", (0, 11)),
        ("stack(x, 2)", {"x": [1, 2]}, ShapeError, "cannot stack (2,) and a number", (0, 11)),
        ("transpose(x, 1)", {"x": [1, 2]}, ShapeError, "there is no axis 1", (0, 15)),
        ("softmax(x, axis=3)", {"x": [1, 2]}, ShapeError, "there is no axis 3", (0, 18)),
        ("broadcast_to(x, 2, 3)", {"x": [1, 2]}, ShapeError, "(2,) and (2, 3)", (0, 21)),
        ("broadcast_to(x, -2, 2)", {"x": [1, 2]}, ShapeError, "broadcast", (0, 22)),
        ("x[y]", {"x": [1, 2], "y": 1.0}, ParseError, "an index must be known", (2, 3)),
        ("reshape(x, y)", {"x": [1, 2], "y": 2}, ParseError, "shape must be known", (11, 12)),
        ("x[:y]", {"x": [1, 2], "y": 1.0}, ParseError, "a bound of a slice must be known", (3, 4)),
        ("sum(inv(x))", {"x": [[1, 1], [1, 1]]}, DomainError, "inv: the matrix is singular", (4, 10)),
        ("2*logdet(x)", {"x": [[0, 1], [1, 0]]}, DomainError, "the determinant is negative", (2, 11)),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_shown_in_its_place(text, point, error, message, span):
    function = adcli.compile(text)
    for method in (function.value, function.value_and_gradient):
        with pytest.raises(error) as caught:
            method(point)
        assert message in str(caught.value)
        assert caught.value.span == span


@pytest.mark.parametrize(
    ("text", "error"),
    [("sinn(x) @ x", UnknownNameError), ("sum(x, 1)", ParseError), ("sum(x, axes=0)", ParseError),
     ("u = x @ x; x = 2; u", ParseError), ("solve(x)", ParseError), ("swapaxes(x, 1)", ParseError)],
)  # fmt: skip
def test_what_needs_no_shapes_is_told_at_once(text, error):
    with pytest.raises(error):
        adcli.compile(text)


def test_variables_in_the_order_of_first_use():
    assert adcli.compile("u = b @ a; sum(u, axis=None)*c + [d, pi][0] + e").variables == ("b", "a", "c", "d")


def test_a_vector_has_no_gradient():
    for text in ("A @ x", "[x[0], 1]", "x"):
        function = adcli.compile(text)
        with pytest.raises(ShapeError, match="jac"):
            function.gradient({name: POINT[name] for name in function.variables})


def test_a_formula_of_numbers_takes_arrays_too():
    function = adcli.compile("x*y + max(x)")
    assert function.value(x=2.0, y=3.0) == 8.0
    assert function.value(x=[1, 2], y=3).tolist() == [5.0, 8.0]
    assert function.value(x=np.float64(2.0), y=np.array(3.0)) == 8.0
    assert function.value({"x": (1, 2), "y": 3}).tolist() == [5.0, 8.0]
    assert function.value(x=2.0, y=3.0) == 8.0
    for value in ("a", [1, "a"], [[1], [1, 2]], {"a": 1}, 1j, [None]):
        with pytest.raises(RequestError):
            function.value(x=value, y=[1.0])


def test_one_program_for_each_choice_of_shapes():
    function = adcli.compile("sum(x)*y")
    assert function.value(x=[1, 2], y=3.0) == 9.0
    lowerings = function._engine.lowerings
    lowered = lowerings.at({"x": np.ones(2), "y": 1.0})
    assert lowered is lowerings.at({"x": np.zeros(2), "y": 2.0})
    assert lowered is not lowerings.at({"x": np.ones(3), "y": 1.0})
    for size in range(200):
        function.value(x=np.ones(size), y=1.0)
    assert len(lowerings._shaped) <= 64


def test_a_batch_is_refused_for_arrays():
    function = adcli.compile("A @ x")
    with pytest.raises(RequestError, match="batch is for formulas of numbers"):
        function.batch(A=[1.0], x=[1.0])


def test_results_are_arrays_of_their_own():
    x = np.array([1.0, 2.0])
    function = adcli.compile("x.T")
    function.value(x=x)[0] = 5.0
    assert x.tolist() == [1.0, 2.0]
    assert function.value(x=np.array([1, 2], dtype=np.float32)).dtype == np.float64
    _, slopes = adcli.compile("sum(x) + sum(y)").value_and_gradient(x=x, y=x)
    slopes["x"][0] = 7.0
    assert slopes["y"].tolist() == [1.0, 1.0]


def test_a_value_that_is_nan_has_slopes_that_are():
    value, slopes = adcli.compile("sum(log(x)) + y").value_and_gradient(x=[1.0, -1.0], y=2.0)
    assert np.isnan(value)
    assert np.isnan(slopes["x"]).all()
    assert np.isnan(slopes["y"])


def test_zero_size():
    assert adcli.compile("sum(x)*2").value_and_gradient(x=[])[0] == 0.0
    assert adcli.compile("sum(x)*2").gradient(x=np.zeros((0, 3)))["x"].shape == (0, 3)


# ---------------------------------------------------------------- random formulas


def of_shape(kind: str, size: int) -> st.SearchStrategy[str]:
    """Formulas of a number `s`, a vector `v` of three or a matrix `m` of three by three."""
    leaves = {"s": ["k", "x[1]", "A[0, -1]", "2", "0.5"], "v": ["x", "y", "[1, 2, 3]", "A[1]"], "m": ["A", "S", "A.T"]}
    if size == 0:
        return st.sampled_from(leaves[kind])
    smaller = {each: st.deferred(lambda each=each: of_shape(each, size - 1)) for each in "svm"}
    forms = {
        "s": ["({v}) @ ({v})", "sum({v})", "sum({m})", "norm({v})", "({v})[2]", "({m})[0, 1]", "trace({m})",
              "mean({m})", "logsumexp({v})", "max({v})", "({s})*({s})", "({s}) - ({s})", "sin({s})",
              "tanh({s})", "prod({v})"],
        "v": ["({m}) @ ({v})", "({v}) @ ({m})", "({v}) + ({v})", "({v})*({s})", "sin({v})", "({m})[:, 1]",
              "({v})[::-1]", "sum({m}, axis=0)", "max({m}, axis=1)", "softmax({v})", "diag({m})", "[{s}, {s}, 1]",
              "where(({v}) > ({s}), {v}, {v})", "norm({m}, axis=1)", "concatenate({v}, {v})[1:4]"],
        "m": ["({m}) @ ({m})", "({m}) + ({v})", "({m})*({m})", "outer({v}, {v})", "({m}).T", "[{v}, {v}, {v}]",
              "cos({m})", "diag({v})", "swapaxes({m}, 0, 1)", "reshape(({m})[::-1], 3, 3)",
              "softmax({m}, axis=0)", "({m})*({s})"],
    }  # fmt: skip

    def filled(form: str) -> st.SearchStrategy[str]:
        parts = form.replace("}", "{").split("{")
        texts = [st.just(part) if place % 2 == 0 else smaller[part] for place, part in enumerate(parts)]
        return st.tuples(*texts).map("".join)

    return st.one_of(st.sampled_from(leaves[kind]), st.sampled_from(forms[kind]).flatmap(filled))


@given(of_shape("s", 3))
@settings(max_examples=examples(120))
def test_the_modes_agree_on_random_formulas(text):
    function = adcli.compile(text)
    assert adcli.parse(str(function.formula)) == function.formula
    point = {name: POINT[name] for name in function.variables}
    made = lowered_at(
        function, {name: np.asarray(value) if np.shape(value) else value for name, value in point.items()}
    )
    printed = adcli.compile(str(made.result))
    assert printed.value({name: point[name] for name in printed.variables}) == pytest.approx(
        function.value(point), rel=1e-9
    )
    scale = 1.0 + max((float(np.max(np.abs(slope))) for slope in function.gradient(point).values()), default=0.0)
    for name, slope in function.gradient(point).items():
        index = function.variables.index(name)
        forward = made.slopes(forward=True)[index]
        value = 0.0
        if forward is not None:
            again = adcli.compile(str(forward))
            value = again.value({each: point[each] for each in again.variables})
        np.testing.assert_allclose(value, slope, rtol=1e-8, atol=1e-11 * scale, err_msg=f"{text}: {name}")


SHAPES = st.sampled_from("svm").flatmap(lambda kind: of_shape(kind, 3))


@given(SHAPES)
@settings(max_examples=examples(100))
def test_every_span_is_the_text_of_its_node(text):
    stack = [adcli.parse(text).result]
    while stack:
        node = stack.pop()
        piece = text[node.start : node.stop]
        assert piece == piece.strip()
        if isinstance(node, adcli.language.ast.Call):
            assert node.start <= node.head[0] < node.head[1] <= node.stop
            stack.extend(node.arguments)
            if ":" in node.function or node.function.endswith("="):
                continue
        assert adcli.language.ast.same(adcli.parse(piece).result, node)
