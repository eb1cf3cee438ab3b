"""The functions that users call: what `help`, editors, `copy` and `pickle` make of them."""

from __future__ import annotations

import copy
import inspect
import pickle
import pydoc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import adcli
from adcli.ops import FUNCTIONS, PUBLIC, TABLE, Op

from . import stubs

EVERY = pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)


def test_the_stub_is_in_step_with_the_table() -> None:
    assert stubs.STUB.read_text(encoding="utf-8") == stubs.text(), "run python -m tests.contract.stubs"


def test_helpers_are_not_public_and_still_parse() -> None:
    assert {"tie_share", "scatter", "sum_to", "gaussian"}.isdisjoint(PUBLIC)
    assert {"tie_share", "scatter", "sum_to", "gaussian"} <= FUNCTIONS.keys()
    assert PUBLIC.keys() <= set(dir(adcli))
    assert set(dir(adcli)).isdisjoint(FUNCTIONS.keys() - PUBLIC.keys())
    assert adcli.compile("gaussian(x)").value(x=0.0) == 1.0


@pytest.mark.parametrize("word", PUBLIC)
def test_help_is_about_the_function(word: str) -> None:
    function = getattr(adcli, word)
    shown = pydoc.plain(pydoc.render_doc(function))
    assert shown.split("\n\n")[1].startswith(f"{function.name}{inspect.signature(function)}")
    assert function.doc in shown
    assert "Args:" not in shown, "that is the help on the class"
    assert function.__module__ == "adcli"


def test_signatures() -> None:
    assert str(inspect.signature(adcli.sin)) == "(x)"
    assert str(inspect.signature(adcli.atan2)) == "(y, x)"
    assert str(inspect.signature(adcli.norm)) == "(x, axis=None, keepdims=False)"


@EVERY
def test_a_copy_of_an_operation_is_the_operation(op: Op) -> None:
    for same in (copy.copy(op), copy.deepcopy(op), pickle.loads(pickle.dumps(op))):
        assert same is op


def test_a_copy_of_an_operation_with_parameters_is_the_operation() -> None:
    for op in (TABLE["sum"].bind(axis=0, keepdims=False), TABLE["reshape"].bind(shape=(2, 2))):
        for same in (copy.copy(op), copy.deepcopy(op), pickle.loads(pickle.dumps(op))):
            assert same is op
    part = TABLE["getitem"].bind(index=(np.array([0, 1]),))
    assert copy.copy(part) is part
    assert copy.deepcopy(part) is part
    assert list(pickle.loads(pickle.dumps(part))(np.array([1.0, 2.0, 3.0]))) == [1.0, 2.0]


def test_a_fact_that_no_operation_has_is_an_error() -> None:
    with pytest.raises(TypeError, match="unheard: an operation has no aliasses="):
        Op("unheard", abs, doc="Nothing.", aliasses=("x",))  # type: ignore[call-arg]
    assert "unheard" not in TABLE


def test_types(tmp_path: Path) -> None:
    """What mypy reveals of the functions and operators: never Any."""
    pytest.importorskip("mypy")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(program)],
        cwd=Path(adcli.__file__).parent.parent, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


PROGRAM = """
from typing import assert_type

import numpy as np
from numpy.typing import NDArray

import adcli
from adcli import Dual, Value

a = np.array([1.0, 2.0])
v = Value(1.0)
d = Dual(1.0, 1.0)
assert_type(adcli.sin(1), float)
assert_type(adcli.sin(a), NDArray[np.float64])
assert_type(adcli.sin([1.0, 2.0]), NDArray[np.float64])
assert_type(adcli.sin(v), Value)
assert_type(adcli.sin(d), Dual)
assert_type(adcli.ln(v), Value)
assert_type(adcli.log(v, 10.0), Value)
assert_type(adcli.atan2(1.0, v), Value)
assert_type(adcli.atan2(a, 1.0), NDArray[np.float64])
assert_type(adcli.max(1.0, v), Value)
assert_type(adcli.max(1.0, 2.0), float)
assert_type(adcli.where(True, 1.0, v), Value)
assert_type(adcli.sum(a, axis=0), float | NDArray[np.float64])
assert_type(adcli.sum(v), Value)
assert_type(adcli.stack([v, v]), Value)
assert_type(2.0 * v, Value)
assert_type(v @ a, Value)
assert_type(-d, Dual)
assert_type(v.sin(), Value)
"""
