"""`check_grads`: it passes what is right, and says what is wrong, by how much, where."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import GradientError, check_grads
from adcli.ops import TABLE, Op


def test_a_report() -> None:
    report = check_grads(lambda x, y: (adcli.sin(x) * y).sum(), np.array([1.0, 2.0]), 3.0, order=2)
    assert report.ok
    assert [(check.order, check.mode) for check in report.checks] == [
        (1, "forward"), (1, "reverse"), (2, "forward"), (2, "reverse"), (2, "forward"), (2, "reverse"),
    ]  # fmt: skip
    lines = str(report).splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("order 1, forward: agrees; derivative ")


@pytest.mark.parametrize(
    ("f", "arguments"),
    [
        (lambda x: x**3, (2.0,)),
        (lambda p: p["a"] @ p["b"][0], ({"a": np.ones(3), "b": [np.arange(3.0)]},)),
        (lambda x: {"u": x * x, "v": [adcli.exp(x)]}, (0.5,)),
        (lambda x: 1e-9 * adcli.sin(x), (1.0,)),
        (lambda x: 1e9 * adcli.sin(x), (1.0,)),
        (lambda x: adcli.exp(x / 1e6), (3e6,)),
        (lambda x: x * 0.0 + 3.0, (1.0,)),
        (lambda x: x.sum(), (np.zeros(0),)),
        (lambda x: x[0] * x[1], (np.array([2, 3]),)),
    ],
)
def test_what_is_right_passes(f: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    assert check_grads(f, *arguments, order=3).ok


def plant(monkeypatch: pytest.MonkeyPatch, op: Op, **wrong: Any) -> None:
    monkeypatch.setattr(op, "bound", {})  # the copies with parameters
    for slot, rule in wrong.items():
        monkeypatch.setattr(op, slot, rule)


def test_a_wrong_partial_is_found_in_both_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, TABLE["sin"], partials=(lambda out, x: 1.01 * adcli.cos(x),))
    with pytest.raises(GradientError) as caught:
        check_grads(lambda x: adcli.sin(x), 0.5)
    message = str(caught.value)
    found, expected = (float(n) for n in re.findall(r"most in argument 0: (\S+) for (\S+)", message)[0])
    assert found / expected == pytest.approx(1.01, rel=1e-6)
    assert "order 1, forward: DIFFERS" in message
    assert not caught.value.report.ok
    assert caught.value.exit_status == 1


def test_where_it_is_wrong_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The argument, the way into its structure, the element."""

    def crooked(g: Any, out: Any, x: Any, axis: Any, keepdims: Any) -> Any:
        return g * np.array([1.0, 1.0, 1.5])

    plant(monkeypatch, TABLE["sum"], pulls=(crooked,))
    with pytest.raises(GradientError, match=r"order 1, reverse: DIFFERS.*most in argument 1\['w'\]\[0\]\[2\]: "):
        check_grads(lambda a, p: a * adcli.sum(p["w"][0]), 2.0, {"w": [np.array([1.0, 2.0, 3.0])]})


def test_a_wrong_second_derivative_is_found_at_order_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slope of cosh is right, that of sinh is not: first order of cosh passes, second does not."""
    plant(monkeypatch, TABLE["sinh"], partials=(lambda out, x: -adcli.cosh(x),))
    assert check_grads(adcli.cosh, 0.5, order=1).ok
    with pytest.raises(GradientError, match="order 2"):
        check_grads(adcli.cosh, 0.5, order=2)


@pytest.mark.parametrize("slot", ["push", "pulls"])
def test_one_wrong_mode_is_found(monkeypatch: pytest.MonkeyPatch, slot: str) -> None:
    op = TABLE["logdet"]
    right = getattr(op, slot)
    wrong = [lambda *given: 2.0 * right[0](*given)] if slot == "pulls" else lambda *given: 2.0 * right(*given)
    plant(monkeypatch, op, **{slot: wrong})
    with pytest.raises(GradientError, match="order 1, " + ("forward" if slot == "push" else "reverse")):
        check_grads(adcli.logdet, np.eye(2) + 0.1)


def test_a_missing_dependence_is_found() -> None:
    with pytest.raises(GradientError, match="derivative 0,"):
        check_grads(lambda x: x.value if hasattr(x, "value") else x, 2.0)


def test_a_jump_nearby_is_found() -> None:
    with pytest.raises(GradientError):
        check_grads(lambda x: adcli.where(x > 1.0, x + 1.0, x), 1.0)


@pytest.mark.parametrize("op", ["mul", "div", "exp", "tanh", "atan2", "logaddexp", "pow"])
@pytest.mark.parametrize("error", [1e-4, -1.0])
def test_small_planted_errors_are_found(monkeypatch: pytest.MonkeyPatch, op: str, error: float) -> None:
    entry = TABLE[op]
    right = entry.partials[0]

    def wrong(out: Any, *arguments: Any) -> Any:
        return (1.0 + error) * (right(out, *arguments) if callable(right) else right)

    point = [np.array([0.5, 1.5]), np.array([2.0, 0.75])][: entry.arity]
    assert check_grads(entry, *point).ok
    plant(monkeypatch, entry, partials=(wrong, *entry.partials[1:]))
    with pytest.raises(GradientError):
        check_grads(lambda *xs: adcli.sin(entry(*xs)), *point, order=1)
