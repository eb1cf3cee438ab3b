"""The parts that targets share for which adcli's kernels are translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..errors import RequestError
from ..ops import Op
from ..ops.arithmetic import ATOM
from .code_writer import CodeWriter
from .comments import Comment
from .dialect import Dialect
from .forms import Form, Spellings, c_like, chain_calls, form, tie_share
from .layout import Constants
from .portable import MODULES, UNTRANSLATED
from .source import Library
from .translate import translate_definitions


class KernelWriter(CodeWriter):
    """Write a function that calls adcli's kernels, translated to its language.

    Class attributes:
        native: the kernels and functions of Python's math that the language has, with their names there.
        snippets: the source of functions in `native` that the language lacks, by their names.
        exact_kernels: kernels that are translated although `portable` has one of the same name.
        dialect: how the helpers are translated.
    """

    comment = Comment("/*", "*/", ("/*", "??"))  # ??/ is a backslash in old C
    spellings: ClassVar[Spellings] = c_like()
    expands = False
    native: ClassVar[Mapping[str, str]]
    snippets: ClassVar[Mapping[str, str]] = {}
    exact_kernels: ClassVar[frozenset[str]] = frozenset()
    dialect: ClassVar[Dialect]

    def make_library(self) -> Library:
        """Return the kernels as source, in float64 arithmetic alone."""
        return Library(self.native, MODULES, self.exact_kernels)

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation: a spelling, or a call of a helper."""
        if op.name == "tie_share":
            share = f"{self.helpers.helper('share')}({{ties}})"
            return tie_share(len(constants), self.equality, share, ATOM)
        if op.name in ("min", "max"):
            return chain_calls(self.helpers.kernel(op), len(constants)) if len(constants) > 1 else form("{0}")
        if op.forward.__module__.rpartition(".")[2] in UNTRANSLATED:
            raise RequestError(f"{self.title()} has no {op.name}", hint="python and numpy do")
        return super().spell(op, constants)

    def helper_texts(self) -> list[str]:
        """Return the functions and tables that the code calls."""
        snippets = [text for name, text in self.snippets.items() if name in self.helpers.natives]
        return snippets + translate_definitions(self.helpers.definitions, self.dialect)

    def helper_lines(self) -> list[str]:
        """Return the helpers with an empty line after each."""
        return [line for text in self.helper_texts() for line in (text, "")]
