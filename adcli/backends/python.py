"""One point at a time in plain Python, without NumPy: an interpreter, and generated straight-line functions.

The interpreter runs the IEEE kernels of the table. A generated function runs the faster `fast` spellings, which may
raise at poles and overflows. It then falls back on the interpreter, so both give the same bits. Generating costs 10 to
20 us an instruction and a call takes a twentieth of the time, so it pays off from about 30 calls
(docs/decisions/003-scalar-backend.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ..graph.tape import Tape, guard
from ..ops import Op

if TYPE_CHECKING:
    from types import CodeType

    from ..ops.operands import Operand
    from ._rows import Array, Fill, Input

T = TypeVar("T")

MAX_INSTRUCTIONS = 20_000  # take 0.2 s to compile, while 100 000 take 4 s
MAX_DEPTH = 20  # of nested parentheses in generated code. CPython's parser refuses about 200

Inputs: TypeAlias = Sequence[float]
Positions: TypeAlias = "tuple[Operand, ...]"
Named: TypeAlias = "Mapping[str, Operand]"
# (positions, values by name) -> one float per variable, or None if another function is to answer
ArgumentCheck: TypeAlias = Callable[[Positions, Named], "Inputs | None"]


def interpreter(program: Tape) -> Callable[[Inputs], list[float]]:
    """Return a function from inputs, one per variable, to the outputs of the program. It never raises for floats.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> interpreter(Tape(x.graph, [1.0 / x]))([0.0])
    [inf]
    """
    run = unguarded(program)
    masks = program.masks if any(program.masks) else None
    return lambda inputs: guard(run(inputs), masks)


def unguarded(program: Tape) -> Callable[[Inputs], list[float]]:
    """Return the same for outputs of which the first is not the value of the others, without a mask."""
    code = [(instruction.op.forward, instruction.inputs) for instruction in program.instructions]
    constants, outputs = program.constants, program.outputs

    def run(inputs: Inputs) -> list[float]:
        values: list[Operand] = [*inputs, *constants]
        append = values.append
        for forward, arguments in code:
            append(forward(*[values[i] for i in arguments]))
        return [values[i] for i in outputs]

    return run


def filler(program: Tape) -> Fill:
    """Return a filler of the program's outputs, row by row with the bits of one point (see `_rows`)."""
    run = interpreter(program)

    def fill(inputs: Sequence[Input], results: Sequence[Array]) -> None:
        rows = len(results[0])
        columns = [[column] * rows if isinstance(column, (float, int)) else column.tolist() for column in inputs]
        points: Iterable[tuple[float, ...]] = zip(*columns, strict=True) if columns else [()] * rows
        outputs = [run([float(x) for x in point]) for point in points]
        for result, column in zip(results, zip(*outputs, strict=True), strict=True):
            result[:] = column

    return fill


def function(
    name: str,
    program: Tape,
    check: ArgumentCheck,
    pack: Callable[[list[float]], T],
    result: str,
    otherwise: Callable[[Positions, Named], T],
    options: Collection[str] = (),
) -> Callable[..., T]:
    """Return a Python function of the program, which takes the variables by keyword, by position or as one mapping.

    Args:
        name: of the function.
        program: to compute.
        check: turns arguments into floats, or returns None. It is only called if they are not one keyword float each.
        pack: makes the answer from a list of outputs, after a pole or an overflow.
        result: the same as a template of Python, with ``{0}`` … for outputs and ``'{names[0]}'`` … for variables.
        otherwise: answers if `check` returns None.
        options: keywords that are options, so that a variable of such a name is not a keyword.
    """
    run, variables = interpreter(program), program.variables

    def interpret(*positions: Operand, **named: Operand) -> T:
        inputs = check(positions, named)
        return otherwise(positions, named) if inputs is None else pack(run(inputs))

    if len(program.instructions) > MAX_INSTRUCTIONS:
        interpret.__name__ = name
        return interpret
    namespace: dict[str, object] = {
        "_check": check,
        "_otherwise": otherwise,
        "_recover": lambda *inputs: pack(run(inputs)),
        **{f"_{builtin.__name__}": builtin for builtin in (dict, float, len, type)},
        "_errors": (ValueError, ArithmeticError),
    }
    names = _inputs(program)
    code = _generate(name, _function_source(name, program, names, result, namespace), namespace)
    _rename_variables(code, dict(zip(names, variables, strict=True)), options)
    return code


def _function_source(
    name: str, program: Tape, names: Sequence[str], result: str, namespace: dict[str, object]
) -> list[str]:
    """Return the lines of a function with generated names for the variables. See `function`.

    The keywords that are not variables go into ``_more``, so that every method raises the same error for them. This
    adds 0.04 us to a call.
    """
    lines, outputs = _body(program, namespace, names)
    listed = ", ".join(names)
    source = [
        f"def {name}(*_positions, {''.join([f'{each}=None, ' for each in names])}**_more):",
        *[f"    {line}" for line in _reading_source(names)],
        "    try:",
        *[f"        {line}" for line in lines or ["pass"]],
        "    except _errors:",
        f"        return _recover({listed})",
    ]
    if len(program.outputs) > 1:
        source.append(f"    if {outputs[0]} != {outputs[0]}:")
        source.append(f"        return _recover({listed})")
    source.append(f"    return {result.format(*outputs, names=names)}")
    return source


def _reading_source(names: Sequence[str]) -> list[str]:
    """Return the lines that bring the arguments into one local float per variable, or return from the function.

    Floats by keyword pass the first test. Positions and a dict are read here, because a call of `check` takes as long
    as a small formula.
    """
    listed, not_floats = ", ".join(names), " or ".join([f"_type({each}) is not _float" for each in names])
    asking = ["_inputs = _check(_positions, _named)", "if _inputs is None:"]
    asking.append("    return _otherwise(_positions, _named)")
    if not names:
        return ["if _positions or _more:", *[f"    {line}" for line in ["_named = _more", *asking]]]
    by_name = ", ".join([f"'{each}': {each}" for each in names])
    from_dict = ", ".join([f"_point['{each}']" for each in names])
    return [
        f"if {not_floats} or _positions or _more:",
        f"    _named = _more if {' is '.join(names)} is None else {{{by_name}, **_more}}",
        "    _is_read = False",
        "    if _positions and not _named:",
        "        _point = _positions[0]",
        f"        if _type(_point) is _dict and _len(_positions) == 1 and _len(_point) == {len(names)}:",
        "            try:",
        f"                {listed}, = {from_dict},",
        "                _is_read = True",
        "            except KeyError:",
        "                pass",
        f"        elif _len(_positions) == {len(names)}:",
        f"            {listed}, = _positions",
        "            _is_read = True",
        f"    if not _is_read or {not_floats}:",
        *[f"        {line}" for line in asking],
        f"        {listed}, = _inputs",
    ]


def _rename_variables(code: FunctionType, words: Mapping[str, str], options: Collection[str]) -> None:
    """Give a generated function the user's names of its variables as keywords, except those of options."""
    keywords = {local: local if word in options else word for local, word in words.items()}
    code.__code__ = _rename(code.__code__, keywords, words)
    code.__kwdefaults__ = dict.fromkeys(keywords.values())


def _rename(code: CodeType, variables: Mapping[str, str], strings: Mapping[str, str]) -> CodeType:
    """Return code with other names of local variables and other strings, so that no source holds the user's names."""

    def rename(constant: object) -> object:
        if isinstance(constant, tuple):
            return tuple(map(rename, constant))
        return strings.get(constant, constant) if isinstance(constant, str) else constant

    local_names = tuple([variables.get(name, name) for name in code.co_varnames])
    return code.replace(co_varnames=local_names, co_consts=tuple(map(rename, code.co_consts)))


def positional(program: Tape) -> Callable[[Iterable[float]], list[float]]:
    """Return the same as `interpreter`, in generated code, which takes about a twentieth of the time.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> positional(Tape(x.graph, [1.0 / x]))([0.0])
    [inf]
    """
    run = interpreter(program)
    if len(program.instructions) > MAX_INSTRUCTIONS:
        return lambda inputs: run([*inputs])
    namespace: dict[str, object] = {"_recover": run, "_errors": (ValueError, ArithmeticError)}
    names = _inputs(program)
    lines, outputs = _body(program, namespace, names)
    source = [
        "def run(inputs):",
        *([f"    {', '.join(names)}, = inputs"] if names else []),
        "    try:",
        *[f"        {line}" for line in lines or ["pass"]],
        "    except _errors:",
        f"        return _recover([{', '.join(names)}])",
    ]
    if len(outputs) > 1:
        undefined = " or ".join(
            f"{outputs[position]} != {outputs[position]}" for position in dict.fromkeys(program.masks)
        )
        source += [f"    if {undefined}:", f"        return _recover([{', '.join(names)}])"]
    source.append(f"    return [{', '.join(outputs)}]")
    return _generate("run", source, namespace)


def _generate(name: str, source: list[str], namespace: dict[str, object]) -> FunctionType:
    """Return the function of this name from source text, in which all names are generated."""
    exec(compile("\n".join(source), f"<adcli {name}>", "exec"), namespace)
    function = namespace[name]
    assert isinstance(function, FunctionType)
    return function


def _inputs(program: Tape) -> list[str]:
    """Return generated names for the variables."""
    return [f"_x{number}" for number in range(len(program.variables))]


def _body(program: Tape, namespace: dict[str, object], variables: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the statements, and the texts of the outputs.

    A value that is read once is written in place, unless it nests too deep.
    """
    texts: list[str] = [*variables, *[_literal(value, namespace) for value in program.constants]]
    depths = [0] * len(texts)
    uses = program.uses()
    for value in program.outputs:
        uses[value] += 1  # an output has a name, because the guard reads it once more
    lines: list[str] = []
    for op, out, inputs in program.instructions:
        if _repeats_argument(op) and depths[inputs[0]]:
            lines.append(f"_{inputs[0]} = {texts[inputs[0]]}")
            texts[inputs[0]] = f"_{inputs[0]}"
            depths[inputs[0]] = 0
        text = _application(op, [texts[i] for i in inputs], namespace)
        depth = 1 + max([depths[i] for i in inputs], default=0)
        if uses[out] == 1 and depth < MAX_DEPTH:
            texts.append(text)
            depths.append(depth)
        else:
            lines.append(f"_{out} = {text}")
            texts.append(f"_{out}")
            depths.append(0)
    return lines, [texts[value] for value in program.outputs]


def _repeats_argument(op: Op) -> bool:
    """Return whether the first argument is written more than once."""
    return op.fast_within is not None or (op.fast is not None and op.fast.count("{0}") > 1)


def _application(op: Op, arguments: list[str], namespace: dict[str, object]) -> str:
    """Return an op applied to texts, and put the functions that it calls into the namespace."""
    if op.fast is not None and "{" in op.fast:
        return f"({op.fast.format(*arguments)})"
    listed = ", ".join(arguments)
    exact = f"_op_{op.name}({listed})"
    if op.fast is None:
        namespace[f"_op_{op.name}"] = op.forward
        return exact
    namespace[f"_{op.fast}"] = getattr(math, op.fast)
    if op.fast_within is None:
        return f"_{op.fast}({listed})"
    namespace[f"_op_{op.name}"] = op.forward
    return f"(_{op.fast}({listed}) if {-op.fast_within} < {arguments[0]} < {op.fast_within} else {exact})"


def _literal(value: float, namespace: dict[str, object]) -> str:
    if math.isfinite(value):
        return repr(value) if math.copysign(1.0, value) > 0 else f"({value!r})"
    name = "_nan" if math.isnan(value) else "_inf"
    namespace[name] = abs(value)
    return f"(-{name})" if value < 0 else name
