"""The table of the kinds of derivatives. Commands, columns, JSON, labels, hints and docs loop over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from ..errors import RequestError, ShapeError, join_names
from ..graph.derive import hessian as hessian_nodes
from ..graph.derive import hessian_product, tangents
from ..graph.derive import jacobian as jacobian_nodes
from ..graph.expr import Expr
from ..graph.gc_pause import gc_paused
from ..records import NamedTuple
from .again import gradients_again, products_again
from .fields import Field, Fields, Slot, transposed_slot
from .labels import derivative_label
from .lowered import Lowered, Lowerings
from .outputs import Blocks, Output, Outputs, gradient_outputs, value_outputs

ORDER = 4  # of a Taylor expansion, by default


class Request(NamedTuple):
    """The arguments of a kind of derivative.

    Attributes:
        wrt: the variables to differentiate by.
        directions: per variable that moves the name of the variable that is its direction.
        order: of the last Taylor coefficient; None for the default.
        forward: whether to use one tangent per element instead of one backward sweep.
        exact: whether directions of 0 are left out by conditions, which takes up to twice the operations.
    """

    wrt: Sequence[str] = ()
    directions: Mapping[str, str] = {}
    order: int | None = None
    forward: bool = False
    exact: bool = False


Builder: TypeAlias = Callable[[Lowered, Request], Outputs]


class Kind(NamedTuple):
    """One kind of derivative.

    Attributes:
        name: in `Function.columns`, as a method, and as a field of JSON.
        command: of the command line.
        build: makes the outputs.
        takes: which of the arguments ``wrt``, ``directions`` and ``order`` it has.
        arrays: whether variables may be arrays, at one point.
        summary: for lists of kinds.
    """

    name: str
    command: str
    build: Builder
    takes: frozenset[str]
    arrays: bool
    summary: str


@gc_paused()
def _value(lowered: Lowered, request: Request) -> Outputs:
    outputs, field = _values(lowered)
    return Outputs(lowered, outputs, {"value": field})


@gc_paused()
def _gradient(lowered: Lowered, request: Request) -> Outputs:
    wrt, result = request.wrt, lowered.scalar
    slopes, mode = lowered.slopes(wrt, request.forward), "forward" if request.forward else "reverse"
    outputs = [Output(lowered.names[0], result), *gradient_outputs(lowered, slopes, wrt)]
    again = gradients_again(lowered, wrt, mode)
    return Outputs(lowered, outputs, {"value": Slot(0), "gradient": _slots(wrt, 1)}, again=again)


@gc_paused()
def _jacobian(lowered: Lowered, request: Request) -> Outputs:
    wrt = request.wrt
    if lowered.results[0].shape:
        return _jacobian_of_array(lowered, wrt)
    outputs, values = _values(lowered)
    rows: list[dict[str, Field]] = []
    for index, nodes in enumerate(_jacobian_nodes(lowered, wrt)):
        rows.append(_slots(wrt, len(outputs)))
        outputs += gradient_outputs(lowered, nodes, wrt, index)
    jacobian: Field = [*rows]
    if not lowered.is_numeric:  # by variable, as for an array
        jacobian = {name: [row[name] for row in rows] if lowered.is_vector else rows[0][name] for name in wrt}
    elif not lowered.is_vector:
        values = [values]
    fields: Fields = {"value": values, "jacobian": jacobian}
    return Outputs(lowered, outputs, fields, again=gradients_again(lowered, wrt))


def _jacobian_nodes(lowered: Lowered, wrt: Sequence[str]) -> list[list[Expr | None]]:
    variables = [lowered.variable(name) for name in wrt]
    if lowered.is_numeric:
        return jacobian_nodes(lowered.results, variables)
    return [jacobian_nodes([result], variables)[0] for result in lowered.results]  # a backward sweep for each


def _jacobian_of_array(lowered: Lowered, wrt: Sequence[str]) -> Outputs:
    from .arrays import jacobian_blocks

    [name], [result] = lowered.names, lowered.results
    outputs = [Output(name, result)]
    for variable in wrt:
        shape = result.shape + lowered.shapes[variable]
        outputs.append(Output(derivative_label([variable], name), None, 0, variable, shape))
    blocks = Blocks(len(wrt), lambda inputs: jacobian_blocks(lowered, inputs, wrt))
    return Outputs(lowered, outputs, {"value": Slot(0), "jacobian": _slots(wrt, 1)}, blocks=blocks)


@gc_paused()
def _hessian(lowered: Lowered, request: Request) -> Outputs:
    wrt, result, shapes = request.wrt, lowered.scalar, lowered.shapes
    first = lowered.slopes(wrt)
    outputs = [Output(lowered.names[0], result), *gradient_outputs(lowered, first, wrt)]
    triangle = None
    if lowered.is_numeric:
        triangle = hessian_nodes(first, [lowered.variable(name) for name in wrt])
    slots: dict[tuple[int, int], Slot] = {}
    for column, one in enumerate(wrt):
        for row in range(column, len(wrt)):
            shape = shapes.get(one, ()) + shapes.get(wrt[row], ())
            slot = Slot(len(outputs))
            slots[row, column] = transposed_slot(slot, len(shapes[one])) if shape else slot
            slots[column, row] = slot
            node = None if triangle is None else triangle[row][column]
            label = derivative_label([one, wrt[row]], lowered.names[0])
            outputs.append(Output(label, node, 0, None, shape))
    matrix: Field = {name: {other: slots[i, j] for j, other in enumerate(wrt)} for i, name in enumerate(wrt)}
    fields: Fields = {"value": Slot(0), "gradient": _slots(wrt, 1), "hessian": matrix}
    if triangle is not None:
        return Outputs(lowered, outputs, fields)
    from .arrays import hessian_blocks

    count = len(outputs) - 1 - len(wrt)
    blocks = Blocks(count, lambda inputs: hessian_blocks(lowered, inputs, wrt))
    return Outputs(lowered, outputs, fields, blocks=blocks, again=gradients_again(lowered, wrt))


@gc_paused()
def _hvp(lowered: Lowered, request: Request) -> Outputs:
    from .directions import seeds_of

    result = lowered.scalar
    variables = [lowered.variable(name) for name in request.wrt]
    products = hessian_product(result, variables, seeds_of(lowered, request.directions, request.exact))
    outputs = [Output(lowered.names[0], result)]
    for name, product, variable in zip(request.wrt, products, variables, strict=True):
        outputs.append(Output(f"hvp_{name}", product, 0, None, variable.shape))
    moving = request.wrt if lowered.is_numeric else list(request.directions)
    again = products_again(lowered, request.directions, request.wrt)
    return Outputs(
        lowered,
        outputs,
        {"value": Slot(0), "hvp": _slots(request.wrt, 1)},
        moving=moving,
        again=again,
        exact=_exact(lowered, request, _hvp),
    )


@gc_paused()
def _jvp(lowered: Lowered, request: Request) -> Outputs:
    from .directions import seeds_of

    outputs, values = _values(lowered)
    count = len(outputs)
    derivatives = tangents(lowered.results, seeds_of(lowered, request.directions, request.exact))
    for index, (node, result) in enumerate(zip(derivatives, lowered.results, strict=True)):
        outputs.append(Output(_jvp_label(lowered, index), node, index, None, result.shape))
    products: list[Field] = [Slot(count + index) for index in range(count)]
    fields: Fields = {"value": values, "jvp": products if lowered.is_vector else products[0]}
    again = products_again(lowered, request.directions)
    return Outputs(
        lowered, outputs, fields, moving=list(request.directions), again=again, exact=_exact(lowered, request, _jvp)
    )


def _exact(lowered: Lowered, request: Request, build: Builder) -> Callable[[], Outputs] | None:
    """Return what builds the same outputs of numbers with conditions, which leave out directions of 0."""
    if request.exact or not lowered.is_numeric:
        return None
    return lambda: build(lowered, request._replace(exact=True))


def _jvp_label(lowered: Lowered, index: int) -> str:
    """Return ``jvp``, in a vector ``jvp1`` for f1 and ``jvp_price`` for a result called price."""
    if not lowered.is_vector:
        return "jvp"
    name, number = lowered.names[index], index + 1
    return f"jvp{number}" if name == f"f{number}" else f"jvp_{name}"


def _taylor(lowered: Lowered, request: Request) -> Outputs:
    from .taylor import Taylor

    order = ORDER if request.order is None else request.order
    if order < 0:
        raise RequestError("the order of an expansion must be at least 0")
    if len(request.wrt) != 1:
        problem = "a Taylor expansion is in one variable"
        if not request.wrt:
            raise RequestError(problem, hint="the expression has no variables")
        names = join_names(request.wrt)
        raise RequestError(problem, hint=f"give wrt, one of {names}", command_hint=f"add --wrt with one of {names}")
    return Taylor(lowered, request.wrt[0], order)


_WRT, _DIRECTIONS = frozenset({"wrt"}), frozenset({"directions"})
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("value", "eval", _value, frozenset(), True, "the value"),
        Kind("gradient", "grad", _gradient, _WRT, True, "the first derivatives of a number"),
        Kind("jacobian", "jac", _jacobian, _WRT, True, "the first derivatives of every element"),
        Kind("hessian", "hess", _hessian, _WRT, True, "all second derivatives of a number"),
        Kind("hvp", "hvp", _hvp, _WRT | _DIRECTIONS, True, "the Hessian times a vector"),
        Kind("jvp", "jvp", _jvp, _DIRECTIONS, True, "the derivative in a direction"),
        Kind("taylor", "taylor", _taylor, _WRT | {"order"}, False, "the coefficients of an expansion"),
    )
}


def find_kind(name: str, wrt: object = None, order: int | None = None) -> Kind:
    """Return the kind of this name.

    Raises:
        RequestError: there is no such kind, or it does not take `wrt` or an order.
    """
    kind = KINDS.get(name)
    if kind is None:
        raise RequestError(f"there is no kind of derivative '{name}'", hint=f"choose one of {', '.join(KINDS)}")
    if wrt is not None and "wrt" not in kind.takes:
        raise RequestError(f"{name} does not take wrt")
    if order is not None and "order" not in kind.takes:
        raise RequestError(f"{name} does not take an order")
    return kind


def build_outputs(lowered: Lowered, name: str, request: Request) -> Outputs:
    """Return the outputs of a kind. They are built once for each graph."""
    key = name, tuple(request.wrt), tuple(request.directions), request.order, request.forward
    outputs = lowered.cache.get(key)
    if outputs is None:
        outputs = lowered.cache[key] = KINDS[name].build(lowered, request)
    assert isinstance(outputs, Outputs)
    return outputs


def require_numbers(lowerings: Lowerings) -> Lowered:
    """Return the graph of a formula of numbers.

    Raises:
        ShapeError: there are operations on arrays. The hint names the commands that take them.
    """
    try:
        return lowerings.numeric
    except ShapeError as error:
        error.hint = f"{array_commands('and')} take arrays, at one point"
        raise


def array_commands(conjunction: str) -> str:
    """Return the list of the commands that take arrays, as in ``eval, grad and jac``."""
    *commands, last = [kind.command for kind in KINDS.values() if kind.arrays]
    return f"{', '.join(commands)} {conjunction} {last}"


def _values(lowered: Lowered) -> tuple[list[Output], Field]:
    """Return the results as outputs, and their slots as JSON nests them."""
    outputs = value_outputs(lowered)
    slots: list[Field] = [Slot(index) for index in range(len(outputs))]
    return outputs, slots if lowered.is_vector else slots[0]


def _slots(names: Sequence[str], first: int) -> dict[str, Field]:
    return {name: Slot(index) for index, name in enumerate(names, first)}
