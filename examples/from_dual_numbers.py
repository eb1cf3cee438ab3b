"""Coming from a package of dual numbers such as ForwardDiff: one tangent or many, nested to any order."""

from __future__ import annotations

from typing import Any

import numpy as np

import adcli
from adcli import Dual


def f(x: Any) -> Any:
    """Compute a scalar function of a vector."""
    return adcli.sum(adcli.sin(x)) + adcli.prod(adcli.tan(x)) * adcli.sum(adcli.sqrt(x))


# A number and its tangent, by hand.
x = Dual(2.0, 1.0)
y = x**3 / (1 + adcli.exp(-x))
print(f"{y.value:.6f} {y.tangent:.6f}")

# derivative, gradient, jacobian, hessian.
point = np.array([0.4, 0.9, 1.1])
derivative = adcli.jvp(adcli.sin, (2.0,), (1.0,))[1]
gradient = adcli.jacobian(f, mode="forward")(point)
hessian = adcli.jacobian(adcli.jacobian(f, mode="forward"), mode="forward")(point)
print(f"{derivative:.6f}")
print(np.array2string(gradient, precision=4))
print(np.array2string(hessian, precision=4))

# A chunk of tangents is an axis in front of the value's own.
chunk = f(Dual(point, np.eye(3)))
print(np.array2string(chunk.tangent, precision=4))

# A function may branch on values. A Dual of a Dual has second derivatives.
z: Any = Dual(Dual(3.0, 1.0), Dual(1.0, 0.0))
kept = z**3 if z > 0 else -z
print(kept.value.value, kept.tangent.value, kept.tangent.tangent)

# Each derivative has a level of its own, so that nested derivatives do not mix.
print(adcli.grad(lambda x: x * adcli.grad(lambda y: x + y)(1.0))(1.0))
