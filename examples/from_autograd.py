"""Coming from HIPS autograd: the same functions, on NumPy itself."""

from __future__ import annotations

from typing import Any

import numpy as np

import adcli
from adcli import grad, hessian, jacobian


def tanh(x: Any) -> Any:
    """Compute tanh as in autograd's README. Here np is NumPy itself."""
    return (1.0 - np.exp(-2 * x)) / (1.0 + np.exp(-2 * x))


def rosenbrock(x: Any) -> Any:
    """Compute a scalar function of a vector."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


first = grad(tanh)(1.0)
third = grad(grad(grad(tanh)))(1.0)
print(f"{first:.6f} {third:.6f}")

# elementwise_grad is the gradient of the sum.
points = np.linspace(-2, 2, 5)
slopes = grad(lambda x: np.sum(tanh(x)))(points)
print(np.array2string(slopes, precision=6))

point = np.array([1.2, 0.8, 0.5])
gradient = grad(rosenbrock)(point)
curvature = hessian(rosenbrock)(point)
rows = jacobian(lambda x: x[:, None] * x)(point)
print(np.array2string(gradient, precision=4))
print(np.array2string(curvature, precision=4))
print(rows.shape)

# By default the gradient is by all positional arguments. argnums selects some. check_grads checks both modes.
print(grad(lambda x, y: x * y + x)(2.0, 3.0), grad(lambda x, y: x * y + x, argnums=0)(2.0, 3.0))
print(adcli.check_grads(rosenbrock, point, order=2).ok)
