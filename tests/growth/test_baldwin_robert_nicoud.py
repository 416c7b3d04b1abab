"""Selection and growth: reference values, a simulated industry, and the sign criterion in every economy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.interpolate import CubicSpline

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms

MECHANISM = mechanisms["baldwin-robert-nicoud"]
MANY = settings(deadline=None, max_examples=60)
FREE = (0.1) ** (1 / -3.0)  # trade cost with freeness .1 at sigma 4

economies = st.builds(
    lambda sigma, excess, share, **changes: MECHANISM.parameters(
        elasticity_of_substitution=sigma,
        pareto_shape=(sigma - 1) * excess,
        draw_cost=share * changes["entry_cost"] / (excess - 1),
        **changes,
    ),
    sigma=st.floats(2, 6),
    excess=st.floats(1.1, 3),
    share=st.floats(0.1, 1.5),
    entry_cost=st.floats(0.3, 3),
    export_cost=st.floats(0.3, 6),
    trade_cost=st.floats(1.0, 3.0),
    idea_flow=st.floats(0.0, 1.0),
    efficiency_link=st.floats(0.0, 12.0),
    discount_rate=st.floats(0.005, 0.08),
)


def solve(p, **options):
    return MECHANISM.solve(p, **options).value


def reference(trade_cost, **changes):
    return MECHANISM.parameters(
        pareto_shape=6.0,
        entry_cost=1.0,
        export_cost=1.5,
        draw_cost=0.9,
        labour=2.0,
        idea_flow=1.0,
        trade_cost=trade_cost,
        **changes,
    )


def test_reference_values():
    """beta 2, F_D 1, F_X 1.5, L 2, sigma 4, rho .03, psi 1: .4775 closed, .474189 at freeness .1 (research notes, 3.1)."""
    assert solve(reference(np.inf))["innovation"] == pytest.approx(0.4775, abs=1e-12)
    assert solve(reference(FREE))["innovation"] == pytest.approx(0.474189, abs=5e-7)


def test_a_simulated_industry_has_the_cutoffs_and_shares():
    """A million draws: who sells where at the computed cutoffs, and what entry then costs and earns."""
    p = reference(FREE)
    point = solve(p)
    a = np.random.default_rng(5).uniform(size=1_000_000) ** (1 / 6)
    home, abroad = a < 1 / point["survival_cutoff"], a < 1 / point["export_cutoff"]
    sales = np.array([np.sum(a[home] ** -3.0), 0.1 * np.sum(a[abroad] ** -3.0)])
    assert sales[0] / sales.sum() == pytest.approx(point.home_share, abs=2e-3)
    spent = (p.draw_cost * a.size + p.entry_cost * home.sum() + p.export_cost * abroad.sum()) / home.sum()
    assert spent == pytest.approx(point["knowledge_per_variety"], rel=5e-3)
    assert abroad.sum() / home.sum() == pytest.approx(point["exporters"], abs=2e-3)
    profit = point["spending"] * p.labour / 4 / home.sum()  # of a variety, with one variety a survivor in the market
    assert profit * home.sum() / (0.03 + point["innovation"]) == pytest.approx(spent / 2, rel=5e-3)


@MANY
@given(economies, st.sampled_from(MECHANISM.variants))
def test_the_sign_criterion(p, variant):
    """A little more openness moves growth as the elasticity says, from finite differences of solves."""
    try:
        near, here = (
            solve(p.replace(trade_cost=t), variant=variant) for t in (p.trade_cost * 1.0001, p.trade_cost * 1.0002)
        )
    except InputError:
        assume(False)
    assume(here["innovation"] > 0 and near["innovation"] > 0)
    sigma, rho = p.elasticity_of_substitution, p.discount_rate
    reward = [
        x["innovation"] + (rho if variant == "lab-equipment" else (sigma - 1) / sigma * rho) for x in (near, here)
    ]
    opened = np.log(here.home_share / near.home_share)
    assume(opened > 1e-7)
    slope = np.log(reward[0] / reward[1]) / opened
    assert slope == pytest.approx(here["opening_elasticity"], abs=1e-3 * (1 + abs(slope)))


@MANY
@given(economies)
def test_constant_spillovers_slow_growth_and_selection_is_tougher(p):
    try:
        opened, closed = solve(p), solve(p, regime="autarky")
    except InputError:
        assume(False)
    assume(opened.home_share < 1 - 1e-9)
    assert opened["survival_cutoff"] > closed["survival_cutoff"] or opened["survival_cutoff"] == 1
    assert opened.growth < closed.growth or closed.growth == 0


def test_what_decides_the_sign_with_reverse_engineering_and_efficiency():
    for export_cost, sign in ((0.8, 1), (1.0, 0), (1.2, -1)):
        p = reference(1.8).replace(export_cost=export_cost)
        change = np.sign(
            np.round(MECHANISM.counterfactual(p, {"trade_cost": 1.7}, variant="reverse-engineering").growth_change, 12)
        )
        assert change == sign
    for link, sign in ((7.0, 1), (6.0, 0), (5.0, -1)):
        p = reference(1.8, efficiency_link=link)
        change = np.sign(
            np.round(MECHANISM.counterfactual(p, {"trade_cost": 1.7}, variant="efficiency-linked").growth_change, 12)
        )
        assert change == sign


def test_level_and_growth_part_ways():
    """Opening with constant spillovers: the static gain is that of selection, lambda^(-1/k); growth falls."""
    p = reference(np.inf)
    result = MECHANISM.counterfactual(p, {"trade_cost": FREE})
    gain = (1 / result.counterfactual.home_share) ** (1 / 3 + 1 / 6 - 1 / 3)
    selection = (
        result.counterfactual["survival_cutoff"] / result.baseline["survival_cutoff"]
    ) / result.counterfactual.home_share ** (1 / 3)
    assert result.static_gain == pytest.approx(100 * (selection - 1), rel=1e-10)
    assert selection > gain > 1
    assert result.growth_change < 0 < result.static_gain


def test_lab_equipment_by_hand():
    """sigma 2: B = 1/16; beta 2; F_I = F_D = 1; autarky: a_D^2 = 1, r = L / 16."""
    p = MECHANISM.parameters(
        "lab-equipment",
        elasticity_of_substitution=2.0,
        pareto_shape=2.0,
        draw_cost=1.0,
        entry_cost=1.0,
        export_cost=2.0,
        labour=1.6,
    )
    point = solve(p, variant="lab-equipment", regime="autarky")
    assert point.growth == pytest.approx(0.07, abs=1e-14)
    # profit a variety .1 * 2 = .2, final goods .2 / (1/4) = .8, of which intermediates take a quarter; varieties cost 2 goods
    assert point.consumption * 1.6 == pytest.approx(0.8 * 0.75 - 0.07 * 2, abs=1e-14)


def test_corners_are_solved_and_named():
    for variant in MECHANISM.variants:
        p = MECHANISM.parameters(variant)
        small = p.replace(labour=p.labour / 100)
        point = solve(small, variant=variant)
        assert point.growth == 0
        needed = float(point.corner.split("exceed ")[1])
        assert solve(p.replace(labour=needed * 1.01), variant=variant).growth > 0
        assert solve(p.replace(labour=needed * 0.99), variant=variant).growth == 0


def opened(variant, cost=1.3, **changes):
    p = MECHANISM.parameters(variant, **changes)
    return p, MECHANISM.transition(p, {"trade_cost": cost}, variant=variant)


@pytest.mark.parametrize("variant", MECHANISM.variants)
def test_the_path_forwards_in_levels(variant):
    """Firms one by one: 4,000 old ones decide each day; stocks and spending are those of the path, by Euler steps of a day."""
    p, solution = opened(variant)
    path, q = solution.value, p.replace(trade_cost=1.3)
    sigma, k, rho, phi = 4.0, 5.0, 0.03, 1.3**-3.0
    before, after = solve(p, variant=variant), path.end
    least, first = 1 / before["survival_cutoff"], 1 / before["export_cutoff"]
    tail, lab = k - sigma + 1, variant == "lab-equipment"
    home, abroad = k / tail * least ** (1 - sigma), k / tail * first**tail / least**k  # sums of a^(1 - sigma) a variety
    varieties, cutoff, exporters = 1.0, first, before["exporters"]
    entrant = 1 / after["survival_cutoff"], 1 / after["export_cutoff"]
    cost = q.draw_cost / entrant[0] ** k + q.entry_cost + q.export_cost * (entrant[1] / entrant[0]) ** k
    step, date = 0.01, 0.0
    while date < 12 - 1e-9:
        spending = float(np.interp(date, path.time, path.paths["spending"])) * p.labour
        share = phi * abroad / (home + phi * abroad)
        ideas = {
            "grossman-helpman": 1.5,
            "coe-helpman": 1 + p.idea_flow * share,
            "reverse-engineering": 1 + p.idea_flow * exporters / varieties,
            "efficiency-linked": 1.5 * after["survival_cutoff"] ** p.efficiency_link,
            "lab-equipment": 1.0,
        }[variant]
        unit = 0.75**7 / 3 * 0.75 * p.labour if lab else 0.0  # B L of the module, at sigma 4
        if lab:
            left = 1 / 3 * 0.75**8 * p.labour * (7 / 3) * (home + phi * abroad) - spending
            assert unit > 0
        else:
            left = ideas * varieties * (p.labour - 0.75 * spending)
        if cutoff < entrant[1] * (1 - 1e-6):  # old firms adopt, the best first
            density = k * cutoff ** (k - 1) / least**k
            moved = min(left * step / (q.export_cost * density), entrant[1] - cutoff)
            abroad += density * moved * cutoff ** (1 - sigma)
            exporters += density * moved
            cutoff += moved
        else:
            new = left * step / cost
            varieties += new
            home += new * k / tail * entrant[0] ** (1 - sigma)
            abroad += new * k / tail * entrant[1] ** tail / entrant[0] ** k
            exporters += new * (entrant[1] / entrant[0]) ** k
        date += step
    assert varieties == pytest.approx(float(np.interp(12, path.time, path.paths["varieties"])), rel=3e-3)
    assert home / (home + phi * abroad) == pytest.approx(
        float(np.interp(12, path.time, path.paths["home_share"])), rel=1e-3
    )
    assert exporters / varieties == pytest.approx(float(np.interp(12, path.time, path.paths["exporters"])), rel=5e-3)
    assert varieties > 1.01
    assert rho == p.discount_rate


@pytest.mark.parametrize("variant", MECHANISM.variants[:4])
def test_a_firm_is_worth_what_it_costs_along_the_path(variant):
    """Discounted profits of a unit of a^(1 - sigma), by quadrature from spending and what a market sees, against free entry."""
    p, solution = opened(variant)
    path = solution.value
    assert solution.residual.norm < 1e-9
    spending, time = path.paths["spending"], path.time
    seen = (path.paths["consumption"] / spending * 4 / 3) ** 3  # M, from the price index
    start = int(np.argmax(path.paths["innovation"] > 0))  # entry begins
    assert time[start] > 0.1
    rest = time >= time[start]
    curve = CubicSpline(time[rest], np.exp(-0.03 * time[rest]) / seen[rest])
    tail = np.exp(-0.03 * time[-1]) / seen[-1] / (0.03 + path.end["innovation"])
    value = (
        spending[start] * p.labour / 4 * np.exp(0.03 * time[start]) * (curve.integrate(time[start], time[-1]) + tail)
    )
    ideas = {"grossman-helpman": 1.5, "efficiency-linked": path.end["research_productivity"]}.get(variant)
    if ideas is None:  # at the mix of firms when entry begins
        share = (
            path.paths["exporters"][start] if variant == "reverse-engineering" else 1 - path.paths["home_share"][start]
        )
        ideas = 1 + p.idea_flow * share
    least = 1 / path.end["survival_cutoff"]
    assert value * least**-3 == pytest.approx(p.entry_cost / (ideas * path.paths["varieties"][start]), rel=2e-4)


@pytest.mark.parametrize("changes", [{"trade_cost": 1.3}, {"export_cost": 0.1}])
@pytest.mark.parametrize("variant", MECHANISM.variants)
def test_the_marginal_old_exporter_sets_interest_and_nobody_enters_before_it_pays(variant, changes):
    """Half of the way through adoption; where exporting is very cheap all old firms come to export before anybody enters."""
    p = MECHANISM.parameters(variant)
    q = p.replace(**{name: x * (p.entry_cost if name == "export_cost" else 1) for name, x in changes.items()})
    solution = MECHANISM.transition(p, q, variant=variant)
    path, time = solution.value, solution.value.time
    assert solution.residual.norm < 1e-8
    spending, lab, phi = path.paths["spending"] * p.labour, variant == "lab-equipment", q.trade_cost**-3.0
    start = int(np.argmax(path.paths["innovation"] > 0))
    assert spending[start] == pytest.approx(spending[start - 1], rel=1e-6)
    # profit a year of a unit of a^(1 - sigma): E / (sigma M), in lab-equipment a constant
    seen = 1.0 if lab else (path.paths["consumption"] / path.paths["spending"] * 4 / 3) ** 3
    profit = 1 / 3 * 0.75**8 * p.labour + 0 * spending if lab else spending / (4 * seen)
    here = int(np.argmin(np.abs(time - 0.5 * time[start])))
    ideas = {
        "grossman-helpman": np.full(time.size, 1.5),
        "coe-helpman": 1 + p.idea_flow * (1 - path.paths["home_share"]),
        "reverse-engineering": 1 + p.idea_flow * path.paths["exporters"],
        "efficiency-linked": np.full(time.size, float(path.end["research_productivity"])),
        "lab-equipment": np.ones(time.size),
    }[variant]
    cutoff = path.paths["exporters"][here] ** 0.2 / solve(p, variant=variant)["survival_cutoff"]
    around = slice(here - 4, start)
    rises, learned = (
        CubicSpline(time[around], np.log(x[around]), bc_type="natural")(time[here], 1) for x in (spending, ideas)
    )
    earned = phi * cutoff**-3 * profit[here] * ideas[here] / q.export_cost
    assert 0.03 + rises == pytest.approx(earned - learned, rel=5e-3)
    # the value of a unit: discounted profits, over spending, on both sides of the day on which entry begins
    shrinks = path.end["growth"] if lab else path.end["innovation"]

    def worth(k):
        total = np.exp(-0.03 * time[-1]) * profit[-1] / spending[-1] / (0.03 + shrinks)
        for piece in ([slice(k, start)] if k < start else []) + [slice(max(k, start), None)]:
            flow = np.exp(-0.03 * time[piece]) * (profit / spending)[piece]
            total += CubicSpline(time[piece], flow).integrate(*time[piece][[0, -1]])
        return spending[k] * np.exp(0.03 * time[k]) * total * ideas[k]

    least = 1 / path.end["survival_cutoff"]
    together = path.end["exporters"] == 1
    sunk = (q.entry_cost + q.export_cost * together) / (1 + phi * together)
    assert worth(start) * least**-3 == pytest.approx(sunk, rel=1e-3)
    assert worth(here) * least**-3 < sunk


def test_welfare_of_the_path_by_quadrature():
    for variant in ("grossman-helpman", "lab-equipment"):
        _, solution = opened(variant, cost=2.0)
        path = solution.value
        logs, end = CubicSpline(path.time, np.log(path.paths["consumption"])), path.time[-1]
        body = sum(
            quad(lambda t, logs=logs: np.exp(-0.03 * t) * logs(t), a, a + 10, epsabs=1e-12)[0]
            for a in np.arange(0, 350, 10.0)
        )
        tail = np.exp(-0.03 * 350) * (logs(350) / 0.03 + path.end.growth / 0.03**2)
        assert end > 350
        assert path.lifetime_utility == pytest.approx(float(body + tail), abs=2e-4)


def test_old_firms_linger_and_new_exporters_take_time():
    """Opening: nobody enters at first, consumption falls on the day and growth overshoots; closing has no first phase."""
    p, solution = opened("grossman-helpman")
    path = solution.value
    before = solve(p)
    assert np.all(path.paths["innovation"][path.time < 0.3] == 0)
    assert path.paths["consumption"][0] < before.consumption
    assert np.all(np.diff(path.paths["home_share"]) < 1e-12)
    assert path.paths["home_share"][-1] == pytest.approx(path.end.home_share, rel=1e-8)
    closing = MECHANISM.transition(p, {"trade_cost": 1.8}).value
    assert closing.paths["innovation"][0] > 0
    result = MECHANISM.counterfactual(p, {"trade_cost": 1.3})
    assert result.welfare_transition != pytest.approx(result.welfare_steady_state, abs=0.1)
    assert result.half_life == path.half_life > 5


def test_where_cutoffs_stay_the_economy_jumps():
    result = MECHANISM.counterfactual(changed={"labour": 1.2})
    assert result.half_life == 0
    assert result.welfare_transition == pytest.approx(result.welfare_steady_state, rel=1e-9)
    none = MECHANISM.parameters(labour=0.01)
    assert MECHANISM.counterfactual(none, {}).welfare_transition == 0
    ended = MECHANISM.transition(changed={"labour": 0.01}).value
    np.testing.assert_allclose(ended.paths["consumption"], ended.end.consumption, rtol=1e-12)


def test_paths_not_solved_are_said_to_be():
    p = MECHANISM.parameters()
    dear = {key: 10 * getattr(p, key) for key in ("draw_cost", "entry_cost", "export_cost")}
    for changes, match in (
        ({"pareto_shape": 6.0}, "not of the new regime"),
        ({**dear, "trade_cost": 1.3}, "nobody innovates in the changed regime"),
    ):
        with pytest.raises(InputError, match=match):
            MECHANISM.transition(p, changes)
        result = MECHANISM.counterfactual(p, changes)
        assert result.path is None
        assert result.why.endswith("steady states are compared")


def test_bad_input_is_named():
    with pytest.raises(InputError, match="mean sales of firms are infinite"):
        MECHANISM.parameters(pareto_shape=2.0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"draw_cost": 2.5}, ["every draw survives"]),
        ({"export_cost": 0.1}, ["every survivor exports"]),
        ({"draw_cost": 2.5, "export_cost": 0.1}, ["every draw survives", "every survivor exports"]),
    ],
)
@pytest.mark.parametrize("variant", MECHANISM.variants)
def test_corners_of_selection(changes, said, variant):
    """Nobody who left would have stayed, and nobody stays at home who would gain abroad; by values of single firms."""
    p = MECHANISM.parameters(variant)
    p = p.replace(labour=20.0, **{name: ratio * p.entry_cost for name, ratio in changes.items()})
    point = solve(p, variant=variant)
    assert [part.split(":")[0] for part in point.corner.split("; ")] == said
    sigma, k, phi = p.elasticity_of_substitution, p.pareto_shape, p.trade_cost ** (1 - p.elasticity_of_substitution)
    a = np.linspace(1e-3, 1, 4001)
    least, abroad = 1 / point["survival_cutoff"], 1 / point["export_cutoff"]
    stays, leaves = a <= least * (1 + 1e-12), a <= abroad * (1 + 1e-12)
    paid = p.draw_cost + p.entry_cost * least**k + p.export_cost * abroad**k
    tail = k - sigma + 1
    unit = paid / (k / tail * (least**tail + phi * abroad**tail))  # free entry
    net = unit * a ** (1 - sigma) * (stays + phi * leaves) - p.entry_cost * stays - p.export_cost * leaves
    best = np.maximum(
        0, unit * a ** (1 - sigma) - p.entry_cost + np.maximum(0, phi * unit * a ** (1 - sigma) - p.export_cost)
    )
    np.testing.assert_allclose(net, best, atol=1e-9)


@pytest.mark.parametrize("name", ["draw_cost", "export_cost"])
def test_corners_of_selection_meet_the_interior(name):
    p = MECHANISM.parameters(labour=20.0)
    openness = 1 / solve(p).home_share
    edge = {
        "draw_cost": p.entry_cost * openness / (5 / 3 - 1),
        "export_cost": p.entry_cost * p.trade_cost**-3.0,
    }[name]
    for variant in MECHANISM.variants:
        one, other = (solve(p.replace(**{name: edge * x}), variant=variant) for x in (1 - 1e-9, 1 + 1e-9))
        assert (one.corner == "") != (other.corner == "")
        for key in ("growth", "home_share", "survival_cutoff", "exporters", "consumption"):
            assert one[key] == pytest.approx(other[key], rel=1e-7)


def test_where_selection_is_idle_trade_is_neutral_under_constant_spillovers():
    p = MECHANISM.parameters(draw_cost=4.0, export_cost=0.1, labour=20.0)
    growth = [solve(p.replace(trade_cost=t)).growth for t in (1.0, 1.2, 1.5)]
    np.testing.assert_allclose(growth, growth[0], rtol=1e-13)
    assert solve(p)["opening_elasticity"] == pytest.approx(0, abs=1e-6)


def test_verdicts():
    assert {c.name: c.verdict for c in MECHANISM.claims()} == {
        "constant-spillovers-slow-growth": "holds",
        "selection": "holds",
        "two-of-five-harm-growth": "holds only if",
    }
