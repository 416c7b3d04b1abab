"""Roots of models known by hand, verdicts, and what failed solves and users are told."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from growth_model import ALPHA, BETA, balanced_growth, growth_model, steady_baseline, steady_state
from toy_models import accelerating, at_rest, exchange, new_keynesian, price_by_lead, random_walk, small, two_faults

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers.perfect_foresight import Shock, inspect, require_determinate, simulate
from tradewinds.solvers.perfect_foresight.databank import read_databank
from tradewinds.solvers.perfect_foresight.diagnostics.counting import remark
from tradewinds.solvers.perfect_foresight.diagnostics.terminal import linearise
from tradewinds.solvers.perfect_foresight.simulate import compiled


def roots_of(model, databank):
    """Return finite roots that are not zero, by size."""
    roots = inspect(model, databank).determinacy.roots
    return roots[(np.abs(roots) > 1e-3) & np.isfinite(roots)]


def all_roots(model, databank):
    """Return the roots of the whole model by the slow and obvious way: no unknown eliminated, no subspace ordered."""
    paths = read_databank(model, databank)
    stacked, n = compiled(model), model.size
    _, values = stacked.derivatives(paths.unknowns, paths.exogenous, paths.add, model.read_parameters())
    pattern, blocks = stacked.pattern, np.zeros((3, n, n))
    blocks[pattern.slots + 1, pattern.rows, pattern.columns] = values[-1]
    lag, now, lead = blocks
    one, nothing = np.eye(n), np.zeros((n, n))
    return scipy.linalg.eigvals(np.block([[nothing, one], [-lag, -now]]), np.block([[one, nothing], [nothing, lead]]))


def ramsey_roots(growth=1.0):
    """Return the two roots of the growth model from its characteristic equation, in units of a balanced path."""
    databank = balanced_growth(growth_model(("home",)), growth - 1.0)
    capital, consumption = (float(databank[name][-2, 0]) for name in ("capital", "consumption"))
    slope = ALPHA * (ALPHA - 1) * float(databank["tfp"][-1, 0]) * capital ** (ALPHA - 2)
    pull = -BETA * consumption / growth * slope  # of capital on the growth of consumption
    return np.sort(np.roots([1.0, -(1.0 + 1.0 / BETA + pull), 1.0 / BETA]))


def test_ramsey_has_the_roots_of_its_characteristic_equation():
    model = growth_model(("home",))
    found = inspect(model, steady_baseline(model)).determinacy
    assert (found.verdict, found.stable, found.unstable, found.unit) == ("determinate", 1, 1, 0)
    np.testing.assert_allclose(found.roots.real, ramsey_roots(), rtol=1e-9)
    assert found.drift < 1e-15


def test_ramsey_that_grows_is_linearised_in_units_of_its_path():
    model = growth_model(("home",))
    found = inspect(model, balanced_growth(model, 0.03)).determinacy
    np.testing.assert_allclose(found.roots.real, ramsey_roots(1.03), rtol=1e-9)
    assert found.drift < 1e-12


def test_a_stock_of_zero_grows_with_the_flows_it_is_made_of():
    def open_economy(now, lag, lead, exogenous, p):
        return {
            "euler": now.consumption - lead.consumption / 1.02,
            "balance": now.balance - exogenous.output + now.consumption,
            "assets": now.assets - 1.05 * lag.assets - now.balance,
        }

    model = small(open_economy, "consumption balance assets", exogenous="output")
    path = 1.02 ** np.arange(8)
    found = inspect(model, at_rest(model, consumption=path, output=path)).determinacy
    np.testing.assert_allclose(found.roots.real, [1.0, 1.05 / 1.02], rtol=1e-8)
    assert (found.verdict, found.unit) == ("determinate", 1)


@pytest.mark.parametrize("kind", ["noise", "fading"])
def test_what_is_left_of_a_variable_that_comes_to_zero_is_not_growth(kind):
    model, years = random_walk(), 60
    left = 1e-16 * np.random.default_rng(0).uniform(1.0, 1.5, years) if kind == "noise" else 0.95 ** np.arange(years)
    found = inspect(model, at_rest(model, years, consumption=1.0, assets=left)).determinacy
    np.testing.assert_allclose(found.roots.real, [1.0, 1.04], rtol=1e-12)


@pytest.mark.parametrize(("reaction", "verdict"), [(1.5, "determinate"), (0.5, "indeterminate"), (1.0, "unanchored")])
def test_monetary_rule_decides_determinacy(reaction, verdict):
    model = new_keynesian(reaction)
    found = inspect(model, at_rest(model)).determinacy
    assert found.verdict == verdict
    assert found.jumps == ("inflation", "gap")
    assert found.states == ()
    if verdict != "determinate":
        assert set(found.free[0]) == {"inflation", "gap"}


def test_counts_and_combinations_are_told_in_words():
    active, passive = (new_keynesian(reaction) for reaction in (1.5, 0.5))
    text = inspect(active, at_rest(active)).determinacy.summary()
    assert "smallest unstable root 1.07778 (complex pair, angle 0.203): gap, inflation" in text
    text = inspect(passive, at_rest(passive)).determinacy.sentence
    assert text.endswith("nothing pins down 1 combination of the first values of gap, inflation")
    model = two_faults()
    text = inspect(model, at_rest(model)).determinacy.sentence
    assert "nothing pins down the first value of price; " in text
    assert "the initial debt meet 1 condition" in text


def test_accelerating_debt_is_unstable_and_named():
    model = accelerating()
    found = inspect(model, at_rest(model)).determinacy
    assert found.verdict == "unstable"
    assert "debt" in found.explosive[0]
    assert [root.unknowns for root in found.named if root.kind == "unstable"] == [("debt",)]
    np.testing.assert_allclose(found.roots.real, [0.5, 1.05])


def test_each_explosive_part_is_named_by_itself():
    def debts(now, lag, lead, exogenous, p):
        first, second = now.first - 1.05 * lag.first, now.second - 1.05 * lag.second
        return {"first": first, "second": second, "stable": now.stable - 0.5 * lag.stable - now.first}

    model = small(debts, "first second stable")
    assert inspect(model, at_rest(model)).determinacy.explosive == (("first",), ("second",))


def test_roots_that_cannot_be_ordered_are_an_error_of_ours(monkeypatch):
    def broken(*given, **options):
        raise ValueError("Reordering of (A, B) failed")

    monkeypatch.setattr(scipy.linalg, "ordqz", broken)
    model = accelerating()
    with pytest.raises(InputError, match="cannot be put in order"):
        require_determinate(model, at_rest(model))
    assert remark(compiled(model), read_databank(model, at_rest(model)), {}) == ""


def test_random_walk_of_assets_is_a_unit_root_and_no_fault():
    model = random_walk()
    found = inspect(model, at_rest(model, consumption=1.0))
    np.testing.assert_allclose(found.determinacy.roots.real, [1.0, 1.04])
    assert found.determinacy.unit == 1
    assert found.ok
    [direction] = found.redundancy.find("unknowns", "steady state")
    moves = dict(direction.terms)
    assert moves["consumption"] / moves["assets"] == pytest.approx(0.04)


def test_rank_condition_is_looked_at_where_the_count_is_right():
    model = two_faults()
    found = inspect(model, at_rest(model)).determinacy
    assert found.unstable == len(found.jumps) == 1
    assert (found.verdict, found.smallest) == ("rank", 0.0)
    assert (found.explosive, found.free) == ((("debt",),), (("price",),))


def test_price_without_anchor_is_singular_where_the_terminal_condition_follows_it():
    model = price_by_lead()
    fixed, growing = (inspect(model, at_rest(model), terminal=terminal) for terminal in ("fixed", "growth"))
    assert fixed.redundancy.ok
    assert fixed.determinacy.verdict == growing.determinacy.verdict == "unanchored"
    [loose] = growing.redundancy.find("unknowns", "all periods")
    years = {name: weight for name, weight in loose.terms if name.startswith("price")}
    assert set(years) == {f"price in {year}" for year in range(2001, 2007)}
    assert max(years.values()) == pytest.approx(min(years.values()))  # the level moves in all years alike
    with pytest.raises(InputError, match=r"volume, price in 2001 to 2006"):
        growing.require_determinate()


def test_roots_agree_with_those_of_the_whole_model():
    model = growth_model(("A", "B", "C"))
    base = steady_baseline(model, tfp=(1.0, 1.2, 0.7))
    slow = all_roots(model, base)
    slow = np.sort(np.abs(slow[(np.abs(slow) > 1e-3) & (np.abs(slow) < 1e3)]))
    np.testing.assert_allclose(np.abs(roots_of(model, base)), slow, rtol=1e-8)


def test_permuting_countries_leaves_the_roots():
    one, other = growth_model(("A", "B", "C")), growth_model(("C", "A", "B"))
    here = roots_of(one, steady_baseline(one, tfp=(1.0, 1.2, 0.7)))
    there = roots_of(other, steady_baseline(other, tfp=(0.7, 1.0, 1.2)))
    np.testing.assert_allclose(here, there, rtol=1e-10)


def test_drift_at_the_end_is_told():
    model = growth_model(("home",))
    base = steady_baseline(model, range(2000, 2012))
    base["capital"][-2] *= 1.1
    found = inspect(model, base).determinacy
    assert found.drift > 1e-3
    assert "no balanced path" in found.summary()
    assert "no balanced path" not in inspect(model, steady_baseline(model)).summary()


def test_three_years_are_enough():
    model = growth_model(("home",))
    found = require_determinate(model, steady_baseline(model, range(2000, 2003)))
    assert np.isnan(found.drift)
    np.testing.assert_allclose(found.roots.real, ramsey_roots(), rtol=1e-9)


def test_require_determinate_says_what_is_wrong_and_what_to_try():
    model = new_keynesian(1.5)
    assert require_determinate(model, at_rest(model)).ok
    with pytest.raises(
        InputError, match=r"model rule .*indeterminate.*1 root .* for 2 jumps.*inflation.*reacts too little"
    ):
        require_determinate(model, at_rest(model), {"reaction": 0.5})
    debt = accelerating()
    with pytest.raises(InputError, match=r"unstable.*debt.*accumulation"):
        require_determinate(debt, at_rest(debt))
    rank = two_faults()
    with pytest.raises(InputError, match=r"rank condition fails.*price.*debt"):
        inspect(rank, at_rest(rank)).require_determinate()
    with pytest.raises(InputError, match="without a databank"):
        inspect(model).require_determinate()
    loose = exchange(numeraire=False)
    with pytest.raises(InputError, match=r"not independent.*inspect"):
        require_determinate(loose, at_rest(loose, price=1.0, endowment=1.0, stock=10.0))


def test_a_derivative_that_is_not_finite_is_named():
    model = growth_model(("home",))
    base = steady_baseline(model, range(2000, 2006))
    base["consumption"][3] = 0.0
    with pytest.raises(InputError, match=r"derivative of euler\[home\] by \w+\[home\] in 200[23] is"):
        inspect(model, base)


def test_failed_solve_tells_the_verdict():
    def diverging(now, lag, lead, exogenous, p):
        return {"debt": now.debt - 1.05 * lag.debt - exogenous.deficit, "worth": now.worth**2 + 1.0 - now.debt}

    model = small(diverging, "debt worth", exogenous="deficit")
    base = at_rest(model, debt=5.0 * 1.05 ** np.arange(8), worth=np.sqrt(5.0 * 1.05 ** np.arange(8) - 1.0))
    base["debt"][:], base["deficit"][:] = 5.0, -0.25
    base["worth"][:] = 2.0
    shock = [Shock("deficit", -6.0, 2001)]
    with pytest.raises(ConvergenceError, match=r"At the end of the baseline the model is unstable.*debt"):
        simulate(model, base, shock)
    assert any("unstable" in note for note in simulate(model, base, shock, throw=False).notes)


def test_failed_solve_of_a_determinate_model_says_nothing_of_roots():
    model = growth_model(("home",))
    with pytest.raises(ConvergenceError) as caught:
        simulate(model, steady_baseline(model), [Shock("tfp", -2.0, 2001)])
    assert "unit circle" not in str(caught.value)


def test_failed_solve_counts_no_roots_where_it_would_take_long():
    model = accelerating()
    paths = read_databank(model, at_rest(model))
    assert "unstable" in remark(compiled(model), paths, {})
    assert remark(compiled(model), paths, {}, most=1) == ""


def test_unstable_direction_is_where_paths_explode():
    """A path from the named state grows by the unstable root; one from the other does not."""
    model = accelerating()
    base = at_rest(model, years=42)
    named, other = (
        simulate(model, base, initial={name: 1.0}).databank["debt"].values[-2] for name in ("debt", "deficit")
    )
    assert named == pytest.approx(1.05**40)
    assert other == pytest.approx(sum(0.5**k * 1.05 ** (40 - k) for k in range(1, 41)))


def test_stable_path_starts_along_the_stable_root():
    model = growth_model(("home",))
    base = steady_baseline(model, range(2000, 2202))
    start = steady_state()["capital"] * (1 + 1e-6)
    path = simulate(model, base, initial={"capital": start}, tolerance=1e-14).databank["capital"].values[:, 0]
    apart = path - steady_state()["capital"]
    largest = inspect(model, base).determinacy.roots[0].real
    assert apart[11] / apart[10] == pytest.approx(largest, rel=1e-4)


def test_linear_model_at_the_end_of_a_path():
    model = growth_model(("home",))
    paths = read_databank(model, balanced_growth(model, 0.03))
    stacked = compiled(model)
    _, values = stacked.derivatives(paths.unknowns, paths.exogenous, paths.add, model.read_parameters())
    linear = linearise(stacked.pattern, paths.unknowns, values)
    np.testing.assert_allclose(linear.growth, 1.03, rtol=1e-10)
    sizes = np.stack([abs(linear.block(slot)).toarray() for slot in (-1, 0, 1)]).sum(axis=0)
    np.testing.assert_allclose(sizes.max(axis=0), 1.0)


@pytest.mark.parametrize("solver", [None, "blocks", "superlu"])
def test_a_redundant_equation_ends_in_words_whatever_the_solver(solver):
    """Homotopy comes back to a factor that was found singular."""
    model = exchange(numeraire=False)
    bank = at_rest(model, price=1.0, stock=10.0, endowment=1.0)
    with pytest.raises(ConvergenceError, match="not determined: price") as caught:
        simulate(model, bank, [Shock("endowment", 0.1, 2001, countries="A")], solver=solver)
    assert (
        "at the end of the baseline the model is singular: its equations are not independent"
        in str(caught.value).lower()
    )
