"""What is wanted of a formula: named nodes of its graph, for one point or for many, and how JSON nests their numbers.

Every command that prints numbers at points and every method that returns derivatives asks for one of these; what they
have in common (masks, columns, backends, JSON) is here once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import RequestError, join_names
from ..graph.derive import hessian_product, tangents
from ..graph.evaluate import evaluate
from ..graph.expr import Expr
from ..graph.tape import Tape, guard
from .derivatives import derivative_label

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..backends._rows import Array, Fill
    from .columns import Columns
    from .function import Function

Fields = dict[str, Any]  # of JSON: numbers, texts, a `Place` for each result, and lists and mappings of them
Compute = Callable[["Mapping[str, ArrayLike]"], "list[Array]"]  # from columns by variable to columns of results


class Quantity(NamedTuple):
    """One number that is wanted at every point.

    Attributes:
        label: as text prints it, ``df/dx``; a table's column is called ``df_dx``.
        node: in the graph; None for a derivative that is 0 everywhere.
        of: the place among the quantities of its value: where that is nan, so is this. A value's is its own.
        wrt: of a first derivative the variable.
    """

    label: str
    node: Expr | None
    of: int = 0
    wrt: str | None = None


class Place(int):
    """Stands in JSON's fields where a number will: its place among the quantities that are shown."""


def filled(fields: Any, numbers: Sequence[Any]) -> Any:
    """Fields with the numbers in their places.

    >>> filled({"value": Place(0), "gradient": {"x": Place(1)}}, [6.0, 3.0])
    {'value': 6.0, 'gradient': {'x': 3.0}}
    """
    if isinstance(fields, Place):
        return numbers[fields]
    if isinstance(fields, dict):
        return {name: filled(field, numbers) for name, field in fields.items()}
    return [filled(field, numbers) for field in fields] if isinstance(fields, list) else fields


class Quantities:
    """Quantities of one formula.

    Args:
        variables: of the formula, the inputs of the program.
        items: what is wanted; the first is a value.
        fields: the same as JSON nests it: lists and mappings by name, with a `Place` for each number.
        hidden: how many of the first items are needed and not shown.
        moving: the variables that move; by default those of the first derivatives.

    >>> import adcli
    >>> found = gradient(adcli.compile("x*y"), ["y"])
    >>> found.names, found.at({"x": 2.0, "y": 3.0})[0]
    (['f', 'df_dy'], [6.0, 2.0])
    """

    def __init__(
        self,
        variables: Sequence[str],
        items: Sequence[Quantity],
        fields: Fields,
        hidden: int = 0,
        moving: Sequence[str] | None = None,
    ) -> None:
        self.variables = tuple(variables)
        self.items = list(items)
        self.fields = fields
        self.hidden = hidden
        firsts = dict.fromkeys(item.wrt for item in items if item.wrt is not None)
        self.moving = tuple(firsts if moving is None else moving)
        self._made: dict[str, Columns] = {}

    @property
    def labels(self) -> list[str]:
        """What text calls those that are shown."""
        return [item.label for item in self.items[self.hidden :]]

    @property
    def names(self) -> list[str]:
        """What the columns of a table are called."""
        return [column_name(label) for label in self.labels]

    @cached_property
    def program(self) -> Tape:
        """The straight-line program of all of them, hidden ones too."""
        first = self.items[0].node
        assert first is not None
        return Tape(first.graph, [item.node for item in self.items], [item.of for item in self.items])

    def at(self, inputs: Mapping[str, float]) -> tuple[list[float], list[Any]]:
        """The numbers at one point, hidden ones too, and the value of every row of the graph they are made of."""
        nodes = [item.node for item in self.items]
        first = nodes[0]
        assert first is not None
        values = evaluate(first.graph, [node.row for node in nodes if node is not None], inputs)
        numbers = [0.0 if node is None else values[node.row] for node in nodes]
        return guard(numbers, [item.of for item in self.items]), values

    def columns(self, backend: str = "auto", rows: int | None = None, threads: int | None = None) -> Compute:
        """What computes those that are shown at many points, a float64 array each; arguments as in `everything`."""
        compute = self.everything(backend, rows, threads)
        return (lambda columns: compute(columns)[self.hidden :]) if self.hidden else compute

    def everything(self, backend: str = "auto", rows: int | None = None, threads: int | None = None) -> Compute:
        """What computes all of them at many points, hidden ones too, a float64 array each.

        Args:
            backend: as in `Function.batch`.
            rows: how many there will be over all calls, which `auto` goes by; None for very many.
            threads: how many share the rows; the cores there are by default.

        Raises:
            RequestError: there is no such backend.
        """
        from ..backends._rows import cores
        from .columns import Columns, check_backend, choose

        check_backend(backend)
        if backend == "auto":
            backend = "llvm" if "llvm" in self._made else choose(self.program, rows, threads or cores())
        if backend not in self._made:
            self._made[backend] = Columns(self.variables, len(self.items), self._filler(backend))
        compute = self._made[backend].compute
        return lambda columns: compute(columns, threads)

    def _filler(self, backend: str) -> Fill:
        from .columns import filler

        return filler(self.program, backend)


def wanted(
    function: Function,
    what: str,
    wrt: Sequence[str] | None = None,
    order: int | None = None,
    directions: Mapping[str, str] | None = None,
) -> Quantities:
    """What `Function.columns` calls `what`.

    Raises:
        RequestError: there is no such thing, or it does not go with what else is said.
    """
    if wrt is not None and what not in ("gradient", "jacobian", "hessian", "taylor"):
        raise RequestError(f"{what} goes without wrt")
    if order is not None and what != "taylor":
        raise RequestError(f"{what} goes without an order")
    names = list(function.variables if wrt is None else wrt)
    if what in ("hvp", "jvp"):
        if not directions:
            example = join_names([f"d{name}" for name in function.variables])
            raise RequestError("there is no direction", hint=f"as columns named {example}")
        return (hvp if what == "hvp" else jvp)(function, directions)
    if what == "taylor":
        return taylor(function, names, 4 if order is None else order)
    if what == "value":
        return value(function)
    builders = {"gradient": gradient, "jacobian": jacobian, "hessian": hessian}
    if what not in builders:
        hint = f"choose one of value, {', '.join(builders)}, hvp, jvp, taylor"
        raise RequestError(f"there is nothing called '{what}'", hint=hint)
    return builders[what](function, names)


def column_name(label: str) -> str:
    """A label as the name of a column: ``df_dx``.

    >>> column_name("d2f/dxdy")
    'd2f_dxdy'
    """
    return label.replace("/", "_")


def value(function: Function) -> Quantities:
    """The value: ``f``, or the elements ``f_0``, ``f_1`` … of a vector."""
    results = function.results
    if not function.is_vector:
        return Quantities(function.variables, [Quantity("f", results[0])], {"value": Place(0)})
    items = [Quantity(f"f_{place}", result, place) for place, result in enumerate(results)]
    return Quantities(function.variables, items, {"value": list(map(Place, range(len(items))))})


def gradient(function: Function, wrt: Sequence[str]) -> Quantities:
    """The value and its first derivatives."""
    items = [Quantity("f", function.scalar)]
    items += _firsts(function.jacobian_nodes(wrt)[0], wrt)
    return Quantities(function.variables, items, {"value": Place(0), "gradient": _named(wrt, 1)})


def jacobian(function: Function, wrt: Sequence[str]) -> Quantities:
    """The elements of a vector, or the one value, and all their first derivatives."""
    results = function.results
    labels = [f"f{place}" for place, _ in enumerate(results, 1)] if function.is_vector else ["f"]
    items = [Quantity(label, result, place) for place, (label, result) in enumerate(zip(labels, results, strict=True))]
    slopes = []
    for place, row in enumerate(function.jacobian_nodes(wrt)):
        slopes.append(_named(wrt, len(items)))
        items += _firsts(row, wrt, labels[place], place)
    return Quantities(function.variables, items, {"value": list(map(Place, range(len(results)))), "jacobian": slopes})


def hessian(function: Function, wrt: Sequence[str]) -> Quantities:
    """The value, its first derivatives, and the second ones, each pair of variables once."""
    triangle, count = function.hessian_nodes(wrt), len(wrt)
    items = [Quantity("f", function.scalar), *_firsts(function.jacobian_nodes(wrt)[0], wrt)]
    places: dict[tuple[int, int], Place] = {}
    for column in range(count):
        for row in range(column, count):
            places[row, column] = places[column, row] = Place(len(items))
            items.append(Quantity(derivative_label([wrt[column], wrt[row]]), triangle[row][column]))
    matrix = {name: {other: places[i, j] for j, other in enumerate(wrt)} for i, name in enumerate(wrt)}
    fields = {"value": Place(0), "gradient": _named(wrt, 1), "hessian": matrix}
    return Quantities(function.variables, items, fields)


def hvp(function: Function, directions: Mapping[str, str]) -> Quantities:
    """The value and the Hessian times a vector.

    Args:
        function: of which the elements of the vector are variables too; see `moving`.
        directions: per variable that moves the name of the one that is its direction.
    """
    result, seeds, names = function.scalar, _seeds(function, directions), _still(function, directions)
    products = hessian_product(result, [result.graph.variable(name) for name in names], seeds)
    items = [Quantity("f", result)]
    items += [Quantity(f"hvp_{name}", product) for name, product in zip(names, products, strict=True)]
    return Quantities(function.variables, items, {"value": Place(0), "hvp": _named(names, 1)}, moving=names)


def jvp(function: Function, directions: Mapping[str, str]) -> Quantities:
    """The value, or the elements of a vector, and its derivative in a direction; arguments as in `hvp`."""
    results = function.results
    pushed, count = tangents(results, _seeds(function, directions)), len(results)
    numbers = range(1, count + 1) if function.is_vector else [""]
    items = [Quantity(f"{label}{number}", node, place)
             for label, nodes in (("f", results), ("jvp", pushed))
             for place, (number, node) in enumerate(zip(numbers, nodes, strict=True))]  # fmt: skip
    places = list(map(Place, range(2 * count)))
    fields: Fields = {"value": places[0], "jvp": places[1]}
    if function.is_vector:
        fields = {"value": places[:count], "jvp": places[count:]}
    return Quantities(function.variables, items, fields, moving=list(directions))


def directions_among(function: Function, names: Sequence[str]) -> dict[str, str]:
    """Those of the names that are directions, ``dx`` where x is a variable, by variable and in their order.

    >>> import adcli
    >>> directions_among(adcli.compile("x*y"), ["dy", "n"])
    {'y': 'dy'}
    """
    taken = {*function.variables, *function.bindings}
    return {name: f"d{name}" for name in function.variables if f"d{name}" in names and f"d{name}" not in taken}


def moving(function: Function, directions: Mapping[str, str]) -> Function:
    """The same formula with these directions as variables after its own."""
    return type(function)(function.formula, [*function.variables, *directions.values()])


def taylor(function: Function, wrt: Sequence[str], order: int) -> Quantities:
    """The coefficients of the expansion in one variable.

    Raises:
        RequestError: not one variable is named, or the order is negative.
    """
    if order < 0:
        raise RequestError("the order of an expansion is at least 0")
    if len(wrt) != 1:
        hint = f"add --wrt with one of {join_names(wrt)}" if wrt else "the expression has no variables"
        raise RequestError("a Taylor expansion is in one variable", hint=hint)
    from .taylor import Taylor

    return Taylor(function, wrt[0], order)


def _firsts(slopes: Sequence[Expr | None], wrt: Sequence[str], of: str = "f", place: int = 0) -> list[Quantity]:
    pairs = zip(wrt, slopes, strict=True)
    return [Quantity(derivative_label([name], of), slope, place, name) for name, slope in pairs]


def _named(names: Sequence[str], first: int) -> dict[str, Place]:
    return {name: Place(place) for place, name in enumerate(names, first)}


def _seeds(function: Function, directions: Mapping[str, str]) -> dict[int, Expr]:
    graph = function.results[0].graph
    return {graph.variable(name).row: graph.variable(direction) for name, direction in directions.items()}


def _still(function: Function, directions: Mapping[str, str]) -> list[str]:
    """The formula's own variables."""
    return [name for name in function.variables if name not in directions.values()]
