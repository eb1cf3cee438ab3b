"""Write values in normal form in the language. LaTeX is in `latex.py`."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import cast

from ..ops.arithmetic import NEGATION, POSTFIX, PRODUCT, SUM
from .algebra import Algebra
from .atom_writer import AtomWriter, summed_sizes
from .forms import expand, grouped_forms
from .sizes import Sizes
from .values import (
    Atom,
    Chain,
    Factor,
    Powers,
    Term,
    Value,
    only_atom,
    only_term,
    transpose,
)
from .written import Written, cost

EXPANDED_SHARE = 0.8  # of the length of a text. A longer text with its products expanded is not used


class Writer(AtomWriter):
    """Writes values in the language.

    Args:
        algebra: of the values.
        sizes: of the axes.
    """

    def __init__(self, algebra: Algebra, sizes: Sizes) -> None:
        super().__init__(algebra, sizes)
        self._written: dict[Value, tuple[Written, Value]] = {}

    def formula(self, value: Value) -> str:
        """Return the shortest text of a value. Its expanded form must be much shorter to be used."""
        return self.write(self.best_form(value)).text

    def best_form(self, value: Value) -> Value:
        """Return a value, or its expanded form if that is much shorter."""
        expanded = expand(self.algebra, value)
        if expanded == value or cost(self.write(expanded).text) > EXPANDED_SHARE * cost(self.write(value).text):
            return value
        return expanded

    def write(self, value: Value) -> Written:
        """Return the shortest text of a sum with and without common factors."""
        return self._best(value)[0]

    def _best(self, value: Value) -> tuple[Written, Value]:
        """Return the shortest text of a value, and the form that it is the text of."""
        best = self._written.get(value)
        if best is None:
            best = self._written[value] = (self._sum(value), value)
            keeps_solve = self.algebra.writes_solve and len(value.terms) > 1 and _has_inverse(value)
            for form in [] if keeps_solve else grouped_forms(self.algebra, value):
                written = self._sum(form)
                if cost(written.text) < cost(best[0].text):
                    best = written, form
            self._written[value] = best
        return best

    # ---------------------------------------------------------------- sums and terms

    def _sum(self, value: Value) -> Written:
        if not value.terms:
            return self.zero(value)
        if value.rows == 1 and value.columns > 1:
            return self._sum(transpose(value))
        ordered = sorted(value.terms.items(), key=lambda item: item[1] < 0)
        brief = [self.is_brief(value, chain) for (_, chain), _ in ordered]
        if all(brief):
            brief[0] = False
        text, binding = "", float(SUM)
        for place, ((term, coefficient), is_brief) in enumerate(zip(ordered, brief, strict=True)):
            written, is_negative = self._signed_term(value, term, coefficient, is_brief)
            if place:
                text += (" - " if is_negative else " + ") + written.within(SUM + (1 if is_negative else 0))
            elif is_negative:
                text = "-" + written.within(PRODUCT)
            else:
                text, binding = written
        return self.part(text, SUM if len(ordered) > 1 else min(binding, NEGATION if text.startswith("-") else POSTFIX))

    def is_brief(self, value: Value, chain: Chain) -> bool:
        """Return whether a term beside others needs no axes of its own, because broadcasting repeats it."""
        if value.is_number or not chain:
            return False
        return all(factor.atom.kind == "ones" for factor in chain) or (
            value.columns > 1 and value.rows > 1 and chain[0].atom.kind == "ones"
        )

    def _signed_term(self, value: Value, term: Term, coefficient: Fraction, is_brief: bool) -> tuple[Written, bool]:
        scalars, chain, coefficient = self._splice(value, *term, coefficient)
        numerator, denominator = self.coefficient(abs(coefficient))
        above = [numerator] if numerator is not None else []
        below = [denominator] if denominator is not None else []
        for written, exponent in self.numbers(scalars):
            (above if exponent > 0 else below).append(self.power(written, abs(exponent)))
        core = self._core(value, chain, is_brief)
        if core is None and not value.is_number and not is_brief:
            number = self.fraction(above, below, None)
            return self.repeated(number, value), coefficient < 0
        return self.fraction(above, below, core), coefficient < 0

    def numbers(self, scalars: Powers) -> list[tuple[Written, Fraction]]:
        """Return the factors that are numbers. A sum over its size is a mean."""
        exponents = dict(scalars)
        factors: dict[Atom, Written] = {}
        for atom, exponent in scalars:
            sizes = Counter([only_atom(self.algebra.size(size)) for size in summed_sizes(atom)])
            if sizes and all(
                exponents.get(size, 0) * exponent <= -count * exponent**2 for size, count in sizes.items()
            ):
                for size, count in sizes.items():
                    exponents[size] += count * exponent
                factors[atom] = self.mean(atom)
        return [(factors.get(atom) or self.atom(atom), exponent) for atom, exponent in exponents.items() if exponent]

    def _splice(
        self, value: Value, scalars: Powers, chain: Chain, coefficient: Fraction
    ) -> tuple[Powers, Chain, Fraction]:
        """Return a term in which sums whose best form is a product are that product."""
        place = 0
        while place < len(chain):
            factor = chain[place]
            form = self._product_form(factor.atom)
            if form is not None:
                inner = transpose(form) if factor.transposed else form
                own, middle, each = only_term(inner)
                rebuilt = self.algebra.chain(value.rows, value.columns, chain[:place] + middle + chain[place + 1 :])
                if len(rebuilt.terms) == 1:
                    more, chain, factor_of_chain = only_term(rebuilt)
                    scalars = self.algebra.join(self.algebra.join(scalars, own), more)
                    coefficient *= each * factor_of_chain
                    continue
            place += 1
        return scalars, chain, coefficient

    def _product_form(self, atom: Atom) -> Value | None:
        """Return the best form of a sum if it is a product, or of a diagonal matrix if a number comes out of it."""
        if atom.kind == "sum":
            form = self._best(cast("Value", atom.arguments[0]))[1]
            return form if len(form.terms) == 1 and chain_of(form) != (Factor(atom, False),) else None
        if atom.kind == "diag":
            vector = cast("Value", atom.arguments[0])
            scalars, chain, coefficient = self._splice(vector, *only_term(vector))
            if scalars or coefficient != 1:
                return self.algebra.diag(Value(vector.rows, 1, {(scalars, chain): coefficient}))
        return None


def _has_inverse(value: Value) -> bool:
    return any(factor.atom.kind == "inv" for _, chain in value.terms for factor in chain)


def chain_of(value: Value) -> Chain:
    """Return the product of matrices of a value of one term."""
    [(_, chain)] = value.terms
    return chain
