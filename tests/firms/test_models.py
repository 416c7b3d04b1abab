"""One way to solve every model: names, scenarios side by side, frames and figures."""

from __future__ import annotations

import dataclasses
import io
import math

import numpy as np
import pytest

from tradewinds.citations import cite
from tradewinds.errors import InputError
from tradewinds.firms import (
    MODELS,
    ChaneyParameters,
    ParetoParameters,
    UniformParameters,
    liberalise,
    select,
    solve,
    solve_scenarios,
)
from tradewinds.firms.figures import plot_export_decision, plot_integration, plot_performance
from tradewinds.firms.hat import example_tables


def drawn(figure):
    """Draw a figure and return how many lines its panels hold."""
    figure.savefig(io.BytesIO(), format="png", dpi=40)
    assert figure.texts or figure._supxlabel
    assert all(axis.get_xlabel() and axis.get_ylabel() for axis in figure.axes)
    return [len(axis.lines) for axis in figure.axes]


@pytest.mark.parametrize("name", list(MODELS))
def test_every_model_solves_at_its_defaults_and_speaks(name):
    model = MODELS[name]
    given = {"tables": example_tables(), "tariffs": 0.0} if name == "caliendo-parro" else {}
    parameters = model.make(given)
    solution = solve(parameters)
    assert solution.ok
    result = solution.value
    assert result.model == name and result.residual < 1e-8
    frame = result.tidy()
    assert set(frame.columns) == {"variable", "value", "unit", *result.labels} and frame["value"].notna().all()
    assert name in result.summary() and "@" in cite(result)
    assert min(drawn(result.plot())) > 0
    assert set(model.definitions) == {field.name for field in dataclasses.fields(parameters)}


def test_scenarios_follow_the_contract():
    base = MODELS["melitz-ottaviano-uniform"].make(
        {
            "market_size": 1.0, "price_sensitivity": 1.0, "maximum_cost": 1.5, "entry_cost": 0.05555555555555555,
            "innovation_cost": 0.02, "innovation_cost_reduction": 0.05,
        }
    )  # fmt: skip
    found = solve_scenarios(base, trade_cost=[1.0, 0.5, 0.3, 0.0])
    frame = found.tidy()
    assert list(frame["scenario"].unique()) == ["trade_cost=1", "trade_cost=0.5", "trade_cost=0.3", "trade_cost=0"]
    assert {
        "cost_cutoff", "export_cutoff", "entrants", "domestic_sellers", "foreign_sellers", "sellers", "import_share",
        "mean_price", "output_weighted_cost", "innovation_cutoff_rule", "innovation_cutoff_exact",
        "innovation_cutoff_equilibrium",
    } <= set(frame["variable"])  # fmt: skip
    assert found.table().shape == (len(frame) // 4, 4) and found.residual < 1e-10
    assert "cost_cutoff" in found.summary() and found.citation_keys[0] == "melitz-trefler2012"
    assert len(drawn(found.plot(["cost_cutoff", "import_share"]))) == 2
    sizes = solve_scenarios(UniformParameters(), market_size=[1, 2])
    assert [result.scenario for result in sizes.results] == ["market_size=1", "market_size=2"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: solve(3), "not int"),
        (lambda: solve_scenarios(UniformParameters()), "varies one parameter; found none"),
        (lambda: solve_scenarios(UniformParameters(), trade_cots=[1]), 'Did you mean "trade_cost"'),
        (lambda: solve_scenarios(UniformParameters(), trade_cost=[]), "at least one number"),
        (lambda: solve_scenarios(UniformParameters(), trade_cost=[0.5, 0.5]), "no number twice"),
        (lambda: solve_scenarios(UniformParameters(), trade_cost=0.5), "must be a list of numbers"),
        (lambda: MODELS["melitz-ottaviano-uniform"].make({"entry": 1}), 'Did you mean "entry_cost"'),
        (
            lambda: solve_scenarios(UniformParameters(), trade_cost=[0.5]).plot(["cutoff"]),
            "no variable 'cutoff' to plot",
        ),
        (lambda: solve_scenarios(UniformParameters(), trade_cost=[math.inf]).plot(), "infinite in every scenario"),
    ],
)
def test_bad_calls(call, words):
    with pytest.raises(InputError) as caught:
        call()
    assert words in str(caught.value)


def test_figures_of_the_paper():
    closed, open_ = (solve(UniformParameters(trade_cost=t)).value for t in (math.inf, 0.5))
    assert len(drawn(plot_performance(closed))) == 2
    assert len(drawn(plot_integration(closed, 3))) == 2
    assert drawn(plot_export_decision(open_))[0] >= 4
    change = liberalise(UniformParameters(trade_cost=0.8), UniformParameters(trade_cost=0.4))
    figure = change.plot()
    labels = figure.axes[0].get_legend_handles_labels()[1]
    assert "start to export" in labels and "exit" in labels
    assert drawn(figure)
    assert drawn(select(change.before, change.after, innovation_cost=0.02, largest_reduction=0.2).plot())
    with pytest.raises(InputError, match="factor"):
        plot_integration(closed, 1)
    with pytest.raises(InputError, match=r"1\.2 is above the cutoff 1: such a firm sells nothing"):
        plot_performance(closed, (0.2, 1.2))


def test_areas_of_figure_2_are_equal():
    figure = plot_performance(solve(UniformParameters()).value)
    net = next(line for line in figure.axes[1].lines if str(line.get_label()).startswith("net profit"))
    x, y = net.get_data()
    area = float((((y[1:] + y[:-1]) / 2) * (x[1:] - x[:-1])).sum())
    assert abs(area) < 1e-5


def test_scenarios_by_name_take_matrices_and_are_drawn_by_name():
    costs = {"before": 1.5, "home opens": [[1, 1.5], [1.3, 1]], "closed": np.inf}
    found = solve_scenarios(ParetoParameters(), trade_cost=costs)
    assert list(found.table().columns) == list(costs) and found.values == ()
    for (name, cost), result in zip(costs.items(), found.results, strict=True):
        assert result.scenario == name
        np.testing.assert_allclose(result.welfare, solve(ParetoParameters(trade_cost=cost)).value.welfare, rtol=1e-14)
    figure = found.plot(["welfare"])
    assert [text.get_text() for text in figure.axes[0].get_xticklabels()] == list(costs)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["home", "foreign"]
    with pytest.raises(InputError, match="trade_cost has no scenarios"):
        solve_scenarios(ParetoParameters(), trade_cost={})
    with pytest.raises(InputError, match=r"from home to foreign is 0\.5"):
        solve_scenarios(ParetoParameters(), trade_cost={"wrong": [[1, 0.5], [2, 1]]})


def test_a_figure_of_many_countries_shows_some_and_says_so():
    names = tuple(f"country {number}" for number in range(11))
    world = ChaneyParameters(countries=names, minimum_productivity=0.3, export_fixed_cost=3.0)
    figure = solve_scenarios(world, trade_cost=[2.0, 1.5]).plot(["real_wage"])
    assert figure.legends[0].get_title().get_text() == "first 8 of 11"
    assert len(figure.axes[0].lines) == 8
