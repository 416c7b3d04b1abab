r"""When trade builds clusters: related industries come together, by a number (Hanlon 2012, Section 3.2).

The paper says in words that trade is cluster building when it "acts to concentrate related
industries in a location", and cluster destroying when it separates them. We make that a number. The contact of industry i
with industry j in a country is the learning that i sends there, weighted by the share of the country's workers who are in j to
receive it:

.. math:: c_{ij} = \tau^{ij} L_i \frac{L_j}{L}, \qquad i \ne j .

Its sum over pairs is what the average worker's industry learns from other industries. Opening is cluster building in a
country where that sum rises, and destroying where it falls. A link is cut where sender or receiver leaves. In the paper's mirror
economies this is what Propositions 2 and 3 say: the sum rises if each country keeps a whole cluster, and falls to nothing if
each keeps one industry of either.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.results import Equilibrium
from tradewinds.errors import InputError

__all__ = ["ROUNDING", "cluster_building", "cluster_change", "cluster_contacts", "contacts"]

Array = NDArray[np.float64]

#: Changes of contact smaller than this share of it are rounding.
ROUNDING = 1e-12


def cluster_contacts(point: Equilibrium) -> Array:
    r"""Return the contact between related industries in each country, :math:`\tau^{ij} L_i L_j / L`, zero for i = j.

    Returns
    -------
    ndarray, shape (2, n, n)
        Country, sender, receiver; goods a worker and unit of time.

    References
    ----------
    Hanlon (2012), Section 3.2, made a number; see the module's text.

    Examples
    --------
    Figure 3 of the paper: under trade home's workers are half in industry 1 and half in 2, and send 0.2 each.

    >>> from tradewinds.clusters import paper_economy, solve_trade
    >>> cluster_contacts(solve_trade(paper_economy(3)).value)[0, :2, :2].round(12).tolist()
    [[0.0, 0.05], [0.05, 0.0]]
    """
    return np.where(np.eye(point.parameters.industries, dtype=bool), 0.0, contacts(point))


def contacts(point: Equilibrium) -> Array:
    """Return contacts, also of industries with themselves."""
    workers, labour = point.employment, point.labour[:, np.newaxis]  # where people move, those who are there
    share = np.divide(workers, labour, out=np.zeros_like(workers), where=labour > 0)
    return np.asarray(point.parameters.tau * workers[:, :, np.newaxis] * share[:, np.newaxis, :])


def cluster_change(before: Equilibrium, after: Equilibrium) -> Array:
    """Return how much the contact between related industries rises in each country, shape (2,).

    Differences that rounding explains are zero.

    Raises
    ------
    InputError
        If the two have different industries or spillovers.
    """
    if before.parameters.tau.shape != after.parameters.tau.shape:
        raise InputError(
            f"before has {before.parameters.industries} industries and after {after.parameters.industries}; compare "
            "two equilibria of the same economy"
        )
    if not np.array_equal(before.parameters.tau, after.parameters.tau):
        raise InputError("before and after have different spillovers; compare two equilibria of the same economy")
    was, now = (cluster_contacts(point).sum(axis=(1, 2)) for point in (before, after))
    change = now - was
    return np.where(np.abs(change) <= ROUNDING * np.maximum(was, now), 0.0, change)


def cluster_building(before: Equilibrium, after: Equilibrium) -> NDArray[np.bool_]:
    """Return where opening is cluster building: contact between related industries rises, shape (2,).

    False is not yet cluster destroying: without links between industries there is nothing to build or to destroy, and
    :func:`cluster_change` is zero.

    Parameters
    ----------
    before, after : Equilibrium
        At the same technology, such as autarky and free trade.

    References
    ----------
    Hanlon (2012), Section 3.2.

    Examples
    --------
    Trade builds clusters in Figure 3 and destroys them in Figure 4:

    >>> from tradewinds.clusters import paper_economy, solve_autarky, solve_trade
    >>> for figure in (3, 4):
    ...     economy = paper_economy(figure)
    ...     cluster_building(solve_autarky(economy).value, solve_trade(economy).value).tolist()
    [True, True]
    [False, False]
    """
    return np.asarray(cluster_change(before, after) > 0)
