"""A resource boom: the signs of the footnote, a firm that optimises, and static equilibria solved apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.interpolate import CubicSpline
from scipy.optimize import fsolve

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms

MECHANISM = mechanisms["peretto-valente"]
MANY = settings(deadline=None, max_examples=60)

economies = {
    "home_labour": st.floats(0.5, 3),
    "foreign_labour": st.floats(0.2, 2),
    "resource": st.floats(0.2, 5),
    "resource_share": st.floats(0.1, 0.9),
    "materials_share": st.floats(0.05, 0.3),
    "processing_scale": st.floats(0.05, 1),
    "discount_rate": st.floats(0.01, 0.05),
}


def solve(variant, **changes):
    return MECHANISM.solve(MECHANISM.parameters(variant, **changes), variant=variant).value


@MANY
@given(st.fixed_dictionaries(economies), st.floats(0.15, 0.95), st.floats(1.05, 5), st.floats(1.01, 4))
def test_the_sign_is_that_of_elasticity_less_one(economy, low, high, boom):
    for variant, eps, sign in (("complements", low, -1), ("substitutes", high, 1), ("cobb-douglas", 1.0, 0)):
        try:
            before = solve(variant, processing_elasticity=eps, **economy)
            after = solve(variant, processing_elasticity=eps, **(economy | {"resource": economy["resource"] * boom}))
        except InputError:
            assume(False)
        for name in ("manufacturing_labour", "rnd_labour_share", "firms"):
            if before["innovation"] > 0:
                assert np.sign(np.round(after[name] / before[name] - 1, 11)) in (sign, 0)
        assert after.growth == before.growth
        assert after["firm_sales"] == before["firm_sales"]
    moved = solve("complements", resource=2.0)["firms"] - solve("complements")["firms"]
    assert moved < -1e-3  # the check above can fail


@MANY
@given(st.floats(0.2, 5), st.floats(0.2, 5))
def test_growth_knows_no_scale(labour, size):
    one, other = solve("complements"), solve("complements", home_labour=labour + 0.5, foreign_labour=size)
    assert other.growth == pytest.approx(one.growth, abs=1e-15)
    assert other["firm_sales"] == pytest.approx(one["firm_sales"], abs=1e-15)


def test_a_firm_cannot_do_better():
    """Discounted profit of a firm that spends a little more or less on research for ever, its rivals as computed.

    Sales follow (Z / Z-bar)^(theta (sigma - 1)); to first order the gain is zero.
    """
    p = MECHANISM.parameters()
    point = solve("complements")
    s, z = point["firm_sales"], point["innovation"]

    def value(extra, until=5.0):
        """Extra growth of knowledge for five years, then none; relative knowledge stays and upkeep is in proportion to it."""

        def profit(t):
            ahead = extra * min(t, until)
            now = z + (extra if t < until else 0.0)
            # Z' = alpha Z-bar l: to keep a relative lead takes research in proportion to it
            return s / 4 * np.exp(0.15 * 3 * ahead) - now * np.exp(ahead) / p.research_productivity

        parts = [
            quad(lambda t: np.exp(-0.09 * t) * profit(t), a, b, epsabs=1e-12)[0] for a, b in ((0, until), (until, 800))
        ]
        return sum(parts)

    step = 1e-5
    slope = (value(step) - value(-step)) / (2 * step)
    assert abs(slope) < 1e-4 * abs(value(0.0))
    assert abs((value(0.02) - value(0.0)) / 0.02) > 1e-4 * abs(value(0.0))


def test_a_boom_by_hand():
    """Cobb-Douglas: L_M = (1 - omega) k / (1 + (1 - omega) k) of world labour, k = .15 / (.6 + .25 - .03)."""
    k = 0.15 / 0.82
    expected = 0.5 * k / (1 + 0.5 * k) * 2
    for resource in (0.5, 1.0, 2.0):
        assert solve("cobb-douglas", resource=resource)["processing_labour"] == pytest.approx(expected, abs=1e-13)


def test_elasticity_is_continuous_at_one():
    near = [
        solve(v, processing_elasticity=1 + d, resource=2.0) for v, d in (("complements", -1e-7), ("substitutes", 1e-7))
    ]
    at = solve("cobb-douglas", resource=2.0)
    for point in near:
        assert point.consumption == pytest.approx(at.consumption, rel=1e-6)
        assert point["manufacturing_labour"] == pytest.approx(at["manufacturing_labour"], rel=1e-6)


def test_static_gain_of_a_boom_by_another_solver():
    """Firms as they were, both wages and materials free: four equations by fsolve, consumption from spending and prices."""
    p = MECHANISM.parameters("complements")
    before = solve("complements")
    firms, other = before["firms"], 1 / (0.82 * before["firm_sales"])
    upkeep = (
        0.05 + before["innovation"] / p.research_productivity + 0.06 * before["firm_sales"]
    )  # the last replaces firms
    resource = 2.0

    def system(x):
        labour, sales, abroad, wage = np.exp(x)
        made = 1 / (0.5 / resource + 0.5 * p.processing_scale / labour)
        price = 0.15 * (sales + abroad) / made
        share = price * 0.5 * (made / labour) ** 2 * p.processing_scale - 1  # marginal product, elasticity one half
        return [
            share,
            1 - firms * upkeep - labour - 0.6 * sales,
            1 - other * upkeep - 0.6 * abroad / wage,
            abroad / sales - other / firms * wage ** (-0.8 * 3),
        ]

    labour, sales, abroad, wage = np.exp(fsolve(system, np.log([0.17, 1.0, 1.2, 1.0]), xtol=1e-13))
    made = 1 / (0.5 / resource + 0.5 * p.processing_scale / labour)
    price = (0.15 * (sales + abroad) / made) ** 0.2
    index = 4 / 3 * price * (firms + other * wage**-2.4) ** (-1 / 3)
    result = MECHANISM.counterfactual(p, {"resource": resource}, variant="complements")
    assert result.static_gain == pytest.approx(
        100 * ((sales + 0.15 * abroad) / index / before.consumption - 1), abs=1e-8
    )


@pytest.mark.parametrize("variant", ["complements", "substitutes"])
def test_the_path_is_logistic(variant):
    """By hand: lambda = (B - theta') / eta = .16 - .1125; the end N* = S (B - theta') / (f - .09 / alpha)."""
    p = MECHANISM.parameters(variant)
    result = MECHANISM.counterfactual(p, {"resource": 2.0}, variant=variant)
    path, old, new = result.path, result.baseline, result.counterfactual
    sales = new["firms"] * new["firm_sales"] / new["home_share"]
    start = old["firms"] / old["home_share"]
    rest = sales * (0.16 - 0.1125) / (0.05 - 0.09 / p.research_productivity)
    firms = rest / (1 + (rest / start - 1) * np.exp(-(0.16 - 0.1125) * path.time))
    np.testing.assert_allclose(path.paths["firm_sales"], sales / firms, rtol=1e-9)
    knowledge = p.research_productivity * 0.1125 * sales / firms - 0.09
    np.testing.assert_allclose(path.paths["innovation"], knowledge, rtol=1e-8)
    # consumption follows varieties and knowledge; its growth is that of both
    growth = 0.15 * knowledge + (0.16 - 0.1125) * (1 - firms / rest) / 3
    years = path.time <= 100
    rise = CubicSpline(path.time[years], growth[years]).antiderivative()(100.0)
    logs = np.log(path.paths["consumption"][years])
    assert logs[-1] - logs[0] == pytest.approx(rise, rel=1e-7)
    assert path.time[years][-1] == 100
    assert path.paths["innovation"][-1] == pytest.approx(new["innovation"], rel=1e-8)
    assert path.paths["home_share"][-1] == pytest.approx(new.home_share, rel=1e-8)


def test_welfare_of_the_path_by_quadrature():
    p = MECHANISM.parameters("complements")
    path = MECHANISM.transition(p, {"resource": 2.0}).value
    logs = CubicSpline(path.time, np.log(path.paths["consumption"]))
    body = sum(quad(lambda t: np.exp(-0.03 * t) * logs(t), a, a + 10, epsabs=1e-12)[0] for a in range(0, 600, 10))
    tail = np.exp(-0.03 * 600) * (logs(600) / 0.03 + path.end.growth / 0.03**2)
    assert path.lifetime_utility == pytest.approx(float(body + tail), abs=1e-5)


def test_a_boom_moves_growth_for_a_while():
    """With complements firms are too many at first, and small: less research a firm; with substitutes the other way round."""
    for variant, sign in (("complements", -1), ("substitutes", 1)):
        path = MECHANISM.transition(MECHANISM.parameters(variant), {"resource": 2.0}, variant=variant).value
        early = path.paths["innovation"][0] - path.end["innovation"]
        assert np.sign(early) == sign
        assert np.all(np.diff(path.paths["innovation"]) * sign <= 1e-12)
    still = MECHANISM.transition(MECHANISM.parameters("cobb-douglas"), {"resource": 2.0}, variant="cobb-douglas").value
    np.testing.assert_allclose(still.paths["innovation"], still.end["innovation"], rtol=1e-9)


def test_research_may_stop_for_a_while():
    """Where firms are far too many, sales of each do not pay for research; it comes back as they die."""
    p = MECHANISM.parameters("cobb-douglas", trade=0, home_labour=2.0)
    q = {"home_labour": 1.0, "research_productivity": 2.7}
    solution = MECHANISM.transition(p, q, variant="cobb-douglas")
    path = solution.value
    assert path.paths["innovation"][0] == 0 < path.paths["innovation"][-1]
    assert solution.residual.norm < 1e-7


def test_firms_leave_no_faster_than_they_die():
    with pytest.raises(InputError, match="leave faster than exit_rate"):
        MECHANISM.transition(MECHANISM.parameters(exit_rate=0.01), {"resource": 4.0})
    with pytest.raises(InputError, match="number of firms jumps"):
        MECHANISM.transition(MECHANISM.parameters(entry_cost=0.0), {"resource": 2.0})


def test_corners_are_solved_and_named():
    p = MECHANISM.parameters()
    point = solve("complements", research_productivity=0.5)
    assert point.growth == 0 == point["rnd_labour_share"]
    needed = float(point.corner.split("exceed ")[1])
    assert solve("complements", research_productivity=needed * 1.01).growth > 0
    assert solve("complements", research_productivity=needed * 0.99).growth == 0
    assert p.research_productivity > needed


def test_home_may_process_and_make_no_varieties():
    """By hand, Cobb-Douglas: world sales are L* / .82; materials .15 of them, half of that wages of home's one worker."""
    point = solve("cobb-douglas", foreign_labour=30.0)
    assert point["firms"] == point.home_share == 0
    assert point["wage"] == pytest.approx(0.5 * 0.15 * 30 / 0.82, rel=1e-12)
    assert point["spending"] == pytest.approx(0.15 * 30 / 0.82, rel=1e-12)
    assert point.corner.startswith("home processes materials and makes no varieties")
    assert point.growth == pytest.approx(solve("cobb-douglas").growth, abs=1e-15)
    # continuous where it starts: at the labour abroad at which processing takes the last worker
    k = 0.5 * 0.15 / 0.82
    edge = (1 + k) / k - 1
    near = [solve("cobb-douglas", foreign_labour=edge * x) for x in (1 - 1e-9, 1 + 1e-9)]
    assert near[0].corner == "" != near[1].corner
    assert near[0].consumption == pytest.approx(near[1].consumption, rel=1e-7)
    boom = MECHANISM.counterfactual(
        MECHANISM.parameters("cobb-douglas", foreign_labour=30.0), {"resource": 2.0}, variant="cobb-douglas"
    )
    assert boom.static_gain == pytest.approx(
        100 * (2 ** (0.5 * 0.2) - 1), rel=1e-9
    )  # materials earn the same, and are cheaper
    assert boom.path is None
    assert boom.why.endswith("steady states are compared")


def test_bad_input_is_named():
    with pytest.raises(InputError, match="which is not substitutes"):
        MECHANISM.solve(MECHANISM.parameters("complements"), variant="substitutes")
    with pytest.raises(InputError, match="research would pay without bound"):
        solve("complements", knowledge_elasticity=0.5)
    with pytest.raises(InputError, match="no trade cost"):
        MECHANISM.liberalise(MECHANISM.parameters(), 0.8)


def test_verdicts():
    assert {c.name: c.verdict for c in MECHANISM.claims()} == {
        "complements-draw-labour-away": "holds",
        "substitutes-free-labour": "holds",
        "boom-leaves-long-run-growth": "holds",
    }
