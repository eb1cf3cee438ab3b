"""Nested tuples, for the axes of results: one entry for a number, a pair for ``[f, g]``, rows for a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

T = TypeVar("T")
U = TypeVar("U")
Nested: TypeAlias = "T | tuple[Nested[T], ...]"
"""An entry, or a tuple of nested entries. As deep as an array has axes."""


def flatten(nested: Nested[T]) -> Iterator[T]:
    """Yield the entries in order.

    >>> list(flatten(((1, 2), 3)))
    [1, 2, 3]
    """
    if isinstance(nested, tuple):
        for each in nested:
            yield from flatten(each)
    else:
        yield nested


def convert(nested: Nested[T], function: Callable[[T], Nested[U]]) -> Nested[U]:
    """Return the results of a function on each entry, nested in the same way.

    >>> convert(((1, 2), 3), str)
    (('1', '2'), '3')
    """
    if isinstance(nested, tuple):
        return tuple([convert(each, function) for each in nested])
    return function(nested)


def refill(nested: Nested[T], entries: Iterable[Nested[U]]) -> Nested[U]:
    """Return other entries, in order, nested in the same way.

    >>> refill(((1, 2), 3), "abc")
    (('a', 'b'), 'c')
    """
    rest = iter(entries)
    return convert(nested, lambda _: next(rest))


def unfold(like: Nested[U], nested: Nested[T]) -> list[Nested[T]]:
    """Return the parts that stand in the place of each entry of another.

    >>> unfold((1, 2), ((10, 11), (20, 21)))
    [(10, 11), (20, 21)]
    """
    if not isinstance(like, tuple):
        return [nested]
    assert isinstance(nested, tuple)
    return [part for one, other in zip(like, nested, strict=True) for part in unfold(one, other)]
