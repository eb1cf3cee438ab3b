"""One point at a time in plain Python, without NumPy: an interpreter, and generated straight-line functions.

The interpreter runs the IEEE kernels of the table. A generated function runs the quicker `fast` spellings, which may
raise at poles and overflows; it then falls back on the interpreter, so both give the same bits. Generating costs 10 to
20 us an instruction and makes a call some 20 times quicker: it pays off from about 30 calls
(docs/decisions/003-scalar-backend.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..graph.tape import Tape, guard
from ..ops import Op

if TYPE_CHECKING:
    from types import CodeType

    from ._rows import Fill

LARGEST = 20_000  # instructions, 0.2 s to compile; 100 000 take 4 s
DEEPEST = 20  # nested parentheses in generated code; CPython's parser refuses about 200

Inputs = Sequence[float]
# (point or None, one value per variable or None) -> checked floats, or None where one is an array
Check = Callable[..., tuple[float, ...] | None]
# outputs -> what the caller gets
Pack = Callable[[list[float]], Any]


def interpreter(program: Tape) -> Callable[[Inputs], list[float]]:
    """A function from inputs, one per variable, to the outputs of the program. Never raises for any floats.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> interpreter(Tape(x.graph, [1.0 / x]))([0.0])
    [inf]
    """
    run = unguarded(program)
    masks = program.masks if any(program.masks) else None
    return lambda inputs: guard(run(inputs), masks)


def unguarded(program: Tape) -> Callable[[Inputs], list[float]]:
    """The same for outputs of which the first is not the value of the others: no mask."""
    code = [(instruction.op.forward, instruction.inputs) for instruction in program.instructions]
    constants, outputs = program.constants, program.outputs

    def run(inputs: Inputs) -> list[float]:
        values: list[Any] = [*inputs, *constants]
        append = values.append
        for forward, arguments in code:
            append(forward(*[values[i] for i in arguments]))
        return [values[i] for i in outputs]

    return run


def filler(program: Tape) -> Fill:
    """A filler of the program's outputs, row by row with the bits of one point (see `_rows`)."""
    run = interpreter(program)

    def fill(inputs: Sequence[Any], results: Sequence[Any]) -> None:
        rows = len(results[0])
        columns = [column.tolist() if hasattr(column, "tolist") else [column] * rows for column in inputs]
        points: Iterable[tuple[Any, ...]] = zip(*columns, strict=True) if columns else [()] * rows
        found = [run([float(x) for x in point]) for point in points]
        for result, column in zip(results, zip(*found, strict=True), strict=True):
            result[:] = column

    return fill


def function(
    name: str, program: Tape, check: Check, pack: Pack, result: str, of_arrays: Callable[..., Any]
) -> Callable[..., Any]:
    """A Python function of the program with the variables as keywords; the generated code is all of it.

    Args:
        name: of the function.
        program: what it computes.
        check: turns ``(point, values)`` into floats, or raises, or gives None; only called when some value is no float.
        pack: makes the answer of a list of outputs, on the way that handles poles and overflows.
        result: the same as a template of Python in which ``{0}``, ``{1}`` … are the outputs and ``'{names[0]}'`` … the
            names of variables.
        of_arrays: answers ``(point, values)`` where `check` gave None.
    """
    run = interpreter(program)
    variables = program.variables
    if len(program.instructions) > LARGEST:

        def interpreted(point: Mapping[str, float] | None = None, /, **named: float) -> Any:
            inputs = check(point, named)
            return of_arrays(point, named) if inputs is None else pack(run(inputs))

        interpreted.__name__ = name
        return interpreted

    def recover(*inputs: float) -> Any:
        return pack(run(inputs))

    def checked(point: Mapping[str, float] | None, *values: Any) -> Any:
        return check(point, dict(zip(variables, values, strict=True)))

    def answered(point: Mapping[str, float] | None, *values: Any) -> Any:
        return of_arrays(point, dict(zip(variables, values, strict=True)))

    namespace: dict[str, Any] = {"_check": checked, "_of_arrays": answered, "_recover": recover, "_float": float,
                                 "_type": type, "_errors": (ValueError, ArithmeticError)}  # fmt: skip
    names = _inputs(program)
    lines, outputs = _body(program, namespace, names)
    listed = ", ".join(names)
    head = f"def {name}(_point=None, /{', *, ' if names else ''}{'=None, '.join(names)}"
    source = [head + ("=None):" if names else "):")]
    if names:
        tests = [*[f"_type({each}) is not _float" for each in names], "_point is not None"]
        source.append(f"    if {' or '.join(tests)}:")
        source.append(f"        _inputs = _check(_point, {listed})")
        source.append("        if _inputs is None:")
        source.append(f"            return _of_arrays(_point, {listed})")
        source.append(f"        {listed}, = _inputs")
    source.append("    try:")
    source.extend(f"        {line}" for line in lines or ["pass"])
    source.append("    except _errors:")
    source.append(f"        return _recover({listed})")
    if len(program.outputs) > 1:
        source.append(f"    if {outputs[0]} != {outputs[0]}:")
        source.append(f"        return _recover({listed})")
    source.append(f"    return {result.format(*outputs, names=names)}")
    made = _generated(name, source, namespace)
    made.__code__ = _renamed(made.__code__, dict(zip(names, variables, strict=True)))
    made.__kwdefaults__ = dict.fromkeys(variables)
    return made


def _renamed(code: CodeType, names: Mapping[str, str]) -> CodeType:
    """Compiled code in which local variables and strings have other names: what the user calls them is in no source."""

    def other(constant: Any) -> Any:
        if isinstance(constant, tuple):
            return tuple(map(other, constant))
        return names.get(constant, constant) if isinstance(constant, str) else constant

    return code.replace(co_varnames=other(code.co_varnames), co_consts=other(code.co_consts))


def positional(program: Tape) -> Callable[[Iterable[float]], list[float]]:
    """The same as `interpreter`, some twenty times quicker once its code has been generated.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> positional(Tape(x.graph, [1.0 / x]))([0.0])
    [inf]
    """
    run = interpreter(program)
    if len(program.instructions) > LARGEST:
        return lambda inputs: run([*inputs])
    namespace: dict[str, Any] = {"_recover": run, "_errors": (ValueError, ArithmeticError)}
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
        undefined = " or ".join(f"{outputs[place]} != {outputs[place]}" for place in dict.fromkeys(program.masks))
        source += [f"    if {undefined}:", f"        return _recover([{', '.join(names)}])"]
    source.append(f"    return [{', '.join(outputs)}]")
    made: Callable[[Iterable[float]], list[float]] = _generated("run", source, namespace)
    return made


def _generated(name: str, source: list[str], namespace: dict[str, Any]) -> Callable[..., Any]:
    """The function of this name from source text, in which all names are generated."""
    exec(compile("\n".join(source), f"<adcli {name}>", "exec"), namespace)
    made: Callable[..., Any] = namespace[name]
    return made


def _inputs(program: Tape) -> list[str]:
    """Generated names for the variables."""
    return [f"_x{number}" for number in range(len(program.variables))]


def _body(program: Tape, namespace: dict[str, Any], variables: Sequence[str]) -> tuple[list[str], list[str]]:
    """The statements, and the texts of the outputs. What is read once is written in place, unless it nests too deep."""
    texts: list[str] = [*variables, *[_literal(value, namespace) for value in program.constants]]
    depths = [0] * len(texts)
    uses = program.uses()
    for value in program.outputs:
        uses[value] += 1  # an output is named: the guard reads it once more
    lines: list[str] = []
    for op, out, inputs in program.instructions:
        if _repeats(op) and depths[inputs[0]]:
            lines.append(f"_{inputs[0]} = {texts[inputs[0]]}")
            texts[inputs[0]] = f"_{inputs[0]}"
            depths[inputs[0]] = 0
        text = _application(op, [texts[i] for i in inputs], namespace)
        depth = 1 + max([depths[i] for i in inputs], default=0)
        if uses[out] == 1 and depth < DEEPEST:
            texts.append(text)
            depths.append(depth)
        else:
            lines.append(f"_{out} = {text}")
            texts.append(f"_{out}")
            depths.append(0)
    return lines, [texts[value] for value in program.outputs]


def _repeats(op: Op) -> bool:
    """Whether the first argument is written more than once."""
    return op.fast_within is not None or (op.fast is not None and op.fast.count("{0}") > 1)


def _application(op: Op, arguments: list[str], namespace: dict[str, Any]) -> str:
    """An op applied to texts; the functions it calls are put into the namespace."""
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


def _literal(value: float, namespace: dict[str, Any]) -> str:
    if math.isfinite(value):
        return repr(value) if math.copysign(1.0, value) > 0 else f"({value!r})"
    name = "_nan" if math.isnan(value) else "_inf"
    namespace[name] = abs(value)
    return f"(-{name})" if value < 0 else name
