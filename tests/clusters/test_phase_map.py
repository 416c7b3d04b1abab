"""The map of who gains from trade: each cell against the exact path, its own error, and what must hold in all."""

from __future__ import annotations

import numpy as np
import pytest
from clusters_economies import economies
from hypothesis import given, settings

from tradewinds.clusters import (
    ClusterParameters,
    discounted_welfare,
    paper_economy,
    phase_map,
    simulate,
    solve_autarky,
    solve_trade,
)
from tradewinds.errors import ConvergenceError, InputError

MIRROR = {"home": [2], "foreign": [3]}


def random_economy(seed, n=4):
    random = np.random.default_rng(seed)
    return ClusterParameters(
        technology=random.uniform(1, 10, (2, n)),
        labour=random.uniform(0.5, 2, 2),
        spillovers=random.uniform(0, 0.3, (n, n)) * (random.random((n, n)) < 0.4),
        inactive_learning=0.2 * (seed % 2),
    )


def cells(found):
    """Yield every cell and its economy; only for maps that scale all of home's technology."""
    for t, s, g in np.ndindex(found.code.shape):
        technology = found.template.technology * np.array([[found.technology_scale[t]], [1.0]])
        spillovers = found.template.tau * found.spillover_scale[s]
        yield (
            (t, s, g),
            found.template.replace(technology=technology, spillovers=spillovers, sigma=found.sigma[g]),
        )


def exact_gain(economy, found):
    """Log of the consumption equivalent along paths with located events."""
    worth = [
        discounted_welfare(
            simulate(economy, policy=policy, horizon=found.horizon, times=[0, found.horizon]),
            discount_rate=found.discount_rate,
            risk_aversion=found.risk_aversion,
            horizon=found.horizon,
        ).equivalent_consumption
        for policy in ("trade", "autarky")
    ]
    return np.log(worth[0] / worth[1])


@pytest.mark.parametrize(("seed", "risk_aversion"), [(0, 1.0), (1, 2.0), (2, 0.5), (3, 0.0)])
def test_agrees_with_exact_paths_within_its_stated_error(seed, risk_aversion):
    found = phase_map(
        random_economy(seed),
        technology_scale=[0.7, 1.5],
        spillover_scale=[0.5, 1.5],
        sigma=[1.5, 3],
        risk_aversion=risk_aversion,
    )
    assert not found.hopping.any()
    for place, economy in cells(found):
        gap = np.abs(exact_gain(economy, found) - found.welfare_gain[place])
        assert np.all(gap <= found.error[place].max() + 1e-9)
    assert found.error.max() < 0.02


def test_growth_is_that_of_the_exact_path():
    found = phase_map(random_economy(3), spillover_scale=[0.5, 1], steps=400)
    for place, economy in cells(found):
        growth = []
        for policy in ("trade", "autarky"):
            income = simulate(economy, policy=policy, times=[0, 100]).value.real_income([0, 100])
            growth.append(np.log(income[:, 1] / income[:, 0]) / 100)
        np.testing.assert_allclose(found.growth[place], growth[0], atol=2e-5)
        np.testing.assert_allclose(found.growth_gain[place], growth[0] - growth[1], atol=2e-5)


def test_error_falls_with_the_step():
    errors = [
        phase_map(random_economy(5), spillover_scale=np.linspace(0.3, 1.5, 20), steps=steps).error.mean()
        for steps in (20, 80, 320)
    ]
    assert errors[0] > 2 * errors[1] > 4 * errors[2]


@settings(deadline=None, max_examples=60)
@given(economies(most=4))
def test_first_day_is_the_exact_equilibrium(economy):
    import jax
    import jax.numpy as jnp

    from tradewinds.clusters import phase_map_equations as equations

    exact = solve_trade(economy).value
    logs = jnp.log(economy.technology)
    shares, _, income = jax.jit(equations.trade)(logs, jnp.log(economy.labour), economy.sigma)
    np.testing.assert_allclose(np.exp(income) * economy.labour, exact.real_income, rtol=1e-10)
    np.testing.assert_allclose(np.asarray(shares), exact.employment / economy.labour[:, np.newaxis], atol=1e-9)
    np.testing.assert_allclose(
        np.exp(equations.autarky(logs, economy.sigma)[2]) * economy.labour,
        solve_autarky(economy).value.real_income,
        rtol=1e-12,
    )


def test_tied_industries_have_equal_shares():
    import jax.numpy as jnp

    from tradewinds.clusters.phase_map_equations import trade

    economy = ClusterParameters(technology=[[10, 5, 5, 5], [5, 5, 5, 10]], labour=[1.2, 1], sigma=2)
    exact = solve_trade(economy).value
    assert exact.shared == (2, 3)
    shares, active, _ = trade(jnp.log(economy.technology), jnp.log(economy.labour), 2.0)
    np.testing.assert_allclose(np.asarray(shares) * economy.labour[:, np.newaxis], exact.employment, rtol=1e-12)
    np.testing.assert_array_equal(np.asarray(active), exact.active)


def test_trade_gains_both_on_the_first_day_and_mirrors_gain_alike():
    found = phase_map(
        paper_economy(6),
        technology_scale=np.linspace(0.6, 2, 9),
        spillover_scale=np.linspace(0.1, 5, 9),
        sigma=[1.5, 3],
        scaled=MIRROR,
    )
    assert found.static_gain.min() >= -1e-12
    np.testing.assert_allclose(found.welfare_gain[..., 0], found.welfare_gain[..., 1], atol=0.01)
    assert set(np.unique(found.category)) >= {"both", "neither"}
    # trade builds clusters once the second industry overtakes the third, 4 x 1.25 = 5
    assert np.all(found.growth_gain[found.technology_scale > 1.25] > 0)
    assert np.all(found.growth_gain[:, :, 0][found.technology_scale < 1.05] < 0)


def test_swapping_countries_swaps_gains():
    economy = random_economy(4)
    found = phase_map(economy, technology_scale=[0.8, 1.2], sigma=[1.5, 3])
    turned = phase_map(economy.swap(), technology_scale=[0.8, 1.2], sigma=[1.5, 3], scaled="foreign")
    np.testing.assert_allclose(turned.welfare_gain, found.welfare_gain[..., ::-1], atol=1e-9)


def test_without_learning_only_the_first_day_counts():
    found = phase_map(random_economy(2), spillover_scale=[0.0], technology_scale=[0.5, 2.0])
    np.testing.assert_allclose(found.welfare_gain, found.static_gain, atol=1e-12)
    np.testing.assert_array_equal(found.growth_gain, 0)


def test_chunks_do_not_show():
    scales = np.linspace(0.5, 2, 700)  # more than one chunk, the last not full
    found = phase_map(random_economy(1), technology_scale=scales)
    alone = phase_map(random_economy(1), technology_scale=scales[[0, 511, 512, 699]])
    np.testing.assert_allclose(found.welfare_gain[[0, 511, 512, 699]], alone.welfare_gain, rtol=0, atol=1e-13)


def test_first_day_is_checked(monkeypatch):
    import importlib

    module = importlib.import_module("tradewinds.clusters.phase_map")
    true = module._run

    def wrong(*arguments):
        values = true(*arguments)
        values[0][1] = values[0][1] + 1e-6
        return values

    monkeypatch.setattr(module, "_run", wrong)
    with pytest.raises(ConvergenceError, match="the first day of the map"):
        phase_map(random_economy(1))


def test_results_can_be_read():
    found = phase_map(
        paper_economy(6), technology_scale=[1.0, 1.4], spillover_scale=[1, 3], sigma=[2, 3], scaled=MIRROR
    )
    frame = found.tidy(sigma=3)
    assert set(frame["sigma"]) == {3}
    chosen = frame[
        (frame["variable"] == "welfare_gain")
        & (frame["country"] == "home")
        & (frame["technology_scale"] == 1.4)
        & (frame["spillover_scale"] == 1)
    ]
    assert chosen["value"].item() == pytest.approx(100 * np.expm1(found.welfare_gain[1, 0, 1, 0]))
    assert len(found.tidy()) == 2 * len(frame)
    text = found.summary()
    assert text.startswith("8 economies (2 x 2 x 2) of 4 industries over 100 years")
    assert "within it of a border" in text
    assert sum(found.shares.values()) == pytest.approx(1)
    figure = found.plot()
    assert [axis.get_title() or axis.get_title(loc="left") for axis in figure.axes] == ["sigma = 2", "sigma = 3"]
    hatches = {patch.get_hatch() for patch in figure.axes[0].patches}
    assert hatches == {"", "xxx"}
    with pytest.raises(InputError, match="the map has no sigma = 5; it has 2, 3"):
        found.plot(sigma=[5])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"technology_scale": [1, 0.5]}, "technology_scale must be a rising list"),
        ({"technology_scale": 0}, "technology_scale must be a rising list of finite numbers above 0"),
        ({"spillover_scale": -1}, "spillover_scale must be .* 0 or more"),
        ({"spillover_scale": 10}, "spillovers from industry 1 to industry 2 is 2.0"),
        ({"sigma": [1, 2]}, "sigma must be .* above 1"),
        ({"sigma": "high"}, "sigma is 'high'"),
        ({"scaled": "hmoe"}, "scaled has no country 'hmoe'. Did you mean \"home\""),
        ({"scaled": ["home", "foreign"]}, "it must be a country, or industries by country"),
        ({"scaled": {"home": 5}}, "scaled has 5 for home; it must be a list of industries"),
        ({"scaled": {"home": [5]}}, "scaled names industry 5 of home; industries are 1 to 4"),
        ({"horizon": 0}, "horizon is 0"),
        ({"discount_rate": np.nan}, "discount_rate is nan"),
        ({"risk_aversion": -1}, "risk_aversion is -1"),
        ({"steps": 3}, "steps is 3; it must be an even whole number"),
        ({"sigma": 500}, "technologies differ too much for a map at sigma = 500"),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(InputError, match=message):
        phase_map(paper_economy(6), **options)
