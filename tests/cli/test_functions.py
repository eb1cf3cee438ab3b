"""`adcli functions`: the list in groups, and what finds a function."""

from __future__ import annotations

import json

import pytest

from adcli.ops import FUNCTIONS, TABLE
from adcli.ops.groups import GROUPS, operations_by_group


def test_every_operation_has_one_group():
    listed = [op for ops in operations_by_group().values() for op in ops]
    assert sorted(op.name for op in listed) == sorted(TABLE)
    assert not {group.name for group in GROUPS} & {*TABLE, *FUNCTIONS}


def test_the_list_has_groups_and_a_line_for_each_function(run):
    out = run(["functions"]).out
    for group, ops in operations_by_group().items():
        assert (f"{group.title} ({group.name})\n" in out) == any(not op.helper for op in ops)
    assert "\nsin(x)                  Sine of an angle in radians.\n" in out
    assert "gaussian" not in out
    records = [json.loads(line) for line in run(["functions", "--json"]).out.splitlines()]
    assert {record["name"]: record["group"] for record in records}["erf"] == "special"
    assert len(records) == len(TABLE)


@pytest.mark.parametrize(
    ("word", "expected", "other"),
    [
        ("trig", {"sin", "atan2", "acosd"}, {"sinh", "exp"}),
        ("gauss*", {"normcdf", "normpdf", "gaussian"}, {"sin"}),
        ("*GAMMA", {"gamma", "lgamma", "digamma"}, {"sin"}),
        ("log?", {"log2"}, {"log10", "log"}),
        ("arcs*", {"asin"}, {"sin"}),
        ("exp", {"exp"}, {"log"}),
    ],
)
def test_a_word_is_a_name_a_group_or_a_pattern(word, expected, other, run):
    names = {json.loads(line)["name"] for line in run(["functions", word, "--json"]).out.splitlines()}
    assert expected <= names
    assert not other & names


def test_words_that_name_nothing(run):
    assert "no function matches 'zz*'" in run(["functions", "zz*"]).err
    assert "did you mean 'sin'?" in run(["functions", "sinn"]).err
