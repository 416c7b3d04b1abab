"""Dynamic selection: a slow twin, reference numbers, and what the survey states, over random economies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq

from tradewinds.errors import InputError
from tradewinds.growth import Facts, mechanisms

MECHANISM = mechanisms["sampson"]
MANY = settings(deadline=None, max_examples=60)


def _economy(shape, ratio, reward, **changes):
    """Return an economy whose reward of entry in autarky is given, which makes it admissible."""
    p = MECHANISM.parameters(pareto_shape=shape, elasticity_of_substitution=1 + shape / ratio, **changes)
    unit = p.entry_scale**shape / (ratio - 1) * p.fixed_cost
    return p.replace(entry_cost=unit / reward)


economies = st.builds(
    _economy,
    shape=st.floats(2, 10),
    ratio=st.floats(1.02, 3),
    reward=st.floats(0.12, 0.4),
    intertemporal_elasticity=st.floats(0.2, 0.9),
    population_growth=st.floats(0, 0.02),
    labour=st.floats(0.1, 10),
    fixed_cost=st.floats(0.2, 3),
    entry_scale=st.floats(0.5, 1),
    export_cost=st.floats(0, 5),
    trade_cost=st.floats(1, 4),
    countries=st.integers(1, 12),
)


def test_reference_values():
    """Calibration remembered from Sampson (2016), solved in a separate note: 1.41 %, 1.1 % and 3.6 % as remembered of the paper."""
    p = MECHANISM.parameters()
    opened = MECHANISM.counterfactual(p.replace(trade_cost=np.inf), {"trade_cost": p.trade_cost})
    assert opened.counterfactual.growth == pytest.approx(0.0156, abs=1e-14)
    assert opened.counterfactual.values["import_share"] == pytest.approx(0.081, abs=1e-14)
    assert opened.baseline.growth == pytest.approx(0.01409553, abs=5e-9)
    assert opened.static_gain == pytest.approx(1.132622, abs=5e-7)
    assert opened.counterfactual.consumption / opened.baseline.consumption - 1 == pytest.approx(0.00990778, abs=5e-9)
    assert opened.welfare_transition == pytest.approx(3.593191, abs=5e-7)


def test_a_slow_twin_from_profits():
    """The value of an entrant by quadrature over draws and over the time until it closes, and the growth that pays its cost."""
    p = MECHANISM.parameters(export_cost=1.7, trade_cost=1.2, countries=3)
    k, sigma = p.pareto_shape, p.elasticity_of_substitution
    export = p.trade_cost * (p.export_cost / p.fixed_cost) ** (1 / (sigma - 1))

    def flow(phi):
        home = p.fixed_cost * (phi ** (sigma - 1) - 1)
        abroad = p.export_cost * ((phi / export) ** (sigma - 1) - 1) if phi > export else 0.0
        return home + 2 * abroad

    def surplus(q):
        g = q - p.population_growth / (sigma - 1)
        net = p.discount_rate + q / p.intertemporal_elasticity - q

        # a firm that draws phi = e^x sells for x / g years
        def value(x):
            late = [x - np.log(export)] if x > np.log(export) else None
            points = None if late is None else [late[0] / g]
            return quad(lambda t: np.exp(-net * t) * flow(np.exp(x - g * t)), 0, x / g, points=points, epsabs=1e-11)[0]

        def draw(x):
            return k * p.entry_scale**k * np.exp(-k * x) * value(x)

        return quad(draw, 1e-12, np.log(export), epsabs=1e-9)[0] + quad(draw, np.log(export), 60, epsabs=1e-9)[0]

    found = brentq(lambda q: surplus(q) - p.entry_cost, 0.012, 0.03, xtol=1e-7)
    assert MECHANISM.solve(p).value.growth == pytest.approx(found, abs=2e-6)


def test_static_gain_is_that_of_arkolakis_costinot_rodriguez_clare():
    p = MECHANISM.parameters()
    opened = MECHANISM.counterfactual(p.replace(trade_cost=np.inf), {"trade_cost": 1.1})
    home = opened.counterfactual.home_share
    assert 1 + opened.static_gain / 100 == pytest.approx(home ** (-1 / p.pareto_shape), rel=1e-12)


@MANY
@given(p=economies)
def test_it_solves_and_size_does_not_matter(p):
    solution = MECHANISM.solve(p)
    assert solution.ok
    assert MECHANISM.solve(p.replace(labour=3 * p.labour)).value.growth == solution.value.growth


@MANY
@given(p=economies, factor=st.floats(0.3, 0.95))
def test_openness_never_slows_growth_and_weak_firms_close(p, factor):
    """Strictly faster where the dearer regime has firms that do not export; as fast where all export."""
    cheaper = p.replace(trade_cost=max(1.0, 1 + factor * (p.trade_cost - 1)))
    before, after = MECHANISM.solve(p).value, MECHANISM.solve(cheaper).value
    if p.partners == 0 or before["export_cutoff"] == 1 or cheaper.trade_cost == p.trade_cost or p.export_cost == 0:
        assert after.growth == before.growth
        return
    assert after.growth > before.growth
    assert after["exit_cutoff"] > before["exit_cutoff"]
    assert after["varieties"] < before["varieties"]


@MANY
@given(p=economies, growth=st.floats(0.012, 0.04))
def test_calibration_to_growth(p, growth):
    from tradewinds.growth.sampson import entry_cost

    wanted = growth + p.population_growth / (p.elasticity_of_substitution - 1)
    assert MECHANISM.solve(p.replace(entry_cost=entry_cost(p, wanted))).value.growth == pytest.approx(wanted, rel=1e-9)


def test_where_all_export_the_fixed_cost_alone_matters():
    everyone = MECHANISM.parameters(export_cost=0.01)
    near, far = (MECHANISM.solve(everyone.replace(trade_cost=c)).value for c in (1.0, 1.4))
    assert near.corner.startswith("every firm exports")
    assert near.growth == far.growth
    assert near.consumption > far.consumption
    free = MECHANISM.solve(everyone.replace(export_cost=0.0)).value
    assert free.growth < near.growth
    assert free.growth == pytest.approx(MECHANISM.solve(everyone, regime="autarky").value.growth, abs=1e-15)


def test_no_entry_is_a_corner():
    p = MECHANISM.parameters(population_growth=0.0, entry_cost=1000.0)
    solution = MECHANISM.solve(p)
    assert solution.ok
    assert solution.value.growth == 0
    assert solution.value["rnd_labour_share"] == 0
    assert solution.value.corner.startswith("no entry and no growth")


def test_logarithmic_utility_is_the_limit():
    base = MECHANISM.parameters(intertemporal_elasticity=1.0)
    near = MECHANISM.parameters(intertemporal_elasticity=1.0 + 1e-6)
    gains = [MECHANISM.counterfactual(p).welfare_transition for p in (base, near)]
    assert gains[0] == pytest.approx(gains[1], rel=1e-4)


def test_welfare_by_quadrature():
    """The consumption equivalent makes two integrals of discounted utility equal."""
    p = MECHANISM.parameters()
    result = MECHANISM.counterfactual(p)
    power, net = 1 - 1 / p.intertemporal_elasticity, p.discount_rate - p.population_growth

    def utility(level, growth):
        return quad(lambda t: np.exp((power * growth - net) * t) * level**power / power, 0, np.inf)[0]

    scaled = (1 + result.welfare_transition / 100) * result.baseline.consumption
    closed = utility(result.counterfactual.consumption, result.counterfactual.growth)
    assert utility(scaled, result.baseline.growth) == pytest.approx(closed, rel=1e-7)


def test_claims():
    verdicts = {claim.name: claim.verdict for claim in MECHANISM.claims()}
    assert verdicts == {
        "technologies-improve-for-ever": "holds",
        "better-draws-encourage-entry": "holds",
        "globalisation-speeds-growth": "holds only if",
        "no-scale-effect": "holds",
        "selection": "holds",
        "growth-triples-the-gains": "holds only if",
    }


def test_entry_rises_with_openness_by_hand():
    """R = (n + g k) M / lambda ** k, from the equations of the module."""
    (claim,) = [claim for claim in MECHANISM.claims() if claim.name == "better-draws-encourage-entry"]
    entrants = []
    for cost in (np.inf, 1.0):
        point = MECHANISM.solve(MECHANISM.parameters(trade_cost=cost)).value
        p = point.parameters
        g = point.growth - p.population_growth / (p.elasticity_of_substitution - 1)
        entrants.append((p.population_growth + g * p.pareto_shape) * point["varieties"] / p.entry_scale**p.pareto_shape)
    assert claim.numbers["entrants, free trade over autarky"] == pytest.approx(entrants[1] / entrants[0], rel=1e-9)
    assert claim.numbers["entrants, free trade over autarky"] > 1


def test_a_sweep_is_fast():
    import time

    start = time.perf_counter()
    MECHANISM.sweep(trade_cost=np.linspace(1, 4, 10_000))
    assert time.perf_counter() - start < 2


def test_bad_input():
    with pytest.raises(InputError, match="pareto_shape is 3"):
        MECHANISM.solve(MECHANISM.parameters(pareto_shape=3.0))
    with pytest.raises(InputError, match=r"the exit cutoff would fall.*must exceed"):
        MECHANISM.solve(MECHANISM.parameters(entry_cost=1000.0))
    with pytest.raises(InputError, match=r"discount_rate must exceed [\d.]+, where it is population_growth"):
        MECHANISM.solve(MECHANISM.parameters(intertemporal_elasticity=5.0, discount_rate=0.02))
    with pytest.raises(InputError, match="home share lie between"):
        MECHANISM.calibrate(Facts(home_share=0.05))
