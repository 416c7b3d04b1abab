"""Factor endowments and innovation: reproduction of the integrated economy, every pair of endowments, a slow twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms
from tradewinds.growth.factor_allocation import allocate, integrated, sectors, world
from tradewinds.growth.factor_dynamics import follow
from tradewinds.growth.factor_paths import _followed, path_of

MECHANISM = mechanisms["heckscher-ohlin-innovation"]
MANY = settings(deadline=None, max_examples=50)
amounts = st.floats(0.1, 3)
endowments = st.fixed_dictionaries(
    {"home_human_capital": amounts, "home_labour": amounts, "foreign_human_capital": amounts, "foreign_labour": amounts}
)


def solve(**changes):
    return MECHANISM.solve(MECHANISM.parameters(**changes)).value


def premium(p):
    return p["home_human_capital"] / p["home_labour"] - p["foreign_human_capital"] / p["foreign_labour"]


@MANY
@given(endowments, st.floats(0.5, 20))
def test_it_solves_everywhere_and_the_rich_in_human_capital_invent(p, cost):
    point = solve(rnd_cost=cost, **p)  # the shared check refuses what does not solve
    gap = premium(p)
    if abs(gap) > 1e-3:
        rich = 0 if gap > 0 else 1
        assert point["rnd_share"][rich] >= point["rnd_share"][1 - rich] - 1e-12
        assert point["net_exports_varieties"][rich] > -1e-9
        assert point["output_growth"][rich] >= point["output_growth"][1 - rich] - 1e-12
    assert point["growth"][0] == point["growth"][1]


@MANY
@given(endowments)
def test_equalisation_reproduces_the_integrated_economy(p):
    parameters = MECHANISM.parameters(**p)
    g, here = world(parameters)
    alone, prices = integrated(parameters, parameters.endowment.sum(axis=0))
    if here.equalised:
        assert g == alone
        np.testing.assert_allclose(here.prices, [prices, prices])
    else:
        assert np.max(np.abs(np.log(here.prices[0] / here.prices[1]))) > 1e-9
        assert 0 in (here.varieties, here.simple, 1 - here.varieties, 1 - here.simple)


def test_equal_countries_are_half_of_the_world_each():
    point = solve(home_human_capital=1.0, home_labour=1.0, foreign_human_capital=1.0, foreign_labour=1.0)
    np.testing.assert_allclose(point["variety_share"], 0.5, atol=1e-14)
    np.testing.assert_allclose(point["homogeneous_share"], 0.5, atol=1e-14)
    assert point.exports == "varieties for varieties"


def test_growth_of_a_closed_economy_by_hand():
    """theta .5 in research and varieties, .25 in z; H = L = 1; sigma 2, s .5, rho .05: one equation in g, on a fine grid."""
    p = MECHANISM.parameters(
        elasticity_of_substitution=2.0, research_intensity=0.5, variety_intensity=0.5, homogeneous_intensity=0.25, rnd_cost=3.0,
        discount_rate=0.05, home_human_capital=1.0, home_labour=1.0,
    )  # fmt: skip
    g = np.linspace(0, 1, 2_000_001)
    research = 0.25 * g / (0.05 + g)
    cost = np.sqrt((0.5 * research + 0.5 * 0.25 + 0.125) * (0.5 * research + 0.5 * 0.25 + 0.375))
    root = g[np.argmin(np.abs(3 * cost * (0.05 + g) - 0.25))]
    assert MECHANISM.solve(p, regime="autarky").value["innovation"][0] == pytest.approx(root, abs=1e-6)


@pytest.mark.parametrize(
    "endowment",
    [[[1.6, 0.4], [0.4, 1.6]], [[1.0, 1.6], [0.05, 1.6]], [[1.9, 0.4], [0.1, 1.6]], [[0.3, 2.0], [1.7, 0.1]]],
)
def test_allocation_by_a_slow_twin(endowment):
    """The twin looks for the smallest breach of "made where it costs less" on a grid of shares, and then near the best point."""
    p = MECHANISM.parameters()
    parts = sectors(p, 0.1)
    array = np.array(endowment)
    found = allocate(parts, array)

    def violation(point):
        x, z = point
        paid = np.stack([x * parts.advanced + z * parts.simple, (1 - x) * parts.advanced + (1 - z) * parts.simple])
        logs = np.log(np.maximum(paid, 1e-300) / array)
        gaps = np.stack([parts.placing, parts.homogeneous]) @ (logs[0] - logs[1])
        return max(abs(np.median([share, share - 1, gap])) for share, gap in zip((x, z), gaps, strict=True))

    grid = np.linspace(0, 1, 101)
    start = min(((x, z) for x in grid for z in grid), key=violation)
    twin = minimize(
        violation, start, method="Nelder-Mead", bounds=[(0, 1), (0, 1)], options={"xatol": 1e-9, "fatol": 1e-10}
    )
    assert violation((found.varieties, found.simple)) < 1e-11
    np.testing.assert_allclose([found.varieties, found.simple], twin.x, atol=2e-3)


@MANY
@given(endowments)
def test_swapping_countries_swaps_results(p):
    q = {name: p[("foreign" if name.startswith("home") else "home") + name[name.index("_") :]] for name in p}
    one, other = solve(**p), solve(**q)
    for name in ("growth", "consumption", "output_growth", "variety_share", "lifetime_utility"):
        np.testing.assert_allclose(one[name], other[name][::-1], rtol=1e-8, atol=1e-12)


@MANY
@given(endowments)
def test_opening_gains_on_the_day_where_varieties_and_researchers_are_given(p):
    base = MECHANISM.parameters(trade=0, **p)
    try:
        result = MECHANISM.counterfactual(base, {"trade": 1})
    except InputError as error:
        assert "no varieties to start from" in str(error)
        return
    assert result.static_gain > -1e-9
    assert result.growth_change >= 0  # of consumption: research of both is at hand


def test_where_varieties_are_made_by_small_steps():
    """Home gets more human capital: each year's research is what leaves no factor idle, in steps of a hundredth of a year."""
    p, q = MECHANISM.parameters(), MECHANISM.parameters(home_human_capital=1.3)
    path, end = MECHANISM.transition(p, q).value, solve(home_human_capital=1.3)
    g = end["innovation"][0]
    research, made = 0.125 * g / (0.03 + g), 0.375
    share, step, seen = solve()["variety_share"][0], 0.01, []
    wages = np.array([end["human_capital_wage"][0] * 1.3, end["labour_wage"][0] * 0.8])
    for k in range(501):
        if k % 100 == 0:
            seen.append(share)
        # human capital gets .8, .5 and .2 of research, varieties and the homogeneous good; eliminate the last
        h, labour = wages - share * made * 0.5
        here = (0.8 * h - 0.2 * labour) / (research * (0.8 * 0.8 - 0.2 * 0.2))
        share += step * g * (here - share)
    np.testing.assert_allclose(path.paths["variety_share"][:6, 0], seen, atol=2e-4)
    assert path.paths["research_share"][0, 0] > end["variety_share"][0] > path.paths["variety_share"][0, 0]
    assert path.paths["variety_share"][-1, 0] == pytest.approx(end["variety_share"][0], abs=1e-12)
    half = np.interp(path.half_life, path.time, path.paths["variety_share"][:, 0])
    assert half == pytest.approx((seen[0] + end["variety_share"][0]) / 2, abs=2e-3)


def test_welfare_with_transition_differs_by_who_owns_firms():
    p, q = MECHANISM.parameters(), MECHANISM.parameters(home_human_capital=1.3)
    result = MECHANISM.counterfactual(p, q)
    end = result.counterfactual
    value = 0.125 / (0.03 + end["innovation"][0])
    wages = end["human_capital_wage"] * [1.3, 0.8] + end["labour_wage"] * [0.8, 1.2]
    less = np.log(wages + 0.03 * value * result.baseline["variety_share"]) - np.log(
        wages + 0.03 * value * end["variety_share"]
    )
    expected = (1 + result.welfare_steady_state / 100) * np.exp(less[0])
    assert 1 + result.welfare_transition / 100 == pytest.approx(expected, rel=1e-10)
    assert result.welfare_transition < result.welfare_steady_state
    assert result.extra["welfare_transition_foreign"] > result.extra["welfare_steady_state_foreign"]


def test_paths_that_need_no_time_and_those_not_solved():
    p = MECHANISM.parameters()
    opened = MECHANISM.counterfactual(p.replace(trade=0), {"trade": 1})
    assert opened.path is not None
    assert opened.half_life == 0
    assert opened.welfare_transition == pytest.approx(opened.welfare_steady_state, rel=1e-12)
    ended = MECHANISM.transition(p, {"rnd_cost": 60.0}).value
    assert np.all(ended.paths["innovation"] == 0)


def test_the_followed_path_is_the_explicit_one_inside_equalisation():
    p, q = MECHANISM.parameters(), MECHANISM.parameters(home_human_capital=1.3)
    before, end = MECHANISM.solve(p).value, MECHANISM.solve(q).value
    explicit, _ = path_of(before, end)
    followed, residual = _followed(q, end, before["varieties"])
    assert np.max(np.abs(residual())) < 1e-6
    np.testing.assert_allclose(followed.lifetime_utility, explicit.lifetime_utility, atol=1e-8)
    speed = np.log(2) / explicit.half_life
    start, rest = explicit.paths["variety_share"][0, 0], end["variety_share"][0]
    expected = rest + (start - rest) * np.exp(-speed * followed.time)
    np.testing.assert_allclose(followed.paths["variety_share"][:, 0], expected, atol=1e-7)


@pytest.mark.parametrize(
    "changes",
    [
        {"home_human_capital": 3.0},
        pytest.param({"home_human_capital": 1.6}, marks=pytest.mark.slow),
        pytest.param({"home_labour": 0.1}, marks=pytest.mark.slow),
    ],
)
def test_paths_on_which_factor_prices_differ(changes):
    """Research in one country alone, for ever or at first; a home without the homogeneous good; firms worth what they cost."""
    p = MECHANISM.parameters()
    q = p.replace(**changes)
    before, end = MECHANISM.solve(p).value, MECHANISM.solve(q).value
    solution = MECHANISM.transition(p, q)
    path = solution.value
    assert solution.residual.norm < 1e-6
    assert path.paths["variety_share"][-1, 0] == pytest.approx(end["variety_share"][0], abs=1e-6)
    assert path.paths["research_share"][0, 1] == pytest.approx(0, abs=1e-9) or "home_labour" in changes
    # a firm at home, by quadrature of its profits, against the cost of a blueprint on the first day
    prices = np.log(np.stack([end["human_capital_wage"], end["labour_wage"]], axis=1))
    g, share = end["innovation"][0], before["varieties"][0] / 2
    research = 0.125 * g / (0.03 + g) * end["variety_share"]
    guess = tuple(float(x) for x in (*prices.ravel(), *research, end["homogeneous_share"][0]))
    found = follow(q, guess, float(end["varieties"][0] / 2), float(share))
    time, odds = found.time, found.states[:, 0]
    number = found.states[:, 3] - np.logaddexp(0, -odds) - np.log(share)  # log of home's, from zero
    profit = CubicSpline(time, np.exp(-0.03 * time - number) * 0.125 * found.sales[:, 0])
    tail = np.exp(-0.03 * time[-1] - number[-1]) * 0.125 * found.sales[-1, 0] / (0.03 + g)
    worth = float(profit.integrate(0, time[-1]) + tail) / share  # times varieties of the world
    cost = q.rnd_cost * np.exp(found.cleared[0, :2] @ [0.8, 0.2])
    assert worth == pytest.approx(cost, rel=1e-4)
    assert np.sum(found.spending) == pytest.approx(1, abs=1e-8)


def test_corners_are_solved_and_named():
    dear = solve(rnd_cost=1e3)
    assert dear.growth == 0
    assert dear.corner.startswith("no research")
    apart = solve(home_human_capital=1.9, home_labour=0.4, foreign_human_capital=0.1, foreign_labour=1.6)
    assert "home makes no homogeneous goods" in apart.corner
    assert "foreign makes no varieties" in apart.corner
    assert apart.corner.count("outside the factor price equalisation set") == 2


def test_bad_input_is_named():
    with pytest.raises(InputError, match="at least as intensively as varieties"):
        MECHANISM.parameters(variety_intensity=0.9)
    with pytest.raises(InputError, match="no varieties to start from"):
        solve(home_human_capital=1.9, home_labour=0.4, foreign_human_capital=0.1, foreign_labour=1.6, trade=0)
    with pytest.raises(InputError, match="no trade cost"):
        MECHANISM.liberalise(MECHANISM.parameters(), 0.8)


def test_verdicts():
    assert {c.name: c.verdict for c in MECHANISM.claims()} == {
        "research-cheapest-where-human-capital-abounds": "holds only if",
        "human-capital-invents": "holds",
        "labour-abundant-two-forces": "holds",
        "labour-abundant-ambiguous": "holds",
    }


def test_labour_in_the_homogeneous_good_by_hand():
    """Alone, wages paid to labour in a sector over all of them; with trade, all labour that is not in the other two."""
    (claim,) = [c for c in MECHANISM.claims() if c.name == "labour-abundant-two-forces"]
    p = MECHANISM.parameters(foreign_human_capital=0.6, foreign_labour=1.4)
    s, beta = p.differentiated_share, 1 / p.elasticity_of_substitution
    parts = np.array([p.research_intensity, p.variety_intensity, p.homogeneous_intensity])
    g = MECHANISM.solve(p, regime="autarky").value["innovation"][1]
    paid = np.array([s * beta * g / (p.discount_rate + g), s * (1 - beta), 1 - s]) * (1 - parts)
    assert claim.numbers["labour in the homogeneous good, autarky"] == pytest.approx(paid[2] / paid.sum(), rel=1e-9)
    opened = MECHANISM.solve(p).value
    g = opened["innovation"][1]
    share = opened["variety_share"][1]
    advanced = share * (np.array([s * beta * g / (p.discount_rate + g), s * (1 - beta)]) @ (1 - parts[:2]))
    rest = 1 - advanced / (opened["labour_wage"][1] * p.foreign_labour)
    assert claim.numbers["labour in the homogeneous good, trade"] == pytest.approx(rest, rel=1e-9)


def test_cost_of_research_in_autarky_by_hand():
    """One economy: wage bills are given parts of spending, so that the premium follows from endowments and growth."""
    (claim,) = [c for c in MECHANISM.claims() if c.name.startswith("research-cheapest")]
    ratio = []
    for human, labour in ((1.2, 0.8), (0.6, 1.4)):
        p = MECHANISM.parameters(home_human_capital=human, home_labour=labour, trade=0)
        g = MECHANISM.solve(p).value.home("innovation")
        s, beta = p.differentiated_share, 1 / p.elasticity_of_substitution
        parts = np.array([s * beta * g / (p.discount_rate + g), s * (1 - beta), 1 - s])
        shares = np.array([p.research_intensity, p.variety_intensity, p.homogeneous_intensity])
        premium = (parts @ shares / human) / (parts @ (1 - shares) / labour)
        ratio.append(premium ** (p.research_intensity - p.homogeneous_intensity))
    assert claim.numbers["cost of research at home over abroad, autarky"] == pytest.approx(
        ratio[0] / ratio[1], rel=1e-9
    )
    assert claim.numbers["the same, trade and factor prices equal"] == pytest.approx(1, rel=1e-9)
