"""JAX: arrays or tracers, ready for jit and vmap; float64 needs jax_enable_x64.

The functions are JAX's own, and with them their digits; what JAX lacks is written by schoolbook formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan

from ...ops import Op
from ...ops.arithmetic import ATOM, NEGATION, PRODUCT
from ..comments import named, rows
from ..defined import expand
from ..forms import Form, Table, arithmetic, call, form, shared
from ..layout import Layout, refuse
from ..names import Names, words
from ..request import Request
from .python import RESERVED, docstring, tuple_text

SUFFIXES = ()

_SAME = words(
    "abs sign floor ceil sqrt cbrt exp expm1 log log2 log10 log1p sin cos tan sinh cosh tanh hypot heaviside where "
    "logaddexp"
)
SPELLINGS: Table = (
    arithmetic()
    | {name: f"jnp.{name}" for name in _SAME}
    | {name: f"jnp.arc{name[1:]}" for name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")}
    | {"round": "jnp.rint", "mod": "jnp.mod", "floordiv": "jnp.floor_divide", "pow": "jnp.power"}
    | {"min": "jnp.minimum", "max": "jnp.maximum"}
    | {"and": "jnp.logical_and", "or": "jnp.logical_or", "not": "jnp.logical_not"}
    | {"sigmoid": "jax.nn.sigmoid", "softplus": "jax.nn.softplus", "gamma": "jax.scipy.special.gamma"}
    | {"lgamma": "jax.scipy.special.gammaln"}
    | {name: f"jax.scipy.special.{name}" for name in ("erf", "erfc", "digamma", "polygamma", "xlogy")}
)
KNOWN = {*SPELLINGS, "tie_share"} - {"min", "max"}  # of two arguments they are known


def spell(op: Op, constants: Sequence[float | None]) -> Form:
    """The form of an operation."""
    if op.name == "tie_share":
        ties = shared(len(constants), "({0} == {1}) * 1.0")
        return form("", PRODUCT)._replace(pieces=("1.0 / (", *ties.pieces, ")"), repeated=ties.repeated)
    if op.name == "polygamma" and constants[0] is not None:  # the order must be an integer, not a float
        return form(f"jax.scipy.special.polygamma({int(constants[0])}, {{1}})")
    known = SPELLINGS.get(op.name)
    if known is None:
        raise refuse(op, "jax")
    return known if isinstance(known, Form) else call(known, len(constants))


def number(value: float) -> tuple[str, float]:
    """A literal, and how tightly it binds."""
    text = "jnp.nan" if isnan(value) else repr(value) if isfinite(value) else "-jnp.inf" if value < 0 else "jnp.inf"
    return text, NEGATION if text.startswith("-") else ATOM


def write(request: Request) -> str:
    """A function that returns the one part, or a tuple of the parts: the gradient a tuple, the Hessian one of rows.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(write(Request(x * x, "x*x")).partition('Made by')[2].partition('"\\n')[2], end="")
        x = jnp.asarray(x, dtype=float)
        value = x * x
        undefined = jnp.isnan(value)
        gradient_0 = jnp.where(undefined, jnp.nan, x + x)
        return value, (gradient_0,)
    """
    request = request.over(expand(request.program, KNOWN))
    names = Names(RESERVED, ascii_only=False)
    name = names.take(request.name)
    layout = Layout(request.program, spell, number, names, named(request))
    heading = [f"def {name}({', '.join(layout.inputs)}):", *docstring(request, layout, name)]
    lines = [f"    {each} = jnp.asarray({each}, dtype=float)" for each in layout.inputs]
    lines += [f"    {statement.name} = {statement.text}" for statement in layout.statements]
    value, mask = layout.text(request.value), names.take("undefined")
    if set(request.parts) != {"value"}:
        lines.append(f"    {mask} = jnp.isnan({value})")
    answers = []
    for part, values in request.parts.items():
        entries = []
        for place, each in enumerate(values):
            if part == "value":
                entries.append(value)
                continue
            entries.append(names.take(part if part == "jvp" else f"{part}_{place}"))
            lines.append(f"    {entries[-1]} = jnp.where({mask}, jnp.nan, {layout.text(each)})")
        if part == "hessian":
            entries = [tuple_text(row) for row in rows(tuple(entries), len(request.wrt))]
        answers.append(tuple_text(entries) if part in ("gradient", "hessian") else entries[0])
    lines.append(f"    return {', '.join(answers)}")
    code = "\n".join(lines)
    imports = ["import jax"] if "jax.nn." in code else []
    imports += ["import jax.numpy as jnp", *(["import jax.scipy.special"] if "jax.scipy." in code else [])]
    return "\n".join([*imports, "", "", *heading, code]) + "\n"
