"""Record a program from a graph of Values, from a text or from a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..errors import RequestError
from ..graph.expr import Expr, Graph
from ..ops.op import join_carriers
from ..ops.operands import Numeric, Operand, holds_carriers, shape_of
from .levels import plain
from .recorded import Program
from .value import Value


def program(source: Value | str | Callable[..., Operand], *examples: Operand, **keywords: Operand) -> Program:
    """Record a program that can be evaluated again with new inputs.

    Args:
        source: a `Value`, whose labelled leaves become the inputs (leaves without a label are called leaf1, leaf2 …).
            Or the text of an expression. Or a Python function, which is run once on symbols. It must not branch on
            values, but may use `where`. Its parameters name the inputs. Those of ``*xs`` are called xs1, xs2 …
            Defaults that are not numbers, such as flags, are passed on.
        examples: the positional arguments of a function, which give the shapes.
        keywords: the keyword arguments of a function, or values of the variables of a text. An array needs a value.

    Raises:
        RequestError: two inputs have one name, the examples do not fit the function, or its
            result is a container.

    >>> x, w = Value(1.0, label="x"), Value(4.0, label="w")
    >>> recorded = program((x * w).sin())
    >>> recorded.forward(w=0.0), recorded.backward()
    (0.0, {'x': 0.0, 'w': 1.0})
    """
    if isinstance(source, (Value, str)) and examples:
        raise RequestError("only a function takes positional examples", hint="give values by name")
    if isinstance(source, Value):
        if keywords:
            problem = f"'{next(iter(keywords))}' is an example, and a Value takes none"
            raise RequestError(problem, hint="leave it out, because the leaves have values")
        return _record_value(source)
    if isinstance(source, str):
        return _record_text(source, keywords)
    if not callable(source):
        raise RequestError(f"a program is recorded from a function, a text or a Value, not a {type(source).__name__}")
    return _record_function(source, examples, keywords)


def _record_value(root: Value) -> Program:
    graph = Graph()
    nodes: dict[int, Expr] = {}
    inputs: dict[str, Numeric] = {}
    labels = {node.label for node in root.order() if node.op is None}
    fresh = 0
    for node in [*root.order(), root]:
        if node.op is None:
            name = node.label
            while name is None:
                fresh += 1
                name = None if f"leaf{fresh}" in labels else f"leaf{fresh}"
            if name in inputs:
                raise RequestError(f"two leaves are labelled '{name}'", hint="give each leaf its own label")
            inputs[name] = node.value
            nodes[node.number] = graph.variable(name, node.shape)
            continue
        arguments: list[Expr] = [nodes[x.number] if node._is_node(x) else _constant(graph, x) for x in node.inputs]
        result = nodes[node.number] = node.op(*arguments)
        if node.label is not None:
            graph.labels.setdefault(result.row, node.label)
    return Program(graph, nodes[root.number], inputs)


def _constant(graph: Graph, x: Operand) -> Expr:
    return Expr(graph, graph.array(x))


def _record_text(text: str, keywords: Mapping[str, Operand]) -> Program:
    from ..language.lower import lower
    from ..language.parser import parse

    graph = Graph()
    result = lower(parse(text), graph, {name: np.shape(value) for name, value in keywords.items()})
    inputs = {name: plain(keywords.get(name, float("nan"))) for name in graph.variables}
    recorded = Program(graph, result, inputs)
    recorded._set(keywords)
    return recorded


def _record_function(
    f: Callable[..., Operand], examples: Sequence[Operand], keywords: Mapping[str, Operand]
) -> Program:
    try:
        bound = inspect.signature(f).bind(*examples, **keywords)
    except (TypeError, ValueError) as error:
        raise RequestError(f"the examples do not fit the function: {error}") from None
    given = set(bound.arguments)
    bound.apply_defaults()
    graph = Graph()
    inputs: dict[str, Numeric] = {}

    def symbol(name: str, example: Operand) -> Expr:
        if name in inputs:
            raise RequestError(f"two inputs are named '{name}'", hint="give each input its own name")
        value = inputs[name] = plain(example)
        return graph.variable(name, shape_of(value))

    arguments = bound.arguments
    for name, parameter in bound.signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            arguments[name] = tuple([symbol(f"{name}{i}", x) for i, x in enumerate(arguments[name], 1)])
        elif parameter.kind is parameter.VAR_KEYWORD:
            arguments[name] = {key: symbol(key, x) for key, x in arguments[name].items()}
        elif name in given or not _is_option(arguments[name]):
            arguments[name] = symbol(name, arguments[name])
    result = f(*bound.args, **bound.kwargs)
    if isinstance(result, (list, tuple, dict)):
        kind = type(result).__name__
        raise RequestError(
            f"the result of the function is a {kind}", hint="return one array, as adcli.stack makes of numbers"
        )
    if not isinstance(result, Expr) and holds_carriers(result):
        result = join_carriers(result)
    if not isinstance(result, Expr):
        result = _constant(graph, plain(result))
    if result.graph is not graph:
        raise RequestError("the result is computed from a symbol of another program", hint="do not pickle a symbol")
    return Program(graph, result, inputs)


def _is_option(default: Operand) -> bool:
    """Return whether a default value is not a number, such as a flag. It is passed on as it is."""
    return default is None or isinstance(default, (bool, str)) or callable(default)
