"""Firms that differ in cost and in what innovation would bring: the long run with entry against drawn firms, and its limits."""

from __future__ import annotations

import dataclasses
import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from uniform_twin import profit

from tradewinds.errors import InputError
from tradewinds.firms import UniformParameters, select, solve_selection, solve_uniform
from tradewinds.firms.uniform.selection_equilibrium import _residual
from tradewinds.plotting import to_svg

COST, MOST = 0.02, 0.2


def solved(t, cost=COST, most=MOST, **changes):
    return solve_selection(
        UniformParameters(trade_cost=t, **changes), innovation_cost=cost, largest_reduction=most
    ).value


@pytest.mark.parametrize("t", [0.0, 0.5, 1.2])
def test_the_long_run_against_a_grid_of_firms(t):
    """Two million firms, each taking the better of its two profits; no cutoff and no integral of the model is used."""
    point = solved(t)
    c, fall = np.meshgrid((np.arange(2000) + 0.5) / 2000 * 1.5, (np.arange(1000) + 0.5) / 1000 * MOST)
    still, able = profit(c, point.cost_cutoff, t), profit(c - fall, point.cost_cutoff, t) - COST
    assert np.maximum(still, able).mean() == pytest.approx(1 / 18, rel=2e-5)
    after = np.where(able > still, c - fall, c)
    home, away = np.maximum(point.cost_cutoff - after, 0), np.maximum(point.cost_cutoff - t - after, 0)
    # the sum over sellers of choke price less price is 1 / b
    assert point.entrants * (home + away).mean() / 2 == pytest.approx(1, rel=2e-5)
    values = point.values()
    assert values["import_share"] == pytest.approx(away.sum() / (home + away).sum(), rel=1e-4, abs=1e-9)
    assert values["output_weighted_cost"] == pytest.approx(
        ((home + away) * after).sum() / (home + away).sum(), rel=1e-4
    )
    assert values["innovator_share"] == pytest.approx((able > still).mean(), rel=2e-3)
    assert values["mean_cost_reduction"] == pytest.approx(fall[able > still].mean(), rel=1e-3)


def test_innovators_are_tougher_and_cheaper_trade_makes_it_tougher_still():
    tough = [solved(t).cost_cutoff for t in (0.0, 0.3, 0.6, 0.9, math.inf)]
    assert np.all(np.diff(tough) > 0)
    for t, choke in zip((0.0, 0.3, 0.6, 0.9, math.inf), tough, strict=True):
        assert choke < solve_uniform(UniformParameters(trade_cost=t)).value.cost_cutoff


def test_where_nobody_finds_it_worth_while_nothing_changes():
    point, plain = solved(0.5, cost=5.0), solve_uniform(UniformParameters(trade_cost=0.5)).value
    assert point.cost_cutoff == pytest.approx(plain.cost_cutoff, rel=1e-12)
    assert point.entrants == pytest.approx(plain.entrants, rel=1e-12)
    values = point.values()
    assert values["innovator_share"] == 0 and math.isnan(values["mean_cost_reduction"])
    assert values["output_weighted_cost"] == pytest.approx(plain.totals["output_weighted_cost"], rel=1e-12)


def test_small_falls_for_everybody_are_the_model_without_innovation():
    nearly = solved(0.5, cost=1e-9, most=1e-6)
    assert nearly.cost_cutoff == pytest.approx(
        solve_uniform(UniformParameters(trade_cost=0.5)).value.cost_cutoff, abs=2e-6
    )


def test_selection_is_negative_in_the_long_run_too():
    old, new = UniformParameters(trade_cost=0.8), UniformParameters(trade_cost=0.4)
    given = select(old, new, innovation_cost=COST, largest_reduction=MOST)
    long_run = select(old, new, innovation_cost=COST, largest_reduction=MOST, equilibrium=True)
    assert long_run.correlation < -0.5 and given.correlation < -0.5
    assert long_run.choke_before == pytest.approx(solved(0.8).cost_cutoff)
    assert long_run.export_cutoff_after == pytest.approx(solved(0.4).cost_cutoff - 0.4)
    assert given.choke_before == solve_uniform(old).value.cost_cutoff
    assert 0 < long_run.switcher_share != given.switcher_share
    # drawn firms at the chokes of the long run
    rng = np.random.default_rng(5)
    c0, c1 = long_run.choke_before, long_run.choke_after
    c, fall = rng.uniform(c0 - 0.8, c0, 1_000_000), rng.uniform(0, MOST, 1_000_000)
    before = profit(c - fall, c0, 0.8) - profit(c, c0, 0.8) > COST
    after = (profit(c - fall, c1, 0.4) - profit(c, c1, 0.4) > COST) & (c - fall < c1 - 0.4)
    switch = after & ~before
    assert long_run.switcher_share == pytest.approx(switch.mean(), rel=0.02)
    assert long_run.correlation == pytest.approx(np.corrcoef(-c[switch], fall[switch])[0, 1], abs=0.01)


@pytest.mark.parametrize("field", ["cost_cutoff", "entrants"])
def test_the_check_notices_a_wrong_point(field):
    point = solved(0.5)
    assert np.max(np.abs(_residual(point))) < 1e-7
    wrong = dataclasses.replace(point, **{field: getattr(point, field) * 1.001})
    assert np.max(np.abs(_residual(wrong))) > 1e-4


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: solved(0.5, cost=0), "innovation_cost is 0.0; it must be above 0"),
        (lambda: solved(0.5, most=-1), "largest_reduction is -1.0"),
        (lambda: solved(0.5, cost=1e-6, most=4.0), "so cheap that firms of every cost"),
        (lambda: solved(0.5, innovation_cost=0.1, innovation_cost_reduction=0.1), "an innovation of their own"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(InputError) as caught:
        call()
    assert words in str(caught.value)


def test_it_speaks_and_is_drawn():
    point = solved(0.5)
    assert set(point.tidy()["scenario"]) == {"trade_cost=0.5"} and point.citation_keys[1] == "lileeva-trefler2010"
    assert "two draws" in point.summary()
    for t in (0.5, math.inf):
        assert ET.fromstring(to_svg(solved(t).plot())).tag == "{http://www.w3.org/2000/svg}svg"
