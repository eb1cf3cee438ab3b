"""`adcli check`: a verdict on a hand-written derivative."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf, isfinite
from typing import TYPE_CHECKING

import click

from ...errors import RequestError, short
from ..declarations import FORMULAS, expression_command
from ..options import TableOptions, WholeNumber, option, output_options, reading_options

if TYPE_CHECKING:
    from ...formula.lowered import Lowered, Lowerings
    from ...formula.verdicts import Evidence, Judge, Verdict
    from ...ops.operands import Numeric
    from ..words import ParsedWords

WAYS = {
    "claim": "claim",
    "reverse": "reverse mode",
    "forward": "forward mode",
    "complex_step": "complex step",
    "differences": "differences",
}


@expression_command(FORMULAS)
@option(
    "--claim", "claims", metavar="df/dx=…", multiple=True,
    help="Derivative to check; may be repeated [default: those of adcli].",
)  # fmt: skip
@option(
    "--points", type=WholeNumber(1, 10_000), default=20, show_default=True, metavar="N", help="Number of random points."
)
@option("--seed", type=int, default=0, show_default=True, metavar="N", help="Seed of the random points.")
@option(
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
      adcli check "x**2*y" --claim "d2f/dxdy = 2*x" --claim "d2f/dx2 = 2*y"
      adcli check "logdet(A)" --claim "df/dA = inv(A).T" --A "[[2, 1], [0, 4]]"

    With one variable the formula of the first derivative is enough. The points are the one on the command line, those
    of a sweep or a table, or random ones in the domain. At random points a variable with a value keeps it. Arrays need
    values, and a claim has their shape. A claim is wrong if rounding cannot explain its error. Then the exit
    status is 1, and the answer shows the point that refutes it.
    """
    from ..inputs import read_formula
    from ..output import write

    if not 0.0 <= rtol < 1.0:
        raise RequestError("--rtol is a relative error, at least 0 and below 1", hint="as in --rtol 1e-9")
    formula = read_formula(ctx.obj)
    if not formula.variables:
        raise RequestError("there is nothing to differentiate by", hint="the expression has no variables")
    lowered, places = _read_points(ctx.obj, table, formula, points, seed)
    judges = _make_judges(lowered, claims, rtol)
    for point in places:
        for judge in judges:
            judge.add(point)
    if not judges[0].points + judges[0].left_out:
        raise RequestError("there are no points", hint="every row of the table is bad, or it has none")
    verdicts = [judge.verdict() for judge in judges]
    write((_json if output_format == "json" else _text)(lowered, verdicts), output)
    return 1 if any(verdict.word != "right" for verdict in verdicts) else 0


def _make_judges(lowered: Lowered, claims: Sequence[str], rtol: float) -> list[Judge]:
    """Return a judge for each claim, or without claims one for the derivative of each result by each variable."""
    from ...formula.claims import read_claim
    from ...formula.partials import Derivative
    from ...formula.verdicts import Judge

    if claims:
        return [
            Judge(lowered, claim.derivative, claim, rtol) for claim in [read_claim(text, lowered) for text in claims]
        ]
    return [
        Judge(lowered, Derivative(result, (name,)), None, rtol)
        for result in range(len(lowered.results))
        for name in lowered.variables
    ]


def _read_points(
    words: ParsedWords, table: TableOptions, formula: Lowerings, count: int, seed: int
) -> tuple[Lowered, Iterable[Mapping[str, Numeric]]]:
    """Return the graph and the points of the command line: one, those of sweeps or tables, or random ones."""
    from ...formula.kinds import require_numbers
    from ..inputs import no_value, read_texts, read_value
    from ..one_or_many import is_table

    if is_table(words, table):
        return require_numbers(formula), _table_points(words, table, formula)
    if table.whole:
        from ..vectors import read_vectors

        _, _, vectors = read_vectors(words, table, formula)
        return formula.at(vectors), [vectors]
    texts = read_texts(words, formula)
    values = {name: read_value(name, texts[name], formula) for name in formula.variables if name in texts}
    missing = [name for name in formula.variables if name not in texts]
    if not missing:
        return formula.at(values), [values]
    numbers = {name: x for name, x in values.items() if isinstance(x, float)}
    if not formula.is_numeric or len(numbers) < len(values):
        raise no_value(missing, formula)  # random points are of numbers
    from ...formula.numerical import smooth_points

    return formula.numeric, smooth_points(formula.numeric, numbers, count, seed)


def _table_points(words: ParsedWords, table: TableOptions, formula: Lowerings) -> Iterator[dict[str, float]]:
    from contextlib import closing

    import numpy as np

    from ...tables.bad_rows import BadRows
    from ..output import note
    from ..swept_points import open_points

    if table.on_error == "nan":
        raise RequestError("there is nothing to check at nan", hint="--on-error skip leaves bad rows out")
    table = table._replace(keep="none")  # other columns may hold anything, because no row is printed
    bad = BadRows(table.on_error or "fail")
    rows = incomplete = 0
    with closing(open_points(words, table, formula)) as points, closing(points.blocks(bad)) as blocks:
        for each in blocks:
            missing = each.find_missing()
            block = each if missing is None else each.pick(np.flatnonzero(~missing))
            rows, incomplete = rows + each.count, incomplete + each.count - block.count
            columns = [block.numbers[name].tolist() for name in formula.variables]
            yield from (dict(zip(formula.variables, row, strict=True)) for row in zip(*columns, strict=True))
    incompletes = f"{incomplete} of {rows} rows left out, because they have a missing cell" if incomplete else None
    for remark in [*points.remarks, *filter(None, [bad.report(), incompletes])]:
        note(remark)


def _text(lowered: Lowered, verdicts: list[Verdict]) -> str:
    from ..printing import align

    blocks = []
    for verdict in verdicts:
        worst = verdict.worst
        where = ", ".join(f"{name} = {_value_text(x)}" for name, x in worst.at.items())
        where = f"element {list(worst.element)} at {where}" if worst.element else where
        count = "1 point" if verdict.points == 1 else f"{verdict.points} points"
        head = verdict.claim.text if verdict.claim else verdict.derivative.label(lowered)
        reason = "rounding could explain any difference, as"
        if not isfinite(worst.judged):
            reason = "the claim has no finite value" if verdict.claim else "forward mode has no finite value"
        finding = {
            "right": f"right at {count}, to {worst.ulps:.3g} ulp; farthest off {_preposition(worst)}{where}",
            "wrong": f"wrong: refuted {_preposition(worst)}{where}",
            "undecided": f"undecided at {count}: {reason} {_preposition(worst)}{where}",
        }[verdict.word]
        left_out, why = verdict.left_out
        if left_out:
            finding += f"\n  {left_out} more left out: {why}" if left_out > 1 else f"\n  1 more left out: {why}"
        blocks.append(f"{head}\n  {finding}\n" + "".join(f"  {line}\n" for line in align(_ways(verdict)).splitlines()))
    return "\n".join(blocks)


def _preposition(evidence: Evidence) -> str:
    return "in " if evidence.element else "at "


def _value_text(x: Numeric) -> str:
    return repr(x) if isinstance(x, float) else short(str(x.tolist()))


def _ways(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the number by each way, as rows of text."""
    ways = dict(verdict.ways)
    error = ways.pop("differences_error", None)
    rows = [(WAYS[way], repr(x)) for way, x in ways.items() if way != "differences"]
    if error is None:
        return rows
    differences = ways["differences"]
    digits = max(1, min(17, round(_digits(differences, error))))
    return [*rows, (WAYS["differences"], f"{differences:.{digits}g}, give or take {error:.1g}")]


def _digits(x: float, error: float) -> float:
    from math import log10

    return log10(abs(x)) - log10(error) if 0.0 < error < abs(x) < inf else 1.0


def _json(lowered: Lowered, verdicts: list[Verdict]) -> str:
    from ...strict_json import json_text

    entries = []
    for verdict in verdicts:
        worst = verdict.worst
        entries.append({
            "derivative": verdict.derivative.label(lowered),
            "claim": verdict.claim.text if verdict.claim else "",
            "verdict": verdict.word,
            "points": verdict.points,
            "left_out": verdict.left_out[0],
            "at": dict(worst.at),
            **({"element": list(worst.element)} if worst.element else {}),
            "claimed": worst.judged,
            **{way: x for way, x in verdict.ways.items() if way != "claim"},
            "error_ulp": worst.ulps,
        })  # fmt: skip
    return json_text({"expression": lowered.formula.text, "checks": entries}) + "\n"
