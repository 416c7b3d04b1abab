"""The propositions as functions: verdicts on the paper's figures, premises, counts; and employment as printed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewinds.clusters import (
    balanced_trade,
    check_proposition,
    check_propositions,
    draw_mirror_economy,
    learn,
    paper_economy,
    solve_trade,
    trade_employment,
)
from tradewinds.errors import InputError

FEW = settings(deadline=None, max_examples=10)


@pytest.mark.parametrize("sigma", [4 / 3, 2, 4])
@pytest.mark.parametrize(
    ("proposition", "figure", "form", "verdict"),
    [
        (1, 2, "corrected", "holds"),
        (2, 3, "printed", "holds"),
        (3, 4, "corrected", "holds"),
        (3, 4, "printed", "fails"),
    ],
)
def test_verdicts_on_the_figures(proposition, figure, form, verdict, sigma):
    check = check_proposition(proposition, paper_economy(figure, sigma), form=form)
    assert check.verdict == verdict
    assert verdict in check.summary()
    assert check.claim in check.summary()


def test_how_long_proposition_3_fails_in_figure_4():
    """The lagging industry reaches 10 after 10 (10 + sqrt(175)) - 150 = 82.288 years at sigma = 2; see the research notes."""
    check = check_proposition(3, paper_economy(4), form="printed", times=[1, 50, 82.2, 82.3, 100])
    assert check.failing_times.tolist() == [1, 50, 82.2]
    assert (check.time, check.country) == (1, "home")
    assert check.industry in (2, 4)  # foreign lags in 1 and 3, as far
    assert check.margin == pytest.approx(
        np.log(learn(paper_economy(4), regime="autarky").value.technology_at(1)[0, 1] / 10)
    )
    assert "fails at 3 of the dates looked at, from t = 1 to 82.2" in check.summary()


def test_margin_of_proposition_1_by_hand():
    """Figure 2 at sigma = 2: real income is 40 + 0.4 t with trade and 30 + 0.2 t without; the ratio rises from 4/3."""
    check = check_proposition(1, paper_economy(2))
    assert check.margin == pytest.approx(np.log(4 / 3))
    assert (check.time, check.industry) == (0, None)


def test_a_claim_within_rounding_is_not_decided():
    assert check_proposition(2, paper_economy(3), times=[1e-9]).verdict == "too close"


@pytest.mark.parametrize(
    ("proposition", "economy", "words"),
    [
        (4, paper_economy(2), "proposition is 4; the paper has propositions 1, 2 and 3"),
        (True, paper_economy(2), "proposition is True"),
        (1, paper_economy(3), "spillovers are not equal within industries"),
        (2, paper_economy(2), "spillovers are not equal and between industries 1 and 2"),
        (2, paper_economy(4), "home makes 1 and 3 when trade opens, not 1 and 2"),
        (3, paper_economy(3), "home makes 1 and 2 when trade opens, not 1 and 3"),
        (1, paper_economy(2).replace(technology=[[10, 10, 5, 5], [5, 5, 10, 11]]), "not mirror images"),
        (1, paper_economy(2).replace(labour=[1, 2]), "differ in labour"),
        (1, paper_economy(2).replace(technology=[[10, 5, 5, 5], [5, 5, 5, 10]]), "trade leaves industry 2 in both"),
    ],
)
def test_premises(proposition, economy, words):
    with pytest.raises(InputError, match=words):
        check_proposition(proposition, economy)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"form": "print"}, "form is 'print'"),
        ({"horizon": 0}, "horizon is 0"),
        ({"times": [200]}, "times must lie between 0 and the horizon"),
        ({"times": [0]}, "times has no date after 0"),
    ],
)
def test_bad_options(options, words):
    with pytest.raises(InputError, match=words):
        check_proposition(3, paper_economy(4), **options)


def test_the_other_way_round_is_allowed():
    """The paper says "or vice versa": home may have the advantage in 3 and 4."""
    assert check_proposition(2, paper_economy(3).swap()).verdict == "holds"


@pytest.fixture(scope="module")
def counts():
    return check_propositions(8, seed=3, horizon=60)


def test_counts(counts):
    assert [counts.count(number) for number in (1, 2, 3)] == [8, 8, 8]
    assert counts.count(3, "printed") == 0
    assert counts.count(3, "printed", "fails") == 8
    assert counts.count(1, "printed") == 8  # the same words
    frame = counts.tidy().set_index(["variable", "proposition", "form", "verdict"])["value"]
    assert frame["economies", 3, "printed", "fails"] == 8
    assert frame["smallest_margin", 3, "printed", ""] < 0 < frame["smallest_margin", 3, "corrected", ""]
    assert "Proposition 3 as worded: holds in 0 of 8" in counts.summary()
    assert "0 of 8 hold" in counts.plot().axes[0].get_yticklabels()[2].get_text()


def test_more_economies_keep_the_first(counts):
    fewer = check_propositions(2, seed=3, horizon=60)
    for claim, checks in fewer.checks.items():
        assert [check.margin for check in checks] == [check.margin for check in counts.checks[claim][:2]]
    assert check_propositions(1, seed=4, horizon=60).checks[1, "corrected"][0].margin != checks[0].margin


@pytest.mark.parametrize("count", [0, 1.5, True])
def test_bad_counts(count):
    with pytest.raises(InputError, match="count is"):
        check_propositions(count)


@FEW
@given(st.sampled_from([1, 2, 3]), st.integers(0, 1000))
def test_drawn_economies_are_spoken_of(proposition, seed):
    economy = draw_mirror_economy(proposition, np.random.default_rng(seed))
    assert check_proposition(proposition, economy, times=[30]).verdict == "holds"


def test_no_proposition_no_economy():
    with pytest.raises(InputError, match="proposition is 4"):
        draw_mirror_economy(4, np.random.default_rng(1))


# Employment, eq. 12


@st.composite
def chains(draw):
    n = draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    technology = random.uniform(1, 10, (2, n))
    technology = technology[:, np.argsort(-technology[0] / technology[1])]
    return draw(st.floats(0, 1)) * n, technology, random.uniform(0.5, 2, 2), random.uniform(1.1, 8)


@settings(deadline=None, max_examples=60)
@given(chains())
def test_employment_adds_up_and_pays_for_itself(chain):
    z, technology, labour, sigma = chain
    workers = trade_employment(z, technology, labour, sigma)
    expected = np.where([z > 0, z < technology.shape[1]], labour, 0)
    np.testing.assert_allclose(workers.sum(axis=1), expected, rtol=1e-12)
    if (
        0 < z < technology.shape[1]
    ):  # spending on a good falls with its price to the power sigma - 1, so wage bills say who sells
        wage = balanced_trade(z, technology, labour, sigma)
        whole = int(z)
        if whole >= 1 and z < technology.shape[1] - 1:
            first, last = workers[0, 0] * wage, workers[1, -1]
            assert first / last == pytest.approx(
                ((technology[0, 0] / wage) / technology[1, -1]) ** (sigma - 1), rel=1e-10
            )


def test_employment_is_that_of_the_equilibrium():
    economy = paper_economy(2).replace(technology=[[10, 5, 5], [5, 5, 10]], labour=[1.25, 1], spillovers=None)
    point = solve_trade(economy).value
    assert point.shared == (2,)
    z = 1 + point.home_share[1]
    np.testing.assert_allclose(
        trade_employment(z, economy.technology, economy.labour, 2.0), point.employment, rtol=1e-12, atol=1e-15
    )


def test_the_printed_form_leaves_workers_idle():
    """Three goods, half of the second at home: 10 of 12.5 at home; abroad 5 and 10 over 5 + 10 + 2.5."""
    technology = np.array([[10.0, 5, 5], [5, 5, 10]])
    printed = trade_employment(1.5, technology, np.ones(2), 2.0, form="printed")
    np.testing.assert_allclose(printed, [[0.8, 0, 0], [0, 5 / 17.5, 10 / 17.5]])
    whole = trade_employment(1, technology, np.ones(2), 2.0, form="printed")
    np.testing.assert_allclose(whole[0], [1, 0, 0])  # between two industries home is right
    np.testing.assert_allclose(whole[1], [0, 5 / 20, 10 / 20])  # and abroad the first is counted twice
    np.testing.assert_allclose(trade_employment(1, technology, np.ones(2), 2.0)[1], [0, 1 / 3, 2 / 3])


@pytest.mark.parametrize(
    ("z", "form", "words"), [(4, "printed", "z is 4; it must be between 0"), (1, "p", "form is 'p'")]
)
def test_bad_employment(z, form, words):
    with pytest.raises(InputError, match=words):
        trade_employment(z, np.ones((2, 3)), np.ones(2), 2.0, form)
