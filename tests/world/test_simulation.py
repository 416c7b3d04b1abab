"""Economics of the world model: what must hold whatever the numbers."""

import ast
import importlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tradewinds.errors import DataError, InputError, SizeWarning
from tradewinds.world import SHOCKS, WorldShock, read_calibration, simulate_many_worlds, simulate_world
from tradewinds.world.model import baseline_databank, world_model
from tradewinds.world.parameters import RND_FINANCING
from tradewinds.world.scenario import require_shocks
from tradewinds.world.static_twin import long_run
from tradewinds.world.variables import MEASURES

#: One shock of each kind, with a size that is felt.
EVERY_SHOCK = {
    "rnd_spending": {"size": 0.005, "countries": ("HOME", "TIGER")},
    "extra_trade": {"size": 0.05, "countries": ("SOUTH",)},
    "tariff": {"size": 0.1, "countries": ("HOME",)},
    "labour": {"size": 0.02, "countries": ("ABROAD",)},
    "other_productivity": {"size": 0.02, "countries": ("SMALL",)},
    "government": {"size": 0.01, "countries": ("HOME",)},
    "debt_target": {"size": 0.1, "countries": ("ABROAD",)},
    "external_finance": {"size": -0.01, "countries": ("SOUTH",)},
    "money_target": {"size": 0.05, "countries": ("HOME",)},
    "real_oil_price": {"size": 0.3},
    "import_preference": {"size": -0.2, "countries": ("HOME",), "partner": "ABROAD"},
}


def test_no_shock_no_deviation(run):
    result = run()
    assert result.ok
    for variable in MEASURES:
        after, before = result.levels(variable)
        np.testing.assert_allclose(after, before, rtol=0, atol=1e-12, err_msg=variable)


def test_every_exogenous_variable_can_be_shocked():
    assert set(EVERY_SHOCK) == set(SHOCKS)


@pytest.mark.parametrize("variable", EVERY_SHOCK)
def test_identities_hold_under_every_shock(run, variable):
    result = run(WorldShock(variable, start=2026, **EVERY_SHOCK[variable]))
    gaps = result.identities()
    assert len(gaps) == 7
    assert max(gaps.values()) < 1e-9, gaps
    moved = max(np.max(np.abs(after - before)) for after, before in map(result.levels, MEASURES))
    assert moved > 1e-4


@pytest.mark.parametrize("variable", [name for name in EVERY_SHOCK if name not in ("money_target", "external_finance")])
def test_static_twin_is_a_steady_state_of_the_dynamic_model(small, variable):
    """The twin was written for itself; put into the dynamic equations with nothing changing, it must solve them all."""
    shock = WorldShock(variable, start=2026, **EVERY_SHOCK[variable])
    twin = long_run(small, [shock], oil_exporters_assets=0.01)
    model = world_model(small)
    bank = baseline_databank(small, 2200, 2201)
    state = _complete(small, twin.values)
    point = np.concatenate(
        [np.broadcast_to(state[v.name], 5 if v.dimension == "country" else 1) for v in model.variables]
    )
    given = {item.name: bank[item.name].values[-1] for item in model.exogenous}
    read = shock.read(small)
    chosen = [not read.countries or code in read.countries for code in small.codes]
    base = given[read.variable]
    given[read.variable] = base + (np.where(chosen, read.size, 0.0) if base.ndim else read.size)
    exogenous = np.concatenate([np.atleast_1d(given[item.name]) for item in model.exogenous])
    constants = model.read_parameters(small.model_parameters)
    residual = np.asarray(model.residuals(point, point, point, np.stack([exogenous] * 3), constants))
    worst = int(np.argmax(np.abs(residual)))
    assert abs(residual[worst]) < 1e-9, model.equation_labels[worst]


def _complete(world, twin):
    """Return the twin's values with what it leaves out, because it is constant or follows at once."""
    a, one = world.arrays, np.ones(5)
    rate = twin["real_interest_rate"]
    debt = a["debt_ratio"] + (twin["wealth"] - twin["human_wealth"] - twin["market_value"] - a["debt_ratio"])
    abroad = twin["foreign_assets"] / (twin["real_exchange_rate"] * twin["absorption_price"])
    # money is neutral: it moves with potential output, and the price level with what of it is not demanded
    inflation = float(a["baseline_inflation"])
    demand = (a["money_activity"] * np.log(twin["absorption"]) - a["money_interest"] * (rate - a["real_rate"])) / (
        1 - a["money_inertia"]
    )
    return twin | {
        "capital_gap": 0.0 * one,
        "long_rate": rate,
        "absorption_real_rate": rate,
        "government_debt": debt - abroad,
        "inflation": inflation * one,
        "interest_rate": rate + inflation,
        "money": twin["potential_output"],
        "price_level": twin["potential_output"] / np.exp(demand),
        "current_account_gdp": twin["foreign_assets"]
        * (1 - 1 / (1 + a["growth"]))
        / (twin["real_exchange_rate"] * twin["output"]),
    }


def test_dynamics_lead_to_the_static_twin(small):
    """The slowest root is near one, so the far end comes near the twin only after centuries."""
    shock = WorldShock("rnd_spending", 0.005, ("HOME",), start=2025)
    twin = long_run(small, [shock])
    gaps = []
    for last in (2100, 2200, 2400):
        result = simulate_world(small, [shock], first_year=2025, last_year=last, beyond=100)
        gaps.append(np.max(np.abs(result.levels("potential_output")[0][-1] / twin.values["potential_output"] - 1)))
    assert gaps[0] > 2 * gaps[1] > 4 * gaps[2]
    assert gaps[2] < 2e-4


def test_money_is_neutral_in_the_long_run(run):
    result = run(WorldShock("money_target", 0.1, ("HOME",), start=2026), last_year=2400)
    prices = result.deviation("price_level", "HOME")
    assert prices[-1] == pytest.approx(100 * (np.exp(0.1) - 1), abs=1e-3)
    assert np.max(np.abs(result.deviation("output", "HOME")[:6])) > 0.1  # and not in the short run
    for variable in ("output", "consumption", "real_exchange_rate", "capital"):
        assert abs(result.deviation(variable, "HOME")[-1]) < 0.02, variable


def test_half_the_shock_has_about_half_the_effect(run, research):
    half = run(WorldShock("rnd_spending", 0.0025, ("HOME",), start=2025))
    whole, part = (one.deviation("potential_output", "HOME")[-1] for one in (research, half))
    assert part == pytest.approx(whole / 2, rel=0.04)
    assert part > whole / 2  # logs: the second half adds less


def test_relabelling_countries_relabels_results(small, research):
    order = [3, 0, 4, 2, 1]
    codes = [small.codes[k] for k in order]
    industrial = [code for code in codes if code in small.rnd_import_shares.columns]
    other = replace(
        small,
        countries={code: small.countries[code] for code in codes},
        names={code: small.names[code] for code in codes},
        rnd_import_shares=small.rnd_import_shares.loc[codes, industrial],
        import_shares=small.import_shares.loc[codes, codes],
        foreign_stock_index=small.foreign_stock_index.loc[codes],
    )
    again = simulate_world(
        other, [WorldShock("rnd_spending", 0.005, ("HOME",), start=2025)], first_year=2025, last_year=2050, beyond=60
    )
    for variable in ("output", "consumption", "real_exchange_rate", "foreign_assets", "inflation"):
        for code in codes:
            np.testing.assert_allclose(
                again.deviation(variable, code),
                research.deviation(variable, code),
                rtol=0,
                atol=1e-7,
                err_msg=f"{variable} {code}",
            )


def test_without_spillovers_and_trade_effects_productivity_follows_own_research_alone(small, run):
    closed = small.with_values({"foreign_rnd_elasticity": 0.0, "trade_tfp_effect": 0.0})
    result = run(
        WorldShock("rnd_spending", 0.005, ("HOME",), start=2025), calibration=closed, beyond=200, last_year=2200
    )
    stock = result.levels("domestic_rnd_stock")[0][:, 0]
    np.testing.assert_allclose(result.deviation("tfp", "HOME"), 100 * 0.234 * np.log(stock), rtol=1e-9)
    assert np.max(np.abs(result.deviation("tfp", "SOUTH"))) < 1e-9
    # the neoclassical response: output by Cobb-Douglas, and capital until its after-tax income pays interest, wear and premium
    potential, capital = (result.levels(name)[0][-1, 0] for name in ("potential_output", "capital"))
    assert np.log(potential) == pytest.approx(0.234 * np.log(stock[-1]) + 0.3 * np.log(capital / 2.0), abs=1e-12)
    assert result.levels("output")[0][-1, 0] == pytest.approx(potential, rel=1e-7)
    cost = (
        result.levels("absorption_real_rate")[0][-1, 0]
        + closed.arrays["depreciation"][0]
        + closed.baseline["capital_premium"][0]
    )
    assert result.levels("profits")[0][-1, 0] / capital == pytest.approx(cost, rel=2e-4)


def test_research_at_home_helps_those_who_buy_from_home(research):
    abroad = [research.deviation("potential_output", code)[-1] for code in ("ABROAD", "SMALL", "TIGER", "SOUTH")]
    assert min(abroad) > 0.3
    assert research.deviation("potential_output", "HOME")[-1] > max(abroad)
    assert research.deviation("investment", "HOME")[0] < 0  # higher costs come before higher profits
    assert research.deviation("real_exchange_rate", "SOUTH")[-1] > 1  # the output of home gets cheaper


def test_shares_of_output_add_up(research):
    table = research.shares_of_output("HOME")
    np.testing.assert_allclose(
        table["from_productivity"] + table["from_capital"], table["potential_output"], rtol=0, atol=1e-9
    )
    assert table["from_capital"].iloc[-1] > 0


def test_groups_lie_between_their_members(research):
    for weighting in ("level", "gdp", "simple"):
        group = research.deviation("capital", "industrial", weighting)
        members = np.array([research.deviation("capital", code) for code in ("HOME", "ABROAD", "SMALL")])
        assert np.all(group <= members.max(axis=0) + 1e-12) and np.all(group >= members.min(axis=0) - 1e-12)
    simple = research.deviation("capital", "HOME+SOUTH", "simple")
    expected = (research.deviation("capital", "HOME") + research.deviation("capital", "SOUTH")) / 2
    np.testing.assert_allclose(simple, expected)


def test_tidy_has_the_contract(research):
    frame = research.tidy()
    assert list(frame.columns) == ["variable", "value", "unit", "scenario", "country", "year"]
    assert set(frame["country"]) == {*research.calibration.codes, ""}
    assert len(frame) == 26 * (5 + 5 * (len(MEASURES) - 5))
    row = frame.query("variable == 'output' and country == 'HOME' and year == 2050")["value"].item()
    assert row == research.deviation("output", "HOME")[-1]


@pytest.mark.parametrize(
    ("shock", "text"),
    [
        (WorldShock("rnd", 0.01), "rnd_spending"),
        (WorldShock("rnd_spending", 0.01, ("MARS",)), "MARS"),
        (WorldShock("import_preference", 0.1, ("HOME",)), "partner"),
        (WorldShock("tariff", 0.1, partner="HOME"), "takes no partner"),
        (WorldShock("real_oil_price", 0.1, ("HOME",)), "holds for the world"),
        (WorldShock("external_finance", -0.01, ("HOME", "TIGER")), "finance-constrained ones: SOUTH"),
        (WorldShock("tariff", -1.0, ("HOME",)), "more than -1"),
        (WorldShock("labour", (0.1, -1.5), ("HOME",)), "-1.5 leaves nothing"),
        (WorldShock("rnd_spending", -0.01, ("HOME", "SOUTH")), "R&D of SOUTH is 0.002"),
        (WorldShock("rnd_spending", "much", ("HOME",), start=2025), "expected numbers"),
    ],
)
def test_shocks_that_cannot_be(run, shock, text):
    with pytest.raises(InputError, match=text):
        run(shock)


def test_a_country_may_stand_alone_and_the_last_of_several_sizes_holds_on(run):
    found = run(WorldShock("rnd_spending", (0.002, 0.005), "HOME", start=2030, announced=2030))
    asked = 100 * np.array([0.0] * 5 + [0.002] + [0.005] * 20)
    np.testing.assert_allclose(found.deviation("rnd_gdp", "HOME"), asked, rtol=0, atol=1e-9)
    assert (
        found.simulation.databank["rnd_spending"].sel(country="HOME").values[-2] == 0.005
    )  # beyond what is reported too
    assert np.max(np.abs(found.deviation("rnd_gdp", "ABROAD"))) < 1e-9
    ended = run(WorldShock("rnd_spending", (0.002, 0.005), ("HOME",), start=2030, end=2032))
    np.testing.assert_allclose(ended.deviation("rnd_gdp", "HOME")[4:9], [0, 0.2, 0.5, 0.5, 0], rtol=0, atol=1e-9)


def test_no_number_is_hidden_in_the_equations():
    """All that could have another value is in the table of parameters, with its bounds and its source."""
    folder = Path(importlib.import_module("tradewinds.world.equations").__file__).parent
    hidden = [
        f"{file.name}, line {node.lineno}: {node.value}"
        for file in sorted(folder.glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value not in (0, 1)
    ]
    assert len(list(folder.glob("*.py"))) > 10
    assert hidden == []


def test_what_is_expected_of_inflation_decides_how_fast_prices_move(run, small):
    shock = WorldShock("money_target", 0.1, ("HOME",), start=2030)
    forward, half = (
        run(shock, calibration=small.with_values({"inflation_foresight": weight})).deviation("price_level", "HOME")
        for weight in (0.6, 0.5)
    )
    assert forward[4] > half[4] > 0.1  # prices rise before the money does, the more so the more they look ahead


def test_the_unit_of_output_does_not_matter(small, run, research):
    """Output in billions instead of shares: the same results, those of the oil exporters too, and identities as exact."""
    output = dict(zip(small.codes, 2e4 * small.arrays["gdp_share"], strict=True))
    again = run(
        WorldShock("rnd_spending", 0.005, ("HOME",), start=2025), calibration=small.with_values({"gdp_share": output})
    )
    for variable in MEASURES:
        for after, before in zip(again.levels(variable), research.levels(variable), strict=True):
            np.testing.assert_allclose(after, before, rtol=0, atol=1e-9, err_msg=variable)
    assert max(again.identities().values()) < 1e-12
    world_oil = small.arrays["gdp_share"] @ small.arrays["oil_imports_share"] / small.arrays["gdp_share"].sum()
    assert research.levels("oil_exporters_imports")[1][0] == pytest.approx(world_oil)


def test_a_parameter_that_is_no_number_is_named(small):
    with pytest.raises(InputError, match="parameter capital_share is 'x'"):
        small.with_values({"capital_share": {"HOME": "x"}})
    with pytest.raises(InputError, match="parameter growth is None"):
        small.with_values({"growth": None})


def test_labour_income_discounted_too_little_is_what_is_wrong(small):
    with pytest.raises(DataError) as caught:
        small.with_values({"human_wealth_discount": 0.01})
    assert list(caught.value.problems) == [
        f"{code}: human_wealth_discount is 0.01; it must exceed growth, 0.02" for code in small.codes
    ]


def test_roots_that_every_world_has_are_no_reason_why_one_is_not_solved(small, run):
    wild = {"last_year": 2030, "throw": False}
    lost = run(WorldShock("other_productivity", -40.0, ("HOME",), start=2025), **wild)
    assert not lost.ok
    assert any("roots outside the unit circle" in note for note in lost.simulation.notes)
    assert not any("roots" in note for note in lost.notes) and "homotopy" in lost.notes[0]
    [roots] = [note for note in lost.simulation.notes if "32 roots outside the unit circle for 30 jumps" in note]
    worse = replace(lost.simulation, notes=(roots.replace("32", "33"),))  # as with a trade elasticity of .3 in SOUTH
    assert "with 2 more than jumps the world is in order" in replace(lost, simulation=worse).notes[0]


def test_what_the_twin_cannot_do(small):
    with pytest.raises(InputError, match="permanent"):
        long_run(small, [WorldShock("rnd_spending", 0.005, ("HOME",), start=2025, end=2030)])
    with pytest.raises(InputError, match="no long run under a shock to external_finance"):
        long_run(small, WorldShock("external_finance", -0.01, ("SOUTH",), start=2025))


def test_claims_under_lasting_external_finance_grow_for_good(run):
    """Why the twin refuses: the state in which claims would stand still is one that they move away from."""
    result = run(WorldShock("external_finance", -0.002, "SOUTH", start=2025), last_year=2100)
    claims = result.levels("foreign_assets")[0][:, 4]
    assert np.all(np.diff(claims) < 0)
    assert claims[-1] < 3 * claims[-50] < 0  # faster than in proportion to time


def test_one_shock_need_not_be_a_list(small, run):
    shock = WorldShock("government", 0.01, "HOME", start=2025)
    years = {"first_year": 2025, "last_year": 2030, "beyond": 20}
    alone = simulate_world(small, shock, **years)
    assert alone.shocks == (shock,)
    [batch] = simulate_many_worlds(small, {"one": shock}, **years).values()
    expected = simulate_world(small, [shock], **years).deviation("output", "HOME")
    for result in (alone, batch):
        np.testing.assert_allclose(result.deviation("output", "HOME"), expected, rtol=0, atol=1e-8)
    assert long_run(small, shock).values["output"] == pytest.approx(long_run(small, [shock]).values["output"])
    for wrong in ("government", None, 0.01, {"government": 0.01}):
        with pytest.raises(InputError, match="give a WorldShock, or a list of them"):
            simulate_world(small, wrong, **years)
    with pytest.raises(InputError, match="'government' is no shock"):
        simulate_world(small, ["government"], **years)
    with pytest.raises(InputError, match="scenarios are given by name"):
        simulate_many_worlds(small, [shock], **years)


@pytest.mark.parametrize(
    ("variable", "size", "doubtful"),
    [
        ("rnd_spending", 0.5, True),
        ("rnd_spending", (0.001, -0.5), True),
        ("rnd_spending", 0.05, False),
        ("government", 1, True),
        ("extra_trade", 5.0, True),
        ("extra_trade", 0.05, False),
        ("external_finance", -2.0, True),
        ("tariff", 1.0, False),  # is a price, and may double
        ("labour", 0.5, False),
    ],
)
def test_a_size_that_looks_like_per_cent_is_doubted(variable, size, doubtful):
    shock = WorldShock(variable, size, "SOUTH")
    if not doubtful:
        assert require_shocks(shock) == (shock,) and shock.doubt == ""
        return
    with pytest.warns(SizeWarning, match=f"{variable} of .* per cent of output, because sizes are shares"):
        require_shocks(shock)


def test_the_doubt_says_what_to_give_instead():
    assert WorldShock("rnd_spending", 0.5).doubt.endswith(
        "is 50 per cent of output, because sizes are shares of it; if 0.5 per cent is meant, give 0.005"
    )


@pytest.mark.parametrize("variable", ["real_oil_price", "rnd_spending", "government"])
def test_oil_exporters_are_a_residual_that_lets_world_trade_add_up(run, small, variable):
    result = run(WorldShock(variable, start=2026, **EVERY_SHOCK[variable]))
    w = small.arrays["gdp_share"] / small.arrays["gdp_share"].sum()
    x = {name: result.levels(name)[0] for name in MEASURES}
    np.testing.assert_allclose(x["oil_exports"], x["oil_imports"] @ w, rtol=0, atol=1e-12)
    # volumes: what countries export beyond their imports is what the oil exporters buy
    np.testing.assert_allclose((x["exports"] - x["imports"]) @ w, x["oil_exporters_imports"], rtol=0, atol=1e-11)
    # values: what all others run up in claims, the oil exporters lose
    np.testing.assert_allclose(x["foreign_assets"] @ w, -x["oil_exporters_assets"], rtol=0, atol=1e-10)
    before = result.levels("oil_exports")[1], result.levels("oil_exporters_imports")[1]
    np.testing.assert_allclose(before[0], before[1], rtol=0, atol=1e-15)  # on the baseline they spend what they earn
    spent, sold = (result.deviation(name) for name in ("oil_exporters_imports", "oil_exports"))
    assert np.max(np.abs(spent)) > 1e-3 and np.max(np.abs(sold)) > 1e-4
    if variable == "real_oil_price":  # dearer oil: less is sold, for more, which they first save and then spend
        assert sold[-1] < 0 < spent[1] < spent[10]
        assert result.deviation("oil_exporters_assets")[5] > 0
    frame = result.tidy()
    assert set(frame.loc[frame["variable"].isin(["oil_exports", "oil_exporters_imports"]), "country"]) == {""}


def test_who_pays_for_research_has_two_readings(small, run):
    shock = WorldShock("rnd_spending", 0.005, "HOME", start=2025)
    worlds = {name: small.with_rnd_financing(name) for name in RND_FINANCING}
    assert {
        name: (w.arrays["rnd_cost_to_owners"][0], w.arrays["rnd_cost_to_households"][0]) for name, w in worlds.items()
    } == {
        "owners": (1.0, 0.0),
        "owners_and_households": (1.0, 1.0),
    }
    assert "p. 16" in worlds["owners"].value_of("rnd_cost_to_owners", "HOME").source
    first = {name: run(shock, calibration=world).deviation("consumption", "HOME")[0] for name, world in worlds.items()}
    assert first["owners_and_households"] < first["owners"] - 0.05
    with pytest.raises(InputError, match="rnd_financing"):
        small.with_rnd_financing("nobody")


def test_unknown_words_are_answered(research):
    with pytest.raises(InputError, match="consumption"):
        research.deviation("consumtion", "HOME")
    with pytest.raises(InputError, match="HOME"):
        research.deviation("consumption", "HOM")
    with pytest.raises(InputError, match="2051"):
        research.table(["output"], "HOME", [2051])


def test_a_weighting_that_does_not_exist_is_refused(research):
    with pytest.raises(InputError, match="weighting is 'output'; choose from level, gdp, simple"):
        research.deviation("capital", "industrial", "output")


def test_the_summary_says_by_how_much(research):
    assert "shock: rnd_spending[HOME] from 2025, +0.005\n" in research.summary()


def test_one_place_can_be_drawn_by_its_name(research):
    titles = [axes.get_title(loc="left") or axes.get_title() for axes in research.plot("SOUTH").axes]
    assert titles[:2] == ["Developing: output", "Developing: demand"]


def test_the_calibration_of_the_paper_is_in_balance():
    world = read_calibration("bayoumi-coe-helpman-1996")
    flows, a = world.flows, world.arrays
    share = a["gdp_share"] / a["gdp_share"].sum()
    np.testing.assert_allclose(flows.sum(axis=1), share * a["import_share"], rtol=1e-10)
    sold = share * world.baseline["exports"]
    to_oil = world.oil_purchases * (share @ a["oil_imports_share"])
    np.testing.assert_allclose(flows.sum(axis=0), sold - to_oil, rtol=1e-10)
    assert sold.sum() == pytest.approx(share @ (a["import_share"] + a["oil_imports_share"]))
    assert {world.value_of(name, "US").source for name in a} - {""}  # every number has its source
    assert all(world.value_of(name, code).source for name in a for code in world.codes)
