"""What scenarios return: levels, deviations, contributions, tables and figures; and batches of them."""

from __future__ import annotations

import numpy as np
import pytest
import xarray
from growth_model import growth_model, linear_model, steady_baseline
from pandas.testing import assert_frame_equal

import tradewinds
from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers.perfect_foresight import Model, Shock, Variable, make_databank, scenarios, simulate
from tradewinds.solvers.perfect_foresight.linear import BlockElimination, ReusedFactor, blocks
from tradewinds.solvers.perfect_foresight.scenarios import simulate_many
from tradewinds.tidy import tidy_frame

MODEL, LINEAR = growth_model(), linear_model()
BASE = steady_baseline(MODEL, range(2000, 2032))
FLAT = make_databank(LINEAR, range(2000, 2022), {"price": 0.0, "wage": 0.0, "demand": 0.0})
SHOCKS = [
    Shock("tfp", 0.3, 2001, 2010, ("home",)),
    Shock("transfer", 1.0, 2005),
    Shock("tfp", 0.3, 2006, announced=2004),
]


@pytest.fixture(scope="module")
def done():
    return simulate(MODEL, BASE, SHOCKS)


def test_levels_and_deviations_agree(done):
    after = done.levels["output"].sel(year=2003, country="home").item()
    before = BASE["output"].sel(year=2003, country="home").item()
    assert done.deviations("points")["output"].sel(year=2003, country="home").item() == pytest.approx(after - before)
    assert done.deviations()["output"].sel(year=2003, country="home").item() == pytest.approx(
        100 * (after / before - 1)
    )
    assert done.levels["tfp"].sel(year=2003, country="home").item() == pytest.approx(1.3)


def test_percent_of_a_baseline_of_zero_is_missing():
    moved = simulate(LINEAR, FLAT, [Shock("demand", 1.0, 2001)])
    assert np.all(np.isnan(moved.deviations()["price"]))
    assert float(moved.deviations("points")["price"].max()) > 1.0
    with pytest.raises(InputError, match="kind of deviations is 'per cent'; allowed: percent, points"):
        moved.deviations("per cent")


def test_contributions_add_up_and_the_interaction_is_what_is_left(done):
    parts, total = done.contributions(), done.deviations()
    labels = ["tfp[home] 2001-2010", "transfer from 2005", "tfp from 2006, announced 2004"]
    assert parts["shock"].values.tolist() == ["without shocks", *labels, "interaction"]
    for name in ("capital", "world_output"):
        np.testing.assert_allclose(parts[name].sum("shock"), total[name], atol=1e-9)
    alone = simulate(MODEL, BASE, SHOCKS[:1]).deviations()
    np.testing.assert_allclose(parts["capital"].sel(shock=labels[0]), alone["capital"], atol=1e-9)
    interaction = parts["capital"].sel(shock="interaction")
    assert float(interaction.sel(country="home", year=2010)) > 0.1
    assert float(abs(interaction.sel(country="foreign")).max()) < 1e-7  # one shock moves it
    assert float(abs(parts["capital"].sel(shock="without shocks")).max()) < 1e-9


def test_shocks_of_one_name_contribute_together(done):
    parts = done.contributions(names=["at home", "abroad", "at home"])
    assert parts["shock"].values.tolist() == ["without shocks", "at home", "abroad", "interaction"]
    alone = simulate(MODEL, BASE, [SHOCKS[0], SHOCKS[2]]).deviations()
    np.testing.assert_allclose(parts["capital"].sel(shock="at home"), alone["capital"], atol=1e-9)
    np.testing.assert_allclose(parts["capital"].sum("shock"), done.deviations()["capital"], atol=1e-9)
    with pytest.raises(InputError, match="2 names for 3 shocks"):
        done.contributions(names=["one", "two"])
    with pytest.raises(InputError, match="a shock cannot be called 'interaction'"):
        done.contributions(names=["one", "two", "interaction"])


def test_a_linear_model_has_no_interaction():
    shocks = [Shock("demand", 1.0, 2001), Shock("demand", -2.0, 2005), Shock("demand", 1.0, 2001)]
    parts = simulate(LINEAR, FLAT, shocks).contributions("points")
    assert parts["shock"].values.tolist()[1::2] == ["demand from 2001 #1", "demand from 2001 #2"]
    assert float(abs(parts["price"].sel(shock="interaction")).max()) < 1e-12


def test_contributions_separate_the_initial_state_from_shocks():
    state = {"capital": 2.0}
    moved = simulate(MODEL, BASE, [Shock("tfp", 0.1, 2005)], initial=state)
    parts = moved.contributions()
    undisturbed = simulate(MODEL, BASE, initial=state).deviations()
    np.testing.assert_allclose(parts["capital"].sel(shock="without shocks"), undisturbed["capital"], atol=1e-9)
    np.testing.assert_allclose(parts["capital"].sum("shock"), moved.deviations()["capital"], atol=1e-9)


def test_tidy_keeps_the_contract_of_the_house(done):
    frame = done.tidy()
    assert_frame_equal(frame, tidy_frame(frame, ["country", "year"]))
    assert len(frame) == 32 * (3 * 2 + 1)
    row = frame[(frame["variable"] == "output") & (frame["country"] == "home") & (frame["year"] == 2003)]
    assert row["value"].item() == pytest.approx(done.deviations()["output"].sel(year=2003, country="home").item())
    assert set(done.tidy("points")["unit"]) == {"goods"}


def test_summary_says_what_was_done_and_what_came_of_it(done):
    text = done.summary()
    assert "growth, 2001 to 2030, 2 countries" in text
    assert "shock: tfp[home] 2001-2010, +0.3" in text
    assert text.count("converged: ") == 2
    found = done.deviations()["output"]
    assert f"{float(found.max()):+.4f}" in text
    empty = simulate(LINEAR, FLAT).summary()
    assert "no shock" in empty
    assert "price  +0.0000" in empty


def test_plot_has_a_panel_a_variable_and_a_line_a_country(done):
    figure = done.plot()
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["capital", "consumption", "output", "world output"]
    assert {axis.get_ylabel() for axis in figure.axes} == {"per cent"}
    lines = {line.get_label(): line for line in figure.axes[2].get_lines()}
    np.testing.assert_allclose(lines["foreign"].get_ydata(), done.deviations()["output"].sel(country="foreign"))
    assert "model growth" in figure.get_supxlabel()
    single = done.plot(["output"], ["home"], kind="points", title="Home")
    assert single.axes[0].get_ylabel() == "goods"
    assert single.get_suptitle() == "Home"
    assert not single.legends
    with pytest.raises(InputError, match=r"has no variable 'ouput'\. Did you mean .output."):
        done.plot(["ouput"])
    with pytest.raises(InputError, match="has no country 'hom'"):
        done.plot(["output"], ["hom"])


def test_a_figure_of_too_many_lines_is_refused():
    many = growth_model(tuple(f"c{k}" for k in range(13)))
    still = simulate(many, steady_baseline(many, range(2000, 2005)))
    with pytest.raises(InputError, match="a panel would have 13 lines; choose at most 12"):
        still.plot(["output"])
    assert len(still.plot(["output"], ["c0", "c12"]).legends) == 1


def test_results_know_their_source(done):
    assert "An Algorithm Competition" in tradewinds.cite(done)


def test_a_batch_equals_its_scenarios_one_by_one():
    batch = simulate_many(MODEL, BASE, {"all": SHOCKS, "none": [], "one": SHOCKS[1:2]}, terminal="growth")
    assert list(batch) == ["all", "none", "one"]
    assert batch.ok
    for name, shocks in (("all", SHOCKS), ("none", []), ("one", SHOCKS[1:2])):
        alone = simulate(MODEL, BASE, shocks, terminal="growth")
        np.testing.assert_allclose(batch[name].databank["capital"], alone.databank["capital"], rtol=1e-9)
    frame = batch.tidy()
    assert_frame_equal(frame, tidy_frame(frame, ["scenario", "country", "year"]))
    figure = batch.plot("output")
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["home", "foreign"]
    assert [axis.get_title(loc="left") for axis in batch.plot("world_output").axes] == ["world"]
    assert batch.summary().count("growth, 2001 to 2030") == 3
    assert batch.citation_keys == batch["one"].citation_keys
    with pytest.raises(InputError, match=r"no scenario 'al'\. Did you mean .all."):
        batch["al"]
    with pytest.raises(InputError, match="at least one scenario"):
        simulate_many(MODEL, BASE, {})


def test_a_batch_names_the_scenario_that_fails_or_flags_it_and_goes_on():
    plan = {"fine": SHOCKS[1:2], "wild": [Shock("tfp", -3.0, 2005, 2010)], "after": SHOCKS[:1]}
    with pytest.raises(ConvergenceError, match="model growth, scenario wild did not converge"):
        simulate_many(MODEL, BASE, plan)
    batch = simulate_many(MODEL, BASE, plan, throw=False)
    assert [one.ok for one in batch.values()] == [True, False, True]
    assert "NOT SOLVED: wild." in batch.plot("output").get_supxlabel()
    with pytest.raises(InputError, match="need a simulation that is solved"):
        batch["wild"].contributions()


class TestSideBySide:
    """A batch solves its scenarios together; nothing but time may depend on that."""

    def test_large_shocks_and_news_of_several_dates_are_what_they_are_alone(self):
        plan = {
            "small": SHOCKS[1:2],
            "large": [Shock("tfp", 1.5, 2003)],
            "news": [Shock("tfp", 0.02, 2002), Shock("tfp", 0.03, 2010, announced=2006)],
            "by homotopy": [Shock("tfp", 20.0, 2005, 2010)],
            "none": [],
        }
        batch = simulate_many(MODEL, BASE, plan)
        for name, shocks in plan.items():
            alone = simulate(MODEL, BASE, shocks)
            xarray.testing.assert_allclose(batch[name].databank, alone.databank, rtol=1e-9, atol=1e-9)
            assert batch[name].notes == alone.notes, name
            assert len(batch[name].solutions) == len(alone.solutions)
        assert len(batch["news"].solutions) == 2
        assert "homotopy" in " ".join(batch["by homotopy"].notes)

    def test_results_do_not_depend_on_how_many_are_solved_at_once(self, monkeypatch):
        plan = {
            f"{size}": [Shock("tfp", size, 2003, 2006 + k)] for k, size in enumerate((0.01, -0.03, 0.05, 0.1, -0.2))
        }
        whole = simulate_many(MODEL, BASE, plan)
        monkeypatch.setattr(scenarios, "AT_ONCE", 2)
        parts = simulate_many(MODEL, BASE, plan)
        for name in plan:
            xarray.testing.assert_allclose(whole[name].databank, parts[name].databank, rtol=1e-9, atol=1e-9)

    def test_one_factor_and_few_applications_of_it_serve_all(self, monkeypatch):
        widths = []
        whole = BlockElimination.approximate

        def watched(self, right):
            widths.append(right.shape[1])
            return whole(self, right)

        monkeypatch.setattr(BlockElimination, "approximate", watched)
        solver = ReusedFactor()
        batch = simulate_many(MODEL, BASE, {f"{k}": [Shock("tfp", 0.01 * k, 2003)] for k in range(1, 7)}, solver=solver)
        assert batch.ok and solver.factors == 1
        assert max(widths) >= 6 and sum(widths) == solver.steps > 3 * len(widths)

    def test_each_has_the_notes_of_the_linear_algebra_once(self, monkeypatch):
        monkeypatch.setattr(blocks, "LARGEST_LINK", 1e-12)  # so that block elimination gives up
        batch = simulate_many(MODEL, BASE, {"one": SHOCKS[:1], "other": SHOCKS[1:2]})
        for simulation in batch.values():
            assert simulation.ok and [note.count("the sparse LU is used") for note in simulation.notes] == [1]

    def test_a_model_that_is_singular_says_so_for_the_first_scenario(self):
        def redundant(now, lag, lead, ex, p):
            return {"first": now.left - now.right - ex.drive, "second": 2.0 * now.left - 2.0 * now.right - ex.drive**2}

        model = Model(
            "twins",
            countries=("home",),
            variables=[Variable("left", "left"), Variable("right", "right")],
            exogenous=[Variable("drive", "drive")],
            blocks=[redundant],
        )
        bank = make_databank(model, range(2000, 2008), {"left": 3.0, "right": 1.0, "drive": 2.0})
        plan = {"one": [Shock("drive", 0.1, 2001)], "other": [Shock("drive", 0.2, 2001)]}
        with pytest.raises(ConvergenceError, match=r"model twins, scenario one .*singular"):
            simulate_many(model, bank, plan)
        assert not any(one.ok for one in simulate_many(model, bank, plan, throw=False).values())

    def test_what_is_wrong_with_any_scenario_is_said_before_one_is_solved(self, monkeypatch):
        monkeypatch.setattr(scenarios, "newton_together", None)
        with pytest.raises(InputError, match="1999"):
            simulate_many(MODEL, BASE, {"fine": SHOCKS[:1], "wrong": [Shock("tfp", 0.1, 1999)]})

    def test_an_interruption_stops_the_batch(self, monkeypatch):
        def interrupted(self, right):
            raise KeyboardInterrupt

        monkeypatch.setattr(BlockElimination, "approximate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            simulate_many(MODEL, BASE, {"one": SHOCKS[:1], "other": SHOCKS[1:2]})
