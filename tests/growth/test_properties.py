"""What the survey states of each mechanism, over random admissible parameters: one property a mechanism, through the one interface.

The pages of the mechanisms have more; here every mechanism has one that is not tested elsewhere. A state of the theory that a draw
does not admit is skipped, and counted: most draws must be admitted.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms

SOME = settings(deadline=None, max_examples=25)
FEW = settings(deadline=None, max_examples=8)


def solve(name, variant=None, regime="baseline", **changes):
    """Return the balanced growth path of a mechanism at its defaults with changes."""
    mechanism = mechanisms[name]
    return mechanism.solve(mechanism.parameters(variant, **changes), variant=variant, regime=regime).value


def test_every_mechanism_has_its_property():
    tested = {name.removeprefix("test_").split("__")[0].replace("_", "-") for name in globals() if "__" in name[5:]}
    assert set(mechanisms) == tested - {""}


@SOME
@given(
    flow=st.floats(0.05, 1), few=st.integers(1, 5), more=st.integers(1, 5), cost=st.floats(1, 3), sigma=st.floats(1.5, 8),
    labour=st.floats(1, 5),
)  # fmt: skip
def test_variety_expansion__a_larger_world_grows_faster_by_its_ideas_alone(flow, few, more, cost, sigma, labour):
    """Scale: growth rises in labour, and in the number of countries where ideas flow, but not where only goods do."""
    fixed = {"elasticity_of_substitution": sigma, "trade_cost": cost, "labour": labour, "rnd_cost": 3.0}
    near, far = (solve("variety-expansion", countries=n, idea_flow=flow, **fixed) for n in (few, few + more))
    goods = [solve("variety-expansion", countries=n, idea_flow=0.0, **fixed).growth for n in (few, few + more)]
    assert far.growth > near.growth or far.growth == 0
    assert goods[0] == goods[1]
    larger = solve("variety-expansion", countries=few, idea_flow=flow, **fixed | {"labour": 1.1 * labour})
    assert larger.growth > near.growth or larger.growth == 0


@SOME
@given(
    variant=st.sampled_from(["international", "divided", "closed", "costly-trade"]), step=st.floats(1.05, 1.8),
    labour=st.floats(0.5, 3), rho=st.floats(0.005, 0.08), more=st.floats(1.01, 2),
)  # fmt: skip
def test_quality_ladders__labour_speeds_up_growth_and_impatience_slows_it(variant, step, labour, rho, more):
    fixed = {"quality_step": step, "home_labour": labour, "discount_rate": rho}
    base = solve("quality-ladders", variant, **fixed)
    larger = solve("quality-ladders", variant, **fixed | {"home_labour": labour * more})
    hasty = solve("quality-ladders", variant, **fixed | {"discount_rate": rho * more})
    assert larger.growth >= base.growth >= hasty.growth
    if base.growth > 0:
        assert larger.growth > base.growth > hasty.growth


@SOME
@given(
    labour=st.lists(st.floats(0.3, 3), min_size=3, max_size=3), country=st.integers(0, 2), more=st.floats(1.05, 3),
    flow=st.floats(0.05, 1), rho=st.floats(0.005, 0.05), cost=st.floats(1, 3),
)  # fmt: skip
def test_partial_spillovers__a_larger_country_speeds_up_all(labour, country, more, flow, rho, cost):
    """The scale of one country is in the common rate, if others learn from it; one for all of them."""
    fixed = {"spillovers": np.full((3, 3), flow) + (1 - flow) * np.eye(3), "discount_rate": rho, "trade_cost": cost}
    larger = np.array(labour)
    larger[country] *= more
    base, other = (solve("partial-spillovers", labour=x, **fixed) for x in (labour, larger))
    assert np.ptp(other["growth"]) == 0
    assert other.growth > base.growth or other.growth == 0


@SOME
@given(
    human=st.floats(0.7, 1.4),
    labour=st.floats(0.7, 1.4),
    more=st.floats(1.02, 1.3),
    sigma=st.floats(2, 7),
    rho=st.floats(0.01, 0.05),
)
def test_heckscher_ohlin_innovation__either_factor_speeds_up_world_research(human, labour, more, sigma, rho):
    """Inside equalisation; and sharing knowledge speeds up both countries, as no country is too small then."""
    fixed = {"elasticity_of_substitution": sigma, "discount_rate": rho}
    base = {"home_human_capital": human, "home_labour": labour}
    point = solve("heckscher-ohlin-innovation", **base, **fixed)
    assume(point.corner == "")
    for factor in base:
        more_of_it = solve("heckscher-ohlin-innovation", **base | {factor: base[factor] * more}, **fixed)
        assume(more_of_it.corner == "")
        assert more_of_it["innovation"][0] > point["innovation"][0]
    closed = solve("heckscher-ohlin-innovation", regime="autarky", **base, **fixed)
    assert np.all(closed["innovation"] < point["innovation"])


@SOME
@given(
    labour=st.floats(0.5, 3),
    share=st.floats(0.05, 0.95),
    sigma=st.floats(1.5, 8),
    rho=st.floats(0.01, 0.06),
    cost=st.floats(0.5, 4),
)
def test_national_spillovers__between_equals_history_decides_and_nobody_grows_slower(labour, share, sigma, rho, cost):
    """The head start alone says who innovates; consumption of the laggard too grows at least as fast as in autarky."""
    assume(abs(share - 0.5) > 1e-6)
    fixed = {
        "home_labour": labour,
        "foreign_labour": labour,
        "elasticity_of_substitution": sigma,
        "discount_rate": rho,
        "rnd_cost": cost,
    }
    opened = solve("national-spillovers", home_varieties=share, **fixed)
    closed = solve("national-spillovers", regime="autarky", home_varieties=share, **fixed)
    leader = 0 if share > 0.5 else 1
    assert opened["innovation"][1 - leader] == 0
    if closed["innovation"][0] > 0:
        assert opened["innovation"][leader] >= closed["innovation"][leader] * (1 - 1e-12)
        assert np.all(opened["growth"] >= closed["growth"] * (1 - 1e-12))


@SOME
@given(
    labour=st.floats(1, 2),
    more=st.floats(1.02, 1.5),
    other=st.floats(0.5, 0.99),
    sigma=st.floats(2, 8),
    rho=st.floats(0.01, 0.05),
)
def test_feenstra__a_faster_rival_slows_the_slower_country_through_the_capital_market(labour, more, other, sigma, rho):
    fixed = {
        "foreign_labour": other,
        "elasticity_of_substitution": sigma,
        "discount_rate": rho,
        "home_rnd_cost": 1.0,
        "foreign_rnd_cost": 1.0,
    }
    for variant, slows in (("capital-mobility", True), ("financial-autarky", False)):
        near, far = (
            solve("feenstra", variant, home_labour=x, **fixed)["innovation"][1] for x in (labour, labour * more)
        )
        assume(near > 0)
        assert far < near if slows else far == near


@FEW
@given(gap=st.floats(0.05, 1.5), knowledge=st.floats(2, 4), shift=st.floats(-1, 1), labour=st.floats(0.5, 1.5))
def test_young__only_relative_knowledge_matters(gap, knowledge, shift, labour):
    """All goods dearer by the same factor, and everybody that much further on the ladder: learning and the wage are the same."""
    fixed = {"home_labour": 0.04 * labour, "foreign_labour": 0.04}
    one, other = (
        solve(
            "young", home_knowledge=knowledge + x, foreign_knowledge=knowledge + gap + x, scale=10 * np.exp(x), **fixed
        )
        for x in (0.0, shift)
    )
    for name in ("innovation", "wage", "home_share"):
        np.testing.assert_allclose(one[name], other[name], rtol=1e-7, atol=1e-10)


@SOME
@given(
    variant=st.sampled_from(["grossman-helpman", "coe-helpman", "reverse-engineering", "efficiency-linked"]),
    flow=st.floats(0, 0.9), more=st.floats(0.01, 0.1), cost=st.floats(1.05, 3), labour=st.floats(1, 3),
)  # fmt: skip
def test_baldwin_robert_nicoud__ideas_raise_growth_whatever_trade_does(variant, flow, more, cost, labour):
    """At given openness a larger part of foreign research speeds growth up under every technology in which it has a part."""
    fixed = {"trade_cost": cost, "labour": labour}
    base, other = (solve("baldwin-robert-nicoud", variant, idea_flow=x, **fixed) for x in (flow, flow + more))
    assert base.home_share == other.home_share
    assert other.growth > base.growth or other.growth == 0


@FEW
@given(eps=st.floats(0.3, 3), boom=st.floats(1.05, 1.6), rho=st.floats(0.02, 0.04), gamma=st.floats(0.1, 0.3))
def test_peretto_valente__a_boom_moves_growth_for_a_while_with_the_sign_of_complementarity(eps, boom, rho, gamma):
    assume(abs(eps - 1) > 0.02)
    mechanism, variant = mechanisms["peretto-valente"], "complements" if eps < 1 else "substitutes"
    p = mechanism.parameters(variant, processing_elasticity=eps, discount_rate=rho, materials_share=gamma)
    try:
        path = mechanism.transition(p, {"resource": boom}, variant=variant).value
    except InputError:
        assume(False)
    early = path.paths["innovation"][0] - path.end["innovation"]
    assert np.sign(early) == np.sign(eps - 1)
    assert path.end.growth == pytest.approx(mechanism.solve(p, variant=variant).value.growth, rel=1e-13)


@FEW
@given(cost=st.floats(1.2, 4), adoption=st.floats(1.05, 2), countries=st.integers(2, 10), rho=st.floats(0.015, 0.04))
def test_perla_tonetti_waugh__more_markets_speed_up_adoption(cost, adoption, countries, rho):
    """A fall in trade costs raises growth unless every firm exports anyway, and so does one more market of the same cost."""
    variant = "no-shocks"
    fixed = {"discount_rate": rho}
    try:
        base = solve("perla-tonetti-waugh", variant, trade_cost=cost * adoption, countries=countries, **fixed)
        nearer = solve("perla-tonetti-waugh", variant, trade_cost=cost, countries=countries, **fixed)
        larger = solve("perla-tonetti-waugh", variant, trade_cost=cost * adoption, countries=countries + 1, **fixed)
    except InputError:
        assume(False)
    # where every firm exports anyway its cost of shipping moves no cutoff, as without fixed costs
    if base["export_cutoff"] <= 1:
        assert nearer.growth == pytest.approx(base.growth, rel=1e-12)
    else:
        assert nearer.growth > base.growth
    assert larger.growth > base.growth
    assert max(nearer.home_share, larger.home_share) <= base.home_share


@SOME
@given(cost=st.floats(1, 2.5), countries=st.integers(1, 6), ratio=st.floats(0.6, 3))
def test_sampson__another_market_speeds_up_selection(cost, countries, ratio):
    """Growth rises in the number of markets without a scale effect: the share of exporters' profits counts, not size."""
    base, other = (
        solve("sampson", trade_cost=cost, countries=n, export_cost=ratio) for n in (countries, countries + 1)
    )
    assert other.growth > base.growth
    assert other["exit_cutoff"] >= base["exit_cutoff"] * (1 - 1e-12)


@FEW
@given(countries=st.integers(1, 6), more=st.integers(1, 4), cost=st.floats(1.05, 2), rate=st.floats(0.01, 0.06))
def test_alvarez_buera_lucas__growth_counts_the_countries_one_can_learn_from(countries, more, cost, rate):
    """In the long run in proportion to them at any finite cost: theta n alpha; one country alone learns from itself."""
    base, other = (
        solve("alvarez-buera-lucas", countries=n, trade_cost=cost, meeting_rate=rate)
        for n in (countries, countries + more)
    )
    alone = solve("alvarez-buera-lucas", countries=countries, trade_cost=np.inf, meeting_rate=rate)
    assert other.growth / base.growth == pytest.approx((countries + more) / countries, rel=1e-12)
    assert base.growth / alone.growth == pytest.approx(countries, rel=1e-12)


@SOME
@given(
    variant=st.sampled_from(["sellers", "producers"]), cost=st.floats(1.1, 2.5), diffusion=st.floats(0.1, 0.7),
    more=st.floats(0.02, 0.2), arrival=st.floats(0.01, 0.05),
)  # fmt: skip
def test_buera_oberfield__diffusion_speeds_up_growth_and_trade_does_not(variant, cost, diffusion, more, arrival):
    """Growth is that of arrivals over (1 - diffusion) and the trade elasticity; trade costs move levels of knowledge."""
    fixed = {"arrival_growth": arrival}
    base = solve("buera-oberfield", variant, trade_cost=cost, diffusion=diffusion, **fixed)
    nearer = solve("buera-oberfield", variant, trade_cost=1 + (cost - 1) / 2, diffusion=diffusion, **fixed)
    faster = solve("buera-oberfield", variant, trade_cost=cost, diffusion=diffusion + more, **fixed)
    np.testing.assert_allclose(nearer["growth"], base["growth"], rtol=1e-12)
    np.testing.assert_allclose(faster["growth"] / base["growth"], (1 - diffusion) / (1 - diffusion - more), rtol=1e-10)
    assert np.all(nearer["consumption"] > base["consumption"])
