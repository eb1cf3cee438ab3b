"""Every operation and transformation against JAX and PyTorch, both in float64.

They are development extras: `pip install ".[peers]"`. Where conventions differ it is said; ours stand in
docs/numbers.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import Value
from adcli.ops import TABLE, Op

from .samplers import cases_of

CLOSE = {"rtol": 1e-9, "atol": 1e-10}
REASON = 'a development extra: pip install ".[peers]"'


@pytest.fixture(scope="module")
def jax() -> Any:
    jax = pytest.importorskip("jax", reason=REASON)
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    return jax


@pytest.fixture(scope="module")
def torch() -> Any:
    torch = pytest.importorskip("torch", reason=REASON)
    torch.set_num_threads(1)
    return torch


def same(found: Any, wanted: Any, **given: float) -> None:
    wanted = np.asarray(wanted.detach() if hasattr(wanted, "detach") else wanted)
    assert np.shape(found) == np.shape(wanted)
    np.testing.assert_allclose(found, wanted, **{**CLOSE, **given})


# ---------------------------------------------------------------- every operation, against JAX

# In JAX's words, where they are not the same ones; None where JAX has no such operation.
_LINALG = {name: f"linalg.{name}" for name in ("solve", "inv", "det", "norm")}
_NN = {name: f"nn.{name}" for name in ("relu", "sigmoid", "softplus", "softmax", "log_softmax")}
_SCIPY = {"erf": "erf", "erfc": "erfc", "gamma": "gamma", "lgamma": "gammaln", "digamma": "digamma",
          "polygamma": "polygamma", "xlogy": "xlogy", "logsumexp": "logsumexp"}  # fmt: skip
_WORDS = """
sub subtract, mul multiply, div divide, neg negative, floordiv floor_divide, pow power, lt less, le less_equal,
gt greater, ge greater_equal, eq equal, ne not_equal, and logical_and, or logical_or, not logical_not, max maximum,
min minimum, asin arcsin, acos arccos, atan arctan, atan2 arctan2, asinh arcsinh, acosh arccosh, atanh arctanh
"""
_NAMES: dict[str, str] = dict(pair.split() for pair in _WORDS.split(","))  # type: ignore[misc]
FORMULAS: dict[str, Callable[[Any], Callable[..., Any]]] = {
    "sec": lambda n: lambda x: 1 / n.cos(x),
    "csc": lambda n: lambda x: 1 / n.sin(x),
    "cot": lambda n: lambda x: 1 / n.tan(x),
    "sech": lambda n: lambda x: 1 / n.cosh(x),
    "csch": lambda n: lambda x: 1 / n.sinh(x),
    "coth": lambda n: lambda x: 1 / n.tanh(x),
    "semicircle": lambda n: lambda x: n.sqrt(1 - x * x),
    "direction": lambda n: lambda x, y: x / n.sqrt(x * x + y * y),
    "gaussian": lambda n: lambda x: n.exp(-x * x),
    "log_base": lambda n: lambda x, b: n.log(x) / n.log(b),
    "sinc": lambda n: lambda x: n.sinc(x / np.pi),
    "cofactor": lambda n: lambda a: n.linalg.det(a)[..., None, None] * n.swapaxes(n.linalg.inv(a), -1, -2),
    "logdet": lambda n: lambda a: n.linalg.slogdet(a)[1],
    "logabsdet": lambda n: lambda a: n.linalg.slogdet(a)[1],
    "sign_det": lambda n: lambda a: n.linalg.slogdet(a)[0],
    "unit": lambda n: lambda x, axis=None: x / n.sqrt(n.sum(x * x, axis=axis, keepdims=True)),
    "across": lambda n: lambda t, x, axis=None: t - x * n.sum(x * t, axis=axis, keepdims=True) / n.sum(
        x * x, axis=axis, keepdims=True),
    "deviation": lambda n: lambda t, w, axis=None: t - n.sum(w * t, axis=axis, keepdims=True) / n.sum(
        w, axis=axis, keepdims=True),
    "excess": lambda n: lambda t, w, axis=None: t - w * n.sum(t, axis=axis, keepdims=True) / n.sum(
        w, axis=axis, keepdims=True),
    "exponential_share": lambda n: lambda x, axis=None: n.exp(x) / n.sum(n.exp(x), axis=axis, keepdims=True),
    "difference": lambda n: n.subtract,
    "outer": lambda n: lambda x, y: x[..., :, None] * y[..., None, :],
    "trace": lambda n: lambda a: n.trace(a, axis1=-2, axis2=-1),
    "diagonal": lambda n: lambda a: n.diagonal(a, axis1=-2, axis2=-1),
    "diag": lambda n: lambda a: n.diag(a) if a.ndim == 1 else n.diagonal(a, axis1=-2, axis2=-1),
    "getitem": lambda n: lambda x, index: x[n.array(index, dtype=int) if isinstance(index, list) else
                                            tuple(n.array(i) if isinstance(i, list | tuple) else i for i in index)
                                            if isinstance(index, tuple) else index],
    "scatter": lambda n: lambda x, index, shape: n.zeros(shape).at[
        n.array(index) if isinstance(index, list) else tuple(n.array(i) if isinstance(i, tuple) else i for i in index)
        if isinstance(index, tuple) else index
    ].add(x),
    "stack": lambda n: lambda *xs, axis=0: n.stack(xs, axis=axis),
    "concatenate": lambda n: lambda *xs, axis=0: n.concatenate(xs, axis=axis),
    "reshape": lambda n: lambda x, *shape: n.reshape(x, shape[0] if len(shape) == 1 else shape),
    "broadcast_to": lambda n: lambda x, *shape: n.broadcast_to(x, shape[0] if len(shape) == 1 else shape),
    "transpose": lambda n: lambda x, *axes: n.transpose(x, (axes[0] if isinstance(axes[0], tuple) else axes)
                                                        if axes else None),
    "solve": lambda n: lambda a, b: n.linalg.solve(a, b[..., None] if a.ndim > 2 and b.ndim == 1 else b)[
        (..., 0) if a.ndim > 2 and b.ndim == 1 else ...
    ],
    "norm": lambda n: lambda x, axis=None, keepdims=False: n.sqrt(n.sum(x * x, axis=axis, keepdims=keepdims)),
    "clip": lambda n: lambda x, lo, hi: n.clip(x, lo, hi),
    "heaviside": lambda n: lambda x, at0: n.where(x > 0, 1.0, n.where(x < 0, 0.0, at0)),
}  # fmt: skip
# Closures of others under differentiation, which JAX has no name for; they are checked by the orders of the others.
WITHOUT = {
    "power_derivative", "cbrt_derivative", "sinc_derivative", "gaussian_derivative", "tie_share", "subtraction_error",
    "count_share", "diag_embed", "sum_to",
}  # fmt: skip


def in_jax(jax: Any, op: Op) -> Callable[..., Any] | None:
    """The operation as JAX has it."""
    if op.name in WITHOUT:
        return None
    if op.name in FORMULAS:
        return FORMULAS[op.name](jax.numpy)
    word = {**_LINALG, **_NAMES}.get(op.name, op.name)
    place = jax.numpy
    if op.name in _NN:
        place, word = jax.nn, op.name
    elif op.name in _SCIPY:
        import jax.scipy.special

        place, word = jax.scipy.special, _SCIPY[op.name]
    for part in word.split("."):
        place = getattr(place, part)
    found: Callable[..., Any] = place
    return found


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_operations_against_jax(jax: Any, op: Op) -> None:
    """Values and cotangents of the first cases; JAX compiles anew for each, which takes its time."""
    theirs = in_jax(jax, op)
    if theirs is None:
        return
    for number, case in enumerate(cases_of(op)[1:3]):
        if not case.point or max([np.max(np.abs(x), initial=0.0) for x in case.point]) > 1e100:
            continue
        if min([np.max(np.abs(x), initial=1.0) for x in case.point]) < 1e-100:
            continue

        def called(*point: Any, case: Any = case) -> Any:
            given = iter(point)
            arguments = [next(given) if isinstance(x, (float, np.ndarray)) and np.asarray(x).dtype == float else x
                         for x in case.arguments]  # fmt: skip
            return theirs(*arguments, **case.parameters)

        point = [jax.numpy.asarray(x) for x in case.point]
        wanted = called(*point)
        same(case.call(op)(*case.point), wanted)
        if op.is_condition:
            continue
        weights = np.random.default_rng(number).standard_normal(np.shape(wanted))
        leaves = [Value(x) for x in case.point]
        case.call(op)(*leaves).backward(weights if np.ndim(weights) else float(weights))
        slopes = jax.vjp(called, *point)[1](jax.numpy.asarray(weights))
        for leaf, slope in zip(leaves, slopes, strict=True):
            same(leaf.grad, slope)


# ---------------------------------------------------------------- functions of several operations, both peers

A = np.array([[2.0, 0.5, 0.1], [0.3, 3.0, -0.4], [-0.2, 0.6, 1.5]])
B = np.array([[0.5, -1.0], [1.5, 0.3], [-0.7, 2.0]])
V = np.array([0.5, -1.2, 2.0])


def functions(
    n: Any, array: Callable[[Any], Any] = np.asarray
) -> dict[str, tuple[Callable[..., Any], tuple[Any, ...]]]:
    """Functions to one number in the words of a module `n`, with a point each; `array` makes its constants."""
    return {
        "an expression of scalars": (lambda x, y: n.sin(x**2) * n.cos(y) + x / y - 2**x, (2.0, 3.0)),
        "a layer": (lambda w, x, b: (n.tanh(w @ x + b) ** 2).sum(), (A, V, np.ones(3))),
        "broadcast": (lambda x, y: (n.exp(x[:, None] * 0.1) * y + x[:, None] ** 2).sum(), (V, B)),
        "a batch of products": (lambda x, y: (n.sin(n.stack([x, 2 * x]) @ y)).sum(), (A, B)),
        "the normal likelihood": (
            lambda s, x, m: 0.5 * n.logdet(s @ s.T) + 0.5 * ((x - m) @ n.solve(s @ s.T, x - m)), (A, V, np.zeros(3))),
        "a determinant of a sum": (lambda x: n.det(x @ x.T + n.inv(x)), (A,)),
        "a softmax": (lambda x: (n.softmax(x @ array(B)) ** 2).sum() + n.logsumexp(x).sum(), (A,)),
        "log_softmax far out": (lambda x: n.log_softmax(x * 400.0)[0, 1], (A,)),
        "parts": (lambda x: (x[0] * x[1:, 0].sum() + x[[0, 0, 2], [1, 1, 2]]).sum() + x[-1, ::2].sum(), (A,)),
        "a choice": (lambda x: n.where(x > 0, x**3, n.exp(x)).sum(), (A,)),
        "a product with a zero": (lambda x: n.prod(x), (np.array([0.0, 2.0, 3.0]),)),
        "norms": (lambda x: n.norm(x) + (n.norm(x[0]) ** 3), (A,)),
    }  # fmt: skip


class Jax:
    """JAX's functions under our names."""

    def __init__(self, jax: Any) -> None:
        self.jax, self.np = jax, jax.numpy

    def __getattr__(self, name: str) -> Any:
        home = {"softmax": self.jax.nn, "log_softmax": self.jax.nn, "logsumexp": self.jax.nn}
        linalg = {"solve", "inv", "det", "norm"}
        if name == "logdet":
            return lambda s: self.np.linalg.slogdet(s)[1]
        if name == "logsumexp":
            return self.jax.scipy.special.logsumexp
        return getattr(home.get(name, self.np.linalg if name in linalg else self.np), name)


class Torch:
    """PyTorch's functions under our names."""

    def __init__(self, torch: Any) -> None:
        self.torch = torch

    def __getattr__(self, name: str) -> Any:
        torch = self.torch
        changed = {
            "softmax": lambda x: torch.softmax(x, -1), "log_softmax": lambda x: torch.log_softmax(x, -1),
            "logsumexp": lambda x: torch.logsumexp(x, tuple(range(x.ndim))), "solve": torch.linalg.solve,
            "inv": torch.linalg.inv, "det": torch.linalg.det, "norm": torch.linalg.norm,
        }  # fmt: skip
        return changed.get(name) or getattr(torch, name)


NAMES = list(functions(adcli))


@pytest.mark.parametrize("name", NAMES)
def test_transformations_against_jax(jax: Any, name: str) -> None:
    """Gradient, Hessian, jvp, vjp, hvp and the Jacobian of the gradient in both modes."""
    ours, point = functions(adcli)[name]
    theirs, _ = functions(Jax(jax))[name]
    places = tuple(range(len(point)))
    at = tuple(map(jax.numpy.asarray, point))
    moves = tuple(np.random.default_rng(i).standard_normal(np.shape(x)) for i, x in enumerate(point))
    moves = tuple(move if np.ndim(move) else float(move) for move in moves)
    value, slopes = adcli.value_and_grad(ours, places)(*point)
    their_value, their_slopes = jax.jit(jax.value_and_grad(theirs, places))(*at)
    same(value, their_value)
    for one, other in zip(slopes, their_slopes, strict=True):
        same(one, other)
    for one, other in zip(
        adcli.jvp(ours, point, moves), jax.jit(lambda *at: jax.jvp(theirs, at, moves))(*at), strict=True
    ):
        same(one, other)
    for one, other in zip(
        adcli.vjp(ours, *point)[1](2.0), jax.jit(lambda *at: jax.vjp(theirs, *at)[1](2.0))(*at), strict=True
    ):
        same(one, other)
    wanted = jax.jit(jax.hessian(theirs, places))(*at)  # op by op it takes half a minute
    for hessian in (
        adcli.hessian(ours, places)(*point),
        adcli.jacobian(adcli.grad(ours, places), places, mode="reverse")(*point),
    ):
        for row, wanted_row in zip(hessian, wanted, strict=True):
            for block, wanted_block in zip(row, wanted_row, strict=True):
                same(block, wanted_block, rtol=1e-7, atol=1e-9)
    product = adcli.hvp(ours, point, moves)
    their_product = jax.jit(lambda *at: jax.jvp(jax.grad(theirs, places), at, moves)[1])(*at)
    for one, other in zip(product if len(point) > 1 else (product,), their_product, strict=True):
        same(one, other, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_and_hessians_against_torch(torch: Any, name: str) -> None:
    ours, point = functions(adcli)[name]
    theirs, _ = functions(Torch(torch), torch.tensor)[name]
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in point]
    value = theirs(*tensors)
    slopes = torch.autograd.grad(value, tensors, create_graph=True)
    leaves = [Value(x) for x in point]
    root = ours(*leaves)
    root.backward()
    same(root.value, value)
    for leaf, slope in zip(leaves, slopes, strict=True):
        same(leaf.grad, slope)
    wanted = torch.autograd.functional.hessian(theirs, tuple(tensors))
    places = tuple(range(len(point)))
    for row, wanted_row in zip(adcli.hessian(ours, places)(*point), wanted, strict=True):
        for block, wanted_block in zip(row, wanted_row, strict=True):
            same(block, wanted_block, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(("rows", "columns"), [(2, 3), (3, 2), (0, 3), (3, 0)])
def test_jacobians_against_jax(jax: Any, mode: str, rows: int, columns: int) -> None:
    w = np.random.default_rng(1).standard_normal((rows, columns))
    x = np.linspace(0.5, 1.0, columns)
    ours = adcli.jacobian(lambda x: adcli.sin(w @ (x * x)), mode=mode)(x)
    theirs = (jax.jacfwd if mode == "forward" and columns else jax.jacrev)(lambda x: jax.numpy.sin(w @ (x * x)))(x)
    same(ours, theirs)


# ---------------------------------------------------------------- where the conventions differ


def test_ties_share_as_in_jax_and_torch(jax: Any, torch: Any) -> None:
    """A tie of n: 1/n each. PyTorch's amax and JAX's max do the same; PyTorch's maximum gives 1/2 too."""
    x = np.array([1.0, 3.0, 3.0, 3.0])
    ours = adcli.grad(lambda x: adcli.max(x))(x)
    same(ours, jax.grad(jax.numpy.max)(x))
    t = torch.tensor(x, requires_grad=True)
    torch.amax(t).backward()
    same(ours, t.grad)
    assert adcli.grad(lambda x, y: adcli.max(x, y))(3.0, 3.0) == (0.5, 0.5)
    same(0.5, jax.grad(jax.numpy.maximum)(3.0, 3.0))


def test_kinks_where_ours_is_the_contract(jax: Any, torch: Any) -> None:
    """norm and hypot at 0: 0, where JAX has nan; abs and relu at 0: 0 as in PyTorch."""
    assert adcli.grad(lambda x: adcli.norm(x))(np.zeros(2)).tolist() == [0.0, 0.0]
    assert np.isnan(jax.grad(jax.numpy.linalg.norm)(np.zeros(2))).all()
    t = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    torch.linalg.norm(t).backward()
    same(np.zeros(2), t.grad)
    assert np.isnan(adcli.hessian(adcli.norm)(np.zeros(2))).all()  # as hypot, PyTorch and JAX
    assert adcli.hessian(adcli.norm)(np.zeros(1)) == 0.0
    assert (adcli.grad(adcli.abs)(0.0), adcli.grad(adcli.relu)(0.0)) == (0.0, 0.0)
    assert adcli.grad(lambda x: adcli.clip(x, 0.0, 1.0))(0.0) == 0.5


def test_a_branch_not_taken_where_the_peers_give_nan(jax: Any, torch: Any) -> None:
    """where(x > 0, sqrt(x), 0) at 0: the contract's 0; JAX and PyTorch multiply an infinite slope by 0."""
    x = np.array([4.0, 0.0])
    ours = adcli.grad(lambda x: adcli.where(x > 0.0, adcli.sqrt(x), 0.0).sum())(x)
    assert ours.tolist() == [0.25, 0.0]
    theirs = jax.grad(lambda x: jax.numpy.where(x > 0, jax.numpy.sqrt(x), 0.0).sum())(x)
    assert np.isnan(theirs[1])
    t = torch.tensor(x, requires_grad=True)
    torch.where(t > 0, torch.sqrt(t), 0.0).sum().backward()
    assert torch.isnan(t.grad[1])


def test_the_second_derivative_of_a_product_with_zeros(torch: Any) -> None:
    """Two zeros: the first derivative is 0, the second is not."""
    x = np.array([0.0, 0.0, 3.0, 2.0])
    wanted = torch.autograd.functional.hessian(lambda t: t[0] * t[1] * t[2] * t[3], torch.tensor(x))
    same(adcli.hessian(lambda x: adcli.prod(x))(x), wanted)


@pytest.mark.parametrize("x", [[1000.0, 0.0], [-1000.0, -1001.0], [0.0, -np.inf], [800.0, 800.0]])
def test_the_family_of_softmax_far_out(jax: Any, x: list[float]) -> None:
    point = np.array(x)
    for ours, theirs in (
        (adcli.logsumexp, jax.scipy.special.logsumexp),
        (lambda x: adcli.softmax(x)[0], lambda x: jax.nn.softmax(x)[0]),
        (lambda x: adcli.log_softmax(x)[0], lambda x: jax.nn.log_softmax(x)[0]),
    ):
        value, slope = adcli.value_and_grad(ours)(point)
        same(value, theirs(point))
        same(slope, jax.grad(theirs)(point))
