"""The panel checks every value it carries, keeps its own copies and does not let them change."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import InputError
from tradewinds.spillovers import Specification, estimate

LVP = Specification(kind="level", foreign_rnd="lichtenberg-van-pottelsberghe", import_share=False)


def changed(array, place, value):
    copy = np.array(array)
    copy[place] = value
    return copy


@pytest.mark.parametrize(
    ("name", "place", "value", "message"),
    [
        ("tfp", (1, 2, 3), 0.0, "tfp at FRA, 32, 1973 is 0; it must be positive (its log is taken)"),
        ("rnd_stock", (0, 0, 1), np.nan, "rnd_stock at CAN, 30, 1971 is nan; it must be positive"),
        ("import_share", (7, 5), -0.1, "import_share at USA, 35 is -0.1; it must be zero or positive"),
        ("gdp", (2, 4), 0.0, "gdp at DEU, 1974 is 0; it must be positive (R&D stocks are divided by it)"),
        ("gdp", (2, 4), np.inf, "gdp at DEU, 1974 is inf; it must be positive"),
        (
            "bilateral_imports",
            (0, 3, 1),
            -2.0,
            "bilateral_imports at CAN from ITA, 31 is -2; it must be zero or positive",
        ),
        ("bilateral_imports", (0, 3, 1), np.nan, "bilateral_imports at CAN from ITA, 31 is nan; it must be zero"),
        (
            "bilateral_imports",
            (4, 4, 2),
            9.0,
            "bilateral_imports at JPN from JPN, 32 is 9; sales at home are no imports",
        ),
        ("bilateral_imports", (5, slice(None), 0), 0.0, "bilateral_imports of SWE, 30 are zero from every partner"),
    ],
)
def test_a_bad_value_is_named(random_panel, name, place, value, message):
    array = changed(getattr(random_panel, name), place, value)
    with pytest.raises(InputError, match=re.escape(message)):
        replace(random_panel, **{name: array})


def test_flows_by_year_name_the_year(varying_panel):
    for place, value, message in (
        ((2, 1, 0, 3), np.nan, "bilateral_imports at DEU from FRA, 30, 1973 is nan"),
        ((2, 2, 0, 3), 1.0, "bilateral_imports at DEU from DEU, 30, 1973 is 1; sales at home"),
        ((2, slice(None), 0, 3), 0.0, "bilateral_imports of DEU, 30, 1973 are zero"),
    ):
        with pytest.raises(InputError, match=message):
            replace(varying_panel, bilateral_imports=changed(varying_panel.bilateral_imports, place, value))


@pytest.mark.parametrize("which", ["random_panel", "varying_panel"])
def test_a_missing_diagonal_is_zero(request, which):
    panel = request.getfixturevalue(which)
    own = np.arange(8)
    gaps = replace(panel, bilateral_imports=changed(panel.bilateral_imports, (own, own), np.nan))
    np.testing.assert_array_equal(gaps.bilateral_imports, panel.bilateral_imports)
    np.testing.assert_array_equal(estimate(gaps, LVP).coefficients, estimate(panel, LVP).coefficients)


def test_arrays_are_copies_that_cannot_be_written_to(random_panel):
    stock = np.array(random_panel.rnd_stock)
    panel = replace(random_panel, rnd_stock=stock)
    before = panel.rnd_stock[0, 0, 0]
    stock[0, 0, 0] = -1.0
    assert panel.rnd_stock[0, 0, 0] == before
    for name in ("tfp", "rnd_stock", "import_share", "gdp", "bilateral_imports"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(panel, name)[...] = 1.0


def test_lists_will_do(random_panel):
    names = ("tfp", "rnd_stock", "import_share", "gdp", "bilateral_imports")
    lists = {name: getattr(random_panel, name).tolist() for name in names}
    labels = {name: list(getattr(random_panel, name)) for name in ("countries", "industries", "years")}
    panel = replace(random_panel, **lists, **labels)
    for name in names:
        np.testing.assert_array_equal(getattr(panel, name), getattr(random_panel, name))
    assert panel.countries == random_panel.countries
    np.testing.assert_array_equal(estimate(panel).coefficients, estimate(random_panel).coefficients)


def test_what_is_no_plain_array_is_refused(random_panel):
    with pytest.raises(InputError, match="tfp is not an array of numbers"):
        replace(random_panel, tfp=[[["a"]]])
    with pytest.raises(InputError, match=r"tfp has shape \(\), expected \(8, 6, 22\)"):
        replace(random_panel, tfp=None)
    with pytest.raises(InputError, match="gdp carries labels"):
        replace(random_panel, gdp=pd.DataFrame(random_panel.gdp, index=random_panel.countries))


def test_panels_and_results_can_be_compared(random_panel):
    """``==`` on arrays has no one answer; it must not raise where a panel is looked for in a list."""
    assert random_panel == random_panel
    assert random_panel != replace(random_panel)
    assert len({random_panel, replace(random_panel)}) == 2
    first, second = estimate(random_panel), estimate(random_panel)
    assert first == first and first != second and first.fit != second.fit
