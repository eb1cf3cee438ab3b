"""Write products of matrices and their factors in the language."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from ..graph.text import call_pieces, number_text, tree_text
from ..ops import TABLE
from ..ops.arithmetic import NEGATION, POSTFIX, POWER, PRODUCT
from ..simplify.numbers import WHOLE
from .algebra import Algebra
from .sizes import Sizes
from .terms import sum_of
from .values import (
    Atom,
    Chain,
    Factor,
    Powers,
    Value,
    chain_value,
    flipped_chain,
    narrow_places,
    transpose,
)
from .written import Written, call_text, divide_texts, multiply_texts

HALF = Fraction(1, 2)
MOST_DIGITS = 17


class AtomWriter(ABC):
    """Writes products in the language. What writes sums is a subclass.

    Args:
        algebra: of the values.
        sizes: of the axes.
    """

    part: type[Written] = Written

    def __init__(self, algebra: Algebra, sizes: Sizes) -> None:
        self.algebra = algebra
        self.sizes = sizes

    @abstractmethod
    def write(self, value: Value) -> Written:
        """Return the shortest text of a sum."""

    # ---------------------------------------------------------------- numbers

    def coefficient(self, value: Fraction) -> tuple[Written | None, Written | None]:
        """Return numerator and denominator, None for 1. Decimals stay decimals."""
        denominator = value.denominator
        is_decimal = 10**MOST_DIGITS % denominator == 0 and self.algebra.has_decimals
        if is_decimal or max(abs(value.numerator), denominator) > WHOLE:
            return (self.part(self.decimal(float(value)), POSTFIX) if value != 1 else None), None
        above = self.part(str(value.numerator), POSTFIX) if value.numerator != 1 else None
        return above, self.part(str(denominator), POSTFIX) if denominator != 1 else None

    def decimal(self, value: float) -> str:
        """Return a positive decimal number."""
        return number_text(value)

    def exponent(self, value: Fraction) -> str:
        """Return a positive number."""
        above, below = self.coefficient(value)
        return (above.text if above else "1") + (f"/{below.text}" if below else "")

    def fraction(self, above: Sequence[Written], below: Sequence[Written], core: Written | None) -> Written:
        """Return numbers times a core, over numbers."""
        if len(above) == 1 and core is None and not below:
            return above[0]
        parts = [each.within(PRODUCT + (1 if len(above) > 1 or core is not None else 0)) for each in above]
        binding: float = PRODUCT
        if core is not None:
            parts.append(core.within(PRODUCT) if above or below else core.text)
            binding = core.binding if not above else PRODUCT
        text = "*".join(parts) or "1"
        if below:
            return divide_texts(text, below)
        return self.part(text, binding if parts else POSTFIX)

    def power(self, base: Written, exponent: Fraction) -> Written:
        """Return a positive power."""
        if exponent == 1:
            return base
        if exponent == HALF:
            return call_text("sqrt", base.text)
        text = self.exponent(exponent)
        text = f"({text})" if "/" in text else text
        return self.part(f"{base.within(POSTFIX)}**{text}", POWER)

    # ---------------------------------------------------------------- products of matrices

    def _core(self, value: Value, chain: Chain, is_brief: bool) -> Written | None:
        """Return a product of matrices, or None for 1 and, where it is brief, for ones."""
        if not chain:
            return None if value.is_number else self.identity(value.rows)
        if all(factor.atom.kind == "ones" for factor in chain):
            return None
        return self.row_beside_matrix(chain) if is_brief else self.chain(chain)

    def row_beside_matrix(self, chain: Chain) -> Written:
        """Return a product of a column of ones and a row, as the vector that broadcasting repeats."""
        return self.chain(flipped_chain(chain[1:]))

    def identity(self, size: int) -> Written:
        """Return an identity matrix."""
        return self.part(f"diag(broadcast_to(1, {self.sizes.text(size)}))", POSTFIX)

    def zero(self, value: Value) -> Written:
        """Return zeros."""
        return self.part("0", POSTFIX) if value.is_number else self.repeated(self.part("0", POSTFIX), value)

    def repeated(self, number: Written, value: Value) -> Written:
        """Return an array whose elements are one number."""
        sizes = [self.sizes.text(size) for size in (value.rows, value.columns) if size > 1]
        return call_text("broadcast_to", ", ".join([number.text, *sizes]))

    def chain(self, chain: Chain) -> Written:
        """Return a product of at least one factor. A row is written as the vector it is."""
        rows, columns = chain[0].rows, chain[-1].columns
        if rows == 1 and columns > 1:
            return self.chain(flipped_chain(chain))
        narrow = [place for place in narrow_places(rows, chain) if 0 < place < len(chain)]
        if rows > 1 and columns > 1 and narrow:
            left, right = self.chain(chain[: narrow[0]]), self.chain(flipped_chain(chain[narrow[0] :]))
            return self.part(f"outer({left.text}, {right.text})", POSTFIX)
        if rows == columns == 1:
            return self._dot(chain)
        if len(chain) > 1 and chain[-1].atom.kind == "ones":
            matrix = chain[-2]
            axis = 0 if matrix.transposed else 1
            total = self.part(f"sum({self.atom(matrix.atom).text}, axis={axis})", POSTFIX)
            return self._joined(chain[:-2], total)
        return self._joined(chain, None)

    def _dot(self, chain: Chain) -> Written:
        """Return a product of a row and a column, which is a number."""
        summed = self._summed(chain)
        return self._joined(chain, None) if summed is None else call_text("sum", summed.text)

    def _summed(self, chain: Chain) -> Written | None:
        """Return the array of which a number is the sum of all elements, or None."""
        if chain[0].atom.kind == "ones":
            return self.chain(chain[1:-1] if chain[-1].atom.kind == "ones" else chain[1:])
        return self.chain(flipped_chain(chain[:-1])) if chain[-1].atom.kind == "ones" else None

    def mean(self, atom: Atom) -> Written:
        """Return the mean of the elements of which an atom is the sum."""
        return call_text("mean", cast("Written", self._summed(cast("Chain", atom.arguments[0]))).text)

    def _joined(self, chain: Chain, last: Written | None) -> Written:
        """Return factors with @ between them, the last of them perhaps written already."""
        parts: list[Written] = []
        for place, factor in enumerate(chain):
            rest = chain[place + 1 :]
            if factor.atom.kind == "inv" and self.algebra.writes_solve and (rest or last is not None):
                right = self._joined(rest, last) if rest else cast("Written", last)
                inner = cast("Value", factor.atom.arguments[0])
                matrix = self.write(transpose(inner) if factor.transposed else inner)
                parts.append(self.part(f"solve({matrix.text}, {right.text})", POSTFIX))
                break
            parts.append(self.factor(factor))
        else:
            parts += [last] if last is not None else []
        if len(parts) == 1:
            return parts[0]
        return self.part(" @ ".join([each.within(PRODUCT + 1) for each in parts]), PRODUCT)

    def factor(self, factor: Factor) -> Written:
        """Return one factor of a product. The transpose of a vector is the vector."""
        written = self.atom(factor.atom)
        if not factor.transposed or factor.atom.columns == 1:
            return written
        return self.part(f"{written.within(POSTFIX)}.T", POSTFIX)

    # ---------------------------------------------------------------- atoms

    def atom(self, atom: Atom) -> Written:
        """Return an atom."""
        kind, arguments = atom.kind, atom.arguments
        if kind == "name":
            return self.part(str(arguments[0]), POSTFIX if str(arguments[0])[0] != "-" else NEGATION)
        if kind == "size":
            return self.part(self.sizes.text(cast("int", arguments[0])), POSTFIX)
        if kind == "ones":
            return self.repeated(self.part("1", POSTFIX), chain_value((Factor(atom, False),)))
        if kind == "sum":
            return self.write(sum_of(Factor(atom, False)))
        if kind == "product":
            return self.chain(cast("Chain", arguments[0]))
        if kind == "trace":
            return self.call("trace", self.write(chain_value(cast("Chain", arguments[0]))))
        if kind == "powers":
            return self.elements(cast("Powers", arguments[0]))
        if kind == "call":
            return self.function(atom)
        name = "diag" if kind == "diagonal" else kind
        return self.call(name, self.write(cast("Value", arguments[0])))

    def call(self, name: str, argument: Written) -> Written:
        """Return a function of a matrix."""
        return self.part(f"{name}({argument.text})", POSTFIX)

    def base(self, atom: Atom) -> Written:
        """Return what a power of elements is the power of."""
        return self.write(self.algebra.unwrap(atom))

    def elements(self, powers: Powers) -> Written:
        """Return a product of powers of elements."""
        above = [self.power(self.base(atom), e) for atom, e in powers if e > 0]
        below = [self.power(self.base(atom), -e) for atom, e in powers if e < 0]
        if len(above) == 1 and not below:
            return above[0]
        return divide_texts(multiply_texts(above) or "1", below)

    def function(self, atom: Atom) -> Written:
        """Return a function of elements, or one that mixes them along an axis."""
        name, parameters, arguments = cast("tuple[str, tuple[int | None, ...], tuple[Value, ...]]", atom.arguments)
        texts = [self.write(argument) for argument in arguments]
        if parameters:
            axis = axis_text(name, parameters[0], arguments[0])
            return self.part(f"{name}({texts[0].text}{axis})", POSTFIX)
        op = TABLE[name]
        pieces, binding = call_pieces(op, range(len(texts)))

        def expand_piece(child: int) -> tuple[Sequence[str | tuple[int, float]], float]:
            return ((texts[child].text,), texts[child].binding) if child >= 0 else (pieces, binding)

        return self.part(tree_text(-1, expand_piece), binding)


def summed_sizes(atom: Atom) -> list[int]:
    """Return the sizes of the axes along which a number is a sum."""
    if atom.kind != "product" or not atom.rows == atom.columns == 1:
        return []
    chain = cast("Chain", atom.arguments[0])
    return [factor.atom.rows for factor in (chain[0], chain[-1]) if factor.atom.kind == "ones"]


def axis_text(name: str, axis: int | None, argument: Value) -> str:
    """Return the axis of a function of a matrix, where it is not the default."""
    if argument.columns == 1:
        return ""
    default = None if name == "logsumexp" else 1
    return "" if axis == default else f", axis={axis}"
