r"""Who makes what under trade: where the chain of comparative advantage is cut (Hanlon 2012, Section 2.2).

Industries that trade are sorted by home's comparative advantage :math:`r_i = A_i / A^*_i`, falling. If home makes those before a
cut and foreign those after it, trade balances at a relative wage that rises with the cut (eq. 10), while the advantage of
the marginal industry falls. They cross once. Either the cut lies between two industries, or one industry is made in both
countries and the relative wage is its :math:`r`. Sorting is all the work: O(n log n).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.equations import log_sum

__all__ = ["balancing_log_wage", "cut_open", "spread"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Industries whose comparative advantages differ by less than this share are tied: rounding must not part them.
_TIED = 1e-12


def cut_open(log_technology: Array, log_labour: Array, sigma: float, is_open: Mask) -> tuple[Mask, Mask]:
    r"""Return which open industries home makes alone, and which are tied at the relative wage, shape (n,).

    Write :math:`\omega_k` for the wage at which trade balances if home makes its first k industries. If
    :math:`r_{k+1} \le \omega_k \le r_k`, nothing is shared. Otherwise one class of m tied industries has
    :math:`\omega_k < r < \omega_{k+m}`; then :math:`\omega = r`. If all is open,
    :math:`\omega_k = [(L^*/L)\,\sum_{i \le k} A_i^{\sigma-1} / \sum_{i > k} A_i^{*\,\sigma-1}]^{1/\sigma}`. Closed industries
    absorb workers, so that it has no closed form; but where the chain is cut needs only the balance at each industry's advantage.

    Parameters
    ----------
    log_technology : ndarray, shape (2, n)
    log_labour : ndarray, shape (2,)
    sigma : float
    is_open : ndarray of bool, shape (n,)
        At least one.

    References
    ----------
    Hanlon (2012), eqs. 10 and 11, corrected.
    """
    advantage = log_technology[0] - log_technology[1]
    order = np.flatnonzero(is_open)[np.argsort(-advantage[is_open], kind="stable")]
    home, foreign = (sigma - 1) * log_technology
    starts = np.concatenate([[0], np.flatnonzero(np.diff(advantage[order]) < -_TIED) + 1, [len(order)]])
    inside = starts[1:-1]  # cuts that leave something to sell to both countries
    made = np.logaddexp.accumulate(home[order])[inside - 1]
    left = np.logaddexp.accumulate(foreign[order][::-1])[::-1][inside]
    sums = (made, left), (np.logaddexp(made, log_sum(home[~is_open])), np.logaddexp(left, log_sum(foreign[~is_open])))
    highest = advantage[order[starts[:-1]]]
    relative_labour = float(log_labour[0] - log_labour[1])
    beyond, _ = _excess(highest[:-1], *sums, relative_labour, sigma)  # balance if home makes this class too
    c = int(np.argmax(np.append(beyond, np.inf) >= 0))  # the first class that home does not want beyond its last unit
    alone, tied = np.zeros_like(is_open), np.zeros_like(is_open)
    alone[order[: starts[c]]] = True
    short = tuple(tuple(each[c - 1 : c] for each in pair) for pair in sums)
    if c == 0 or _excess(highest[c : c + 1], short[0], short[1], relative_labour, sigma)[0][0] < 0:
        tied[order[starts[c] : starts[c + 1]]] = True
    return alone, tied


def spread(total: float, weight: Array, before: Array) -> Array:
    """Return shares whose weighted sum is ``total``, all moved the same way from those before."""
    kept, most = float(weight @ before), float(weight.sum())
    if kept < total < most:  # home grows: it takes the same part of what foreign makes of each
        return np.asarray(before + (total - kept) / (most - kept) * (1 - before))
    if kept < total:
        return np.full(len(weight), total / most if most > 0 else 0.5)
    return np.asarray(before * (total / kept) if kept > 0 else before)


def balancing_log_wage(
    traded: tuple[Array, Array], made: tuple[Array, Array], relative_labour: float, sigma: float
) -> Array:
    r"""Return the log of the relative wage at which trade balances, given who makes what.

    With logs :math:`h, f` of the sums of :math:`A^{\sigma-1}` and :math:`A^{*\,\sigma-1}` over what each country makes for the
    world, and :math:`H, F` over all it makes, the shares of income that go abroad are logistic in the wage, and

    .. math:: -\ln\omega - \ln\frac{L}{L^*} - \ln[1 + e^{F - h} \omega^{\sigma-1}] + \ln[1 + e^{H - f} \omega^{1-\sigma}] = 0 ,

    which falls with slope of at least one. If nothing is closed, H = h and F = f, and it is linear in the log (eq. 10).

    Parameters
    ----------
    traded, made : pair of ndarray, shape (...)
        h and f; H and F.
    relative_labour : float
        ln(L / L*).
    sigma : float
    """
    log_wage = np.asarray((traded[0] - traded[1] - relative_labour) / sigma)
    if made is traded:
        return log_wage
    value, slope = _excess(log_wage, traded, made, relative_labour, sigma)
    low, high = log_wage - np.abs(value), log_wage + np.abs(value)  # the slope is one or more
    for _ in range(200):
        step = log_wage + value / slope
        step = np.where((step >= low) & (step <= high), step, (low + high) / 2)
        done = np.all(np.abs(step - log_wage) <= 4e-16 * (1 + np.abs(step)))
        log_wage = step
        if done:
            break
        value, slope = _excess(log_wage, traded, made, relative_labour, sigma)
        low, high = np.where(value > 0, log_wage, low), np.where(value > 0, high, log_wage)
    return log_wage


def _excess(
    log_wage: Array, traded: tuple[Array, Array], made: tuple[Array, Array], relative_labour: float, sigma: float
) -> tuple[Array, Array]:
    """Return the log of home's exports over its imports, and how fast it falls with the log of the wage."""
    from scipy.special import expit

    power = sigma - 1
    abroad, at_home = made[1] - traded[0] + power * log_wage, made[0] - traded[1] - power * log_wage
    value = np.logaddexp(0, at_home) - np.logaddexp(0, abroad) - log_wage - relative_labour
    return value, 1 + power * (expit(abroad) + expit(at_home))
