"""Coming from JAX: transformations that nest, over nested lists, tuples and dicts of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

import adcli


def predict(parameters: Any, inputs: Any) -> Any:
    """Apply a linear layer and tanh."""
    return adcli.tanh(inputs @ parameters["weights"] + parameters["offset"])


def loss(parameters: Any, inputs: Any, targets: Any) -> Any:
    """Compute the mean squared error."""
    return adcli.mean((predict(parameters, inputs) - targets) ** 2)


parameters: dict[str, Any] = {"weights": np.array([0.5, -0.3]), "offset": 0.1}
inputs = np.array([[1.0, 2.0], [-1.0, 0.5], [0.3, -0.7]])
targets = np.array([0.2, -0.4, 0.9])

value, slopes = adcli.value_and_grad(loss, argnums=0)(parameters, inputs, targets)
by_weights, by_offset = slopes["weights"], slopes["offset"]
print(f"{value:.6f} {np.array2string(by_weights, precision=6)} {by_offset:.6f}")


def cubic(x: Any) -> Any:
    """Compute a scalar function of a vector."""
    return adcli.sum(x**3) + x[0] * x[1]


x, v = np.array([1.0, 2.0]), np.array([1.0, -1.0])
primal, tangent = adcli.jvp(cubic, (x,), (v,))
output, pull = adcli.vjp(cubic, x)
(cotangent,) = pull(1.0)
curvature = adcli.hessian(cubic)(x)
along = adcli.hvp(cubic, (x,), (v,))
print(f"{primal:.1f} {tangent:.1f} {output:.1f}", cotangent, curvature.tolist(), along)

# jacfwd and jacrev are modes of jacobian, which selects the cheaper one by default.
columns = adcli.jacobian(lambda x: adcli.sin(x), mode="forward")(x)
rows = adcli.jacobian(lambda x: adcli.sin(x), mode="reverse")(x)
print(np.allclose(columns, rows))

# A program does what jit is for: it is recorded once, and so are its derivatives.
recorded = adcli.program(cubic, x)
print(recorded.forward(x=[2.0, 3.0]), recorded.backward()["x"])
