"""A network of two layers separates two moons: parameters in a list of dicts, gradient descent with momentum."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

import adcli

Network = list[dict[str, Any]]


def moons(count: int, random: np.random.Generator) -> tuple[Any, Any]:
    """Return points (count, 2) on two interlocking half circles, and the side of each: -1 or 1."""
    angle = np.pi * random.random(count // 2)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    noise = 0.1 * random.normal(size=(count, 2))
    return np.concatenate([upper, lower]) + noise, np.repeat([-1.0, 1.0], count // 2)


def new_network(sizes: list[int], random: np.random.Generator) -> Network:
    """Return random weights and zero offsets for layers of these sizes."""
    return [{"weights": random.normal(size=(n, m)) / np.sqrt(n), "offsets": np.zeros(m)} for n, m in pairwise(sizes)]


def scores(network: Network, points: Any) -> Any:
    """Compute the score of each point: above 0 for the second moon."""
    hidden, output = network
    signals = adcli.tanh(points @ hidden["weights"] + hidden["offsets"])
    return (signals @ output["weights"] + output["offsets"])[:, 0]


def loss(network: Network, points: Any, sides: Any) -> Any:
    """Compute the mean of -log p(side)."""
    return adcli.mean(adcli.softplus(-sides * scores(network, points)))


def train(network: Network, points: Any, sides: Any, steps: int) -> None:
    """Run gradient descent with momentum, in place."""
    value_and_grad = adcli.value_and_grad(loss, argnums=0)
    speed = [{name: np.zeros_like(array) for name, array in layer.items()} for layer in network]
    for step in range(steps + 1):
        value, slopes = value_and_grad(network, points, sides)
        if step % 100 == 0:
            print(f"{step:4}  {value:.4f}  {np.mean(scores(network, points) * sides > 0):7.1%}")
        for layer, velocity, slope in zip(network, speed, slopes, strict=True):
            for name in layer:
                velocity[name] = 0.9 * velocity[name] - 0.1 * slope[name]
                layer[name] = layer[name] + velocity[name]


def main() -> None:
    """Train on 200 points, then try 1000 others."""
    random = np.random.default_rng(0)
    network = new_network([2, 16, 1], random)
    print("step    loss    right")
    train(network, *moons(200, random), steps=500)
    points, sides = moons(1000, random)
    print(f"of 1000 new points {np.mean(scores(network, points) * sides > 0):.1%} are right")


if __name__ == "__main__":
    main()
