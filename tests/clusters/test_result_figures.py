"""Every result of the economies can be drawn, told and written as a table."""

from __future__ import annotations

import numpy as np
import pytest

from tradewinds.clusters import check_proposition, learn, paper_economy, solve_autarky, solve_trade


def test_an_equilibrium_shows_the_chain_and_who_works_where():
    point = solve_trade(paper_economy(6)).value
    chain, workers = point.plot().axes
    np.testing.assert_allclose(chain.get_lines()[0].get_ydata(), [5, 1.25, 0.8, 0.2])
    assert chain.get_lines()[1].get_ydata()[0] == pytest.approx(point.relative_wage)
    assert [label.get_text() for label in workers.get_xticklabels()] == ["1", "3", "2", "4"]
    heights = [bar.get_height() for bar in workers.patches]
    np.testing.assert_allclose(heights, point.employment[:, [0, 2, 1, 3]].ravel())
    assert len(solve_autarky(paper_economy(6)).value.plot().axes[0].get_lines()) == 1


def test_learning_is_drawn_and_told():
    path = learn(paper_economy(3), horizon=50).value
    home, foreign = path.plot().axes
    np.testing.assert_allclose(home.get_lines()[0].get_ydata()[[0, -1]], [10, 15])
    np.testing.assert_allclose(foreign.get_lines()[3].get_ydata()[[0, -1]], [10, 15])
    assert path.summary().splitlines() == [
        "trade, from 0 to 50, where nothing has happened",
        "home: real income goes from 40 to 60",
        "foreign: real income goes from 40 to 60",
    ]


def test_a_proposition_is_a_table():
    check = check_proposition(3, paper_economy(4), form="printed", horizon=20)
    frame = check.tidy().set_index("variable")
    assert frame.loc["smallest_margin", "value"] == check.margin < 0
    assert frame.loc["failing_dates", "value"] == len(check.failing_times) > 0
    assert set(frame["verdict"]) == {"fails"}
