"""Straight-line vector code for LLVM, written as arithmetic: `Vector` is a value of W lanes, `Emitter` the text so far.

An instruction that was written before is not written again. So what two functions share, like the reduction of one
argument or an exponential, is computed once.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from ...ops import Op

F, INTEGER, B = "double", "i64", "i1"  # the lanes: float64, 64-bit integers, conditions


def _float_text(value: float) -> str:
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


class Emitter:
    """The body of one function, line by line.

    Args:
        width: lanes of a vector.
        address: returns the address of the C function of an op.

    Attributes:
        op: that is being written.
        lines: LLVM's textual instructions.
        block: the label of the basic block that is being written.
        calls: signatures of the intrinsics that were used.
        rescues: the numbers of arguments of the scalar functions that single lanes go to.
    """

    def __init__(self, width: int, address: Callable[[Op], int]) -> None:
        self.width = width
        self.address = address
        self.op: Op
        self.lines: list[str] = []
        self.block = "loop"
        self.calls: set[str] = set()
        self.rescues: set[int] = set()
        self._known: dict[str, str] = {}
        self._count = 0

    def type(self, lane: str) -> str:
        """Return the type of a vector of lanes."""
        return f"<{self.width} x {lane}>"

    def new_name(self) -> str:
        """Return an unused name."""
        self._count += 1
        return f"%t{self._count}"

    def pure(self, lane: str, text: str) -> Vector:
        """Return the value of an instruction without effects, written now or before."""
        name = self._known.get(text)
        if name is None:
            name = self._known[text] = self.new_name()
            self.lines.append(f"  {name} = {text}")
        return Vector(self, lane, name)

    def constant(self, value: float | int, lane: str = F) -> Vector:
        """Return a number in every lane."""
        text = _float_text(float(value)) if lane == F else str(int(value))
        return Vector(self, lane, "<" + ", ".join([f"{lane} {text}"] * self.width) + ">", value)

    def intrinsic(self, name: str, *arguments: Vector) -> Vector:
        """Return an intrinsic function of LLVM from floats to floats."""
        vector = self.type(F)
        full = f"@llvm.{name}.v{self.width}f64"
        self.calls.add(f"declare {vector} {full}({', '.join([vector] * len(arguments))})")
        listed = ", ".join(f"{vector} {argument.name}" for argument in arguments)
        return self.pure(F, f"call {vector} {full}({listed})")

    def each(self, *arguments: Vector) -> Vector:
        """Return the scalar function of the op that is being written, called for every lane."""
        return self.pure(F, self._rescue(self.constant(0.0).name, "-1", arguments))

    def rescue(self, result: Vector, where: Vector, *arguments: Vector) -> Vector:
        """Return the results of the scalar function of the op that is being written in some lanes, usually none.

        Args:
            result: of the other lanes.
            where: the lanes.
        """
        width, vector = self.width, self.type(F)
        self.rescues.add(len(arguments))
        mask = self.pure("bits", f"bitcast {self.type(B)} {where.name} to i{width}").name
        some = self.pure("bit", f"icmp ne i{width} {mask}, 0").name
        mended, merged = self.new_name(), self.new_name()
        slow, join = f"slow{merged[2:]}", f"join{merged[2:]}"
        self.lines += [
            f"  br i1 {some}, label %{slow}, label %{join}, !prof !0",
            f"{slow}:",
            f"  {mended} = {self._rescue(result.name, mask, arguments)}",
            f"  br label %{join}",
            f"{join}:",
            f"  {merged} = phi {vector} [ {result.name}, %{self.block} ], [ {mended}, %{slow} ]",
        ]
        self.block = join
        return Vector(self, F, merged)

    def mask(self, value: Vector, first: int, stop: int) -> None:
        """Where the value is nan, usually nowhere, set the results from `first` to before `stop` to nan in memory."""
        undefined = value.isnan()
        mask = self.pure("bits", f"bitcast {self.type(B)} {undefined.name} to i{self.width}").name
        some = self.pure("bit", f"icmp ne i{self.width} {mask}, 0").name
        lanes = f"{self.type(F)} {value.name}, {self.type(B)} {undefined.name}"
        parameters = f"ptr %outputs, i64 {first}, i64 {stop}, i64 %i, {lanes}"
        self.lines += [
            f"  br i1 {some}, label %undefined{first}, label %defined{first}, !prof !0",
            f"undefined{first}:",
            f"  call void @mask({parameters})",
            f"  br label %defined{first}",
            f"defined{first}:",
        ]
        self.block = f"defined{first}"

    def _rescue(self, result: str, mask: str, arguments: tuple[Vector, ...]) -> str:
        vector = self.type(F)
        self.rescues.add(len(arguments))
        parameters = "".join(f", {vector} {argument.name}" for argument in arguments)
        function = f"ptr inttoptr (i64 {self.address(self.op)} to ptr)"
        return f"call {vector} @rescue{len(arguments)}({vector} {result}, i{self.width} {mask}, {function}{parameters})"


class Vector:
    """A value of W lanes. Operators and methods write instructions. Numbers among the operands become constants."""

    __slots__ = ("emitter", "lane", "name", "number")

    def __init__(self, emitter: Emitter, lane: str, name: str, number: float | None = None) -> None:
        self.emitter = emitter
        self.lane = lane
        self.name = name
        self.number = number  # where it is a constant

    def _lift(self, other: Vector | float) -> Vector:
        return other if isinstance(other, Vector) else self.emitter.constant(other, self.lane)

    def _two(self, instruction: str, other: Vector | float) -> Vector:
        other = self._lift(other)
        text = f"{instruction} {self.emitter.type(self.lane)} {self.name}, {other.name}"
        return self.emitter.pure(self.lane, text)

    def _test(self, floats: str, integers: str, other: Vector | float) -> Vector:
        other = self._lift(other)
        instruction = f"fcmp {floats}" if self.lane == F else f"icmp {integers}"
        return self.emitter.pure(B, f"{instruction} {self.emitter.type(self.lane)} {self.name}, {other.name}")

    def __add__(self, other: Vector | float) -> Vector:
        return self._two("fadd" if self.lane == F else "add", other)

    def __radd__(self, other: float) -> Vector:
        return self._lift(other) + self

    def __sub__(self, other: Vector | float) -> Vector:
        return self._two("fsub" if self.lane == F else "sub", other)

    def __rsub__(self, other: float) -> Vector:
        return self._lift(other) - self

    def __mul__(self, other: Vector | float) -> Vector:
        return self._two("fmul", other)

    def __rmul__(self, other: float) -> Vector:
        return self._lift(other) * self

    def __truediv__(self, other: Vector | float) -> Vector:
        return self._two("fdiv", other)

    def __rtruediv__(self, other: float) -> Vector:
        return self._lift(other) / self

    def __neg__(self) -> Vector:
        return self.emitter.pure(F, f"fneg {self.emitter.type(F)} {self.name}")

    def __and__(self, other: Vector | int) -> Vector:
        return self._two("and", other)

    def __or__(self, other: Vector | int) -> Vector:
        return self._two("or", other)

    def __xor__(self, other: Vector | int) -> Vector:
        return self._two("xor", other)

    def __invert__(self) -> Vector:
        return self._two("xor", 1 if self.lane == B else -1)

    def __lshift__(self, other: int) -> Vector:
        return self._two("shl", other)

    def __rshift__(self, other: int) -> Vector:
        return self._two("lshr", other)

    def __lt__(self, other: Vector | float) -> Vector:
        return self._test("olt", "slt", other)

    def __le__(self, other: Vector | float) -> Vector:
        return self._test("ole", "sle", other)

    def __gt__(self, other: Vector | float) -> Vector:
        return self._test("ogt", "sgt", other)

    def __ge__(self, other: Vector | float) -> Vector:
        return self._test("oge", "sge", other)

    def equal(self, other: Vector | float) -> Vector:
        """Return where the two are the same number."""
        return self._test("oeq", "eq", other)

    def unequal(self, other: Vector | float) -> Vector:
        """Return where they are not, nan included."""
        return self._test("une", "ne", other)

    def isnan(self) -> Vector:
        """Return where it is nan."""
        return self._test("uno", "", self)

    def bits(self) -> Vector:
        """Return the same bits as integers."""
        return self.emitter.pure(INTEGER, f"bitcast {self.emitter.type(F)} {self.name} to {self.emitter.type(INTEGER)}")

    def floats(self) -> Vector:
        """Return the same bits as floats."""
        return self.emitter.pure(F, f"bitcast {self.emitter.type(INTEGER)} {self.name} to {self.emitter.type(F)}")


def select(condition: Vector, x: Vector | float, y: Vector | float) -> Vector:
    """Return x where the condition holds, else y."""
    emitter = condition.emitter
    lane = x.lane if isinstance(x, Vector) else y.lane if isinstance(y, Vector) else F
    one, other = (v if isinstance(v, Vector) else emitter.constant(v, lane) for v in (x, y))
    kind = emitter.type(lane)
    return emitter.pure(lane, f"select {emitter.type(B)} {condition.name}, {kind} {one.name}, {kind} {other.name}")


def fma(x: Vector, y: Vector | float, z: Vector | float) -> Vector:
    """Return x*y + z, rounded once."""
    return x.emitter.intrinsic("fma", x, x._lift(y), x._lift(z))


def polynomial(x: Vector, *coefficients: float) -> Vector:
    """Return a polynomial, highest coefficient first, by Estrin's scheme, which has a shorter chain than Horner's."""
    terms: list[Vector] = [x._lift(coefficient) for coefficient in reversed(coefficients)]
    power = x
    while len(terms) > 1:
        pairs = [fma(power, high, low) for low, high in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + terms[2 * len(pairs) :]
        if len(terms) > 1:
            power = power * power
    return terms[0]


def absolute(x: Vector) -> Vector:
    """Return |x|."""
    return x.emitter.intrinsic("fabs", x)


def copysign(x: Vector | float, sign: Vector) -> Vector:
    """Return x with the sign of another."""
    return sign.emitter.intrinsic("copysign", sign._lift(x), sign)


def sqrt(x: Vector) -> Vector:
    """Return the square root, correctly rounded, nan below zero."""
    return x.emitter.intrinsic("sqrt", x)
