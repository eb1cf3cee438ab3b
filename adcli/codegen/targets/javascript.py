"""JavaScript (ES2015 and later): a module that exports one function; for browsers and Node."""

from __future__ import annotations

from collections.abc import Collection
from math import isfinite, isnan

from ...graph.tape import Tape
from ...ops.arithmetic import ATOM, COMPARISON, NEGATION
from .. import portable
from ..comments import block_comment, description, named, rows
from ..forms import Table, c_like, form
from ..layout import Layout
from ..names import Names, words
from ..request import Request
from ..source import Library
from ..translate import JAVASCRIPT, definitions_text
from .c import spell

SUFFIXES = (".js", ".mjs")

LONGEST = 80  # characters of an object in one line

RESERVED = words(
    """
    abstract arguments as async await boolean break byte case catch char class const continue debugger default delete do
    double else enum eval export extends false final finally float for from function get goto if implements import in
    instanceof int interface let long native new null of package private protected public return set short static super
    switch synchronized this throw throws transient true try typeof undefined var void volatile while with yield
    NaN Infinity Math Number Object Array Function String globalThis window document constructor prototype
    """
)

# What Math has, but for hypot, whose digits are V8's own: kernels, and functions of Python's math.
_SAME = words("sqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh asinh atanh floor ceil")
NATIVE = {name: f"Math.{name}" for name in _SAME} | {"absolute": "Math.abs"}
NATIVE |= {f"math.{name}": f"Math.{name}" for name in _SAME | {"acosh", "pow"}}
NATIVE |= {"math.fabs": "Math.abs", "math.fmod": "fmod", "math.copysign": "adcli_copysign"}
NATIVE |= {"math.inf": "inf", "math.nan": "nan", "math.pi": "3.141592653589793"}

# Math has no copysign, and Object.is alone tells -0 from 0.
COPYSIGN = """/* The size of x with the sign of y. */
function adcli_copysign(x, y) {
    return (y < 0.0 || Object.is(y, -0.0)) ? -Math.abs(x) : Math.abs(x);
}"""

SPELLINGS: Table = c_like() | {
    "eq": form("{0} === {1}", COMPARISON, COMPARISON + 1),
    "ne": form("{0} !== {1}", COMPARISON, COMPARISON + 1),
}


def number(value: float) -> tuple[str, float]:
    """A literal, and how tightly it binds."""
    text = "NaN" if isnan(value) else repr(value) if isfinite(value) else "-Infinity" if value < 0 else "Infinity"
    return text, NEGATION if text.startswith("-") else ATOM


def write(request: Request) -> str:
    """A module that exports a function which returns an object with the parts.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(write(Request(x * x, "x*x")).partition("export ")[2], end="")
    function f(x) {
        const value = x * x;
        if (value !== value) {
            return { value: NaN, gradient: [NaN] };
        }
        return { value, gradient: [x + x] };
    }
    """
    helpers = Library(NATIVE, portable)
    names = Names(RESERVED, ascii_only=False)
    name = names.take(request.name)
    layout = Layout(
        request.program, lambda op, constants: spell(op, constants, helpers, SPELLINGS, "==="), number, names,
        named(request),
    )  # fmt: skip
    lines = [f"export function {name}({', '.join(layout.inputs)}) {{", *_statements(layout)]
    value = layout.text(request.value)
    if set(request.parts) != {"value"}:
        lines += [f"    if ({value} !== {value}) {{", f"        return {_answer(request, layout, True)};", "    }"]
    lines += [f"    return {_answer(request, layout, False)};", "}"]
    return "\n".join([*block_comment(description(request, layout, name), "/**"), "", *_helpers(helpers), *lines]) + "\n"


def program_text(program: Tape, name: str = "f", slopes: Collection[int] = ()) -> str:
    """A function of any program, for a page that computes every value of a graph: it returns the outputs as an array.

    Args:
        program: its first output is the value; the others are what one likes.
        name: of the function, a plain word.
        slopes: the places of the outputs that are nan where the value is.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(program_text(Tape(x.graph, [x * x, x + x, x * x + 1.0]), slopes={1}), end="")
    function f(x) {
        const value = x * x;
        const undefined_ = value !== value;
        return [value, undefined_ ? NaN : x + x, value + 1.0];
    }
    """
    helpers = Library(NATIVE, portable)
    names = Names({*RESERVED, name}, ascii_only=False)
    layout = Layout(
        program, lambda op, constants: spell(op, constants, helpers, SPELLINGS, "==="), number, names,
        {program.outputs[0]: "value"},
    )  # fmt: skip
    lines = [f"function {name}({', '.join(layout.inputs)}) {{", *_statements(layout)]
    mask = names.take("undefined")
    if slopes:
        value = layout.text(program.outputs[0], COMPARISON + 1)
        lines.append(f"    const {mask} = {value} !== {value};")
    results = [
        f"{mask} ? NaN : {layout.text(value, 1)}" if place in slopes else layout.text(value)
        for place, value in enumerate(program.outputs)
    ]
    lines += [f"    return [{', '.join(results)}];", "}"]
    return "\n".join([*_helpers(helpers), *lines]) + "\n"


def _helpers(helpers: Library) -> list[str]:
    texts = definitions_text(helpers.definitions, JAVASCRIPT)
    if any("adcli_copysign" in text for text in texts):
        texts.insert(0, COPYSIGN)
    return [line for text in texts for line in (text, "")]


def _statements(layout: Layout) -> list[str]:
    return [f"    const {statement.name} = {statement.text};" for statement in layout.statements]


def _answer(request: Request, layout: Layout, undefined: bool) -> str:
    """The object that is returned; all nan where the value is undefined."""
    fields = []
    for part, values in request.parts.items():
        texts = tuple("NaN" if undefined else layout.text(value) for value in values)
        if part == "hessian":
            texts = tuple(f"[{', '.join(row)}]" for row in rows(texts, len(request.wrt)))
        text = f"[{', '.join(texts)}]" if part in ("gradient", "hessian") else texts[0]
        fields.append(part if text == part else f"{part}: {text}")
    line = f"{{ {', '.join(fields)} }}"
    if len(line) <= LONGEST:
        return line
    inner, outer = (" " * 12, " " * 8) if undefined else (" " * 8, " " * 4)
    return "\n".join(["{", *(f"{inner}{field}," for field in fields), f"{outer}}}"])
