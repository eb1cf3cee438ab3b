"""Julia: a function of floats, with Base alone. The functions are those of Base, the others adcli's kernels."""

from __future__ import annotations

from collections.abc import Sequence

from ..comments import Comment
from ..dialect import Dialect
from ..forms import CHOICE
from ..kernel_writer import KernelWriter
from ..names import words
from ..python_family import tuple_text

# The words of the language, and the names of Base that the code calls.
_RESERVED = """
    abstract as baremodule begin break catch ccall const continue do else elseif end export false finally for function
    global if import in infix isa let local macro module mutable new nothing missing outer primitive public quote return
    struct true try type typeof using var where while Inf NaN Float64 Int Bool Base Core Main float isnan
    abs sqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan hypot sinh cosh asinh acosh atanh floor ceil
    round rem div copysign zeros unsafe_trunc eval include ans
"""

# What Base has: kernels, and functions of Python's math. Where Julia raises a DomainError, a helper returns NaN.
_SAME = {name: name for name in words("exp expm1 atan hypot sinh cosh asinh floor ceil")} | {"atan2": "atan"}
_DOMAINS = {
    "sqrt": "x >= 0.0", "log": "x >= 0.0", "log2": "x >= 0.0", "log10": "x >= 0.0", "log1p": "x >= -1.0",
    "sin": "abs(x) < Inf", "cos": "abs(x) < Inf", "tan": "abs(x) < Inf",
    "asin": "abs(x) <= 1.0", "acos": "abs(x) <= 1.0", "atanh": "abs(x) <= 1.0",
}  # fmt: skip
_BASE = _SAME | {name: f"adcli_{name}" for name in _DOMAINS}
_NATIVE = {
    **_BASE, **{f"math.{name}": there for name, there in _BASE.items()},
    "absolute": "abs", "round_half_even": "round", "power": "adcli_power", "math.acosh": "acosh",
    "math.pow": "adcli_power", "math.fabs": "abs", "math.copysign": "copysign", "math.fmod": "rem", "math.inf": "inf",
    "math.nan": "nan", "math.pi": "3.141592653589793",
}  # fmt: skip
_SNIPPETS = {
    f"adcli_{name}": f"# NaN outside the domain.\nadcli_{name}(x) = {domain} ? {name}(x) : NaN"
    for name, domain in _DOMAINS.items()
} | {
    "adcli_power": """# x to the power y as in C, NaN for a negative base and a fractional exponent.
function adcli_power(x, y)
    if x < 0.0 && y != floor(y)
        return x == -Inf ? Inf ^ y : NaN
    end
    return x ^ y
end"""
}


class Target(KernelWriter):
    """A function that returns the one part, or a tuple of the parts. A gradient is a tuple, a Hessian one of rows.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x")).partition("function")[2], end="")
     f(x)
        x = float(x)
        value = x * x
        if isnan(value)
            return NaN, (NaN,)
        end
        return value, (x + x,)
    end
    """

    suffixes = (".jl",)
    comment = Comment("#", forbidden=("=#", "#="))
    reserved = words(_RESERVED)
    ascii_names = False
    infinity = "Inf"
    nan = "NaN"
    masked = "{mask} ? NaN : {text}"
    native = _NATIVE
    snippets = _SNIPPETS
    dialect = Dialect(
        operations={"abs": "abs({0})", "int": "unsafe_trunc(Int, {0})", "**": "adcli_power({0}, {1})",
                    "%": "rem({0}, {1})"},
        numbers={"inf": "Inf", "nan": "NaN"},
        table="const {name} = [{values}]", array="{name} = zeros({count})", comment="#= {text} =#",
        function="function {name}({parameters})", real_locals="local {names}", whole_locals="local {names}",
        end="", block_start="", block_end="end",
        branch="if {test}", other_branch="elseif {test}", last_branch="else", while_loop="while {test}",
        up="for {name} in {first}:({last}) - 1", down="for {name} in {first}:-1:({last}) + 1",
        over="for {name} in {table}",
        quotient="div({0}, {1})", element="{table}[{position} + 1]",
    )  # fmt: skip

    def list_text(self, entries: Sequence[str]) -> str:
        """Return a tuple. A tuple of one entry has a comma."""
        return tuple_text(entries)

    def lines(self) -> list[str]:
        """Return the helpers, a comment and the function."""
        inputs = self.layout.inputs
        body = [f"{name} = float({name})" for name in inputs]
        body += [f"{each.name} = {each.text}" for each in self.layout.statements]
        body += [f"{mask} = isnan({self.values[value]})" for value, mask in self.masks.items()]
        if self.has_mask and self.request.is_number:
            undefined = ", ".join(self.results(undefined=True).values())
            body += [f"if isnan({self.value})", f"    return {undefined}", "end"]
        body.append(f"return {', '.join(self.results(least=CHOICE + 1).values())}")
        return [
            *self.helper_lines(),
            *self.heading(),
            f"function {self.name}({', '.join(inputs)})",
            *(f"    {line}" for line in body),
            "end",
        ]
