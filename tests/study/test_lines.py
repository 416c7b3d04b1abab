"""Lines of keys, against files whose lines are known because the test wrote them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewinds.study.lines import key_lines

FILE = '''# a comment [x]
title = """
[spillovers]
draws = 5 ""\\"""""
schema = 1  # [x
[ "spillovers" ]
periods = [ 1970, # ]
  1974,
]
'draws' = 1
calibrated.seed = 3
power = { level = 2, deep = { er = 1 } }
"a.b" = \'\'\'
# = [\'\'\'
"" = 'x#'

[[world.shocks]]
size = 1
[[world.shocks]]
start = 2
'''


def test_every_way_to_write_a_key():
    assert key_lines(FILE) == {
        ("title",): 2,
        ("schema",): 5,
        ("spillovers",): 6,
        ("spillovers", "periods"): 7,
        ("spillovers", "draws"): 10,
        ("spillovers", "calibrated"): 11,
        ("spillovers", "calibrated", "seed"): 11,
        ("spillovers", "power"): 12,
        ("spillovers", "power", "level"): 12,
        ("spillovers", "power", "deep"): 12,
        ("spillovers", "power", "deep", "er"): 12,
        ("spillovers", "a.b"): 13,
        ("spillovers", ""): 15,
        ("world",): 17,
        ("world", "shocks"): 17,
        ("world", "shocks", 0): 17,
        ("world", "shocks", 0, "size"): 18,
        ("world", "shocks", 1): 19,
        ("world", "shocks", 1, "start"): 20,
    }


def test_lists_of_tables_in_lists_of_tables_belong_to_the_last_one():
    text = "[[a.b]]\nx = 1\n[[a.b.c]]\ny = 2\n[[a.b]]\n[a.b.d]\nz = 3\n[[a.b.c]]\ny = 4\nw = [{ v = 5 }, { v = 6 }]\n"
    assert key_lines(text) == {
        ("a",): 1,
        ("a", "b"): 1,
        ("a", "b", 0): 1,
        ("a", "b", 0, "x"): 2,
        ("a", "b", 0, "c"): 3,
        ("a", "b", 0, "c", 0): 3,
        ("a", "b", 0, "c", 0, "y"): 4,
        ("a", "b", 1): 5,
        ("a", "b", 1, "d"): 6,
        ("a", "b", 1, "d", "z"): 7,
        ("a", "b", 1, "c"): 8,
        ("a", "b", 1, "c", 0): 8,
        ("a", "b", 1, "c", 0, "y"): 9,
        ("a", "b", 1, "c", 0, "w"): 10,
        ("a", "b", 1, "c", 0, "w", 0): 10,
        ("a", "b", 1, "c", 0, "w", 0, "v"): 10,
        ("a", "b", 1, "c", 0, "w", 1): 10,
        ("a", "b", 1, "c", 0, "w", 1, "v"): 10,
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# x = 1", "[a]", "a = 1", "a = 1\r\n[b]\r\n"])
def test_small_files(text):
    assert set(key_lines(text)) == {(name,) for name in tomllib.loads(text)}


VALUES = [
    "1",
    "true",
    "1979-05-27",
    '"a # [b"',
    "'{'",
    '"\\""',
    "[1, [2, 3]]",
    "[\n 1, # ]\n 2 ]",
    '"""\n[x]\ny = 1\n"""',
]
KEYS = st.lists(st.tuples(st.sampled_from(VALUES), st.integers(0, 2)), min_size=1, max_size=12)


@given(st.lists(KEYS, min_size=1, max_size=4))
def test_lines_are_where_the_keys_were_written(tables):
    text, expected = "", {}
    for number, keys in enumerate(tables):
        table = f"t{number}"
        expected[(table,)] = text.count("\n") + 1
        text += f"[{table}] # {{\n"
        for index, (value, blank) in enumerate(keys):
            text += "# c\n" * blank
            expected[(table, f"k{index}")] = text.count("\n") + 1
            text += f"k{index} = {value}\n"
    tomllib.loads(text)
    assert key_lines(text) == expected
