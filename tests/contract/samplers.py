"""Arguments for every operation of the table: where it is smooth, in every kind of shape.

A case is the arguments and parameters of one call. Floats and float64 arrays among the arguments are what is varied;
whole numbers, tuples, indices and truths stay as they are. An operation without a row here fails the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from adcli.ops import Op

from ..reference.definitions import DEFINITIONS

Shape = tuple[int, ...]
_random = np.random.default_rng(20)


class Case(NamedTuple):
    """One call: arguments, of which the floats are varied, and parameters."""

    arguments: tuple[Any, ...]
    parameters: dict[str, Any]

    @property
    def point(self) -> list[Any]:
        """The arguments that are varied."""
        return [x for x in self.arguments if varies(x)]

    def call(self, op: Op) -> Callable[..., Any]:
        """The operation as a function of the varied arguments."""

        def applied(*point: Any) -> Any:
            given = iter(point)
            return op(*[next(given) if varies(x) else x for x in self.arguments], **self.parameters)

        return applied


def varies(x: Any) -> bool:
    """Whether an argument is varied."""
    return isinstance(x, float) or (isinstance(x, np.ndarray) and x.dtype == np.float64)


def case(*arguments: Any, **parameters: Any) -> Case:
    return Case(arguments, parameters)


def spaced(low: float, high: float, *shapes: Shape) -> list[Any]:
    """Arrays whose elements all lie well apart, so that no difference quotient steps over a kink or a tie."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    numbers = _random.permutation(np.linspace(low, high, 2 * sum(sizes) + 2))[: sum(sizes)]
    parts = np.split(numbers, np.cumsum(sizes)[:-1])
    return [part.reshape(shape) if shape else float(part[0]) for part, shape in zip(parts, shapes, strict=True)]


def some(*shape: int, low: float = -2.0, high: float = 2.0) -> Any:
    """One such array."""
    return spaced(low, high, shape)[0]


def regular(*shape: int) -> Any:
    """Square matrices far from singular."""
    return some(*shape) + 4.0 * np.eye(shape[-1])


def flipped(*shape: int) -> Any:
    """Square matrices with a negative determinant."""
    matrix = regular(*shape)
    matrix[..., 0, :] *= -1.0
    return matrix


# ---------------------------------------------------------------- elementwise

SIGNED, POSITIVE, INSIDE = (-2.0, 2.0), (0.3, 2.0), (-0.9, 0.9)
_RANGES = {
    SIGNED: "add sub mul neg lt le gt ge eq ne min max relu abs sign heaviside cbrt exp expm1 sin cos tie_share where "
    "atan sinh cosh tanh sech asinh sigmoid softplus difference subtraction_error logaddexp sinc sinc_derivative "
    "gaussian gaussian_derivative erf erfc square and or not normpdf_derivative",
    POSITIVE: "div pow power_derivative sqrt cbrt_derivative log log2 log10 csch coth hypot atan2 direction xlogy "
    "gamma lgamma digamma polygamma polygamma_above root root_derivative beta lbeta polygamma_difference "
    "lambertw_derivative gammainc gammaincc gammainc_derivative",
    (0.1, 0.9): "norminv_slope erfinv_slope erfcinv_slope binomial betainc betainc_derivative",
    (0.4, 2.1): "besselj bessely besseli besselk besselj_derivative bessely_derivative besseli_derivative "
    "besselk_derivative",
    INSIDE: "log1p tan sec semicircle asin acos atanh",
    (0.1, 0.4): "floor ceil round trunc csc cot",
    (1.2, 3.0): "acosh",
}
RANGES = {name: ends for ends, names in _RANGES.items() for name in names.split()}
RANGES |= {name: definition.smooth for name, definition in DEFINITIONS.items()}
RANGES_OF_EACH = {  # where the arguments need ranges of their own
    "mod": ((2.2, 2.8), (1.6, 1.9)),
    "fmod": ((2.2, 2.8), (1.6, 1.9)),
    "floordiv": ((2.2, 2.8), (1.6, 1.9)),
    "log_base": (POSITIVE, (1.5, 3.0)),
    "clip": (SIGNED, (-1.1, -0.9), (0.9, 1.1)),
}
SHAPES: dict[int, list[tuple[Shape, ...]]] = {
    1: [((),), ((2,),), ((2, 1, 2),), ((0,),), ((2, 0),)],
    2: [((), ()), ((2,), (2,)), ((2,), ()), ((), (2,)), ((2, 1), (2,)), ((1, 2), (2, 1, 1)), ((0,), ()),
        ((1, 2), (0, 1))],
    3: [((), (), ()), ((2,), (2,), (2,)), ((2, 1), (2,), ()), ((), (2,), (2, 1)), ((), (), (2,)), ((0,), (), (1,))],
}  # fmt: skip


def elementwise_cases(op: Op) -> list[Case]:
    """Scalars, vectors, arrays, what broadcasts, and nothing at all."""
    varied = [i for i in range(2 if op.variadic else op.arity) if i not in op.integers and i not in op.takes_conditions]
    cases = []
    for shapes in SHAPES[len(varied) + len(op.takes_conditions)]:
        places = sorted([*varied, *op.takes_conditions])
        arguments: list[Any] = [1] * (2 if op.variadic else op.arity)
        if op.name in RANGES_OF_EACH:
            for place, ends, shape in zip(places, RANGES_OF_EACH[op.name], shapes, strict=True):
                arguments[place] = spaced(*ends, shape)[0]
        else:
            for place, numbers in zip(places, spaced(*RANGES[op.name], *shapes), strict=True):
                arguments[place] = numbers
        for place in op.takes_conditions:
            arguments[place] = np.asarray(arguments[place]) > 0.0 if np.ndim(arguments[place]) else arguments[place] > 0
        cases.append(Case(tuple(arguments), {}))
    return cases


# ---------------------------------------------------------------- tensors


def _reductions(low: float = -2.0, high: float = 2.0, *, empty: bool = True) -> list[Case]:
    def x(*shape: int) -> Any:
        return some(*shape, low=low, high=high)

    found = [
        case(x(3)), case(x(2, 2)), case(x(2, 3), axis=0), case(x(2, 3), axis=-1, keepdims=True),
        case(x(2, 2, 2), axis=(0, 2)), case(x(2, 1, 2), axis=(2, 0), keepdims=True), case(x(1), axis=0),
        case(x(2, 2), keepdims=True), case(x(2, 0), axis=0), case(x(0, 2), axis=(1,)), case(x()),
    ]  # fmt: skip
    return [*found, case(x(0)), case(x(0, 2), axis=0, keepdims=True)] if empty else found


def _along() -> list[Case]:
    return [
        case(some(3)), case(some(2, 2)), case(some(2, 3), axis=0), case(some(2, 2, 2), axis=(0, 2)),
        case(some(2, 3), axis=None), case(some(0, 2), axis=1), case(some(0)), case(some(1)),
    ]  # fmt: skip


def _pairs(low: float = -2.0, high: float = 2.0) -> list[Case]:
    """Two arrays of one shape. One element of the second may outweigh the others, and several may not."""
    shapes: list[tuple[Shape, dict[str, Any]]] = [
        ((3,), {}), ((2, 2), {}), ((2, 3), {"axis": 0}), ((2, 2, 2), {"axis": (0, 2)}), ((0, 2), {"axis": 1}),
    ]  # fmt: skip
    weights = [some(*shape, low=low, high=high) for shape, _ in shapes]
    pairs = [case(some(*each.shape), each, **axes) for each, (_, axes) in zip(weights, shapes, strict=True)]
    return [
        *pairs,
        case(some(3), np.array([9.0, 0.5, 0.3])),
        case(some(2, 2), np.array([[9.0, 0.5], [1.0, 1.1]]), axis=1),
    ]


def _squares(matrices: Callable[..., Any] = regular) -> list[Case]:
    return [
        case(matrices(2, 2)), case(matrices(3, 3)), case(matrices(2, 2, 2)), case(matrices(2, 1, 2, 2)),
        case(matrices(1, 1)), case(matrices(0, 2, 2)),
    ]  # fmt: skip


_mask = np.array([[True, False, True], [False, True, False]])
_parts: list[tuple[Shape, Any]] = [
    ((4,), 0), ((4,), -1), ((4,), slice(1, None)), ((4,), slice(None, None, -2)), ((4,), [0, 2, 0]), ((2, 3), 1),
    ((2, 3), (0, slice(1, None))), ((2, 3), (Ellipsis, 0)), ((2, 3), (None, 0)), ((2, 3), ([0, 1, 0], [2, 2, 2])),
    ((2, 3), _mask), ((2, 3), (np.array([[0], [1]]), np.array([0, 0]))), ((2, 3), slice(0, 0)), ((2, 3), []),
    ((2, 3), (slice(None), [1, 1])), ((4,), np.array([False] * 4)), ((0, 2), (slice(None), 0)), ((2, 3), ((0, 0),)),
    ((3,), True), ((3,), np.int64(1)), ((3,), ()),
]  # fmt: skip

TENSORS: dict[str, list[Case]] = {
    "sum": _reductions(),
    "mean": [each for each in _reductions() if np.size(each.arguments[0])],
    "prod": [*_reductions(), case(np.array([0.0, 2.0, 3.0])), case(np.array([[0.0, 2.0], [0.0, 3.0]]), axis=0),
             case(some(5)), case(np.array([0.0, 0.0, 3.0, 1.5]))],
    "norm": [*_reductions(0.5, 2.0), case(1e-170 * some(3)), case(1e170 * some(3))],
    "logsumexp": [*_reductions(empty=False), case(np.array([800.0, 799.0]))],
    "amax": _reductions(empty=False),
    "amin": _reductions(empty=False),
    "count_share": [case(np.array([1.0, 3.0, 3.0]), np.array([3.0]), axis=0)],
    "unit": [*_along(), case(some(2, 1), axis=1)],
    "across": _pairs(), "deviation": _pairs(0.3, 2.0), "excess": _pairs(0.3, 2.0),
    "exponential_share": [*_along(), case(np.array([800.0, 799.0])), *_pairs(), case(some(2), some(2), some(2)),
                          case(some(3), some(3), some(3)), case(some(2, 2), some(2, 2), some(2, 2), axis=0),
                          case(some(2), some(2), some(2), some(2)), case(some(), some(), some()),
                          case(some(2, 1, 2), some(2, 1, 2), some(2, 1, 2), axis=1),
                          case(some(0, 2), some(0, 2), some(0, 2), axis=1)],
    "softmax": [*_along(), case(np.array([800.0, 799.0]))],
    "log_softmax": [*_along(), case(np.array([800.0, 799.0]))],
    "reshape": [case(some(4), 2, 2), case(some(2, 3), (3, -1)), case(some(2, 2), -1), case(some(1), ()),
                case(some(), (1, 1)), case(some(0, 2), (2, 0)), case(some(0, 2), 0, 5), case(some(2, 2), np.int64(4))],
    "broadcast_to": [case(some(), (2, 2)), case(some(2), 3, 2), case(some(2, 1), (2, 3)), case(some(1, 2), (0, 2)),
                     case(some(2), (2,))],
    "sum_to": [case(some(2, 2), ()), case(some(3, 2), (2,)), case(some(2, 3), (2, 1)), case(some(0, 2), (1, 2)),
               case(some(2), (2,))],
    "transpose": [case(some(2, 3)), case(some(3)), case(some(2, 1, 3), (2, 0, 1)), case(some(2, 1, 3), 1, -1, 0),
                  case(some(0, 2))],
    "swapaxes": [case(some(2, 3), 0, 1), case(some(2, 1, 3), -1, 0), case(some(2, 0), 0, -1)],
    "stack": [case(some(2), some(2)), case(some(2, 2), some(2, 2), axis=-1), case(some(), some(), some()),
              case(some(2), some(2), axis=1), case(some(0), some(0)), case(some(2))],
    "concatenate": [case(some(2), some(3)), case(some(2, 1), some(2, 2), axis=1), case(some(0), some(2)),
                    case(some(1, 2), some(2, 2), axis=-2)],
    "getitem": [case(some(*shape), index) for shape, index in _parts],
    "scatter": [case(some(), 1, (3,)), case(some(2), [0, 0], (2,)), case(some(2), (slice(None), 1), (2, 2)),
                case(some(2), ((1, 1),), (3,))],
    "diagonal": [case(some(2, 2)), case(some(2, 3)), case(some(2, 3, 2)), case(some(0, 0))],
    "diag_embed": [case(some(2)), case(some(2, 2)), case(some(2), 2, 3), case(some(2), (3, 2)), case(some(0))],
    "diag": [case(some(3)), case(some(2, 2)), case(some(3, 2)), case(some(2, 2, 2)), case(some(0))],
    "trace": [*_squares(some), case(some(0, 0)), case(some(2, 3))],
    "matmul": [case(some(*one), some(*other)) for one, other in [
        ((2,), (2,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 2)), ((2, 1, 2), (2, 2)), ((2, 2), (2, 2, 1)),
        ((2, 1, 1, 2), (3, 2, 1)), ((2, 2, 3), (3,)), ((3,), (2, 3, 2)), ((0, 2), (2, 3)), ((2, 0), (0, 3)),
        ((0,), (0,)), ((0, 2, 2), (2, 2)), ((1, 2, 3), (2, 3, 1)),
    ]],
    "outer": [case(some(*one), some(*other)) for one, other in [
        ((2,), (3,)), ((2, 2), (3,)), ((2,), (2, 3)), ((2, 1, 2), (3, 2)), ((0,), (2,)),
    ]],
    "solve": [case(regular(*one), some(*other)) for one, other in [
        ((2, 2), (2,)), ((2, 2), (2, 3)), ((3, 2, 2), (2,)), ((3, 2, 2), (2, 1)), ((2, 2), (3, 2, 1)),
        ((2, 1, 2, 2), (3, 2, 1)), ((1, 1), (1,)), ((0, 2, 2), (2,)), ((2, 2), (2, 0)),
    ]],
    "inv": _squares(),
    "det": [*_squares(), *_squares(flipped), case(np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.5, 1.0, -1.0]]))],
    "cofactor": [*_squares(), case(flipped(2, 2)), case(flipped(2, 3, 3)), case(some(4, 4)),
                 *[case(some(*shape), some(*shape)) for shape in [(1, 1), (2, 2), (3, 3), (4, 4), (2, 4, 4)]],
                 case(some(3, 3), some(3, 3), some(2, 3, 3)), case(some(4, 4), some(4, 4), some(4, 4)),
                 case(some(2, 1, 4, 4), some(4, 4), some(3, 4, 4)), case(some(2, 2, 2), some(2, 2))],
    "logdet": _squares(),
    "logabsdet": [*_squares(), case(flipped(2, 2))],
    "sign_det": [*_squares(), case(flipped(2, 2))],
}  # fmt: skip


def cases_of(op: Op) -> list[Case]:
    """The calls of one operation.

    Raises:
        KeyError: nobody has written any.
    """
    return elementwise_cases(op) if op.is_elementwise else TENSORS[op.name]
