"""Record a graph once, as a `Program`, and evaluate it again with new inputs."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import is_
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ..errors import RequestError, ShapeError, UnknownNameError, suggest
from ..graph.derive import gradient as slopes_of
from ..graph.expr import Expr, Graph
from ..graph.tape import Tape
from ..ops.op import join_carriers
from ..ops.operands import Numeric, Operand, holds_carriers, shape_of
from ..ops.support import is_finite
from .levels import plain
from .value import Value

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike

    from ..draw.show import Drawing

Runner: TypeAlias = Callable[..., list[Operand]]  # the inputs in order -> the outputs


class Program:
    """A straight-line program with named inputs, which `program` records.

    It can be pickled and copied. Code is generated again on the next call of the copy.

    Attributes:
        inputs: name -> its present value.
        value: the result of the last `forward` or `backward`, None before.
        gradient: name -> derivative from the last `backward`, None before.
        graph, result: the graph and the node of the result.

    >>> recorded = program("x*y", x=2.0, y=3.0)
    >>> recorded.forward(x=4.0), recorded.backward()
    (12.0, {'x': 3.0, 'y': 4.0})
    """

    def __init__(self, graph: Graph, result: Expr, inputs: Mapping[str, Numeric]) -> None:
        self.graph, self.result = graph, result
        self.inputs: dict[str, Numeric] = {name: inputs[name] for name in graph.variables}
        self.value: Numeric | None = None
        self.gradient: dict[str, Numeric] | None = None
        self._numbers = frozenset([name for name, row in graph.variables.items() if not graph.shapes.get(row)])
        self._is_scalar = len(self._numbers) == len(self.inputs)
        self._forget_code()

    def _forget_code(self) -> None:
        self._forward: Runner | None = None
        self._backward: Runner | None = None
        # In a loop of forward and backward one pass is enough: forward computes the derivatives as well.
        self._expects_backward = False
        self._ahead_at: list[Numeric] = []  # the inputs of that pass
        self._ahead: list[Operand] | None = None  # its outputs

    def __getstate__(self) -> dict[str, object]:
        state = {name: value for name, value in self.__dict__.items() if name not in UNPICKLED}
        return {**state, "inputs": dict(self.inputs)}  # a shallow copy has inputs of its own

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._forget_code()

    def __repr__(self) -> str:
        return f"<Program of {', '.join(self.inputs)}: {len(self.graph)} nodes>"

    def __str__(self) -> str:
        return str(self.result)

    def forward(self, **inputs: ArrayLike) -> Numeric:
        """Return the result with some inputs changed. The other inputs keep their values.

        Raises:
            UnknownNameError: there is no such input.
            ShapeError: an input does not have the shape with which it was recorded.
        """
        current, numbers = self.inputs, self._numbers
        for name, value in inputs.items():
            if value.__class__ is not float or name not in numbers:
                self._set(inputs)
                break
        else:
            current.update(inputs)  # type: ignore[arg-type]
        if self._expects_backward and self._backward is not None:
            self._expects_backward = False
            self._ahead_at = at = [*current.values()]
            self._ahead = outputs = self._backward(at)
        else:
            if self._forward is None:
                self._forward = self._runner([self.result])
            outputs = self._forward(current.values())
        result: Numeric = outputs[0]
        self.value = result
        return result

    def backward(self) -> dict[str, Numeric]:
        """Return the derivative of the result by each input, at the present inputs.

        Raises:
            ShapeError: the result is not a number.
        """
        if self._backward is None:
            if self.result.shape:
                raise ShapeError(f"backward of an array of shape {self.result.shape}", hint="sum it first")
            variables = [Expr(self.graph, row) for row in self.graph.variables.values()]
            self._backward = self._runner([self.result, *slopes_of(self.result, variables)])
            if self.graph.shapes:
                self._backward = self._exact(self._backward)
        outputs, self._ahead = self._ahead, None
        if outputs is None or not all(map(is_, self._ahead_at, self.inputs.values())):
            outputs = self._backward(self.inputs.values())
            self.value = outputs[0]
        self._expects_backward = self._is_scalar  # an array may be changed in place
        self.gradient = gradient = dict(zip(self.inputs, outputs[1:]))  # noqa: B905, a check of lengths takes time
        return gradient

    def _exact(self, run: Runner) -> Runner:
        """Return a runner of derivatives by arrays, which computes them again if one of them is not finite."""
        from .functional import jacobian
        from .replay import replay

        play, every = replay(self.graph, self.result.row, [*self.inputs]), range(len(self.inputs))

        def backward(inputs: Iterable[Numeric]) -> list[Operand]:
            point = [*inputs]
            outputs = run(point)
            if all(map(is_finite, outputs[1:])):
                return outputs
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of inputs on which the result does not depend
                return [outputs[0], *jacobian(play, every, mode="reverse")(*point)]

        return backward

    def visualize(self, name: str | None = None) -> Drawing | Path:
        """Draw the program at its present inputs, with values and adjoints, as `Value.visualize` does."""
        from ..draw.build import picture_at
        from ..draw.show import show

        return show(picture_at(self.result, self.inputs, str(self.result)), name)

    def _set(self, inputs: Mapping[str, ArrayLike]) -> None:
        """Check all inputs, then set them."""
        current = self.inputs
        values = {}
        for name, x in inputs.items():
            if name not in current:
                hint = suggest(name, current, f"the inputs are {', '.join(current)}")
                raise UnknownNameError(f"there is no input '{name}'", hint=hint)
            value = x if x.__class__ is float else plain(x)
            expected = self.graph.shapes.get(self.graph.variables[name], ())
            if shape_of(value) != expected:
                raise ShapeError(f"{name} has shape {shape_of(value)}", hint=f"it was recorded with {expected}")
            values[name] = value
        current.update(values)

    def _runner(self, outputs: Sequence[Expr | None]) -> Runner:
        code = Tape(self.graph, list(outputs))
        if code.is_scalar:
            from ..backends.python import positional

            return positional(code)
        from ..backends._arrays import evaluator

        return evaluator(code)


UNPICKLED = frozenset(("_forward", "_backward", "_expects_backward", "_ahead_at", "_ahead"))


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
