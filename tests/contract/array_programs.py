"""Random programs on arrays, each with the same program written out in numbers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Texts: TypeAlias = Any  # an array of the texts of formulas of numbers

LONGEST = 3000  # characters of a program in numbers, so that it stays quick
UNARY = [
    "sqrt({})",
    "log({})",
    "cbrt({})",
    "abs({})",
    "1/{}",
    "acos({})",
    "{}**2",
    "{}**1.5",
    "relu({})",
    "-{}",
    "exp({})",
]
BINARY = ["{}*{}", "{} + {}", "{} - {}", "max({}, {})", "where({} > 0, {}, 2)", "{}**abs({})"]
NAMES = ["v0", "v1", "v2", "A0", "A1", "A2", "A3"]
NUMBERS = [0.0, 1.0, -1.0, 2.0, 0.5, 4.0]  # poles and branch points, and points beside them


class ArrayProgram(NamedTuple):
    """One program twice, and a point.

    Attributes:
        text: of arrays: v of 3 numbers and A of 2 x 2.
        numbers: the same of the numbers v0 … v2, A0 … A3.
        point: the numbers in this order.
    """

    text: str
    numbers: str
    point: list[float]

    @property
    def arrays(self) -> dict[str, Any]:
        """The point of the array program."""
        return {"v": np.array(self.point[:3]), "A": np.array(self.point[3:]).reshape(2, 2)}

    @property
    def scalars(self) -> dict[str, float]:
        """The point of the program in numbers."""
        return dict(zip(NAMES, self.point, strict=True))


def random_program(seed: int, length: int = 5) -> ArrayProgram:
    """Return a program of so many bindings, each of an operation on earlier ones, and a number as the result."""
    random = Random(seed)
    values: list[tuple[str, Texts]] = [
        ("v", _texts(NAMES[:3])),
        ("A", _texts(NAMES[3:], (2, 2))),
    ]
    lines: list[str] = []
    while len(lines) < length:
        text, texts = random.choice(STEPS)(random, values)
        if not 0 < texts.size <= 12 or sum(map(len, texts.flat)) > LONGEST:
            continue
        lines.append(f"b{len(lines)} = {text}")
        values.append((f"b{len(lines) - 1}", texts))
    name, texts = values[-1]
    index = random.randrange(-1, texts.size)  # an element, or -1 for the sum
    reads = _index_text(index, texts.shape)
    text, numbers = (f"{name}{reads}", texts.flat[index]) if index >= 0 else (f"sum({name})", " + ".join(texts.flat))
    point = [random.choice(NUMBERS) for _ in range(7)]
    # Both name all variables first, in one order. On it depends which of two mixed derivatives is computed.
    written = f"first = {' + '.join(NAMES)}; {numbers}"
    return ArrayProgram("; ".join(["first = sum(v) + sum(A)", *lines, text]), written, point)


def _index_text(index: int, shape: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, np.unravel_index(index, shape)))}]" if shape and index >= 0 else ""


def _texts(texts: Any, shape: tuple[int, ...] | None = None) -> Texts:
    array = np.empty(len(texts), dtype=object)
    array[:] = [f"({text})" for text in texts]
    return array if shape is None else array.reshape(shape)


def _pick(random: Random, values: list[tuple[str, Texts]]) -> tuple[str, Texts]:
    return random.choice(values[-3:])


def _unary(random: Random, values: list[tuple[str, Texts]]) -> tuple[str, Texts]:
    (name, texts), form = _pick(random, values), random.choice(UNARY)
    return form.format(name), _texts([form.format(text) for text in texts.flat], texts.shape)


def _binary(random: Random, values: list[tuple[str, Texts]]) -> tuple[str, Texts]:
    name, texts = _pick(random, values)
    fitting = [each for each in values if each[1].shape in (texts.shape, (), texts.shape[1:])]
    (other, others), form = random.choice(fitting), random.choice(BINARY)
    pairs = zip(texts.flat, np.broadcast_to(others, texts.shape).flat, strict=True)
    return form.format(name, other), _texts([form.format(*pair) for pair in pairs], texts.shape)


def _index(random: Random, values: list[tuple[str, Texts]]) -> tuple[str, Texts]:
    name, texts = _pick(random, values)
    if not texts.shape:
        return f"{name}*1", texts
    index = random.choice(["0", "-1", ":1", "1:", "::-1", "::2"])
    return f"{name}[{index}]", _array(eval(f"texts[{index}]", {"texts": texts}))  # our own index


def _array(texts: Texts) -> Texts:
    if isinstance(texts, str):
        single = np.empty((), dtype=object)
        single[()] = texts
        return single
    return texts


def _together(random: Random, values: list[tuple[str, Texts]]) -> tuple[str, Texts]:
    name, texts = _pick(random, values)
    other, others = random.choice([each for each in values if each[1].shape == texts.shape])
    if texts.shape and random.random() < 0.5:
        return f"concatenate({name}, {other})", np.concatenate([texts, others])
    return f"[{name}, {other}]", np.stack([texts, others])


def _move(random: Random, values: list[tuple[str, Texts]]) -> tuple[str, Texts]:
    name, texts = _pick(random, values)
    if texts.ndim < 2:
        shape = (texts.size, 1)
        return f"reshape({name}, [{shape[0]}, 1])", texts.reshape(shape)
    return random.choice([(f"{name}.T", texts.T), (f"reshape({name}, [{texts.size}])", texts.reshape(texts.size))])


def _reduce(random: Random, values: list[tuple[str, Texts]]) -> tuple[str, Texts]:
    name, texts = _pick(random, values)
    if not texts.shape:
        return f"{name} + 1", _array(f"({texts[()]} + 1)")
    rows = texts.reshape(len(texts), -1)
    sums = ["(" + " + ".join(rows[:, i]) + ")" for i in range(rows.shape[1])]
    return f"sum({name}, axis=0)", np.array(sums, dtype=object).reshape(texts.shape[1:])


def _product(random: Random, values: list[tuple[str, Texts]]) -> tuple[str, Texts]:
    name, texts = _pick(random, values)
    fitting = [each for each in values if texts.shape and each[1].shape and texts.shape[-1] == each[1].shape[0]]
    fitting = [each for each in fitting if texts.ndim <= 2 and each[1].ndim <= 2]
    if not fitting:
        return _move(random, values)
    other, others = random.choice(fitting)
    left, right = np.atleast_2d(texts), others if others.ndim > 1 else others[:, None]
    cells = ["(" + " + ".join(f"{x}*{y}" for x, y in zip(row, column, strict=True)) + ")"
             for row in left for column in right.T]  # fmt: skip
    shape = (*texts.shape[:-1], *others.shape[1:])
    return f"{name} @ {other}", np.array(cells, dtype=object).reshape(shape)


Step: TypeAlias = Callable[[Random, "list[tuple[str, Texts]]"], "tuple[str, Texts]"]
STEPS: list[Step] = [_unary, _unary, _unary, _binary, _binary, _index, _together, _move, _reduce, _product]
