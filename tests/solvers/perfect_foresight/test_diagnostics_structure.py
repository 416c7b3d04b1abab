"""Blocks, redundant equations by name, null vectors against dense ones, and the world model of the cross-check."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
from growth_model import balanced_growth, growth_model, steady_baseline
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from toy_models import adding_up, at_rest, exchange, random_walk, small

from tradewinds.citations import cite
from tradewinds.solvers.perfect_foresight import Model, inspect
from tradewinds.solvers.perfect_foresight.databank import read_databank
from tradewinds.solvers.perfect_foresight.diagnostics import nullspace
from tradewinds.solvers.perfect_foresight.diagnostics.blocks import by_name, structure_of
from tradewinds.solvers.perfect_foresight.diagnostics.combination import Combination
from tradewinds.solvers.perfect_foresight.diagnostics.nullspace import null_space
from tradewinds.solvers.perfect_foresight.diagnostics.terminal import equilibrate
from tradewinds.solvers.perfect_foresight.simulate import compiled

PRICES = {"price": 1.0, "endowment": 1.0, "stock": 10.0}


def load_crosscheck():
    path = Path(__file__).parents[2] / "crosscheck" / "models.py"
    specification = importlib.util.spec_from_file_location("diagnosed_models", path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


CROSSCHECK = load_crosscheck()


def chain():
    """Return a model whose blocks are known: a forcing, a pair that looks ahead and back, and what follows from it."""

    def links(now, lag, lead, exogenous, p):
        return {
            "report": now.report - now.price - lag.report,
            "price": now.price - 0.5 * lead.price - now.stock - now.forcing,
            "stock": now.stock - 0.5 * lag.stock + 0.1 * now.price,
            "forcing": now.forcing - 0.9 * lag.forcing,
            "left": now.left - now.right + now.forcing,
            "right": now.right + 0.5 * now.left,
        }

    return small(links, "report price stock forcing left right")


def names(model, component):
    return {model.unknown_labels[k] for k in component.unknowns}


def test_blocks_over_time_come_in_the_order_in_which_they_can_be_solved():
    model = chain()
    found = structure_of(model)
    parts = {frozenset(names(model, block)): (block.kind, block.part) for block in found.over_time}
    assert parts == {
        frozenset({"forcing"}): ("backward", "prologue"),
        frozenset({"left", "right"}): ("static", "prologue"),
        frozenset({"price", "stock"}): ("two-sided", "core"),
        frozenset({"report"}): ("backward", "epilogue"),
    }
    assert found.largest.size == 2
    assert found.elsewhere == ()


@pytest.mark.parametrize("model", [chain(), growth_model(("A", "B")), exchange(True), CROSSCHECK.trade_model()])
def test_no_block_needs_a_later_one(model):
    found = structure_of(model)
    pattern = found.pattern
    for blocks, slots in ((found.over_time, (-1, 0, 1)), (found.within, (0,))):
        equation, unknown = np.empty(model.size, int), np.empty(model.size, int)
        for number, block in enumerate(blocks):
            equation[list(block.equations)], unknown[list(block.unknowns)] = number, number
        here = np.isin(pattern.slots, slots)
        assert np.all(unknown[pattern.columns[here]] <= equation[pattern.rows[here]])
        assert sorted(k for block in blocks for k in block.equations) == list(range(model.size))
        assert sorted(k for block in blocks for k in block.unknowns) == list(range(model.size))


def test_roles_of_unknowns():
    def both(now, lag, lead, exogenous, p):
        return {"price": now.price - 0.4 * lead.price - 0.4 * lag.price - now.wage, "wage": now.wage - 0.5 * now.price}

    assert structure_of(small(both, "price wage")).roles == {"price": "both", "wage": "static"}
    roles = structure_of(growth_model(("A",))).roles
    assert roles == {"capital[A]": "state", "consumption[A]": "jump", "output[A]": "static", "world_output": "static"}


def test_unknown_that_only_a_neighbouring_period_determines():
    def ahead(now, lag, lead, exogenous, p):
        return {"parity": lead.rate - 0.5 * now.gap, "gap": now.gap - 0.5 * lag.gap}

    model = small(ahead, "rate gap")
    found = structure_of(model)
    assert [model.unknown_labels[k] for k in found.elsewhere] == ["rate"]
    assert "neighbouring period" in found.summary()
    assert "neighbouring period" not in structure_of(chain()).summary()


def test_adding_up_identity_that_is_there_twice():
    model = adding_up()
    found = inspect(model, at_rest(model))
    assert not found.ok
    [equations] = found.redundancy.find("equations", "every period")
    assert dict(equations.terms) == pytest.approx({"world_trade_balance": 1.0, "discrepancy": -0.5})
    assert not equations.dynamic
    assert "world_trade_balance = 0.5 discrepancy" in found.summary()
    [unknowns] = found.redundancy.find("unknowns", "every period")
    moved = dict(unknowns.terms)
    balances = [moved[f"trade_balance[{country}]"] for country in model.countries]
    assert sum(balances) == pytest.approx(0.0, abs=1e-12)
    rise, reach = np.array([0.2, 0.3, 0.5]), np.array([0.4, 0.1, 0.1])
    np.testing.assert_allclose(balances, rise * moved["world_price"] + reach * moved["world_demand"])
    assert found.determinacy.verdict == "singular"


def test_walras_law_names_the_markets_and_the_level_of_prices():
    loose, anchored = (exchange(numeraire) for numeraire in (False, True))
    found = inspect(loose, at_rest(loose, **PRICES))
    [markets] = found.redundancy.find("equations", "every period")
    assert {name for name, _ in markets.terms} == {"market[A]", "market[B]", "market[C]"}
    [level] = found.redundancy.find("unknowns", "every period")
    prices = [move for name, move in level.terms if name.startswith("price")]
    np.testing.assert_allclose(prices, np.ones(3))
    assert level.followers == 3
    assert "with 3 that follow" in str(level)
    assert level.block == structure_of(loose).block_of([loose.unknown_labels.index("price[A]")])
    assert inspect(anchored, at_rest(anchored, **PRICES)).ok


def test_walras_law_across_periods():
    """Budgets, goods markets and the market for bonds: one follows from the others, with lags; no price level is set."""
    import jax.numpy as jnp

    whole = CROSSCHECK.trade_model()
    household, goods, _ = whole.blocks

    def no_numeraire(*given):
        return {name: value for name, value in goods(*given).items() if name != "numeraire"}

    def budgets(now, lag, lead, ex, p):
        value = now.price[::-1] * now.imports
        saved = now.bonds - lag.world_rate * lag.bonds - value[::-1] + value
        return {"bonds": saved, "world_bonds": jnp.sum(now.bonds)}

    model = Model(
        "nominal",
        countries=whole.countries,
        variables=whole.variables,
        exogenous=whole.exogenous,
        parameters=whole.parameters,
        blocks=[household, no_numeraire, budgets],
    )
    found = inspect(model, CROSSCHECK.trade_scenario()).redundancy
    [equations] = found.find("equations", "every period")
    named = {name for name, _ in equations.terms}
    assert {"bonds[H]", "bonds[F]", "world_bonds"} <= named
    assert equations.dynamic
    assert "across periods" in str(equations)


def test_each_redundancy_has_a_line_of_its_own():
    def twice(now, lag, lead, exogenous, p):
        first, second = now.a - now.b, now.c + now.d
        return {"one": first, "two": 2 * first, "three": second, "four": second, "five": now.e - now.a - 0.5 * lag.e}

    model = small(twice, "a b c d e")
    found = inspect(model, at_rest(model)).redundancy
    lines = [{name for name, _ in item.terms} for item in found.find("equations", "every period")]
    assert sorted(map(sorted, lines)) == [["four", "three"], ["one", "two"]]
    assert len(found.find("unknowns", "every period")) == 2


def test_a_singular_year_is_found_and_named():
    def sometimes(now, lag, lead, exogenous, p):
        return {"a": exogenous.weight * now.a - 0.5 * lag.b, "b": now.b - 0.5 * lag.b - exogenous.weight * now.a}

    model = small(sometimes, "a b", exogenous="weight")
    weight = np.ones(8)
    assert inspect(model, at_rest(model, weight=weight)).redundancy.ok
    weight[4] = 0.0
    found = inspect(model, at_rest(model, weight=weight)).redundancy
    assert not found.ok
    [unknowns] = found.find("unknowns", "all periods")
    assert [name for name, _ in unknowns.terms] == ["a in 2004"]
    [equations] = found.find("equations", "all periods")
    assert "a in 2004" in [name for name, _ in equations.terms]


def test_first_value_of_an_unknown_that_is_read_with_a_lead_only():
    def ahead(now, lag, lead, exogenous, p):
        return {"parity": lead.rate - 0.5 * now.gap, "gap": now.gap - 0.5 * lag.gap}

    model = small(ahead, "rate gap")
    found = inspect(model, at_rest(model)).redundancy
    assert [item.terms[0][0] for item in found.find("unknowns", "all periods")] == ["rate in 2001"]
    [equations] = found.find("equations", "all periods")
    assert "parity in 2006" in [name for name, _ in equations.terms]


def test_nothing_is_redundant_on_a_path_that_grows():
    model = growth_model(("home", "foreign"))
    assert inspect(model, balanced_growth(model)).redundancy.combinations == ()
    assert inspect(model, steady_baseline(model)).redundancy.combinations == ()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 3))
@example(159, 2)  # no row is left for one of the columns
def test_null_vectors_span_those_of_the_dense_matrix(seed, lost):
    random = np.random.default_rng(seed)
    n = 30
    dense = np.where(random.uniform(size=(n, n)) < 0.15, random.normal(size=(n, n)), 0.0)
    dense[np.arange(n), random.permutation(n)] += 3.0
    for k in range(lost):  # a row that is the sum of two others
        dense[k] = dense[10 + k] + dense[20 + k]
    scaled, _, _ = equilibrate(csr_array(dense))
    matrix = scaled.toarray()
    found = null_space(scaled)
    assert found.known
    assert found.nullity == len(found.left) == np.sum(np.linalg.svd(matrix)[1] < 1e-9)
    np.testing.assert_allclose(matrix @ found.right.T, 0.0, atol=1e-9)
    np.testing.assert_allclose(found.left @ matrix, 0.0, atol=1e-9)
    if found.nullity:
        assert np.linalg.matrix_rank(found.right) == np.linalg.matrix_rank(found.left) == found.nullity


def test_redundant_rows_without_any_of_the_loose_columns():
    matrix = np.zeros((5, 5))
    matrix[:2, :3] = [1.0, 1.0, 1.0]  # the same equation twice, in unknowns that are determined
    matrix[2:, :3] = np.random.default_rng(1).normal(size=(3, 3))
    matrix[2:, 3:] = 1.0  # two unknowns that only their sum enters
    found = null_space(csr_array(matrix))
    np.testing.assert_allclose(abs(found.left), [[1, 1, 0, 0, 0]], atol=1e-9)
    np.testing.assert_allclose(abs(found.right), [[0, 0, 0, 1, 1]], atol=1e-9)


def test_more_null_vectors_than_are_looked_for_at_first():
    matrix = np.kron(np.eye(9), np.ones((2, 2)))
    found = null_space(csr_array(matrix))
    assert found.nullity == len(found.left) == 9
    np.testing.assert_allclose(np.sort(abs(found.right).sum(axis=1)), np.full(9, 2.0))


def test_where_no_factor_can_be_had(monkeypatch):
    """Small matrices are then taken as dense; of large ones it is said that nothing is known, and of models too."""

    def broken(*given, **options):
        raise RuntimeError("Factor is exactly singular")

    monkeypatch.setattr(nullspace, "splu", broken)
    found = null_space(csr_array(np.kron(np.eye(3), np.ones((2, 2)))))
    assert found.nullity == len(found.left) == 3
    monkeypatch.setattr(nullspace, "SMALL", 2)
    assert not null_space(csr_array(np.ones((3, 3)))).known
    model = chain()
    redundancy = inspect(model, at_rest(model)).redundancy
    assert not redundancy.ok
    assert "the system of every period is singular" in redundancy.summary()


def test_an_ill_conditioned_matrix_is_not_singular():
    size = np.logspace(0, -6, 20)
    turn = scipy.linalg.qr(np.random.default_rng(0).normal(size=(20, 20)))[0]
    assert null_space(csr_array(turn @ np.diag(size) @ turn.T)).nullity == 0


def test_world_model_is_determinate_and_has_the_roots_of_the_whole():
    model = CROSSCHECK.world_model()
    base = CROSSCHECK.world_baseline(model, 6)
    found = inspect(model, base)
    assert found.ok
    determinacy = found.determinacy
    assert (determinacy.unstable, len(determinacy.jumps), determinacy.unit) == (72, 72, 0)
    # The slow twin: whatever number is a root makes A + B z + C z^2 singular, others do not.
    paths, stacked = read_databank(model, base), compiled(model)
    _, values = stacked.derivatives(paths.unknowns, paths.exogenous, paths.add, model.read_parameters())
    pattern, blocks = stacked.pattern, np.zeros((3, model.size, model.size))
    blocks[pattern.slots + 1, pattern.rows, pattern.columns] = values[-1]
    roots = whole_roots(blocks)
    ours = determinacy.roots[np.isfinite(determinacy.roots)]
    assert np.sum(np.abs(roots) > 1) == model.size  # of which leads that are not read are infinite
    for low, high in ((0.3, 0.99), (1.01, 5.0)):
        mine, theirs = (np.sort(abs(r[(abs(r) > low) & (abs(r) < high)])) for r in (ours, roots))
        assert mine.size > 10
        np.testing.assert_allclose(mine, theirs, rtol=1e-6)


def whole_roots(blocks):
    """Return all roots of ``A + B z + C z^2`` by a linear problem of twice the size, turned so that none is infinite."""
    lag, now, lead = blocks
    n = len(lag)
    one, nothing = np.eye(n), np.zeros((n, n))
    left, right = np.block([[nothing, one], [-lag, -now]]), np.block([[one, nothing], [nothing, lead]])
    turned = scipy.linalg.eigvals(scipy.linalg.solve(left - 0.77 * right, right))  # 1 / (root - .77)
    return 0.77 + 1.0 / np.where(np.abs(turned) < 1e-14, 1e-14, turned)


def test_summary_tidy_and_figure_hold_together():
    model = random_walk()
    found = inspect(model, at_rest(model, consumption=1.0))
    frame = found.tidy()
    assert list(frame.columns[:4]) == ["about", "variable", "value", "unit"]
    assert frame["about"].value_counts().to_dict() == {"structure": 2, "redundancy": 3, "determinacy": 2}
    assert frame.loc[frame["about"] == "determinacy", "kind"].tolist() == ["unit", "unstable"]
    text = found.summary()
    for part in (
        "Structure: 2 equations",
        "Redundant equations: none",
        "Determinacy at 2006: determinate",
        "unit root 1:",
    ):
        assert part in text
    blocks, circle = found.plot().axes
    assert "1 in the core" in blocks.get_title(loc="left")
    assert [tick.get_text() for tick in blocks.get_yticklabels()] == ["euler", "budget"]
    assert circle.get_title(loc="left").startswith("determinate")


def test_figure_without_a_databank_and_of_roots_that_are_far():
    found = inspect(growth_model(("A",)))
    assert len(found.plot("Growth").axes) == 1
    assert "give a databank" in found.summary()
    assert set(found.tidy()["about"]) == {"structure"}

    def stiff(now, lag, lead, exogenous, p):
        return {"price": 9.0 * now.price - lead.price}

    model = small(stiff, "price")
    assert "1 farther than 2 not drawn" in inspect(model, at_rest(model)).plot().axes[1].get_title(loc="left")


def test_names_are_gathered_by_variable():
    labels = ["capital[US]", "capital[JA]", "rate", *(f"price[{k}]" for k in range(5))]
    assert by_name(labels) == "capital (US, JA), rate, price (5 countries)"
    assert by_name(labels, 1) == "capital (US, JA) and 2 more"


def test_identities_of_many_countries_are_written_as_sums():
    weights = [(f"trade_balance[{k}]", -1.0) for k in range(12)]
    one = Combination("equations", "every period", (("world", 1.0), *weights), 3)
    assert str(one) == "world = sum of trade_balance (12 countries) (block 3)"
    mixed = Combination("equations", "every period", (("world", 1.0), ("a[US]", -2.0), ("b", 0.5), ("c", 1.0)), 1, True)
    assert str(mixed) == "world = 2 a[US] - 0.5 b - c (block 1, across periods)"
    assert str(Combination("equations", "steady state", (("euler", 1.0),), 1)) == "euler vanishes by itself (block 1)"
    many = tuple((f"x{k}", 1.0) for k in range(10))
    assert str(Combination("unknowns", "every period", many, 1)).endswith("x7 and 2 more (block 1)")
    assert str(Combination("equations", "every period", many, 1)).endswith("x8 and 1 more (block 1)")


def test_sources_of_the_count_are_cited():
    model = random_walk()
    found = inspect(model, at_rest(model, consumption=1.0))
    assert "Blanchard" in cite(found)
    assert inspect(model).citation_keys == ()
