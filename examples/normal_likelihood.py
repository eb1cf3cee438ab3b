"""The multivariate normal likelihood: its gradient by mean and covariance through logdet and solve."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np

import adcli


def negative_log_likelihood(mean: Any, covariance: Any, points: Any) -> Any:
    """Average -log N(point; mean, covariance) over points (n, d). The mean is (d,), the covariance (d, d)."""
    away = points - mean
    distances = adcli.sum(away * adcli.solve(covariance, away.T).T, axis=1)  # squared, in the metric of the inverse
    return 0.5 * (points.shape[1] * log(2 * pi) + adcli.logdet(covariance) + adcli.mean(distances))


def closed_form(mean: Any, covariance: Any, points: Any) -> tuple[Any, Any]:
    """Compute the textbook gradient: -S^-1 (m - mean), and (S^-1 - S^-1 C S^-1)/2 with C the scatter about the mean."""
    away = points - mean
    inverse = np.linalg.inv(covariance)
    scatter = away.T @ away / len(points)
    return -inverse @ away.mean(axis=0), 0.5 * (inverse - inverse @ scatter @ inverse)


def main() -> None:
    """Print both gradients, and that they vanish at the sample's own mean and covariance."""
    truth = np.array([[2.0, 0.6, 0.0], [0.6, 1.0, -0.3], [0.0, -0.3, 0.5]])
    points = np.random.default_rng(0).multivariate_normal([1.0, -2.0, 0.5], truth, size=500)
    mean, covariance = np.zeros(3), np.diag([1.0, 2.0, 3.0])

    value_and_grad = adcli.value_and_grad(negative_log_likelihood, argnums=(0, 1))
    value, (by_mean, by_covariance) = value_and_grad(mean, covariance, points)
    print(f"value {value:.6f}")
    print(f"gradient in the mean {np.array2string(by_mean, precision=4)}")
    print(f"gradient in the covariance\n{np.array2string(by_covariance, precision=4, suppress_small=True)}")

    exact_mean, exact_covariance = closed_form(mean, covariance, points)
    agrees = np.allclose(by_mean, exact_mean, rtol=1e-12) and np.allclose(by_covariance, exact_covariance, rtol=1e-12)
    print(f"closed form agrees to 12 digits: {agrees}")

    best = points.mean(axis=0), np.cov(points.T, bias=True)
    flattest = max(np.abs(slopes).max() for slopes in value_and_grad(*best, points)[1])
    print(f"gradient vanishes at the mean and covariance of the sample: {flattest < 1e-12}")
    adcli.check_grads(negative_log_likelihood, mean, covariance, points)  # both modes, twice, against differences


if __name__ == "__main__":
    main()
