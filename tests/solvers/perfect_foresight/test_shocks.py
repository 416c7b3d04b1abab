"""Shocks: what they change, and what is said of those that cannot be."""

from __future__ import annotations

import re

import numpy as np
import pytest
from growth_model import growth_model, steady_baseline

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight import Shock, read_databank, simulate
from tradewinds.solvers.perfect_foresight.shocks import apply_shocks, known_from

MODEL = growth_model()
BASE = steady_baseline(MODEL, range(2000, 2012))
PATHS = read_databank(MODEL, BASE)


def given(*shocks):
    """Return exogenous values less those of the baseline, shape (12, 3), and add factors, shape (10, 7)."""
    changed = apply_shocks(MODEL, PATHS, shocks)
    return changed.exogenous - PATHS.exogenous, changed.add - PATHS.add


def test_temporary_shock_holds_in_its_years_and_country_only():
    exogenous, add = given(Shock("tfp", 0.1, 2003, 2004, ("foreign",)))
    expected = np.zeros((12, 3))
    expected[3:5, 1] = 0.1
    np.testing.assert_allclose(exogenous, expected, atol=1e-15)
    assert not add.any()


def test_permanent_shock_holds_beyond_the_horizon():
    exogenous, _ = given(Shock("transfer", 0.5, 2009))
    np.testing.assert_array_equal(exogenous[:, 2], [0] * 9 + [0.5] * 3)


def test_sizes_one_a_year_and_the_last_one_holds_on():
    exogenous, _ = given(Shock("transfer", (1.0, 2.0, 3.0), 2001, 2003))
    np.testing.assert_array_equal(exogenous[:, 2], [0, 1, 2, 3] + [0] * 8)
    exogenous, _ = given(Shock("transfer", (1.0, 2.0), 2009))
    np.testing.assert_array_equal(exogenous[:, 2], [0] * 9 + [1, 2, 2])
    _, add = given(Shock("world_add", (1.0, 2.0), 2009))
    np.testing.assert_array_equal(add[:, 6], [0] * 8 + [1, 2])


def test_relative_shocks_are_fractions_of_the_baseline_and_add_up():
    doubled = apply_shocks(MODEL, read_databank(MODEL, BASE.assign(tfp=2 * BASE["tfp"])), [])
    changed = apply_shocks(
        MODEL, doubled, [Shock("tfp", 0.1, 2001, relative=True), Shock("tfp", 0.2, 2001, relative=True)]
    )
    np.testing.assert_allclose(changed.exogenous[1:, 0], 2.6)


def test_known_from():
    assert known_from(Shock("tfp", 0.1, 2005), PATHS) == 2001
    assert known_from(Shock("tfp", 0.1, 2005, announced=1990), PATHS) == 2001
    assert known_from(Shock("tfp", 0.1, 2005, announced=2004), PATHS) == 2004


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        (
            Shock("tpf", 0.1, 2001),
            "'tpf' is no exogenous variable or add factor of model growth. Did you mean \"tfp\"?",
        ),
        (Shock("capital", 0.1, 2001), "It is determined by the model: shock the add factor of its equation."),
        (Shock("tfp", 0.1, 1999), "shock to tfp starts in 1999; the horizon is 2001 to 2010"),
        (Shock("tfp", 0.1, 2001, 2011), "shock to tfp ends in 2011; the horizon is 2001 to 2010"),
        (Shock("tfp", 0.1, 2005, 2004), "shock to tfp ends in 2004, before it starts in 2005"),
        (Shock("tfp", 0.1, 2001, countries=("hom",)), "shock to tfp: no country 'hom'. Did you mean \"home\"?"),
        (Shock("tfp", 0.1, 2001, countries=("home", "home")), "a country is named twice in home, home"),
        (Shock("transfer", 0.1, 2001, countries=("home",)), "it is one for the world, so name no countries"),
        (Shock("tfp", (0.1, 0.2), 2001, 2003), "shock to tfp has 2 sizes for 3 years"),
        (Shock("tfp", float("nan"), 2001), "size must be a finite number, or one a year, got nan"),
        (Shock("tfp", 0.1, 2005, announced=2006), "announce it no later than that"),
        (Shock("tfp", 0.1, 2005, announced=2030), "announced in 2030; the horizon is 2001 to 2010"),
    ],
)
def test_a_shock_that_cannot_be_says_why_before_anything_is_solved(shock, message):
    with pytest.raises(InputError, match=re.escape(message)):
        simulate(MODEL, BASE, [shock])


def test_labels():
    assert Shock("tfp", 0.1, 2001, countries=("home",)).label == "tfp[home] from 2001"
    assert Shock("tfp", 0.1, 2001, 2005, announced=2001).label == "tfp 2001-2005, announced 2001"
