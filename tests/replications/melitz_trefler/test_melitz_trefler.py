"""Melitz and Trefler (2012): every claim keeps its status, can be denied, and the text on differences says what is computed."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from tradewinds.firms import ParetoParameters, WidgetParameters, solve
from tradewinds.firms.measurement import canada_us_account
from tradewinds.replications import PAPERS, read_targets
from tradewinds.replications.melitz_trefler import figures, numbers, page, run, stand_ins
from tradewinds.replications.melitz_trefler.economies import ECONOMIES, PARAMETERS, build, economies
from tradewinds.replications.melitz_trefler.statements import SOMETIMES, STATEMENTS, judge_statements
from tradewinds.replications.targets import folder_name

FAILS = {
    ("Widgets", "plan A of p. 98 is plan A of p. 95"),
    ("Footnote 1", "who charges more has a smaller share, as printed"),
    ("Footnote 1", "who charges less has a larger share, as printed"),
    ("Footnote 1", "there is a best price, as printed"),
    ("Figure 3", "the best gain market share, of the whole integrated market"),
    ("Innovation", "the rule, with output before, is the exact condition"),
}
#: Claims about a change, whose contrary change must deny them.
SWAPPED = [
    ("Figure 3", "a larger market has more firms"),
    ("Figure 3", "demand shifts in at high prices and out at low ones"),
    ("Figure 3", "the cost cutoff falls"),
    ("Figure 3", "the highest costs exit"),
    ("Figure 3", "the lowest costs earn more, the highest less"),
    ("Figure 3", "the lowest costs sell more, the highest less"),
    ("Figure 3", "the best gain market share, of what their country makes"),
    ("Figure 3", "markups of all who stay fall"),
    ("Figure 3", "the mean price falls"),
    ("Figure 3", "aggregate productivity rises"),
    ("Figure 4", "cheaper trade: domestic profits shift down"),
    ("Figure 4", "cheaper trade: export profits shift up"),
    ("Figure 4", "cheaper trade: the highest costs exit"),
    ("Figure 4", "cheaper trade: the lowest costs sell more, the highest less"),
    ("Figure 4", "cheaper trade: the lowest costs earn more, the highest less"),
    ("Figure 4", "cheaper trade: the best that did not export start"),
    ("Figure 4", "cheaper trade: aggregate productivity rises"),
    ("Figure 4", "cheaper trade: prices of domestic firms fall"),
    ("Figure 4", "cheaper trade: more varieties are sold"),
    ("Innovation", "cheaper trade raises exporters' sales abroad and in all"),
]


def test_every_target_keeps_its_status_and_no_check_fails(outcome, board):
    assert outcome.failed_checks == ()
    targets = read_targets("melitz-trefler")
    pd.testing.assert_series_equal(board["status"], targets["status"], check_dtype=False)
    failing = board[board["status"] == "not reproduced"]
    assert set(zip(failing["exhibit"], failing["row"], strict=True)) == FAILS
    assert failing["note"].str.len().min() > 20
    assert (board["computed"].notna()).all()


def test_what_needs_data_names_its_stand_in(board):
    unavailable = board[board["status"] == "data unavailable"]
    assert set(unavailable["exhibit"]) == {"Figure 1", "Figure 5", "Who starts to export", "Table 1"}
    assert unavailable["note"].str.contains("stand-in: ").all()
    assert (board.loc[board["exhibit"].isin(["Figure 1", "Figure 5"]), "status"] == "data unavailable").all()
    table = board[(board["exhibit"] == "Table 1") & (board["column"] != "recomputed")]
    assert len(table) == 16 and (table["status"] == "data unavailable").all()


def test_the_key_has_a_hyphen_and_its_folder_an_underscore():
    assert PAPERS["melitz-trefler"].split(".")[-2] == folder_name("melitz-trefler") == "melitz_trefler"
    assert [folder_name(key) for key in ("keller", "bch", "hanlon")] == ["keller", "bch", "hanlon"]


def test_a_claim_is_denied_where_its_worlds_are_swapped(drawn):
    """Where the market shrinks and trade becomes dearer, what the paper says of the contrary does not happen."""
    for economy in drawn:
        turned = dataclasses.replace(
            economy, closed=economy.doubled, doubled=economy.closed, high=economy.low, low=economy.high
        )
        for key in SWAPPED:
            assert STATEMENTS[key](economy), key
            assert not STATEMENTS[key](turned), key
        contract = STATEMENTS["Figure 3", "some stay and contract"]
        assert contract(economy) and not contract(dataclasses.replace(economy, doubled=economy.closed))


@pytest.mark.parametrize("row", ["the cutoff is where demand meets the axis", "the two shaded areas are equal"])
def test_a_claim_about_equilibrium_is_denied_off_it(drawn, row):
    exhibit, economy = "Figure 2", drawn[0]
    point = economy.closed
    off = dataclasses.replace(economy, closed=dataclasses.replace(point, cost_cutoff=1.1 * point.cost_cutoff))
    assert STATEMENTS[exhibit, row](economy)
    assert not STATEMENTS[exhibit, row](off)


def test_signs_of_footnote_1_differ_where_prices_do(drawn):
    found = judge_statements(drawn)
    for row in ("who charges more has a smaller share", "who charges less has a larger share", "there is a best price"):
        (printed,) = [v for k, v in found.items() if k[1] == f"{row}, as printed"]
        (corrected,) = [v for k, v in found.items() if k[1] == f"{row}, corrected"]
        assert (printed, corrected) == (0.0, 1.0)


def test_some_firms_are_tipped_and_nobody_is_without_a_fall_of_the_trade_cost(drawn):
    for key, test in SOMETIMES.items():
        same = [dataclasses.replace(economy, low=economy.high) for economy in drawn]
        assert not any(test(economy) for economy in same), key
    # by hand, from q = (2 c* - t)/2 - c of exporters with S = b = 1: cutoffs .115 at t = .5 and .17 at t = .2 where q must pass .6
    exporters = build(PARAMETERS.replace(innovation_cost=0.03), 0.5, 0.2)
    assert SOMETIMES["Innovation", "cheaper trade tips some exporters to innovate"](exporters)
    others = build(PARAMETERS, 0.8, 0.2)
    assert SOMETIMES["Innovation", "cheaper trade tips some non-exporters to export and innovate"](others)


def test_only_large_firms_innovate_is_denied_by_another_cutoff(drawn):
    key = ("Innovation", "only firms with large volumes innovate, by the rule")
    economy = build(PARAMETERS, 0.8, 0.2)
    wrong = dataclasses.replace(economy.high.innovation, innovation_cutoff_rule=0.9)
    assert STATEMENTS[key](economy)
    assert not STATEMENTS[key](dataclasses.replace(economy, high=dataclasses.replace(economy.high, innovation=wrong)))


def test_widgets_are_those_of_the_text_and_no_others():
    own = numbers.widget_numbers(solve(WidgetParameters()).value)
    other = numbers.widget_numbers(solve(WidgetParameters(labour=15)).value)
    value = {key[1]: number for key, number in own.items()}
    assert (value["plan A: units of each"], value["plan B: units of each"]) == (8, 2)
    assert (value["trade: varieties consumed"], value["trade: units consumed of each"]) == (2, 4)
    assert other != own


def test_the_account_of_table_2():
    found = {key[1]: value for key, value in numbers.account_numbers(canada_us_account()).items()}
    assert found["4.1 + 4.3 + 3.5 + 1.4 + 0.5"] == pytest.approx(4.1 + 4.3 + 3.5 + 1.4 + 0.5)
    assert found["new exporters invest: 15.3 x 0.23"] == pytest.approx(3.519)
    table = page.account_table(canada_us_account())
    assert [row[2] for row in table.rows[:5]].count("not in the text") == 1
    assert table.rows[3][1] == pytest.approx(1.4) and table.rows[3][2] == "not in the text"


def test_printed_differences_of_table_1_are_differences():
    for new, other, difference, effect in numbers.PRINTED_TABLE_1.values():
        assert new - other == difference >= effect


def test_stand_ins_say_what_was_put_into_them(made):
    table = made.trade.table.set_index(["level", "year"])["grubel_lloyd"]
    assert (table["59 industries"] > table["1,161 products"]).all()
    np.testing.assert_allclose(table["59 industries"][1994], table["59 industries"][2006])  # made to level off
    assert made.trade.levels == ("1,161 products", "59 industries")
    assert made.recovered.found("melitz-polanec") == ("selection", "reallocation", "innovation", "entry")
    new, other, difference, effect = made.innovation
    assert other == 0 and difference == effect == pytest.approx(new)
    assert made.starts[0] == 0 and made.starts[-1] == 100
    assert run._missed(made) == []
    table = made.recovered.table.copy()
    table.loc["melitz-polanec", "selection"] += 1
    spoiled = dataclasses.replace(made, recovered=dataclasses.replace(made.recovered, table=table))
    assert run._missed(spoiled) == ["melitz-polanec misses selection of the synthetic plants"]


def test_effect_of_exporting_in_the_model_by_hand():
    """Two-stage least squares with one binary instrument is the ratio of differences of means."""
    from tradewinds.firms.measurement import effect_of_exporting

    frame = stand_ins._never_exported(stand_ins._firms(PARAMETERS))
    ratio = stand_ins._innovation(stand_ins._firms(PARAMETERS))[3]
    data = frame.assign(cut=(frame["tariff_cut"] > 0).astype(float))
    found = effect_of_exporting(data, outcome="innovates", exporting="starts", instruments="cut")
    assert 100 * found.effect["two-stage"]["estimate"] == pytest.approx(ratio, rel=1e-9)


def test_the_text_on_differences_says_what_is_computed(board):
    text = " ".join(page.differences().split())
    share = board.set_index(["exhibit", "row"])["computed"]
    dear = share["Figure 4", "cheaper trade: the mean price of sellers falls"]
    assert f"falls in {ECONOMIES * dear:.0f} of {ECONOMIES} economies when the trade cost falls" in text
    whole = share["Figure 3", "the best gain market share, of the whole integrated market"]
    assert f"holds in {ECONOMIES * whole:.0f} of {ECONOMIES} economies" in text
    rule = share["Innovation", "the rule, with output before, is the exact condition"]
    assert f"never the same ({ECONOMIES * rule:.0f} of {ECONOMIES})" in text
    assert f"is {share['Footnote 4', 'log productivity four apart: how many times']:.1f}." in text
    assert share["Figure 3", "the mean price falls"] == 1  # without trade costs it always falls


def test_the_text_on_who_stops_innovating_counts_the_economies():
    drawn = economies()
    text = " ".join(page.differences().split())
    rises = {
        name: sum(
            getattr(e.low.innovation, f"innovation_cutoff_{name}")
            > getattr(e.high.innovation, f"innovation_cutoff_{name}")
            for e in drawn
        )
        for name in ("rule", "exact", "equilibrium")
    }
    assert len(drawn) == ECONOMIES and rises["rule"] == rises["exact"]
    assert f"rises in {rises['rule']} of {ECONOMIES} economies" in text
    assert f"({rises['equilibrium']} of {ECONOMIES} once entry adjusts)" in text


def test_the_text_on_one_sided_cuts_says_what_the_model_says():
    text = " ".join(page.differences().split())
    before = solve(ParetoParameters(trade_cost=1.5)).value
    costs = [[1, 1.5], [1.3, 1]]
    short, long_run = before.cutoffs_without_entry(costs), solve(ParetoParameters(trade_cost=costs)).value.cost_cutoff
    assert f"home's cutoff falls from {before.cost_cutoff[0]:.3f} to {short[0]:.3f} and foreign's stays" in text
    assert f"home's rises to {long_run[0]:.3f}, foreign's falls to {long_run[1]:.3f}" in text


def test_figures_are_drawn_from_the_solved_model(made):
    economy = figures.paper_economy()
    assert economy.closed.cost_cutoff == pytest.approx(1)
    assert economy.high.cost_cutoff == pytest.approx(0.99742828, abs=1e-8)  # notes, 5.1
    assert economy.low.cost_cutoff == pytest.approx(0.96523908, abs=1e-8)
    found = figures.draw(economy, made)
    left, right = found["figure-3"].axes
    before, after = left.get_lines()[:2]
    assert before.get_ydata()[0] == pytest.approx(1) and after.get_ydata()[0] == pytest.approx(0.5 ** (1 / 3))
    profit = right.get_lines()[0]
    at = profit.get_xdata()
    np.testing.assert_allclose(profit.get_ydata(), np.maximum(1 - at, 0) ** 2 / 4, atol=1e-12)
    home, away = found["figure-4a"].axes[0].get_lines()[:2]
    shifted = np.interp(away.get_xdata() + 0.5, home.get_xdata(), home.get_ydata(), right=0.0)
    np.testing.assert_allclose(away.get_ydata(), shifted, atol=1e-4)


def test_the_folder_holds_what_the_report_shows(outcome):
    folder = outcome.folder / "melitz-trefler"
    drawn = {path.stem for path in (folder / "figures").iterdir()}
    assert drawn == {
        *("figure-1", "figure-2", "figure-3", "figure-4a", "figure-4b", "figure-5"),
        *("selection", "table-2", "recovery"),
    }
    for path in (folder / "figures").iterdir():
        assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    results = pd.read_csv(folder / "results.csv")
    assert set(results["scenario"]) == {f"trade_cost={t}" for t in ("1", "0.8", "0.5", "0")}
    assert len(pd.read_csv(folder / "account.csv")) == 8
    assert set(pd.read_csv(folder / "recovery.csv")["method"]) >= {"truth", "melitz-polanec", "olley-pakes"}
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "made-up trade and firms of the solved model stand in" in text
    captions = [part[:200] for part in text.split("<figcaption")[1:]] + [
        part[:200] for part in text.split("<caption")[1:]
    ]
    marked = {
        name
        for name in ("Figure 1.", "Figure 5.", "Table 2.", "Figure 2.")
        for c in captions
        if name in c and "stand-in" in c
    }
    assert marked == {"Figure 1.", "Figure 5."}
    assert pd.read_csv(folder / "distributions.csv")["panel"].nunique() == 3
