"""Random trade patterns use every observed share once, treat partners alike, and depend on seed and draw only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.errors import InputError
from tradewinds.spillovers import assign
from tradewinds.spillovers.models import PartnerModel
from tradewinds.spillovers.parameters import Specification


@pytest.fixture
def model(random_panel):
    return PartnerModel(random_panel, Specification())


def test_exchanging_partners_keeps_own_weight_and_every_share(model):
    drawn = assign(model.values, model.own, "exchange_partners", seed=1, draws=20)
    cells = np.arange(model.own.size)
    assert np.all(drawn[:, cells, model.own] == 1.0)
    np.testing.assert_array_equal(np.sort(drawn, axis=-1), np.broadcast_to(np.sort(model.values, axis=-1), drawn.shape))
    assert not np.array_equal(drawn[0], drawn[1])


def test_exchanging_all_moves_the_own_weight_and_sums_to_two(model):
    """Keller (1997), below (4.3): the shares of a row sum to two, the own weight of one among them."""
    drawn = assign(model.values, model.own, "exchange_all", seed=1, draws=50)
    np.testing.assert_allclose(drawn.sum(axis=-1), 2.0)
    own = drawn[:, np.arange(model.own.size), model.own]
    assert 0.05 < (own == 1.0).mean() < 0.25  # one in eight


def test_partners_are_treated_alike(model):
    """Section 5.1: the average weight of a partner over draws is 1/7."""
    drawn = assign(model.values, model.own, "exchange_partners", seed=2, draws=4_000)
    partner = ~np.eye(8, dtype=bool)[model.own]
    mean = drawn.mean(axis=0)[partner]
    spread = drawn.std(axis=0)[partner] / np.sqrt(4_000)
    assert np.max(np.abs(mean - 1 / 7) / spread) < 5


def test_drawn_shares_sum_to_one_and_sparsity_concentrates_them(model):
    even = assign(model.values, model.own, "drawn", seed=3, draws=30)
    sparse = assign(model.values, model.own, "drawn", seed=3, draws=30, sparsity=8.0)
    for drawn in (even, sparse):
        np.testing.assert_allclose(drawn.sum(axis=-1), 2.0)
    partner = ~np.eye(8, dtype=bool)[model.own]
    concentration = [np.sum(np.where(partner, drawn, 0) ** 2, axis=-1).mean() for drawn in (even, sparse)]
    assert concentration[1] > 1.5 * concentration[0]


@settings(max_examples=20, deadline=None)
@given(first=st.integers(0, 500), draws=st.integers(1, 5), seed=st.integers(0, 2**63))
def test_a_draw_depends_on_seed_and_number_only(first, draws, seed):
    rng = np.random.default_rng(0)
    values, own = rng.random((6, 4)), np.arange(6) % 4
    together = assign(values, own, "exchange_partners", seed=seed, first=first, draws=draws)
    for draw in range(draws):
        alone = assign(values, own, "exchange_partners", seed=seed, first=first + draw, draws=1)
        np.testing.assert_array_equal(together[draw], alone[0])


def test_one_permutation_serves_all_dates(varying_panel):
    model = PartnerModel(varying_panel, Specification(kind="level"))
    drawn = assign(model.values, model.own, "exchange_partners", seed=4, draws=3)
    values = model.values
    for draw in range(3):
        for cell in (0, 13, 47):
            first = [int(np.argwhere(values[cell, 0] == share)[0, 0]) for share in drawn[draw, cell, 0]]
            np.testing.assert_array_equal(drawn[draw, cell], values[cell][:, first])


def test_unknown_lottery(model):
    with pytest.raises(InputError, match="lottery"):
        assign(model.values, model.own, "shuffle", seed=1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sparsity": np.nan}, "sparsity is nan; it must be a finite number above zero"),
        ({"sparsity": 0.0}, "sparsity is 0.0"),
        ({"sparsity": -1}, "sparsity is -1"),
        ({"sparsity": np.inf}, "sparsity is inf"),
        ({"sparsity": "even"}, "sparsity is 'even'"),
        ({"sparsity": 1e6}, "rounds to zero; use at most 100"),
        ({"seed": -1}, "seed is -1; it must be a whole number, at least 0"),
        ({"seed": 1.5}, "seed is 1.5; it must be a whole number"),
        ({"seed": None}, "seed is None"),
        ({"draws": 2.5}, "draws is 2.5; it must be a whole number, at least 1"),
        ({"draws": True}, "draws is True"),
    ],
)
def test_bad_numbers_are_named(model, changes, message):
    with pytest.raises(InputError, match=message):
        assign(model.values, model.own, "drawn", **({"seed": 1} | changes))


def test_numpy_integers_are_whole_numbers(model):
    plain = assign(model.values, model.own, "drawn", seed=7, draws=2)
    same = assign(model.values, model.own, "drawn", seed=np.uint64(7), draws=np.int32(2), sparsity=np.float32(1))
    np.testing.assert_array_equal(plain, same)
