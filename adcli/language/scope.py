"""What is known while a formula is lowered: its text and graph, its bindings and functions so far."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, TypeAlias

from ..errors import ParseError
from ..graph.expr import Graph
from .ast import Definition, Formula, Name, Node
from .tokens import CONSTANTS

MOST_NODES = 1_000_000  # that bodies of functions, terms of sums and derivatives may have together

# A walk appends nodes and returns its row. It yields what it needs first, a walk or a tree with the rows of its
# parameters and indices, and is sent the row of that.
Walk: TypeAlias = "Generator[Walk | tuple[Node, Mapping[str, int]], Any, int]"


class Scope:
    """The state of lowering one formula.

    Args:
        formula: the AST.
        graph: to append to.
        shapes: of the variables. None is for a formula of numbers.

    Attributes:
        text: the program.
        rows: the rows of the bindings by name.
        functions: the functions of the user by name.
        nodes: how many nodes the bodies of functions, the terms of sums and derivatives have had so far.
        caches: of what `expansion` and `row_derivatives` have appended.
    """

    __slots__ = ("caches", "formula", "functions", "graph", "nodes", "rows", "shapes", "text")

    def __init__(self, formula: Formula, graph: Graph, shapes: Mapping[str, tuple[int, ...]] | None) -> None:
        self.formula = formula
        self.text = formula.text
        self.graph = graph
        self.shapes = shapes
        self.rows: dict[str, int] = {}
        self.functions: dict[str, Definition] = {}
        self.nodes = 0
        self.caches: dict[str, dict[Any, Any]] = {}

    def name_row(self, node: Name, local: Mapping[str, int]) -> int:
        """Return the row of a parameter, an index, a binding, a constant or a variable.

        Raises:
            ParseError: it is the name of a function of the user.
        """
        graph, name = self.graph, node.name
        row = local.get(name)
        if row is None:
            row = self.rows.get(name)
        if row is not None:
            return row
        value = CONSTANTS.get(name)
        if value is not None:
            return graph.named_constant(name, value)
        if name in self.functions:
            from .definitions import refuse_bare_name

            refuse_bare_name(node, self.functions, self.text)
        row = graph.variable_row(name, self.shapes.get(name, ()) if self.shapes else ())
        if row not in graph.spans:  # the caller may have added the variable before
            graph.spans[row] = (node.start, node.stop)
        return row

    def spend(self, node: Node, nodes: int) -> None:
        """Count nodes that a call or a derivative appends.

        Raises:
            ParseError: there are more than `MOST_NODES`.
        """
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            most = f"{MOST_NODES:_}".replace("_", " ")
            problem = f"the calls, sums and derivatives here expand to more than {most} operations"
            hint = "bind common parts to names, or use fewer terms or a lower order"
            raise ParseError(problem, text=self.text, span=(node.start, node.stop), hint=hint)
