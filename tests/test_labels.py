"""Codes of countries, and alignment that never drops one."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.errors import AlignmentError, InputError
from tradewinds.labels import (
    COUNTRY_NAMES,
    KELLER_COUNTRIES,
    KELLER_INDUSTRIES,
    KELLER_LABELS,
    align,
    country_code,
    require_same_labels,
    require_unique,
)

#: Labels as Keller (1997) prints them, and Table 1's order.
PRINTED_BY_KELLER = ("CAN", "FRA", "GER", "IT", "JAP", "SWE", "UK", "USA")
#: The single countries of Bayoumi, Coe and Helpman (1996), as their tables name them and as MULTIMOD codes them.
PRINTED_BY_BCH = {
    "United States": "USA",
    "Japan": "JPN",
    "Germany": "DEU",
    "France": "FRA",
    "Italy": "ITA",
    "United Kingdom": "GBR",
    "Canada": "CAN",
} | {"US": "USA", "JA": "JPN", "FR": "FRA", "IT": "ITA", "UK": "GBR", "CA": "CAN"}


def test_labels_of_keller():
    assert tuple(map(country_code, PRINTED_BY_KELLER)) == KELLER_COUNTRIES
    assert tuple(KELLER_LABELS.get(code, code) for code in KELLER_COUNTRIES) == PRINTED_BY_KELLER
    assert tuple(KELLER_INDUSTRIES) == ("31", "32", "341", "342", "36&37", "381")


@pytest.mark.parametrize(("label", "code"), PRINTED_BY_BCH.items())
def test_labels_of_bayoumi_coe_helpman(label, code):
    assert country_code(label) == code


def test_codes_and_names_of_every_country():
    for code, name in COUNTRY_NAMES.items():
        assert country_code(code) == country_code(code.lower()) == country_code(f" {name} ") == code
    assert country_code("Turkey") == country_code("türkiye") == "TUR"
    assert country_code("Czech Republic") == "CZE"


def test_unknown_country_gets_a_hint():
    with pytest.raises(InputError, match=r"unknown country 'Germny'. Did you mean .GERMANY.\? Use ISO alpha-3"):
        country_code("Germny")
    with pytest.raises(InputError, match=r"unknown country 'XQZ'\. Use ISO alpha-3"):
        country_code("XQZ")


@pytest.mark.parametrize(("code", "other"), [("GR", "Greece"), ("GE", "Georgia")])
def test_a_code_with_two_meanings_is_not_guessed(code, other):
    with pytest.raises(InputError, match=rf"'{code}' is ambiguous: Germany in MULTIMOD .*{other} in ISO alpha-2"):
        country_code(code)


def test_the_rest_of_the_world_is_known():
    assert [country_code(label) for label in ("CHN", "brazil", "South Africa", "ind")] == ["CHN", "BRA", "ZAF", "IND"]
    with pytest.raises(InputError, match='Did you mean "INDONESIA"'):
        country_code("Indonsia")


def test_align_reorders():
    left, right = ["USA", "CAN", "FRA"], ["CAN", "FRA", "USA"]
    order = align(left, right, what="country")
    assert [right[k] for k in order] == left
    assert align([1970, 1971], [np.int64(1971), np.int64(1970)], what="year") == [1, 0]
    assert align([], [], what="country") == []


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        (["CAN", "USA"], ["USA"], "^country labels differ: weights lacks CAN .they are never dropped"),
        (["CAN"], ["CAN", "USA", "FRA"], "^country labels differ: stocks lacks USA, FRA .they"),
        (["CAN", "DEU"], ["CAN", "USA"], "weights lacks DEU; stocks lacks USA"),
        (["CAN", "CAN"], ["CAN"], r"stocks \(country\): label\(s\) occur twice: CAN"),
        (["CAN"], ["CAN", "CAN", "CAN"], r"weights \(country\): label\(s\) occur twice: CAN"),
        ([1970], ["1970"], "they read alike but differ in type"),
    ],
)
def test_differences_are_named_on_both_sides(left, right, message):
    for call in (align, require_same_labels):
        with pytest.raises(AlignmentError, match=message):
            call(left, right, what="country", left_name="stocks", right_name="weights")


def test_every_duplicate_is_named():
    require_unique(iter("abc"), what="letters")
    with pytest.raises(AlignmentError, match=r"letters: label\(s\) occur twice: a, b$"):
        require_unique(iter("abcab"), what="letters")
