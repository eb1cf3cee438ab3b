"""This processor: its vectors, machine code for it, and what compiled code needs to know about arrays."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from .._rows import FLOAT, Array

# `places` puts into a table of arrays where their data are, and gives the flags that all of them have; 0 where not all
# are columns of so many rows, contiguous, of this type of numbers. It reads arrays where NumPy's C headers say
# (`PyArrayObject`, as the macros of every compiled extension do): after an object's header the address of the data, the
# number of axes, pointers to shape and strides, the base, the type of numbers, flags. An object's id is its address.
# `apart` says whether no result of a table, from `first` on, has a byte in common with another column, each of so many
# bytes. For 21 columns the two take a tenth of the time of asking each in Python.
HEADER = object.__basicsize__
PLAIN = 0x100 | 0x400  # NPY_ARRAY_ALIGNED, NPY_ARRAY_WRITEABLE
PLACES = f"""
define i32 @places(i64 %n, i64 %rows, ptr %numbers, ptr %table) {{
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %all = phi i32 [ -1, %entry ], [ %found, %loop ]
  %at = getelementptr ptr, ptr %table, i64 %i
  %array = load ptr, ptr %at
  %data_at = getelementptr i8, ptr %array, i64 {HEADER}
  %axes_at = getelementptr i8, ptr %array, i64 {HEADER + 8}
  %shape_at = getelementptr i8, ptr %array, i64 {HEADER + 16}
  %strides_at = getelementptr i8, ptr %array, i64 {HEADER + 24}
  %type_at = getelementptr i8, ptr %array, i64 {HEADER + 40}
  %flags_at = getelementptr i8, ptr %array, i64 {HEADER + 48}
  %data = load ptr, ptr %data_at
  %axes = load i32, ptr %axes_at
  %type = load ptr, ptr %type_at
  %flags = load i32, ptr %flags_at
  store ptr %data, ptr %at
  %has_axis = icmp eq i32 %axes, 1
  %shape = load ptr, ptr %shape_at
  %strides = load ptr, ptr %strides_at
  %shape_or_none = select i1 %has_axis, ptr %shape, ptr %at
  %strides_or_none = select i1 %has_axis, ptr %strides, ptr %at
  %length = load i64, ptr %shape_or_none
  %stride = load i64, ptr %strides_or_none
  %has_length = icmp eq i64 %length, %rows
  %is_contiguous = icmp eq i64 %stride, 8
  %has_type = icmp eq ptr %type, %numbers
  %is_line = and i1 %has_axis, %is_contiguous
  %is_right = and i1 %has_length, %has_type
  %is_plain = and i1 %is_line, %is_right
  %mask = select i1 %is_plain, i32 %flags, i32 0
  %found = and i32 %all, %mask
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret i32 %found
}}

define i1 @apart(i64 %n, i64 %first, i64 %bytes, ptr %table) {{
entry:
  br label %result
result:
  %i = phi i64 [ %first, %entry ], [ %following, %free ]
  %here_at = getelementptr i64, ptr %table, i64 %i
  %here = load i64, ptr %here_at
  %stop = add i64 %here, %bytes
  br label %other
other:
  %k = phi i64 [ 0, %result ], [ %next, %other ]
  %were_free = phi i1 [ true, %result ], [ %are_free, %other ]
  %there_at = getelementptr i64, ptr %table, i64 %k
  %there = load i64, ptr %there_at
  %end = add i64 %there, %bytes
  %is_after = icmp uge i64 %here, %end
  %is_before = icmp ule i64 %stop, %there
  %is_free = or i1 %is_after, %is_before
  %are_free = and i1 %were_free, %is_free
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, %i
  br i1 %more, label %other, label %free
free:
  %following = add i64 %i, 1
  %others = icmp slt i64 %following, %n
  %go_on = and i1 %others, %are_free
  br i1 %go_on, label %result, label %done
done:
  ret i1 %are_free
}}
"""


class Machine:
    """This processor: its name and features, and the width of the vectors in float64s, its own if none is given.

    Attributes:
        fused: whether it has fused multiply-adds; without them each is a call of the C library.
        stores_lines: whether it stores a line of the cache at once.
    """

    def __init__(self, width: int | None = None) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self.cpu = llvm.get_host_cpu_name()
        self.features = llvm.get_host_cpu_features()
        # With AVX2 two registers to a vector: one hides what the other waits for, and together they are a line.
        self.width = width or (8 if self.features.get("avx2") else 2)
        self.stores_lines = bool(self.features.get("avx512f"))
        self.fused = self.features.get("fma", True)
        self.target = llvm.Target.from_default_triple()
        self._engine = self.compile(PLACES, 0)
        number, pointer = ctypes.c_int64, ctypes.c_void_p
        places, apart = map(self._engine.get_function_address, ("places", "apart"))
        self._places = ctypes.PYFUNCTYPE(ctypes.c_int32, number, number, pointer, pointer)(places)
        self._apart = ctypes.PYFUNCTYPE(ctypes.c_bool, number, number, number, pointer)(apart)

    def addresses(self, columns: Sequence[Array]) -> array[int]:
        """A table of where arrays begin, of one or more."""
        table = array("q", list(map(id, columns)))
        self._places(len(table), 0, 0, table.buffer_info()[0])
        return table

    def plain_addresses(self, inputs: Sequence[Any], results: Sequence[Any], rows: int) -> array[int] | None:
        """The same, if all are writeable plain columns of so many rows and no result is on another column."""
        columns = [*inputs, *results]
        if set(map(type, columns)) != {np.ndarray}:
            return None
        table = array("q", list(map(id, columns)))
        start = table.buffer_info()[0]
        if self._places(len(table), rows, id(FLOAT), start) & PLAIN != PLAIN:
            return None
        return table if self._apart(len(table), len(inputs), 8 * rows, start) else None

    def compile(self, text: str, level: int) -> llvm.ExecutionEngine:
        """Machine code of a module, without passes; `level` is that of the code generator."""
        module = llvm.parse_assembly(text)
        machine = self.target.create_target_machine(cpu=self.cpu, features=self.features.flatten(), opt=level, jit=True)
        engine = llvm.create_mcjit_compiler(module, machine)
        engine.finalize_object()
        return engine


@cache
def this_machine() -> Machine:
    """The one that is running."""
    return Machine()
