"""A function of a power series, from the function's own Taylor coefficients: f(u) for f that solves no equation.

In blocks of m terms f(u) is B_0 + W*(B_1 + W*(B_2 + …)), with w = u - u_0 and W = w**m. What is below W begins at order
m later, so that with m near the root of n/2 all coefficients to order n cost some 0.5*n**2.5 products, where a power of
w for each term would cost n**3/6. (Paterson & Stockmeyer 1973; Brent & Kung, Fast Algorithms for Manipulating Formal
Power Series, 1978, algorithm 2.1.) A quotient would be quadratic, sin(u)/u for sinc(u) say, but lose all digits of the
high coefficients where u comes near 0.
"""

from __future__ import annotations

from collections.abc import Callable


class Composition:
    """The coefficients of f(u), one after the other.

    Args:
        coefficient: from j to the j-th Taylor coefficient of f at u_0.
        argument: the coefficients of u; those up to k must be there for coefficient k of the result.
        order: that will be asked for, or about that.

    Attributes:
        operations: products of coefficients that were computed so far.

    >>> exponential = Composition(lambda j: [1.0, 1.0, 0.5, 1.0 / 6.0][j], [0.0, 1.0, 1.0, 0.0], 3)
    >>> [exponential.next(k) for k in (1, 2, 3)]
    [1.0, 1.5, 1.1666666666666667]
    """

    def __init__(self, coefficient: Callable[[int], float], argument: list[float], order: int) -> None:
        self.operations = 0
        self._coefficient = coefficient
        self._argument = argument
        self._terms = [0.0]  # of f; its constant is in no coefficient from the first on
        self._size = 2 * max(1, round((order / 7.0) ** 0.5))  # of a block; even, for a square costs half a product
        self._powers = [[1.0], *([0.0] for _ in range(self._size))]  # of w
        self._nested = [[0.0]]  # B_b + W*(B_(b + 1) + …), by b; entry p of it is needed when k = b*size + p

    def next(self, k: int) -> float:
        """Coefficient k of f(u), from 1 on and without gaps."""
        size, powers = self._size, self._powers
        self._terms.append(self._coefficient(k))
        powers[0].append(0.0)
        powers[1].append(self._argument[k])
        for i in range(2, size + 1):
            half, odd = divmod(i, 2)
            powers[i].append(self._product(powers[1], powers[i - 1], 1, k) if odd else self._square(powers[half], k))
        if k % size == 0:
            self._nested.append([self._terms[k]])
        for b in range((k - 1) // size, -1, -1):
            first, p = b * size, k - b * size
            inside = [self._terms[first + i] * powers[i][p] for i in range(1, min(size, p + 1)) if powers[i][p]]
            total = self._sum(inside)
            if p >= size:
                total += self._product(powers[size], self._nested[b + 1], size, p)
            self._nested[b].append(total)
        return self._nested[0][k]

    def _product(self, a: list[float], b: list[float], least: int, k: int) -> float:
        """Coefficient k of a product whose first factor begins at order `least`."""
        return self._sum([a[i] * b[k - i] for i in range(least, k + 1) if a[i] and b[k - i]])

    def _square(self, a: list[float], k: int) -> float:
        """Coefficient k of a square, what stands in it twice computed once."""
        twice = self._sum([a[i] * a[k - i] for i in range(1, (k + 1) // 2) if a[i] and a[k - i]])
        return 2.0 * twice + (a[k // 2] ** 2 if k % 2 == 0 else 0.0)

    def _sum(self, products: list[float]) -> float:
        self.operations += len(products)
        return sum(products, 0.0)
