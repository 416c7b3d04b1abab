"""Corners and extremes of technology adoption: best practice that falls, finite welfare, empty groups, impatient households."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.integrate import quad

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms
from tradewinds.growth.perla_tonetti_waugh_value import Firm, highest_growth, lowest_growth, solve_growth

PTW = mechanisms["perla-tonetti-waugh"]
SHOCKS = ("corrected", "published")


def solved(variant, **changes):
    return PTW.solve(PTW.parameters(variant, **changes), variant=variant).value


@pytest.mark.parametrize(
    ("variant", "text"),
    [("corrected", "-0.654 per cent a year, only because drift is: firms lose 3.25"),
     ("published", "-1.31 per cent a year, only because drift is: firms lose 3.11")],
)  # fmt: skip
def test_negative_growth_is_named_and_never_below_drift(variant, text):
    point = solved(variant, discount_rate=1e-3)
    assert text in point.corner
    p = point.parameters
    assert point.growth > lowest_growth(p, variant == "corrected") > p.drift
    assert point["adoption_rate"] > 0
    assert solved(variant).corner == ""


@pytest.mark.parametrize("variant", PTW.variants)
def test_negative_growth_takes_negative_drift(variant):
    """The corner is named in every variant, also together with the other one; without negative drift there is none."""
    point = solved(variant, drift=-0.06)
    assert point.growth < 0
    assert "only because drift is: firms lose 6 per cent" in point.corner
    both = solved(variant, drift=-0.06, export_fixed_cost=0.0)
    assert ("every firm exports" in both.corner, "growth is negative" in both.corner) == (True, both.growth < 0)
    assert "growth is negative" not in solved(variant, drift=0.0, discount_rate=1e-3).corner


@pytest.mark.parametrize("rate", [1e-6, 1e-3])
def test_value_rises_above_the_threshold_where_best_practice_falls(rate):
    """Nobody above the threshold would adopt: the value of a firm, from the closed form, is lowest there."""
    point = solved("corrected", discount_rate=rate)
    p = point.parameters
    firm = Firm(p, point.growth, True)
    low, high = firm.roots
    power, z = p.elasticity_of_substitution - 1, np.linspace(1, point["export_cutoff"], 200)
    worth = firm.per_profit * point["profit_minimum"]
    option = firm.option() * np.exp(-high * np.log(point["export_cutoff"]))
    leave = -(power * worth + high * option) / low
    value = worth * z**power + leave * z**low + option * z**high
    assert np.all(np.diff(value) > 0)


@pytest.mark.parametrize("variant", SHOCKS)
@pytest.mark.parametrize(
    "changes",
    [{"inverse_ies": 0.3, "drift": 0.0, "discount_rate": 0.004}, {"inverse_ies": 0.05, "drift": 0.2, "discount_rate": 0.002},
     {"inverse_ies": 1.1, "discount_rate": 1e-4}],
)  # fmt: skip
def test_infinite_welfare_states_a_bound_of_the_discount_rate(variant, changes):
    with pytest.raises(InputError, match=r"lifetime utility is infinite: discount_rate must exceed \d") as caught:
        solved(variant, **changes)
    bound = float(re.search(r"must exceed ([0-9.e-]+),", str(caught.value)).group(1))
    point = solved(variant, **(changes | {"discount_rate": 1.0001 * bound}))
    assert 1.0001 * bound > (1 - changes["inverse_ies"]) * point.growth
    with pytest.raises(InputError, match="lifetime utility is infinite"):
        solved(variant, **(changes | {"discount_rate": 0.9999 * bound}))


def test_infinite_welfare_that_no_discount_rate_mends_says_so():
    changes = {"inverse_ies": 0.85, "drift": 0.0236, "adoption_entry_ratio": 0.487, "volatility": 0.193}
    with pytest.raises(InputError, match="no other up to 10 is found at which it is finite and firms adopt"):
        solved("published", discount_rate=1e-4, **changes)
    p = PTW.parameters("published", **changes)
    swept = PTW.sweep(p, variant="published", discount_rate=np.geomspace(1e-5, 10, 200))
    assert not swept.admissible.any()


@pytest.mark.parametrize("variant", SHOCKS)
def test_no_growth_path_names_the_corner_and_its_growth(variant):
    low = lowest_growth(PTW.parameters(variant), variant == "corrected")
    with pytest.raises(InputError, match=f"the corner is growth of {low}, .* even there firms are worth less"):
        solved(variant, adoption_entry_ratio=0.9)
    with pytest.raises(InputError, match=r"bring inverse_ies, 5\.0, closer to 1"):
        solved(variant, inverse_ies=5.0)


def test_growth_is_sought_only_where_firms_discount():
    """Beyond, values are of the wrong sign; a number and an array agree."""
    p = PTW.parameters("corrected", inverse_ies=0.05, discount_rate=0.002, exit_rate=0.002)
    rates = np.array([0.002, 0.004, 0.01, 0.02])
    many = solve_growth(p.spread({"discount_rate": rates})[0], True)
    one = [solve_growth(p.replace(discount_rate=rate), True) for rate in rates]
    np.testing.assert_allclose(many, one, rtol=1e-12)
    tops = np.array([highest_growth(p.replace(discount_rate=rate)) for rate in rates])
    assert np.all(np.isnan(one) | (np.array(one) < tops))


@pytest.mark.parametrize("variant", PTW.variants)
def test_relative_size_is_never_not_a_number(variant):
    assert solved(variant, trade_cost=np.inf)["relative_size"] == np.inf
    assert solved(variant, trade_cost=1e30)["relative_size"] > 1e50  # hardly anybody, or nobody
    p = PTW.parameters(variant)
    swept = PTW.sweep(p, variant=variant, export_fixed_cost=[0.0, p.export_fixed_cost])["relative_size"]
    everybody = solved(variant, export_fixed_cost=0.0)
    xi = Firm(everybody.parameters, everybody.growth, True).second_tail if variant == "corrected" else np.inf
    power, theta = p.elasticity_of_substitution - 1, p.pareto_shape

    def density(z):
        if np.isinf(xi):
            return theta * z ** (-theta - 1)
        return theta * xi / (xi - theta) * (z ** (-theta - 1) - z ** (-xi - 1))

    mean = quad(lambda z: z**power * density(z), 1, np.inf)[0]
    assert everybody["relative_size"] == pytest.approx(mean, rel=1e-8)
    np.testing.assert_allclose(swept, [everybody["relative_size"], solved(variant)["relative_size"]], rtol=1e-12)


@pytest.mark.parametrize("rate", [0.3, 0.5, 1.0, 30.0])
def test_paths_without_shocks_of_impatient_households(rate):
    """The arm is fast: dates must follow it."""
    p = PTW.parameters("no-shocks", discount_rate=rate)
    path = PTW.transition(p, {"trade_cost": np.inf}, variant="no-shocks")
    assert path.residual.norm <= 1e-8
    assert np.all(np.isfinite(path.value.paths["consumption"]))


@pytest.mark.parametrize("variant", ["no-shocks", *SHOCKS])
def test_paths_end_where_consumption_is_larger_than_any_number(variant):
    """Growth is above 3 a year: exp(709) is passed within 200 years. Welfare is from logarithms."""
    p = PTW.parameters(variant, discount_rate=30.0)
    solution = PTW.transition(p, {"trade_cost": 0.999 * p.trade_cost}, variant=variant)
    path = solution.value
    assert np.all(np.isfinite(path.paths["consumption"]))
    assert np.isfinite(path.lifetime_utility)
    assert path.time[-1] * path.end.growth < 700
    assert all(len(values) == path.time.size for values in path.paths.values())
