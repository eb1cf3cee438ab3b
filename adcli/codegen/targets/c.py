"""C99, with nothing but math.h: the bits of adcli where the C library is the same and -ffp-contract=off."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan

from ...ops import Op
from ...ops.arithmetic import ATOM, NEGATION
from .. import portable
from ..comments import block_comment, description
from ..forms import Form, Table, c_like, call, form, nested, shared
from ..layout import Layout
from ..names import Names, words
from ..request import Request
from ..source import Library
from ..translate import C, definitions_text

SUFFIXES = (".c", ".h")

RESERVED = words(
    """
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Bool _Complex
    alignas alignof atomic bool complex constexpr imaginary noreturn nullptr thread_local typeof true false asm fortran
    main NAN INFINITY HUGE_VAL isnan isinf isfinite signbit fpclassify isnormal linux unix i386 errno math_errhandling
    and and_eq bitand bitor catch class compl delete explicit export friend mutable namespace new not not_eq operator or
    or_eq private protected public template this throw try typeid typename using virtual xor xor_eq signgam
    acos asin atan atan2 cos sin tan cosh sinh tanh acosh asinh atanh exp exp2 expm1 frexp ilogb ldexp log log10 log1p
    log2 logb modf scalbn scalbln cbrt fabs hypot pow sqrt erf erfc lgamma tgamma ceil floor nearbyint rint lrint llrint
    round lround llround trunc fmod remainder remquo copysign nan nextafter nexttoward fdim fmax fmin fma gamma
    j0 j1 jn y0 y1 yn drem significand scalb exp10 pow10 sincos
    M_E M_PI M_PI_2 M_PI_4 M_1_PI M_2_PI M_SQRT2 M_SQRT1_2 M_LN2 M_LN10 M_LOG2E M_LOG10E M_2_SQRTPI DOMAIN SING OVERFLOW
    UNDERFLOW PLOSS TLOSS X_TLOSS FP_NAN FP_INFINITE FP_ZERO FP_SUBNORMAL FP_NORMAL HUGE MAXFLOAT
    """
)

# What the C library has: kernels, and functions of Python's math.
_SAME = words(
    "sqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 hypot sinh cosh asinh atanh floor erf"
)
_MATH = _SAME | words("acosh erfc pow copysign fabs fmod inf nan")
NATIVE = {name: name for name in _SAME} | {f"math.{name}": name for name in _MATH}
NATIVE |= {"ceil": "ceil", "power": "pow", "round_half_even": "rint", "absolute": "fabs", "gamma": "tgamma"}
NATIVE |= {"math.pi": "3.141592653589793"}

SPELLINGS: Table = c_like()


def library() -> Library:
    """The kernels in C: those of the table, bit for bit, but where they need long integers."""
    return Library(NATIVE, portable, kept={"erfc"})


def spell(
    op: Op, constants: Sequence[float | None], helpers: Library, spellings: Table = SPELLINGS, equal: str = "=="
) -> Form:
    """The form of an operation: from the table of spellings, or a call of the library or of a helper."""
    count = len(constants)
    if op.name == "tie_share":
        ties = shared(count, f"({{0}} {equal} {{1}})")
        return ties._replace(pieces=(f"{helpers.helper('share')}(", *ties.pieces, ")"), binding=ATOM)
    if op.name in ("min", "max"):
        return nested(helpers.kernel(op), count) if count > 1 else form("{0}")
    known = spellings.get(op.name)
    if isinstance(known, Form):
        return known
    return call(known or helpers.kernel(op), count)


def number(value: float) -> tuple[str, float]:
    """A literal, and how tightly it binds."""
    text = "NAN" if isnan(value) else repr(value) if isfinite(value) else "-INFINITY" if value < 0 else "INFINITY"
    return text, NEGATION if text.startswith("-") else ATOM


def write(request: Request) -> str:
    """A C function that returns the value and fills arrays with the rest.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(write(Request(x * x, "x*x")).partition("double")[2], end="")
     f(double x, double gradient[1])
    {
        const double value = x * x;
        gradient[0] = x + x;
        if (isnan(value)) {
            gradient[0] = NAN;
        }
        return value;
    }
    """
    helpers = library()
    arrays = {part: values for part, values in request.parts.items() if part != "value" and values}
    names = Names(RESERVED)
    name = names.take(request.name)
    taken = {part: names.take(part) for part in arrays}
    named = {request.value: "value"} if arrays else {}
    layout = Layout(
        request.program, lambda op, constants: spell(op, constants, helpers), number, names, named
    )  # fmt: skip
    parameters = [f"double {each}" for each in layout.inputs]
    parameters += [
        f"double *{taken[part]}" if part == "jvp" else f"double {taken[part]}[{len(values)}]"
        for part, values in arrays.items()
    ]
    kind = "double" if "value" in request.parts else "void"
    lines = [f"{kind} {name}({', '.join(parameters) or 'void'})", "{"]
    unread = zip(layout.inputs, request.program.uses(), strict=False)
    lines += [f"    (void){each};" for each, count in unread if not count]  # for -Wextra
    for statement in layout.statements:
        lines.append(f"    const {'int' if statement.condition else 'double'} {statement.name} = {statement.text};")
    slots = []
    for part, values in arrays.items():
        for place, value in enumerate(values):
            slots.append(f"*{taken[part]}" if part == "jvp" else f"{taken[part]}[{place}]")
            lines.append(f"    {slots[-1]} = {layout.text(value)};")
    if arrays:
        lines += [f"    if (isnan({layout.text(request.value)})) {{", *_masked(slots), "    }"]
    if "value" in request.parts:
        lines.append(f"    return {layout.text(request.value)};")
    lines.append("}")
    text = [
        *block_comment(description(request, layout, name)),
        "#include <math.h>",
        "",
        *_spaced(definitions_text(helpers.definitions, C)),
        *lines,
    ]
    return "\n".join(text) + "\n"


def _masked(slots: list[str]) -> list[str]:
    """Assignments of nan, a few to a line."""
    return [f"        {' = '.join(slots[first : first + 4])} = NAN;" for first in range(0, len(slots), 4)]


def _spaced(texts: list[str]) -> list[str]:
    return [line for text in texts for line in (text, "")]
