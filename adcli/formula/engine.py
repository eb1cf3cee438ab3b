"""What the methods of `Function` run: kinds of derivatives at points that are given as arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import RequestError, join_names
from ..language.ast import Formula
from .arguments import Arguments, as_float, as_numeric
from .kinds import KINDS, Request, build_outputs, find_directions, find_kind, require_numbers
from .labels import refuse_equal_names
from .lowered import Lowered, Lowerings
from .outputs import Outputs, fill

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..backends._rows import Array
    from .columns import Batch

DIRECTION = "d "  # and the name of a variable: its direction, a name that cannot occur in a formula
# The methods that are generated: the kind, and which of its fields of JSON they return.
GENERATED = {
    "value": ("value", ("value",)),
    "gradient": ("gradient", ("gradient",)),
    "value_and_gradient": ("gradient", ("value", "gradient")),
}


class Engine:
    """Computes the kinds of derivatives of one formula; everything is made once."""

    def __init__(self, formula: Formula, first: Sequence[str]) -> None:
        self.lowerings = Lowerings(formula, first)
        self.arguments = Arguments(self.lowerings.variables)
        self._batches: dict[tuple[tuple[str, ...], str], Batch] = {}

    @property
    def is_number(self) -> bool:
        """Whether it is a formula of numbers and not a vector."""
        return self.lowerings.is_numeric and not self.lowerings.numeric.is_vector

    def apply(self, point: Mapping[str, Any]) -> Any:
        """Return the value on carriers, by applying each operation of the formula to them."""
        from .arrays import play

        values = self.arguments.read_point(point, {})
        inputs = {
            name: values[name] if getattr(values[name], "level", None) is not None else as_numeric(name, values[name])
            for name in self.arguments.variables
        }
        return play(self.lowerings.at(inputs))(*inputs.values())

    def method(self, name: str) -> tuple[Callable[..., Any], bool]:
        """Return the function behind one of the `GENERATED` methods, and whether its code is generated."""
        kind, fields = GENERATED[name]

        def pack(outputs: Outputs, numbers: list[Any]) -> Any:
            results = [_plain(outputs.lowered, fill(outputs.fields[field], numbers)) for field in fields]
            return tuple(results) if len(results) > 1 else results[0]

        def of_arrays(point: Mapping[str, Any] | None, inputs: Mapping[str, Any]) -> Any:
            values = self.arguments.read_arrays(point, inputs)
            outputs = build_outputs(self.lowerings.at(values), kind, request)
            return pack(outputs, outputs.run(list(values.values())))

        request = Request(self.arguments.variables)
        if not self.is_number:
            return lambda point=None, /, **inputs: of_arrays(point, inputs), False
        from ..backends.python import function

        outputs = build_outputs(self.lowerings.numeric, kind, request)
        template = ", ".join(_template(outputs.fields[field], self.arguments.variables) for field in fields)
        check = self.arguments.read_numbers
        return function(name, outputs.program, check, lambda xs: pack(outputs, xs), template, of_arrays), True

    def derivative(
        self,
        kind: str,
        point: Mapping[str, Any] | None,
        inputs: Mapping[str, Any],
        direction: Mapping[str, Any] | None = None,
        wrt: Sequence[str] | None = None,
        order: int | None = None,
    ) -> Any:
        """Return the field of JSON that is named like the kind, at one point."""
        arguments, moves = self.arguments, direction or {}
        arguments.read_wrt(list(moves))
        directions = {name: DIRECTION + name for name in arguments.variables if name in moves}
        request = Request(arguments.variables if wrt is None else wrt, directions, order)
        lowerings = self.lowerings.moving(directions)
        numbers = arguments.read_numbers(point, inputs)
        if numbers is not None and lowerings.is_numeric:
            outputs = build_outputs(lowerings.numeric, kind, request)
            along = [as_float(f"d{name}", moves[name]) for name in directions]
            return fill(outputs.fields[kind], outputs.run([*numbers, *along]))
        if not KINDS[kind].arrays:
            require_numbers(self.lowerings)
            raise RequestError("an expansion is at numbers, and one of the values is an array")
        values = arguments.read_arrays(point, inputs)
        values |= {other: as_numeric(f"d{name}", moves[name]) for name, other in directions.items()}
        lowered = lowerings.at(values)
        outputs = build_outputs(lowered, kind, request)
        return _plain(lowered, fill(outputs.fields[kind], outputs.run(list(values.values()))))

    def columns(
        self,
        name: str,
        point: Mapping[str, ArrayLike] | None,
        columns: Mapping[str, ArrayLike],
        wrt: str | Sequence[str] | None,
        order: int | None,
        threads: int | None,
        backend: str,
    ) -> dict[str, Array]:
        """Return a kind at many points by the names of columns."""
        from .columns import rows_of

        kind = find_kind(name, wrt, order)
        directed = "directions" in kind.takes
        directions = find_directions(self.lowerings, list(point or columns)) if directed else {}
        if directed and not directions:
            example = join_names([f"d{name}" for name in self.arguments.variables])
            raise RequestError("there is no direction", hint=f"as columns named {example}")
        lowered = require_numbers(self.lowerings.moving(directions))
        outputs = build_outputs(lowered, name, Request(self.arguments.read_wrt(wrt), directions, order))
        values = Arguments(lowered.variables).read_point(point, columns)
        refuse_equal_names(outputs.names)
        return dict(zip(outputs.names, outputs.columns(backend, rows_of(values), threads)(values), strict=True))

    def batcher(self, wrt: str | Sequence[str] | None, backend: str, rows: int | None, threads: int | None) -> Batch:
        """Return what computes values and derivatives at many points."""
        from ..backends._rows import cores
        from .columns import Batch, check_backend, choose

        names = self.arguments.read_wrt(wrt)
        check_backend(backend)
        if not self.is_number:
            hint = "call value_and_gradient for each point"
            raise RequestError("batch is for formulas of numbers, and this one has operations on arrays", hint=hint)
        program = build_outputs(self.lowerings.numeric, "gradient", Request(names)).program
        if backend == "auto":
            backend = "llvm" if (names, "llvm") in self._batches else choose(program, rows, threads or cores())
        if (names, backend) not in self._batches:
            self._batches[names, backend] = Batch(program, names, backend)
        return self._batches[names, backend]


def _plain(lowered: Lowered, field: Any) -> Any:
    """Return a field of JSON as methods return it: the elements of a vector are an array, except of numbers by name."""
    if isinstance(field, dict):
        return field if lowered.is_numeric else {name: _plain(lowered, each) for name, each in field.items()}
    if not isinstance(field, list):
        return field
    import numpy as np

    return np.array(field)


def _template(field: Any, variables: Sequence[str]) -> str:
    """Return a field of JSON as a template of Python, to be formatted with the texts of the outputs."""
    if isinstance(field, dict):
        items = [f"'{{names[{variables.index(name)}]}}': {_template(each, variables)}" for name, each in field.items()]
        return "{{" + ", ".join(items) + "}}"
    return f"{{{int(field)}}}"
