"""Calls of NumPy on Values, Duals and symbols: each spelling gives NumPy's number or names a parameter."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import Dual, Value
from adcli.graph.expr import Graph
from adcli.ops.numpy_calls.binding import ABSENT, HARMLESS, Form, call, forms
from adcli.ops.numpy_calls.numbers import ON_VALUES
from tests.sampling import rotate

POINT = {
    "x": np.array(0.7),
    "v": np.array([0.52, -1.28, 2.12]),
    "w": np.array([1.5, 0.25, -0.75]),
    "A": np.array([[1.1, -2.2, 0.6], [3.0, 4.3, -1.5]]),
    "S": np.array([[2.0, 0.5, -0.25], [0.75, 1.5, 0.4], [-0.3, 0.6, 1.2]]),
    "T": np.arange(1.0, 13.0).reshape(2, 3, 2) * np.array([0.3, -0.7]),
}
# Calls of each function. Positional arguments have the places of NumPy's signature.
SPELLINGS = """
sum(A); sum(A, 0); sum(A, 0, float); sum(A, axis=1, keepdims=True); sum(A, None, None, None, True)
sum(A, initial=2.0)
sum(A, where=[True, False, True]); sum(A, axis=(0, 1), dtype="float64"); sum(x, 0); sum(T, axis=[0, 2][0])
sum(A, ())
prod(A, 0, float); prod(A, axis=-1, keepdims=True); prod(v, initial=3.0); prod(v, where=[True, False, True])
max(A, 0); max(A, axis=1, keepdims=True); max(v, initial=5.0); max(A, initial=0.0, where=A > 1)
amax(A, 1, None, True)
min(A, 0); min(A, axis=(0, 1)); amin(v, initial=-5.0); min(x, -1)
mean(A, 0, float); mean(A, keepdims=True); mean(A, where=[True, False, True]); mean(A, axis=1, where=A > 0)
var(A); var(A, 0, float, None, 1); var(A, axis=1, ddof=1, keepdims=True); var(A, where=A > 0)
std(A); std(A, 0, ddof=1); std(v, keepdims=True); std(A, where=A > 0)
ptp(A, 0); ptp(v, keepdims=True); average(v); average(A, 1, w); average(A, weights=A * A)
average(A, axis=0, keepdims=True)
average(v, weights=w * w, returned=True)[1]
cumsum(A); cumsum(A, 1, float); cumsum(v, axis=-1); cumprod(A, 0); cumprod(v)
diff(v); diff(A, 2, 1); diff(A, axis=0); diff(v, prepend=1.0); diff(A, append=A[:, :1])
gradient(v); gradient(A, 0.5, axis=1); gradient(A)[0]; gradient(v, edge_order=2); gradient(A, 0.5, 2.0)[1]
linalg.norm(v); linalg.norm(v, 1); linalg.norm(v, 0) + v[0]; linalg.norm(v, -1); linalg.norm(v, 3.5)
linalg.norm(v, np.inf)
linalg.norm(A, 1); linalg.norm(A, -1); linalg.norm(A, np.inf); linalg.norm(A, -np.inf); linalg.norm(A, "fro")
linalg.norm(A, axis=0); linalg.norm(A, 1, 1); linalg.norm(A, 2, 0, True); linalg.norm(T, axis=(0, 2), ord=1)
linalg.norm(A, ord=1, keepdims=True); linalg.norm(A, None, None, True); linalg.norm(v, -np.inf); linalg.norm(T)
shape(A); ndim(A); size(A); size(A, 1); zeros_like(A); ones_like(A, dtype=float); full_like(A, 2.0); full_like(A, x)
empty_like(A).shape; zeros_like(A, shape=(2,)); result_type(v, 1)
reshape(A, (3, 2)); reshape(A, -1); reshape(A, (3, 2), "F"); reshape(A, (3, -1), order="F"); ravel(A)
ravel(T, order="F")
transpose(A); transpose(T, (2, 0, 1)); transpose(T, axes=(1, 2, 0)); transpose(A, None); swapaxes(T, 0, -1)
moveaxis(T, 0, -1); moveaxis(T, (0, 1), (1, 2)); rollaxis(T, 2); rollaxis(T, 0, 2); squeeze(A[:1])
squeeze(T[:1], axis=0)
expand_dims(v, 0); expand_dims(A, (0, -1)); atleast_1d(x); atleast_2d(v); atleast_3d(A); atleast_3d(v)
atleast_1d(v, x)[1]
broadcast_to(v, (2, 3)); broadcast_to(array=v, shape=(2, 3)); broadcast_arrays(v, A)[0]; copy(A)
meshgrid(v, w)[0]; meshgrid(v, w, indexing="ij")[1]; meshgrid(v, w, sparse=True)[1]
flip(A); flip(A, 1); flip(T, axis=(0, 2)); fliplr(A); flipud(A); rot90(A); rot90(A, 2); rot90(A, 3)
rot90(T, k=-1, axes=(1, 2))
roll(A, 1); roll(A, -1, 1); roll(A, (1, 2), axis=(0, 1)); roll(v, 5)
take(A, [0, 5]); take(A, 1, 1); take(A, [[0, 2]], axis=-1); take_along_axis(A, np.array([[0], [2]]), 1)
take_along_axis(A, np.array([0, 4]), None); compress([True, False, True], A, axis=1); delete(A, 1, 1)
delete(A, [0, 2])
repeat(A, 2); repeat(A, [1, 0, 2], axis=1); repeat(v, 2); tile(A, 2); tile(v, (2, 2)); tile(A, (2, 1, 1))
tile(x, 3)
diagonal(S); diagonal(S, 1); diagonal(A, offset=-1); diagonal(T, 0, 1, 2); diagonal(T)
trace(S); trace(A); trace(S, 1); trace(S, offset=-1); trace(T, 0, 0, 2); trace(T); trace(S, offset=0, dtype=float)
diag(v); diag(v, 1); diag(S, k=-1); diag(A, k=0); diagflat(A); diagflat(v, -2)
tril(S); tril(A, 1); triu(S, k=-1); triu(T); tril(v)
pad(A, 1); pad(v, (1, 2)); pad(A, ((1, 0), (0, 2)), constant_values=3.0); pad(v, 2, "constant", constant_values=x)
stack([v, w]); stack([v, w], 1); stack(A); stack((v, w), axis=-1); concatenate([v, w]); concatenate([A, S], 0)
concatenate([A, A], 1); concatenate([A, v], axis=None); concatenate(A); concatenate([[1.0, x], v])
vstack([v, w]); vstack([A, v]); hstack([v, w]); hstack([A, A]); dstack([v, w]); dstack([A, A]); column_stack([v, w])
column_stack([S, v]); append(v, 1.0); append(A, [v], 0); append(A, A, axis=1); vstack(A); hstack([x, v])
split(A, 3, 1)[1]; split(v, [1])[1]; split(T, indices_or_sections=3, axis=1)[2]; array_split(v, 2)[0]
array_split(A, [1, 2], axis=1)[2]
hsplit(A, 3)[0]; hsplit(v, 3)[1]; vsplit(A, 2)[1]; dsplit(T, 2)[0]
dot(A, v); dot(v, 2.0); dot(2.0, v); dot(A, S); dot(T, w[:2]); dot(A, np.ones((2, 3, 4))); dot(x, x)
inner(A, v); inner(A, S); inner(v, 2.0); inner(v, w); vdot(A, A); outer(v, w); outer(A, v)
tensordot(A, S, 1); tensordot(A, A); tensordot(A, A, axes=([0, 1], [0, 1])); tensordot(T, A, axes=(0, 0))
tensordot(v, w, 0)
kron(A, v); kron(A, S); kron(v, w); kron(x, A); cross(v, w); cross(A, w); cross(S, S.T, axis=0); cross(S, w, 0)
cross(v, S, axisc=0)
linalg.det(S); linalg.inv(S); linalg.solve(S, v); linalg.solve(S, A.T); linalg.slogdet(S).logabsdet
linalg.slogdet(S)[0]
linalg.multi_dot([A, S, v]); linalg.matrix_power(S, 3); linalg.matrix_power(S, -2); linalg.matrix_power(S, 0)
einsum("ij,jk->ik", A, S); einsum("ij,jk", A, S); einsum("ii", S); einsum("ii->i", S); einsum("ij->ji", A)
einsum("ij->", A)
einsum("i,j", v, w); einsum("i,i", v, w); einsum("ij,j,jk->ik", A, v, S); einsum("...i,i->...", T.T, A[:, 0])
einsum("ij,ij->j", A, A)
einsum("ijk,jl->ilk", T, S); einsum(A, [0, 1], S, [1, 2], [0, 2]); einsum("b...,b...->...", A, A)
einsum("i,->i", v, x)
einsum("ij,kj->ik", A, v[None]); einsum("...,...", A, v); einsum("ij,jk,kl->il", A, S, S, optimize=True)
einsum("iij->j", S[:, None] * S)
sinc(v); fix(v); real(v); imag(v); real_if_close(v); clip(A, 0, 2); clip(A, 0, None); clip(A, None, 2.5)
clip(A, a_min=0.2, a_max=1)
round(v, 1); round(v); round(v * 100, -1); around(v, decimals=1); where(A > 0, A, 0.0); where(A > 0, v, x)
where(A > 0)
select([A > 2, A > 0], [A * A, -A], 5.0); select([v > 0], [v]); nan_to_num(v)
nan_to_num(v / 0.0, posinf=3.0, neginf=x)
nan_to_num(v * np.nan, nan=2.0); linspace(x, 2.0, 4); linspace(v, w, 3, False)
linspace(0.0, x, num=5, retstep=True)[1]
all(A > 0); any(A > 0, axis=0); argmax(A); argmax(A, 0); argmin(A, axis=1); argsort(v); argwhere(A > 0)
argpartition(v, 1)
allclose(v, v); isclose(v, w); array_equal(v, v); array_equiv(v, v); count_nonzero(A, axis=0); flatnonzero(A > 0)
nonzero(A > 0)
searchsorted([0.0, 1.0], v); digitize(v, [0.0, 1.0]); isin(v, [2.0]); iscomplex(v); iscomplexobj(v); isreal(v)
isrealobj(v)
isneginf(v); isposinf(v); lexsort((v, w)); nanargmax(v); nanargmin(A, 1); may_share_memory(v, w)
shares_memory(v, w)
exp2(v); degrees(v); rad2deg(v); radians(v); deg2rad(v); fmax(v, w); fmin(v, w); trunc(v); isnan(v); isfinite(v)
isinf(v)
logaddexp2(v, w); ldexp(v, 3); conjugate(v); conj(v); positive(v); reciprocal(v); divmod(v, 0.75)[0]
divmod(v, 0.75)[1]
sin(v, dtype=float)
add.reduce(A); add.reduce(A, axis=1, keepdims=True); multiply.reduce(v); maximum.reduce(A, 1); minimum.reduce(A)
add.accumulate(v)
multiply.accumulate(A, axis=1); subtract.outer(v, w); add.outer(A, v); add(v, w, where=True)
logaddexp.accumulate(v)
"""
SPELLINGS_OF_NUMPY_2 = """
permute_dims(T, axes=(1, 2, 0)); matrix_transpose(T); linalg.matrix_transpose(T); concat([v, w])
unstack(T, axis=1)[2]
cumulative_sum(v); cumulative_sum(A, axis=1, include_initial=True); cumulative_prod(v, include_initial=True)
linalg.diagonal(T, offset=1); linalg.trace(T); linalg.trace(S, offset=1); linalg.outer(v, w); linalg.matmul(A, S)
linalg.vecdot(A, A); linalg.vecdot(A, A, axis=0); linalg.tensordot(A, S, axes=1); linalg.cross(v, w)
linalg.matrix_norm(T)
linalg.matrix_norm(A, ord=1, keepdims=True); linalg.vector_norm(A); linalg.vector_norm(A, axis=0, ord=3)
vecdot(A, v)
linalg.vector_norm(A, keepdims=True, ord=1); reshape(A, shape=(3, 2)); reshape(A, (3, 2), copy=True); trapezoid(v)
trapezoid(A, v); trapezoid(A, dx=0.5, axis=0); trapezoid(v, x=w); clip(A, min=0.2); clip(A, min=0, max=2)
matvec(A, v)
vecmat(v, S); var(A, correction=1); std(A, mean=1.0, axis=0, keepdims=True); var(A, mean=A * 0.5); astype(v, float)
"""
# The methods, with NumPy's parameters.
METHOD_SPELLINGS = """
A.sum(0); A.sum(1, float); A.sum(axis=1, keepdims=True); A.max(0); A.min(axis=1); A.max(); A.mean(0); A.prod(1)
A.var(0)
A.std(axis=1, ddof=1); A.clip(0, 2); A.clip(0); A.clip(max=1.5); v.round(1); A.reshape(3, 2)
A.reshape((3, 2), order="F")
A.transpose(); T.transpose(2, 0, 1); T.transpose((1, 0, 2)); A.transpose(None); A.T; A.flatten(); A.flatten("F")
A.ravel()
A[:1].squeeze(); A[:1].squeeze(0); A.copy(); A.cumsum(1); v.cumprod(); A.dot(v); v.dot(2.0); A.repeat(2, 1)
A.take([0, 2], axis=1)
S.trace(); S.trace(1); A.trace(offset=-1); S.diagonal(); T.diagonal(0, 1, 2); T.swapaxes(0, 2); A.argmax()
A.argmin(1); v.argsort()
(A > 0).any(); (A > 0).all(axis=0); A.compress([True, False, True], 1); (v > 0).nonzero(); v.conj(); v.astype(float)
v.dtype; A.ndim; A.size
"""
IS_NEW = np.lib.NumpyVersion(np.__version__) >= "2.2.0"


def split_spellings(text: str, prefix: str) -> list[str]:
    return [prefix + each.strip() for each in text.replace("\n", ";").split(";") if each.strip()]


CALLS = split_spellings(SPELLINGS, "np.") + split_spellings(METHOD_SPELLINGS, "")
if IS_NEW:
    CALLS += split_spellings(SPELLINGS_OF_NUMPY_2, "np.")
CODE = {text: compile(text, text, "eval") for text in CALLS}


def evaluate(text: str, point: dict[str, Any]) -> Any:
    return eval(CODE[text], {"np": np}, point)


def primal(x: Any) -> Any:
    while isinstance(x, adcli.ops.Carrier):  # type: ignore[attr-defined]
        x = x.value
    return x


def carriers(kind: str) -> dict[str, Any]:
    """Return the point made of carriers of one kind. Traced values get their level from `grad`."""
    if kind == "value":
        return {name: Value(x) for name, x in POINT.items()}
    return {name: Dual(x, np.ones_like(x)) for name, x in POINT.items()}


@pytest.mark.parametrize("kind", ["value", "dual"])
def test_every_spelling_gives_the_number_of_numpy(kind: str) -> None:
    with np.errstate(all="ignore"):
        for text in CALLS:
            expected, result = evaluate(text, POINT), evaluate(text, carriers(kind))
            assert type(result) is not np.ndarray or result.dtype != object, text
            if isinstance(expected, tuple):
                assert all(np.array_equal(one, other) for one, other in zip(expected, result, strict=True)), text
            elif isinstance(expected, np.dtype):
                assert result == expected
            else:
                assert np.shape(primal(result)) == np.shape(expected), text
                np.testing.assert_allclose(primal(result), expected, 1e-13, 1e-15, err_msg=text)


def is_differentiated(text: str) -> bool:
    if "np.nan" in text or "/ 0.0" in text:
        return False
    with np.errstate(all="ignore"):
        result = evaluate(text, carriers("value"))
    return isinstance(result, Value) and result.dtype == float


DIFFERENTIATED = [text for text in CALLS if is_differentiated(text)]


def test_every_spelling_has_the_right_derivatives() -> None:
    """In both modes to second order, with respect to all arrays of the call."""
    for text in rotate(DIFFERENTIATED, 12):
        names = [name for name in POINT if name in CODE[text].co_names]

        def run(*arrays: Any, text: str = text, names: list[str] = names) -> Any:
            return evaluate(text, POINT | dict(zip(names, arrays, strict=True))) * 1.0

        try:
            adcli.check_grads(run, *[POINT[name] for name in names], order=2)
        except Exception as error:
            raise AssertionError(text) from error


FUNCTIONS_OF_NUMPY: dict[str, Form] = {form.name: form for form in forms().values()}


def test_every_function_has_a_spelling() -> None:
    spelled = {text.removeprefix("np.").split("(")[0] for text in CALLS}
    old = {"row_stack", "trapz", "round_", "trapezoid"}  # NumPy 2 has them no longer, or under another name
    assert {*FUNCTIONS_OF_NUMPY, *ON_VALUES} - spelled - old == set()


@pytest.mark.parametrize("name", FUNCTIONS_OF_NUMPY)
def test_every_parameter_of_numpy_is_translated_or_refused_by_name(name: str) -> None:
    form = FUNCTIONS_OF_NUMPY[name]
    odd = object()
    for parameter, default in form.defaults.items():
        if parameter in form.accepted or (form.takes_all and default is ABSENT):
            continue
        value = "F" if parameter == "order" else int if parameter == "dtype" else odd
        if parameter in HARMLESS and HARMLESS[parameter](value):
            continue
        with pytest.raises(TypeError, match=f"{parameter}="):
            call(form, [Value(1.0)], {parameter: value})


def test_a_translation_has_no_parameter_that_numpy_lacks() -> None:
    """Under the oldest and the newest NumPy the names differ. This holds for the newest."""
    extra = {"newshape", "initial"}
    if not IS_NEW:
        pytest.skip("older signatures have fewer parameters")
    for name, form in FUNCTIONS_OF_NUMPY.items():
        parameters = {*form.defaults} | extra
        variadic = {
            each.name
            for each in inspect.signature(form.translation).parameters.values()
            if each.kind is each.VAR_POSITIONAL
        }
        assert form.accepted - variadic <= parameters | {"constant_values"}, name


REFUSED = {
    "np.sum(A, dtype=int)": "dtype=",
    "np.sum(A, 0, None, np.zeros(3))": "out=",
    "np.sum(A, A)": "axis",
    "A.sum(0, int)": "dtype=",
    "A.max(A)": "adcli.max",
    "A.max(1.0)": "adcli.max",
    "x.max(0)": "adcli.max",
    "x.min(0.5)": "adcli.min",
    "np.linalg.norm(A, 2)": "ord=2",
    "np.linalg.norm(A, 'nuc')": "ord='nuc'",
    "np.linalg.svd(A)": r"np\.linalg\.svd",
    "np.linalg.eigh(S)": r"np\.linalg\.eigh",
    "np.sort(v)": r"np\.sort",
    "np.median(v)": r"np\.median",
    "np.copysign(v, 2.0)": r"adcli has no np\.copysign",
    "np.frexp(v)": r"adcli has no np\.frexp",
    "np.add(v, w, where=A > 0)": "where=",
    "np.sin(v, dtype='float32')": "dtype=",
    "np.subtract.reduce(v)": r"subtract\.reduce",
    "np.add.at(v, 0, 1.0)": r"add\.at",
    "np.pad(v, 1, 'edge')": "mode='edge'",
    "np.gradient(v, v)": "coordinates",
    "v.astype(int)": "dtype=",
    "np.nan_to_num(v, copy=False)": "copy=",
    "np.take(v, [0], mode='wrap')": "mode=",
    "np.float64(x)": "stack|item|sequence",
    "np.array(v, dtype=float)": "stack",
    "np.zeros(3).__setitem__(slice(None), v)": "stack",
    "T.trace(1)": r"np\.trace",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_translated_is_refused_by_name(text: str) -> None:
    for kind in ("value", "dual"):
        with pytest.raises((TypeError, ValueError), match=REFUSED[text]):
            eval(text, {"np": np}, carriers(kind))


def test_symbols_take_the_same_calls() -> None:
    graph = Graph()
    a = graph.variable("a", (2, 3))
    assert np.linalg.norm(a, 1).shape == ()
    assert np.sum(a, 0, float).shape == (3,)
    assert a.max(0).shape == np.concatenate([a, a], 1)[0, :3].shape == (3,)
    with pytest.raises(TypeError, match="symbol"):
        np.argmax(a)


def test_arrays_of_values_are_joined() -> None:
    """`np.array([x, y])` is an array of objects. Operations, gradients and outputs take it as one Value."""

    def f(x: Any) -> Any:
        return np.array([x[0] * x[1], adcli.exp(x[1]), 2.0])

    point = np.array([0.5, 1.5])
    np.testing.assert_allclose(adcli.jacobian(f)(point), [[1.5, 0.5], [0.0, np.exp(1.5)], [0.0, 0.0]])
    np.testing.assert_allclose(adcli.jacobian(f, mode="forward")(point), adcli.jacobian(f)(point))
    for g in (lambda x: adcli.norm(f(x)), lambda x: adcli.sum(x[0] * f(x)), lambda x: np.mean([x[0], x[1] ** 2])):
        assert adcli.check_grads(g, point).ok
    x, y = Value(2.0), Value([3.0, 4.0])
    total = adcli.sum(np.array([x, y[0], y[1]]))
    total.backward()
    assert (total.value, x.grad, y.grad.tolist()) == (9.0, 1.0, [1.0, 1.0])


def test_calls_inside_derivatives() -> None:
    """Traced values take the same way as Values: `grad` of a gradient, and of `np.mean` of a list."""
    hessian = adcli.hessian(lambda a: np.linalg.norm(a, 3) ** 3)(np.array([1.0, -2.0]))
    np.testing.assert_allclose(hessian, [[6.0, 0.0], [0.0, 12.0]], atol=1e-12)
    assert adcli.grad(lambda a: np.std(a))(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
    # Rules on plain numbers divide by 0 too, as IEEE 754 does.
    assert adcli.grad(lambda x: np.std(x) + adcli.norm(x - x))(1.5) == 0.0
    assert adcli.slogdet(Value(np.eye(2) * 2.0)).logabsdet.value == pytest.approx(2 * np.log(2.0))
