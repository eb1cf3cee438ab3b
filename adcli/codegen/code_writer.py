"""The skeleton that all targets share. A target is a subclass called `Target` in a file of `targets/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, isnan
from typing import ClassVar

from ..errors import RequestError
from ..ops import Op
from ..ops.arithmetic import ATOM, COMPARISON, NEGATION
from .comments import Comment, description
from .expansions import expand
from .forms import CHOICE, Form, Spellings, arithmetic, call, tie_share
from .layout import Constants, Layout
from .names import Names
from .nested import Nested, refill
from .request import CodeRequest
from .source import Library


class CodeWriter:
    """Write a request as code in one language. A subclass sets the spellings and defines `lines`.

    Class attributes:
        suffixes: of files that choose this target if ``--to`` is missing.
        comment: the marks of a comment.
        reserved: names that no variable may have.
        ascii_names: spell names in ASCII.
        folded_names: treat names that differ only in case as equal.
        spellings: how operations are written.
        equality: a number that is 1 where ``{0}`` equals ``{1}``, otherwise 0.
        infinity: the text of an infinite number.
        nan: the text of a number that is not a number.
        brackets: the text before and after a list of results.
        masked: nan where ``{mask}`` is true, otherwise ``{text}``, for the derivatives of the elements of a vector.
        expands: write operations without a spelling by others that have one. Otherwise they call functions of
            `helpers`, the source of adcli's kernels.
        reads_table: the code reads a table.
        takes_arrays: the code computes with arrays. Otherwise formulas of arrays are unrolled into numbers.
        takes_elements: arguments may be arrays if the formula is unrolled.

    Attributes:
        request: the program and the parts to write.
        helpers: collects the source of the kernels that the code calls.
        names: the names in use.
        name: the name of the function.
        layout: the statements.
        values: the text of each element of the value, by its number.
        masks: for a vector with derivatives, the name of a condition for each element: that it is nan.
    """

    suffixes: ClassVar[tuple[str, ...]] = ()
    comment: ClassVar[Comment]
    reserved: ClassVar[frozenset[str]] = frozenset()
    ascii_names: ClassVar[bool] = True
    folded_names: ClassVar[bool] = False
    spellings: ClassVar[Spellings] = arithmetic()
    equality: ClassVar[str] = "({0} == {1})"
    infinity: ClassVar[str] = "inf"
    nan: ClassVar[str] = "nan"
    brackets: ClassVar[tuple[str, str]] = ("[", "]")
    masked: ClassVar[str] = ""
    expands: ClassVar[bool] = True
    reads_table: ClassVar[bool] = False
    takes_arrays: ClassVar[bool] = False
    takes_elements: ClassVar[bool] = False

    def __init__(self, request: CodeRequest) -> None:
        if request.table is not None and not self.reads_table:
            problem, hint = f"{self.title()} reads no table", "leave the name of the table out"
            raise RequestError(problem, hint=hint, command_hint="leave out --table")
        if self.expands or not request.program.is_scalar:
            request = request.over(expand(request.program, self.operations(), self.title()))
        self.request = request
        self.helpers = self.make_library()
        self.names = Names(self.reserved, self.ascii_names, self.folded_names)
        self.name = self.take_name()
        self.layout = self.make_layout()
        self.values = {value: self.layout.text(value, COMPARISON + 1) for value in request.values}
        self.masks: dict[int, str] = {}
        if self.masked and self.has_mask and not request.is_number:
            self.masks = {value: self.names.take(f"undefined_{n}") for n, value in enumerate(self.values, 1)}

    @classmethod
    def write(cls, request: CodeRequest) -> str:
        """Return the code, with a line break at its end."""
        return "\n".join(cls(request).lines()) + "\n"

    def lines(self) -> list[str]:
        """Return the lines of the code: the frame of the target around the statements of the layout."""
        raise NotImplementedError

    # ------------------------------------------------------------ what a subclass may define in another way

    def operations(self) -> set[str]:
        """Return the names of the operations that are not written by others."""
        return {*self.spellings, "tie_share"}

    def make_library(self) -> Library:
        """Return the kernels as source."""
        return Library()

    def take_name(self) -> str:
        """Reserve the names that the frame needs before those of the variables, and return the function's."""
        return self.names.take(self.request.name)

    def make_layout(self) -> Layout:
        """Return the statements."""
        request = self.request
        return Layout(request.program, self.spell, self.number, self.names, self.labels(), len(request.values))

    def labels(self) -> dict[int, str]:
        """Return the names of the elements of the value, which need one if they are tested for nan."""
        if not self.has_mask:
            return {}
        names = ("value",) if self.request.is_number else self.request.results
        return dict(zip(reversed(self.request.values), reversed(names), strict=True))

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation."""
        spelling = self.spellings.get(op.name)
        if isinstance(spelling, Form):
            return spelling
        if spelling is None and op.name == "tie_share" and self.expands:
            return tie_share(len(constants), self.equality)
        return call(spelling or self.helpers.kernel(op), len(constants))

    @classmethod
    def title(cls) -> str:
        """Return the name of the target in messages."""
        return cls.__module__.rpartition(".")[2]

    def number(self, value: float) -> tuple[str, float]:
        """Return a number as text, and how tightly that binds."""
        if isfinite(value):
            text = repr(value)
        else:
            text = self.nan if isnan(value) else self.infinity if value > 0 else f"-{self.infinity}"
        return text, NEGATION if text.startswith("-") else ATOM

    def list_text(self, entries: Sequence[str]) -> str:
        """Return a list of results as text."""
        opening, closing = self.brackets
        return f"{opening}{', '.join(entries)}{closing}"

    # ------------------------------------------------------------ what the frame of a target is made of

    @property
    def value(self) -> str:
        """The text of the value, or of the first element."""
        return self.values[self.request.values[0]]

    @property
    def has_mask(self) -> bool:
        """Whether there are derivatives, which are nan where the value is."""
        return set(self.request.parts) != {"value"}

    def heading(self) -> list[str]:
        """Return the comment that describes the function."""
        return self.comment.lines(description(self.request, self.layout, self.name))

    def results(self, undefined: bool = False, least: float = 0) -> dict[str, str]:
        """Return the text of each part: a number, a list, or a list of rows.

        Args:
            undefined: write nan for every number.
            least: the strength that a number needs to stand without parentheses.
        """
        entries = {}
        for part in self.request.parts:
            pairs = zip(self.request.numbers(part), self.request.masks(part), strict=True)
            masks = {} if part == "value" else self.masks
            entries[part] = [self.nan if undefined else self._result(*pair, masks, least) for pair in pairs]
        return self.arrange(entries)

    def _result(self, number: int, value: int, masks: Mapping[int, str], least: float) -> str:
        """Return a number as text, nan where an element of the value is."""
        if not masks:
            return self.layout.text(number, least)
        return self.masked.format(mask=masks[value], text=self.layout.text(number, CHOICE + 1))

    def arrange(self, entries: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Return the text of each part from the texts of its numbers."""
        texts = {}
        for part, numbers in entries.items():
            texts[part] = self._nested_text(refill(self.request.parts[part], numbers))
        return texts

    def _nested_text(self, nested: Nested[str]) -> str:
        if not isinstance(nested, tuple):
            return nested
        return self.list_text([self._nested_text(each) for each in nested])
