"""The functions that operations compute: on floats with `math` alone, and in `arrays` and `tensor` on arrays."""

from __future__ import annotations

from ..operands import Operand, Rule


def tensor_kernel(name: str) -> Rule:
    """Return the tensor kernel of this name, looked up at the first call: NumPy is not imported before."""

    def compute(*arguments: Operand, **parameters: Operand) -> Operand:
        from . import tensor

        return getattr(tensor, name)(*arguments, **parameters)

    compute.__name__ = name
    return compute
