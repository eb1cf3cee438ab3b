"""Operations on arrays as calls of NumPy's functions, which JAX has under the same names."""

from __future__ import annotations

from collections.abc import Callable

from ..ops import Op
from ..ops.arithmetic import ATOM, PRODUCT
from ..ops.operands import Operand, Parameters
from .forms import Form, form, infix, slots


def array_form(op: Op, module: str, count: int) -> Form | None:
    """Return the form of an operation on arrays, or None if there is no function for it.

    Args:
        op: the operation with its parameters.
        module: the name of the module, ``np`` or ``jnp``.
        count: the number of arguments.

    >>> from adcli.ops import TABLE
    >>> array_form(TABLE["sum"].bind(axis=0, keepdims=False), "np", 1).pieces
    ('np.sum(', (0, 0), ', axis=0)')
    """
    if op.name == "matmul":
        return infix("@", PRODUCT)
    if op.name in ("stack", "concatenate"):
        return form(f"{module}.{op.name}([{slots(count)}], axis={op.parameters['axis']})")
    template = TEMPLATES.get(op.name)
    if template is None:
        return None
    text = template(op.parameters).replace("np.", f"{module}.")
    return form(text, PRODUCT if op.name == "outer" else ATOM, ATOM if "{0}[" in text else 0)


def array_text(array: Operand, module: str) -> str:
    """Return a constant array as text.

    >>> import numpy as np
    >>> array_text(np.array([[1.0, np.inf]]), "np"), array_text(np.zeros(3), "np")
    ('np.array([[1.0, np.inf]])', 'np.zeros((3,))')
    """
    import numpy as np

    if array.dtype.kind == "f":
        for name, value in (("zeros", 0.0), ("ones", 1.0)):
            if array.tobytes() == np.full(array.shape, value).tobytes():
                return f"{module}.{name}({array.shape})"
    text = repr(array.tolist()).replace("inf", f"{module}.inf").replace("nan", f"{module}.nan")
    return f"{module}.array({text})" if array.size else f"{module}.array({text}).reshape({array.shape})"


def index_text(index: tuple[Operand, ...], module: str) -> str:
    """Return an index as Python writes it in brackets.

    >>> index_text((0, ("slice", None, 2, None), Ellipsis), "np"), index_text((), "np")
    ('0, :2, ...', '()')
    """
    return ", ".join([_part_text(part, module) for part in index]) or "()"


def _part_text(part: Operand, module: str) -> str:
    if part is Ellipsis:
        return "..."
    if isinstance(part, tuple):
        first, last, step = ["" if end is None else str(end) for end in part[1:]]
        return f"{first}:{last}" + (f":{step}" if step else "")
    if hasattr(part, "dtype"):
        text = f"{module}.array({part.tolist()}, dtype={'bool' if part.dtype.kind == 'b' else 'int'})"
        return text if part.size else f"{text}.reshape({part.shape})"
    return repr(part)


def _reduction(name: str) -> Callable[[Parameters], str]:
    def template(parameters: Parameters) -> str:
        axis = "" if parameters["axis"] is None else f", axis={parameters['axis']}"
        return f"np.{name}({{0}}{axis}{', keepdims=True' if parameters['keepdims'] else ''})"

    return template


def _transpose(parameters: Parameters) -> str:
    axes = parameters["axes"]
    return "np.transpose({0})" if axes is None else f"np.transpose({{0}}, {axes})"


def _diag_embed(parameters: Parameters) -> str:
    rows, columns = parameters["shape"]
    axes = "None, :" if rows > columns else ":, None"
    return f"np.where(np.eye({rows}, {columns}, dtype=bool), {{0}}[..., {axes}], 0.0)"


TEMPLATES: dict[str, Callable[[Parameters], str]] = {
    "sum": _reduction("sum"),
    "prod": _reduction("prod"),
    "amax": _reduction("max"),
    "amin": _reduction("min"),
    "reshape": lambda parameters: f"np.reshape({{0}}, {parameters['shape']})",
    "broadcast_to": lambda parameters: f"np.broadcast_to({{0}}, {parameters['shape']})",
    "transpose": _transpose,
    "swapaxes": lambda parameters: f"np.swapaxes({{0}}, {parameters['axis1']}, {parameters['axis2']})",
    "getitem": lambda parameters: f"{{0}}[{index_text(parameters['index'], 'np')}]",
    "diagonal": lambda parameters: "np.diagonal({0}, axis1=-2, axis2=-1)",
    "diag_embed": _diag_embed,
    "trace": lambda parameters: "np.trace({0}, axis1=-2, axis2=-1)",
    "outer": lambda parameters: "{0}[..., :, None] * {1}[..., None, :]",
    "inv": lambda parameters: "np.linalg.inv({0})",
    "logabsdet": lambda parameters: "np.linalg.slogdet({0})[1]",
    "sign_det": lambda parameters: "np.linalg.slogdet({0})[0]",
}
"""By the name of an operation a form in NumPy, from the parameters."""
