"""LaTeX: the value and the derivatives as formulas for amsmath's align*.

The formulas have no mask. They hold where the expression is defined.
"""

from __future__ import annotations

from ..code_writer import CodeWriter
from ..comments import Comment
from ..layout import Layout
from ..typesetting import Formulas, symbol


class Target(CodeWriter):
    """Formulas in an align* environment: the parts that have names first, then the results.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x / (x + 1.0), "x/(x + 1)", ["value"])), end="")
    % x/(x + 1)
    \\begin{align*}
    f &= \\frac{x}{x + 1}
    \\end{align*}
    """

    suffixes = (".tex",)
    comment = Comment("%")
    expands = False  # LaTeX has a form for every operation

    def make_layout(self) -> Layout:
        """Return the formulas."""
        request = self.request
        pairs = zip(reversed(request.values), reversed(request.results), strict=True)
        return Formulas(request.program, dict(pairs) if "value" in request.parts else {}, tested=len(request.values))

    def take_name(self) -> str:
        """Return the name of the value."""
        return self.request.name

    def heading(self) -> list[str]:
        """Return the expression as a comment."""
        return self.comment.lines([self.request.expression])

    def lines(self) -> list[str]:
        """Return a comment and the formulas."""
        equations = [f"{each.name} &= {each.text}" for each in self.layout.statements]
        for left, value in self._results():
            text = self.layout.text(value)
            if text != left:
                equations.append(f"{left} &= {text}")
        return [*self.heading(), r"\begin{align*}", " \\\\\n".join(equations), r"\end{align*}"]

    def _results(self) -> list[tuple[str, int]]:
        """Return the left side of each result, and its value."""
        symbols = [symbol(each) for each in self.request.wrt]
        names = [symbol(each) for each in self.request.results]
        slopes = [rf"\frac{{\partial {name}}}{{\partial {each}}}" for name in names for each in symbols]
        left = {
            "value": names,
            "gradient": slopes,
            "jacobian": slopes,
            "hessian": [
                rf"\frac{{\partial^2 {name}}}{{\partial {one} \, \partial {other}}}"
                if one != other
                else rf"\frac{{\partial^2 {name}}}{{\partial {one}^2}}"
                for name in names
                for one in symbols
                for other in symbols
            ],
            "jvp": [rf"\mathrm{{d}} {name}" for name in names],
        }
        return [
            pair
            for part in left
            if part in self.request.parts
            for pair in zip(left[part], self.request.numbers(part), strict=True)
        ]
