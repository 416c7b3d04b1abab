"""What the paper says of every economy: Section 2.2, its appendices and Propositions 1 to 3, tried on economies drawn at random.

Each statement comes to the share of economies in which it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters import (
    ClusterParameters,
    PropositionCounts,
    autarky_shares,
    balanced_trade,
    check_propositions,
    solve_autarky,
    solve_trade,
)

__all__ = ["COLUMN", "ECONOMIES", "SEED", "judge_general", "random_economy"]

Array = NDArray[np.float64]

ECONOMIES, SEED = 50, 1
COLUMN = f"{ECONOMIES} economies"

_NEAR = 1e-9  # how near to a whole number the line of balanced trade is looked at


def random_economy(random: np.random.Generator) -> ClusterParameters:
    """Draw two economies with two to eight industries, in the order of home's advantage."""
    n = int(random.integers(2, 9))
    technology = random.uniform(1, 10, (2, n))
    order = np.argsort(technology[1] / technology[0])
    return ClusterParameters(
        technology=technology[:, order], sigma=random.uniform(1.2, 6), labour=random.uniform(0.5, 2, 2)
    )


def judge_general(count: int = ECONOMIES) -> tuple[dict[tuple[str, str, str], float], PropositionCounts]:
    """Return the share of economies in which each statement holds, by exhibit, row and column; and the propositions' checks."""
    economies = [random_economy(np.random.default_rng(s)) for s in np.random.SeedSequence(SEED).spawn(count)]
    found = {
        (exhibit, row, COLUMN): float(np.mean([test(economy) for economy in economies]))
        for (exhibit, row), test in _TESTS.items()
    }
    propositions = check_propositions(count, SEED)
    for number, form, exhibit, row in (
        (1, "corrected", "Section 3.1", "Proposition 1"),
        (2, "corrected", "Section 3.2", "Proposition 2"),
        (3, "printed", "Section 3.2", "Proposition 3, as worded: worse in either location"),
        (3, "corrected", "Section 3.2", "Proposition 3, corrected: worse than in the better location"),
    ):
        held, failed = (propositions.count(number, form, verdict) for verdict in ("holds", "fails"))
        found[exhibit, row, COLUMN] = held / (held + failed)  # where rounding could decide, nothing is shown
    return found, propositions


def _continuous(form: str) -> Callable[[ClusterParameters], bool]:
    """Ask whether the line of balanced trade does not jump where a country takes over a whole industry."""

    def test(economy: ClusterParameters) -> bool:
        def line(z: float) -> float:
            return balanced_trade(z, economy.technology, economy.labour, economy.sigma, form)

        return all(
            abs(np.log(line(whole + _NEAR) / line(whole - _NEAR))) < 1e-3 for whole in range(1, economy.industries)
        )

    return test


def _ends(form: str) -> Callable[[ClusterParameters], bool]:
    """Ask whether the line goes to zero as z does, and without bound as z goes to n."""

    def test(economy: ClusterParameters) -> bool:
        def line(z: float) -> float:
            return balanced_trade(z, economy.technology, economy.labour, economy.sigma, form)

        n = economy.industries
        return line(1e-250) < 1e-20 and line(n - 1e-14) > 10 * line(n - 1e-6)

    return test


def _one_crossing(economy: ClusterParameters) -> bool:
    """Ask whether the line of balanced trade rises; relative productivity falls, so that they meet once."""
    z = np.linspace(0.01, economy.industries - 0.01, 200)
    line = [balanced_trade(float(x), economy.technology, economy.labour, economy.sigma) for x in z]
    return bool(np.all(np.diff(line) > 0))


def _employment(economy: ClusterParameters) -> bool:
    """Ask whether equation 12 gives home's workers in the industries that it makes alone."""
    point = solve_trade(economy).value
    weight = point.home_share * economy.technology[0] ** (economy.sigma - 1)
    return np.allclose(point.employment[0], economy.labour[0] * weight / weight.sum(), rtol=1e-9)


def _static_gains(strict: bool) -> Callable[[ClusterParameters], bool]:
    """Ask whether nobody loses; or everybody gains, by more than rounding."""

    def test(economy: ClusterParameters) -> bool:
        opened, closed = solve_trade(economy).value, solve_autarky(economy).value
        gain = np.log(opened.real_income / closed.real_income)
        return bool(np.all(gain > 1e-9 if strict else gain > -1e-12))

    return test


def _ratio_of_steps(printed: bool) -> Callable[[ClusterParameters], bool]:
    """Ask, with learning within industries at a rate of one, what (A_j/A_i)^(sigma - 1) is the derivative of."""

    def test(economy: ClusterParameters) -> bool:
        a = economy.technology[0]
        steps = autarky_shares(a, economy.sigma)  # dA/dt, per worker
        j, i = int(np.argmin(a)), int(np.argmax(a))
        claimed = (a[j] / a[i]) ** (economy.sigma - 1)
        of_ratio = (steps[j] * a[i] - a[j] * steps[i]) / a[i] ** 2
        return bool(np.isclose(of_ratio if printed else steps[j] / steps[i], claimed, rtol=1e-9))

    return test


_TESTS: Mapping[tuple[str, str], Callable[[ClusterParameters], bool]] = {
    ("Section 2.2", "equation 10 is continuous, as printed"): _continuous("printed"),
    ("Section 2.2", "equation 10 is continuous, as derived in Appendix A"): _continuous("corrected"),
    ("Section 2.2", "equation 10 goes from zero to infinity, as printed"): _ends("printed"),
    ("Section 2.2", "equation 10 goes from zero to infinity, as derived in Appendix A"): _ends("corrected"),
    ("Section 2.2", "equations 10 and 11 meet once"): _one_crossing,
    ("Section 2.2", "equation 12 is employment"): _employment,
    ("Appendix B", "nobody loses when trade opens"): _static_gains(False),
    ("Appendix B", "everybody gains when trade opens"): _static_gains(True),
    ("Appendix C", "(A_j/A_i)^(sigma-1) is the derivative of A_j/A_i, as printed"): _ratio_of_steps(True),
    ("Appendix C", "(A_j/A_i)^(sigma-1) is dA_j over dA_i, corrected"): _ratio_of_steps(False),
}
