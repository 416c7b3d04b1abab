r"""What opening to trade does to clusters and to growth, effect by effect (Hanlon 2012, Section 3).

Trade moves industries. An industry that grows in one place learns more from itself (the concentration effect); related
industries are brought together or parted (the spillovers effect); and industries that generate much are not spread evenly
(the composition effect).

**Three effects that add up.** Growth of real income is linear in the spillovers (see
:mod:`~tradewinds.clusters.income_growth`), and so is its change when trade opens, :math:`\Delta g_k(\tau)`. So a split of the
matrix splits the change. With own spillovers :math:`d_i = \tau^{ii}`, what an industry sends to all others
:math:`o_i = \sum_{j \ne i} \tau^{ij}`, and bars for means over industries,

.. math:: \tau^{ij} = \underbrace{\bar d\, 1_{i=j}}_{concentration}
    + \underbrace{\left[\tau^{ij} - \frac{o_i - \bar o}{n-1}\right] 1_{i \ne j}}_{spillovers}
    + \underbrace{(d_i - \bar d)\, 1_{i=j} + \frac{o_i - \bar o}{n-1}\, 1_{i \ne j}}_{composition} .

Concentration is what trade would do to growth if each industry learned from itself at the mean strength; spillovers, if each
sent the mean amount to others, along the same pattern; composition is owed to industries that generate more, or less, than the
mean. The paper's Tables 1 and 2 have one effect each by this definition, as it says. It gives no formula.

Whether clusters are built or destroyed is decided by :mod:`~tradewinds.clusters.contacts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.contacts import ROUNDING, cluster_building, cluster_change, cluster_contacts, contacts
from tradewinds.clusters.income_growth import growth_by_spillover
from tradewinds.clusters.openings import solve_partial_trade
from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.clusters.results import Equilibrium
from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = [
    "ClusterLink",
    "OpeningEffects",
    "cluster_building",
    "cluster_change",
    "cluster_contacts",
    "effects_of_opening",
]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ClusterLink:
    """A spillover in one country, before and after opening.

    Attributes
    ----------
    country : {"home", "foreign"}
        Where workers learn.
    sender, receiver : int
        Industries, counted from one; the same where an industry learns from itself.
    weight : float
        tau, goods a worker, per worker and unit of time.
    before, after : float
        Contact, tau times workers of the sender times the receiver's share of the country's workers.
    growth_home, growth_foreign : float
        What this link adds to the change in growth of real income of either country.
    """

    country: str
    sender: int
    receiver: int
    weight: float
    before: float
    after: float
    growth_home: float
    growth_foreign: float

    @property
    def status(self) -> str:
        """Joined where contact rises, cut where none is left, weakened where less is left, unchanged."""
        if abs(self.after - self.before) <= ROUNDING * max(self.before, self.after):
            return "unchanged"
        if self.after > self.before:
            return "joined"
        return "cut" if self.after == 0 else "weakened"

    def __str__(self) -> str:
        return f"{self.sender} -> {self.receiver} ({self.weight:g}) in {self.country}: {self.before:.4g} to {self.after:.4g}"


@dataclass(frozen=True, eq=False)
class OpeningEffects:
    """Effects of opening trade at one instant; arrays have home before foreign.

    Attributes
    ----------
    before, after : Equilibrium
        At the same technology.
    opened : tuple of int
        Industries that trade after and did not before, counted from one.
    static_gain : ndarray, shape (2,)
        Real income after over before.
    growth_before, growth_after : ndarray, shape (2,)
        Growth rate of real income, per unit of time.
    concentration, spillovers, composition : ndarray, shape (2,)
        Parts of the change in growth; they add up to it.
    cluster_change : ndarray, shape (2,)
        Change of the contact between related industries, goods a worker and unit of time.
    links : tuple of ClusterLink
        Every spillover above zero, in both countries. Their parts of the change in growth add up to it too.
    """

    before: Equilibrium
    after: Equilibrium
    opened: tuple[int, ...]
    static_gain: Array
    growth_before: Array
    growth_after: Array
    concentration: Array
    spillovers: Array
    composition: Array
    cluster_change: Array
    links: tuple[ClusterLink, ...] = field(repr=False)

    @property
    def parameters(self) -> ClusterParameters:
        """Parameters, with the technology of this instant."""
        return self.before.parameters

    @property
    def change_in_growth(self) -> Array:
        """Growth after less growth before, shape (2,)."""
        return np.asarray(self.growth_after - self.growth_before)

    @property
    def residual(self) -> float:
        """How far the three effects are from adding up, over the larger growth rate."""
        error = np.abs(self.concentration + self.spillovers + self.composition - self.change_in_growth).max()
        return float(error / max(self.growth_before.max(), np.abs(self.growth_after).max(), np.finfo(float).tiny))

    @property
    def building(self) -> NDArray[np.bool_]:
        """Where opening is cluster building, shape (2,)."""
        return np.asarray(self.cluster_change > 0)

    @property
    def verdict(self) -> tuple[str, str]:
        """Cluster building, cluster destroying or neither, by country."""
        words = {1: "cluster building", -1: "cluster destroying", 0: "neither"}
        home, foreign = (words[int(sign)] for sign in np.sign(self.cluster_change))
        return home, foreign

    def links_of(self, country: str, *statuses: str) -> tuple[ClusterLink, ...]:
        """Return the links between industries in a country with these statuses, largest change first."""
        chosen = [
            link
            for link in self.links
            if link.country == country and link.sender != link.receiver and (not statuses or link.status in statuses)
        ]
        return tuple(sorted(chosen, key=lambda link: -float(f"{abs(link.after - link.before):.9g}")))  # rounding ties

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("hanlon2012",)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, country, sender and receiver (empty for totals)."""
        return tidy_frame(self._rows(), ["country", "sender", "receiver"])

    def _rows(self) -> Iterator[dict[str, Any]]:
        def row(
            variable: str, value: float, unit: str, country: str, link: ClusterLink | None = None
        ) -> dict[str, Any]:
            ends = {"sender": link.sender, "receiver": link.receiver} if link else {"sender": None, "receiver": None}
            return {"variable": variable, "value": float(value), "unit": unit, "country": country, **ends}

        rate, contact = "per unit of time", "goods a worker, per unit of time"
        for c, country in enumerate(COUNTRIES):
            yield row("static_gain", self.static_gain[c], "real income after over before", country)
            for name in ("growth_before", "growth_after", "concentration", "spillovers", "composition"):
                yield row(name, getattr(self, name)[c], rate, country)
            yield row("cluster_change", self.cluster_change[c], contact, country)
        for link in self.links:
            yield row("contact_before", link.before, contact, link.country, link)
            yield row("contact_after", link.after, contact, link.country, link)
            yield row("growth_of_home", link.growth_home, rate, link.country, link)
            yield row("growth_of_foreign", link.growth_foreign, rate, link.country, link)

    def summary(self) -> str:
        """Return the effects and the reasons in words."""
        opened = ", ".join(str(i) for i in self.opened) or "none"
        lines = [f"opening industries {opened}, sigma = {self.parameters.sigma:g}; rates per unit of time"]
        for c, country in enumerate(COUNTRIES):
            lines.append(
                f"{country}: real income x {self.static_gain[c]:.6g}; growth {self.growth_before[c]:.6g} to "
                f"{self.growth_after[c]:.6g}: concentration {self.concentration[c]:+.6g}, spillovers "
                f"{self.spillovers[c]:+.6g}, composition {self.composition[c]:+.6g}"
            )
            lines.append(f"  {self.verdict[c]}: contact between related industries {self.cluster_change[c]:+.6g}")
            for word in ("joined", "weakened", "cut"):
                links = self.links_of(country, word)
                if links:
                    named = ", ".join(f"{link.sender} -> {link.receiver} ({link.weight:g})" for link in links[:6])
                    more = f" and {len(links) - 6} more" if len(links) > 6 else ""
                    lines.append(f"  {word}: {named}{more}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Plot the three effects and the change of every link between industries."""
        from tradewinds.clusters.opening_figures import plot_effects

        return plot_effects(self)


def effects_of_opening(
    parameters: ClusterParameters,
    *,
    open_industries: Iterable[int] | None = None,
    already_open: Iterable[int] = (),
) -> OpeningEffects:
    """Return what opening does at one instant: static gain, three effects on growth, clusters built or destroyed.

    Parameters
    ----------
    parameters : ClusterParameters
        With the technology of the instant; at a later date, that of a path's equilibrium.
    open_industries : iterable of int, optional
        Industries that trade after, counted from one; None is all.
    already_open : iterable of int
        Those that trade before; none is autarky.

    Raises
    ------
    InputError
        If there is no such industry, one that was open closes, or several industries are tied at the relative
        wage, so that who of them learns is not determined.
    ConvergenceError
        If an equilibrium is not found.

    References
    ----------
    Hanlon (2012), Section 3. The split is ours; see the module's text.

    Examples
    --------
    Figure 4 of the paper, where trade ends learning:

    >>> from tradewinds.clusters import paper_economy
    >>> print(effects_of_opening(paper_economy(4)).summary())  # doctest: +ELLIPSIS
    opening industries 1, 2, 3, 4, sigma = 2; rates per unit of time
    home: real income x 1.33333; growth 0.00666667 to 0: concentration +0, spillovers -0.00666667, composition +0
      cluster destroying: contact between related industries -0.0444444
      cut: 1 -> 2 (0.2), 2 -> 1 (0.2), 3 -> 4 (0.2), 4 -> 3 (0.2)
    foreign: ...
    """
    n = parameters.industries
    opened = list(range(1, n + 1)) if open_industries is None else list(open_industries)
    already = list(already_open)
    before, after = (solve_partial_trade(parameters, chosen).value for chosen in (already, opened))
    closing = sorted(set(already) - set(opened))
    if closing:
        raise InputError(
            f"industry {closing[0]} is in already_open but not in open_industries; effects are those of opening"
        )
    masks = [np.isin(np.arange(1, n + 1), chosen) for chosen in (already, opened)]

    def change(spillovers: Array) -> Array:
        """Return the change in growth of each country by place, sender and receiver, shape (2, 2, n, n)."""
        was, now = (
            growth_by_spillover(point, mask, spillovers) for point, mask in zip((before, after), masks, strict=True)
        )
        return np.asarray(now - was)

    rates = [
        growth_by_spillover(point, mask).sum(axis=(1, 2, 3)) for point, mask in zip((before, after), masks, strict=True)
    ]
    concentration, across, composition = (change(part).sum(axis=(1, 2, 3)) for part in split_spillovers(parameters.tau))
    return OpeningEffects(
        before=before,
        after=after,
        opened=tuple(sorted(set(opened) - set(already))),
        static_gain=np.asarray(after.real_income / before.real_income),
        growth_before=rates[0],
        growth_after=rates[1],
        concentration=concentration,
        spillovers=across,
        composition=composition,
        cluster_change=cluster_change(before, after),
        links=tuple(_links(before, after, change(parameters.tau))),
    )


def split_spillovers(spillovers: Array) -> tuple[Array, Array, Array]:
    """Return the three matrices of concentration, spillovers and composition; they add up to the whole.

    Examples
    --------
    Only the first two of Figure 5's industries generate anything:

    >>> concentration, _, composition = split_spillovers(np.diag([0.5, 0.5, 0, 0]))
    >>> concentration.diagonal().tolist(), composition.diagonal().tolist()
    ([0.25, 0.25, 0.25, 0.25], [0.25, 0.25, -0.25, -0.25])
    """
    n = len(spillovers)
    same = np.eye(n, dtype=bool)
    own = np.diagonal(spillovers)
    sent = np.where(same, 0.0, spillovers).sum(axis=1)
    excess = np.broadcast_to(((sent - sent.mean()) / max(n - 1, 1))[:, np.newaxis], (n, n))
    concentration = np.where(same, own.mean(), 0.0)
    across = np.where(same, 0.0, spillovers - excess)
    composition = np.where(same, np.diag(own - own.mean()), excess)
    return concentration, across, composition


def _links(before: Equilibrium, after: Equilibrium, growth: Array) -> Iterator[ClusterLink]:
    was, now = contacts(before), contacts(after)
    tau = before.parameters.tau
    for c, country in enumerate(COUNTRIES):
        for i, j in np.argwhere(tau > 0).tolist():
            parts = (float(growth[k, c, i, j]) for k in range(2))
            yield ClusterLink(country, i + 1, j + 1, float(tau[i, j]), float(was[c, i, j]), float(now[c, i, j]), *parts)
