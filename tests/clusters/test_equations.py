"""Equations on their own: balanced trade as corrected and as printed, employment, learning."""

from __future__ import annotations

import numpy as np
import pytest
from clusters_economies import economies
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.clusters import autarky_shares, balanced_trade, learning, paper_economy, solve_trade
from tradewinds.errors import InputError

MANY = settings(deadline=None, max_examples=100)
MIRROR = paper_economy(2).technology
ONES = np.ones(2)


def sort(economy):
    order = np.argsort(-np.log(economy.technology[0] / economy.technology[1]), kind="stable")
    return economy.technology[:, order]


@MANY
@given(economies(), st.floats(0, 1), st.floats(0, 1))
def test_balanced_trade_rises_from_zero_to_infinity(economy, first, second):
    technology, n = sort(economy), economy.industries
    low, high = sorted([first * n, second * n])
    wages = [balanced_trade(z, technology, economy.labour, economy.sigma) for z in (0, low, high, n)]
    assert wages[0] == 0
    assert wages[3] == np.inf
    assert wages[1] <= wages[2] * (1 + 1e-12)


@MANY
@given(economies(decades=0.3))
def test_balanced_trade_is_continuous_where_the_marginal_industry_changes(economy):
    technology = sort(economy)
    for k in range(1, economy.industries):
        below, above = (balanced_trade(z, technology, economy.labour, economy.sigma) for z in (k - 1e-12, k + 1e-12))
        assert below == pytest.approx(balanced_trade(k, technology, economy.labour, economy.sigma), rel=1e-6)
        assert above == pytest.approx(below, rel=1e-6)


@MANY
@given(economies())
def test_the_solution_lies_on_the_balanced_trade_curve(economy):
    point = solve_trade(economy).value
    z = float(point.home_share.sum())
    if len(point.shared) <= 1:
        found = balanced_trade(z, sort(economy), economy.labour, economy.sigma)
        assert found == pytest.approx(point.relative_wage, rel=1e-6)


def test_the_printed_form_counts_the_marginal_industry_twice():
    """Mirror economies at z = 2 and sigma = 2: printed, foreign's 10 + 10 becomes 10 + 10 + 10, and mirrors differ in wage."""
    assert balanced_trade(2, MIRROR, ONES, 2.0) == pytest.approx(1, rel=1e-14)
    assert balanced_trade(2, MIRROR, ONES, 2.0, form="printed") == pytest.approx(np.sqrt(20 / 30), rel=1e-14)
    # within an industry: (10 + 10/2) below the line of home, 5/2 + 5 too many abroad
    assert balanced_trade(1.5, MIRROR, ONES, 2.0, form="printed") == pytest.approx(np.sqrt(15 / (25 + 2.5)), rel=1e-14)
    assert balanced_trade(1.5, MIRROR, ONES, 2.0) == pytest.approx(np.sqrt(15 / (20 + 2.5)), rel=1e-14)


def test_the_printed_form_neither_joins_up_nor_goes_to_infinity():
    """The paper says that eta is continuous and goes to infinity; as printed it does neither."""
    just_below = balanced_trade(2 - 1e-9, MIRROR, ONES, 2.0, form="printed")
    assert just_below == pytest.approx(np.sqrt(20 / 25), rel=1e-6)
    assert balanced_trade(2, MIRROR, ONES, 2.0, form="printed") < just_below - 0.05
    assert balanced_trade(4 - 1e-9, MIRROR, ONES, 2.0, form="printed") == pytest.approx(np.sqrt(30 / 10), rel=1e-6)


@pytest.mark.parametrize(
    ("z", "technology", "form", "words"),
    [
        (-0.1, MIRROR, "corrected", "z is -0.1; it must be between 0 and the number of industries, 4"),
        (5, MIRROR, "corrected", "z is 5; it must be between 0"),
        (1, MIRROR[:, ::-1], "corrected", "order of falling comparative advantage"),
        (1, MIRROR, "corected", "Did you mean"),
    ],
)
def test_bad_arguments_of_balanced_trade(z, technology, form, words):
    with pytest.raises(InputError, match=words):
        balanced_trade(z, technology, ONES, 2.0, form=form)


@MANY
@given(economies())
def test_employment_follows_technology(economy):
    """Equation 8 against its plain form, and relative employment of two industries."""
    power = economy.technology ** (economy.sigma - 1)
    np.testing.assert_allclose(
        autarky_shares(economy.technology, economy.sigma), power / power.sum(axis=1, keepdims=True), rtol=1e-10
    )


def test_rows_send_and_columns_receive():
    spillovers = np.array([[0, 0.3, 0], [0, 0, 0.1], [0, 0, 0]])
    np.testing.assert_allclose(learning(np.array([2.0, 1.0, 4.0]), spillovers), [0, 0.6, 0.1])
    np.testing.assert_allclose(learning(np.array([2.0, 1.0, 0.0]), spillovers), [0, 0.6, 0])  # nobody there to learn
    both = learning(np.array([[2.0, 1.0, 4.0], [0.0, 1.0, 4.0]]), spillovers)
    np.testing.assert_allclose(both, [[0, 0.6, 0.1], [0, 0, 0.1]])
