"""Research in a network: against brute force over shares and an integrated differential equation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import minimize

from tradewinds.clusters import ResearchParameters, knowledge_centrality, solve_research
from tradewinds.errors import AlignmentError, ConvergenceError, InputError


def random_economy(seed, n=3, **changes):
    random = np.random.default_rng(seed)
    given = {
        "learning_shares": random.dirichlet(np.full(n, 0.7), n),
        "utility_weights": random.dirichlet(np.ones(n)),
        "discount_rate": random.uniform(0.02, 0.2),
        "diffusion_rate": random.uniform(0.05, 0.5),
        "knowledge_elasticity": random.uniform(0.5, 3),
        "research_spending": random.uniform(0.2, 2, n),
    }
    return ResearchParameters(**given | changes)


def utility(economy, shares, horizon=None, tolerance=1e-11):
    """Return discounted utility from stocks of one, by integrating knowledge and utility side by side."""
    rate, speed = economy.discount_rate, economy.diffusion_rate
    learns = economy.own_knowledge * economy.learning_shares
    weights = economy.knowledge_elasticity * economy.utility_weights

    def slope(time, state):
        stock = state[:-1]
        return np.append(speed * (np.log(shares) + learns @ stock - stock), np.exp(-rate * time) * (weights @ stock))

    horizon = horizon or 40 / rate
    end = solve_ivp(slope, (0, horizon), np.zeros(len(shares) + 1), method="DOP853", rtol=tolerance, atol=tolerance)
    return end.y[-1, -1]


@pytest.mark.parametrize(("seed", "own"), [(0, 1.0), (1, 0.6), (2, [0.9, 0.5, 0.2])])
def test_brute_force_finds_the_same_shares_and_the_same_gain(seed, own):
    """Shares by a simplex search on integrated utility; the gain is what makes up for the difference in utility."""
    economy = random_economy(seed, own_knowledge=own)
    found = solve_research(economy).value

    def loss(logits):
        shares = np.exp(logits - np.logaddexp.reduce(logits))
        return -utility(economy, shares, 30 / economy.discount_rate, 1e-8)

    best = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-4})
    shares = np.exp(best.x - np.logaddexp.reduce(best.x))
    np.testing.assert_allclose(found.optimal, shares, atol=1e-4)
    difference = utility(economy, found.optimal) - utility(economy, economy.research_shares)
    assert difference > 0
    # consumption higher by the factor 1 + gain at every date adds ln(1 + gain) / rho
    assert np.log1p(found.welfare_gain) == pytest.approx(economy.discount_rate * difference, rel=1e-7)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 7), st.floats(0, 1))
def test_nothing_does_better_and_labels_do_not_matter(seed, n, own):
    economy = random_economy(seed, n, own_knowledge=own)
    solution = solve_research(economy)
    assert solution.ok
    found = solution.value
    assert found.optimal.sum() == pytest.approx(1, abs=1e-12)
    assert found.optimal.min() >= 0
    assert found.welfare_gain >= -1e-14
    assert (found.influence.sum() == pytest.approx(1, abs=1e-9)) == (own == 1 or own > 1 - 1e-10)
    order = np.random.default_rng(seed).permutation(n)
    again = solve_research(
        economy.replace(
            learning_shares=economy.learning_shares[np.ix_(order, order)],
            utility_weights=economy.utility_weights[order],
            research_spending=economy.research_spending[order] * 1000,  # the unit does not matter either
        )
    ).value
    np.testing.assert_allclose(again.optimal, found.optimal[order], rtol=1e-9)
    assert again.welfare_gain == pytest.approx(found.welfare_gain, rel=1e-9, abs=1e-13)
    at_best = solve_research(economy.replace(research_spending=found.optimal)).value
    assert at_best.welfare_gain == pytest.approx(0, abs=1e-12)


def test_as_the_future_counts_in_full_shares_are_eigenvector_centrality():
    economy = random_economy(4, 6)
    centrality = knowledge_centrality(economy.learning_shares)
    values, vectors = np.linalg.eig(economy.learning_shares.T)
    first = np.real(vectors[:, np.argmax(np.real(values))])
    np.testing.assert_allclose(centrality, first / first.sum(), rtol=1e-10)
    distance = [
        np.abs(solve_research(economy.replace(discount_rate=rate)).value.optimal - centrality).max()
        for rate in (1e-2, 1e-4, 1e-6)
    ]
    assert distance[0] > 1e-3
    assert distance[1] < distance[0] / 50
    assert distance[2] < 1e-5
    other = economy.replace(utility_weights=np.eye(6)[0], discount_rate=1e-7)
    np.testing.assert_allclose(solve_research(other).value.optimal, centrality, atol=1e-5)


def test_as_only_today_counts_shares_are_what_is_consumed():
    economy = random_economy(5, discount_rate=1e9)
    np.testing.assert_allclose(solve_research(economy).value.optimal, economy.utility_weights, rtol=1e-7)


def test_an_economy_that_learns_from_abroad_alone_researches_what_it_consumes():
    economy = random_economy(6, own_knowledge=0.0)
    found = solve_research(economy).value
    np.testing.assert_allclose(found.optimal, economy.utility_weights, rtol=1e-12)
    share = economy.discount_rate / (economy.discount_rate + economy.diffusion_rate)
    assert found.influence.sum() == pytest.approx(share)


def test_knowledge_from_abroad_lowers_what_research_is_worth():
    """In every industry; the gain from moving may rise, because the best shares move too."""
    closed = random_economy(7)
    worth = [solve_research(closed.replace(own_knowledge=own)).value.influence for own in (1.0, 0.999999, 0.5)]
    np.testing.assert_allclose(worth[1], worth[0], rtol=1e-4)
    assert np.all(worth[1] < worth[0])
    assert np.all(worth[2] < worth[1])


def test_own_knowledge_by_learner_is_by_row():
    economy = random_economy(8, own_knowledge=[1, 0.5, 0])
    by_link = np.repeat([[1], [0.5], [0]], 3, axis=1)
    np.testing.assert_array_equal(
        solve_research(economy.replace(own_knowledge=by_link)).value.optimal, solve_research(economy).value.optimal
    )
    np.testing.assert_array_equal(economy.own_learning[2], 0)


def test_consumption_after_the_change():
    """Against the integrated equation, and its discounted sum against the gain."""
    economy = random_economy(9, own_knowledge=0.8)
    found = solve_research(economy).value
    learns = economy.own_learning
    step = np.log(found.optimal / economy.research_shares)
    times = np.array([0, 1, 7, 30.0])
    path = solve_ivp(
        lambda _, x: economy.diffusion_rate * (step + learns @ x - x),
        (0, 30),
        np.zeros(3),
        t_eval=times,
        rtol=1e-11,
        atol=1e-13,
    )
    expected = economy.knowledge_elasticity * economy.utility_weights @ path.y
    np.testing.assert_allclose(found.consumption_gain(times), expected, rtol=1e-8, atol=1e-14)
    nodes, weights = np.polynomial.laguerre.laggauss(40)
    rate = economy.discount_rate
    discounted = weights @ found.consumption_gain(nodes / rate)  # rho times the integral of exp(-rho t) times the path
    assert discounted == pytest.approx(np.log1p(found.welfare_gain), rel=1e-9)
    assert found.contributions.sum() == pytest.approx(np.log1p(found.welfare_gain))


def test_two_industries_by_hand():
    """Steel learns from itself; toys, which are consumed, from both alike: v = (1/4 e)' / (I - 3/4 Omega) = (0.6, 0.4)."""
    economy = ResearchParameters(
        learning_shares=[[1, 0], [0.5, 0.5]],
        utility_weights=[0, 1],
        discount_rate=0.05,
        diffusion_rate=0.15,
        research_spending=[1, 1],
    )
    found = solve_research(economy).value
    np.testing.assert_allclose(found.optimal, [0.6, 0.4], rtol=1e-14)
    assert np.log1p(found.welfare_gain) == pytest.approx(3 * (0.6 * np.log(1.2) + 0.4 * np.log(0.8)))


def test_worthless_research_is_not_done_and_valuable_research_left_undone_is_a_disaster():
    chain = {
        "learning_shares": [[1, 0], [1, 0]],
        "utility_weights": [1, 0],
        "discount_rate": 0.05,
        "diffusion_rate": 0.1,
    }
    found = solve_research(ResearchParameters(**chain, research_spending=[1, 1])).value
    assert found.optimal.tolist() == [1, 0]
    assert np.log1p(found.welfare_gain) == pytest.approx(2 * np.log(2))
    none = solve_research(ResearchParameters(**chain, research_spending=[0, 1])).value
    assert none.welfare_gain == np.inf
    assert len(none.plot().axes) == 1
    with pytest.raises(InputError, match="no path to compare with"):
        none.consumption_gain([1])


def test_without_present_research_there_is_no_gain():
    economy = random_economy(1, research_spending=None)
    found = solve_research(economy).value
    with pytest.raises(InputError, match="research_spending is not given"):
        _ = found.welfare_gain
    assert "welfare_gain" not in set(found.tidy()["variable"])
    assert len(found.plot().axes) == 1


def test_what_comes_back():
    economy = random_economy(2, industries=("steel", "toys", "wine"))
    found = solve_research(economy).value
    frame = found.tidy()
    shares = frame[frame["variable"] == "optimal_research_share"].set_index("industry")["value"]
    assert shares["wine"] == found.optimal[2]
    assert frame.set_index("variable")["value"]["welfare_gain"] == found.welfare_gain
    assert f"{found.welfare_gain:.2%}" in found.summary()
    figure = found.plot()
    assert [axis.get_xlabel() for axis in figure.axes] == ["share of research", "years after the change"]


def test_a_mapping_is_aligned_by_name():
    economy = random_economy(
        3, industries=("steel", "toys", "wine"), utility_weights={"wine": 0.5, "steel": 0.2, "toys": 0.3}
    )
    assert economy.utility_weights.tolist() == [0.2, 0.3, 0.5]
    with pytest.raises(AlignmentError, match="utility_weights lacks wine"):
        random_economy(3, industries=("steel", "toys", "wine"), utility_weights={"steel": 0.7, "toys": 0.3})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_shares": [[1, 2]]}, "learning_shares has shape \\(1, 2\\); it must be square"),
        ({"learning_shares": np.eye(3) / 2}, "learning_shares of 1 sums to 0.5; shares must sum to 1"),
        ({"learning_shares": np.eye(3) * 2 - np.eye(3)[[1, 2, 0]]}, "learning_shares of 1 of 2 is -1"),
        ({"utility_weights": [0.5, 0.5]}, "utility_weights has shape \\(2,\\)"),
        ({"utility_weights": [0.5, 0.5, 0.5]}, "utility_weights sums to 1.5"),
        ({"utility_weights": "abc"}, "utility_weights must be numbers"),
        ({"discount_rate": 0}, "discount_rate is 0.0; it must be above 0"),
        ({"diffusion_rate": "fast"}, "diffusion_rate is 'fast'; it must be a number"),
        ({"knowledge_elasticity": np.inf}, "knowledge_elasticity is inf"),
        ({"research_spending": [1, -1, 1]}, "research_spending of 2 is -1"),
        ({"research_spending": [0, 0, 0]}, "research_spending is 0 everywhere"),
        ({"own_knowledge": 1.5}, "own_knowledge must lie between 0 and 1"),
        ({"own_knowledge": [1, 1]}, "own_knowledge has shape \\(2,\\)"),
        ({"industries": ("a",)}, "industries has 1 labels"),
    ],
)
def test_bad_parameters(changes, words):
    with pytest.raises(InputError, match=words):
        random_economy(0, **changes)


def test_the_limit_of_a_network_in_two_parts_depends_on_what_is_consumed():
    with pytest.raises(InputError, match="several parts that learn from nobody outside"):
        knowledge_centrality(np.eye(2))
    assert knowledge_centrality([[1.0]]).tolist() == [1]


def test_a_wrong_solution_does_not_pass(monkeypatch):
    monkeypatch.setattr(np.linalg, "solve", lambda a, b: b)
    with pytest.raises(ConvergenceError, match="value of research in"):
        solve_research(random_economy(0))
    assert not solve_research(random_economy(0), throw=False).ok
