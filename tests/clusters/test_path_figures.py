"""The figure of a path has what it says."""

from __future__ import annotations

import numpy as np

from tradewinds.clusters import ClusterParameters, paper_economy, simulate


def test_figure_of_gradual_opening():
    path = simulate(paper_economy(6), policy="gradual", open_first=[1, 4]).value
    figure = path.plot()
    income, home, foreign = figure.axes
    assert figure.get_suptitle() == "Industry clusters under gradual"
    assert [axis.get_title(loc="left") for axis in figure.axes] == [
        "Real income a worker", "Employment in home", "Employment in foreign",
    ]  # fmt: skip
    curve = income.get_lines()[0]
    np.testing.assert_allclose(curve.get_ydata(), path.real_income_per_worker(curve.get_xdata())[0])
    day = path.breakpoints[1]
    assert {round(line.get_xdata()[0], 6) for axis in figure.axes for line in axis.get_lines()[-1:]} == {round(day, 6)}
    np.testing.assert_allclose(home.get_lines()[0].get_ydata(), foreign.get_lines()[3].get_ydata(), rtol=1e-9)
    assert len({(line.get_color(), line.get_linestyle()) for line in home.get_lines()[:4]}) == 4


def test_many_industries_are_summed():
    random = np.random.default_rng(0)
    economy = ClusterParameters(technology=random.uniform(1, 10, (2, 20)), spillovers=random.uniform(0, 0.1, (20, 20)))
    figure = simulate(economy, horizon=5).value.plot()
    labels = [line.get_label() for line in figure.axes[1].get_lines()]
    assert "all others" in labels
    total = sum(
        line.get_ydata()
        for line in figure.axes[1].get_lines()
        if "industry" in line.get_label() or "all" in line.get_label()
    )
    np.testing.assert_allclose(total, 1, rtol=1e-9)
