"""`Program`: a graph that is recorded once and re-evaluated with new inputs, its order and its slopes found once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from operator import is_
from typing import Any

import numpy as np

from ..errors import RequestError, ShapeError, UnknownNameError, suggest
from ..graph.derive import gradient as slopes_of
from ..graph.expr import Expr, Graph
from ..graph.tape import Tape
from .levels import plain, settled
from .value import Value


class Program:
    """A straight-line program with inputs by name; made by `program`.

    Attributes:
        inputs: name -> the value it has now.
        value: the result of the last `forward`, None before.
        gradient: name -> slope, of the last `backward`, None before.
        graph, result: the graph and the node of the result.
    """

    def __init__(self, graph: Graph, result: Expr, inputs: Mapping[str, Any]) -> None:
        self.graph, self.result = graph, result
        self.inputs: dict[str, Any] = {name: inputs[name] for name in graph.variables}
        self.value: Any = None
        self.gradient: dict[str, Any] | None = None
        self._forward: Callable[..., list[Any]] | None = None
        self._backward: Callable[..., list[Any]] | None = None
        self._numbers = frozenset([name for name, row in graph.variables.items() if not graph.shapes.get(row)])
        # A loop of forward and backward needs one pass: once backward has followed, forward finds the slopes as well.
        self._wants_slopes = False
        self._at: list[Any] = []  # the inputs of that pass
        self._ahead: list[Any] | None = None  # its outputs
        self._is_scalar = len(self._numbers) == len(self.inputs)

    def __repr__(self) -> str:
        return f"<Program of {', '.join(self.inputs)}: {len(self.graph)} nodes>"

    def __str__(self) -> str:
        return str(self.result)

    def forward(self, **inputs: Any) -> Any:
        """The result with some inputs changed; the others keep the values they have.

        Raises:
            UnknownNameError: there is no such input.
            ShapeError: an input has another shape than the one it was recorded with.
        """
        known, numbers = self.inputs, self._numbers
        for name, given in inputs.items():
            if given.__class__ is not float or name not in numbers:
                self._set(inputs)
                break
        else:
            known.update(inputs)
        if self._wants_slopes and self._backward is not None:
            self._wants_slopes = False
            self._at = at = [*known.values()]
            self._ahead = outputs = self._backward(at)
            self.value = value = outputs[0]
            return value
        if self._forward is None:
            self._forward = self._runner([self.result])
        self.value = self._forward(self.inputs.values())[0]
        return self.value

    def backward(self) -> dict[str, Any]:
        """The slope of the result by every input, at the inputs as they are.

        Raises:
            ShapeError: the result is no number.
        """
        if self._backward is None:
            if self.result.shape:
                raise ShapeError(f"backward of an array of shape {self.result.shape}", hint="sum it")
            variables = [Expr(self.graph, row) for row in self.graph.variables.values()]
            slopes = slopes_of(self.result, variables)
            self._backward = self._runner([self.result, *slopes])
        outputs, self._ahead = self._ahead, None
        if outputs is None or not all(map(is_, self._at, self.inputs.values())):
            outputs = self._backward(self.inputs.values())
            self.value = outputs[0]
        self._wants_slopes = self._is_scalar  # an array may change where it stands
        self.gradient = gradient = dict(zip(self.inputs, outputs[1:]))  # noqa: B905, strictness takes its time
        return gradient

    def visualize(self, name: str | None = None) -> Any:
        """Draw the program at its inputs as they are, with values and adjoints; see `Value.visualize`."""
        from ..draw.show import show_results

        return show_results([self.result], ["f"], self.inputs, name, title=str(self.result))

    def _set(self, inputs: Mapping[str, Any]) -> None:
        known = self.inputs
        values = {}
        for name, given in inputs.items():
            if name not in known:
                hint = suggest(name, known, f"the inputs are {', '.join(known)}")
                raise UnknownNameError(f"there is no input '{name}'", hint=hint)
            value = given if given.__class__ is float else plain(given)
            if getattr(value, "shape", ()) != self.graph.shapes.get(self.graph.variables[name], ()):
                raise ShapeError(f"{name} has shape {getattr(value, 'shape', ())}",
                                 hint=f"it was recorded with {np.shape(known[name])}")  # fmt: skip
            values[name] = value
        known.update(values)

    def _runner(self, outputs: list[Expr | None]) -> Callable[..., list[Any]]:
        code = Tape(self.graph, outputs)
        if code.is_scalar:
            from ..backends.python import positional

            return positional(code)
        from ..backends._arrays import evaluator

        return evaluator(code)


def program(source: Any, *examples: Any, **named: Any) -> Program:
    """Record a program that is re-evaluated with new inputs.

    Args:
        source: a `Value`, whose labelled leaves become the inputs (unlabelled ones are called leaf1, leaf2 …); the
            text of an expression; or a Python function, which is run once on symbols: it must not branch on values,
            `where` does that. Its parameters name the inputs; those of ``*xs`` are called xs1, xs2 …
        examples: of a function, its arguments, which give the shapes; of a text, values by keyword, of which arrays
            need to be given.

    Raises:
        RequestError: two inputs have one name; an argument of a function has no example.

    >>> x, w = Value(1.0, label="x"), Value(4.0, label="w")
    >>> recorded = program((x * w).sin())
    >>> recorded.forward(w=0.0), recorded.backward()
    (0.0, {'x': 0.0, 'w': 1.0})
    """
    if isinstance(source, Value):
        return _of_value(source)
    if isinstance(source, str):
        return _of_text(source, named)
    return _of_function(source, examples, named)


def _of_value(root: Value) -> Program:
    graph = Graph()
    nodes: dict[int, Expr] = {}
    inputs: dict[str, Any] = {}
    labels = {node.label for node in root.order() if node.op is None}
    fresh = 0
    for node in [*root.order(), root]:
        if node.op is None:
            name = node.label
            while name is None:
                fresh += 1
                name = None if f"leaf{fresh}" in labels else f"leaf{fresh}"
            if name in inputs:
                raise RequestError(f"two leaves are labelled '{name}'", hint="give each a label of its own")
            inputs[name] = node.value
            nodes[node.number] = graph.variable(name, node.shape)
            continue
        arguments: list[Expr] = [nodes[x.number] if node._is_node(x) else _constant(graph, x) for x in node.inputs]
        made = nodes[node.number] = node.op(*arguments)
        if node.label is not None:
            graph.labels.setdefault(made.row, node.label)
    return Program(graph, nodes[root.number], inputs)


def _constant(graph: Graph, x: Any) -> Expr:
    return Expr(graph, graph.array(x))


def _of_text(text: str, named: Mapping[str, Any]) -> Program:
    from ..language.lower import lower
    from ..language.parser import parse

    graph = Graph()
    result = lower(parse(text), graph, {name: np.shape(value) for name, value in named.items()})
    inputs = {name: plain(named.get(name, float("nan"))) for name in graph.variables}
    made = Program(graph, result, inputs)
    made._set(named)
    return made


def _of_function(f: Callable[..., Any], examples: tuple[Any, ...], named: Mapping[str, Any]) -> Program:
    try:
        bound = inspect.signature(f).bind(*examples, **named)
    except (TypeError, ValueError) as error:
        raise RequestError(f"the examples do not fit the function: {error}") from None
    bound.apply_defaults()
    graph = Graph()
    inputs: dict[str, Any] = {}

    def symbol(name: str, example: Any) -> Expr:
        if name in inputs:
            raise RequestError(f"two inputs are named '{name}'")
        inputs[name] = plain(example)
        return graph.variable(name, getattr(inputs[name], "shape", ()))

    given = bound.arguments
    for name, parameter in bound.signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            given[name] = tuple([symbol(f"{name}{i}", x) for i, x in enumerate(given[name], 1)])
        elif parameter.kind is parameter.VAR_KEYWORD:
            given[name] = {key: symbol(key, x) for key, x in given[name].items()}
        else:
            given[name] = symbol(name, given[name])
    result = f(*bound.args, **bound.kwargs)
    if not isinstance(result, Expr):
        result = _constant(graph, settled(result))
    return Program(graph, result, inputs)
