"""What the operations compute: on floats (`math` alone is imported) and, in `arrays.py` and `tensor.py`, on arrays."""

from __future__ import annotations

from ..operands import Operand, Rule


def tensor_kernel(name: str) -> Rule:
    """Return the tensor kernel of this name, looked up at the first call: NumPy is not imported before."""

    def compute(*arguments: Operand, **parameters: Operand) -> Operand:
        from . import tensor

        return getattr(tensor, name)(*arguments, **parameters)

    compute.__name__ = name
    return compute
