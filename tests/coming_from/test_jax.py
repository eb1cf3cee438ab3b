"""What users of JAX write: transformations of transformations, trees of arrays, pulls and pushes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import adcli
from adcli import grad, hessian, hvp, jacobian, jvp, vjp

X = np.array([0.3, -0.8, 1.7])


def f(x: Any) -> Any:
    """A scalar function of a vector, with a Hessian that is full."""
    return adcli.sum(adcli.sin(x)) * adcli.sum(x**2)


def slope(x: Any) -> Any:
    """Its gradient, by hand."""
    return np.cos(x) * np.sum(x**2) + 2 * x * np.sum(np.sin(x))


def curvature(x: Any) -> Any:
    """Its Hessian, by hand."""
    mixed = 2 * np.outer(np.cos(x), x)
    return mixed + mixed.T + np.diag(-np.sin(x) * np.sum(x**2) + 2 * np.sum(np.sin(x)))


@pytest.mark.parametrize("outer", ["forward", "reverse"])
@pytest.mark.parametrize("inner", ["forward", "reverse"])
def test_modes_nest_in_every_order(outer: str, inner: str) -> None:
    np.testing.assert_allclose(jacobian(f, mode=inner)(X), slope(X), rtol=1e-14)
    np.testing.assert_allclose(jacobian(jacobian(f, mode=inner), mode=outer)(X), curvature(X), rtol=1e-13)


def test_hessian_and_its_product() -> None:
    v = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(hessian(f)(X), curvature(X), rtol=1e-13)
    np.testing.assert_allclose(hvp(f, (X,), (v,)), curvature(X) @ v, rtol=1e-13)
    np.testing.assert_allclose(grad(lambda x: adcli.sum(grad(f)(x) * v))(X), curvature(X) @ v, rtol=1e-13)


def test_push_and_pull_are_adjoint() -> None:
    matrix = np.array([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0]])

    def layer(a: Any, x: Any) -> Any:
        return {"bent": adcli.tanh(a @ x), "norm": adcli.norm(x)}

    tangents = (np.ones((2, 3)), np.array([0.1, 0.2, -0.3]))
    cotangent = {"bent": np.array([2.0, -1.0]), "norm": 0.7}
    output, moved = jvp(layer, (matrix, X), tangents)
    again, pull = vjp(layer, matrix, X)
    np.testing.assert_allclose(output["bent"], np.tanh(matrix @ X))
    assert again["norm"] == output["norm"] == pytest.approx(np.linalg.norm(X))
    by_matrix, by_x = pull(cotangent)
    one = np.sum(cotangent["bent"] * moved["bent"]) + cotangent["norm"] * moved["norm"]
    other = np.sum(by_matrix * tangents[0]) + np.sum(by_x * tangents[1])
    assert one == pytest.approx(other, rel=1e-13)


def test_a_tree_of_parameters() -> None:
    parameters = [{"w": np.array([[0.5, -0.2]]), "b": np.zeros(2)}, {"w": np.array([[1.0], [-1.0]]), "b": np.zeros(1)}]

    def predict(network: Any, x: Any) -> Any:
        for layer in network:
            x = adcli.softplus(x @ layer["w"] + layer["b"])
        return adcli.sum(x)

    slopes = grad(predict, argnums=0)(parameters, np.array([[1.0], [2.0]]))
    assert [{name: array.shape for name, array in layer.items()} for layer in slopes] == [
        {"w": (1, 2), "b": (2,)},
        {"w": (2, 1), "b": (1,)},
    ]
    assert adcli.check_grads(lambda network: predict(network, np.array([[1.0], [2.0]])), parameters).ok


def test_the_double_where_is_not_needed() -> None:
    """JAX's FAQ: a nan behind a branch not taken; here one where does."""
    safe = lambda x: adcli.where(x > 0, adcli.log(x), 0.0)  # noqa: E731
    assert [grad(safe)(x) for x in (-1.0, 0.0, 2.0)] == [0.0, 0.0, 0.5]
    np.testing.assert_array_equal(grad(lambda x: adcli.sum(safe(x)))(np.array([-1.0, 0.0, 2.0])), [0.0, 0.0, 0.5])


def test_batches_do_what_vmap_is_used_for() -> None:
    matrices = np.stack([np.eye(2), [[2.0, 0.5], [0.5, 1.0]]])
    slopes = grad(lambda a: adcli.sum(adcli.logdet(a)))(matrices)
    np.testing.assert_allclose(slopes, np.swapaxes(np.linalg.inv(matrices), -1, -2), rtol=1e-14)


def test_a_program_is_recorded_once() -> None:
    calls = []

    def counted(x: Any) -> Any:
        calls.append(1)
        return f(x)

    recorded = adcli.program(counted, X)
    for scale in (1.0, -2.0, 0.5):
        assert recorded.forward(x=scale * X) == pytest.approx(f(scale * X), rel=1e-15)
        np.testing.assert_allclose(recorded.backward()["x"], slope(scale * X), rtol=1e-14)
    assert len(calls) == 1
