"""`np.einsum`: sums of products by the letters of the axes, two arrays at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod as product_of
from string import ascii_letters
from typing import TypeAlias

import numpy as np

from ..linear import matmul
from ..operands import Operand, shape_of
from ..reductions import sum_
from ..structure import reshape, transpose
from .binding import operand, translates

Labels: TypeAlias = "tuple[str, ...]"  # one per axis. The axes under an ellipsis have the labels "0", "1" …


@translates("einsum")
def einsum(*operands: Operand, optimize: Operand = False) -> Operand:
    """Return the sum of products that the letters describe. `optimize` changes nothing, arrays are taken in order."""
    terms, result, arrays = _read(operands)
    sizes: dict[str, int] = {}
    for labels, array in zip(terms, arrays, strict=True):
        for label, size in zip(labels, shape_of(array), strict=True):
            if sizes.setdefault(label, size) == 1:
                sizes[label] = size
            elif size not in (1, sizes[label]):
                raise ValueError(f"np.einsum: the axes {label!r} have the sizes {sizes[label]} and {size}")
    pending = [_simplified(array, labels, sizes) for array, labels in zip(arrays, terms, strict=True)]
    product, labels = pending.pop(0)
    product, labels = _sum_out(product, labels, {*result, *(each for _, others in pending for each in others)})
    while pending:
        other, other_labels = pending.pop(0)
        needed = {*result, *(each for _, others in pending for each in others)}
        other, other_labels = _sum_out(other, other_labels, needed | {*labels})
        product, labels = _contract(product, labels, other, other_labels, needed)
    product, labels = _sum_out(product, labels, {*result})
    return transpose(product, tuple(labels.index(label) for label in result)) if labels != result else product


def _read(operands: Sequence[Operand]) -> tuple[list[Labels], Labels, list[Operand]]:
    """Return the labels of each array, those of the result, and the arrays."""
    if isinstance(operands[0], str):
        text, arrays = operands[0], [operand(x) for x in operands[1:]]
    else:
        arrays = [operand(x) for x in operands[: len(operands) // 2 * 2 : 2]]
        text = ",".join(map(_letters, operands[1::2]))
        if len(operands) % 2:
            text += "->" + _letters(operands[-1])
    inputs, arrow, output = text.replace(" ", "").partition("->")
    texts = inputs.split(",")
    if len(texts) != len(arrays):
        raise ValueError(f"np.einsum: {text!r} has letters for {len(texts)} arrays, not for {len(arrays)}")
    hidden = [len(shape_of(x)) - len(each.replace("...", "")) for each, x in zip(texts, arrays, strict=True)]
    for each, count, x in zip(texts, hidden, arrays, strict=True):
        if count < 0 or (count and "..." not in each):
            raise ValueError(f"np.einsum: {each!r} does not fit an array of shape {shape_of(x)}")
    most = max((count for each, count in zip(texts, hidden, strict=True) if "..." in each), default=0)
    terms = [tuple(_expand(each, count, most)) for each, count in zip(texts, hidden, strict=True)]
    if not arrow:
        letters = "".join(texts).replace("...", "")
        output = ("..." if most else "") + "".join(sorted(each for each in set(letters) if letters.count(each) == 1))
    result = tuple(_expand(output, most, most))
    known = {label for labels in terms for label in labels}
    if len(set(result)) < len(result) or not known.issuperset(result):
        raise ValueError(f"np.einsum: the result {output!r} repeats a letter, or has one that no array has")
    return terms, result, arrays


def _letters(numbers: Sequence[Operand]) -> str:
    return "".join("..." if number is Ellipsis else ascii_letters[number] for number in numbers)


def _expand(text: str, count: int, most: int) -> Iterator[str]:
    """Yield the labels of a term. An ellipsis stands for the last `count` of the hidden axes."""
    before, dots, after = text.partition("...")
    yield from before
    if dots:
        yield from map(str, range(most - count, most))
    yield from after


def _simplified(x: Operand, labels: Labels, sizes: dict[str, int]) -> tuple[Operand, Labels]:
    """Return the array with its diagonal taken where a label repeats, and without axes of size 1 to be broadcast."""
    kept = [i for i, label in enumerate(labels) if shape_of(x)[i] == sizes[label]]
    if len(kept) < len(labels):
        x = reshape(x, tuple(shape_of(x)[i] for i in kept))
        labels = tuple(labels[i] for i in kept)
    for label in dict.fromkeys(labels):
        places = [i for i, each in enumerate(labels) if each == label]
        if len(places) > 1:
            others = [i for i in range(len(labels)) if i not in places]
            x = transpose(x, (*places, *others))[(np.arange(sizes[label]),) * len(places)]
            labels = (label, *(labels[i] for i in others))
    return x, labels


def _sum_out(x: Operand, labels: Labels, needed: set[str]) -> tuple[Operand, Labels]:
    """Return the array summed over the axes whose labels are not needed."""
    axes = tuple(i for i, label in enumerate(labels) if label not in needed)
    return (sum_(x, axes), tuple(label for label in labels if label in needed)) if axes else (x, labels)


def _contract(x: Operand, of_x: Labels, y: Operand, of_y: Labels, needed: set[str]) -> tuple[Operand, Labels]:
    """Return the product of two arrays, summed over their common labels that are not needed, as a matrix product."""
    size = dict(zip((*of_x, *of_y), (*shape_of(x), *shape_of(y)), strict=True))
    batch = tuple(label for label in of_x if label in of_y and label in needed)
    summed = tuple(label for label in of_x if label in of_y and label not in needed)
    left = tuple(label for label in of_x if label not in of_y)
    right = tuple(label for label in of_y if label not in of_x)

    def arranged(array: Operand, labels: Labels, *groups: Labels) -> Operand:
        order = tuple(labels.index(label) for group in groups for label in group)
        array = array if order == tuple(range(len(order))) else transpose(array, order)
        return reshape(array, tuple(product_of([size[label] for label in group]) for group in groups))

    product = matmul(arranged(x, of_x, batch, left, summed), arranged(y, of_y, batch, summed, right))
    labels = (*batch, *left, *right)
    return reshape(product, tuple(size[label] for label in labels)), labels
