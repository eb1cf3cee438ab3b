"""What the methods of `Function` run: kinds of derivatives at points that are given as arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import RequestError, join_names
from ..language.ast import Formula
from .arguments import Arguments, as_float, as_numeric, as_positions, is_carrier
from .directions import find_directions
from .fields import fill
from .kinds import KINDS, Request, build_outputs, find_kind, require_numbers
from .labels import refuse_equal_names
from .lowered import Lowered, Lowerings
from .outputs import Outputs

if TYPE_CHECKING:
    from ..backends._rows import Array
    from ..backends.python import Named, Positions
    from ..ops.operands import Operand
    from .backend_choice import BackendChoice
    from .columns import Batch

DIRECTION = "d "  # and the name of a variable: its direction, a name that cannot occur in a formula
# The methods that are generated: the kind, and which of its fields of JSON they return.
GENERATED = {
    "value": ("value", ("value",)),
    "gradient": ("gradient", ("gradient",)),
    "value_and_gradient": ("gradient", ("value", "gradient")),
}


class Engine:
    """Computes the kinds of derivatives of one formula. Graphs, outputs and code are built once."""

    def __init__(self, formula: Formula, first: Sequence[str]) -> None:
        self.lowerings = Lowerings(formula, first)
        self.arguments = Arguments(self.lowerings.variables)
        self._methods: dict[tuple[str, tuple[str, ...]], Callable[..., Any]] = {}
        self._batches: dict[tuple[tuple[str, ...], str], Batch] = {}
        self._choices: dict[tuple[str, ...], BackendChoice] = {}

    @property
    def is_number(self) -> bool:
        """Whether it is a formula of numbers and not a vector."""
        return self.lowerings.is_numeric and not self.lowerings.numeric.is_vector

    def method(self, name: str, wrt: tuple[str, ...] | None = None) -> Callable[..., Any]:
        """Return the function behind one of the `GENERATED` methods. For a formula of numbers its code is generated.

        Args:
            name: of the method.
            wrt: the variables to differentiate by [default: all].
        """
        key = name, self.arguments.variables if wrt is None else wrt
        if key not in self._methods:
            self._methods[key] = self._build_method(*key)
        return self._methods[key]

    def _build_method(self, name: str, wrt: tuple[str, ...]) -> Callable[..., Any]:
        kind, fields = GENERATED[name]
        options = ("wrt",) if "wrt" in KINDS[kind].takes else ()
        request = Request(wrt)

        def pack(outputs: Outputs, numbers: list[Any]) -> Any:
            results = [_plain(outputs.lowered, fill(outputs.fields[field], numbers)) for field in fields]
            return tuple(results) if len(results) > 1 else results[0]

        def check(positions: Positions, named: Named) -> Sequence[float] | None:
            return None if any(option in named for option in options) else self.arguments.read_numbers(positions, named)

        def otherwise(positions: Positions, named: Named) -> Any:
            if any(option in named for option in options):
                others = dict(named)
                chosen = others.pop("wrt")
                self.arguments.check_options(name, wrt=chosen)
                return self.method(name, self.arguments.read_wrt(chosen))(*positions, **others)
            values = self.arguments.read_point(positions, named)
            if kind == "value" and any(is_carrier(value) for value in values.values()):
                return self._apply(values)
            inputs = self.arguments.read_arrays((values,), {})
            outputs = build_outputs(self.lowerings.at(inputs), kind, request)
            return pack(outputs, outputs.run(list(inputs.values())))

        if not self.is_number:

            def method(*positions: Operand, **named: Operand) -> Any:
                return otherwise(positions, named)

            return method
        from ..backends.python import function

        outputs = build_outputs(self.lowerings.numeric, kind, request)
        template = ", ".join(_template(outputs.fields[field], self.arguments.variables) for field in fields)
        return function(name, outputs.program, check, lambda xs: pack(outputs, xs), template, otherwise, options)

    def _apply(self, values: Mapping[str, Operand]) -> Operand:
        """Return the value on carriers, by applying each operation of the formula to them."""
        from .arrays import play

        inputs = {
            name: values[name] if is_carrier(values[name]) else as_numeric(name, values[name])
            for name in self.arguments.variables
        }
        return play(self.lowerings.at(inputs))(*inputs.values())

    def product(self, kind: str, point: Operand, direction: Operand, wrt: str | Sequence[str] | None = None) -> Any:
        """Return a derivative in a direction. The point and the direction are a mapping or a sequence each."""
        self.arguments.check_options(kind, wrt=wrt)
        moves = self.arguments.read_direction(direction)
        return self._evaluate(kind, as_positions("point", point), {}, Request(self.arguments.read_wrt(wrt)), moves)

    def derivative(
        self, kind: str, positions: Positions, named: Named, wrt: Operand = None, order: int | None = None
    ) -> Any:
        """Return the derivatives of a kind at one point."""
        self.arguments.check_options(kind, wrt=wrt, order=order)
        return self._evaluate(kind, positions, named, Request(self.arguments.read_wrt(wrt), order=order), {})

    def _evaluate(
        self, kind: str, positions: Positions, named: Named, request: Request, moves: Mapping[str, Operand]
    ) -> Any:
        """Return the field of JSON that is named like the kind."""
        arguments = self.arguments
        directions = {name: DIRECTION + name for name in moves}
        request = request._replace(directions=directions)
        lowerings = self.lowerings.moving(directions)
        numbers = arguments.read_numbers(positions, named)
        if numbers is not None and lowerings.is_numeric:
            outputs = build_outputs(lowerings.numeric, kind, request)
            along = [as_float(f"d{name}", moves[name]) for name in directions]
            return fill(outputs.fields[kind], outputs.run([*numbers, *along]))
        if not KINDS[kind].arrays:
            require_numbers(self.lowerings)
            raise RequestError("an expansion is at numbers, and one of the values is an array")
        values = arguments.read_arrays(positions, named)
        values |= {other: as_numeric(f"d{name}", moves[name]) for name, other in directions.items()}
        lowered = lowerings.at(values)
        outputs = build_outputs(lowered, kind, request)
        return _plain(lowered, fill(outputs.fields[kind], outputs.run(list(values.values()))))

    def columns(
        self,
        name: str,
        positions: Positions,
        named: Named,
        wrt: str | Sequence[str] | None,
        order: int | None,
        threads: int | None,
        backend: str,
    ) -> dict[str, Array]:
        """Return a kind at many points by the names of columns."""
        from .columns import rows_of

        self.arguments.check_options("columns", wrt=wrt, order=order, threads=threads, backend=backend)
        names = [*named, *(positions[0] if positions and isinstance(positions[0], Mapping) else ())]
        outputs = self.table_outputs(name, names, wrt, order)
        values = Arguments(outputs.variables).read_point(positions, named)
        return dict(zip(outputs.names, outputs.columns(backend, rows_of(values), threads)(values), strict=True))

    def table_outputs(
        self, name: str, columns: Sequence[str], wrt: str | Sequence[str] | None, order: int | None
    ) -> Outputs:
        """Return the outputs of a kind at many points.

        Args:
            name: of the kind.
            columns: the names of columns and values, among which there may be directions.
            wrt, order: see `Request`.
        """
        kind = find_kind(name, wrt, order)
        directed = "directions" in kind.takes
        directions = find_directions(self.lowerings, columns) if directed else {}
        if directed and not directions:
            example = join_names([f"d{name}" for name in self.arguments.variables])
            raise RequestError("there is no direction", hint=f"as columns named {example}")
        lowered = require_numbers(self.lowerings.moving(directions))
        outputs = build_outputs(lowered, name, Request(self.arguments.read_wrt(wrt), directions, order))
        refuse_equal_names(outputs.names)
        return outputs

    def batch(
        self,
        positions: Positions,
        named: Named,
        wrt: str | Sequence[str] | None,
        threads: int | None,
        backend: str,
        out: tuple[Array, Mapping[str, Array]] | None,
    ) -> tuple[Array, dict[str, Array]]:
        """Return values and derivatives at many points."""
        from .columns import rows_of

        self.arguments.check_options("batch", wrt=wrt, threads=threads, backend=backend, out=out)
        values = self.arguments.read_point(positions, named)
        return self.batcher(wrt, backend, rows_of(values), threads)(values, threads=threads, out=out)

    def batcher(self, wrt: str | Sequence[str] | None, backend: str, rows: int | None, threads: int | None) -> Batch:
        """Return what computes values and derivatives at many points."""
        from .backend_choice import BackendChoice
        from .columns import Batch

        names = self.arguments.read_wrt(wrt)
        if not self.is_number:
            hint = "call value_and_gradient for each point"
            raise RequestError("batch is for formulas of numbers, and this one has operations on arrays", hint=hint)
        program = build_outputs(self.lowerings.numeric, "gradient", Request(names)).program
        if names not in self._choices:
            self._choices[names] = BackendChoice(program)
        backend = self._choices[names].resolve(backend, rows, threads)
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
