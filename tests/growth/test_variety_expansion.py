"""Variety expansion: a slow twin, closed forms, and what the survey states, over random economies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import fsolve

from tradewinds.errors import InputError
from tradewinds.growth import Facts, mechanisms

MECHANISM = mechanisms["variety-expansion"]
MANY = settings(deadline=None, max_examples=60)

economies = st.builds(
    lambda **changes: MECHANISM.parameters("two-sector", **changes),
    elasticity_of_substitution=st.floats(1.5, 10),
    discount_rate=st.floats(0.005, 0.1),
    labour=st.floats(0.5, 3),
    rnd_cost=st.floats(0.2, 20),
    idea_flow=st.floats(0, 1),
    trade_cost=st.floats(1, 4),
    countries=st.integers(1, 12),
    differentiated_share=st.floats(0.1, 0.99),
)


def solve(p, **options):
    return MECHANISM.solve(p, variant="two-sector", **options).value


def test_closed_form_by_hand():
    """One sector, sigma 4, L = 1, a = 1.5 / 0.33, psi = 1/2, N = 2: (0.33 - 3 * 0.03) / 4 = 0.06, and 0.06 / 3 = 0.02."""
    point = MECHANISM.solve().value
    assert point["innovation"] == pytest.approx(0.06, abs=1e-15)
    assert point.growth == pytest.approx(0.02, abs=1e-15)


def test_a_slow_twin_from_primitives():
    """Four equations of the module, solved by a general root finder from a rough start."""
    p = MECHANISM.parameters("two-sector", labour=1.3, rnd_cost=2.0)
    sigma, s = p.elasticity_of_substitution, p.differentiated_share

    def equations(x):
        g, spending, value, labour_made = x
        return [
            s * spending / sigma / value - g - p.discount_rate,
            value - p.rnd_cost / (1 + p.idea_flow),
            labour_made - s * spending * (sigma - 1) / sigma - (1 - s) * spending,
            p.labour - p.rnd_cost / (1 + p.idea_flow) * g - labour_made,
        ]

    g, spending, *_ = fsolve(equations, [0.05, 1, 1, 1], xtol=1e-13)
    point = solve(p)
    assert point["innovation"] == pytest.approx(g, rel=1e-9)
    assert point["spending"] * p.labour == pytest.approx(spending, rel=1e-9)


def test_consumption_by_adding_up_varieties():
    """The CES index over 3 countries with 2 varieties each, good by good, and the outside good."""
    p = MECHANISM.parameters("two-sector", countries=3, varieties=2.0, trade_cost=1.4)
    point = solve(p)
    sigma, s = p.elasticity_of_substitution, p.differentiated_share
    prices = np.array([1.0] * 2 + [1.4] * 4) * sigma / (sigma - 1)
    index = np.sum(prices ** (1 - sigma)) ** (1 / (1 - sigma))
    spending = point["spending"]
    bought = s * spending * prices**-sigma * index ** (sigma - 1)
    composite = np.sum(bought ** (1 - 1 / sigma)) ** (sigma / (sigma - 1))
    assert point.consumption == pytest.approx(composite**s * ((1 - s) * spending) ** (1 - s), rel=1e-12)
    assert point["home_share"] == pytest.approx((np.sum((bought * prices)[:2]) + (1 - s) * spending) / spending)


@MANY
@given(economies)
def test_goods_trade_moves_the_level_alone(p):
    """Growth is the same at any trade cost; the gain is the home share to the power -s / (sigma - 1)."""
    result = MECHANISM.counterfactual(p, {"trade_cost": 1.1}, variant="two-sector")
    assert result.growth_change == 0
    assert result.welfare_transition == pytest.approx(result.static_gain, abs=1e-9)
    before, after = result.baseline, result.counterfactual
    share = after["home_share_differentiated"] / before["home_share_differentiated"]
    power = -p.differentiated_share / (p.elasticity_of_substitution - 1)
    assert result.static_gain == pytest.approx(100 * (share**power - 1), abs=1e-9)


@MANY
@given(economies, st.floats(0.01, 0.5))
def test_ideas_raise_growth_wherever_there_is_research(p, more):
    low = solve(p.replace(idea_flow=min(p.idea_flow, 0.5)))
    high = solve(p.replace(idea_flow=min(p.idea_flow, 0.5) + more))
    if p.countries == 1:
        assert high.growth == low.growth
    elif low["innovation"] > 0:
        assert high.growth > low.growth
    else:
        assert high.growth >= low.growth


@MANY
@given(economies)
def test_units_do_not_matter(p):
    """Labour and its cost in research in thousands, not in units: nothing but the number of workers changes."""
    same = solve(p.replace(labour=1000 * p.labour, rnd_cost=1000 * p.rnd_cost))
    assert same.growth == pytest.approx(solve(p).growth, abs=1e-14)
    assert same.consumption == pytest.approx(solve(p).consumption, rel=1e-12)


def test_the_corner_is_solved_and_named():
    p = MECHANISM.parameters(rnd_cost=100.0)
    point = MECHANISM.solve(p).value
    assert point.growth == 0
    assert "labour must exceed 6" in point.corner  # (4 - 1) * 0.03 * 100 / 1.5
    assert MECHANISM.solve(p.replace(labour=6.01)).value.growth > 0
    assert MECHANISM.solve(p.replace(labour=5.99)).value.growth == 0


def test_verdicts():
    verdicts = {claim.name: claim.verdict for claim in MECHANISM.claims()}
    assert verdicts == {
        "increasing-returns": "holds", "spillovers-raise-growth": "holds", "advances-abroad-lower-costs": "holds",
        "goods-trade-neutral": "holds", "larger-stage": "holds only if",
    }  # fmt: skip


def test_output_doubles_and_more_with_labour_and_varieties():
    """By hand: twice the spending, and twice the varieties at the power 1 / (sigma - 1)."""
    (claim,) = [claim for claim in MECHANISM.claims() if claim.name == "increasing-returns"]
    sigma = MECHANISM.parameters().elasticity_of_substitution
    found = claim.numbers["output where labour and varieties double, relative"]
    assert found == pytest.approx(2 ** (1 + 1 / (sigma - 1)), rel=1e-12)


def test_calibration_and_liberalisation():
    facts = Facts()
    p = MECHANISM.calibrate(facts)
    point = MECHANISM.solve(p).value
    assert point.home_share == pytest.approx(facts.home_share, abs=1e-14)
    assert MECHANISM.solve(MECHANISM.liberalise(p, 0.8556)).value.home_share == pytest.approx(0.8556, abs=1e-10)
    with pytest.raises(InputError, match=r"no trade cost gives a home share of 0\.01"):
        MECHANISM.liberalise(p, 0.01)


def test_ten_thousand_solves_in_one_call():
    swept = MECHANISM.sweep(trade_cost=np.linspace(1, 3, 100)[:, np.newaxis], idea_flow=np.linspace(0, 1, 100))
    assert swept["growth"].shape == (100, 100)
    assert swept.admissible.all()


def test_one_sector_refuses_two():
    with pytest.raises(InputError, match="use variant = 'two-sector'"):
        MECHANISM.solve(MECHANISM.parameters(differentiated_share=0.5))
    swept = MECHANISM.sweep(differentiated_share=[0.5, 1.0])
    assert swept.admissible.tolist() == [False, True]
    assert np.isnan(swept["growth"][0])


def test_sweeps_refuse_what_does_not_fit():
    with pytest.raises(InputError, match="do not broadcast"):
        MECHANISM.sweep(trade_cost=[1, 2], idea_flow=[0, 0.5, 1])
    with pytest.raises(InputError, match=r"trade_cost\[1\] is 0.5"):
        MECHANISM.sweep(trade_cost=[1, 0.5])
    with pytest.raises(InputError, match="needs a parameter that varies"):
        MECHANISM.sweep()


def test_tidy_sweeps_name_their_values():
    frame = MECHANISM.sweep(trade_cost=[1, 2]).tidy()
    assert set(frame["regime"]) == {"trade_cost=1.", "trade_cost=2."}
