"""Exact hat algebra: identities, closed forms, a twin by root finding, steps along a path, a user's tables, and what is refused."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root

from tradewinds.errors import AlignmentError, ConvergenceError, InputError
from tradewinds.firms import solve_scenarios
from tradewinds.firms.gains import gains_by_sector, gains_from_trade
from tradewinds.firms.hat import HatParameters, TradeTables, example_tables, integrate_welfare, solve_hat
from tradewinds.firms.hat.checks import names, residual

FEW = settings(deadline=None, max_examples=25)


def solved(tables, **changes):
    return solve_hat(HatParameters(tables=tables, **changes)).value


def balanced(countries=3, sectors=2, seed=0, tariff=0.1):
    """Tables without deficits: the first step of the published exercise."""
    return solved(example_tables(countries, sectors, seed, tariff), deficits="zero").tables_after()


def same(tables, **changes):
    names = ("countries", "sectors", "flows", "input_shares", "trade_elasticities", "tariffs")
    return TradeTables(**{**{name: getattr(tables, name) for name in names}, **changes})


worlds = st.tuples(st.integers(2, 6), st.integers(1, 5), st.integers(0, 1000))


@FEW
@given(worlds)
def test_no_change_changes_nothing(drawn):
    result = solved(example_tables(*drawn))
    for array in (result.wage, result.prices, result.price_index):
        np.testing.assert_allclose(array, 1, atol=1e-11)
    np.testing.assert_allclose(result.flows_after, result.parameters.tables.flows, rtol=1e-9)
    np.testing.assert_allclose([result.welfare_exact, result.welfare_first_order], 0, atol=1e-9)


@FEW
@given(worlds, st.floats(1e-6, 1e6))
def test_the_unit_of_account_does_not_matter(drawn, unit):
    tables = example_tables(*drawn)
    result, other = solved(tables, tariffs=0.02), solved(same(tables, flows=unit * tables.flows), tariffs=0.02)
    np.testing.assert_allclose(other.wage, result.wage, rtol=1e-9)
    np.testing.assert_allclose(other.welfare_exact, result.welfare_exact, atol=1e-8)
    np.testing.assert_allclose(result.wage @ tables.value_added, tables.value_added.sum())


@FEW
@given(worlds)
def test_order_of_countries_and_sectors_does_not_matter(drawn):
    tables, rng = example_tables(*drawn), np.random.default_rng(drawn[2])
    c, s = rng.permutation(drawn[0]), rng.permutation(drawn[1])
    turned = TradeTables(
        countries=tuple(tables.countries[i] for i in c), sectors=tuple(tables.sectors[i] for i in s),
        flows=tables.flows[np.ix_(c, c, s)], input_shares=tables.input_shares[np.ix_(c, s, s)],
        trade_elasticities=tables.trade_elasticities[s], tariffs=tables.tariffs[np.ix_(c, c, s)],
    )  # fmt: skip
    np.testing.assert_allclose(
        solved(turned, tariffs=0.0).welfare_exact, solved(tables, tariffs=0.0).welfare_exact[c], atol=1e-8
    )


@FEW
@given(st.integers(2, 8), st.integers(0, 1000), st.floats(0.3, 3))
def test_one_sector_is_the_formula_of_shares(n, seed, change):
    """Without tariffs and deficits, welfare is the home share to -1/theta, or -1/(theta value-added share) with inputs."""
    tables = balanced(n, 1, seed, tariff=0.0)
    result = solved(tables, trade_cost_change=change)
    ratio = np.array([result.shares_after[i, i, 0] / tables.trade_shares[i, i, 0] for i in range(n)])
    power = -1 / (tables.trade_elasticities[0] * tables.value_added_share[:, 0])
    np.testing.assert_allclose(result.welfare_exact, 100 * (ratio**power - 1), atol=1e-7)
    np.testing.assert_allclose(result.real_wage, result.welfare_exact, atol=1e-8)
    np.testing.assert_array_equal(result.welfare_exact > 0, change < 1)


@pytest.mark.parametrize(("n", "sectors"), [(2, 1), (4, 3), (6, 8)])
def test_autarky_is_the_formula_by_sector(n, sectors):
    tables = balanced(n, sectors, n, tariff=0.0)
    result = solved(tables, trade_cost_change=math.inf)
    for i in range(n):
        loss = gains_by_sector(
            tables.trade_shares[i, i], tables.final_share[i], tables.trade_elasticities,
            input_shares=tables.input_shares[i], convention="loss",
        )  # fmt: skip
        assert result.welfare_exact[i] == pytest.approx(-100 * loss, abs=1e-7)
        assert loss > 0
    plain = same(tables, input_shares=np.zeros((n, sectors, sectors)))
    if sectors == 1:
        closed = solved(plain, trade_cost_change=math.inf, deficits="zero")
        losses = gains_from_trade(plain.trade_shares[[0, 1], [0, 1], 0], plain.trade_elasticities[0], "loss")
        np.testing.assert_allclose(closed.welfare_exact[:2], -100 * losses, atol=1e-7)
    np.testing.assert_allclose(np.einsum("nnj->nj", result.shares_after), 1)
    assert np.all(np.isneginf(result.welfare_first_order))


def test_against_root_finding_on_the_equations():
    """A twin that knows no iteration of ours: all wages, prices and spending at once, in plain loops."""
    tables = example_tables(3, 2, 5)
    p = HatParameters(tables=tables, tariffs=0.03, trade_cost_change=0.9)
    n, s = 3, 2

    def equations(x):
        w, price, spend = np.exp(x[:n]), np.exp(x[n : n + n * s].reshape(n, s)), np.exp(x[n + n * s :].reshape(n, s))
        cost = np.array([[w[i] ** tables.value_added_share[i, j] * np.prod(price[i] ** tables.input_shares[i, :, j])
                          for j in range(s)] for i in range(n)])  # fmt: skip
        share, out = np.zeros((n, n, s)), []
        for b in range(n):
            for j in range(s):
                theta = tables.trade_elasticities[j]
                terms = []
                for i in range(n):
                    k = p.cost_change[i, b, j] * (1 + p.tariffs_after[i, b, j]) / (1 + tables.tariffs[i, b, j])
                    terms.append(tables.trade_shares[i, b, j] * (k * cost[i, j]) ** -theta)
                out.append(np.log(sum(terms)) / -theta - np.log(price[b, j]))
                share[:, b, j] = np.array(terms) / sum(terms)
        sold = share * spend / (1 + p.tariffs_after)
        for b in range(n):
            income = w[b] * tables.value_added[b] + (sold[:, b] * p.tariffs_after[:, b]).sum() + tables.deficit[b]
            for j in range(s):
                need = sum(tables.input_shares[b, j, k] * sold[b, :, k].sum() for k in range(s))
                out.append((need + tables.final_share[b, j] * income) / spend[b, j] - 1)
        for b in range(n - 1):
            out.append(
                sum(tables.value_added_share[b, j] * sold[b, :, j].sum() for j in range(s))
                / w[b]
                / tables.value_added[b]
                - 1
            )
        out.append(w @ tables.value_added / tables.value_added.sum() - 1)
        return np.array(out)

    start = np.concatenate([np.zeros(n + n * s), np.log(tables.spending).ravel()])
    found = root(equations, start, tol=1e-13)
    assert found.success
    result = solve_hat(p).value
    np.testing.assert_allclose(result.wage, np.exp(found.x[:n]), rtol=1e-9)
    np.testing.assert_allclose(result.prices.ravel(), np.exp(found.x[n : n + n * s]), rtol=1e-9)
    np.testing.assert_allclose(result.spending_after.ravel(), np.exp(found.x[n + n * s :]), rtol=1e-9)


def test_first_order_welfare_is_right_for_small_changes_only():
    tables = example_tables(4, 3, 2)
    gaps = []
    for size in (0.02, 0.01):
        cut = np.where(tables.tariffs > 0, (1 + tables.tariffs) * (1 - size * tables.tariffs / 0.1) - 1, 0)
        result = solved(tables, tariffs=np.maximum(cut, 0), trade_cost_change=1 - size / 4)
        gaps.append(np.abs(result.welfare_first_order - result.welfare_exact).max())
        assert gaps[-1] < 0.12 * np.abs(result.welfare_exact).max()
    assert gaps[1] == pytest.approx(gaps[0] / 4, rel=0.1)  # second order
    free = solved(tables, tariffs=0.0)
    assert np.all(free.welfare_first_order > free.welfare_exact)  # the finding on the published numbers, on other data
    np.testing.assert_allclose(free.welfare_first_order, free.terms_of_trade + free.volume_of_trade, atol=1e-12)


def test_steps_along_the_path_reach_exact_welfare():
    change = HatParameters(tables=example_tables(3, 2, 1), tariffs=0.0, trade_cost_change=0.95)
    exact = solve_hat(change).value
    np.testing.assert_allclose(integrate_welfare(change, 1), exact.welfare_first_order, atol=1e-9)
    errors = [np.abs(integrate_welfare(change, steps) - exact.welfare_exact).max() for steps in (10, 20, 40)]
    assert errors[0] > errors[1] > errors[2] and errors[2] == pytest.approx(errors[1] / 2, rel=0.1)
    extrapolated = 2 * integrate_welfare(change, 40) - integrate_welfare(change, 20)
    np.testing.assert_allclose(extrapolated, exact.welfare_exact, atol=2e-4)


def test_a_change_there_and_back():
    tables = example_tables(4, 3, 7)
    there = solved(tables, tariffs=0.25)
    back = solved(there.tables_after(), tariffs=tables.tariffs)
    np.testing.assert_allclose(back.flows_after, tables.flows, rtol=1e-8)
    np.testing.assert_allclose((1 + back.welfare_exact / 100) * (1 + there.welfare_exact / 100), 1, rtol=1e-10)


def test_deficits_can_be_taken_away_or_given():
    tables = example_tables(4, 2, 3)
    closed = balanced(4, 2, 3)
    np.testing.assert_allclose(closed.deficit, 0, atol=1e-8)
    half = solved(tables, deficits=tables.deficit / 2).tables_after()
    np.testing.assert_allclose(half.deficit, tables.deficit / 2, atol=1e-8)


def test_goods_that_are_not_traded_or_not_bought():
    tables = example_tables(3, 3, 4)
    flows, inputs = tables.flows.copy(), tables.input_shares.copy()
    off = ~np.eye(3, dtype=bool)
    flows[off, 2] = 0  # a service sold at home only
    flows[:, 0, 1] = 0  # and goods that the first country neither buys nor makes
    flows[0, :, 1] = 0
    inputs[0, 1, :] = 0
    result = solved(same(tables, flows=flows, input_shares=inputs), tariffs=0.0)
    assert result.residual < 1e-9
    np.testing.assert_allclose(result.flows_after[off, 2], 0)
    np.testing.assert_allclose(result.spending_after[0, 1], 0)
    np.testing.assert_allclose(result.shares_after[[0, 1, 2], [0, 1, 2], 2], 1)


def test_extreme_elasticities_and_large_changes_solve():
    tables = same(example_tables(8, 4, 9, tariff=1.0), trade_elasticities=np.array([0.4, 3.0, 20.0, 60.0]))
    result = solved(tables, tariffs=0.0, trade_cost_change=0.7)
    assert result.residual < 1e-9 and np.all(result.real_wage > 0)


@pytest.mark.parametrize(
    "change", [{"trade_cost_change": 5.0}, {"tariffs": 1.0}, {"deficits": "zero"}, {"tariffs": 0.0}]
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_lopsided_worlds_and_changes_that_all_but_end_trade(seed, change):
    """Countries of a thousand times each other's size, sparse trade, deficits kept: some solve only by parts of the change."""
    n, s = 6, 4
    tables, rng = example_tables(n, s, seed, tariff=0.5), np.random.default_rng(seed)
    size = 10 ** rng.uniform(-1.5, 1.5, n)
    flows = tables.flows * np.minimum(size[:, None], size)[:, :, None]
    off = ~np.eye(n, dtype=bool)
    flows[off] *= rng.random((n * (n - 1), s)) < 0.7
    lopsided = same(
        tables, flows=flows, trade_elasticities=10 ** rng.uniform(0, 1.5, s), input_shares=0.8 * tables.input_shares
    )
    assert solved(lopsided, **change).residual < 1e-9


@pytest.mark.parametrize("field", ["wage", "prices", "shares_after", "spending_after"])
def test_the_check_notices_a_wrong_point(field):
    point = solved(example_tables(), tariffs=0.0)
    value = np.array(getattr(point, field))
    value[0] = value[0] * 1.001
    assert np.max(np.abs(residual(dataclasses.replace(point, **{field: value})))) > 1e-5
    assert len(names(point.parameters.tables)) == len(residual(point))


def test_too_few_iterations_are_reported():
    with pytest.raises(ConvergenceError, match=r"exact hat algebra did not converge after \d iterations"):
        solve_hat(HatParameters(tables=example_tables(), tariffs=0.0), max_iterations=2)


def frames(tables):
    """The tables as tidy frames, rows in reverse."""
    c, s = tables.countries, tables.sectors
    pairs = [(a, b, k) for a in range(len(c)) for b in range(len(c)) for k in range(len(s))]
    rows = [{"exporter": c[a], "importer": c[b], "sector": s[k]} for a, b, k in pairs]
    flows = pd.DataFrame([{**row, "value": tables.flows[where]} for row, where in zip(rows, pairs, strict=True)])
    tariffs = pd.DataFrame([{**row, "tariff": tables.tariffs[where]} for row, where in zip(rows, pairs, strict=True)])
    inputs = pd.DataFrame(
        [{"country": c[n], "input_sector": s[k], "sector": s[j], "share": tables.input_shares[n, k, j]}
         for n in range(len(c)) for k in range(len(s)) for j in range(len(s))]
    )  # fmt: skip
    elasticities = pd.DataFrame({"sector": s, "trade_elasticity": tables.trade_elasticities})
    return {"flows": flows, "inputs": inputs[::-1], "elasticities": elasticities[::-1], "tariffs": tariffs[::-1]}


def test_a_users_own_files(tmp_path):
    tables = example_tables(3, 2, 6)
    for name, frame in frames(tables).items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    read = TradeTables.from_csv(tmp_path)
    assert read.countries == tables.countries and read.sectors == tables.sectors
    for name in ("flows", "input_shares", "trade_elasticities", "tariffs"):
        np.testing.assert_array_equal(getattr(read, name), getattr(tables, name))
    again = solve_hat(HatParameters(tables=str(tmp_path), tariffs=0.0)).value
    np.testing.assert_array_equal(again.welfare_exact, solved(tables, tariffs=0.0).welfare_exact)
    (tmp_path / "tariffs.csv").unlink()
    assert not TradeTables.from_csv(tmp_path).tariff.any()
    (tmp_path / "inputs.csv").unlink()
    with pytest.raises(InputError, match=r"has no inputs\.csv"):
        TradeTables.from_csv(tmp_path)
    (tmp_path / "inputs.csv").write_text("")
    with pytest.raises(InputError, match="cannot be read as a CSV"):
        TradeTables.from_csv(tmp_path)


def test_rows_that_are_absent_raise_unless_told():
    given = frames(example_tables(3, 2, 6))
    flows = given["flows"]
    fewer = flows[~((flows["exporter"] == "country 2") & (flows["importer"] == "country 1"))]
    with pytest.raises(
        InputError, match="no row for exporter country 2, importer country 1, sector sector 1, nor for 1 more"
    ):
        TradeTables.from_frames(**{**given, "flows": fewer})
    assert not TradeTables.from_frames(**{**given, "flows": fewer}, absent="zero").flows[1, 0].any()


@pytest.mark.parametrize(
    ("table", "edit", "error", "words"),
    [
        ("inputs", lambda f: f[f["country"] != "country 3"], AlignmentError, "inputs, country, lacks country 3"),
        ("tariffs", lambda f: f.replace("sector 1", "sector one"), AlignmentError, "lacks sector 1"),
        ("flows", lambda f: pd.concat([f, f[:1]]), InputError, "more than one row for exporter country 1"),
        ("flows", lambda f: f.rename(columns={"value": "values"}), InputError, 'Did you mean "values"'),
        ("flows", lambda f: f.assign(value=["n.a.", *f["value"][1:]]), InputError, "row 1: value is 'n.a.'"),
        ("elasticities", lambda f: f[:1], AlignmentError, "elasticities, sector, lacks"),
        ("flows", lambda f: f.assign(value=-f["value"]), InputError, "it must be at least 0"),
    ],
)  # fmt: skip
def test_bad_frames(table, edit, error, words):
    given = frames(example_tables(3, 2, 6))
    with pytest.raises(error) as caught:
        TradeTables.from_frames(**{**given, table: edit(given[table])})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"input_shares": lambda t: t.input_shares * 2.5}, "the rest is value added"),
        ({"input_shares": lambda t: np.repeat([[[0.9, 0.9], [0, 0]]], 3, axis=0)}, "final demand would be negative"),
        ({"tariffs": lambda t: np.ones((3, 3, 2))}, "has a tariff on its own goods"),
        ({"trade_elasticities": lambda t: [4, 0]}, "sector 2 is 0; it must be above 0"),
        ({"flows": lambda t: t.flows[:2]}, "flows has shape (2, 3, 2)"),
        ({"flows": lambda t: t.flows * np.array([1, 1, 0])[:, None, None]}, "country 3 sells nothing"),
        ({"countries": lambda t: ("a", "a", "b")}, "occur twice"),
    ],
)  # fmt: skip
def test_bad_tables(change, words):
    tables = example_tables()
    with pytest.raises(InputError) as caught:
        same(tables, **{name: make(tables) for name, make in change.items()})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tariffs": -0.1}, "tariffs from country 1 to country 2 in sector 1 is -0.1; it must be at least 0"),
        ({"trade_cost_change": 0.0}, "must be above 0"),
        ({"tariffs": np.zeros((3, 3))}, "tariffs has shape (3, 3)"),
        ({"trade_cost_change": np.full((3, 3, 2), 0.9)}, "do not cross a border"),
        ({"deficits": "none"}, "deficits is 'none'"),
        ({"deficits": [1.0, 0.0, 0.0]}, "they must sum to 0"),
        ({"deficits": [0.0, 0.0]}, "one a country"),
        ({"tables": 3}, "not int"),
        ({"tariffs": "free"}, "tariffs must be numbers"),
        ({"deficits": [1.0, "a", 2.0]}, "deficits must be kept or zero, or one number a country"),
    ],
)
def test_bad_changes(changes, words):
    with pytest.raises(InputError) as caught:
        HatParameters(**{"tables": example_tables(), **changes})
    assert words in str(caught.value)


def test_trade_that_ends_cannot_leave_a_deficit_behind():
    tables = example_tables()
    with pytest.raises(InputError, match=r"country 1: trade with others ends, but a trade deficit of 0\.111 per cent"):
        solved(tables, trade_cost_change=math.inf)
    assert np.all(solved(tables, trade_cost_change=math.inf, deficits="zero").real_wage < 0)
    one_way = np.ones(tables.flows.shape)
    one_way[0, 1:] = math.inf
    with pytest.raises(InputError, match="country 1: every route on which to sell to others is closed"):
        solved(tables, trade_cost_change=one_way, deficits="zero")


def test_closing_every_route_for_goods_not_made_at_home():
    tables = example_tables()
    flows = tables.flows.copy()
    flows[1, 0, 0] += flows[0, 0, 0]
    flows[0, :, 0] = 0
    with pytest.raises(InputError, match="country 1 makes none of the sector 1 that it buys"):
        solved(same(tables, flows=flows), trade_cost_change=math.inf)
    with pytest.raises(InputError, match="no even path"):
        integrate_welfare(HatParameters(tables=tables, trade_cost_change=math.inf))
    with pytest.raises(InputError, match="deficits change"):
        integrate_welfare(HatParameters(tables=tables, deficits="zero"))


def test_scenarios_by_tariff_and_text():
    found = solve_scenarios(HatParameters(tables=balanced()), tariffs=[0.2, 0.1, 0.0])
    wages = found.tidy().query("variable == 'real_wage' and country == 'country 1'")["value"].to_numpy()
    assert np.all(np.diff(wages) > 0)
    text = found.results[0].summary()
    assert "tariffs=0.2" in text and "first order" in text
