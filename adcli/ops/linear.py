"""The table, sixth part: products of vectors and matrices, linear equations, determinants.

The formulas are those of Giles, "An extended collection of matrix derivative results for forward and reverse mode
automatic differentiation" (2008).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ShapeError
from .arithmetic import PRODUCT, mul, neg, sub
from .kernels import tensor_kernel
from .op import Op
from .operands import Call, Operand, Rule, Shape, is_list, shape_of
from .reductions import sum_
from .shapes import broadcast_shape, scalar_of_square, shape_of_list, shape_text, square_shape
from .structure import broadcast_to, reshape, sum_to, trace, transpose


def _product_shape(one: Shape, other: Shape) -> Shape:
    if not one or not other:
        raise ShapeError(f"@ of {shape_text(one)} and {shape_text(other)}",
                         hint="it multiplies vectors and matrices; use * for numbers")  # fmt: skip
    inner = other[-2] if len(other) > 1 else other[0]
    if one[-1] != inner:
        raise ShapeError(f"@ of the shapes {shape_text(one)} and {shape_text(other)}",
                         hint=f"the last size of the first, {one[-1]}, must be the {inner} of the second")  # fmt: skip
    return broadcast_shape(one[:-2], other[:-2]) + one[-2:-1] + (other[-1:] if len(other) > 1 else ())


# In the rules below, methods and operators: of an array they are NumPy's own, of a carrier those of the table.


def _turn(x: Operand) -> Operand:
    """The matrices transposed."""
    return x.swapaxes(-1, -2)


def _unbroadcast(x: Operand, like: Operand) -> Operand:
    """Summed to the shape of an argument, if it has another."""
    shape = shape_of(like)
    return x if shape_of(x) == shape else sum_to.bind(shape=shape)(x)


def _pull_matmul_left(g: Operand, out: Operand, x: Operand, y: Operand) -> Operand:
    rank_x, rank_y = len(shape_of(x)), len(shape_of(y))
    if rank_x == 1 and rank_y == 1:
        return mul(g, y)
    if rank_y == 1:
        return _unbroadcast(mul(reshape(g, (*shape_of(g), 1)), y), x)
    if rank_x == 1:
        return _unbroadcast(_matvec(y, g), x)
    return _unbroadcast(g @ _turn(y), x)


def _pull_matmul_right(g: Operand, out: Operand, x: Operand, y: Operand) -> Operand:
    rank_x, rank_y = len(shape_of(x)), len(shape_of(y))
    if rank_x == 1 and rank_y == 1:
        return mul(g, x)
    if rank_x == 1:
        rows = reshape(g, (*shape_of(g)[:-1], 1, shape_of(g)[-1]))
        return _unbroadcast(mul(reshape(x, (shape_of(x)[0], 1)), rows), y)
    if rank_y == 1:
        return _unbroadcast(_matvec(_turn(x), g), y)
    return _unbroadcast(_turn(x) @ g, y)


def _matvec(a: Operand, v: Operand) -> Operand:
    """Matrices times vectors, both batched."""
    if len(shape_of(v)) == 1:
        return matmul(a, v)
    product = matmul(a, reshape(v, (*shape_of(v), 1)))
    return reshape(product, shape_of(product)[:-1])


matmul: Op = Op(
    "matmul", tensor_kernel("matmul"), linear="each", shape=_product_shape, sign="@", binding=PRODUCT,
    aliases=("matmul", "dot"), pulls=[_pull_matmul_left, _pull_matmul_right],
    doc="Product of matrices and vectors; axes before the last two are batches.",
)  # fmt: skip


def _outer_shape(one: Shape, other: Shape) -> Shape:
    if not one or not other:
        raise ShapeError(f"outer of {shape_text(one)} and {shape_text(other)}", hint="it takes two vectors")
    return (*broadcast_shape(one[:-1], other[:-1]), one[-1], other[-1])


outer: Op = Op(
    "outer", tensor_kernel("outer"), linear="each", shape=_outer_shape,
    pulls=[
        lambda g, out, x, y: _unbroadcast(_matvec(g, y), x),
        lambda g, out, x, y: _unbroadcast(_matvec(_turn(g), x), y),
    ],
    doc="All products of the elements of two vectors.",
)  # fmt: skip

# ---------------------------------------------------------------- linear algebra


def _spread(g: Operand) -> Operand:
    """One number per matrix, as a matrix of one row and column."""
    return reshape(g, (*shape_of(g), 1, 1))


def _in_matrix(mask: Operand, out: Operand, a: Operand) -> Operand:
    """Every number of a matrix reaches whatever is made of the matrix."""
    made = sum_(mask, axis=(-2, -1), keepdims=True) if len(shape_of(mask)) == len(shape_of(a)) else _spread(mask)
    return broadcast_to(made, shape_of(a))


def _in_system(place: int) -> Rule:
    """Every number of a system of equations reaches every number of its solution."""

    def reach(mask: Operand, out: Operand, a: Operand, b: Operand, vector: bool) -> Operand:
        made = _spread(sum_(mask, axis=-1 if vector else (-2, -1)))
        wanted = shape_of((a, b)[place])
        if vector and place:
            return sum_to(broadcast_to(reshape(made, shape_of(made)[:-1]), shape_of(mask)), wanted)
        full = (*shape_of(made)[:-2], *wanted[-2:])
        return sum_to(broadcast_to(made, full), wanted)

    return reach


def _solve_signature(a: Operand, b: Operand, vector: bool | None = None) -> Call:
    if vector is None:
        vector = len(shape_of_list(b) if is_list(b) else shape_of(b)) == 1
    return (a, b), {"vector": vector}


def _solve_shape(a: Shape, b: Shape, vector: bool) -> Shape:
    square_shape("solve")(a)
    if len(b) < 2 - vector or b[-1 if vector else -2] != a[-1]:
        raise ShapeError(f"solve of the shapes {shape_text(a)} and {shape_text(b)}",
                         hint=f"the second needs {a[-1]} rows")  # fmt: skip
    if vector:
        return (*broadcast_shape(a[:-2], b[:-1]), a[-1])
    return (*broadcast_shape(a[:-2], b[:-2]), *b[-2:])


def _pull_solve_matrix(g: Operand, out: Operand, a: Operand, b: Operand, vector: bool) -> Operand:
    adjoint = solve.bind(vector=vector)(_turn(a), g)
    product = outer(adjoint, out) if vector else matmul(adjoint, _turn(out))
    return _unbroadcast(neg(product), a)


def _push_solve(tangents: Sequence[Operand], out: Operand, a: Operand, b: Operand, vector: bool) -> Operand:
    of_a, of_b = tangents
    change = of_b
    if of_a is not None:
        moved = _matvec(of_a, out) if vector else matmul(of_a, out)
        change = neg(moved) if of_b is None else sub(of_b, moved)
    return solve.bind(vector=vector)(a, change)


solve: Op = Op(
    "solve", tensor_kernel("solve"), signature=_solve_signature, shape=_solve_shape, push=_push_solve,
    reach=(_in_system(0), _in_system(1)),
    pulls=[
        _pull_solve_matrix,
        lambda g, out, a, b, vector: _unbroadcast(solve.bind(vector=vector)(_turn(a), g), b),
    ],
    doc="The x with A @ x = b.",
)  # fmt: skip
inv: Op = Op(
    "inv", tensor_kernel("inv"), shape=square_shape("inv"), reach=(_in_matrix,),
    push=lambda tangents, out, a: neg(matmul(out, matmul(tangents[0], out))),
    pulls=[lambda g, out, a: neg(matmul(_turn(out), matmul(g, _turn(out))))],
    doc="Inverse of a matrix; solve(A, b) is better than inv(A) @ b.",
)  # fmt: skip


cofactor: Op = Op(
    "cofactor", tensor_kernel("cofactor"), helper=True, shape=square_shape("cofactor"), reach=(_in_matrix,),
    textbook=lambda a: det(a) * transpose(inv(a)),
    push=lambda tangents, out, a: sub(
        mul(out, _spread(trace(solve(a, tangents[0])))), matmul(out, matmul(_turn(tangents[0]), _turn(inv(a))))
    ),
    pulls=[lambda g, out, a: sub(
        mul(_turn(inv(a)), sum_(g * out, axis=(-2, -1), keepdims=True)), matmul(out, matmul(_turn(g), _turn(inv(a))))
    )],
    doc="The matrix of cofactors, which is the slope of det; of singular matrices too.",
)  # fmt: skip
det: Op = Op(
    "det", tensor_kernel("det"), shape=scalar_of_square("det"), reach=(_in_matrix,),
    push=lambda tangents, out, a: sum_(cofactor(a) * tangents[0], axis=(-2, -1)),
    pulls=[lambda g, out, a: mul(_spread(g), cofactor(a))],
    doc="Determinant.",
)  # fmt: skip


def _logarithm_of_determinant(name: str, doc: str, helper: bool) -> Op:
    return Op(
        name, tensor_kernel(name), shape=scalar_of_square(name), helper=helper, reach=(_in_matrix,),
        push=lambda tangents, out, a: trace(solve.bind(vector=False)(a, tangents[0])),
        pulls=[lambda g, out, a: mul(_spread(g), _turn(inv(a)))],
        doc=doc,
    )  # fmt: skip


logdet: Op = _logarithm_of_determinant("logdet", "Logarithm of the determinant, which must be positive.", False)
logabsdet: Op = _logarithm_of_determinant("logabsdet", "Logarithm of the size of the determinant.", True)
sign_det: Op = Op("sign_det", tensor_kernel("sign_det"), shape=scalar_of_square("sign_det"), pulls=[None], helper=True,
                  doc="Sign of the determinant.")  # fmt: skip


def slogdet(a: Operand) -> tuple[Operand, Operand]:
    """The sign of the determinant and the logarithm of its size.

    >>> slogdet([[0.0, 2.0], [1.0, 0.0]])[0]
    np.float64(-1.0)
    """
    return sign_det(a), logabsdet(a)
