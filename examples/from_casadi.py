"""Coming from CasADi: programs that are recorded once and run many times, branches included."""

from __future__ import annotations

from typing import Any

import numpy as np

import adcli


def rocket(height: Any, speed: Any, thrust: Any) -> Any:
    """Compute the energy of a rocket after one step. Burning stops at the ground."""
    burning = adcli.where(height > 0, thrust, 0.0)
    speed = speed + 0.1 * (burning - 9.81)
    height = height + 0.1 * speed
    return 0.5 * speed**2 + 9.81 * height


# A Python function is run once on symbols. The values only give the shapes.
energy = adcli.program(rocket, 1.0, 0.0, 20.0)
above = energy.forward(height=100.0, speed=2.0, thrust=30.0)
slopes = energy.backward()
by_height, by_speed, by_thrust = slopes["height"], slopes["speed"], slopes["thrust"]
print(f"{above:.4f} {by_height:.4f} {by_speed:.4f} {by_thrust:.4f}")

# The branch is a node of the program, so the program is right on the other side too.
below = energy.forward(height=-1.0)
resting = energy.backward()["thrust"]
print(f"{below:.4f} {resting:.4f}")

# Vectors and matrices are symbols as well.
quadratic = adcli.program(lambda A, x: x @ adcli.solve(A, x), np.eye(2), np.ones(2))
form = quadratic.forward(A=[[2.0, 0.5], [0.5, 1.0]], x=[1.0, -1.0])
along = quadratic.backward()["x"]
print(f"{form:.4f} {np.round(along, 4)}")

# A text is a program too, and compile gives it the fastest calls.
product = adcli.compile("u = x*w; sin(u)*exp(-w)")
value, gradient = product.value_and_gradient(x=1.0, w=0.5)
print(f"{value:.6f} {gradient['x']:.6f} {gradient['w']:.6f}")
