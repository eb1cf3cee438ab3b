"""One partial derivative of a result, of any order, element by element: as nodes by reverse and by forward mode."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import NamedTuple

from ..errors import RequestError
from ..graph.derive import gradient, tangent
from ..graph.expr import Expr
from ..ops.operands import Operand, Shape
from .labels import derivative_label
from .lowered import Lowered

MOST_ELEMENTS = 2500  # of a derivative by an array: a matrix of 50 by 50


class Derivative(NamedTuple):
    """A partial derivative of a result.

    Attributes:
        result: its index; None for all results of a vector at once.
        names: the variables to differentiate by, one after the other.
    """

    result: int | None
    names: tuple[str, ...]

    def label(self, lowered: Lowered) -> str:
        """Return its usual notation, such as ``d2f/dxdy``."""
        return derivative_label(self.names, "f" if self.result is None else lowered.names[self.result])

    def shape(self, lowered: Lowered) -> Shape:
        """Return the shape of the result followed by that of each variable.

        Raises:
            RequestError: it has too many elements to check.
        """
        lead = (len(lowered.results),) if self.result is None else lowered.results[self.result].shape
        shape: Shape = sum([lowered.shapes.get(name, ()) for name in self.names], lead)
        if prod(shape) > MOST_ELEMENTS:
            problem = f"{self.label(lowered)} has {prod(shape)} elements, and at most {MOST_ELEMENTS} can be checked"
            raise RequestError(problem, hint="use smaller arrays")
        return shape


class Element(NamedTuple):
    """One element of a derivative, and how it comes about.

    Attributes:
        place: its index in the derivative.
        result: the node of the element of the result.
        below: the derivative of one order less, whose slope it is.
        path: the variables and the indices of their elements to differentiate by.
        node: by reverse mode.
    """

    place: tuple[int, ...]
    result: Expr
    below: Expr
    path: tuple[tuple[str, tuple[int, ...]], ...]
    node: Expr


def elements_of(node: Expr) -> list[tuple[tuple[int, ...], Expr]]:
    """Return the elements of a node with their indices. A number is its own element."""
    if not node.shape:
        return [((), node)]
    return [(index, node[index]) for index in product(*map(range, node.shape))]


def derive_elements(lowered: Lowered, derivative: Derivative) -> list[Element]:
    """Append a derivative to the graph by reverse mode, and return its elements in order."""
    zero = Expr(lowered.graph, lowered.graph.constant(0.0))
    elements: list[Element] = []
    for number, result in enumerate(lowered.results):
        if derivative.result not in (None, number):
            continue
        lead = (number,) if derivative.result is None else ()
        elements += [Element((*lead, *index), node, node, (), node) for index, node in elements_of(result)]
    for name in derivative.names:
        variable, deeper = lowered.variable(name), []
        indices = [index for index, _ in elements_of(variable)]
        for element in elements:
            [slope] = gradient(element.node, [variable])
            parts = [zero] * len(indices) if slope is None else [part for _, part in elements_of(slope)]
            for index, part in zip(indices, parts, strict=True):
                path = (*element.path, (name, index))
                deeper.append(Element(element.place + index, element.result, element.node, path, part))
        elements = deeper
    return elements


def forward_node(lowered: Lowered, element: Element) -> Expr:
    """Append an element of a derivative to the graph by forward mode."""
    node: Expr | None = element.result
    for name, index in element.path:
        variable = lowered.variable(name)
        seed: Operand = 1.0
        if index:
            import numpy as np

            array = np.zeros(variable.shape)
            array[index] = 1.0
            seed = Expr(lowered.graph, lowered.graph.array(array))
        node = None if node is None else tangent(node, {variable.row: seed})
    return Expr(lowered.graph, lowered.graph.constant(0.0)) if node is None else node
