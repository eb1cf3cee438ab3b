"""Logistic regression: gradient descent, and Newton's method with the exact Hessian."""

from __future__ import annotations

from typing import Any

import numpy as np

import adcli


def loss(weights: Any, inputs: Any, labels: Any) -> Any:
    """Compute the mean of -log p(label), with p = sigmoid(inputs @ weights). softplus keeps it finite."""
    scores = inputs @ weights
    return adcli.mean(adcli.softplus(scores) - labels * scores)


def main() -> None:
    """Fit in both ways and print the steps."""
    random = np.random.default_rng(0)
    inputs = np.column_stack([random.normal(size=(300, 2)), np.ones(300)])
    labels = (random.random(300) < 1 / (1 + np.exp(-inputs @ [2.0, -1.0, 0.5]))).astype(float)

    value_and_grad, hessian = adcli.value_and_grad(loss, argnums=0), adcli.hessian(loss, argnums=0)
    descent = np.zeros(3)
    for _ in range(400):
        descent = descent - 2.0 * value_and_grad(descent, inputs, labels)[1]

    newton = np.zeros(3)
    print("step      loss  slope")
    for step in range(7):
        value, slopes = value_and_grad(newton, inputs, labels)
        size = np.linalg.norm(slopes)
        print(f"{step:4}  {value:.6f}  {f'{size:.0e}' if size > 1e-14 else 0}")
        newton = newton - np.linalg.solve(hessian(newton, inputs, labels), slopes)

    print(f"gradient descent {np.array2string(descent, precision=6)}")
    print(f"Newton's method  {np.array2string(newton, precision=6)}")
    right = np.mean((inputs @ newton > 0) == labels)
    print(f"{right:.1%} of the points are on their side")


if __name__ == "__main__":
    main()
