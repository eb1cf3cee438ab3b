"""Read the tokens that carry a value: numbers and names.

`token_errors` is imported only for an error, because that saves start-up time.
"""

from __future__ import annotations

import re

from .tokens import KEYWORDS

_HEXADECIMAL = r"[xX][0-9a-fA-F]+|[bB][01]+|[oO][0-7]+"  # the text after the 0 of 0x10, 0b1 and 0o7


def number_kind(text: str, start: int, stop: int, inside_bars: bool = False) -> str:
    """Return the kind of a number: COEFFICIENT directly before a name, a parenthesis, a root or a bar, else NUMBER.

    Args:
        text: the program.
        start, stop: where the number stands.
        inside_bars: whether a bar is the innermost open bracket, so that the next bar closes it.

    Raises:
        ParseError: leading zeros, a misplaced `_`, or a number that is not decimal.
    """
    following = text[stop : stop + 1]
    if text[start] == "0" and stop > start + 1 and text[start + 1] in "0123456789_":
        from .token_errors import leading_zeros

        raise leading_zeros(text, start, stop)
    if following and (following in "(√∛" or (following == "|" and not inside_bars)):
        return "COEFFICIENT"
    if following == "_":
        from .token_errors import loose_underscore

        raise loose_underscore(text, stop)
    if not following.isalpha():
        return "NUMBER"
    hexadecimal = re.compile(_HEXADECIMAL).match(text, stop) if text[start:stop] == "0" else None
    if hexadecimal:
        from .token_errors import not_decimal

        raise not_decimal(text, start, hexadecimal.end())
    word = re.match(r"\w+", text[stop : stop + 8])
    if word and word[0] in ("e", "E"):
        from .token_errors import cut_off_exponent

        raise cut_off_exponent(text, start, stop)
    return "NUMBER" if word and word[0] in KEYWORDS else "COEFFICIENT"


def read_float(text: str, start: int, stop: int) -> float:
    """Return the float64 of a number token. Raise a ParseError if it is too large."""
    token = text[start:stop]
    value = float(token if token.isascii() else token.replace("−", "-").replace("–", "-"))
    if value == float("inf"):
        from .token_errors import too_large

        raise too_large(text, start, stop)
    return value


def read_name(text: str, name: str, start: int) -> str:
    """Return a name token in NFKC normal form. Raise a ParseError if that is not a name."""
    if name.isascii():
        return name
    from unicodedata import category, decomposition, normalize

    normal = normalize("NFKC", name)
    # NFKC turns xⁿ, which means x^n, into xn. It can turn a word in wide letters into a reserved word.
    raised = any(category(c) == "No" or decomposition(c).startswith("<super>") for c in name)
    if not normal.isidentifier() or normal in KEYWORDS or raised:
        from .token_errors import bad_name

        raise bad_name(text, name, start)
    return normal
