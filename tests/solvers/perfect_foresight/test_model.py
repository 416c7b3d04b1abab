"""What a model refuses, and that its derivatives are those of its equations."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tradewinds.errors import AlignmentError, DataError, InputError
from tradewinds.solvers.perfect_foresight import (
    Model,
    Parameter,
    Shock,
    Variable,
    inspect,
    longer,
    make_databank,
    read_databank,
    simulate,
)
from tradewinds.solvers.perfect_foresight.stacked import Stacked

VARIABLES = (Variable("capital", "capital at the end of the period"), Variable("consumption", "consumption"))
PARAMETERS = (Parameter("alpha", 0.33, "share of capital", (0, 1)), Parameter("beta", 0.96, "patience", (0, 1)))


def euler(now, lag, lead, exogenous, parameters):
    reward = parameters.alpha * exogenous.lead.tfp * now.capital ** (parameters.alpha - 1) + 0.9
    return {"euler": 1 / now.consumption - parameters.beta * reward / lead.consumption}


def accumulation(now, lag, lead, exogenous, parameters):
    output = exogenous.tfp * lag.capital**parameters.alpha
    return {"accumulation": now.capital - 0.9 * lag.capital - output + now.consumption}


def model(**changes):
    given = {
        "countries": ("home", "foreign"),
        "variables": VARIABLES,
        "exogenous": (Variable("tfp", "productivity"),),
        "parameters": PARAMETERS,
        "blocks": (euler, accumulation),
    }
    return Model("growth", **(given | changes))


@pytest.mark.parametrize("rule", ["where", "compare", "maximum"])
def test_a_switch_that_is_off_hides_no_derivative(rule):
    """The pattern has to hold for all parameters: who switches a lead on must not lose its derivative."""

    def block(now, lag, lead, exogenous, p):
        on = {
            "where": lambda: jnp.where(p.forward > 0.5, 0.3 * lead.price, 0.0),
            "compare": lambda: (p.forward > 0.5) * 0.3 * lead.price,
            "maximum": lambda: jnp.maximum(p.forward, 0.0) * 0.3 * lead.price,
        }[rule]()
        return {"price": now.price - 0.5 * lag.price - on - exogenous.cost}

    switched = Model(
        "switch",
        countries=("home",),
        variables=[Variable("price", "price")],
        exogenous=[Variable("cost", "cost")],
        parameters=[Parameter("forward", -1.0, "whether prices look forward")],
        blocks=[block],
    )
    bank = make_databank(switched, range(2000, 2010), {"price": 0.0, "cost": 0.0})
    done = simulate(switched, bank, [Shock("cost", 1.0, 2001)], parameters={"forward": 1.0})
    assert [one.iterations for one in done.solutions] == [1]  # it is linear
    slow, fast = np.sort(np.abs(np.roots([0.3, -1.0, 0.5])))
    found = inspect(switched, bank, {"forward": 1.0}).determinacy
    assert (found.verdict, found.unstable) == ("determinate", 1)
    np.testing.assert_allclose(np.abs(found.roots), [slow, fast], rtol=1e-9)


def test_equations_keep_the_authors_order():
    assert model().equation_labels == ("euler[home]", "euler[foreign]", "accumulation[home]", "accumulation[foreign]")
    assert model(blocks=(accumulation, euler)).equation_labels[0] == "accumulation[home]"


@pytest.mark.parametrize("seed", range(3))
def test_derivatives_are_those_of_the_equations(seed):
    """Against a dense forward-mode twin, entry by entry; nothing outside the pattern."""
    growth = model()
    stacked, rng = Stacked(growth), np.random.default_rng(seed)
    path, given = rng.uniform(0.5, 2.0, (5, 4)), rng.uniform(0.5, 2.0, (5, 2))
    constants = growth.read_parameters()
    values, data = stacked.derivatives(path, given, np.zeros((3, 4)), constants)
    for t in range(3):

        def residual(x, t=t):
            return growth.residuals(x[0], x[1], x[2], given[t : t + 3], constants)

        dense = np.asarray(jax.jacfwd(residual)(path[t : t + 3]))
        ours = np.zeros((4, 3, 4))
        ours[stacked.pattern.rows, stacked.pattern.slots + 1, stacked.pattern.columns] = data[t]
        np.testing.assert_allclose(ours, dense, rtol=1e-12)
        np.testing.assert_allclose(values[t], residual(path[t : t + 3]), rtol=1e-12)


def reads_unknown(now, lag, lead, exogenous, parameters):
    return {"accumulation": now.captial - lag.capital}


def wrong_shape(now, lag, lead, exogenous, parameters):
    import jax.numpy as jnp

    return {"accumulation": jnp.zeros(3) * now.capital[0]}


def no_dict(now, lag, lead, exogenous, parameters):
    return now.capital - lag.capital


def sets_something(now, lag, lead, exogenous, parameters):
    now.capital = lag.capital
    return {"accumulation": now.capital}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"blocks": (euler,)}, "4 unknowns|no equation"),
        ({"blocks": (euler, accumulation, lambda now, *rest: {"extra": now.capital - 1.0})}, "no unknown is left for"),
        (
            {"variables": (*VARIABLES, Variable("idle", "never used"))},
            r"no equation contains idle\[home\], idle\[foreign\]",
        ),
        ({"blocks": (euler, reads_unknown)}, 'now.captial, which is not declared. Did you mean "capital"'),
        ({"blocks": (euler, wrong_shape)}, r"'accumulation' has a residual of shape \(3,\)"),
        ({"blocks": (euler, no_dict)}, "block no_dict returns"),
        ({"blocks": (euler, sets_something)}, "an equation sets now.capital"),
        ({"blocks": (euler, accumulation, accumulation)}, "'accumulation' is written twice"),
        ({"variables": (*VARIABLES, Variable("capital", "again"))}, "capital"),
        ({"variables": (*VARIABLES, Variable("my name", "with a blank"))}, "'my name' cannot be the name"),
        ({"exogenous": (Variable("tfp", "tfp"), Variable("euler_add", "a clash"))}, "add factor"),
        ({"countries": ()}, "at least one country"),
    ],
)
def test_what_cannot_be_a_model(changes, message):
    with pytest.raises(InputError, match=message):
        model(**changes)


def test_parameters_are_checked():
    with pytest.raises(InputError, match=r"parameter alpha is 1.2; it must lie between 0 and 1"):
        model().read_parameters({"alpha": 1.2})
    with pytest.raises(InputError, match=r"no parameter 'alhpa'\. Did you mean"):
        model().read_parameters({"alhpa": 0.3})
    with pytest.raises(InputError, match="one for each of home, foreign"):
        model().read_parameters({"alpha": [0.3, 0.3, 0.3]})
    assert model().read_parameters({"alpha": [0.3, 0.4]})["alpha"].tolist() == [0.3, 0.4]


def bank(**changes):
    return make_databank(model(), range(2000, 2005), {"capital": 1.0, "consumption": 0.5, "tfp": 1.0} | changes)


def test_a_databank_says_everything_it_lacks():
    broken = bank().drop_vars("tfp")
    broken["capital"][2, 1] = np.nan
    with pytest.raises(DataError, match="2 problems") as caught:
        read_databank(model(), broken)
    assert "capital is nan at foreign, 2002" in str(caught.value) and "tfp is missing (productivity)" in str(
        caught.value
    )


def test_countries_of_a_databank_are_the_models():
    with pytest.raises(AlignmentError, match=r"lacks home.*has abroad"):
        read_databank(model(), bank().assign_coords(country=["abroad", "foreign"]))
    turned = bank(capital=[1.0, 2.0]).isel(country=[1, 0])
    np.testing.assert_array_equal(read_databank(model(), turned).unknowns[0, :2], [1.0, 2.0])
    numbered = model(countries=(1, 2))
    values = {"capital": 1.0, "consumption": 0.5, "tfp": 1.0}
    frame = make_databank(numbered, range(2000, 2003), values).assign_coords(country=[1, 2])
    assert read_databank(numbered, frame).unknowns.shape == (3, 4)


def test_bad_names_shapes_and_years():
    with pytest.raises(InputError, match='Did you mean "capital"'):
        bank(captial=1.0)
    with pytest.raises(InputError, match="capital has shape"):
        bank(capital=[1.0, 2.0, 3.0])
    with pytest.raises(InputError, match="in a row"):
        make_databank(model(), [2000, 2002, 2003], {})


def test_longer_lags_are_those_written_by_hand():
    """An order delivered three periods later, with a lead of two: auxiliaries give the same path as shifted columns."""
    orders = Variable("orders", "orders placed")
    added, shifts = longer(orders, lag=3, lead=2)

    def delivery(now, lag, lead, exogenous, parameters):
        return {
            "delivery": now.delivered - lag.orders_lag2 - 0.1 * lead.orders_lead1,
            "orders": now.orders - exogenous.plan,
        }

    chain = Model(
        "orders",
        countries=("home",),
        variables=(orders, Variable("delivered", "delivered"), *added),
        exogenous=(Variable("plan", "planned orders"),),
        blocks=(delivery, shifts),
    )
    values = {item.name: 1.0 for item in chain.variables} | {"plan": 1.0, "delivered": 1.1}
    result = simulate(chain, make_databank(chain, range(2000, 2012), values), [Shock("plan", 1.0, 2005, 2005)])
    delivered = result.databank["delivered"].values[:, 0]
    expected = np.full(12, 1.1)
    expected[2008 - 2000] += 1.0  # three periods after the order
    expected[2003 - 2000] += 0.1  # two periods ahead of it
    np.testing.assert_allclose(delivered, expected, atol=1e-12)
