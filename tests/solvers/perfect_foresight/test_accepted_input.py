"""What users hand in is read generously, by its labels where it has any, and never by chance."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import xarray
from growth_model import growth_model, steady_baseline

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight import (
    Model,
    Plan,
    Shock,
    make_databank,
    simulate,
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
    [panel] = steady_state(MODEL, {"tfp": 1.0, "transfer": 0.0}).plot("output").axes
    assert panel.get_title(loc="left") == "output"
    with pytest.raises(InputError, match="model growth has no variable 'outptu'"):
        done.plot("outptu")
