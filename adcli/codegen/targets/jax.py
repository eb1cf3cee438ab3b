"""JAX: a function of arrays or tracers, for jit and vmap. Set jax_enable_x64 for float64.

The functions are JAX's own, and so are their digits. What JAX lacks is written by textbook formulas.
"""

from __future__ import annotations

from ...ops import Op
from ..array_calls import index_text
from ..forms import Form, arithmetic, call, form
from ..layout import Constants
from ..names import words
from ..python_family import ArrayWriter
from ..source import Library, python_text

_SAME = words(
    "abs sign floor ceil sqrt cbrt exp expm1 log log2 log10 log1p sin cos tan sinh cosh tanh hypot heaviside where "
    "logaddexp"
)
_OTHER = {
    "round": "rint", "mod": "mod", "floordiv": "floor_divide", "pow": "power", "min": "minimum", "max": "maximum",
    "and": "logical_and", "or": "logical_or", "not": "logical_not", "asin": "arcsin", "acos": "arccos",
    "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
}  # fmt: skip
_SPECIAL = words("erf erfc erfinv digamma polygamma xlogy gamma")
_OF_ARRAYS = {
    "softmax": "jax.nn.softmax",
    "log_softmax": "jax.nn.log_softmax",
    "logsumexp": "jax.scipy.special.logsumexp",
    "det": "jnp.linalg.det",
}


class Target(ArrayWriter):
    """A function that returns the one part, or a tuple of the parts: a gradient is a tuple, a Hessian one of rows.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x")).partition('Made by')[2].partition('"\\n')[2], end="")
        x = jnp.asarray(x, dtype=float)
        value = x * x
        undefined = jnp.isnan(value)
        gradient_0 = jnp.where(undefined, jnp.nan, x + x)
        return value, (gradient_0,)
    """

    spellings = (
        arithmetic()
        | {name: f"jnp.{name}" for name in _SAME}
        | {name: f"jnp.{there}" for name, there in _OTHER.items()}
        | {name: f"jax.scipy.special.{name}" for name in _SPECIAL}
        | {
            "lgamma": "jax.scipy.special.gammaln",
            "lbeta": "jax.scipy.special.betaln",
            "beta": "jax.scipy.special.beta",
            "expint": "jax.scipy.special.exp1",
            "betainc": "jax.scipy.special.betainc",
            "gammainc": "jax.scipy.special.gammainc",
            "gammaincc": "jax.scipy.special.gammaincc",
            "sigmoid": "jax.nn.sigmoid",
            "softplus": "jax.nn.softplus",
            "normcdf": "jax.scipy.special.ndtr",
            "norminv": "jax.scipy.special.ndtri",
        }
    )
    equality = "({0} == {1}) * 1.0"
    infinity = "jnp.inf"
    nan = "jnp.nan"
    module = "jnp"
    array_operations = words("matmul stack concatenate scatter solve") | _OF_ARRAYS.keys()

    def make_library(self) -> Library:
        """Return the helper functions of arrays as source."""
        if not self.has_arrays:
            return Library()
        from .. import array_functions

        return Library(substitutes=[array_functions], arrays=True)

    def call_of_arrays(self, op: Op, count: int) -> Form:
        """Return the call of JAX's function for an operation on arrays."""
        if op.name == "scatter":
            shape, index = op.parameters["shape"], index_text(op.parameters["index"], "jnp")
            return form(f"jnp.zeros({shape}).at[{index}].add({{0}})")
        if op.name == "solve":
            return super().call_of_arrays(op, count)
        return call(_OF_ARRAYS[op.name], count, [f"{name}={value}" for name, value in op.parameters.items()])

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation. The order of polygamma must be an integer, not a float."""
        if op.name == "polygamma" and constants[0] is not None:
            return form(f"jax.scipy.special.polygamma({int(constants[0])}, {{1}})")
        return super().spell(op, constants)

    def lines(self) -> list[str]:
        """Return the imports and the function."""
        arrays = [f"    {name} = jnp.asarray({name}, dtype=float)" for name in self.layout.inputs]
        body = self.input_lines() if self.has_arrays else arrays
        body += [*self.statement_lines(), *self.result_lines()]
        code = "\n".join(body)
        imports = ["import jax"] if "jax.nn." in code else []
        imports += ["import jax.numpy as jnp", *(["import jax.scipy.special"] if "jax.scipy." in code else [])]
        helpers = [text.replace("np.", "jnp.") for text in python_text(self.helpers.definitions.values())]
        return ["\n\n\n".join(["\n".join(imports), *helpers, "\n".join([*self.heading(), code])])]
