"""Values, Duals and Programs are copied and pickled: the copy computes the same and shares nothing."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import Dual, RequestError, Value, grad, jvp
from tests.sampling import examples, long

COPIES: dict[str, Callable[[Any], Any]] = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
}
PROTOCOLS = [lambda x, n=n: pickle.loads(pickle.dumps(x, n)) for n in range(pickle.HIGHEST_PROTOCOL + 1)]
STEPS = [lambda x, y: x * y + 0.25, lambda x, y: x - y / 3.0, lambda x, y: adcli.sin(x), lambda x, y: x + y.sum()]

parametrize = pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)


@parametrize
def test_a_result_and_its_leaf(duplicate: Callable[[Any], Any]) -> None:
    w, x = Value([1.0, 2.0], label="w"), Value(3.0)
    loss = ((w * x + np.ones(2)) ** 2).sum()
    loss.label = "loss"
    loss.backward()
    w2, loss2 = duplicate((w, loss))
    assert (loss2.value, loss2.label, str(loss2.op), w2.label) == (loss.value, "loss", "sum", "w")
    np.testing.assert_array_equal(w2.grad, w.grad)
    w2.data = [0.0, 0.0]
    assert loss2.forward() == 2.0
    loss2.backward()
    np.testing.assert_array_equal(w2.grad, [6.0, 6.0])
    np.testing.assert_array_equal(w.value, [1.0, 2.0])
    np.testing.assert_array_equal(w.grad, [24.0, 42.0])


@parametrize
def test_a_copy_is_another_variable(duplicate: Callable[[Any], Any]) -> None:
    x = Value(3.0)
    y = duplicate(x)
    (x * x * y).backward()
    assert (x.grad, y.grad) == (18.0, 9.0)


@parametrize
def test_a_long_chain(duplicate: Callable[[Any], Any]) -> None:
    y = x = Value(1.0)
    for _ in range(20_000):
        y = y + x
    z = duplicate(y)
    z.backward()
    [leaf] = [node for node in z.order() if node.op is None]
    assert (z.value, leaf.grad) == (20_001.0, 20_001.0)


@parametrize
def test_results_that_are_copied_together_stay_connected(duplicate: Callable[[Any], Any]) -> None:
    nodes = [Value(1.0)]
    for _ in range(2_000):
        nodes.append(nodes[-1] * 1.0)
    for order in (1, -1):
        copies = duplicate(nodes[::order])[::order]
        copies[-1].backward()
        assert {node.grad for node in copies} == {1.0}
    assert nodes[0].grad is None


def total_gradients(seed: int, copies: bool) -> dict[str, float]:
    """Return the derivatives by label of a random program, summed over the copies of a leaf."""
    chance, copying = random.Random(seed), random.Random(-seed)
    nodes = [Value(1.5, "x"), Value([0.5, -2.0], "y"), Value(-0.75, "z")]
    for _ in range(12):
        nodes.append(chance.choice(STEPS)(chance.choice(nodes), chance.choice(nodes)))
        if copies and copying.random() < 0.5:
            places = copying.sample(range(len(nodes)), copying.randint(1, len(nodes)))
            parts = [nodes[place] for place in places]
            how = copying.choice([copy.deepcopy, *PROTOCOLS, lambda each: [copy.copy(x) for x in each]])
            for place, node in zip(places, how(parts), strict=True):
                nodes[place] = node
    result = sum(node.sum() * 0.5 for node in nodes[3:])
    result.backward()
    result.backward()
    totals: Counter[str] = Counter()
    for node in result.order():
        if node.op is None:
            totals[node.label] += float(np.sum(node.grad * np.array([1.0, 3.0])))
    return dict(totals)


def test_copies_between_the_steps_of_a_program_leave_its_gradients() -> None:
    for seed in range(examples(400)):
        expected, totals = total_gradients(seed, False), total_gradients(seed, True)
        assert totals == pytest.approx(expected, rel=1e-12, abs=1e-12), seed


def test_subclasses_keep_their_class_and_attributes() -> None:
    weight = Parameter(2.0, "w")
    weight.rate = 0.5
    for duplicate in (copy.copy, copy.deepcopy, *PROTOCOLS):
        again = duplicate(weight)
        assert (type(again), again.value, again.label, again.rate) == (Parameter, 2.0, "w", 0.5)
        (again * weight).backward()
        assert again.grad == weight.grad == 2.0


class Parameter(Value):
    """A leaf with an attribute of its own."""

    rate: float


def three_leaves(_: int) -> list[Value]:
    a, b = Value(2.0), Value(3.0)
    return [a, b, a * b]


@long
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_values_of_other_processes(method: str) -> None:
    with multiprocessing.get_context(method).Pool(2) as pool:
        (a, b, c), (d, _, _) = pool.map(three_leaves, range(2), 1)
    result = c * d * Value(1.0)
    for _ in range(2):
        result.backward()
    assert (a.grad, b.grad, c.grad, d.grad) == (6.0, 4.0, 2.0, 6.0)


@parametrize
def test_duals(duplicate: Callable[[Any], Any]) -> None:
    x = duplicate(Dual(Dual(3.0, 1.0), Dual(1.0, 0.0)))
    y = x * x * x
    assert (y.value.value, y.tangent.value, y.tangent.tangent) == (27.0, 27.0, 18.0)


def test_a_copy_inside_a_derivative_passes_the_gradient() -> None:
    assert grad(lambda x: copy.deepcopy(x) * copy.copy(x))(3.0) == 6.0
    assert grad(grad(lambda x: copy.deepcopy({"x": x})["x"] ** 3))(3.0) == 18.0
    assert jvp(lambda x: copy.deepcopy(x) * copy.copy(x), (3.0,), (1.0,)) == (9.0, 6.0)
    outer = Value(3.0)
    jvp(lambda x: copy.deepcopy(x) * 2.0, (outer,), (1.0,))[0].backward()
    assert outer.grad == 2.0
    for derivative in (grad(lambda x: pickle.loads(pickle.dumps(x))), lambda x: jvp(pickle.dumps, (x,), (1.0,))):
        with pytest.raises(TypeError, match="item"):
            derivative(3.0)


def test_formulas_and_operations() -> None:
    deep = adcli.parse("(" * 5_000 + "x" + " + y)" * 5_000)
    for duplicate in (copy.copy, copy.deepcopy, *PROTOCOLS):
        formula = duplicate(deep)
        assert formula == deep
        assert formula.result.arguments[1].start == deep.result.arguments[1].start
        bound = adcli.ops.TABLE["sum"].bind(axis=0, keepdims=False)
        assert duplicate([adcli.sin, bound, adcli.ops.TABLE["add"]]) == [adcli.sin, bound, adcli.ops.TABLE["add"]]
        assert duplicate(adcli.compile("x*y")).gradient(2.0, 3.0) == {"x": 3.0, "y": 2.0}
        assert duplicate(adcli.program("x*y", x=2.0, y=3.0)).backward() == {"x": 3.0, "y": 2.0}


@pytest.mark.parametrize("duplicate", [copy.copy, *COPIES.values()], ids=["copy", *COPIES])
@pytest.mark.parametrize("runs", [0, 1, 3])
def test_programs(duplicate: Callable[[Any], Any], runs: int) -> None:
    recorded = adcli.program(lambda x, a: (a * adcli.sin(x)).sum() + adcli.where(x > 0, x, 0.0), 0.5, np.ones(2))
    for _ in range(runs):
        recorded.forward(x=0.5)
        recorded.backward()
    again = duplicate(recorded)
    assert str(again) == str(recorded)
    assert again.value == recorded.value
    assert again.forward(x=-1.0) == recorded.forward(x=-1.0)
    for name, slope in again.backward().items():
        np.testing.assert_array_equal(slope, recorded.backward()[name])
    again.forward(x=2.0)
    assert recorded.inputs["x"] == -1.0


def test_a_function_that_is_recorded_may_copy_its_argument() -> None:
    """A copy of a symbol is the symbol. A pickled one is a symbol of another program, which is refused."""
    for duplicate in (copy.copy, copy.deepcopy):
        recorded = adcli.program(lambda x, make=duplicate: adcli.sin(x) * adcli.cos(make([x])[0]), 1.0)
        assert recorded.forward() == np.sin(1.0) * np.cos(1.0)
    with pytest.raises(RequestError, match="another program"):
        adcli.program(lambda x: pickle.loads(pickle.dumps(x)) * 2.0, 1.0)


@parametrize
def test_a_long_program(duplicate: Callable[[Any], Any]) -> None:
    y = x = Value(1.0, label="x")
    for _ in range(2_000):
        y = y * x
    recorded = adcli.program(y)
    recorded.backward()
    assert duplicate(recorded).backward() == {"x": 2_001.0}
