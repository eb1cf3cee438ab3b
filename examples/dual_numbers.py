"""Forward mode: f = sin(x)*cos(y) at (2, 3) by dual numbers, and the same by reverse mode."""

from __future__ import annotations

from typing import Any

import adcli
from adcli import Dual, Value


def f(x: Any, y: Any) -> Any:
    """Compute the function, for floats, Duals and Values."""
    return adcli.sin(x) * adcli.cos(y)


def main() -> None:
    """Print the gradient in four ways, and second derivatives by duals of duals."""
    print(f"f           {f(2.0, 3.0):.6f}")

    by_x = f(Dual(2.0, 1.0), Dual(3.0, 0.0))  # one pass for each input
    by_y = f(Dual(2.0, 0.0), Dual(3.0, 1.0))
    print(f"two passes  {by_x.tangent:.6f}  {by_y.tangent:.6f}")

    both = f(Dual(2.0, [1.0, 0.0]), Dual(3.0, [0.0, 1.0]))  # two tangents in one pass
    print(f"one pass    {both.tangent[0]:.6f}  {both.tangent[1]:.6f}")

    x, y = Value(2.0), Value(3.0)
    f(x, y).backward()  # one pass, back from the output, for any number of inputs
    print(f"reverse     {x.grad:.6f}  {y.grad:.6f}")

    along = adcli.jvp(f, (2.0, 3.0), (0.6, 0.8))[1]
    print(f"along (0.6, 0.8) {along:.6f}, which is {0.6 * x.grad + 0.8 * y.grad:.6f}")

    twice = f(Dual(Dual(2.0, 1.0), Dual(1.0, 0.0)), 3.0)  # a dual number whose parts are dual numbers
    print(f"d2f/dx2     {twice.tangent.tangent:.6f}, by grad of grad {adcli.grad(adcli.grad(f, 0), 0)(2.0, 3.0):.6f}")

    # Levels separate two derivatives: d/dx [x * d/dy (x + y)] is 1. Mixed tangents would give 2.
    nested = adcli.grad(lambda x: x * adcli.jvp(lambda y: x + y, (1.0,), (1.0,))[1])(1.0)
    print(f"nested      {nested:.0f}")


if __name__ == "__main__":
    main()
