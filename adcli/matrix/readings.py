"""The ranks of variables from their names and from what the formula does with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

from ..errors import ShapeError
from ..language.ast import Formula
from .sizes import Sizes

NUMBER, VECTOR, MATRIX = RANKS = (0, 1, 2)
RANK_NAMES = ("number", "vector", "matrix")
MOST_READINGS = 1024  # that are tried
MOST_ALTERNATIVES = 8  # variables whose other rank is tried
MOST_USUAL = 1  # cost
_COSTS = ({MATRIX: 0, VECTOR: 20, NUMBER: 20}, {VECTOR: 0, NUMBER: 1, MATRIX: 5})  # of capitals, of other letters


class Reading(NamedTuple):
    """Ranks of all variables, and sizes that fit them."""

    ranks: Mapping[str, int]
    sizes: Sizes


def choose_reading(
    formula: Formula, variables: Sequence[str], fixed: Mapping[str, int], symmetric: Sequence[str] = ()
) -> Reading:
    """Return the likeliest reading: capitals are matrices, other names vectors, or numbers where no vector fits.

    A reading in which the result is a number comes before all others.

    Args:
        formula: the AST.
        variables: its names, in order.
        fixed: the ranks that the user states.
        symmetric: the names of matrices that are square.

    Raises:
        ShapeError: no reading fits.
    """
    refusal: ShapeError | None = None
    for candidates in _candidates(variables, fixed):
        first: Reading | None = None
        for ranks in candidates:
            try:
                reading = Reading(ranks, Sizes(formula, ranks, symmetric))
            except ShapeError as error:
                refusal = refusal or error
                continue
            if not reading.sizes.shape and not reading.sizes.is_doubtful:
                return reading
            if first is None or first.sizes.is_doubtful:
                first = reading
        if first is not None:
            return first
    assert refusal is not None
    problem = "no ranks of the variables fit here" if len(fixed) < len(variables) else "these ranks do not fit here"
    raise ShapeError(
        problem,
        text=refusal.text,
        span=refusal.span,
        hint="ranks= states them",
        command_hint="--number, --vector and --matrix state them",
    )


def _candidates(variables: Sequence[str], fixed: Mapping[str, int]) -> Iterator[Iterator[dict[str, int]]]:
    """Return combinations of ranks, the likeliest first: those with the usual ranks, then all."""
    every: list[list[tuple[int, int]]] = []
    for name in variables:
        costs = _COSTS[not name[0].isupper()]
        every.append(sorted((costs[rank], rank) for rank in ([fixed[name]] if name in fixed else RANKS)))
    usual = [[choice for choice in choices if choice[0] <= MOST_USUAL] or choices for choices in every]
    for pools in (usual, every):
        while prod(map(len, pools)) > MOST_READINGS:
            longest = max(pools, key=len)
            longest.pop()
        combinations = sorted(product(*pools), key=lambda each: sum(cost for cost, _ in each))
        yield (dict(zip(variables, [rank for _, rank in each], strict=True)) for each in combinations)


def other_readings(
    formula: Formula, reading: Reading, fixed: Mapping[str, int], symmetric: Sequence[str] = ()
) -> Iterator[tuple[str, Reading]]:
    """Return the readings in which one variable is a number instead of a vector, or the reverse."""
    for name, rank in list(reading.ranks.items())[:MOST_ALTERNATIVES]:
        if name in fixed or rank == MATRIX or name[0].isupper():
            continue
        ranks = {**reading.ranks, name: VECTOR if rank == NUMBER else NUMBER}
        try:
            other = Reading(ranks, Sizes(formula, ranks, symmetric))
        except ShapeError:
            continue
        if len(other.sizes.shape) == len(reading.sizes.shape) and not other.sizes.is_doubtful:
            yield name, other
