"""The abstract syntax tree: numbers, names and calls with their places in the text, and the tree as text.

An operator is a call of its sign: `+`, `**`, and `< <=` for a chained comparison. Array syntax is also a call:
`[a, b]` of `[]`, `x[i, j]` of `x[]` with x before the parts, `x.T` of `.T`, and a keyword argument of `axis=`. A slice
is a call of its spelling, with a letter for each part that is present: `a:b`, `:`, `a::c`. A range `[a..b]` is a
call of `[..]`, a prime `f'(x)` one of `f'`, and an index `i=a..b` one of `i=..`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from ..graph.text import Expansion, Piece, call_pieces, number_binding, number_text, tree_text
from ..ops import SIGNS
from ..ops.arithmetic import COMPARISON, NEGATION, POSTFIX
from ..records import NamedTuple


class Number:
    """A literal number as the nearest float64."""

    __slots__ = ("start", "stop", "value")

    def __init__(self, value: float, start: int = 0, stop: int = 0) -> None:
        self.value = value
        self.start = start
        self.stop = stop

    def __reduce__(self) -> tuple[type[Number], tuple[float, int, int]]:
        return Number, (self.value, self.start, self.stop)

    def __repr__(self) -> str:
        return f"Number({self.value!r})"


class Name:
    """The name of a variable, a binding or a reserved constant, in NFKC normal form."""

    __slots__ = ("name", "start", "stop")

    def __init__(self, name: str, start: int = 0, stop: int = 0) -> None:
        self.name = name
        self.start = start
        self.stop = stop

    def __reduce__(self) -> tuple[type[Name], tuple[str, int, int]]:
        return Name, (self.name, self.start, self.stop)

    def __repr__(self) -> str:
        return f"Name({self.name!r})"


class Call:
    """A function or an operator with its arguments. `head` is the span of its name or sign."""

    __slots__ = ("arguments", "function", "head", "start", "stop")

    def __init__(
        self, function: str, arguments: tuple[Node, ...], start: int = 0, stop: int = 0, head: tuple[int, int] = (0, 0)
    ) -> None:
        self.function = function
        self.arguments = arguments
        self.start = start
        self.stop = stop
        self.head = head

    def __reduce__(self) -> tuple[Callable[..., Node], tuple[object, ...]]:
        """Copy and pickle the tree as a list in reverse Polish order, because it can be 10^5 deep."""
        nodes: list[Node] = []  # Calls without their arguments
        counts: list[int] = []  # of arguments
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            arguments = node.arguments if isinstance(node, Call) else ()
            if isinstance(node, Call) and arguments:
                node = type(node)(node.function, (), node.start, node.stop, node.head)
            nodes.append(node)
            counts.append(len(arguments))
            stack += arguments
        if len(nodes) == 1:
            return type(self), (self.function, (), self.start, self.stop, self.head)
        return _restore_tree, (nodes[::-1], counts[::-1])

    def __repr__(self) -> str:
        # Without the arguments, because a tree can be 10^5 deep.
        return f"Call({self.function!r}, {len(self.arguments)} arguments)"


class Binder(Call):
    """A call that binds names in its arguments: `diff(u, x)`, and a sum or product with an index."""

    __slots__ = ()


Node: TypeAlias = Number | Name | Call


def _restore_tree(nodes: list[Node], counts: list[int]) -> Node:
    """Return the tree of which these are the nodes in reverse Polish order, and the numbers of their arguments."""
    stack: list[Node] = []
    for node, count in zip(nodes, counts, strict=True):
        if count and isinstance(node, Call):
            node.arguments = tuple(stack[-count:])
            del stack[-count:]
        stack.append(node)
    return stack[0]


def is_keyword(node: Node) -> bool:
    """Return whether an argument is a keyword argument, such as ``axis=0``."""
    return isinstance(node, Call) and node.function[-1] == "=" and node.function[:-1].isidentifier()


def is_running(node: Node) -> bool:
    """Return whether an argument is an index with its bounds, such as ``i=1..10``."""
    return isinstance(node, Call) and node.function[-3:] == "=.."


def is_slice(node: Node) -> bool:
    """Return whether an argument is a slice, such as ``1:``."""
    return isinstance(node, Call) and ":" in node.function


class Binding(NamedTuple):
    """`name = node`. `span` is the place of the name."""

    name: str
    node: Node
    span: tuple[int, int]


class Definition(NamedTuple):
    """A function of the user, `name(parameters) = node`. `span` is the place of the name and its parameters."""

    name: str
    parameters: tuple[str, ...]
    node: Node
    span: tuple[int, int]

    @property
    def head(self) -> str:
        """The left side, such as ``f(t, s)``."""
        return f"{self.name}({', '.join(self.parameters)})"


Statement: TypeAlias = Binding | Definition


class Formula:
    """A parsed program: its bindings and functions in order, its result, and the text it came from.

    Two formulas are equal if their trees are. Places and spaces in the text do not count. `str(formula)` is a text
    that parses to an equal formula.

    >>> from adcli import parse
    >>> str(parse("u = x^2 ; 2u+1"))
    'u = x**2; 2*u + 1'
    >>> parse("2x") == parse("2 * x")
    True
    """

    __slots__ = ("result", "statements", "text")

    def __init__(self, statements: tuple[Statement, ...], result: Node, text: str) -> None:
        self.statements = statements
        self.result = result
        self.text = text

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """The bindings in order, without the definitions of functions."""
        return tuple([each for each in self.statements if isinstance(each, Binding)])

    def names(self) -> Iterator[Name]:
        """Yield every name that is not bound on the left: variables, bindings, parameters and constants."""
        stack = [self.result, *[each.node for each in reversed(self.statements)]]
        while stack:
            node = stack.pop()
            if isinstance(node, Name):
                yield node
            elif isinstance(node, Call):
                stack += reversed(node.arguments)

    def __reduce__(self) -> tuple[type[Formula], tuple[tuple[Statement, ...], Node, str]]:
        return Formula, (self.statements, self.result, self.text)

    def __str__(self) -> str:
        statements = [f"{_left_side(each)} = {node_text(each.node)}" for each in self.statements]
        return "; ".join([*statements, node_text(self.result)])

    def __repr__(self) -> str:
        return f"parse({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Formula):
            return NotImplemented
        if [_left_side(each) for each in self.statements] != [_left_side(each) for each in other.statements]:
            return False
        nodes = [each.node for each in self.statements] + [self.result]
        others = [each.node for each in other.statements] + [other.result]
        return all(same(a, b) for a, b in zip(nodes, others, strict=True))

    def __hash__(self) -> int:
        return hash(str(self))


def _left_side(statement: Statement) -> str:
    return statement.head if isinstance(statement, Definition) else statement.name


def same(left: Node, right: Node) -> bool:
    """Return whether two trees are equal, apart from their places in the text."""
    pairs = [(left, right)]
    while pairs:
        a, b = pairs.pop()
        if isinstance(a, Number) and isinstance(b, Number):
            if a.value != b.value:
                return False
        elif isinstance(a, Name) and isinstance(b, Name):
            if a.name != b.name:
                return False
        elif isinstance(a, Call) and isinstance(b, Call):
            if a.function != b.function or len(a.arguments) != len(b.arguments):
                return False
            pairs.extend(zip(a.arguments, b.arguments, strict=True))
        else:
            return False
    return True


def node_text(root: Node) -> str:
    """Return a text that parses to an equal node.

    >>> from adcli import parse
    >>> node_text(parse("(a - (b - c))^(-d)").result)
    '(a - (b - c))**-d'
    >>> node_text(parse("[x,A [:,1:].T@y]").result)
    '[x, A[:, 1:].T @ y]'
    """
    nodes: list[Node] = [root]

    def expand(number: int) -> Expansion:
        node = nodes[number]
        if isinstance(node, Number):
            return [number_text(node.value)], number_binding(node.value)
        if isinstance(node, Name):
            return [node.name], POSTFIX
        children = range(len(nodes), len(nodes) + len(node.arguments))
        nodes.extend(node.arguments)
        return _expand_call(node, children)

    return tree_text(0, expand)


def _expand_call(node: Call, children: Sequence[int]) -> Expansion:
    """Return the pieces of a call and how tightly it binds."""
    name = node.function
    op = SIGNS.get((name, len(children)))
    if op is not None:
        return call_pieces(op, children)
    if name == "+":
        return ["+", (children[0], NEGATION)], NEGATION
    if " " in name:
        pieces: list[Piece] = [(children[0], COMPARISON + 1)]
        for sign, child in zip(name.split(" "), children[1:], strict=True):
            pieces += [f" {sign} ", (child, COMPARISON + 1)]
        return pieces, COMPARISON
    if is_running(node):
        return [name[:-2], (children[0], 0), "..", (children[1], 0)], POSTFIX
    if name == "[..]":
        return ["[", *_separate(children[:-1]), " .. ", (children[-1], 0), "]"], POSTFIX
    if ":" in name:
        bounds = iter(children)
        return [sign if sign == ":" else (next(bounds), 0) for sign in name], POSTFIX
    if name == ".T":
        return [(children[0], POSTFIX), ".T"], POSTFIX
    if is_keyword(node):
        return [name, (children[0], 0) if children else "None"], POSTFIX
    if name == "x[]":
        return [(children[0], POSTFIX), "[", *_separate(children[1:]), "]"], POSTFIX
    opening, closing = "[]" if name == "[]" else (f"{name}(", ")")
    return [opening, *_separate(children), closing], POSTFIX


def _separate(children: Sequence[int]) -> list[Piece]:
    pieces: list[Piece] = []
    for child in children:
        pieces += [(child, 0), ", "]
    return pieces[:-1]
