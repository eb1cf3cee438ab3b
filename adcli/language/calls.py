"""Calls: which operation is meant, how many arguments it takes and which parameters, where conditions may stand."""

from __future__ import annotations

from collections.abc import Container, Sequence

from ..errors import ParseError, UnknownNameError, quoted, short, suggest
from ..graph.expr import Expr
from ..ops import FUNCTIONS, SIGNS, TABLE, Op
from ..ops.reductions import REDUCTIONS
from ..ops.signature import defaults_of, parameters_of
from .ast import Binding, Call, Formula, Name, Node, is_keyword, is_slice
from .parser import CONSTANTS

FORMS = {"[]", "x[]", ".T"}  # calls that are written otherwise
CONDITIONS = {sign for (sign, _), op in SIGNS.items() if op.is_condition}


def function_of(node: Call, text: str, variables: Container[str]) -> Op:
    """The operation that a call names.

    Raises:
        UnknownNameError: there is none of this name.
        ParseError: it takes another number of arguments, or no such keyword.
    """
    name, given = node.function, node.arguments
    op = FUNCTIONS.get(name)
    if op is None:
        raise _unknown(node, text, variables)
    count = len(given)
    if op.signature is None and count == op.arity and not op.variadic:
        for child in given:
            if child.__class__ is Call and (is_keyword(child) or is_slice(child)):
                break
        else:
            return op
    named = [child for child in given if isinstance(child, Call) and is_keyword(child)]
    if named:
        op = REDUCTIONS.get(op.name, op)
    count -= len(named)
    parameters, rest = parameters_of(op)
    needed = [name for name in parameters if name not in defaults_of(op)]  # may be given without their names
    for child in named:
        if child.function[:-1] not in parameters:
            hint: str | None = (
                f"it takes {', '.join(f'{each}=' for each in parameters)}" if parameters else "a comparison is =="
            )
            raise ParseError(f"{name} takes no {child.function}", text=text, span=child.head, hint=hint)
        if any(other is not child and other.function == child.function for other in named):
            raise ParseError(f"{child.function} is given twice", text=text, span=child.head, hint="leave one out")
    least = 1 if op.variadic else op.arity
    if not rest and "index" not in needed:
        least += len([name for name in needed if all(child.function != f"{name}=" for child in named)])
    most = count if op.variadic or rest or "index" in needed else least
    if not least <= count <= most and count not in op.overloads:
        counts = sorted({least, most, *op.overloads})
        wanted = "one or more arguments" if op.variadic or rest else _counted(counts)
        hint = "a vector is written [a, b, …]" if op.shape is not None and count > most else None
        problem = f"{name} takes {wanted}, not {count}"
        raise ParseError(problem, text=text, span=(node.start, node.stop), hint=hint)
    for child in given:
        if is_slice(child) and "index" not in parameters:
            hint = "it is part of an index, as in x[1:3]"
            raise ParseError("a slice is no argument", text=text, span=(child.start, child.stop), hint=hint)
    return op


def _unknown(node: Call, text: str, variables: Container[str]) -> UnknownNameError:
    name = node.function
    sign = TABLE[name].sign if name in TABLE else None
    if sign is not None:
        hint = f"write {f'x {sign} y' if TABLE[name].arity == 2 else f'{sign} x'}"
    elif any(map(is_slice, node.arguments)):
        hint = f"write {short(name)}[…] for a part"
    elif len(node.arguments) == 1 and (len(name) == 1 or name in variables):
        hint = f"write {short(name)}*(…) for a product"
    else:
        hint = suggest(name, FUNCTIONS, "`adcli functions` lists them")
    return UnknownNameError(f"unknown function {quoted(name)}", text=text, span=node.head, hint=hint)


def _counted(counts: list[int]) -> str:
    return " or ".join(map(str, counts)) + (" argument" if counts == [1] else " arguments")


def check_kinds(op: Op, nodes: Sequence[Node], arguments: Sequence[Expr], text: str) -> None:
    """Conditions go where conditions are needed and nowhere else."""
    for number, (child, argument) in enumerate(zip(nodes, arguments, strict=True)):
        if is_condition(argument) != (number in op.takes_conditions):
            if number in op.takes_conditions:
                span = (child.start, child.stop)
                raise ParseError("a condition is needed here", text=text, span=span, hint="compare it, as in x > 0")
            _not_a_number(child, text)


def check_numbers(nodes: Sequence[Node], arguments: Sequence[Expr], text: str) -> None:
    """No condition among them."""
    for child, argument in zip(nodes, arguments, strict=True):
        if is_condition(argument):
            _not_a_number(child, text)


def is_condition(expr: Expr) -> bool:
    """Whether a node is true or false."""
    op = expr.graph.ops[expr.row]
    return op is not None and op.is_condition


def _not_a_number(node: Node, text: str) -> None:
    hint = "use it in where(condition, a, b) or in a if condition else b"
    raise ParseError("a condition is not a number", text=text, span=(node.start, node.stop), hint=hint)


def shadowed(name: str, text: str, span: tuple[int, int]) -> ParseError:
    """A binding of what was an input already."""
    problem = f"{quoted(name)} is used as an input before it is bound"
    return ParseError(problem, text=text, span=span, hint="give the binding a name of its own, or bind it first")


def in_order(root: Node) -> list[Node]:
    """The nodes of a tree, arguments before their users and from left to right."""
    order: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        order.append(node)
        if isinstance(node, Call):
            stack.extend(node.arguments)
    order.reverse()
    return order


def check(formula: Formula) -> tuple[str, ...]:
    """The variables of a formula, in the order of their first use; for one that waits for the shapes of them.

    Raises:
        UnknownNameError, ParseError: functions, numbers of arguments and bindings are as wrong before as after.
    """
    variables: dict[str, None] = {}
    bound: set[str] = set()
    for name, root, span in (*formula.bindings, Binding("", formula.result, (0, 0))):
        for node in in_order(root):
            if isinstance(node, Name):
                if node.name not in bound and node.name not in CONSTANTS:
                    variables[node.name] = None
            elif isinstance(node, Call) and node.function.isidentifier() and node.function not in CONDITIONS:
                function_of(node, formula.text, variables)
        if name in variables:
            raise shadowed(name, formula.text, span)
        bound.add(name)
    return tuple(variables)
