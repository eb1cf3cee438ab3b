"""Write the tables of the documentation that the code decides: `make docs-tables`.

A page has such a table between two marks, `<!-- generated: NAME -->` and `<!-- end -->`. The test
`tests/test_generated_docs.py` compares the pages with what this script writes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, cast

import click

import adcli
from adcli.cli import commands
from adcli.cli.commands.functions import describe
from adcli.cli.declarations import GROUPS
from adcli.cli.options import OUTPUT, OWN, POINTS
from adcli.cli.suffixes import with_suffixes
from adcli.codegen import load_target, target_summaries
from adcli.formula.kinds import KINDS
from adcli.ops import PUBLIC
from adcli.ops.groups import operations_by_group
from adcli.tables.formats import FORMATS

DOCS = Path(__file__).resolve().parent
MARKED = re.compile(r"(<!-- generated: (\w+) -->\n)(.*?)(\n<!-- end -->)", re.DOTALL)
PACKAGES = {  # and modules at the top, as docs/design.md describes them
    "errors": 'the errors that a user sees, the caret, "did you mean"',
    "strict_json": "JSON of numbers that are not finite",
    "records": "named tuples whose classes are made fast",
    "shutdown": "what is removed if a signal ends the process",
    "temporary_file": "files that are locked while they are written, and leftovers of killed runs",
    "files": "files that appear whole or not at all, errors of the file system",
    "compression": "gzip, zstd, bz2 and xz, read in steps of bounded size and written",
    "ops": "the table of operations, their rules for differentiation, their kernels",
    "graph": "expressions as rows, derivatives, series, tapes, evaluation, printing",
    "simplify": "formulas as a textbook writes them",
    "matrix": "derivatives of formulas of vectors and matrices, as formulas",
    "language": "text to AST to graph",
    "explain": "one recorded backward pass, and the notes and traces that read it",
    "backends": "what runs a tape: Python, NumPy, LLVM",
    "codegen": "code in other languages, one file per target",
    "draw": "pictures: description, DOT, layout, HTML, curves",
    "store": "files of this machine and at URLs, behind one interface",
    "tables": "table formats and sweeps, in blocks of rows",
    "parts": "many files as one data set, and a directory of parts, one per file",
    "cluster": "the connection to a Dask cluster, and a window of tasks in flight",
    "eager": "`Value`, `Dual`, `grad` and its relatives, recorded programs",
    "formula": "`compile` and its `Function`, the table of derivative kinds, the answer at a point",
    "cli": "the commands, one file each",
}


def main() -> None:
    """Write the generated parts of all pages."""
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        page.write_text(fill(text), encoding="utf-8")


def fill(text: str) -> str:
    """Return a page with its generated parts written anew."""
    return MARKED.sub(lambda match: f"{match[1]}\n{PARTS[match[2]]()}\n{match[4]}", text)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown. A bar inside a cell is escaped."""
    lines = [header, ["---"] * len(header), *[[cell.replace("|", "\\|") for cell in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines).replace(" --- ", "---").replace("| ---|", "|---|")


def code(*texts: str) -> str:
    """Return texts as code, with commas between them."""
    return ", ".join(f"`{text}`" for text in texts)


# ---------------------------------------------------------------- commands and options


@cache
def load_commands() -> dict[str, Any]:
    """Return the commands by name, in the order of `adcli --help`."""
    names = [module.name for module in iter_modules(commands.__path__)]
    found = {name: import_module(f"adcli.cli.commands.{name}").command for name in names}
    groups = dict.fromkeys([*GROUPS, *[command.group for command in found.values()]])
    return {name: found[name] for group in groups for name in names if found[name].group == group}


def summary_of(command: click.Command) -> str:
    """Return the first line of a command's help."""
    return (command.help or "").partition("\n")[0]


def options_of(command: click.Command) -> list[click.Option]:
    """Return the options of a command, without help."""
    return [param for param in command.params if isinstance(param, click.Option)]


def section_of(option: click.Option) -> str:
    """Return the heading under which help lists an option."""
    return getattr(option, "section", OWN)


def spell(option: click.Option) -> str:
    """Return the names of an option and what follows them, as help spells them."""
    context = click.Context(click.Command("adcli"))
    kind = option.metavar or ("|".join(option.type.choices) if isinstance(option.type, click.Choice) else "")
    if not option.is_flag and not kind:
        kind = option.make_metavar(context)
    return f"{', '.join([*option.opts, *option.secondary_opts])} {kind}".strip()


def describe_option(option: click.Option) -> str:
    """Return the help of an option, with its default."""
    text = (option.help or "").rstrip(".")
    shown = option.show_default and not option.is_flag
    return f"{text} [default: {option.default}]." if shown else f"{text}."


def commands_table() -> str:
    """Return the groups of commands."""
    rows = [[f"[`{name}`](#{name})", command.group, summary_of(command)] for name, command in load_commands().items()]
    return table(["command", "group", "what it does"], rows)


def own_options() -> str:
    """Return a section for each command, with its own options."""
    parts = []
    for name, command in load_commands().items():
        shared = {section_of(option) for option in options_of(command)} - {OWN}
        names = [part for part in (POINTS, OUTPUT) if part in shared]
        rows = [
            [f"`{spell(option)}`", describe_option(option)]
            for option in options_of(command)
            if section_of(option) == OWN
        ]
        links = " and ".join(f"[{part.lower()}](#{part.lower().replace(' ', '-')})" for part in names)
        lines = [f"### {name}", summary_of(command)]
        lines += [table(["option", "what it does"], rows)] if rows else []
        lines += [f"Shared options: {links}."] if links else []
        parts.append("\n\n".join(lines))
    return "\n\n".join(parts)


def shared_options(section: str) -> str:
    """Return the options of a section, with the commands that have each."""
    owners: dict[tuple[str, str], list[str]] = {}
    for name, command in load_commands().items():
        for option in options_of(command):
            if section_of(option) == section:
                spelling = "--format FORMAT" if "--format" in option.opts else spell(option)
                owners.setdefault((spelling, describe_option(option)), []).append(name)
    rows = [[f"`{spelling}`", text, code(*names)] for (spelling, text), names in owners.items()]
    return table(["option", "what it does", "commands"], rows)


def formats_by_command() -> dict[str, list[str]]:
    """Return the formats that each command writes, if it has a choice."""
    return {
        name: list(cast("Sequence[str]", option.type.choices))
        for name, command in load_commands().items()
        for option in options_of(command)
        if "--format" in option.opts and isinstance(option.type, click.Choice)
    }


def formats_table() -> str:
    """Return all formats of results, tables and pictures, with their suffixes and the commands that write them."""
    writers: dict[str, list[str]] = {}
    for name, formats in formats_by_command().items():
        for form in formats:
            writers.setdefault(form, []).append(name)
    suffixes = with_suffixes(writers)
    rows = [[f"`{form}`", code(*[f".{each}" for each in suffixes[form]]), code(*writers[form])] for form in writers]
    return table(["format", "suffixes", "commands that write it"], rows)


# ---------------------------------------------------------------- other facts


def packages_table() -> str:
    """Return the packages, with the imports that tests/contract/test_rooms.py allows."""
    text = (DOCS.parent / "tests" / "contract" / "test_rooms.py").read_text(encoding="utf-8")
    literal = next(
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MAY_IMPORT"
    )
    allowed: dict[str, str] = ast.literal_eval(literal)
    rows = [[f"`{name}`", PACKAGES[name], ", ".join(sorted(allowed[name].split()))] for name in allowed]
    return table(["package", "what it has", "may import"], rows)


def errors_table() -> str:
    """Return the errors, with the first line of their documentation."""
    errors = [getattr(adcli, name) for name in cast("list[str]", adcli.__all__) if name.endswith("Error")]
    rows = [[f"`{error.__name__}`", str(error.__doc__).partition("\n")[0], error.__base__.__name__] for error in errors]
    return table(["error", "meaning", "is a kind of"], rows)


def table_formats() -> str:
    """Return the formats of tables."""
    rows = [
        [f"`{row.name}`", row.title, code(*[f".{each}" for each in row.suffixes]), yes(row.reads), yes(row.writes)]
        for row in FORMATS
    ]
    return table(["format", "what it is", "suffixes", "read", "written"], rows)


def yes(fact: bool) -> str:
    """Return yes or nothing."""
    return "yes" if fact else ""


def targets_table() -> str:
    """Return the targets of `adcli code`."""
    rows = [[f"`{name}`", code(*load_target(name).suffixes), summary] for name, summary in target_summaries()]
    return table(["target", "suffix", "what it writes"], rows)


def kinds_table() -> str:
    """Return the kinds of derivatives."""
    rows = []
    for kind in KINDS.values():
        takes = ", ".join(part for part in ("wrt", "directions", "order") if part in kind.takes)
        names = [f"`{kind.name}`", f"`{kind.command}`", f"`f.{kind.name}(…)`"]
        rows.append([*names, kind.summary, takes, yes(kind.arrays)])
    return table(["kind", "command", "method", "what it gives", "what it takes", "arrays"], rows)


def functions_tables() -> str:
    """Return a section for each group of functions."""
    parts = []
    public = set(PUBLIC.values())
    for group, ops in operations_by_group().items():
        rows = []
        for op in ops:
            if op not in public:
                continue
            record = describe(op, {}, group.name)
            words = [word for word, other in PUBLIC.items() if other is op and f"{word}(" not in record["written"]]
            domain = "" if record["domain"] == "(-inf, inf)" else record["domain"]
            rows.append([f"`{record['written']}`", record["description"], domain, code(*words)])
        if rows:
            parts.append(f"## {group.title}\n\n{table(['call', 'what it is', 'domain', 'other names'], rows)}")
    return "\n\n".join(parts)


def numpy_list() -> str:
    """Return the functions of NumPy that take carriers, by the modules that translate them."""
    from adcli.ops.numpy_calls import GROUPS, elementwise
    from adcli.ops.numpy_calls.binding import TRANSLATIONS
    from adcli.ops.numpy_calls.numbers import PIECEWISE_CONSTANT

    rows = []
    for module, heading in GROUPS.items():
        home = f"adcli.ops.numpy_calls.{module}"
        names = [name for name, translation in TRANSLATIONS.items() if translation.__module__ == home]
        rows.append([heading, code(*sorted(names))])
    rows.append(["ufuncs beside the functions of the language", code(*sorted(elementwise.COMPOSED))])
    rows.append(["plain results, which are not differentiated", code(*PIECEWISE_CONSTANT)])
    return table(["functions of NumPy", "names"], rows)


PARTS: dict[str, Callable[[], str]] = {
    "packages": packages_table,
    "commands": commands_table,
    "options": own_options,
    "points": lambda: shared_options(POINTS),
    "output": lambda: shared_options(OUTPUT),
    "formats": formats_table,
    "errors": errors_table,
    "table_formats": table_formats,
    "targets": targets_table,
    "kinds": kinds_table,
    "functions": functions_tables,
    "numpy": numpy_list,
}

if __name__ == "__main__":
    main()
