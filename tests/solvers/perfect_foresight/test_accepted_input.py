"""What users hand in is read generously, by its labels where it has any, and never by chance."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import xarray
from growth_model import growth_model, linear_model, steady_baseline

from tradewinds.errors import AlignmentError, InputError
from tradewinds.solvers.perfect_foresight import (
    Model,
    Parameter,
    Plan,
    Shock,
    make_databank,
    residual_adjusted,
    simulate,
    simulate_many,
    solve_plan,
    steady_state,
)

MODEL = growth_model()
BASE = steady_baseline(MODEL, range(2000, 2012))


def with_changes(**changes):
    names = ("countries", "variables", "exogenous", "parameters", "blocks")
    return Model("growth", **({name: getattr(MODEL, name) for name in names} | changes))


def test_sizes_with_years_are_put_in_order_by_them():
    path = pd.Series({2002: 0.02, 2001: 0.01})
    tfp = simulate(MODEL, BASE, [Shock("tfp", path, 2001, 2002)]).databank["tfp"].sel(country="home")
    assert tfp.sel(year=[2001, 2002, 2003]).values.tolist() == [1.01, 1.02, 1.0]


def test_a_generator_of_shocks_is_read_as_a_list_is():
    shocks = [Shock("tfp", 0.01, 2001), Shock("transfer", 0.1, 2003)]
    one, other = simulate(MODEL, BASE, shocks), simulate(MODEL, BASE, (shock for shock in shocks))
    assert other.shocks == tuple(shocks)
    assert other.databank.identical(one.databank)
    plan = Plan().target("output", 1.0, kind="percent", years=2004).instrument("tfp", years=2004)
    assert solve_plan(MODEL, BASE, plan, (shock for shock in shocks)).simulation.shocks[:2] == tuple(shocks)
    assert with_changes(variables=(variable for variable in MODEL.variables)).size == MODEL.size


def test_countries_may_be_numbers():
    """They are labels all the same, whatever holds them."""
    model = with_changes(countries=[1, 2])
    given = {variable.name: 1.0 for variable in (*MODEL.variables, *MODEL.exogenous)}
    bank = make_databank(model, range(2000, 2004), given | {"capital": {2: 20.0, 1: 10.0}})
    assert bank["capital"].values[0].tolist() == [10.0, 20.0]
    assert model.read_parameters({"alpha": {2: 0.2, 1: 0.1}})["alpha"].tolist() == [0.1, 0.2]


def test_a_steady_state_reads_labels():
    by_label = {"foreign": 1.0, "home": 2.0}
    array = xarray.DataArray([1.0, 2.0], {"country": ["foreign", "home"]}, ("country",))
    for given in (by_label, pd.Series(by_label), array):
        found = steady_state(MODEL, {"tfp": given, "transfer": 0.0})
        assert found.exogenous["tfp"].tolist() == [2.0, 1.0]
    for wrong, message in (
        ({"tfp": pd.Series({"foreign": 1.0, "abroad": 2.0})}, "exogenous of tfp: no country 'abroad'"),
        (
            {"tfp": xarray.DataArray([1.0, 2.0], dims="year")},
            "exogenous of tfp has the dimension year; expected country",
        ),
        ([1.0], "exogenous is a list; give values by name: {name: value}"),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            steady_state(MODEL, wrong)
    for settings in ({"tolerance": None}, {"max_iterations": 2.5}):
        with pytest.raises(InputError, match=r"it must be a (positive|whole) number"):
            steady_state(MODEL, {"tfp": 1.0, "transfer": 0.0}, **settings)
    with pytest.raises(InputError, match=r"year 2000\.5 is no whole number"):
        found.databank([2000.5, 2001.5, 2002.5])


def test_figures_take_one_name_or_several():
    done = simulate(MODEL, BASE, [Shock("tfp", 0.01, 2001)])
    [panel] = done.plot("output", "home").axes
    assert panel.get_title(loc="left") == "output"
    assert len(panel.get_legend_handles_labels()[0]) == 1
    [panel] = simulate_many(MODEL, BASE, {"one": [Shock("tfp", 0.01, 2001)]}).plot("output", "home").axes
    assert panel.get_title(loc="left") == "home"
    [panel] = steady_state(MODEL, {"tfp": 1.0, "transfer": 0.0}).plot("output").axes
    assert panel.get_title(loc="left") == "output"
    with pytest.raises(InputError, match="model growth has no variable 'outptu'"):
        done.plot("outptu")


def test_a_panel_of_a_baseline_of_zero_is_drawn_in_points():
    """It has no per cent; an empty panel would say that nothing happened."""
    model = linear_model()
    bank = make_databank(model, range(2000, 2012), {"price": 0.0, "wage": 10.0, "demand": 0.0})
    done = simulate(model, residual_adjusted(model, bank), [Shock("demand", 1.0, 2003)])
    price, wage = done.plot().axes
    assert (price.get_ylabel(), wage.get_ylabel()) == ("units of the model", "per cent")
    drawn = price.get_lines()[0].get_ydata()
    np.testing.assert_array_equal(drawn, done.deviations("points")["price"].sel(country="home"))
    plan = Plan().target("price", 1.0, kind="points", countries="home", years=2004)
    planned = solve_plan(model, bank, plan.instrument("demand", countries="home", years=2004))
    assert planned.plot().axes[0].get_ylabel() == "units of the model"


def test_series_and_matrices_say_whose_numbers_they_are():
    given = {"capital": pd.Series({"foreign": 2.0, "home": 1.0}), "tfp": 1.0, "transfer": pd.Series([1.0, 2.0, 3.0])}
    bank = make_databank(MODEL, range(3), given)
    assert bank["capital"].values.tolist() == [[1.0, 2.0]] * 3
    assert bank["transfer"].values.tolist() == [1.0, 2.0, 3.0]
    flows = xarray.DataArray([[4.0, 3.0], [2.0, 1.0]], {"to": ["b", "a"], "from": ["b", "a"]}, ("to", "from"))
    pairs = Parameter("share", ((0.0, 1.0), (1.0, 0.0)), "trade", pairs=True)
    assert pairs.read(flows, ("a", "b")).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    with pytest.raises(AlignmentError, match="parameter share lacks a, b and names 0, 1"):
        pairs.read(flows.drop_vars(["to", "from"]), ("a", "b"))
    for years in (5, "2000", None):
        with pytest.raises(InputError, match="give whole numbers in a row"):
            make_databank(MODEL, years, {})
    with pytest.raises(InputError, match="values of a databank is a list; give values by name"):
        make_databank(MODEL, range(3), [1.0])


def test_twelve_countries_and_the_world_can_be_drawn_together():
    """No panel has more than twelve lines, though the figure has thirteen."""
    many = growth_model(tuple(f"c{k}" for k in range(12)))
    axes = simulate(many, steady_baseline(many, range(2000, 2005))).plot().axes
    assert [len(axis.get_legend_handles_labels()[0]) for axis in axes] == [12, 12, 12, 1]


def test_shocks_that_say_the_same_are_equal():
    sizes = ((0.1, 0.2), [0.1, 0.2], np.array([0.1, 0.2]))
    assert {Shock("tfp", size, 2001, 2002) for size in sizes} == {Shock("tfp", (0.1, 0.2), 2001, 2002)}


def test_one_country_needs_no_label():
    model = growth_model(("home",))
    labelled = steady_baseline(model, range(2000, 2006))
    plain = labelled.drop_vars("country")
    shocks = [Shock("tfp", 0.1, 2001)]
    one, other = (simulate(model, bank, shocks) for bank in (labelled, plain))
    pd.testing.assert_frame_equal(one.tidy(), other.tidy())
    assert one.contributions().identical(other.contributions())
    assert one.summary() == other.summary()
