"""The table, sixth part: products of vectors and matrices, linear equations, determinants.

The formulas are those of Giles, "An extended collection of matrix derivative results for forward and reverse mode
automatic differentiation" (2008).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ShapeError
from ..records import NamedTuple
from .arithmetic import PRODUCT, mul, neg, sub
from .gradient_rules import pull_gradient, push_gradient
from .kernels import tensor_kernel
from .op import Op
from .operands import Call, Operand, Shape, is_list, shape_of
from .reductions import sum_
from .shapes import broadcast_shape, scalar_of_square, shape_of_list, shape_text, square_shape
from .structure import reshape, sum_to, trace


def _product_shape(one: Shape, other: Shape) -> Shape:
    if not one or not other:
        raise ShapeError(f"@ of {shape_text(one)} and {shape_text(other)}",
                         hint="use * to multiply numbers")  # fmt: skip
    inner = other[-2] if len(other) > 1 else other[0]
    if one[-1] != inner:
        raise ShapeError(f"@ of the shapes {shape_text(one)} and {shape_text(other)}",
                         hint=f"the last size of the first, {one[-1]}, must be the {inner} of the second")  # fmt: skip
    return broadcast_shape(one[:-2], other[:-2]) + one[-2:-1] + (other[-1:] if len(other) > 1 else ())


# Methods and operators in the rules below are NumPy's on arrays, and those of the table on carriers.


def _transpose_last(x: Operand) -> Operand:
    """Return the matrices transposed."""
    return x.swapaxes(-1, -2)


def _unbroadcast(x: Operand, like: Operand) -> Operand:
    """Return x summed to the shape of an argument, if that is another."""
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
    return _unbroadcast(g @ _transpose_last(y), x)


def _pull_matmul_right(g: Operand, out: Operand, x: Operand, y: Operand) -> Operand:
    rank_x, rank_y = len(shape_of(x)), len(shape_of(y))
    if rank_x == 1 and rank_y == 1:
        return mul(g, x)
    if rank_x == 1:
        rows = reshape(g, (*shape_of(g)[:-1], 1, shape_of(g)[-1]))
        return _unbroadcast(mul(reshape(x, (shape_of(x)[0], 1)), rows), y)
    if rank_y == 1:
        return _unbroadcast(_matvec(_transpose_last(x), g), y)
    return _unbroadcast(_transpose_last(x) @ g, y)


def _matvec(a: Operand, v: Operand) -> Operand:
    """Return matrices times vectors, both batched."""
    if len(shape_of(v)) == 1:
        return matmul(a, v)
    product = matmul(a, reshape(v, (*shape_of(v), 1)))
    return reshape(product, shape_of(product)[:-1])


def _spread_matmul(one: Shape, other: Shape) -> tuple[Shape, Shape, Shape]:
    left = (*one, 1) if len(one) > 1 else (1, *one, 1)
    right = (*other[:-2], 1, *other[-2:]) if len(other) > 1 else (1, *other, 1)
    full = broadcast_shape(left, right)
    return left, right, (*full[:-2], 1, full[-1])


def _spread_outer(one: Shape, other: Shape) -> tuple[Shape, Shape, Shape]:
    left, right = (*one, 1), (*other[:-1], 1, other[-1])
    return left, right, broadcast_shape(left, right)


matmul: Op = Op(
    "matmul", tensor_kernel("matmul"), linear="each", shape=_product_shape, spread=_spread_matmul,
    sign="@", binding=PRODUCT,
    aliases=("matmul", "dot"), pulls=[_pull_matmul_left, _pull_matmul_right],
    doc="Product of matrices and vectors. Axes before the last two are batches.",
)  # fmt: skip


def _outer_shape(one: Shape, other: Shape) -> Shape:
    if not one or not other:
        raise ShapeError(f"outer of {shape_text(one)} and {shape_text(other)}", hint="give two vectors")
    return (*broadcast_shape(one[:-1], other[:-1]), one[-1], other[-1])


outer: Op = Op(
    "outer", tensor_kernel("outer"), linear="each", shape=_outer_shape, spread=_spread_outer,
    pulls=[
        lambda g, out, x, y: _unbroadcast(_matvec(g, y), x),
        lambda g, out, x, y: _unbroadcast(_matvec(_transpose_last(g), x), y),
    ],
    doc="All products of the elements of two vectors.",
)  # fmt: skip

# ---------------------------------------------------------------- linear algebra


def _as_matrix(g: Operand) -> Operand:
    """Return one number per matrix as a matrix of one row and column."""
    return reshape(g, (*shape_of(g), 1, 1))


def _solve_signature(a: Operand, b: Operand, vector: bool | None = None) -> Call:
    if vector is None:
        vector = len(shape_of_list(b) if is_list(b) else shape_of(b)) == 1
    return (a, b), {"vector": vector}


def _solve_shape(a: Shape, b: Shape, vector: bool) -> Shape:
    if not a:
        problem = "solve needs a matrix, not a number"
        raise ShapeError(problem, hint="write solve(A, b) for A @ x = b; implicit solves an equation of numbers")
    square_shape("solve")(a)
    if len(b) < 2 - vector or b[-1 if vector else -2] != a[-1]:
        raise ShapeError(f"solve of the shapes {shape_text(a)} and {shape_text(b)}",
                         hint=f"give the second {a[-1]} rows")  # fmt: skip
    if vector:
        return (*broadcast_shape(a[:-2], b[:-1]), a[-1])
    return (*broadcast_shape(a[:-2], b[:-2]), *b[-2:])


def _pull_solve_matrix(g: Operand, out: Operand, a: Operand, b: Operand, vector: bool) -> Operand:
    adjoint = solve.bind(vector=vector)(_transpose_last(a), g)
    product = outer(adjoint, out) if vector else matmul(adjoint, _transpose_last(out))
    return _unbroadcast(neg(product), a)


def _push_solve(tangents: Sequence[Operand], out: Operand, a: Operand, b: Operand, vector: bool) -> Operand:
    tangent_a, tangent_b = tangents
    change = tangent_b
    if tangent_a is not None:
        moved = _matvec(tangent_a, out) if vector else matmul(tangent_a, out)
        change = neg(moved) if tangent_b is None else sub(tangent_b, moved)
    return solve.bind(vector=vector)(a, change)


solve: Op = Op(
    "solve", tensor_kernel("solve"), signature=_solve_signature, shape=_solve_shape, push=_push_solve,
    pulls=[
        _pull_solve_matrix,
        lambda g, out, a, b, vector: _unbroadcast(solve.bind(vector=vector)(_transpose_last(a), g), b),
    ],
    doc="The x with A @ x = b.",
)  # fmt: skip
inv: Op = Op(
    "inv", tensor_kernel("inv"), shape=square_shape("inv"),
    push=lambda tangents, out, a: neg(matmul(out, matmul(tangents[0], out))),
    pulls=[lambda g, out, a: neg(matmul(_transpose_last(out), matmul(g, _transpose_last(out))))],
    doc="Inverse of a matrix. Prefer solve(A, b) to inv(A) @ b.",
)  # fmt: skip


def _cofactor_shape(a: Shape, *directions: Shape) -> Shape:
    square = square_shape("cofactor")
    return broadcast_shape(square(a), *map(square, directions))


# The derivatives of det are polynomials, and need no inverse.
cofactor: Op = Op(
    "cofactor", tensor_kernel("cofactor"), helper=True, variadic=True, shape=_cofactor_shape,
    push=push_gradient("cofactor"), pulls=pull_gradient("cofactor"),
    doc="The matrix of cofactors, which is the derivative of det, or its derivative in directions.",
)  # fmt: skip
det: Op = Op(
    "det", tensor_kernel("det"), shape=scalar_of_square("det"),
    push=lambda tangents, out, a: sum_(cofactor(a) * tangents[0], axis=(-2, -1)),
    pulls=[lambda g, out, a: mul(_as_matrix(g), cofactor(a))],
    doc="Determinant.",
)  # fmt: skip


def _logarithm_of_determinant(name: str, doc: str, helper: bool) -> Op:
    return Op(
        name, tensor_kernel(name), shape=scalar_of_square(name), helper=helper,
        push=lambda tangents, out, a: trace(solve.bind(vector=False)(a, tangents[0])),
        pulls=[lambda g, out, a: mul(_as_matrix(g), _transpose_last(inv(a)))],
        doc=doc,
    )  # fmt: skip


logdet: Op = _logarithm_of_determinant("logdet", "Logarithm of the determinant, which must be positive.", False)
logabsdet: Op = _logarithm_of_determinant("logabsdet", "Logarithm of the absolute value of the determinant.", True)
sign_det: Op = Op("sign_det", tensor_kernel("sign_det"), shape=scalar_of_square("sign_det"), pulls=[None], helper=True,
                  doc="Sign of the determinant.")  # fmt: skip


class SignAndLogarithm(NamedTuple):
    """The sign of a determinant and the logarithm of its absolute value, with the names of NumPy's result."""

    sign: Operand
    logabsdet: Operand


def slogdet(a: Operand) -> SignAndLogarithm:
    """Return the sign of the determinant and the logarithm of its absolute value.

    >>> slogdet([[0.0, 2.0], [1.0, 0.0]])
    SignAndLogarithm(sign=np.float64(-1.0), logabsdet=np.float64(0.6931471805599453))
    """
    return SignAndLogarithm(sign_det(a), logabsdet(a))
