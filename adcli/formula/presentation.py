"""The methods of `Function` that show it: formulas, pictures, the steps of a derivative, code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import AdcliError, RequestError, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import ArrayLike

    from ..draw.show import Drawing, Plot
    from .engine import Engine
    from .pass_tables import PassTables
    from .point_types import Arrays, Limits, Names, Ranges


MAX_SHOWN_TEXT = 2000  # characters of a formula that a notebook typesets
MAX_SHOWN_LATEX = 5000  # characters of LaTeX that a notebook typesets
MODES = ("reverse", "forward")
MAX_DIGITS = 17


class Presentation:
    """What people read of a formula."""

    _engine: Engine
    variables: tuple[str, ...]

    def visualize(self, name: str | None = None, /, *point: Arrays, **inputs: ArrayLike) -> Drawing | Path:
        """Draw the graph at a point, with values and adjoints: into a file, or as a picture that a notebook shows.

        Args:
            name: a file. Its suffix is the format (svg, png, pdf, dot, json) [default: ``.svg``].
            point, inputs: the values of the variables, numbers or arrays.

        >>> import adcli
        >>> adcli.compile("x*y").visualize(None, x=2.0, y=3.0)._repr_svg_()[:5]
        '<?xml'
        """
        from ..draw.build import Detail, picture_of
        from ..draw.show import Drawing, show
        from .view import view_formula

        values = self._engine.arguments.read_arrays(point, inputs)
        view = view_formula(self._engine.lowerings, values, self.variables, with_slopes=False)
        return show(Drawing(picture_of(view, Detail(partials=True, which=view.result_index(None)))), name)

    def plot(
        self,
        name: str | None = None,
        /,
        *point: Ranges,
        order: int = 1,
        data: tuple[ArrayLike, ArrayLike] | None = None,
        log: str = "",
        ylim: Limits = (None, None),
        title: str | None = None,
        size: tuple[float, float] | None = None,
        dark: bool = False,
        **inputs: ArrayLike,
    ) -> Plot | Path:
        """Plot the value and its derivatives over one variable: into a file, or as a picture that a notebook shows.

        Lines break at poles and jumps, and kinks are marked. It needs the extra `plot`.

        Args:
            name: a file. Its suffix is the format (svg, png, pdf) [default: ``.svg``].
            point, inputs: the tuple ``(start, stop)`` for one variable, and a number for each other one. In a formula
                of numbers a list or an array has a curve for each of its numbers.
            order: of the last derivative that is drawn, 0 to 2.
            data: the positions and the values of points that are drawn over the curve.
            log: ``"x"``, ``"y"`` or ``"xy"``: the axes with a logarithmic scale.
            ylim: the ends of the axis of the values, None for one that follows from the curve.
            title: above the plot [default: the expression].
            size: width and height in inches.
            dark: draw light lines on a dark ground.

        >>> import adcli
        >>> adcli.compile("a*x**2").plot(x=(-1, 3), a=0.5)
        <Plot of x from -1 to 3; f from 0 to 4.5; df/dx from -1 to 3; a = 0.5>
        """
        from ..draw.show import Plot, show
        from .plot_arguments import PlotOptions, chart_of, read_size

        self._engine.arguments.check_options("plot", order=order, data=data, log=log, ylim=ylim, title=title, size=size)
        options = PlotOptions(order, data, log, ylim, title)
        return show(Plot(chart_of(self._engine, point, inputs, options), dark, read_size(size)), name)

    def trace(
        self,
        /,
        *point: Arrays,
        wrt: Names = None,
        mode: str = "reverse",
        of: str | None = None,
        digits: int | None = None,
        **inputs: ArrayLike,
    ) -> PassTables:
        """Return the chain rule at a point, step by step, as tables that print as text and that a notebook shows.

        Args:
            point, inputs: the values of the variables, numbers or arrays.
            wrt: the variables to differentiate by.
            mode: ``"reverse"`` has the values, then every contribution to an adjoint, from the result back to the
                inputs. ``"forward"`` has the values and beside them the tangents along each variable.
            of: the result whose backward pass is shown, such as ``"f2"`` [default: all].
            digits: significant digits [default: the shortest that round-trips].

        Raises:
            ShapeError: a result is an array, and a backward pass starts from a number.

        >>> import adcli
        >>> adcli.compile("u = x**2; u*y").trace(x=3.0, y=2.0, mode="forward")
        primal and tangents
          step  formula  primal  tangent d/dx  tangent d/dy
          x              3.0     1.0           0.0
          u     x**2     9.0     6.0           0.0
          y              2.0     0.0           1.0
          f     u*y      18.0    12.0          9.0
        """
        from .pass_tables import trace_formula

        arguments = self._engine.arguments
        arguments.check_options("trace", wrt=wrt, mode=mode, of=of, digits=digits)
        if mode not in MODES:
            raise RequestError(f"there is no mode {quoted(str(mode))}", hint="the modes are reverse and forward")
        if digits is not None and not 1 <= digits <= MAX_DIGITS:
            raise RequestError(f"digits={digits}: give 1 to {MAX_DIGITS} digits")
        values, names = arguments.read_arrays(point, inputs), arguments.read_wrt(wrt)
        return trace_formula(self._engine.lowerings, values, names, of, forward=mode == "forward", digits=digits)

    def latex(self, ranks: Mapping[str, int] | None = None) -> str:
        r"""Return the formula as LaTeX for display mode, such as that of `IPython.display.Math`, and no more.

        It needs no LaTeX package that MathJax and KaTeX lack. Bindings, and parts of a long formula, stand above the
        result, a line each. The derivative is ``f.diff("x").latex()``.

        Args:
            ranks: 0, 1 or 2 for variables that are numbers, vectors or matrices [default: guessed].

        Raises:
            RequestError: there is no notation for one of the operations on arrays, or a rank is not one of these.

        >>> import adcli
        >>> f = adcli.compile("x**2/sqrt(alpha)")
        >>> print(f.latex())
        \frac{x^{2}}{\sqrt{\alpha}}
        >>> print(f.diff("x").latex())
        \frac{2 x}{\sqrt{\alpha}}
        """
        from .symbolic import typeset

        return typeset(self._engine.lowerings, self._engine.arguments.read_ranks(ranks))

    def _repr_latex_(self) -> str | None:
        if len(str(self._engine.lowerings.formula)) > MAX_SHOWN_TEXT:
            return None
        try:
            latex = self.latex()
        except AdcliError:  # there is no notation for an operation on arrays
            return None
        return rf"$\displaystyle {latex}$" if len(latex) <= MAX_SHOWN_LATEX else None

    def code(
        self,
        target: str,
        what: str | Sequence[str] | None = None,
        wrt: Names = None,
        name: str = "f",
        table: str | None = None,
        shapes: Mapping[str, int | Sequence[int]] | None = None,
    ) -> str:
        """Return the value and derivatives as a function in another language, which needs nothing but that language.

        Args:
            target: ``"c"``, ``"javascript"`` … `adcli code --help` lists them.
            what: some of ``"value"``, ``"gradient"``, ``"jacobian"``, ``"hessian"``, ``"jvp"``, in any order
                [default: the value and its first derivatives].
            wrt: the variables to differentiate by.
            name: of the function.
            table: for SQL, the table to read [default: points].
            shapes: of the variables that are arrays, as in ``{"A": (2, 3), "x": 3}``.

        >>> import adcli
        >>> print(adcli.compile("a*x").code("c", what="value").partition("double")[2], end="")
         f(double a, double x)
        {
            return a * x;
        }
        """
        from .symbolic import write_code

        parts, arguments = [what] if isinstance(what, str) else what, self._engine.arguments
        names, sizes = arguments.read_wrt(wrt), arguments.read_shapes(shapes)
        return write_code(self._engine.lowerings, target, parts, names, name, table, sizes)
