"""Nested structures, taken apart and put together."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.eager.tree import flatten

Pair = namedtuple("Pair", "first second")

TREES = st.recursive(
    st.floats(allow_nan=False),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.tuples(inner, inner).map(lambda t: Pair(*t)),
    ),
    max_leaves=12,
)


@given(TREES)
def test_there_and_back(tree: Any) -> None:
    leaves, names, rebuild = flatten(tree, "t")
    assert len(leaves) == len(names) == len(set(names))
    again = rebuild(leaves)
    assert again == tree
    assert type(again) is type(tree)
    other = rebuild(range(len(leaves)))
    assert flatten(other)[0] == list(range(len(leaves)))


@given(TREES)
def test_a_name_leads_to_its_leaf(tree: Any) -> None:
    leaves, names, _ = flatten(tree, "t")
    for leaf, name in zip(leaves, names, strict=True):
        assert eval(name, {"t": tree}) == leaf


def test_arrays_are_leaves_and_the_order_is_that_of_the_keys() -> None:
    array = np.ones(2)
    leaves, names, rebuild = flatten({"z": array, "a": Pair(1.0, [2.0])}, "p")
    assert leaves[0] is array
    assert leaves[1:] == [1.0, 2.0]
    assert names == ["p['z']", "p['a'][0]", "p['a'][1][0]"]
    assert isinstance(rebuild(leaves)["a"], Pair)
    assert list(rebuild(leaves)) == ["z", "a"]


def test_an_ordered_dict_comes_back_as_a_dict() -> None:
    assert flatten(OrderedDict(b=1.0, a=2.0))[2]([3.0, 4.0]) == {"b": 3.0, "a": 4.0}


def test_too_few_leaves_are_an_error() -> None:
    with pytest.raises((StopIteration, ValueError, RuntimeError)):
        flatten([1.0, 2.0])[2]([1.0])


def test_depth_needs_no_recursion() -> None:
    tree: Any = 1.0
    for _ in range(50_000):
        tree = [tree]
    leaves, names, rebuild = flatten(tree)
    assert leaves == [1.0]
    assert len(names[0]) == 150_000
    made = rebuild([2.0])
    for _ in range(50_000):
        [made] = made
    assert made == 2.0
