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
        labels = {self.request.value: self.name} if "value" in self.request.parts else {}
        return Formulas(self.request.program, labels)

    def take_name(self) -> str:
        """Return the name of the value."""
        return self.request.name

    def heading(self) -> list[str]:
        """Return the expression as a comment."""
        return self.comment.lines([self.request.expression])

    def lines(self) -> list[str]:
        """Return a comment and the formulas."""
        equations = [f"{each.name} &= {each.text}" for each in self.layout.statements]
        for left, value in self._results(symbol(self.name)):
            text = self.layout.text(value)
            if text != left:
                equations.append(f"{left} &= {text}")
        return [*self.heading(), r"\begin{align*}", " \\\\\n".join(equations), r"\end{align*}"]

    def _results(self, name: str) -> list[tuple[str, int]]:
        """Return the left side of each result, and its value."""
        symbols = [symbol(each) for each in self.request.wrt]
        left = {
            "value": [name],
            "gradient": [rf"\frac{{\partial {name}}}{{\partial {each}}}" for each in symbols],
            "hessian": [
                rf"\frac{{\partial^2 {name}}}{{\partial {one} \, \partial {other}}}"
                if one != other
                else rf"\frac{{\partial^2 {name}}}{{\partial {one}^2}}"
                for one in symbols
                for other in symbols
            ],
            "jvp": [rf"\mathrm{{d}} {name}"],
        }
        return [pair for part, values in self.request.parts.items() for pair in zip(left[part], values, strict=True)]
