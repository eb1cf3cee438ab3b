"""JavaScript (ES2015 and later): a module that exports one function, for browsers and Node."""

from __future__ import annotations

from collections.abc import Collection

from ...graph.tape import Tape
from ...ops.arithmetic import COMPARISON
from ..comments import Comment
from ..dialect import Dialect
from ..forms import c_like, comparison
from ..kernel_writer import KernelWriter
from ..names import words
from ..nested import Nested
from ..request import CodeRequest

OBJECT_WIDTH = 80  # characters of an object that is written in one line

_RESERVED = """
    abstract arguments as async await boolean break byte case catch char class const continue debugger default delete do
    double else enum eval export extends false final finally float for from function get goto if implements import in
    instanceof int interface let long native new null of package private protected public return set short static super
    switch synchronized this throw throws transient true try typeof undefined var void volatile while with yield
    NaN Infinity Math Number Object Array Function String globalThis window document constructor prototype
"""

# What Math has: kernels, and functions of Python's math. Its hypot is left out, for V8 computes other digits.
_SAME = words("sqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh asinh atanh floor ceil")
_NATIVE = {
    **{name: f"Math.{name}" for name in _SAME}, **{f"math.{name}": f"Math.{name}" for name in _SAME},
    "absolute": "Math.abs", "math.acosh": "Math.acosh", "math.pow": "Math.pow", "math.fabs": "Math.abs",
    "math.fmod": "fmod", "math.copysign": "adcli_copysign", "math.inf": "inf", "math.nan": "nan",
    "math.pi": "3.141592653589793",
}  # fmt: skip

# Math has no copysign, and only Object.is tells -0 from 0.
_SNIPPETS = {
    "adcli_copysign": """/* The size of x with the sign of y. */
function adcli_copysign(x, y) {
    return (y < 0.0 || Object.is(y, -0.0)) ? -Math.abs(x) : Math.abs(x);
}"""
}


class Target(KernelWriter):
    """A module that exports a function, which returns an object with the parts.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x")).partition("export ")[2], end="")
    function f(x) {
        const value = x * x;
        if (value !== value) {
            return { value: NaN, gradient: [NaN] };
        }
        return { value, gradient: [x + x] };
    }
    """

    suffixes = (".js", ".mjs")
    comment = Comment("/**", "*/", ("/*", "??"))
    reserved = words(_RESERVED)
    ascii_names = False
    spellings = c_like() | {"eq": comparison("==="), "ne": comparison("!==")}
    equality = "({0} === {1})"
    infinity = "Infinity"
    nan = "NaN"
    masked = "{mask} ? NaN : {text}"
    native = _NATIVE
    snippets = _SNIPPETS
    dialect = Dialect(
        operations={"abs": "Math.abs({0})", "int": "Math.trunc({0})", "**": "Math.pow({0}, {1})",
                    "%": "({0} % {1})", "fmod": "({0} % {1})"},
        numbers={"inf": "Infinity", "nan": "NaN"},
        table="const {name} = [{values}];", array="const {name} = new Array({count}).fill(0.0);",
        function="function {name}({parameters})", real_locals="let {names};", whole_locals="let {names};",
        up="for (let {name} = {first}; {name} < {last}; {name}++) {{",
        down="for (let {name} = {first}; {name} > {last}; {name}--) {{",
        over="for (const {name} of {table}) {{",
        quotient="Math.floor({0} / {1})", equality="===", inequality="!==",
    )  # fmt: skip

    def lines(self) -> list[str]:
        """Return a comment, the helpers and the function."""
        body = self.statement_lines()
        body += [f"    const {mask} = {self.values[v]} !== {self.values[v]};" for v, mask in self.masks.items()]
        if self.has_mask and self.request.is_number:
            undefined = self._object(self.results(undefined=True), "        ")
            body += [f"    if ({self.value} !== {self.value}) {{", f"        return {undefined};", "    }"]
        body.append(f"    return {self._object(self.results(), '    ')};")
        head = f"export function {self.name}({', '.join(self.layout.inputs)}) {{"
        return [*self.heading(), "", *self.helper_lines(), head, *body, "}"]

    def statement_lines(self) -> list[str]:
        """Return the constants that the results need."""
        return [f"    const {each.name} = {each.text};" for each in self.layout.statements]

    def _object(self, results: dict[str, str], indent: str) -> str:
        """Return the object with the results, over several lines if it is long."""
        fields = [part if part == text else f"{part}: {text}" for part, text in results.items()]
        line = f"{{ {', '.join(fields)} }}"
        if len(line) <= OBJECT_WIDTH:
            return line
        return "\n".join(["{", *(f"{indent}    {field}," for field in fields), f"{indent}}}"])


def function_text(program: Tape, name: str = "f", slopes: Collection[int] = ()) -> str:
    """Return a function of any program, which returns its outputs as an array. Pages compute their graph with it.

    Args:
        program: its first output is the value.
        name: the name of the function, a plain word.
        slopes: the indices of the outputs that are nan where the value is.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(function_text(Tape(x.graph, [x * x, x + x, x * x + 1.0]), slopes={1}), end="")
    function f(x) {
        const value = x * x;
        const undefined_ = value !== value;
        return [value, undefined_ ? NaN : x + x, value + 1.0];
    }
    """
    parts: dict[str, Nested[int]] = {"value": program.outputs[0], "rest": program.outputs[1:]}
    writer = Target(CodeRequest("", name, program, program, parts, program.outputs[0]))
    lines = [f"function {writer.name}({', '.join(writer.layout.inputs)}) {{", *writer.statement_lines()]
    mask = writer.names.take("undefined")
    if slopes:
        value = writer.layout.text(program.outputs[0], COMPARISON + 1)
        lines.append(f"    const {mask} = {value} !== {value};")
    results = [
        f"{mask} ? NaN : {writer.layout.text(value, 1)}" if position in slopes else writer.layout.text(value)
        for position, value in enumerate(program.outputs)
    ]
    return "\n".join([*writer.helper_lines(), *lines, f"    return [{', '.join(results)}];", "}"]) + "\n"
