"""Functions of a matrix in unrolled programs: operations whose arguments are the elements, and their source in C.

They are not in the table, because no user writes them and nothing differentiates them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..ops import Op
from ..ops.op import DEFAULTS
from .forms import Form, form, slots


@cache
def matrix_call(name: str, *sizes: int) -> Op:
    """Return the operation of a function on the elements of matrices.

    Args:
        name: ``det``, ``logabsdet`` or ``sign_det``, which are numbers, ``solve``, which is an array, or ``element`` of
            such an array.
        sizes: the rows of the matrix and the columns of the right side, or the place of the element.
    """
    op = object.__new__(Op)
    vars(op).update(DEFAULTS, name=name, parameters={"sizes": sizes}, variadic=True, doc=name)
    return op


def is_matrix_call(op: Op) -> bool:
    """Return whether an operation is one of `matrix_call`."""
    return "sizes" in op.parameters


def c_form(op: Op, count: int) -> Form:
    """Return the call of a function in C.

    That of ``solve`` is two statements after ``double NAME[] = ``: the right side, which becomes the solution, and the
    call without ``NAME)`` at its end.
    """
    size, *columns = op.parameters["sizes"]
    if op.name == "element":
        return Form(((0, 0), f"[{size}]"), repeated=frozenset({0}))
    matrix = f"(double[]){{{slots(size * size)}}}"
    if op.name == "solve":
        right = slots(count - size * size, first=size * size)
        return form(f"{{{right}}};\nadcli_solve({size}, {columns[0]}, {matrix}, ")
    return form(f"adcli_{op.name}({size}, {matrix})")


C_SOURCE = {
    "eliminate": """\
/* Make a matrix of n rows triangular by Gauss's elimination with pivots, and do the same to m columns beside it.
   Return the sign of the permutation. */
static double adcli_eliminate(int n, int m, double *a, double *b)
{
    double sign = 1.0;
    for (int k = 0; k < n; k++) {
        int best = k;
        for (int i = k + 1; i < n; i++) {
            best = fabs(a[i * n + k]) > fabs(a[best * n + k]) ? i : best;
        }
        for (int j = 0; best != k && j < n + m; j++) {
            double *one = j < n ? &a[k * n + j] : &b[k * m + j - n];
            double *other = j < n ? &a[best * n + j] : &b[best * m + j - n];
            const double swapped = *one;
            *one = *other;
            *other = swapped;
        }
        sign = best == k ? sign : -sign;
        for (int i = k + 1; i < n && a[k * n + k] != 0.0; i++) {
            const double factor = a[i * n + k] / a[k * n + k];
            for (int j = k; j < n; j++) {
                a[i * n + j] -= factor * a[k * n + j];
            }
            for (int j = 0; j < m; j++) {
                b[i * m + j] -= factor * b[k * m + j];
            }
        }
    }
    return sign;
}
""",
    "det": """\
/* The determinant of a matrix of n rows, which is lost. */
static double adcli_det(int n, double *a)
{
    double product = adcli_eliminate(n, 0, a, a);
    for (int i = 0; i < n; i++) {
        product *= a[i * n + i];
    }
    return product;
}
""",
    "logabsdet": """\
/* The logarithm of the absolute value of the determinant of a matrix of n rows, which is lost. */
static double adcli_logabsdet(int n, double *a)
{
    double total = 0.0;
    adcli_eliminate(n, 0, a, a);
    for (int i = 0; i < n; i++) {
        total += log(fabs(a[i * n + i]));
    }
    return total;
}
""",
    "sign_det": """\
/* The sign of the determinant of a matrix of n rows, which is lost. */
static double adcli_sign_det(int n, double *a)
{
    double sign = adcli_eliminate(n, 0, a, a);
    for (int i = 0; i < n; i++) {
        const double pivot = a[i * n + i];
        sign *= pivot > 0.0 ? 1.0 : pivot < 0.0 ? -1.0 : pivot;
    }
    return sign;
}
""",
    "solve": """\
/* Replace m columns b by the x with a x = b, for a matrix of n rows, which is lost. If it is singular x is nan. */
static void adcli_solve(int n, int m, double *a, double *b)
{
    adcli_eliminate(n, m, a, b);
    for (int i = n - 1; i >= 0; i--) {
        for (int j = 0; j < m; j++) {
            for (int k = i + 1; k < n; k++) {
                b[i * m + j] -= a[i * n + k] * b[k * m + j];
            }
            b[i * m + j] = a[i * n + i] == 0.0 ? NAN : b[i * m + j] / a[i * n + i];
        }
    }
}
""",
}
"""By the name of an operation its function in C, callees first."""


def c_source(calls: Iterable[Op]) -> list[str]:
    """Return the functions that the calls need."""
    names = {op.name for op in calls} - {"element"}
    return [text for name, text in C_SOURCE.items() if name in names or (names and name == "eliminate")]
