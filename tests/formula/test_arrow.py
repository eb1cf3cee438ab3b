"""`Function.arrow`: an Arrow batch in, an Arrow batch with further columns out."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

import adcli
from adcli.formula.kinds import KINDS

pyarrow = pytest.importorskip("pyarrow")


def test_columns_are_those_of_a_table() -> None:
    f = adcli.compile("a*exp(-k*t)")
    batch = pyarrow.RecordBatch.from_pydict({"id": ["007", None], "t": [1.0, 2.0], "k": [1, 2]})
    result = f.arrow(batch, a=2.0)
    assert isinstance(result, pyarrow.RecordBatch)
    assert result.schema == f.arrow_schema(batch.schema, a=2.0)
    assert result.schema.names == ["id", "t", "k", "a", "f", "df_da", "df_dk", "df_dt"]
    assert result.select(["id", "t", "k"]) == batch
    expected = f.columns("gradient", a=2.0, t=[1.0, 2.0], k=[1.0, 2.0])
    for name, column in expected.items():
        np.testing.assert_array_max_ulp(result[name].to_numpy(), column, 4)


@pytest.mark.parametrize("name", ["value", "gradient", "jacobian", "hessian", "hvp", "jvp"])
def test_every_kind(name) -> None:
    f = adcli.compile("x**2*y")
    columns = {"x": [1.0, 2.0], "y": [3.0, 4.0]}
    if "directions" in KINDS[name].takes:
        columns["dx"] = [1.0, 0.5]
    table = pyarrow.table(columns)
    result = f.arrow(table, name, backend="numpy")
    expected = f.columns(name, columns, backend="numpy")
    assert {key: result[key].to_pylist() for key in expected} == {key: each.tolist() for key, each in expected.items()}
    assert f.arrow_schema(table.schema, name) == result.schema


def test_taylor_and_wrt() -> None:
    f = adcli.compile("exp(x)*y")
    table = pyarrow.table({"x": [0.0], "y": [1.0]})
    assert f.arrow(table, "taylor", wrt="x", order=2).schema.names == ["x", "y", "c0", "c1", "c2"]
    assert f.arrow(table, wrt=["y"]).schema.names == ["x", "y", "f", "df_dy"]


TYPES = [
    (pyarrow.array([1, None, 2**53 + 1]), [1.0, np.nan, 2.0**53]),
    (pyarrow.array([True, False, None]), [1.0, 0.0, np.nan]),
    (pyarrow.array([0.1, None, np.inf], pyarrow.float32()), [float(np.float32(0.1)), np.nan, np.inf]),
    (pyarrow.array([Decimal("0.1"), None, Decimal("123456789012345678.9")]), [0.1, np.nan, 123456789012345678.9]),
    (pyarrow.array([1.5, None, 1.5]).dictionary_encode(), [1.5, np.nan, 1.5]),
    (pyarrow.nulls(3), [np.nan] * 3),
]


@pytest.mark.parametrize(("column", "numbers"), TYPES, ids=lambda each: str(getattr(each, "type", "")))
def test_types(column, numbers) -> None:
    for table in (pyarrow.table({"x": column}), pyarrow.RecordBatch.from_pydict({"x": column})):
        result = adcli.compile("x").arrow(table, "value")
        np.testing.assert_array_equal(result["f"].to_numpy(), numbers)
        assert result["x"].type == column.type


def test_slices_chunks_and_no_rows() -> None:
    f = adcli.compile("2*x")
    whole = pyarrow.table({"x": np.arange(10.0)})
    chunks = pyarrow.concat_tables([whole.slice(7), whole.slice(0, 3)])
    assert f.arrow(chunks)["f"].to_pylist() == [14.0, 16.0, 18.0, 0.0, 2.0, 4.0]
    assert f.arrow(whole.slice(0, 0)).num_rows == 0
    assert f.arrow(whole.slice(0, 0)).schema == f.arrow_schema(whole.schema)
    assert f.arrow(whole.select([]).append_column("n", [list(range(10))]), x=3.0)["f"].to_pylist() == [6.0] * 10


def test_bits_do_not_depend_on_batches() -> None:
    f = adcli.compile("log(1 + exp(-x*y))*tanh(x - y)")
    x, y = np.random.default_rng(3).normal(size=(2, 5000))
    table = pyarrow.table({"x": x, "y": y})
    whole = f.arrow(table)
    for rows in (1, 777, 2500):
        batches = [f.arrow(batch) for batch in table.slice(0, 3 * rows).to_batches(max_chunksize=rows)]
        assert pyarrow.Table.from_batches(batches).equals(whole.slice(0, 3 * rows).combine_chunks())


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda f, t: f.arrow({"x": [1.0]}), "a dict is not an Arrow batch: give a pyarrow"),
        (lambda f, t: f.arrow(t.select(["x"])), "no column is called 'y': the columns are x"),
        (lambda f, t: f.arrow(t, y=2.0), "y has a value and is a column"),
        (lambda f, t: f.arrow(t, z=2.0), "there is no variable 'z'"),
        (lambda f, t: f.arrow(t.append_column("f", [[1.0]])), "the column 'f' has the name of a result"),
        (lambda f, t: f.arrow(t.append_column("x", [[1.0]])), "the column 'x' occurs twice"),
        (lambda f, t: f.arrow(t.select(["x"]).append_column("y", [["a"]])), "the column 'y' holds string"),
        (lambda f, t: f.arrow(t, "slope"), "slope"),
        (lambda f, t: f.arrow(t, "jvp"), "there is no direction"),
        (lambda f, t: f.arrow(t, backend="gpu"), "there is no backend 'gpu'"),
        (lambda f, t: f.arrow(t, wrt=1.0), "wrt is an option of arrow"),
        (lambda f, t: adcli.compile("x @ y").arrow(t), "take arrays"),
        (lambda f, t: f.arrow_schema(t.schema, z=2.0), "there is no variable 'z'"),
    ],
)
def test_mistakes(call, text) -> None:
    with pytest.raises(adcli.AdcliError) as error:
        call(adcli.compile("x*y"), pyarrow.table({"x": [1.0], "y": [2.0]}))
    assert text in str(error.value)


def test_a_message_names_the_extra(monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(adcli.RequestError, match=r'need pyarrow: install it with pip install "adcli\[arrow\]"'):
        adcli.compile("x").arrow(object())
