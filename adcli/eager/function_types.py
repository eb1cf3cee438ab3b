"""The types of the functions that `grad` and its kin return, for type checkers and editors.

The gradient by numbers consists of floats, that by float64 arrays of arrays. Nested lists, tuples and dicts keep their
type.
"""

from __future__ import annotations

from typing import Protocol, TypeVar, overload

from ..ops.operands import Array, Numeric
from .tree import Tree

T = TypeVar("T")
U = TypeVar("U")


class Gradient(Protocol):
    """A gradient in all positional arguments: bare for one argument, a tuple for several."""

    @overload
    def __call__(self, x: float, /, **keywords: object) -> float: ...
    @overload
    def __call__(self, x: T, /, **keywords: object) -> T: ...
    @overload
    def __call__(self, x: float, y: float, /, **keywords: object) -> tuple[float, float]: ...
    @overload
    def __call__(self, x: T, y: U, /, **keywords: object) -> tuple[T, U]: ...
    @overload
    def __call__(self, x: float, y: float, z: float, /, *others: float, **keywords: object) -> tuple[float, ...]: ...
    @overload
    def __call__(self, x: T, y: T, z: T, /, *others: T, **keywords: object) -> tuple[T, ...]: ...


class FirstGradient(Protocol):
    """A gradient in the first positional argument alone."""

    @overload
    def __call__(self, x: float, /, *others: object, **keywords: object) -> float: ...
    @overload
    def __call__(self, x: T, /, *others: object, **keywords: object) -> T: ...


class ValueAndGradient(Protocol):
    """The value of a scalar function, and its gradient in all positional arguments."""

    @overload
    def __call__(self, x: float, /, **keywords: object) -> tuple[float, float]: ...
    @overload
    def __call__(self, x: T, /, **keywords: object) -> tuple[float, T]: ...
    @overload
    def __call__(self, x: float, y: float, /, **keywords: object) -> tuple[float, tuple[float, float]]: ...
    @overload
    def __call__(self, x: T, y: U, /, **keywords: object) -> tuple[float, tuple[T, U]]: ...
    @overload
    def __call__(
        self, x: float, y: float, z: float, /, *others: float, **keywords: object
    ) -> tuple[float, tuple[float, ...]]: ...
    @overload
    def __call__(self, x: T, y: T, z: T, /, *others: T, **keywords: object) -> tuple[float, tuple[T, ...]]: ...


class FirstValueAndGradient(Protocol):
    """The value of a scalar function, and its gradient in the first positional argument alone."""

    @overload
    def __call__(self, x: float, /, *others: object, **keywords: object) -> tuple[float, float]: ...
    @overload
    def __call__(self, x: T, /, *others: object, **keywords: object) -> tuple[float, T]: ...


class Jacobian(Protocol):
    """All derivatives of a function whose result is one number or array."""

    @overload
    def __call__(self, x: float, /, **keywords: object) -> Numeric: ...
    @overload
    def __call__(self, x: Array, /, **keywords: object) -> Array: ...
    @overload
    def __call__(self, *arguments: Tree, **keywords: object) -> Tree: ...


class Hessian(Protocol):
    """All second derivatives of a scalar function."""

    @overload
    def __call__(self, x: float, /, **keywords: object) -> float: ...
    @overload
    def __call__(self, x: Array, /, **keywords: object) -> Array: ...
    @overload
    def __call__(self, *arguments: Tree, **keywords: object) -> Tree: ...
