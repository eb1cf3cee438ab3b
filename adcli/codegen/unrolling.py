"""Write a program of arrays as one of numbers, with one value for each element.

Zeros that differentiation puts into arrays, as in the basis of a Jacobian, are structural: nothing is computed with
them. Zeros of the formula itself are ordinary numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod as product_of
from typing import TYPE_CHECKING, TypeAlias

from ..errors import RequestError
from ..graph.expr import Expr, Graph
from ..ops import TABLE, Op
from ..ops.arithmetic import add, maximum, minimum, mul, where
from ..ops.operands import Operand, Shape
from ..ops.shapes import Axis, axes_of, broadcast_shape, kept_shape
from .array_forms import ARRAY_FORMS
from .elements import (
    ZERO,
    Zero,
    add_up,
    apply_to_numbers,
    array_of,
    constant_array,
    euclidean_length,
    fold_numbers,
    small_det,
)
from .expansions import expand
from .matrix_calls import matrix_call
from .nested import Nested, convert, flatten
from .request import CodeRequest, record

if TYPE_CHECKING:
    from .elements import Elements

    Outputs: TypeAlias = "dict[int, Elements]"  # by the number of an output

MOST_OPERATIONS = 20_000  # of an unrolled program: gcc takes about 20 s for them
OF_MATRICES = ("det", "logabsdet", "sign_det", "solve", "inv")
KEPT = ("norm", "outer")  # operations with a definition that are unrolled themselves


def unroll(request: CodeRequest, refuser: str | None = None) -> CodeRequest:
    """Return the request to write the same in numbers.

    Args:
        request: of a program of arrays.
        refuser: the name of the target if it has no functions of matrices.

    Raises:
        RequestError: the program is too long, or the target lacks a function.
    """
    kept = {name for name in TABLE if name not in ARRAY_FORMS or name in KEPT}
    request = request.over(expand(request.program, kept))
    graph, arguments = Graph(), request.shapes
    outputs = _Unrolling(graph, request, refuser).run()
    [number] = request.values
    result = convert(_nested(request, outputs[number]), lambda x: _node(graph, x))
    count = len(list(flatten(result)))
    if not count:
        raise RequestError("the result has no elements", hint="numpy and jax write empty arrays")
    nodes = {part: convert(entry, lambda x: _node(graph, x)) for part, entry in _arrange(request, outputs).items()}
    derived, program, value, parts = record(result, nodes)
    return replace(
        request,
        derived=derived,
        program=program,
        value=value,
        parts=parts,
        wrt=tuple(each for name in request.wrt for each in element_names(name, arguments[name])),
        results=tuple(f"{request.name}{i}" for i in range(1, count + 1)) if request.is_array else request.results,
        arguments=arguments if any(arguments.values()) else None,
        rank=0,
    )


def _nested(request: CodeRequest, elements: Elements) -> Nested[Operand]:
    """Return the elements of an array of the shape of the value, or the number."""
    numbers = tuple(elements.ravel().tolist())
    return numbers if request.is_array else numbers[0]


def element_names(name: str, shape: Shape) -> list[str]:
    """Return the names of the elements of an array, row by row.

    >>> element_names("x", (2,)), element_names("t", ())
    (['x[0]', 'x[1]'], ['t'])
    """
    from itertools import product

    if not shape:
        return [name]
    return [f"{name}[{', '.join(map(str, index))}]" for index in product(*map(range, shape))]


def _node(graph: Graph, x: Operand) -> Expr:
    return x if isinstance(x, Expr) else Expr(graph, graph.constant(0.0 if x is ZERO else float(x)))


def _arrange(request: CodeRequest, outputs: Outputs) -> dict[str, Nested[Operand]]:
    """Return the elements of each part: rows of the Jacobian and the Hessian over all elements of the variables."""

    def side_by_side(blocks: Nested[int], size: int) -> list[tuple[Operand, ...]]:
        """Return blocks side by side, as so many rows."""
        flat = [outputs[block].reshape(size, -1).tolist() for block in flatten(blocks)]
        return [tuple([x for block in flat for x in block[i]]) for i in range(size)]

    [value] = request.values
    count = outputs[value].size
    nodes: dict[str, Nested[Operand]] = {}
    for part, entry in request.parts.items():
        if part in ("value", "jvp"):
            [number] = flatten(entry)
            nodes[part] = _nested(request, outputs[number])
        elif part == "hessian":
            assert isinstance(entry, tuple)
            sizes = [product_of(request.shapes[name]) for name in request.wrt]
            nodes[part] = tuple(
                [row for blocks, size in zip(entry, sizes, strict=True) for row in side_by_side(blocks, size)]
            )
        else:
            rows = side_by_side(entry, count)
            nodes[part] = rows[0] if part == "gradient" else tuple(rows)
    return nodes


class _Unrolling:
    """The computation of a program of arrays on arrays of nodes of numbers."""

    def __init__(self, graph: Graph, request: CodeRequest, refuser: str | None) -> None:
        self.graph = graph
        self.program = request.program
        [self.value] = request.values
        self.refuser = refuser
        self.listed = 0  # elements of the matrices in calls
        self.is_derived = False  # whether the instruction is one of a derivative

    def run(self) -> Outputs:
        """Return the elements of each output."""
        self._check_size(sum(map(product_of, self.program.shapes)))
        values: list[Elements] = []
        for name, shape in zip(self.program.variables, self.program.shapes, strict=True):
            values.append(array_of([self.graph.variable(each) for each in element_names(name, shape)], shape))
        ordinary = self._constants_of_the_value()
        for number, constant in enumerate(self.program.constants, len(values)):
            values.append(constant_array(constant, number in ordinary))
        for op, out, inputs in self.program.instructions:
            self.is_derived = out > self.value
            values.append(self._apply(op, [values[i] for i in inputs]))
            self._check_size(len(self.graph) + self.listed)
        return {number: values[number] for number in self.program.outputs}

    def _constants_of_the_value(self) -> set[int]:
        """Return the values that the value of the formula needs."""
        needed: set[int] = {self.value}
        for _, out, inputs in reversed(self.program.instructions):
            if out in needed:
                needed.update(inputs)
        return needed

    def _check_size(self, count: int) -> None:
        if count > MOST_OPERATIONS:
            problem = f"at these shapes the formula has more than {MOST_OPERATIONS} operations on numbers"
            raise RequestError(problem, hint="numpy and jax compute with whole arrays")

    def _apply(self, op: Op, arguments: list[Elements]) -> Elements:
        if op.is_elementwise:
            return self._each(op, *arguments)
        if op.name in OF_MATRICES and not any(isinstance(x, (Expr, Zero)) for array in arguments for x in array.flat):
            return constant_array(op.on_arrays([array.astype(float) for array in arguments]), True)
        rule: Callable[..., Elements] | None = getattr(self, f"_{op.name}", None)
        if rule is not None:
            return rule(*arguments, **op.parameters)
        self._check_size(product_of(op.shape_of_result([x.shape for x in arguments])))
        result = op.array_kernel()(*arguments)  # it moves elements
        return result if hasattr(result, "shape") and result.dtype == object else array_of([result], ())

    def _each(self, op: Op, *arguments: Elements) -> Elements:
        import numpy as np

        shape = broadcast_shape(*[x.shape for x in arguments])
        self._check_size(product_of(shape))
        lists = [np.broadcast_to(x, shape).ravel().tolist() for x in arguments]
        numbers = [apply_to_numbers(op, *each) for each in zip(*lists, strict=True)]
        if op is where and self.is_derived:  # what a condition that is known leaves out
            numbers = [ZERO if x.__class__ is float and x == 0.0 else x for x in numbers]
        return array_of(numbers, shape)

    def _along(self, x: Elements, axis: Axis, keepdims: bool, combine: Callable[[list[Operand]], Operand]) -> Elements:
        import numpy as np

        axes = axes_of(axis, x.ndim)
        rest = tuple([n for i, n in enumerate(x.shape) if i not in axes])
        moved = np.moveaxis(x, axes, range(-len(axes), 0)).reshape(product_of(rest), -1 if x.size else 0)
        result = array_of([combine(row) for row in moved.tolist()], rest)
        return result.reshape(kept_shape(x.shape, axis)) if keepdims else result

    def _sum(self, x: Elements, axis: Axis, keepdims: bool) -> Elements:
        return self._along(x, axis, keepdims, add_up)

    def _prod(self, x: Elements, axis: Axis, keepdims: bool) -> Elements:
        return self._along(x, axis, keepdims, lambda row: fold_numbers(mul, row, 1.0))

    def _amax(self, x: Elements, axis: Axis, keepdims: bool) -> Elements:
        return self._along(x, axis, keepdims, lambda row: fold_numbers(maximum, row))

    def _amin(self, x: Elements, axis: Axis, keepdims: bool) -> Elements:
        return self._along(x, axis, keepdims, lambda row: fold_numbers(minimum, row))

    def _norm(self, x: Elements, axis: Axis, keepdims: bool) -> Elements:
        return self._along(x, axis, keepdims, euclidean_length)

    def _outer(self, x: Elements, y: Elements) -> Elements:
        return self._each(mul, x[..., :, None], y[..., None, :])

    def _matmul(self, x: Elements, y: Elements) -> Elements:
        left = x if x.ndim > 1 else x[None, :]
        right = y if y.ndim > 1 else y[:, None]
        products = self._each(mul, left[..., :, :, None], right[..., None, :, :])
        result = self._sum(products, -2, False)
        result = result if y.ndim > 1 else result[..., 0]
        return result if x.ndim > 1 else result[..., 0, :] if y.ndim > 1 else result[..., 0]

    def _scatter(self, x: Elements, index: tuple[Operand, ...], shape: Shape) -> Elements:
        import numpy as np

        from ..ops.kernels.tensor import key_of

        places = np.asarray(np.arange(product_of(shape)).reshape(shape)[key_of(index)])
        elements: list[Operand] = [ZERO] * product_of(shape)
        for place, element in zip(places.ravel().tolist(), np.broadcast_to(x, places.shape).ravel(), strict=True):
            elements[place] = apply_to_numbers(add, elements[place], element)
        return array_of(elements, shape)

    def _diag_embed(self, x: Elements, shape: Shape) -> Elements:
        import numpy as np

        whole = array_of([ZERO if self.is_derived else 0.0] * product_of(x.shape[:-1] + shape), x.shape[:-1] + shape)
        places = np.arange(x.shape[-1])
        whole[..., places, places] = x
        return whole

    def _det(self, a: Elements) -> Elements:
        return self._of_matrices("det", a)

    def _logabsdet(self, a: Elements) -> Elements:
        return self._of_matrices("logabsdet", a)

    def _sign_det(self, a: Elements) -> Elements:
        return self._of_matrices("sign_det", a)

    def _of_matrices(self, name: str, a: Elements) -> Elements:
        n = a.shape[-1]
        matrices = a.reshape(-1 if a.size else 0, n * n).tolist()
        if name == "det" and n < 4:
            return array_of([small_det(n, matrix) for matrix in matrices], a.shape[:-2])
        return array_of([self._call(name, (n,), matrix) for matrix in matrices], a.shape[:-2])

    def _solve(self, a: Elements, b: Elements, vector: bool) -> Elements:
        import numpy as np

        n = a.shape[-1]
        right = b[..., None] if vector else b
        columns = right.shape[-1]
        batch = broadcast_shape(a.shape[:-2], right.shape[:-2])
        matrices = np.broadcast_to(a, (*batch, n, n)).reshape(product_of(batch), n * n).tolist()
        rights = np.broadcast_to(right, (*batch, n, columns)).reshape(product_of(batch), n * columns).tolist()
        solutions: list[Operand] = []
        for matrix, side in zip(matrices, rights, strict=True):
            if n * columns:
                solution = self._call("solve", (n, columns), [*matrix, *side])
                solutions += [self._call("element", (place,), [solution]) for place in range(n * columns)]
        result = array_of(solutions, (*batch, n, columns))
        return result[..., 0] if vector else result

    def _inv(self, a: Elements) -> Elements:
        n = a.shape[-1]
        return self._solve(a, array_of([float(i % (n + 1) == 0) for i in range(n * n)], (n, n)), False)

    def _call(self, name: str, sizes: tuple[int, ...], numbers: Sequence[Operand]) -> Expr:
        if self.refuser is not None:
            raise RequestError(f"{self.refuser} has no {name} of matrices", hint="c, numpy and jax do")
        call = matrix_call(name, *sizes)
        self.listed += len(numbers)
        rows = tuple([_node(self.graph, x).row for x in numbers])
        return Expr(self.graph, self.graph.apply(call, rows))
