"""Where slopes break and where operations are defined: one condition for numbers and for generated code."""

from __future__ import annotations

from itertools import product

import pytest

from adcli.graph.evaluate import evaluate
from adcli.graph.expr import Expr, Graph
from adcli.ops import TABLE, Op

NUMBERS = [0.0, -0.0, 0.5, 1.0, -1.0, 1.5, 2.0, -2.5, -3.0, float("inf"), float("nan")]
WITH_CONDITIONS = [op for op in TABLE.values() if op.shape is None and not op.helper and (op.kinks or op.domain)]


@pytest.mark.parametrize("op", WITH_CONDITIONS, ids=lambda op: op.name)
def test_a_condition_holds_of_nodes_where_it_holds_of_numbers(op: Op) -> None:
    graph = Graph()
    names = [f"x{place}" for place in range(3 if op.variadic else op.arity)]
    arguments = [graph.variable(name) for name in names]
    made = [kink.when(op(*arguments), *arguments) for kink in op.kinks]
    made += [op.domain.contains(*arguments)] if op.domain else []
    nodes = [each for each in made if isinstance(each, Expr)]
    assert len(nodes) == len(made)
    for numbers in product(*[[0.0, 1.0] if place in op.integers else NUMBERS for place in range(len(names))]):
        values = evaluate(graph, [node.row for node in nodes], dict(zip(names, numbers, strict=True)))
        out = op.forward(*numbers)
        expected = [kink.when(out, *numbers) for kink in op.kinks]
        expected += [op.domain.contains(*numbers)] if op.domain else []
        assert [values[node.row] for node in nodes] == expected, numbers
