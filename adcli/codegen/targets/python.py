"""Python, with math alone. The digits are adcli's, and no float raises an exception."""

from __future__ import annotations

from ...ops import Op
from ...ops.arithmetic import AND, COMPARISON, NOT, OR, PRODUCT
from ..forms import CHOICE, Form, arithmetic, form, infix
from ..layout import Constants
from ..python_family import PythonWriter
from ..source import python_text


class Target(PythonWriter):
    """A function of floats that returns the one part, or a tuple of the parts.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x")).partition('Made by')[2].partition('"\\n')[2], end="")
        x = float(x)
        value = x * x
        if value != value:
            return math.nan, (math.nan,)
        return value, (x + x,)
    """

    suffixes = (".py",)
    spellings = arithmetic() | {
        "and": form("{0} and {1}", AND, (AND, AND + 1)),
        "or": form("{0} or {1}", OR, (OR, OR + 1)),
        "not": form("not {0}", NOT, COMPARISON),
        "where": form("{1} if {0} else {2}", CHOICE, OR),
        "abs": "abs",
        "hypot": "math.hypot",
        "atan": "math.atan",
        "atan2": "math.atan2",
        "asinh": "math.asinh",
        "erf": "math.erf",
    }
    del spellings["div"]
    infinity = "math.inf"
    nan = "math.nan"
    masked = "math.nan if {mask} else {text}"
    expands = False

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation. A division by a variable calls a kernel, since Python's raises at 0."""
        if op.name == "div" and constants[1]:
            return infix("/", PRODUCT)
        return super().spell(op, constants)

    def lines(self) -> list[str]:
        """Return the imports, the helpers and the function, two empty lines apart."""
        names = ", ".join(self.layout.inputs)
        body = [f"    {names} = {', '.join(f'float({name})' for name in self.layout.inputs)}"] if names else []
        body += self.statement_lines()
        body += [f"    {mask} = {self.values[value]} != {self.values[value]}" for value, mask in self.masks.items()]
        if self.has_mask and self.request.is_number:
            undefined = ", ".join(self.results(undefined=True).values())
            body += [f"    if {self.value} != {self.value}:", f"        return {undefined}"]
        body.append(f"    return {', '.join(self.results(least=OR).values())}")
        imports = "\n".join(f"import {module}" for module in sorted({"math", *self.helpers.modules}))
        function = "\n".join([*self.heading(), *body])
        return ["\n\n\n".join([imports, *python_text(self.helpers.definitions.values()), function])]
