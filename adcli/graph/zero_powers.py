"""The power series of u**y where u is 0 at the start. The equation of a power divides by u there.

If y is whole, u = h**m * v with v_0 other than 0, and u**y = h**(m*y) * v**y. The powers of v have the usual equation.
(Knuth, The Art of Computer Programming, volume 2, section 4.7.)
"""

from __future__ import annotations

from math import ceil, inf, isfinite, nan

from ..ops.kernels.ieee import power


class ZeroPower:
    """Compute the coefficients of u**y one after the other.

    Args:
        base: the coefficients of u, of which the first is 0. Coefficient k of the result needs those up to k.
        result: the coefficients of u**y so far. The caller appends what `next` returns.
        exponent: y at the start.
        varies: whether y varies. Then u is the constant 0.

    Attributes:
        operations: products of coefficients computed so far.

    >>> cube = [0.0]
    >>> rule = ZeroPower([0.0, 1.0, 2.0], cube, 3.0)
    >>> for k in (1, 2, 3, 4, 5):
    ...     cube.append(rule.next(k))
    >>> cube
    [0.0, 0.0, 0.0, 1.0, 6.0, 12.0]
    """

    def __init__(self, base: list[float], result: list[float], exponent: float, varies: bool = False) -> None:
        self.operations = 0
        self._base = base
        self._result = result
        self._exponent = exponent
        self._varies = varies
        self._is_finite = True  # the coefficients of u so far
        self._lowest = 0  # m, or 0 as long as all coefficients of u are 0

    def next(self, k: int) -> float:
        """Return coefficient k of u**y. Call it for k = 1, 2, … without gaps."""
        u = self._base[k] if k < len(self._base) else 0.0
        y = self._exponent
        if y in (0.0, 1.0) and not self._varies:
            return u if y else 0.0
        self._is_finite = self._is_finite and isfinite(u)
        if not self._is_finite or not y >= 0.0:
            return nan
        if self._varies or k < y:
            self._find_lowest(u, k)
            return 0.0
        if not y.is_integer():
            # The derivative of order ceil(y) is the first infinite one.
            return inf * power(self._base[1] if len(self._base) > 1 else 0.0, float(k)) if k == ceil(y) else nan
        self._find_lowest(u, k)
        return self._next_whole(k - self._lowest * y) if self._lowest else 0.0

    def _find_lowest(self, u: float, k: int) -> None:
        if not self._lowest and u:
            self._lowest = k

    def _next_whole(self, j: float) -> float:
        """Return coefficient j of v**y."""
        v, y = self._base[self._lowest :], self._exponent
        if j <= 0:
            return power(v[0], y) if j == 0 else 0.0
        k = int(j)
        w = self._result[-k:]
        terms = [(i * (y + 1.0) - k) * v[i] * w[k - i] for i in range(1, min(k, len(v) - 1) + 1)]
        self.operations += len(terms)
        return sum(terms, 0.0) / k / v[0]
