"""Comments of generated code: the expression, what the function computes, the order of the results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .._version import __version__
from ..errors import printable
from .layout import Layout
from .request import CodeRequest

MAX_LISTED = 12  # derivatives that a comment lists by name
LINE_WIDTH = 100  # characters
MAX_LINES = 20  # lines of one paragraph


class Comment(NamedTuple):
    """The marks of a comment in one language.

    Attributes:
        opening: the mark at the beginning of the comment, or of each of its lines.
        closing: the mark at its end. It is empty for a language in which each line begins with `opening`.
        forbidden: marks that must not stand in the text, besides the two.
    """

    opening: str
    closing: str = ""
    forbidden: tuple[str, ...] = ()

    def clean(self, paragraphs: Iterable[str]) -> list[str]:
        """Return the lines of paragraphs in which no mark of the language is left."""
        marks = (self.closing, *self.forbidden) if self.closing else self.forbidden
        return [line for text in paragraphs for line in comment_lines(text, marks)]

    def lines(self, paragraphs: Iterable[str]) -> list[str]:
        """Return paragraphs as a comment.

        >>> Comment("#").lines(["x*y", "", "f(x, y) computes"])
        ['# x*y', '#', '# f(x, y) computes']
        >>> Comment("/*", "*/").lines(["x */ y"])
        ['/*', ' * x * / y', ' */']
        """
        if not self.closing:
            return [f"{self.opening} {line}".rstrip() for line in self.clean(paragraphs)]
        return [self.opening, *(f" * {line}".rstrip() for line in self.clean(paragraphs)), f" {self.closing}"]


def comment_lines(text: str, forbidden: Iterable[str] = (), width: int = LINE_WIDTH) -> list[str]:
    """Split a text into printable lines for a comment, and cut it after `MAX_LINES` lines.

    Args:
        text: any text.
        forbidden: marks that would end the comment. A space is put between their characters.
        width: the largest number of characters of a line.

    >>> comment_lines("a */ b", ["*/"])
    ['a * / b']
    """
    lines: list[str] = []
    for line in text[: width * (MAX_LINES + 1)].replace("\\", "/").splitlines() or [""]:
        clean = "".join(letter if letter.isprintable() else " " for letter in printable(line))
        for mark in forbidden:
            while mark in clean:
                clean = clean.replace(mark, " ".join(mark))
        while len(clean) > width:
            space = clean.rfind(" ", width // 2, width)
            end = space if space > 0 else width
            lines.append(clean[:end].rstrip())
            clean = clean[end:].lstrip()
        lines.append(clean)
    return [*lines[:MAX_LINES], "…"] if len(lines) > MAX_LINES else lines


def description(request: CodeRequest, layout: Layout, name: str) -> list[str]:
    """Return the paragraphs of the comment of the function of this name, each of any length."""
    lines = [request.expression, "", f"{name}({', '.join(layout.arguments)}) computes"]
    texts = {"derivatives": _derivatives(request), "seeds": ", ".join(request.seeds), "of": _listed(request.results)}
    templates = _templates(request)
    lines += ["  " + templates[part].format(**texts) for part in request.parts]
    if len(request.parts) > 1 or "value" not in request.parts:
        value = "the value" if request.is_number else "one of them"
        slopes = "all slopes" if request.is_number else "all its slopes"
        lines.append(f"Where {value} is nan, so are {slopes}.")
    if any(request.shapes.values()):
        shapes = zip(layout.arguments, request.shapes.values(), strict=True)
        lines.append(f"Shapes: {', '.join([f'{argument} {shape}' for argument, shape in shapes if shape])}.")
    lines += _renamings(request, layout)
    lines.append(f"Made by adcli {__version__}.")
    return lines


_PARTS = {
    "value": "value: of the expression.",
    "gradient": "gradient: {derivatives}.",
    "jacobian": "jacobian: {derivatives}, in one row.",
    "hessian": "hessian: the second derivatives by the same variables, row by row.",
    "jvp": "jvp: the derivative along the tangent ({seeds}).",
}
_PARTS_OF_ARRAY = {
    "value": "value: of the expression, an array.",
    "jacobian": "jacobian: {derivatives}, each of the shape of the value and that of the variable.",
    "jvp": "jvp: the derivatives of the elements along the tangent ({seeds}).",
}
_PARTS_OF_VECTOR = {
    "value": "value: {of}.",
    "jacobian": "jacobian: {derivatives}, row by row.",
    "hessian": "hessian: for each of {of} the second derivatives by the same variables, row by row.",
    "jvp": "jvp: the derivatives of {of} along the tangent ({seeds}).",
}


def _templates(request: CodeRequest) -> dict[str, str]:
    """Return the line that describes each part."""
    if not request.is_number:
        return _PARTS_OF_VECTOR
    return _PARTS | _PARTS_OF_ARRAY if request.is_array else _PARTS


def _derivatives(request: CodeRequest) -> str:
    return _listed([f"d{result}/d{name}" for result in request.results for name in request.wrt])


def _listed(names: Sequence[str]) -> str:
    rest = f", … ({len(names)} in all)" if len(names) > MAX_LISTED else ""
    return ", ".join(names[:MAX_LISTED]) + rest or "empty"


def _renamings(request: CodeRequest, layout: Layout) -> list[str]:
    """Return one line for each name of the user that the language does not allow."""
    program = request.program
    pairs = list(zip(request.shapes, layout.arguments, strict=True))
    pairs += [(label, layout.names[value]) for value, label in program.labels.items() if value in layout.names]
    return [f"{label} is written {name}." for label, name in pairs if label != name]
