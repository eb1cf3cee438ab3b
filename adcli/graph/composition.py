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


class Composition:
    """Compute the coefficients of f(u) one after the other.

    Args:
        coefficient: from j to the j-th Taylor coefficient of f at u_0.
        argument: the coefficients of u. Coefficient k of the result needs those up to k.
        order: about the highest order that will be needed.

    Attributes:
        operations: products of coefficients computed so far.

    >>> exponential = Composition(lambda j: [1.0, 1.0, 0.5, 1.0 / 6.0][j], [0.0, 1.0, 1.0, 0.0], 3)
    >>> [exponential.next(k) for k in (1, 2, 3)]
    [1.0, 1.5, 1.1666666666666667]
    """

    def __init__(self, coefficient: Callable[[int], float], argument: list[float], order: int) -> None:
        self.operations = 0
        self._coefficient = coefficient
        self._argument = argument
        self._terms = [0.0]  # of f. Its constant term does not count from order 1 on
        # The terms of a block. Their number is even, because a square costs half a product.
        self._size = 2 * max(1, round((order / 7.0) ** 0.5))
        self._powers = [[1.0], *([0.0] for _ in range(self._size))]  # the series of w**0, w**1, …
        self._nested = [[0.0]]  # by b the series B_b + W*(B_(b + 1) + …), whose entry p is needed at k = b*size + p

    def next(self, k: int) -> float:
        """Return coefficient k of f(u). Call it for k = 1, 2, … without gaps."""
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
            products = [self._terms[first + i] * powers[i][p] for i in range(1, min(size, p + 1)) if powers[i][p]]
            total = self._sum(products)
            if p >= size:
                total += self._product(powers[size], self._nested[b + 1], size, p)
            self._nested[b].append(total)
        return self._nested[0][k]

    def _product(self, a: list[float], b: list[float], least: int, k: int) -> float:
        """Return coefficient k of a product whose first factor begins at order `least`."""
        return self._sum([a[i] * b[k - i] for i in range(least, k + 1) if a[i] and b[k - i]])

    def _square(self, a: list[float], k: int) -> float:
        """Return coefficient k of a square. Each pair of equal products is computed once."""
        twice = self._sum([a[i] * a[k - i] for i in range(1, (k + 1) // 2) if a[i] and a[k - i]])
        return 2.0 * twice + (a[k // 2] ** 2 if k % 2 == 0 else 0.0)

    def _sum(self, products: list[float]) -> float:
        self.operations += len(products)
        return sum(products, 0.0)
