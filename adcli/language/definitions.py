"""Check the functions of the user, and find the free names of a tree before the shapes of its variables are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import ParseError, UnknownNameError, quoted
from ..ops import FUNCTIONS
from .ast import Binder, Call, Definition, Formula, Name, Node, is_keyword, is_running, is_slice
from .calls import CONDITIONS, function_of, used_before_binding
from .tokens import CONSTANTS

OWN_MEANING = frozenset(["diff", "len", "sum", "prod", "max", "min"])  # these take an index or a variable


def check_definition(definition: Definition, functions: Mapping[str, Definition], text: str) -> list[Name]:
    """Check the definition of a function, and return its free names in the order of use.

    Args:
        definition: of the function.
        functions: those that were defined before it.
        text: the program.

    Raises:
        ParseError: the name has a meaning of its own, or the function calls itself.
        UnknownNameError: it calls a function that is not known here.
    """
    name = definition.name
    if name in OWN_MEANING:
        raise ParseError(
            f"{quoted(name)} cannot be defined", text=text, span=definition.span, hint="choose another name"
        )
    free: list[Name] = []
    for node in free_nodes(definition.node, frozenset(definition.parameters)):
        if isinstance(node, Name):
            free.append(node)
        elif node.function.rstrip("'") == name:
            problem, hint = f"{quoted(name)} calls itself", "a function may call those before it"
            raise ParseError(problem, text=text, span=node.head, hint=hint)
        else:
            check_call(node, functions, text, ())
    return free


def check_call(node: Call, functions: Mapping[str, Definition], text: str, variables: tuple[str, ...]) -> None:
    """Check the name and the number of arguments of a call."""
    name = node.function.rstrip("'")
    definition = functions.get(name)
    if definition is not None:
        count_arguments(node, definition, text)
        return
    refuse_slip(node, functions, text)
    if name != node.function:
        _check_prime(node, name, text, variables)
    elif name.isidentifier() and name not in (*CONDITIONS, "diff", "len") and not any(map(is_running, node.arguments)):
        function_of(node, text, variables)


def refuse_slip(node: Call, functions: Mapping[str, Definition], text: str) -> None:
    """Raise an UnknownNameError for the name of a function that is a slip of one function of the user."""
    name = node.function.rstrip("'")
    if not functions or not name.isidentifier() or name in FUNCTIONS or name in OWN_MEANING:
        return
    from .foreign_names import is_slip

    slips = [each for each in functions if name.lower() == each.lower() or is_slip(name, each)]
    if len(slips) == 1:
        problem, hint = f"unknown function {quoted(name)}", f"did you mean {quoted(slips[0])}?"
        raise UnknownNameError(problem, text=text, span=node.head, hint=hint)


def _check_prime(node: Call, name: str, text: str, variables: tuple[str, ...]) -> None:
    """Check that the derivative ``f'(x)`` is that of a built-in function of one argument."""
    op = FUNCTIONS.get(name)
    if name in ("diff", "len") or (op is not None and (op.arity != 1 or op.variadic)):
        hint = "write diff(u, x)" if op is None else f"write diff({name}(…), x)"
        raise ParseError("a prime is for functions of one argument", text=text, span=node.head, hint=hint)
    function_of(Call(name, node.arguments, node.start, node.stop, node.head), text, variables)


def count_arguments(node: Call, definition: Definition, text: str) -> None:
    """Check that a call of a function of the user has its number of arguments, and no keyword."""
    for each in node.arguments:
        if is_keyword(each) or is_slice(each) or is_running(each):
            problem = f"{definition.name} takes numbers and arrays"
            raise ParseError(problem, text=text, span=(each.start, each.stop), hint=f"call it as {definition.head}")
    expected, count = len(definition.parameters), len(node.arguments)
    if node.function[-1] == "'" and expected > 1:
        hint = f"write diff({definition.head}, {definition.parameters[0]})"
        raise ParseError("a prime is for functions of one argument", text=text, span=node.head, hint=hint)
    if count != expected:
        problem = f"{definition.name} takes {expected} argument{'s' * (expected != 1)}, not {count}"
        hint = f"it is defined as {definition.head}"
        raise ParseError(problem, text=text, span=(node.start, node.stop), hint=hint)


def mentions(formula: Formula, name: str) -> bool:
    """Return whether a name is free anywhere in a formula, other than as the variable of a `diff`."""
    for statement in (*formula.statements, None):
        local = frozenset(statement.parameters if isinstance(statement, Definition) else ())
        for node in free_nodes(formula.result if statement is None else statement.node, local, by=False):
            if isinstance(node, Name) and node.name == name:
                return True
    return False


def free_nodes(root: Node, local: frozenset[str] = frozenset(), by: bool = True) -> Iterator[Name | Call]:
    """Yield the calls and the free names of a tree, from left to right.

    Args:
        root: the tree.
        local: names that are not free: parameters and indices.
        by: whether to yield the variables that a `diff` is by.
    """
    stack = [(root, local)]
    while stack:
        node, bound = stack.pop()
        if isinstance(node, Name):
            if node.name not in bound and node.name not in CONSTANTS:
                yield node
        elif isinstance(node, Call):
            if not is_running(node):
                yield node
            if node.__class__ is Binder and node.function != "diff":
                stack.extend(reversed(_indexed_parts(node, bound)))
            elif node.__class__ is Binder and not by:
                stack.extend([(child, bound) for child in node.arguments[:1]])
            else:
                stack.extend([(child, bound) for child in reversed(node.arguments)])


def _indexed_parts(node: Call, bound: frozenset[str]) -> list[tuple[Node, frozenset[str]]]:
    """Return the term and the bounds of a sum with indices. A bound may use the indices before it."""
    parts: list[tuple[Node, frozenset[str]]] = []
    terms: list[Node] = []
    for each in node.arguments:
        if isinstance(each, Call) and is_running(each):
            parts += [(limit, bound) for limit in each.arguments]
            bound |= {each.function[:-3]}
        else:
            terms.append(each)
    return [(term, bound) for term in terms] + parts


def refuse_bare_name(node: Name, functions: Mapping[str, Definition], text: str) -> None:
    """Raise a ParseError for a free name that is that of a function of the user."""
    definition = functions.get(node.name)
    if definition is not None:
        problem, hint = f"{quoted(node.name)} is a function here", f"call it, as in {definition.head}"
        raise ParseError(problem, text=text, span=(node.start, node.stop), hint=hint)


def check(formula: Formula) -> tuple[str, ...]:
    """Check a formula before the shapes of its variables are known, and return its variables in the order of use.

    Raises:
        UnknownNameError: there is no function of a name.
        ParseError: a number of arguments, a keyword, a binding or the name of a variable is wrong.
    """
    variables: dict[str, None] = {}
    bound: set[str] = set()
    functions: dict[str, Definition] = {}
    for statement in (*formula.statements, None):
        if isinstance(statement, Definition):
            names = check_definition(statement, functions, formula.text)
            for each in names:
                if each.name not in bound:
                    refuse_bare_name(each, functions, formula.text)
                    variables[each.name] = None
            functions[statement.name] = statement
            continue
        for node in free_nodes(formula.result if statement is None else statement.node):
            if isinstance(node, Call):
                check_call(node, functions, formula.text, tuple(variables))
            elif node.name not in bound:
                refuse_bare_name(node, functions, formula.text)
                variables[node.name] = None
        if statement is not None:
            if statement.name in variables:
                raise used_before_binding(statement.name, formula.text, statement.span)
            bound.add(statement.name)
    return tuple(variables)
