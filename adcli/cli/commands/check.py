"""`adcli check`: a verdict on a hand-written derivative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from ...errors import RequestError
from ..declarations import FORMULAS, expression_command
from ..options import TableOptions, WholeNumber, output_options, reading_options

if TYPE_CHECKING:
    from ...formula.claims import Evidence, Judge, Verdict
    from ...formula.lowered import Lowered, Lowerings
    from ..words import ParsedWords


@expression_command(FORMULAS)
@click.option(
    "--claim", "claims", metavar="df/dx=…", multiple=True,
    help="Derivative to check; may be repeated [default: those of adcli].",
)  # fmt: skip
@click.option(
    "--points", type=WholeNumber(1, 10_000), default=20, show_default=True, metavar="N", help="Number of random points."
)
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Seed of the random points.")
@click.option(
    "--rtol", type=float, default=0.0, show_default=True, metavar="R",
    help="Relative error to allow, for claims with rounded constants.",
)  # fmt: skip
@reading_options
@output_options(lambda: ("text", "json"))
def command(
    ctx: click.Context,
    claims: tuple[str, ...],
    points: int,
    seed: int,
    rtol: float,
    output_format: str,
    output: str | None,
    table: TableOptions,
) -> int:
    """Check a hand-written derivative in five ways.

    \b
    Examples:
      adcli check "sin(x**2)*cos(y)" --claim "df/dx = 2*x*cos(x**2)*cos(y)"
      adcli check "x**3" --claim "df/dx = 3*x" --x 2
      adcli check "u = x*y; exp(u)" --claim "df/dx = y*exp(u)" --y 0.5
      adcli check "x**3" --claim "df/dx = 3*x**2" --x -2:2:9

    The points are the one on the command line, those of a sweep or a table, or random ones in the domain. At random
    points a variable with a value keeps it. A claim is wrong if rounding cannot explain its error. Then the exit
    status is 1, and the answer shows the point that refutes it.
    """
    from ..inputs import read_numeric
    from ..output import write

    if not 0.0 <= rtol < 1.0:
        raise RequestError("--rtol is a relative error, at least 0 and below 1", hint="as in --rtol 1e-9")
    formula = read_numeric(ctx.obj, "check")
    judges = _make_judges(formula, claims, rtol)
    for point in _points(ctx.obj, table, formula, points, seed):
        for judge in judges:
            judge.add(point)
    if not judges[0].points:
        raise RequestError("there are no points", hint="every row of the table is bad, or it has none")
    verdicts = [judge.verdict() for judge in judges]
    write((_json if output_format == "json" else _text)(formula.numeric, verdicts), output)
    return 1 if any(verdict.word != "right" for verdict in verdicts) else 0


def _make_judges(formula: Lowerings, claims: Sequence[str], rtol: float) -> list[Judge]:
    """Return a judge for each claim; without claims one for the derivative by each variable."""
    from ...formula.claims import Judge, read_claim

    if not formula.variables:
        raise RequestError("there is nothing to differentiate by", hint="the expression has no variables")
    lowered = formula.numeric
    by_claim = [(claim, claim.variable) for claim in [read_claim(text, lowered) for text in claims]]
    by_variable = [(None, name) for name in formula.variables]
    return [Judge(lowered, claim, name, rtol) for claim, name in by_claim or by_variable]


def _points(
    words: ParsedWords, table: TableOptions, formula: Lowerings, count: int, seed: int
) -> Iterator[dict[str, float]]:
    """Yield the points of the command line: one, those of sweeps or tables, or random ones."""
    from ..inputs import is_table, read_numbers

    if is_table(words, table):
        yield from _table_points(words, table, formula)
        return
    numbers = read_numbers(words, formula, partly=True)
    if len(numbers) == len(formula.variables):
        yield numbers
        return
    from ...formula.numerical import smooth_points

    yield from smooth_points(formula.numeric, numbers, count, seed)


def _table_points(words: ParsedWords, table: TableOptions, formula: Lowerings) -> Iterator[dict[str, float]]:
    from contextlib import closing

    from ...tables.bad_rows import BadRows
    from ..output import note
    from ..points import open_points

    if table.on_error == "nan":
        raise RequestError("there is nothing to check at nan", hint="--on-error skip leaves bad rows out")
    table = table._replace(keep="none")  # other columns may hold anything, because no row is printed
    bad = BadRows(table.on_error or "fail")
    with closing(open_points(words, table, formula)) as points, closing(points.blocks(bad)) as blocks:
        for block in blocks:
            columns = [block.numbers[name].tolist() for name in formula.variables]
            yield from (dict(zip(formula.variables, row, strict=True)) for row in zip(*columns, strict=True))
    if report := bad.report():
        note(report)


def _text(lowered: Lowered, verdicts: list[Verdict]) -> str:
    from ...formula.labels import derivative_label
    from ..printing import align

    blocks = []
    for verdict in verdicts:
        worst = verdict.worst
        where = ", ".join(f"{name} = {x!r}" for name, x in worst.at.items())
        count = "1 point" if verdict.points == 1 else f"{verdict.points} points"
        head = verdict.claim.text if verdict.claim else derivative_label([verdict.variable], lowered.names[0])
        finding = {
            "right": f"right at {count}, to {worst.ulps:.3g} ulp; farthest off at {where}",
            "wrong": f"wrong: refuted at {where}",
            "undecided": f"undecided at {count}: rounding could explain any difference, as at {where}",
        }[verdict.word]
        blocks.append(f"{head}\n  {finding}\n" + "".join(f"  {line}\n" for line in align(_ways(worst)).splitlines()))
    return "\n".join(blocks)


def _ways(evidence: Evidence) -> list[tuple[str, str]]:
    """Return the number by each way, as rows of text."""
    numbers = {
        "claim": evidence.claimed,
        "reverse mode": evidence.reverse,
        "forward mode": evidence.forward,
        "complex step": evidence.complex_step,
    }
    rows = [(way, repr(x)) for way, x in numbers.items() if x is not None]
    digits = max(1, min(17, round(_digits(evidence.differences, evidence.differences_error))))
    differences = f"{evidence.differences:.{digits}g}, give or take {evidence.differences_error:.1g}"
    return [*rows, ("differences", differences)]


def _digits(x: float, error: float) -> float:
    from math import log10

    return log10(abs(x) / error) if x and error and abs(x) > error else 1.0


def _json(lowered: Lowered, verdicts: list[Verdict]) -> str:
    from ...formula.labels import derivative_label
    from ...strict_json import json_text

    entries = []
    for verdict in verdicts:
        worst = verdict.worst
        entries.append({
            "derivative": derivative_label([verdict.variable], lowered.names[0]),
            "claim": verdict.claim.text if verdict.claim else "",
            "verdict": verdict.word,
            "points": verdict.points,
            "at": worst.at,
            "claimed": worst.judged,
            "reverse": worst.reverse,
            "forward": worst.forward,
            "differences": worst.differences,
            "differences_error": worst.differences_error,
            **({} if worst.complex_step is None else {"complex_step": worst.complex_step}),
            "error_ulp": worst.ulps,
        })  # fmt: skip
    return json_text({"expression": lowered.formula.text, "checks": entries}) + "\n"
