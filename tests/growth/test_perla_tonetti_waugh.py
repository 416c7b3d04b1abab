"""Technology adoption with exporters: reference numbers, slow twins, and what the survey says.

Reference numbers of ``published`` are those printed by the authors' public code; those of ``corrected``, ``no-shocks`` and the
fixed mass were computed apart from this package, from the same equations.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.growth import consumption_equivalent, mechanisms, path_utility
from tradewinds.growth.perla_tonetti_waugh_path import eigenvalues, path_residual
from tradewinds.growth.perla_tonetti_waugh_shocks import ShockPath, shock_path
from tradewinds.growth.perla_tonetti_waugh_static import markets, moment, static, tail, two_powers
from tradewinds.growth.perla_tonetti_waugh_value import Firm

PTW = mechanisms["perla-tonetti-waugh"]
CLOSED = ("no-shocks", "fixed-mass-labour-cost", "fixed-mass-goods-cost")


def solved(variant, **changes):
    return PTW.solve(PTW.parameters(variant, **changes), variant=variant).value


# ---------------------------------------------------------------------- reference numbers


@pytest.mark.parametrize(
    ("cost", "growth", "cutoff", "firms", "home", "consumption"),
    [
        (3.0224928254626, 0.007913401963163, 1.981326896745, 0.680590460993, 0.893708728295, 0.870683493910),
        (2.82024354291634, 0.010250822798545, 1.845681734223, 0.645986775152, 0.855571358671, 0.862941967461),
        (1 + 2.9 * 2.0224928254626, 0.002323144613656, 4.522232960786, 0.778848934408, 0.998045729829, 0.892904791091),
    ],
)
def test_published_numbers(cost, growth, cutoff, firms, home, consumption):
    point = solved("published", trade_cost=cost)
    found = [point[n] for n in ("growth", "export_cutoff", "varieties", "home_share", "consumption")]
    np.testing.assert_allclose(found, [growth, cutoff, firms, home, consumption], rtol=2e-12, atol=0)


def test_published_gains():
    """Growth .79 to 1.03 per cent, welfare 11.2 per cent; autarky -22.1; the sufficient statistic 0.87."""
    p = PTW.parameters("published")
    result = PTW.counterfactual(p, {"trade_cost": 2.82024354291634}, variant="published")
    assert round(100 * result.baseline.growth, 2) == 0.79
    assert round(100 * result.counterfactual.growth, 2) == 1.03
    assert result.welfare_steady_state == pytest.approx(11.18, abs=0.005)
    closed = PTW.counterfactual(p, {"trade_cost": 1 + 2.9 * (p.trade_cost - 1)}, variant="published")
    assert closed.welfare_steady_state == pytest.approx(-22.094, abs=0.0005)
    share = np.log(result.counterfactual.home_share / result.baseline.home_share)
    assert -100 * share / p.pareto_shape == pytest.approx(0.874, abs=0.0005)


def test_published_with_curved_utility():
    """The parameters of the authors' test suite, with a coefficient of risk aversion of 1.01."""
    point = solved(
        "published",
        discount_rate=0.02, elasticity_of_substitution=4.2508, countries=10, pareto_shape=5.1269, inverse_ies=1.01,
        trade_cost=2.3701, export_fixed_cost=0.013, adoption_entry_ratio=1 / 2.1868, volatility=0.0593, drift=0.0,
        exit_rate=0.053,
    )  # fmt: skip
    np.testing.assert_allclose(
        [point["growth"], point["varieties"], point["export_cutoff"]],
        [0.01900455065415125, 1.0651775565541244, 1.434969541725385],
        rtol=1e-10,
    )


def test_corrected_numbers():
    point = solved("corrected")
    np.testing.assert_allclose(
        [point[n] for n in ("growth", "export_cutoff", "varieties", "home_share", "consumption")],
        [0.007914292732588, 2.088950292184, 0.769582122602, 0.893726301445, 0.963949617151],
        rtol=1e-12,
    )
    assert Firm(point.parameters, point.growth, True).second_tail == pytest.approx(20.46623237, abs=5e-9)
    assert point["exporter_share"] == pytest.approx(0.033514, abs=5e-7)
    assert point["relative_size"] == pytest.approx(5.00435, abs=5e-6)
    result = PTW.counterfactual(point.parameters, {"trade_cost": 2.8434437486978048}, variant="corrected")
    assert result.welfare_steady_state == pytest.approx(6.93, abs=0.005)
    assert round(100 * result.counterfactual.growth, 2) == 0.94


@pytest.mark.parametrize(
    ("cost", "growth", "home", "firms", "consumption"),
    [
        (3.0227667460839, 0.007814095917310, 0.893725248433, 1.955171218451, 1.444348898208),
        (2.82049007147551, 0.008511538449507, 0.856169176126, 1.862774519912, 1.432826761739),
    ],
)
def test_no_shock_numbers(cost, growth, home, firms, consumption):
    point = solved("no-shocks", trade_cost=cost)
    found = [point[n] for n in ("growth", "home_share", "varieties", "consumption")]
    np.testing.assert_allclose(found, [growth, home, firms, consumption], rtol=2e-10)


@pytest.mark.parametrize(
    ("cost", "labour", "goods"),
    [(3.5, 0.042197, 0.007962), (3.0, 0.041594, 0.008191), (2.5, 0.040583, 0.008677), (2.0, 0.039129, 0.009723)],
)
def test_fixed_mass_numbers(cost, labour, goods):
    common = {
        "discount_rate": 0.02,
        "elasticity_of_substitution": 3.17,
        "pareto_shape": 5.0,
        "export_fixed_cost": 0.1,
        "varieties": 0.6,
        "trade_cost": cost,
    }
    assert solved("fixed-mass-labour-cost", adoption_cost=1.2, **common).growth == pytest.approx(labour, abs=5e-7)
    assert solved("fixed-mass-goods-cost", adoption_cost=4.0, **common).growth == pytest.approx(goods, abs=5e-7)


# ---------------------------------------------------------------------- slow twins


@pytest.mark.parametrize("xi", [5.3, 20.0, np.inf])
@pytest.mark.parametrize("power", [-3.0, 0.0, 2.1])
def test_moments_are_integrals(xi, power):
    from scipy.integrate import quad

    theta, cutoff = 5.0, 1.7

    def density(z):
        if np.isinf(xi):
            return theta * z ** (-theta - 1)
        return theta * xi / (xi - theta) * (z ** (-theta - 1) - z ** (-xi - 1))

    for start, value in ((1.0, moment(theta, xi, power)), (cutoff, tail(theta, xi, cutoff, power))):
        slow = quad(lambda z: z**power * density(z), start, np.inf, epsabs=1e-13, epsrel=1e-12)[0]
        assert value == pytest.approx(slow, rel=1e-9)
    assert tail(theta, xi, 1.0, power) == pytest.approx(moment(theta, xi, power), rel=1e-14)


def test_moments_are_smooth_where_the_tails_meet():
    close, met = tail(5.0, 5.0 + 1e-9, 1.7, 2.0), tail(5.0, 5.0, 1.7, 2.0)
    assert close == pytest.approx(met, rel=1e-8)


def test_the_value_of_a_firm_solves_a_discretised_bellman_equation():
    """Upwind finite differences on a fine grid know nothing of roots, pasting or moments."""
    from scipy.sparse import diags
    from scipy.sparse.linalg import spsolve

    point = solved("corrected")
    p, g = point.parameters, point.growth
    firm = Firm(p, g, True)
    least, mean = [], []
    for n in (4000, 8000):
        x = np.linspace(0, 5, n + 1)
        h = x[1] - x[0]
        down, spread = (g - p.drift) / h, firm.diffusion / h**2
        power = p.elasticity_of_substitution - 1
        sales = point["profit_minimum"] * np.exp(power * x)
        profits = sales + (p.countries - 1) * np.maximum(p.trade_cost**-power * sales - p.export_fixed_cost, 0)
        lower, upper = np.full(n, down + spread), np.full(n, spread)
        main = np.full(n + 1, firm.discount + down + 2 * spread)
        main[0] = firm.discount + spread  # nobody drifts below the threshold: v' = 0 there
        # at the top the value goes with sales
        main[-1] -= spread * np.exp(power * h)
        value = spsolve(diags([-lower, main, -upper], [-1, 0, 1], format="csc"), profits)
        theta, xi = p.pareto_shape, firm.second_tail
        density = theta * xi / (xi - theta) * (np.exp(-theta * x) - np.exp(-xi * x))
        least.append(value[0])
        mean.append(np.trapezoid(value * density, x))
    worth = p.adoption_cost / p.adoption_entry_ratio
    # first order in the step: extrapolate
    assert 2 * least[1] - least[0] == pytest.approx(worth - p.adoption_cost, rel=1e-4)
    assert 2 * mean[1] - mean[0] == pytest.approx(worth, rel=1e-4)


def test_the_published_form_misses_the_integrated_bellman_equation():
    """The kink at the export cutoff in one number: mean profits do not quite pay for adoption and entry."""

    def gap(variant):
        point = solved(variant)
        p = point.parameters
        firm = Firm(p, point.growth, variant == "corrected")
        power, xi, z = p.elasticity_of_substitution - 1, firm.second_tail, point["export_cutoff"]
        sold = moment(p.pareto_shape, xi, power) + 9 * p.trade_cost**-power * tail(p.pareto_shape, xi, z, power)
        profits = point["profit_minimum"] * sold - 9 * p.export_fixed_cost * point["exporter_share"]
        needed = firm.discount / p.adoption_entry_ratio + firm.adoption_rate
        return profits / p.adoption_cost / needed - 1

    assert abs(gap("corrected")) < 1e-12
    assert gap("published") == pytest.approx(_kink(), rel=1e-9)


def test_the_two_forms_meet_without_shocks():
    base = PTW.parameters("no-shocks")
    limit = PTW.solve(base, variant="no-shocks").value.growth
    for variant in ("corrected", "published"):
        gaps = [abs(PTW.solve(base.replace(volatility=v), variant=variant).value.growth - limit) for v in (4e-3, 2e-3)]
        assert gaps[1] < gaps[0] < 1e-4
        assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.1)  # in the variance


def test_two_powers():
    grid = np.array([0.1, 1.0, 7.0])
    x = two_powers(grid, 2.0, 3.5, 1.3)
    np.testing.assert_allclose(grid * x + 2 * x**3.5, 1.3, rtol=1e-14)


def _kink():
    """Half the variance times density and jump of the slope at the cutoff, relative to what adoption and entry cost."""
    point = solved("published")
    p = point.parameters
    firm = Firm(p, point.growth, False)
    power, z = p.elasticity_of_substitution - 1, point["export_cutoff"]
    abroad = firm.per_profit * point["profit_minimum"] * 9 * (z / p.trade_cost) ** power
    jump = power * abroad - firm.roots[0] * (abroad - 9 * p.export_fixed_cost / firm.discount)
    density = p.pareto_shape * z**-p.pareto_shape
    return firm.diffusion * density * jump / (firm.discount / p.adoption_entry_ratio + firm.adoption_rate)


@pytest.mark.parametrize("variant", PTW.variants)
def test_markets_at_given_workers_return_the_balanced_growth_path(variant):
    point = solved(variant)
    xi = Firm(point.parameters, point.growth, True).second_tail if variant == "corrected" else np.inf
    again = static(point.parameters, point["varieties"], 1 - point["rnd_labour_share"], xi)
    for name in ("export_cutoff", "home_share", "profit_minimum", "exporter_share"):
        assert again[name] == pytest.approx(point[name], rel=1e-10)
    one = markets(point.parameters, point["varieties"], 1 - point["rnd_labour_share"], point["export_cutoff"], xi)
    assert again["output"] == pytest.approx(one["output"], rel=1e-10)


# ---------------------------------------------------------------------- transition


def test_transition_numbers():
    """Impact, and welfare with the path: 3.2007 per cent against 2.6632 between balanced growth paths."""
    p = PTW.parameters("no-shocks")
    result = PTW.counterfactual(p, {"trade_cost": 2.82049007147551}, variant="no-shocks")
    assert result.welfare_steady_state == pytest.approx(2.66316, abs=5e-6)
    assert result.welfare_transition == pytest.approx(3.2007, abs=1e-4)
    paths = result.path.paths
    assert paths["innovation"][0] == pytest.approx(0.00820745, abs=5e-9)
    assert paths["consumption"][0] == pytest.approx(1.486543, abs=1e-6)
    assert paths["entry_rate"][0] == pytest.approx(0.016944, abs=5e-7)
    assert np.interp(10, result.path.time, paths["innovation"]) == pytest.approx(0.008348, abs=1e-6)
    np.testing.assert_allclose(eigenvalues(result.path.parameters, result.path.end), [-0.0649923, 0.0853303], atol=1e-7)


def test_the_utility_of_a_path_is_that_of_its_consumption():
    path = PTW.transition(PTW.parameters("no-shocks"), {"trade_cost": 2.5}, variant="no-shocks").value
    slow = path_utility(path.time, np.log(path.paths["consumption"]), path.end.growth, PTW.parameters().discount_rate)
    assert path.lifetime_utility == pytest.approx(slow, abs=1e-4)


def test_a_wrong_path_is_refused():
    p = PTW.parameters("no-shocks")
    start = PTW.solve(p, variant="no-shocks").value
    path = PTW.transition(p, {"trade_cost": 2.5}, variant="no-shocks").value
    path.paths["profit_minimum"][:] *= 1.001
    assert np.max(np.abs(path_residual(path, path.parameters, start))) > 1e-5


def test_variants_without_a_path_say_so():
    with pytest.raises(InputError, match="a transition is solved for"):
        PTW.transition(variant="published")
    with pytest.raises(InputError, match="inverse_ies = 1"):
        PTW.transition(PTW.parameters("corrected", inverse_ies=1.5), variant="corrected")
    with pytest.raises(InputError, match="the economy jumps"):
        PTW.transition(variant="fixed-mass-labour-cost")
    result = PTW.counterfactual(variant="published")
    assert result.path is None
    assert "no path is solved" in result.why


def test_a_change_that_stops_entry_is_refused():
    with pytest.raises(InputError, match="entry would be negative"):
        PTW.transition(PTW.parameters("no-shocks"), {"trade_cost": 1.6}, variant="no-shocks")


# ---------------------------------------------------------------------- transition with shocks


def shocked(nodes, dates, horizon=200.0):
    """Return the welfare of the standard cut in trade costs, in per cent, the problem and the solved path."""
    start, end = solved("corrected"), solved("corrected", trade_cost=2.8434437486978048)
    problem = ShockPath(start, end, nodes, dates, horizon)
    unknown, _ = problem.solve()
    utility = shock_path(problem, unknown).lifetime_utility
    return consumption_equivalent(utility, start.welfare, start.parameters.discount_rate), problem, unknown


def test_welfare_converges_on_finer_grids():
    """An apart implementation on another grid gave 6.94 per cent on coarse dates; here 6.956 is the limit."""
    coarse, middle, fine = (shocked(nodes, 24)[0] for nodes in (100, 200, 400))
    assert abs(fine - middle) < 0.5 * abs(middle - coarse)
    assert fine == pytest.approx(6.956, abs=2e-3)
    assert shocked(200, 48)[0] == pytest.approx(middle, abs=2e-3)
    assert shocked(200, 24, 300.0)[0] == pytest.approx(middle, abs=2e-3)


def test_along_the_path_what_was_not_imposed_holds():
    """Adoption from the flow at the threshold is adoption from the integrated Bellman equation; the density is one."""
    _, problem, unknown = shocked(400, 36)
    left, path = problem.evaluate(unknown)
    assert np.max(np.abs(left)) < 1e-9
    p = problem.p
    integrated = path["profits"] / p.adoption_cost - path["discount"] / p.adoption_entry_ratio
    assert np.max(np.abs(integrated - path["adoption"])[4:] / path["adoption"][4:]) < 1e-3
    density = problem.density + path["density"]
    assert np.min(density) > -1e-10
    mass = density @ problem.quadrature + density[:, -1] / p.pareto_shape
    np.testing.assert_allclose(mass, mass[0], rtol=0, atol=1e-5)
    assert np.min(path["entry"]) > 0
    assert path["varieties"][-1] == pytest.approx(problem.end["varieties"], rel=1e-5)


def test_at_rest_the_path_stays():
    start = solved("corrected")
    problem = ShockPath(start, start, 100, 20)
    unknown, count = problem.solve()
    assert count == 0
    path = shock_path(problem, unknown)
    assert path.lifetime_utility == pytest.approx(start.welfare, abs=1e-4)
    np.testing.assert_allclose(path.paths["varieties"], start["varieties"], rtol=1e-12)
    np.testing.assert_allclose(path.paths["adoption_rate"], start["adoption_rate"], rtol=1e-10)


def test_with_small_shocks_the_path_is_that_without():
    p = PTW.parameters("no-shocks")
    cut = {"trade_cost": 0.97 * p.trade_cost}
    plain = PTW.counterfactual(p, cut, variant="no-shocks")
    gaps = []
    for volatility in (0.014, 0.007):
        shocks = p.replace(volatility=volatility)
        result = PTW.counterfactual(shocks, cut, variant="corrected")
        gaps.append(abs(result.welfare_transition - plain.welfare_transition))
    assert gaps[1] < 0.5 * gaps[0]
    assert gaps[1] < 0.002


def test_welfare_with_shocks_and_transition():
    p = PTW.parameters("corrected")
    result = PTW.counterfactual(p, {"trade_cost": 2.8434437486978048}, variant="corrected")
    assert result.welfare_transition == pytest.approx(6.956, abs=2e-3)
    assert result.welfare_steady_state == pytest.approx(6.932, abs=1e-3)
    assert result.path.plot().axes


# ---------------------------------------------------------------------- properties

admissible = st.fixed_dictionaries(
    {
        "pareto_shape": st.floats(4.0, 8.0),
        "adoption_entry_ratio": st.floats(0.05, 0.25),
        "export_fixed_cost": st.floats(0.02, 0.2),
        "discount_rate": st.floats(0.01, 0.05),
    }
)


@given(admissible, st.floats(1.5, 3.5), st.sampled_from(("no-shocks", "corrected")))
@settings(max_examples=25, deadline=None)
def test_with_free_entry_cheaper_trade_never_slows_growth(changes, cost, variant):
    try:
        dear, cheap = (solved(variant, trade_cost=c, **changes).growth for c in (cost, 0.9 * cost))
    except InputError:
        return
    assert cheap >= dear - 1e-12


@given(admissible, st.floats(1.5, 3.5))
@settings(max_examples=25, deadline=None)
def test_with_a_fixed_mass_labour_cost_slows(changes, cost):
    try:
        dear, cheap = (solved("fixed-mass-labour-cost", trade_cost=c, **changes).growth for c in (cost, 0.9 * cost))
    except InputError:
        return
    assert cheap <= dear + 1e-12


@given(st.floats(1.5, 5.0), st.floats(0.2, 5.0), st.floats(0.001, 0.5), st.floats(0.1, 3.0))
@settings(max_examples=25, deadline=None)
def test_with_a_fixed_mass_goods_cost_speeds_up(sigma, gap, kappa, firms):
    """Also where every firm exports, and without positive growth."""
    p = PTW.parameters(
        "fixed-mass-goods-cost",
        elasticity_of_substitution=sigma, pareto_shape=sigma - 1 + gap, export_fixed_cost=kappa, varieties=firms,
    )  # fmt: skip
    swept = PTW.sweep(p, variant="fixed-mass-goods-cost", trade_cost=np.linspace(6.0, 1.0, 26))
    assert np.all(np.diff(swept["growth"][swept.admissible]) >= -1e-12)


@pytest.mark.parametrize("variant", ["published", "corrected", "no-shocks", "fixed-mass-labour-cost"])
def test_without_fixed_costs_trade_is_neutral(variant):
    growth = [solved(variant, export_fixed_cost=0.0, trade_cost=d).growth for d in (1.0, 1.7, 3.0)]
    np.testing.assert_allclose(growth, growth[0], rtol=0, atol=1e-13)


@pytest.mark.parametrize("variant", PTW.variants[:3])
def test_only_the_ratio_of_costs_matters(variant):
    """Scaling adoption and export costs together scales the mass of firms and nothing else that has a growth rate."""
    p = PTW.parameters(variant)
    one = solved(variant)
    other = solved(variant, adoption_cost=1.25, export_fixed_cost=1.25 * p.export_fixed_cost)
    for name in ("growth", "home_share", "export_cutoff", "rnd_labour_share"):
        assert other[name] == pytest.approx(one[name], rel=1e-10)
    assert other["varieties"] == pytest.approx(one["varieties"] / 1.25, rel=1e-10)


@pytest.mark.parametrize("variant", PTW.variants)
def test_where_everybody_exports_no_cutoff_binds(variant):
    point = PTW.solve(PTW.parameters(variant, export_fixed_cost=1e-5), variant=variant)
    assert point.residual.norm <= 1e-12
    assert point.value["export_cutoff"] == 1
    assert "every firm exports" in point.value.summary()


@pytest.mark.parametrize("variant", PTW.variants)
def test_calibration_gives_the_home_share(variant):
    from tradewinds.growth import Facts

    facts = Facts(growth=0.012, home_share=0.85)
    point = PTW.solve(PTW.calibrate(facts, variant=variant), variant=variant).value
    assert point.home_share == pytest.approx(0.85, rel=1e-10)
    assert point.growth == pytest.approx(0.012, rel=1e-8)


@pytest.mark.parametrize("variant", CLOSED)
def test_a_sweep_of_a_closed_form_is_one_call(variant):
    swept = PTW.sweep(variant=variant, trade_cost=np.linspace(1.0, 5.0, 500))
    middle = PTW.solve(PTW.parameters(variant, trade_cost=swept.over["trade_cost"][200]), variant=variant).value
    assert swept.admissible[200]
    assert swept["growth"][200] == pytest.approx(middle.growth, rel=1e-13)


# ---------------------------------------------------------------------- claims and bad input


def test_verdicts():
    verdicts = {claim.name: claim.verdict for claim in PTW.claims()}
    assert verdicts == {
        "neutral-without-fixed-costs": "holds only if",
        "labour-cost-slows-diffusion": "holds only if",
        "goods-cost-speeds-diffusion": "holds",
        "ten-per-cent-cut": "holds only if",
    }


def test_bad_input():
    with pytest.raises(InputError, match="pareto_shape is 2"):
        PTW.parameters("corrected", pareto_shape=2.0)
    with pytest.raises(InputError, match="volatility must be 0"):
        solved("no-shocks", volatility=0.01)
    with pytest.raises(InputError, match="volatility must be above 0"):
        solved("corrected", volatility=0.0)
    with pytest.raises(InputError, match="exit_rate must be 0"):
        solved("fixed-mass-labour-cost", exit_rate=0.02)
    with pytest.raises(InputError, match="utility is logarithmic"):
        solved("no-shocks", inverse_ies=2.0)
    with pytest.raises(InputError, match="nobody adopts: best practice grows at the drift"):
        solved("no-shocks", adoption_entry_ratio=0.9)
    with pytest.raises(InputError, match="lower adoption_entry_ratio or volatility"):
        solved("corrected", adoption_entry_ratio=0.9)


def test_an_extreme_calibration_solves_without_warnings():
    point = PTW.solve(PTW.parameters("published", adoption_entry_ratio=0.001), variant="published")
    assert point.residual.norm <= 1e-12
    assert point.value["export_cutoff"] == 1
