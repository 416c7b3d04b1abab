"""Technology adoption with exporters: reference numbers, markets, verdicts, bad input.

Reference numbers of ``published`` are those printed by the authors' public code; those of ``corrected``, ``no-shocks`` and the
fixed mass were computed apart from this package, from the same equations.
"""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.errors import InputError
from tradewinds.growth import mechanisms
from tradewinds.growth.perla_tonetti_waugh_static import markets, static
from tradewinds.growth.perla_tonetti_waugh_value import Firm

PTW = mechanisms["perla-tonetti-waugh"]


def solved(variant, **changes):
    return PTW.solve(PTW.parameters(variant, **changes), variant=variant).value


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


@pytest.mark.parametrize("variant", PTW.variants)
def test_markets_at_given_workers_return_the_balanced_growth_path(variant):
    point = solved(variant)
    xi = Firm(point.parameters, point.growth, True).second_tail if variant == "corrected" else np.inf
    again = static(point.parameters, point["varieties"], 1 - point["rnd_labour_share"], xi)
    for name in ("export_cutoff", "home_share", "profit_minimum", "exporter_share"):
        assert again[name] == pytest.approx(point[name], rel=1e-10)
    one = markets(point.parameters, point["varieties"], 1 - point["rnd_labour_share"], point["export_cutoff"], xi)
    assert again["output"] == pytest.approx(one["output"], rel=1e-10)


def test_verdicts():
    verdicts = {claim.name: claim.verdict for claim in PTW.claims()}
    assert verdicts == {
        "least-productive-search": "holds",
        "diffusion-sustains-growth": "holds",
        "exporters-profit-relative-to-others": "holds",
        "weak-firms-face-competition": "holds only if",
        "opening-raises-the-real-wage": "holds only if",
        "neutral-without-fixed-costs": "holds only if",
        "labour-cost-slows-diffusion": "holds only if",
        "goods-cost-speeds-diffusion": "holds",
        "ten-per-cent-cut": "holds only if",
        "ten-per-cent-cut-with-transition": "fails as worded",
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
