"""Rust: a function of f64, with std alone. The functions are those of std, the others adcli's kernels."""

from __future__ import annotations

from collections.abc import Sequence

from ..comments import Comment
from ..dialect import Dialect
from ..forms import CHOICE, c_like, form
from ..kernel_writer import KernelWriter
from ..names import words
from ..nested import Nested

_RESERVED = """
    abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl
    in let loop macro match mod move mut override priv pub ref return self Self static struct super trait true try type
    typeof union unsafe unsized use virtual where while yield _ f16 f32 f64 f128 i8 i16 i32 i64 i128 u8 u16 u32 u64 u128
    usize isize bool char str std core alloc main Some None Ok Err Box Vec String Option Result
"""

# What std has: kernels, and functions of Python's math.
_SAME = words("sqrt exp log2 log10 sin cos tan asin acos atan atan2 hypot sinh cosh floor ceil")
_OTHER = {"expm1": "exp_m1", "log": "ln", "log1p": "ln_1p"}
_STD = {name: f"f64::{name}" for name in _SAME} | {name: f"f64::{there}" for name, there in _OTHER.items()}
_NATIVE = {
    **_STD, **{f"math.{name}": there for name, there in _STD.items()},
    "asinh": "adcli_asinh", "math.acosh": "adcli_acosh_beyond_2", "math.asinh": "adcli_asinh",
    "atanh": "adcli_atanh", "math.atanh": "adcli_atanh",
    "absolute": "f64::abs", "power": "f64::powf", "math.pow": "f64::powf", "math.fabs": "f64::abs",
    "math.copysign": "f64::copysign", "math.fmod": "fmod", "math.inf": "inf", "math.nan": "nan",
    "math.pi": "3.141592653589793",
}  # fmt: skip

# Those of std overflow and lose digits. These are the formulas of fdlibm.
_SNIPPETS = {
    "adcli_asinh": """/* The inverse hyperbolic sine. */
fn adcli_asinh(x: f64) -> f64 {
    let a = f64::abs(x);
    let result = if a > 268435456.0 {
        f64::ln(a) + std::f64::consts::LN_2
    } else if a > 2.0 {
        f64::ln(2.0 * a + 1.0 / (f64::sqrt(a * a + 1.0) + a))
    } else {
        f64::ln_1p(a + a * a / (1.0 + f64::sqrt(1.0 + a * a)))
    };
    f64::copysign(result, x)
}""",
    "adcli_acosh_beyond_2": """/* The inverse hyperbolic cosine of a number of at least 2. */
fn adcli_acosh_beyond_2(x: f64) -> f64 {
    if x > 268435456.0 {
        return f64::ln(x) + std::f64::consts::LN_2;
    }
    f64::ln(2.0 * x - 1.0 / (x + f64::sqrt(x * x - 1.0)))
}""",
    "adcli_atanh": """/* The inverse hyperbolic tangent. */
fn adcli_atanh(x: f64) -> f64 {
    let a = f64::abs(x);
    let t = a + a;
    f64::copysign(0.5 * f64::ln_1p(if a < 0.5 { t + t * a / (1.0 - a) } else { t / (1.0 - a) }), x)
}""",
}
_ALLOWED = "#[allow(non_snake_case, unused_assignments, unused_mut, unused_parens, unused_variables, clippy::all)]"


class Target(KernelWriter):
    """A function that returns the one part, or a tuple of the parts. A gradient is an array, a Hessian one of rows.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x")).partition("pub ")[2], end="")
    fn f(x: f64) -> (f64, [f64; 1]) {
        let value = x * x;
        if f64::is_nan(value) {
            return (f64::NAN, [f64::NAN]);
        }
        (value, [x + x])
    }
    """

    suffixes = (".rs",)
    comment = Comment("//")
    reserved = words(_RESERVED)
    spellings = c_like() | {"where": form("if {0} { {1} } else { {2} }", CHOICE)}
    equality = "f64::from({0} == {1})"
    infinity = "f64::INFINITY"
    nan = "f64::NAN"
    masked = "if {mask} {{ f64::NAN }} else {{ {text} }}"
    native = _NATIVE
    snippets = _SNIPPETS
    dialect = Dialect(
        operations={"abs": "f64::abs({0})", "int": "(({0}) as i32)", "**": "f64::powf({0}, {1})",
                    "%": "({0} % {1})", "fmod": "({0} % {1})"},
        numbers={"inf": "f64::INFINITY", "nan": "f64::NAN"},
        table="const {name}: [f64; {count}] = [{values}];", array="let mut {name} = [0.0; {count}];",
        function=f"{_ALLOWED}\nfn {{name}}({{parameters}}) -> f64",
        real_parameter="mut {name}: f64", whole_parameter="mut {name}: i32",
        real_locals="let ({names});", whole_locals="let ({names});", local_name="mut {name}",
        branch="if {test} {{", other_branch="}} else if {test} {{", while_loop="while {test} {{",
        up="for {name} in {first}..{last} {{", down="for {name} in ({last} + 1..{first} + 1).rev() {{",
        over="for {name} in {table} {{",
        choice="if {test} {{ {yes} }} else {{ {no} }}",
        as_real="f64::from({0})", element="{table}[({position}) as usize]",
    )  # fmt: skip

    def lines(self) -> list[str]:
        """Return the helpers, a comment and the function."""
        parameters = ", ".join(f"{name}: f64" for name in self.layout.inputs)
        result = _tuple_text([_type_text(entry) for entry in self.request.parts.values()])
        body = [f"let {each.name} = {each.text};" for each in self.layout.statements]
        body += [f"let {mask} = f64::is_nan({self.values[value]});" for value, mask in self.masks.items()]
        if self.has_mask and self.request.is_number:
            undefined = _tuple_text(list(self.results(undefined=True).values()))
            body += [f"if f64::is_nan({self.value}) {{", f"    return {undefined};", "}"]
        body.append(_tuple_text(list(self.results().values())))
        return [
            *self.helper_lines(),
            *self.heading(),
            _ALLOWED,
            f"pub fn {self.name}({parameters}) -> {result} {{",
            *(f"    {line}" for line in body),
            "}",
        ]


def _tuple_text(entries: Sequence[str]) -> str:
    """Return the one part, or a tuple of the parts."""
    return entries[0] if len(entries) == 1 else f"({', '.join(entries)})"


def _type_text(entry: Nested[int]) -> str:
    """Return the type of a part: a number, or an array with its length."""
    if not isinstance(entry, tuple):
        return "f64"
    return f"[{_type_text(entry[0]) if entry else 'f64'}; {len(entry)}]"
