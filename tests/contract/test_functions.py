"""The functions that users call: what `help`, editors, `copy` and `pickle` make of them."""

from __future__ import annotations

import copy
import inspect
import os
import pickle
import pydoc
import subprocess
import sys
from contextlib import suppress

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


@pytest.mark.parametrize("word", FUNCTIONS)
def test_arguments_that_do_not_fit_are_refused(word: str) -> None:
    """No word of the language, helpers included, fails in another way than by an error with a message."""
    matrix = "[[x, y], [y, x]]"
    for arguments in (
        "",
        "x",
        "x, y",
        "x, y, 2",
        "x, y, 1, 2",
        "[x, y]",
        "[x, y], [y, x]",
        matrix,
        f"{matrix}, [x, y]",
    ):
        with suppress(adcli.AdcliError):
            f = adcli.compile(f"{word}({arguments})")
            f.value(dict.fromkeys(f.variables, 1.5))


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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each question is asked in a fork")
def test_special_functions_are_there_when_they_are_needed() -> None:
    """However they are asked for first, in a process that has not loaded them."""
    code = """
import os, sys
from adcli.graph.expr import Graph
from adcli.ops import FUNCTIONS, TABLE, UFUNCS, Carrier, LazyTable
from adcli.ops.groups import operations_by_group
x = Graph().variable("x")
for ask, answer in (
    (lambda: TABLE["gamma"].name, "gamma"), (lambda: FUNCTIONS.get("gammaln").name, "lgamma"),
    (lambda: "erf" in TABLE, True), (lambda: len(TABLE) > 112, True), (lambda: "bessel" in str(list(FUNCTIONS)), True),
    (lambda: str(x.erfc()), "erfc(x)"), (lambda: str(UFUNCS["digamma"](x)), "digamma(x)"),
    (lambda: "erf" in {} | FUNCTIONS, True), (lambda: TABLE.get("no such"), None), (lambda: hasattr(x, "erfd"), False),
    (lambda: len(operations_by_group()) and [*TABLE].index("gamma") < [*TABLE].index("root"), True),
):
    if os.fork() == 0:
        assert not LazyTable.is_complete
        os._exit(not (ask() == answer and LazyTable.is_complete and not hasattr(Carrier, "__getattr__")))
    assert os.wait()[1] == 0, answer
"""
    subprocess.run([sys.executable, "-c", code], check=True)
