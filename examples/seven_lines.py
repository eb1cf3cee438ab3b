"""Thirty steps of gradient descent on seven lines: with Values, and with a program that is recorded once."""

from __future__ import annotations

from itertools import chain
from math import exp, isclose, pi
from typing import Any

import adcli
from adcli import Value

RATE, STEPS = 0.005, 30
LINES = "v1 = x*w; v2 = sin(v1); v3 = v1 + v2; v4 = v2**2; v5 = exp(v3); v6 = v4*w; v5 + v6"
Path = list[tuple[Any, Any, Any]]


def by_values() -> Path:
    """Return (x, w, v7) before each step and at the end, from a graph of Values whose leaves are set at each step."""
    x, w = Value(1.0, label="x"), Value(4.0, label="w")
    v1 = x * w
    v2 = adcli.sin(v1)
    v3 = v1 + v2
    v4 = v2**2
    v5 = adcli.exp(v3)
    v6 = v4 * w
    v7 = v5 + v6

    path = [(x.value, w.value, v7.value)]
    for _ in range(STEPS):
        v7.backward()
        x.value -= RATE * x.grad
        w.value -= RATE * w.grad
        v7.forward()
        path.append((x.value, w.value, v7.value))
    return path


def by_program() -> Path:
    """Return the same from a program of the text."""
    v7 = adcli.program(LINES, x=1.0, w=4.0)
    x, w = v7.inputs["x"], v7.inputs["w"]
    path = [(x, w, v7.forward())]
    for _ in range(STEPS):
        slopes = v7.backward()
        x -= RATE * slopes["x"]
        w -= RATE * slopes["w"]
        path.append((x, w, v7.forward(x=x, w=w)))
    return path


def main() -> None:
    """Print some of the steps, and whether the two ways agree."""
    values, program = by_values(), by_program()
    print("step         x         w         v7")
    for step in (0, 1, 2, 3, 5, 10, 20, 30):
        x, w, v7 = values[step]
        print(f"{step:4}  {x:.6f}  {w:.6f}  {v7:9.6f}")
    x, w, v7 = values[-1]
    print(f"\nat the end x*w is {x * w:.6f}, pi is {pi:.6f}; v7 is {v7:.6f}, exp(pi) is {exp(pi):.6f}")
    agree = all(isclose(a, b, rel_tol=1e-12) for a, b in zip(chain(*values), chain(*program), strict=True))
    print(f"values and program agree to 12 digits: {agree}")


if __name__ == "__main__":
    main()
