"""Write values in normal form as LaTeX. A vector is a column there, so that a product is its factors in order."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from ..codegen.typesetting import JUXTAPOSED, spell, spell_number, symbol
from ..graph.text import tree_text
from ..ops import TABLE
from ..ops.arithmetic import POSTFIX, POWER, PRODUCT
from ..ops.operands import Operand
from .atom_writer import HALF, axis_text
from .values import Atom, Chain, Factor, Powers, Value
from .writer import Writer
from .written import Written

LEFT, RIGHT = r"\left(", r"\right)"


class LatexText(Written):
    """A text of LaTeX."""

    def within(self, least: float) -> str:
        """Return the text, in parentheses if it binds less than this."""
        return f"{LEFT}{self.text}{RIGHT}" if self.binding < least else self.text


class LatexWriter(Writer):
    """Writes LaTeX.

    Args:
        plain: the writer whose choice of forms is used.
    """

    part = LatexText

    def __init__(self, plain: Writer) -> None:
        super().__init__(plain.algebra, plain.sizes)
        self._plain = plain

    def _best(self, value: Value) -> tuple[Written, Value]:
        best = self._written.get(value)
        if best is None:
            form = self._plain._best(value)[1]
            best = self._written[value] = (self._sum(form), form)
        return best

    def best_form(self, value: Value) -> Value:
        """Return the form that the language writes."""
        return self._plain.best_form(value)

    def is_brief(self, value: Value, chain: Chain) -> bool:
        """Return False, because ones are written."""
        return False

    def numbers(self, scalars: Powers) -> list[tuple[Written, Fraction]]:
        """Return the factors that are numbers. A mean is written as a sum over its size."""
        return [(self.atom(atom), exponent) for atom, exponent in scalars]

    def decimal(self, value: float) -> str:
        """Return a positive decimal number."""
        return spell_number(value)[0]

    def fraction(self, above: Sequence[Written], below: Sequence[Written], core: Written | None) -> Written:
        """Return numbers times a core, over numbers."""
        loose = len(above) > 1 or core is not None
        factors: list[Written] = [self.part(each.within(JUXTAPOSED), each.binding) if loose else each for each in above]
        factors += [] if core is None else [core]
        factors = factors or [self.part("1", POSTFIX)]
        top = factors[0] if len(factors) == 1 else self._juxtaposed(factors)
        if not below:
            return top
        bottom = below[0] if len(below) == 1 else self._juxtaposed(below)
        return self.part(rf"\frac{{{top.text}}}{{{bottom.text}}}", JUXTAPOSED)

    def _juxtaposed(self, factors: Sequence[Written]) -> Written:
        texts = [each.within(PRODUCT) if each is factors[-1] else each.text for each in factors]
        joined = texts[0]
        for text in texts[1:]:
            joined += (r" \cdot " if text[:1].isdigit() else " ") + text
        return self.part(joined, PRODUCT)

    def power(self, base: Written, exponent: Fraction) -> Written:
        """Return a positive power."""
        if exponent == 1:
            return base
        if exponent == HALF:
            return self.part(rf"\sqrt{{{base.text}}}", JUXTAPOSED)
        return self.part(f"{base.within(POSTFIX)}^{{{self.exponent(exponent)}}}", POWER)

    def _core(self, value: Value, chain: Chain, is_brief: bool) -> Written | None:
        if not chain:
            return None if value.is_number else self.identity(value.rows)
        return self.chain(chain)

    def identity(self, size: int) -> Written:
        """Return an identity matrix."""
        return self.part("I", POSTFIX)

    def zero(self, value: Value) -> Written:
        """Return zeros."""
        return self.part("0", POSTFIX)

    def chain(self, chain: Chain) -> Written:
        """Return a product of at least one factor."""
        if len(chain) == 1:
            return self.factor(chain[0])
        return self.part(" ".join([self.factor(each).within(JUXTAPOSED) for each in chain]), PRODUCT)

    def factor(self, factor: Factor) -> Written:
        """Return one factor of a product."""
        if not factor.transposed:
            return self.atom(factor.atom)
        if factor.atom.kind == "inv":
            return self._inverse(factor.atom, r"-\top")
        return self.part(rf"{self.atom(factor.atom).within(POSTFIX)}^{{\top}}", POWER)

    def _inverse(self, atom: Atom, exponent: str) -> Written:
        inner = self.write(cast("Value", atom.arguments[0]))
        return self.part(f"{inner.within(POSTFIX)}^{{{exponent}}}", POWER)

    def atom(self, atom: Atom) -> Written:
        """Return an atom."""
        if atom.kind == "name":
            return self.part(symbol(str(atom.arguments[0])), POSTFIX)
        if atom.kind == "size":
            return self.part(rf"\dim {self._size(cast('int', atom.arguments[0]))}", JUXTAPOSED)
        if atom.kind == "ones":
            return self.part(r"\mathbf{1}", POSTFIX)
        if atom.kind == "inv":
            return self._inverse(atom, "-1")
        return super().atom(atom)

    def _size(self, size: int) -> str:
        name = self.sizes.text(size).removeprefix("len(").removesuffix(")")
        return symbol(name.removesuffix(".T")) + (r"^{\top}" if name.endswith(".T") else "")

    def call(self, name: str, argument: Written) -> Written:
        """Return a function of a matrix."""
        if name == "norm":
            return self.part(rf"\left\lVert {argument.text} \right\rVert", POSTFIX)
        function = r"\det" if name == "det" else rf"\operatorname{{{'tr' if name == 'trace' else name}}}"
        return self.part(f"{function}{LEFT}{argument.text}{RIGHT}", JUXTAPOSED)

    def elements(self, powers: Powers) -> Written:
        """Return a product of powers of elements."""
        above = [self._element_power(atom, e) for atom, e in powers if e > 0]
        below = [self._element_power(atom, -e) for atom, e in powers if e < 0]
        if len(above) == 1 and not below:
            return above[0]
        text = r" \odot ".join([each.within(JUXTAPOSED) for each in above]) or r"\mathbf{1}"
        for each in below:
            text += rf" \oslash {each.within(JUXTAPOSED)}"
        return self.part(text, PRODUCT)

    def _element_power(self, atom: Atom, exponent: Fraction) -> Written:
        base = self.base(atom)
        if exponent == 1:
            return base
        return self.part(rf"{base.within(POSTFIX)}^{{\odot {self.exponent(exponent)}}}", POWER)

    def function(self, atom: Atom) -> Written:
        """Return a function of elements, or one that mixes them along an axis."""
        name, parameters, arguments = cast("tuple[str, tuple[int | None, ...], tuple[Value, ...]]", atom.arguments)
        texts = [self.write(argument) for argument in arguments]
        if parameters:
            named = rf"\operatorname{{{name}}}".replace("_", r"\_")
            axis = axis_text(name, parameters[0], arguments[0])
            axis = f"_{{{axis.removeprefix(', ')}}}" if axis else ""
            return self.part(f"{named}{axis}{LEFT}{texts[0].text}{RIGHT}", JUXTAPOSED)
        form = spell(TABLE[name], [cast("Operand", None)] * len(texts))

        def expand(child: int) -> tuple[Sequence[str | tuple[int, float]], float]:
            return ((texts[child].text,), texts[child].binding) if child >= 0 else (form.pieces, form.binding)

        return self.part(tree_text(-1, expand, parentheses=(LEFT, RIGHT)), form.binding)
