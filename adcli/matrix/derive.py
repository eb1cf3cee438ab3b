"""Derivatives of formulas of vectors and matrices, as formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..errors import RequestError, short
from ..graph.gc_pause import gc_paused
from ..language.ast import Formula
from ..language.parser import parse
from .algebra import Algebra
from .differential import Differential
from .extraction import Extraction
from .reader import dimensions, read_graph
from .readings import MATRIX, RANK_NAMES, Reading, choose_reading, other_readings
from .sizes import Sizes
from .values import RefusedError, Value, number, value_of
from .writer import Writer

MOST_TERMS = 100  # of a result that is written
LONGEST = 1000  # characters. A longer result is not read back, and no other ranks are tried
MOST_READINGS = 3  # of a result, until the text stays the same


class ArrayDerivatives(NamedTuple):
    """Derivatives as formulas.

    Attributes:
        texts: in the language, which reads them back.
        latex: the same in LaTeX, if it was asked for.
        ranks: of the variables, by name: ``number``, ``vector`` or ``matrix``.
        alternatives: variables with another rank that fits and gives another formula, by name.
    """

    texts: list[str]
    latex: list[str]
    ranks: dict[str, str]
    alternatives: dict[str, str]


@gc_paused()
def differentiate_arrays(
    formula: Formula,
    variables: Sequence[str],
    orders: Sequence[Sequence[str]],
    fixed: Mapping[str, int],
    symmetric: Sequence[str] = (),
    with_latex: bool = False,
) -> ArrayDerivatives:
    """Return derivatives of a formula of vectors and matrices of any sizes.

    A derivative of a number has the shape of the variable. That of a vector by a vector is the Jacobian matrix.

    Args:
        formula: the AST.
        variables: its names, in order.
        orders: for each derivative the variables to differentiate by, one after the other.
        fixed: ranks that are known: 0, 1 or 2. The others are guessed.
        symmetric: the names of matrices that equal their transposes.
        with_latex: whether LaTeX is wanted too.

    Raises:
        ShapeError: the ranks do not fit.
        RequestError: there is no notation for the result.

    >>> from adcli import parse
    >>> differentiate_arrays(parse("x @ A @ x"), ["x", "A"], [["x"]], {}).texts
    ['(A + A.T) @ x']
    """
    fixed = {**fixed, **dict.fromkeys(symmetric, MATRIX)}
    reading = choose_reading(formula, variables, fixed, symmetric)
    try:
        derivation = Derivation(formula, reading.sizes, symmetric)
        values = [derivation.derivative(names) for names in orders]
        texts = [derivation.text(value) for value in values]
    except RefusedError as error:
        raise _refusal(error, orders[0], bool(reading.sizes.shape)) from None
    latex = derivation.latex(values) if with_latex else []
    ranks = {name: RANK_NAMES[rank] for name, rank in reading.ranks.items()}
    others = other_readings(formula, reading, fixed, symmetric)
    first_texts = [derivation.writer.formula(value) for value in values]
    return ArrayDerivatives(texts, latex, ranks, _alternatives(formula, others, symmetric, orders, first_texts))


@gc_paused()
def typeset_arrays(formula: Formula, variables: Sequence[str], fixed: Mapping[str, int]) -> str:
    r"""Return a formula of vectors and matrices of any sizes in LaTeX. The arguments are those above.

    Raises:
        ShapeError: the ranks do not fit.
        RequestError: there is no notation for the formula.

    >>> from adcli import parse
    >>> print(typeset_arrays(parse("(A + A.T) @ x"), ["A", "x"], {}))
    \left(A + A^{\top}\right) x
    """
    reading = choose_reading(formula, variables, fixed)
    try:
        derivation = Derivation(formula, reading.sizes)
        return derivation.latex([derivation.value])[0]
    except RefusedError as error:
        raise RequestError(f"there is no matrix notation for {error}") from None


def _alternatives(
    formula: Formula,
    readings: Iterable[tuple[str, Reading]],
    symmetric: Sequence[str],
    orders: Sequence[Sequence[str]],
    texts: list[str],
) -> dict[str, str]:
    """Return the variables whose other rank gives other texts, with that rank. Long texts are not compared."""
    if sum(map(len, texts)) > LONGEST:
        return {}
    return {
        name: RANK_NAMES[reading.ranks[name]]
        for name, reading in readings
        if _texts(formula, reading.sizes, symmetric, orders) not in (None, texts)
    }


def _refusal(error: RefusedError, wrt: Sequence[str], is_array: bool) -> RequestError:
    """Return the error for a result without notation. It names the command that computes the result."""
    command = "jac" if is_array else "grad" if len(wrt) == 1 else "hess"
    result = "it" if len(wrt) <= (1 if is_array else 2) else f"the {'first' if is_array else 'second'} derivative"
    return RequestError(
        f"there is no matrix notation for {error}",
        hint=f"gradient, jacobian and hessian compute {result} at a point",
        command_hint=f"{command} computes {result} at a point, as in adcli {command} … --{short(wrt[0])} VALUE",
    )


def _texts(
    formula: Formula, sizes: Sizes, symmetric: Sequence[str], orders: Sequence[Sequence[str]]
) -> list[str] | None:
    try:
        derivation = Derivation(formula, sizes, symmetric)
        return [derivation.writer.formula(derivation.derivative(names)) for names in orders]
    except RefusedError:
        return None


class Derivation:
    """A formula of arrays in normal form, and its derivatives.

    Args:
        formula: the AST.
        sizes: the formula at shapes that fit.
        symmetric: the names of matrices that equal their transposes.

    Raises:
        RefusedError: there is no notation for the formula.
    """

    def __init__(self, formula: Formula, sizes: Sizes, symmetric: Sequence[str] = ()) -> None:
        self.sizes = sizes
        self.algebra = Algebra(symmetric)
        self.value = read_graph(self.algebra, sizes)
        self.writer = Writer(self.algebra, sizes)

    def derivative(self, wrt: Sequence[str]) -> Value:
        """Return the derivative by these variables, one after the other."""
        value = self.value
        for name in wrt:
            value = self._by(value, name)
            if len(value.terms) > MOST_TERMS:
                raise RefusedError(f"a result of {len(value.terms)} terms")
        return value

    def text(self, value: Value) -> str:
        """Return a value in the language. Read back, it prints as the same text."""
        text = self.writer.formula(value)
        for _ in range(MOST_READINGS):
            again = self._read_back(text) if len(text) <= LONGEST else text
            if again == text:
                break
            text = again
        return text

    def _read_back(self, text: str) -> str:
        formula = parse(text)
        ranks = {name: len(shape) for name, shape in self.sizes.shapes.items()}
        symmetric = list(self.algebra.symmetric)
        try:
            derivation = Derivation(formula, Sizes(formula, ranks, symmetric), symmetric)
        except RefusedError:  # it is too deep
            return text
        return derivation.writer.formula(derivation.value)

    def latex(self, values: Sequence[Value]) -> list[str]:
        """Return values in LaTeX."""
        from .latex import LatexWriter

        return [LatexWriter(self.writer).formula(value) for value in values]

    def _by(self, value: Value, name: str) -> Value:
        shape = self.sizes.shapes[name]
        rows, columns = dimensions(shape)
        variable = self.algebra.atom("name", (name,), rows, columns)
        if not shape:
            return Differential(self.algebra, variable, number(1)).of(value)
        rank = (value.rows > 1) + (value.columns > 1)
        if rank + len(shape) > 2:
            raise RefusedError(f"the derivative of a {RANK_NAMES[rank]} by the {RANK_NAMES[len(shape)]} {short(name)}")
        change = self.algebra.atom("name", (name, "change"), rows, columns)
        differential = Differential(self.algebra, variable, value_of(change)).of(value)
        extraction = Extraction(self.algebra, change)
        return extraction.jacobian(differential) if rank else extraction.gradient(differential)
