"""Every mechanism over its bounds: what is admitted is solved without a warning; units and the order of countries are nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms

CASES = [(name, variant) for name in mechanisms for variant in mechanisms[name].variants]

#: Parameters that carry the unit in which people are counted.
PEOPLE = {
    "variety-expansion": ("labour", "rnd_cost"),
    "quality-ladders": ("home_labour", "foreign_labour", "rnd_cost"),
    "partial-spillovers": ("labour", "rnd_cost"),
    "heckscher-ohlin-innovation": (
        "home_human_capital", "home_labour", "foreign_human_capital", "foreign_labour", "rnd_cost",
    ),
    "national-spillovers": ("home_labour", "foreign_labour", "rnd_cost"),
    "feenstra": ("home_labour", "foreign_labour", "home_rnd_cost", "foreign_rnd_cost"),
    "baldwin-robert-nicoud": ("labour", "draw_cost", "entry_cost", "export_cost"),
    "peretto-valente": ("home_labour", "foreign_labour", "resource"),
    "sampson": ("labour", "fixed_cost", "entry_cost", "export_cost"),
    "buera-oberfield": ("labour",),
}  # fmt: skip


def drawn(rng, definition, standard, spread=0.8):
    """Return a value, or values, within bounds, around the standard one; at an end that is allowed once in a while."""
    low, high = (float(x) for x in definition.bounds[1:-1].split(","))

    def one(value):
        if definition.whole:
            return float(rng.integers(0, 2)) if high == 1 else float(rng.integers(1, 5))
        chance = rng.random()
        if chance < 0.04 and definition.bounds[0] == "[":
            return low
        if chance > 0.96 and definition.bounds[-1] == "]":
            return high
        if math.isinf(low):
            return value + spread * rng.normal() * max(abs(value), 0.02)
        if math.isinf(high):
            excess = value - low if math.isfinite(value) and value > low else 0.4
            return low + excess * math.exp(spread * rng.normal())
        return low + (high - low) * rng.random()

    return np.vectorize(one, otypes=[float])(np.asarray(standard, dtype=float)).tolist()


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_what_is_admitted_is_solved(name, variant):
    mechanism, rng = mechanisms[name], np.random.default_rng(20151)
    base = mechanism.parameters(variant)
    solved = 0
    for _ in range(80):
        changes = {
            key: drawn(rng, known, getattr(base, key))
            for key, known in mechanism.definitions.items()
            if rng.random() < 0.3
        }
        if "relative_trade_costs" in changes:
            np.fill_diagonal(costs := np.array(changes["relative_trade_costs"]), 1.0)
            changes["relative_trade_costs"] = costs
        try:
            point = mechanism.solve(base.replace(**changes), variant=variant).value
        except InputError:
            continue
        solved += 1
        for variable, value in point.values.items():
            assert not np.any(np.isnan(np.asarray(value, dtype=float))), (variable, changes)
        assert np.all(np.asarray(point["home_share"]) <= 1 + 1e-12)
        assert point.summary()
    assert solved >= 3, "hardly anything is admitted"


@pytest.mark.parametrize(("name", "variant"), [case for case in CASES if case[0] in PEOPLE])
def test_the_unit_of_people_does_not_matter(name, variant):
    mechanism = mechanisms[name]
    p = mechanism.parameters(variant)
    one = mechanism.solve(p, variant=variant).value
    other = mechanism.solve(p.replace(**{key: 1000 * getattr(p, key) for key in PEOPLE[name]}), variant=variant).value
    for variable in ("growth", "innovation", "home_share", "interest_rate"):
        np.testing.assert_allclose(other[variable], one[variable], rtol=1e-9, atol=1e-14)


#: Countries of a name each; only home has the resource of peretto-valente.
NAMED = [case for case in CASES if "home_labour" in mechanisms[case[0]].definitions and case[0] != "peretto-valente"]


@pytest.mark.parametrize(("name", "variant"), NAMED)
def test_who_is_called_home_does_not_matter(name, variant):
    mechanism = mechanisms[name]
    p = mechanism.parameters(variant)
    p = p.replace(home_labour=1.07 * p.home_labour)
    swapped = {}
    for key in mechanism.definitions:
        if key in ("home_varieties", "home_products"):
            swapped[key] = 1 - getattr(p, key)
        elif key.startswith("home_"):
            swapped[key] = getattr(p, key.replace("home_", "foreign_"))
        elif key.startswith("foreign_"):
            swapped[key] = getattr(p, key.replace("foreign_", "home_"))
    one, other = (mechanism.solve(x, variant=variant).value for x in (p, p.replace(**swapped)))
    for variable in ("consumption", "growth", "home_share"):
        if np.ndim(one[variable]):
            np.testing.assert_allclose(np.asarray(other[variable])[::-1], one[variable], rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("name", ["partial-spillovers", "buera-oberfield"])
def test_the_order_of_countries_does_not_matter(name):
    mechanism, order = mechanisms[name], [2, 0, 1]
    for variant in mechanism.variants:
        p = mechanism.parameters(variant)
        moved = {
            key: getattr(p, key)[np.ix_(*[order] * len(known.axes))]
            for key, known in mechanism.definitions.items()
            if known.axes
        }
        one, other = (mechanism.solve(x, variant=variant).value for x in (p, p.replace(**moved)))
        np.testing.assert_allclose(other["consumption"], one["consumption"][order], rtol=1e-11)
        np.testing.assert_allclose(other["home_share"], one["home_share"][order], rtol=1e-11)
