"""NumPy: a function of arrays that broadcast. The digits are those of adcli's NumPy backend."""

from __future__ import annotations

from ...ops import TABLE, Op
from ..forms import Form, arithmetic, call
from ..layout import Constants
from ..names import words
from ..python_family import ArrayWriter
from ..source import Library, python_text

# Operations on arrays that are shorter in others. The others call adcli's kernels where NumPy has no function.
WRITTEN_OUT = words("mean sum_to diag")


class Target(ArrayWriter):
    """A function of arrays that broadcast. The parts have the shape of the broadcast arrays.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x")).partition('Made by')[2].partition('"\\n')[2], end="")
        x = np.asarray(x, dtype=float)
        with np.errstate(all="ignore"):
            value = x * x
            undefined = np.isnan(value)
            gradient_0 = np.where(undefined, np.nan, x + x)
            return value, (gradient_0,)
    """

    spellings = arithmetic() | {
        "where": "np.where",
        "abs": "np.abs",
        "and": "np.logical_and",
        "or": "np.logical_or",
        "not": "np.logical_not",
    }
    infinity = "np.inf"
    nan = "np.nan"
    expands = False
    array_operations = frozenset({name for name, op in TABLE.items() if not op.is_elementwise} - WRITTEN_OUT)
    module = "np"
    indent = "        "

    def make_library(self) -> Library:
        """Return the kernels for arrays as source."""
        if not self.has_arrays:
            return Library(arrays=True)
        from .. import array_functions

        return Library(substitutes=[array_functions], arrays=True)

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation. A number divided by 0 is left to NumPy, because Python raises an error."""
        return call("np.divide", 2) if op.name == "div" and constants[1] == 0.0 else super().spell(op, constants)

    def lines(self) -> list[str]:
        """Return the imports, the helpers and the function, two empty lines apart."""
        body = self.heading()
        body += self.input_lines() if self.has_arrays else self._broadcasting_lines()
        body += ['    with np.errstate(all="ignore"):', *self.statement_lines(self.indent), *self.result_lines()]
        modules = sorted({"np", *self.helpers.modules} - {"np"})
        imports = [*(f"import {module}" for module in modules), *([""] if modules else []), "import numpy as np"]
        helpers = python_text(self.helpers.definitions.values())
        return ["\n\n\n".join(["\n".join(imports), *helpers, "\n".join(body)])]

    def _broadcasting_lines(self) -> list[str]:
        names = ", ".join(self.layout.inputs)
        lines = []
        if names:
            lines.append(
                f"    {names} = {', '.join(f'np.asarray({name}, dtype=float)' for name in self.layout.inputs)}"
            )
        if len(self.layout.inputs) > 1:
            lines.append(f"    {names} = np.broadcast_arrays({names})")
        return lines

    def value_text(self, value: int) -> str:
        """Return an element of the value. An input is copied, and a constant gets the shape of the inputs."""
        text = super().value_text(value)
        if self.has_arrays:
            return text if self._is_new(value) else f"np.array({text})"
        if self._is_computed(value):
            return text
        inputs = self.layout.inputs
        return f"np.full({inputs[0]}.shape, {text})" if inputs else f"np.asarray({text})"

    def _is_new(self, value: int) -> bool:
        """Return whether a value of a program of arrays shares no memory with an argument."""
        return any(out == value and not op.moves for op, out, _ in self.request.program.instructions)

    def _is_computed(self, value: int) -> bool:
        """Return whether a value is the result of an operation on variables, so that it has the shape of the arrays."""
        depends = set(range(len(self.request.variables)))
        computed = set()
        for _, out, inputs in self.request.program.instructions:
            if not depends.isdisjoint(inputs):
                depends.add(out)
                computed.add(out)
        return value in computed
