"""Break long texts over lines, formulas at their operators."""

from __future__ import annotations

import re

from adcli.draw.dot import TOOLTIP_LIMIT, shorten

# A text may be broken after these. A line begins with an operator, except a sign that follows another operator.
_BREAKS = re.compile(r"[;,]\s*|(?<=[^-+*/^@<>=|&(\[\s])\s+|(?<=[\w)\]'])(?=[-+*/^@])|(?<=[([])", re.ASCII)
_INSIDE = re.compile(r"\*\*|//|[<>=!]=|(?<![\w.])(?:\d+\.?\d*|\.\d+)[eE][-+]\d+")  # never broken


def wrap_formula(text: str, width: int, most: int = 12) -> list[str]:
    """Return a formula on lines of at most `width` characters, broken at operators and spaces and not inside words.

    A word that is longer than a line is cut in pieces. Of more than `most` lines the rest is left out, with a sign.

    >>> wrap_formula("amplitude*sin(omega*t) + offset", 24)
    ['amplitude*sin(omega*t)', '+ offset']
    >>> wrap_formula("a13*sin(b13*x)*exp(-1e-5*x**2)", 20)
    ['a13*sin(b13*x)', '*exp(-1e-5*x**2)']
    >>> wrap_formula("Speed of the ball - measured twice (in m/s)", 18)
    ['Speed of the ball', '- measured twice', '(in m/s)']
    """
    closed = {place for match in _INSIDE.finditer(text) for place in range(match.start() + 1, match.end())}
    places = [match.end() for match in _BREAKS.finditer(text) if match.end() not in closed]
    # The best break is the one with the fewest brackets around it, and of those the last.
    depths = _depths(text)
    lines: list[str] = []
    start = 0
    while len(text) - start > width:
        fitting = [place for place in places if start < place <= start + width]
        ends = [place for place in fitting if place > start + width // 3] or fitting
        end = min(ends, key=lambda place: (depths[place], -place)) if ends else start + width
        lines.append(text[start:end].strip())
        start = end
        if len(lines) == most:
            lines[-1] = lines[-1][: width - 1] + "…"
            return lines
    return [*lines, text[start:].strip()]


def title_lines(text: str, width: int, most: int = 12) -> list[str]:
    """Return the lines of a formula, those that are long broken. See `wrap_formula`.

    >>> title_lines("u = x^2\\n\\nsin(u)  # the wave", 40)
    ['u = x^2', 'sin(u) # the wave']
    """
    lines = [
        part
        for line in text.splitlines()
        if line.strip()
        for part in wrap_formula(shorten(line, TOOLTIP_LIMIT), width, most)
    ]
    return lines if len(lines) <= most else [*lines[: most - 1], "…"]


def cut_middle(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, without its middle if it is longer: values stand at the end.

    >>> cut_middle("temperature_of_the_surface = 5778", 20)
    'temperatur…ce = 5778'
    """
    text = shorten(text, TOOLTIP_LIMIT)
    return text if len(text) <= limit else f"{text[: limit // 2]}…{text[1 + limit // 2 - limit :]}"


def _depths(text: str) -> list[int]:
    """Return the number of open brackets before each place, and after the last character."""
    depths = [0]
    for sign in text:
        depths.append(depths[-1] + (sign in "([{") - (sign in ")]}"))
    return depths


def wrap_parts(parts: list[str], width: int, separator: str = ", ") -> list[str]:
    """Return parts one after another on lines of at most `width` characters. A longer part has a line of its own.

    >>> wrap_parts(["a = 1", "b = 2", "c = 3"], 14)
    ['a = 1, b = 2,', 'c = 3']
    """
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(separator) + len(part) < width:
            lines[-1] += separator + part
        else:
            if lines:
                lines[-1] += separator.rstrip()
            lines.append(part)
    return lines
