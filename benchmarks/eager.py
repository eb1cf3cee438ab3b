"""Eager: Values on scalars and arrays and static programs beside micrograd, HIPS autograd, PyTorch, JAX, CasADi, NumPy.

Every case is written once and run by every library that can; each is checked to give our gradient. One thread
throughout: BLAS, PyTorch and XLA are told so before they are imported. What is timed is what a training loop repeats:
the graph is made anew, gradients included, unless a row says otherwise.

Targets: nanoseconds per scalar operation below micrograd, autograd and PyTorch; the training step ahead of micrograd on
scalars, ahead of PyTorch and autograd on arrays; a batched product at most 1.15 times NumPy's three; a static program
at least three times quicker than eager, and at most five times CasADi's buffered call.
"""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np  # noqa: E402
from common import Table, Task, installed, options, peer, timed_calls  # noqa: E402

import adcli  # noqa: E402

POINTS, HIDDEN, RATE = 100, 16, 0.01


def close(name: str, found: Any, expected: Any) -> None:
    """Both must compute the same thing for their times to mean anything."""
    if not np.allclose(found, expected, rtol=1e-9, atol=1e-12):
        raise SystemExit(f"{name} disagrees: {found} and {expected}")


def report(table: Table, label: str, tasks: dict[str, Task], per: float, targets: dict[str, str], runs: int) -> None:
    """Time the tasks in turns; one row each, with the ratio of our first task to it."""
    seconds = timed_calls(tasks, runs, least=0.004)  # short turns: other work disturbs fewer of them
    own = next(iter(seconds.values()))
    for name, time in seconds.items():
        table.add(label, name, 1e6 * time / per, own / time, targets.get(name, ""))


# ---------------------------------------------------------------- scalars


def arithmetic(a: Any, x: Any, y: Any, steps: int, relu: Callable[[Any], Any]) -> Any:
    """Nine operations a step that micrograd has as well: sums, products, a power, a relu, numbers on either side."""
    b = y
    for _ in range(steps):
        a, b = a * x + b * y, relu(b * x) + 0.1 * a**2 + (-0.3)
    return a + b


def functions(a: Any, x: Any, y: Any, steps: int, np_: Any) -> Any:
    """Eight operations a step, half of them functions, a quotient and a difference."""
    for _ in range(steps):
        a = np_.sin(a * x) + np_.exp(-a) / (y - np_.tanh(a))
    return a


def scalar_tasks(steps: int, with_functions: bool) -> dict[str, tuple[Task, Task]]:
    """Per library: the forward pass that records, and forward and backward together, which returns the gradient."""
    start = (0.3, 0.5, 1.9) if with_functions else (0.3, 0.5, 0.4)
    tasks: dict[str, tuple[Task, Task]] = {}

    def formula(leaves: Any, relu: Any, np_: Any) -> Any:
        a, x, y = leaves
        return functions(a, x, y, steps, np_) if with_functions else arithmetic(a, x, y, steps, relu)

    def of(library: str, leaf: Callable[[float], Any], relu: Any, np_: Any, after: Callable[..., Any]) -> None:
        def forward() -> Any:
            leaves = [leaf(number) for number in start]
            return formula(leaves, relu, np_), leaves

        tasks[library] = forward, lambda: after(*forward())

    def backward(out: Any, leaves: list[Any]) -> list[float]:
        out.backward()
        return [float(leaf.grad) for leaf in leaves]

    of("adcli", adcli.Value, adcli.relu, adcli, backward)
    if not with_functions and installed("micrograd"):
        of("micrograd", peer("micrograd.engine").Value, lambda x: x.relu(), None, backward)
    if installed("torch"):
        torch = peer("torch")
        torch.set_num_threads(1)
        of("PyTorch", lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True), torch.relu, torch, backward)
    if installed("autograd"):
        anp, make_vjp = peer("autograd.numpy"), peer("autograd").make_vjp

        recorder = make_vjp(lambda leaves: formula(leaves, lambda x: anp.maximum(x, 0.0), anp))
        start_of = peer("autograd.builtins").tuple(start)

        def recorded() -> Any:
            return recorder(start_of)

        tasks["autograd"] = recorded, lambda: recorded()[0](1.0)
    return tasks


def scalars(given: Any) -> Table:
    """Nanoseconds per operation of a scalar graph."""
    table = Table(f"Scalar graph, us per operation; medians of {given.runs} interleaved turns",
                  "case", "library", "us", "adcli over it", "target")  # fmt: skip
    steps = 30
    for label, count, with_functions in (("+ * ** relu", 9, False), ("sin exp tanh / -", 8, True)):
        tasks = scalar_tasks(steps, with_functions)
        expected: Any = tasks["adcli"][1]()
        for name, (_, both) in tasks.items():
            close(name, both(), expected)
        ahead = {name: "< 1" for name in tasks if name != "adcli"}
        for part, what in enumerate(("forward", "forward and backward")):
            each = {name: pair[part] for name, pair in tasks.items()}
            report(table, f"{label}, {what}", each, steps * count, ahead, given.runs)
    return table


# ---------------------------------------------------------------- the moons


def moons() -> tuple[Any, Any]:
    """Two half circles that reach into each other, and -1 or 1 for which one."""
    random = np.random.default_rng(1)
    angle = np.pi * random.random(POINTS)
    label = np.where(np.arange(POINTS) % 2 == 0, 1.0, -1.0)
    points = np.stack([np.cos(angle) * label + 0.5 - 0.5 * label, (np.sin(angle) - 0.25) * label], axis=1)
    return points + 0.1 * random.standard_normal((POINTS, 2)), label


def parameters() -> list[Any]:
    """Weights and biases of 2-16-16-1, as arrays."""
    random = np.random.default_rng(2)
    sizes = (2, HIDDEN, HIDDEN, 1)
    return [made for m, n in pairwise(sizes) for made in (random.uniform(-1, 1, (m, n)), np.zeros(n))]


def scalar_step(value: Any) -> Callable[[], list[float]]:
    """A training step of the network of single numbers as micrograd's demonstration has it; gives the gradient."""
    arrays = parameters()
    layers = [
        [([value(float(w)) for w in column], value(float(b))) for column, b in zip(weights.T, biases, strict=True)]
        for weights, biases in zip(arrays[::2], arrays[1::2], strict=True)
    ]
    leaves = [leaf for layer in layers for weights, bias in layer for leaf in (*weights, bias)]
    points, labels = moons()

    def step() -> list[float]:
        loss: Any = value(0.0)
        for point, label in zip(points.tolist(), labels.tolist(), strict=True):
            units: list[Any] = [value(x) for x in point]
            for depth, layer in enumerate(layers):
                sums = [sum((w * u for w, u in zip(weights, units, strict=True)), bias) for weights, bias in layer]
                units = sums if depth == 2 else [total.relu() for total in sums]
            loss = loss + (1.0 + -label * units[0]).relu() * (1.0 / POINTS)
        for leaf in leaves:
            leaf.grad = 0.0
        loss.backward()
        return [leaf.grad for leaf in leaves]

    return step


def array_loss(np_: Any, weights: Any, points: Any, labels: Any, relu: Any) -> Any:
    """The same loss of whole arrays."""
    w1, b1, w2, b2, w3, b3 = weights
    hidden = relu(relu(points @ w1 + b1) @ w2 + b2)
    score = (hidden @ w3 + b3).reshape((POINTS,))
    return np_.mean(relu(1.0 - labels * score))


def array_steps() -> dict[str, Task]:
    """Per library a training step on arrays, parameters and all, that returns the gradient of the first weights."""
    points, labels = moons()
    tasks: dict[str, Task] = {}
    own = [adcli.Value(array) for array in parameters()]

    def adcli_step() -> Any:
        array_loss(adcli, own, points, labels, adcli.relu).backward()
        for leaf in own:
            leaf.value = leaf.value - RATE * leaf.grad
        return own[0].grad

    tasks["adcli, Value"] = adcli_step
    tasks["adcli, value_and_grad"] = functional_step(
        adcli.value_and_grad(lambda weights: array_loss(adcli, weights, points, labels, adcli.relu))
    )
    if installed("torch"):
        torch = peer("torch")
        theirs = [torch.tensor(array, requires_grad=True) for array in parameters()]
        inputs = torch.tensor(points), torch.tensor(labels)

        def torch_step() -> Any:
            array_loss(torch, theirs, *inputs, torch.relu).backward()
            gradient = theirs[0].grad
            with torch.no_grad():
                for leaf in theirs:
                    leaf -= RATE * leaf.grad
                    leaf.grad = None
            return gradient

        tasks["PyTorch"] = torch_step
    if installed("autograd"):
        anp = peer("autograd.numpy")
        tasks["autograd"] = functional_step(
            peer("autograd").value_and_grad(
                lambda weights: array_loss(anp, weights, points, labels, lambda x: anp.maximum(x, 0.0))
            )
        )
    return tasks


def functional_step(value_and_grad: Callable[[Any], Any]) -> Task:
    """A training step in which the gradient is a function of a list of arrays."""
    weights = parameters()

    def step() -> Any:
        gradient = value_and_grad(weights)[1]
        weights[:] = [w - RATE * g for w, g in zip(weights, gradient, strict=True)]
        return gradient[0]

    return step


def networks(given: Any) -> Table:
    """One training step of the network for the moons."""
    table = Table(f"One training step of the network 2-16-16-1 on {POINTS} points, ms",
                  "case", "library", "ms", "adcli over it", "target")  # fmt: skip
    tasks: dict[str, Task] = {"adcli": scalar_step(adcli.Value)}
    if installed("micrograd"):
        tasks["micrograd"] = scalar_step(peer("micrograd.engine").Value)
        close("micrograd", tasks["micrograd"](), tasks["adcli"]())
    report(table, "single numbers", tasks, 1e3, {"micrograd": "< 1"}, max(3, given.runs // 3))
    tasks = array_steps()
    first = {name: task() for name, task in tasks.items()}
    for name, gradient in first.items():
        close(name, gradient, first["adcli, Value"])
    report(table, "arrays", tasks, 1e3, {"PyTorch": "< 1", "autograd": "< 1"}, given.runs)
    return table


# ---------------------------------------------------------------- linear algebra


def products(given: Any) -> Table:
    """A batched matrix product, forward and backward, beside the three products that it takes."""
    batch = 8 if given.quick else 64
    random = np.random.default_rng(3)
    a, b, seed = (random.standard_normal((batch, 256, 256)) for _ in range(3))
    x, y = adcli.Value(a), adcli.Value(b)

    def three() -> Any:
        return a @ b, seed @ b.swapaxes(1, 2), a.swapaxes(1, 2) @ seed

    tasks: dict[str, Task] = {"adcli": lambda: (x @ y).backward(seed), "NumPy, three products": three}
    tasks["adcli"]()
    close("NumPy", [x.grad, y.grad], three()[1:])
    table = Table(f"Batched product ({batch}, 256, 256), forward and backward, ms",
                  "case", "library", "ms", "adcli over it", "target")  # fmt: skip
    report(table, "A @ B", tasks, 1e3, {"NumPy, three products": "<= 1.15"}, given.runs)
    return table


def likelihood(np_: Any, solve: Any, logdet: Any, mean: Any, covariance: Any, data: Any) -> Any:
    """The negative log-likelihood of columns of data, but for its constant."""
    off = data - mean
    return 0.5 * (data.shape[1] * logdet(covariance) + np_.sum(off * solve(covariance, off)))


def normal(given: Any) -> Table:
    """The multivariate normal likelihood in 50 dimensions, with its gradient in mean and covariance."""
    random = np.random.default_rng(4)
    root = random.standard_normal((50, 50))
    point = (random.standard_normal((50, 1)), root @ root.T + 50.0 * np.eye(50))
    data = random.standard_normal((50, 100))

    def formula(np_: Any, solve: Any, logdet: Any) -> Callable[..., Any]:
        return lambda mean, covariance: likelihood(np_, solve, logdet, mean, covariance, data)

    ours = adcli.value_and_grad(formula(adcli, adcli.solve, adcli.logdet))
    tasks: dict[str, Task] = {"adcli": lambda: ours(*point)}
    if installed("autograd"):
        anp = peer("autograd.numpy")
        theirs = peer("autograd").value_and_grad(
            formula(anp, anp.linalg.solve, lambda s: anp.linalg.slogdet(s)[1]), argnum=(0, 1)
        )
        tasks["autograd"] = lambda: theirs(*point)
    if installed("jax"):
        jax, jnp = peer("jax"), peer("jax.numpy")
        jax.config.update("jax_enable_x64", True)
        compiled = jax.jit(
            jax.value_and_grad(formula(jnp, jnp.linalg.solve, lambda s: jnp.linalg.slogdet(s)[1]), argnums=(0, 1))
        )
        tasks["JAX, jit"] = lambda: jax.block_until_ready(compiled(*point))
    for name, task in tasks.items():
        for found, expected in zip(task()[1], ours(*point)[1], strict=True):  # type: ignore[index]
            close(name, found, expected)
    table = Table("Normal likelihood of 100 points in 50 dimensions, value and gradient, us",
                  "case", "library", "us", "adcli over it", "target")  # fmt: skip
    report(table, "logdet, solve", tasks, 1.0, {"autograd": "< 1"}, given.runs)
    return table


# ---------------------------------------------------------------- memory


def memory(given: Any) -> Table:
    """Bytes per node of a chain of scalar operations, and what is left of them without the cycle collector."""
    table = Table("Memory of a scalar graph, bytes per node", "library", "forward", "and backward", "left after del")
    libraries: dict[str, Any] = {"adcli": adcli.Value}
    if installed("micrograd"):
        libraries["micrograd"] = peer("micrograd.engine").Value
    count = 1_000 if given.quick else 20_000
    sys.setrecursionlimit(10 * count)
    for name, value in libraries.items():
        gc.collect()
        gc.disable()
        tracemalloc.start()
        start, x = tracemalloc.get_traced_memory()[0], value(0.999)
        z = x
        for _ in range(count):
            z = z * x
        forward = tracemalloc.get_traced_memory()[0] - start
        z.backward()
        both = tracemalloc.get_traced_memory()[0] - start
        del z, x
        left = tracemalloc.get_traced_memory()[0] - start
        tracemalloc.stop()
        gc.enable()
        table.add(name, forward / count, both / count, left / count)
    return table


# ---------------------------------------------------------------- programs


def seven_lines(np_: Any, x: Any, w: Any) -> Any:
    """The straight-line program of seven lines."""
    v1 = x * w
    v2 = np_.sin(v1)
    v3 = v1 + v2
    v4 = v2**2
    v5 = np_.exp(v3)
    v6 = v4 * w
    return v5 + v6


def casadi_buffered() -> Callable[[float, float], Any]:
    """CasADi's quickest way from Python: value and gradient from and to buffers that are set up once."""
    casadi = peer("casadi")
    x, w = casadi.SX.sym("x"), casadi.SX.sym("w")
    out = seven_lines(casadi, x, w)
    function = casadi.Function("f", [x, w], [out, casadi.gradient(out, x), casadi.gradient(out, w)])
    buffer, trigger = function.buffer()
    cells: list[Any] = [np.zeros(1) for _ in range(5)]
    for place in range(2):
        buffer.set_arg(place, memoryview(cells[place]))
    for place in range(3):
        buffer.set_res(place, memoryview(cells[2 + place]))

    def call(x: float, w: float) -> Any:
        cells[0][0] = x
        cells[1][0] = w
        trigger()
        return cells[2], cells[3], cells[4], buffer, function  # the last two must outlive the trigger

    return call


def programs(given: Any) -> Table:
    """The program of seven lines at new inputs: value and gradient."""
    recorded = adcli.program(lambda x, w: seven_lines(adcli, x, w), x=1.0, w=4.0)
    x, w = adcli.Value(1.0), adcli.Value(4.0)
    kept = seven_lines(adcli, x, w)

    def static() -> Any:
        recorded.forward(x=1.0, w=0.5)
        return recorded.backward()

    def eager() -> Any:
        one, other = adcli.Value(1.0), adcli.Value(0.5)
        seven_lines(adcli, one, other).backward()
        return {"x": one.grad, "w": other.grad}

    def replayed() -> Any:
        x.value, w.value = 1.0, 0.5
        kept.forward()
        kept.backward()
        return {"x": x.grad, "w": w.grad}

    tasks: dict[str, Task] = {"adcli, program": static, "adcli, eager": eager, "adcli, z.forward()": replayed}
    if installed("casadi"):
        buffered = casadi_buffered()
        tasks["CasADi, buffered"] = lambda: buffered(1.0, 0.5)
        close("CasADi", [cell[0] for cell in buffered(1.0, 0.5)[1:3]], [*static().values()])
    for name in ("adcli, eager", "adcli, z.forward()"):
        close(name, [*tasks[name]().values()], [*static().values()])  # type: ignore[attr-defined]
    table = Table("Program of seven lines, value and gradient at new inputs, us",
                  "case", "way", "us", "program over it", "target")  # fmt: skip
    report(table, "seven lines", tasks, 1.0, {"adcli, eager": "<= 0.33", "CasADi, buffered": "<= 5"}, given.runs)
    return table


def main() -> None:
    """Run every case and print its table."""
    given = options(__doc__, runs=15, quick_runs=3)
    for case in (scalars, networks, products, normal, memory, programs):
        case(given).print()


if __name__ == "__main__":
    main()
