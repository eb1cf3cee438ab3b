"""Compose a function with a power series, from the function's own Taylor coefficients.

With w = u - u_0 and W = w**m, f(u) in blocks of m terms is B_0 + W*(B_1 + W*(B_2 + …)). Each W raises the lowest order
by m. With m near the root of n/2 all coefficients to order n cost about 0.5*n**2.5 products. One power of w per term
would cost n**3/6. (Paterson & Stockmeyer 1973; Brent & Kung, Fast Algorithms for Manipulating Formal Power Series,
1978, algorithm 2.1.)

A quotient, such as sin(u)/u for sinc(u), would be quadratic. But near u = 0 its high coefficients would lose all
digits.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf


class Composition:
    """Compute the coefficients of f(u) one after the other.

    Args:
        coefficient: from j to the j-th Taylor coefficient of f at u_0.
        argument: the coefficients of u. Coefficient k of the result needs those up to k.
        order: about the highest order that will be needed.
        degree: of u, the index of its last coefficient.

    Attributes:
        coefficient: as above.
        operations: products of coefficients computed so far.

    >>> exponential = Composition(lambda j: [1.0, 1.0, 0.5, 1.0 / 6.0][j], [0.0, 1.0, 1.0, 0.0], 3)
    >>> [exponential.next(k) for k in (1, 2, 3)]
    [1.0, 1.5, 1.1666666666666667]
    """

    def __init__(
        self, coefficient: Callable[[int], float], argument: list[float], order: int, degree: float = inf
    ) -> None:
        self.operations = 0
        self.coefficient = coefficient
        self._argument = argument
        self._degree = degree
        self._terms = [0.0]  # of f. Its constant term does not count from order 1 on
        # The terms of a block. Their number is even, because a square costs half a product.
        self._size = 2 * max(1, round((order / 7.0) ** 0.5))
        self._powers = [[0.0] for _ in range(self._size + 1)]  # the series of w**1, w**2, …, by exponent
        self._nested = [[0.0]]  # by b the series B_b + W*(B_(b + 1) + …), whose entry p is needed at k = b*size + p

    def next(self, k: int) -> float:
        """Return coefficient k of f(u). Call it for k = 1, 2, … without gaps."""
        size, powers = self._size, self._powers
        self._terms.append(self.coefficient(k))
        for i in range(1, size + 1):
            powers[i].append(self._power(i, k))
        if k % size == 0:
            self._nested.append([self._terms[k]])
        for b in range((k - 1) // size, -1, -1):
            first, p = b * size, k - b * size
            exponents = range(1, min(size - 1, p) + 1)
            total = self._sum([self._terms[first + i] * powers[i][p] for i in exponents if p <= i * self._degree])
            if p >= size:
                total += self._product(size, powers[size], 0, self._nested[b + 1], p)
            self._nested[b].append(total)
        return self._nested[0][k]

    def _power(self, i: int, k: int) -> float:
        """Return coefficient k of w**i, whose series begins at i and ends at i times the degree of u."""
        if not i <= k <= i * self._degree:
            return 0.0
        if i == 1:
            return self._argument[k]
        half, odd = divmod(i, 2)
        if odd:
            return self._product(1, self._powers[1], i - 1, self._powers[i - 1], k)
        return self._square(half, self._powers[half], k)

    def _product(self, i: int, a: list[float], j: int, b: list[float], k: int) -> float:
        """Return coefficient k of w**i, the series `a`, times a series `b` that begins at j."""
        last = min(k - j, i * self._degree)
        return self._sum([a[n] * b[k - n] for n in range(i, int(last) + 1)])

    def _square(self, i: int, a: list[float], k: int) -> float:
        """Return coefficient k of w**i squared. Each pair of equal products is computed once."""
        least = max(i, k - min(k, i * self._degree))
        twice = self._sum([a[n] * a[k - n] for n in range(int(least), (k + 1) // 2)])
        return 2.0 * twice + (a[k // 2] * a[k // 2] if k % 2 == 0 else 0.0)

    def _sum(self, products: list[float]) -> float:
        self.operations += len(products)
        return sum(products, 0.0)
