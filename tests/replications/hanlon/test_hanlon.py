"""Hanlon (2012): every statement keeps its status, the text on differences says what is computed, and questions can be denied."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tradewinds.clusters import paper_economy, simulate
from tradewinds.replications import read_targets
from tradewinds.replications.hanlon import figures, general, statements, tables
from tradewinds.replications.hanlon.page import differences
from tradewinds.replications.hanlon.worlds import SIGMAS, times


def test_every_target_keeps_its_status_and_no_check_fails(made, board):
    assert made["outcome"].failed_checks == ()
    targets = read_targets("hanlon")
    pd.testing.assert_series_equal(board["status"], targets["status"], check_dtype=False)
    assert len(board) == 3 * len(statements.STATEMENTS) + 14


def test_what_is_not_reproduced_says_why(board):
    failing = board[board["status"] != "exact"]
    assert len(failing) == 15 and failing["note"].str.len().min() > 20


@pytest.mark.parametrize(
    ("figure", "policy", "date"),
    [
        (6, "delayed", {"1.333": 46.937626, "2.000": 45 * np.sqrt(7) - 105}),
        (6, "gradual", {"1.333": 8.874925, "2.000": 7.349370}),
        (7, "delayed", {"1.333": 122.461495, "2.000": 32.009389}),
        (7, "gradual", {"1.333": 18.077353, "2.000": 15.373638}),
    ],
)
def test_dates_at_which_clusters_are_built(made, figure, policy, date):
    """Where A_2 = A_3 at home, by the notes on this model."""
    for sigma, expected in date.items():
        events = made["worlds"][sigma].paths[figure, policy].events
        assert [e.time for e in events if e.event == "cluster_building"] == pytest.approx([expected], abs=6e-7)


def test_incomes_of_figure_6(middle):
    at = np.array([20.0, 50.0, 100.0])
    np.testing.assert_allclose(
        middle.income(6, "delayed", at)[0], 12 * np.sqrt(7) + 0.4 * (at - (45 * np.sqrt(7) - 105))
    )
    np.testing.assert_allclose(middle.income(6, "trade", at), 30)
    np.testing.assert_allclose(middle.income(6, "autarky", at), np.tile(21 + 0.2 * at, (2, 1)))


def without(world, figure, policy, other):
    """Return the world with another policy's path in the place of one."""
    return replace(world, paths={**world.paths, (figure, policy): world.paths[figure, other]})


@pytest.mark.parametrize(
    ("row", "figure", "policy", "other"),
    [
        ("Figure 2: trade has a static gain", 2, "trade", "autarky"),
        ("Figure 2: income rises by more with trade, at every date", 2, "trade", "autarky"),
        ("Figure 4: autarky overtakes trade", 4, "autarky", "trade"),
        ("Figure 5: technology of foreign stands still", 5, "trade", "autarky"),
        ("Figure 6: after the delay each country makes a whole cluster", 6, "delayed", "trade"),
        ("Figure 6: growth is higher once open after the delay", 6, "delayed", "trade"),
        ("Figure 6: waiting ends above opening at once, for both", 6, "delayed", "trade"),
        ("Figure 7: opening 1 and 4 first shortens the delay", 7, "gradual", "delayed"),
        ("Figure 7: gradual opening ends above opening at once", 7, "gradual", "trade"),
        ("Figure 3: migration changes nothing", 3, "free_migration", "autarky"),
    ],
)
def test_a_statement_is_denied_by_a_world_that_denies_it(middle, row, figure, policy, other):
    (item,) = [item for item in statements.STATEMENTS if item.row == row]
    assert item.test(middle) and not item.test(without(middle, figure, policy, other))


def test_growth_of_figure_4_is_a_number(middle):
    (item,) = [item for item in statements.STATEMENTS if item.row == "Figure 4: growth with trade"]
    assert item.test(middle) == 0.0
    assert item.test(without(middle, 4, "trade", "autarky")) == pytest.approx(0.2 / 30, rel=1e-2)


def test_the_text_on_differences_says_what_is_computed(made, board):
    text = " ".join(differences().split())
    share = board.set_index("row")["computed"]
    n = general.ECONOMIES
    worded = share["Proposition 3, as worded: worse in either location"]
    corrected = share["Proposition 3, corrected: worse than in the better location"]
    first, second = (made["propositions"].count(number) for number in (1, 2))
    assert f"hold in {first} and {second} of {n} economies" in text
    assert made["propositions"].count(2, verdict="fails") == 0
    gains, losses = share["everybody gains when trade opens"], share["nobody loses when trade opens"]
    assert f"holds in {n * worded:.0f} of {n} economies as worded" in text
    assert f"locations the proposition holds in {n * corrected:.0f} of {n}" in text
    assert f"Nobody loses in {n * losses:.0f} of {n} economies, everybody gains in {n * gains:.0f}" in text


def test_when_the_laggard_catches_up():
    """Figure 4 at sigma = 2: autarky's lagging industry reaches ten, what trade froze, at t = 82.3."""
    path = simulate(paper_economy(4), policy="autarky", horizon=100).value
    assert path.technology_at(82.2)[0, 1] < 10 < path.technology_at(82.4)[0, 1]
    assert "until t = 82.3" in " ".join(differences().split())


def test_each_general_statement_can_fail():
    """The printed forms fail where the corrected ones hold; a country that makes everything gains nothing."""
    economy = general.random_economy(np.random.default_rng(3))
    tests = general._TESTS
    for row in ("equation 10 is continuous", "equation 10 goes from zero to infinity"):
        assert tests["Section 2.2", f"{row}, as derived in Appendix A"](economy)
        assert not tests["Section 2.2", f"{row}, as printed"](economy)
    large = economy.replace(labour=[1e6, 1.0])
    assert tests["Appendix B", "nobody loses when trade opens"](large)
    assert not tests["Appendix B", "everybody gains when trade opens"](large)


def test_tables_hold_dates_rates_and_effects(made):
    worlds = dict(zip(SIGMAS, made["worlds"].values(), strict=True))
    dates = tables.date_table(worlds).cells()
    assert dates[0] == ("Figure 6", "all industries wait", "46.938", "14.059", "6.172")
    rates = {row[:3]: row[3:] for row in tables.rate_table(worlds).cells()}
    assert rates["Figure 7", "industries 1 and 4 first", "trade once it builds clusters"] == ("always",) * 3
    assert float(rates["Figure 6", "trade once it builds clusters", "trade at once"][1]) == pytest.approx(
        0.0464, abs=1e-4
    )
    effects = tables.effect_table(worlds).rows
    for row in effects:
        assert sum(row[4:7]) == pytest.approx(row[7], abs=1e-9)


def test_figures_draw_what_was_solved(made):
    worlds = dict(zip(SIGMAS, made["worlds"].values(), strict=True))
    figure = figures.draw(6, worlds)
    lines = {line.get_label(): line.get_ydata() for line in figure.axes[1].get_lines()}
    np.testing.assert_array_equal(lines["trade once it builds clusters"], worlds["sigma = 2"].income(6, "delayed")[0])
    population = figures.draw(8, worlds).axes[0].get_lines()[0].get_ydata()
    path = worlds["sigma = 4/3"].paths[8, "free_migration"]
    np.testing.assert_allclose(population, path.labour(times())[0] / 2)
    assert population[0] == pytest.approx(0.5) and population[100] == pytest.approx(0.570697, abs=1e-6)
    assert [len(figures.draw(number, worlds).axes) for number in (1, 2, 8)] == [1, 3, 2]


def test_the_folder_holds_events_and_propositions(made):
    folder = made["outcome"].folder / "hanlon"
    events = pd.read_csv(folder / "events.csv")
    assert set(events["event"]) >= {"opens", "cluster_building"}
    assert {path.name for path in folder.glob("figures/*.svg")} >= {f"figure-{k}.svg" for k in range(1, 9)}
    assert len(pd.read_csv(folder / "propositions.csv")) == 16
