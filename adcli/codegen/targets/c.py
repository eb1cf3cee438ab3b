"""C99, with math.h alone. The digits are adcli's with the same C library and -ffp-contract=off."""

from __future__ import annotations

from math import prod as product_of

from ...ops import Op
from ...ops.operands import Shape
from ..dialect import Dialect
from ..forms import Form
from ..kernel_writer import KernelWriter
from ..layout import Constants, Layout
from ..matrix_calls import c_form, c_source, is_matrix_call
from ..names import words

_RESERVED = """
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

# What the C library has: kernels, and functions of Python's math.
_SAME = words(
    "sqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 hypot sinh cosh asinh atanh floor erf"
)
_MATH = _SAME | words("acosh erfc pow copysign fabs fmod inf nan")
_NATIVE = {
    **{name: name for name in _SAME}, **{f"math.{name}": name for name in _MATH},
    "ceil": "ceil", "power": "pow", "round_half_even": "rint", "absolute": "fabs", "gamma": "tgamma",
    "math.pi": "3.141592653589793",
}  # fmt: skip


class Target(KernelWriter):
    """A C function that returns the value and fills arrays with the other parts.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x")).partition("double")[2], end="")
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

    suffixes = (".c", ".h")
    reserved = words(_RESERVED)
    infinity = "INFINITY"
    nan = "NAN"
    native = _NATIVE
    exact_kernels = frozenset({"erfc"})
    dialect = Dialect(
        operations={"abs": "fabs({0})", "int": "(int)({0})", "**": "pow({0}, {1})", "%": "fmod({0}, {1})"},
        numbers={"inf": "INFINITY", "nan": "NAN"},
        prototypes=True, real_parameter="double {name}", whole_parameter="int {name}",
    )  # fmt: skip
    takes_elements = True

    def make_layout(self) -> Layout:
        """Return the statements. The variables of an unrolled program are elements of the arguments."""
        request = self.request
        self.parameters = {self.names.take(name): shape for name, shape in request.shapes.items()}
        inputs = [each for name, shape in self.parameters.items() for each in _slots(name, shape)]
        values = len(request.values)
        layout = Layout(request.program, self.spell, self.number, self.names, self.labels(), values, inputs=inputs)
        layout.arguments = tuple(self.parameters)
        return layout

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation."""
        return c_form(op, len(constants)) if is_matrix_call(op) else super().spell(op, constants)

    @property
    def has_mask(self) -> bool:
        """Whether there are derivatives. An empty gradient has no array."""
        return any(self.request.numbers(part) for part in self.request.parts if part != "value")

    def take_name(self) -> str:
        """Take the names of the function and of its arrays."""
        name = super().take_name()
        request = self.request
        parts = [
            part for part in request.parts if request.numbers(part) and not (part == "value" and request.is_number)
        ]
        self.arrays = {part: self.names.take(part) for part in parts}
        return name

    def lines(self) -> list[str]:
        """Return a comment, the helpers and the function."""
        has_value = "value" in self.request.parts and self.request.is_number
        body = self._statements()
        slots: dict[int, list[str]] = {value: [] for value in self.values}  # which are nan where the value is
        for part, name in self.arrays.items():
            numbers = self.request.numbers(part)
            for position, (number, value) in enumerate(zip(numbers, self.request.masks(part), strict=True)):
                slot = f"{name}[{position}]" if self._is_array(part) else f"*{name}"
                body.append(f"{slot} = {self.layout.text(number)};")
                slots[value] += [slot] if part != "value" else []
        for value, some in slots.items():
            if some:
                body += [f"if (isnan({self.values[value]})) {{", *_fill_with_nan(some), "}"]
        if has_value:
            body.append(f"return {self.value};")
        return [
            *self.heading(),
            "#include <math.h>",
            "",
            *self.helper_lines(),
            *c_source([op for op, _, _ in self.request.program.instructions if is_matrix_call(op)]),
            f"{'double' if has_value else 'void'} {self.name}({', '.join(self._parameters()) or 'void'})",
            "{",
            *(f"    {line}" for line in body),
            "}",
        ]

    def _is_array(self, part: str) -> bool:
        return isinstance(self.request.parts[part], tuple)

    def _size_of_array(self, value: int) -> int:
        """Return the number of elements of a value that is an array, 0 for a number."""
        program = self.request.program
        op = program.instructions[value - len(program.variables) - len(program.constants)].op
        return product_of(op.parameters["sizes"]) if op.name == "solve" and is_matrix_call(op) else 0

    def _parameters(self) -> list[str]:
        parameters = [
            f"const double {name}[{product_of(shape)}]" if shape else f"double {name}"
            for name, shape in self.parameters.items()
        ]
        for part, name in self.arrays.items():
            size = len(self.request.numbers(part))
            parameters.append(f"double {name}[{size}]" if self._is_array(part) else f"double *{name}")
        return parameters

    def _statements(self) -> list[str]:
        # gcc -Wextra warns about a parameter that nothing reads.
        counts = iter(self.request.program.uses())
        used = {name: sum([next(counts) for _ in _slots(name, shape)]) for name, shape in self.parameters.items()}
        lines = [f"(void){name};" for name, count in used.items() if not count]
        for each in self.layout.statements:
            size = self._size_of_array(each.value)
            if size:
                lines += f"double {each.name}[{size}] = {each.text}{each.name});".split("\n")
                continue
            lines.append(f"const {'int' if each.is_condition else 'double'} {each.name} = {each.text};")
        return lines


def _slots(name: str, shape: Shape) -> list[str]:
    """Return the elements of an argument as text."""
    return [f"{name}[{place}]" for place in range(product_of(shape))] if shape else [name]


def _fill_with_nan(slots: list[str]) -> list[str]:
    """Return assignments of nan, four to a line."""
    return [f"    {' = '.join(slots[first : first + 4])} = NAN;" for first in range(0, len(slots), 4)]
