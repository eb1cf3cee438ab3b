"""The hint for a command that does not exist. Only errors import this module."""

from __future__ import annotations

from collections.abc import Collection

from ..errors import short, suggest
from ..ops import FUNCTIONS

# Words for what a command does, separated by blanks, and the hint for them.
_MEANINGS = (
    ("solve root roots fsolve nsolve", 'as in adcli implicit "x**2 = 2" --of x --solve x=0:2'),
    ("fit curve_fit regress regression lstsq", "Gauss-Newton steps are under Least squares in adcli help recipes"),
    ("minimize minimise maximize maximise optimize optimise min max argmin",
     'solve for a slope of 0, as in adcli implicit "diff(x**2 - x, x) = 0" --of x --solve x=0:2'),
    ("derivative derive derivate differentiate d symbolic deriv", "adcli diff writes a formula, adcli grad numbers"),
    ("gradient slope backward backprop autograd ad", "it is adcli grad"),
    ("jacobian", "it is adcli jac"),
    ("hessian", "it is adcli hess"),
    ("partial partials", "it is adcli grad --wrt"),
    ("series expand expansion", "it is adcli taylor"),
    ("directional tangent", "it is adcli jvp"),
    ("draw picture dot svg show tree", "adcli graph draws the graph, adcli plot the curve"),
    ("steps explain", "it is adcli trace"),
    ("evaluate calc calculate compute value run", "it is adcli eval"),
    ("integrate integral quad", "adcli evaluates and differentiates, and does not integrate"),
    ("simplify", "adcli diff simplifies what it writes, and no other command does"),
    ("convert compile export codegen latex", "it is adcli code --to"),
    ("list operations", "it is adcli functions"),
    ("verify test gradcheck", "it is adcli check"),
    ("version", "it is adcli --version"),
    ("man manual docs", "it is adcli help"),
)  # fmt: skip


def command_hint(name: str, commands: Collection[str], pages: Collection[str] = ()) -> str:
    """Return the hint for a word that names no command and, if there are pages, none of these and no function."""
    word = name.lower().removeprefix("--")
    hint = next((hint for words, hint in _MEANINGS if word in words.split()), None)
    if hint is None and name in FUNCTIONS:
        hint = f"adcli functions {name} describes the function"
    if hint is None and set(name) & set("()*+^/= ") and not set(name) & set('"\\'):
        hint = f'a command comes first, as in adcli grad "{short(name)}"'
    if hint is not None:
        return hint
    if pages:
        return suggest(name, [*commands, *pages, *FUNCTIONS], f"the pages are {', '.join(pages)}")
    return suggest(name, commands, f"the commands are {', '.join(commands)}")
