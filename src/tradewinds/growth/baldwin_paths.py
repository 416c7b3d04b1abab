r"""The path of :mod:`tradewinds.growth.baldwin_robert_nicoud` after a change: old firms linger, new exporters take time.

Costs are sunk, so the firms of the first day stay. Write :math:`m = M / n` for the sum of :math:`a^{1-\sigma}` that a market sees,
per variety, :math:`V` for the value of a unit of it, and :math:`\xi, \bar F, \bar m` for the new cutoffs
(:mod:`tradewinds.growth.baldwin_selection`).

**Adoption.** Where exporting gets cheaper, the best of the old firms pay :math:`F_X` first, and while that pays more than a new
firm nobody enters: :math:`n` stays and the cutoff :math:`a_x` of old exporters rises to the new one. An old firm may wait, so it
exports once what that earns a year covers interest on the cost, less what the cost rises by; the marginal one sets the interest
rate,

.. math::
    r = \hat P_K + \frac{\phi\, a_x^{1 - \sigma} E}{\sigma M F_X P_K}, \qquad
    \frac{k a_x^{k-1}}{a_{D0}^k}\,\dot a_x = \frac{A R}{F_X}, \qquad R = L - \frac{\sigma - 1}{\sigma} E, \qquad
    P_K = \frac{1}{n A} .

**Entry.** Then cutoffs are the new ones for ever, :math:`V = \xi P_K`, :math:`r = \hat P_K + E / (\sigma M V)`, and
:math:`\hat n = A R / \bar F`. The firms of the first day are the part :math:`u` of all, :math:`\hat u = -\hat n`, and
:math:`m = \bar m + (m_1 - \bar m)\,u`; so are imports and exporters, and with them :math:`A`. In both phases
:math:`\hat E = r - \rho`, one equation in place of time, with the stable path at :math:`u \to 0`. While old firms adopt
:math:`V` is below :math:`\xi P_K`, which is checked. In ``lab-equipment`` interest is constant once firms enter and the second
phase is explicit, :math:`n + m_1 / \bar m - 1 = e^{g t}\, m_1 / \bar m`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.baldwin_parameters import BaldwinRobertNicoudParameters
from tradewinds.growth.baldwin_selection import selection
from tradewinds.growth.baldwin_technologies import LAB, concentration, freeness, profit_of
from tradewinds.growth.results import BalancedGrowth, Transition

__all__ = ["path_of"]

Array = NDArray[np.float64]

#: Part of old firms among all at which the path has reached its end.
LAST = 1e-11


@dataclass(frozen=True)
class _Industry:
    """The firms of the first day (home sales, exports, exporters, cutoffs) and what new ones are."""

    p: BaldwinRobertNicoudParameters
    variant: str
    phi: float
    survivor: float
    survival: float
    old: tuple[float, float, float]
    new: tuple[float, float, float]
    xi: float
    cost: float
    first: float
    last: float

    def exporting(self, cutoff: float) -> tuple[float, float, float]:
        """Return home sales, exports and exporters of old firms up to a cutoff, per variety."""
        k, beta = self.p.pareto_shape, concentration(self.p)
        tail = k - self.p.elasticity_of_substitution + 1
        return self.old[0], beta / (beta - 1) * cutoff**tail / self.survivor**k, (cutoff / self.survivor) ** k

    def seen(self, mix: tuple[float, float, float]) -> float:
        """Return the sum of a^(1 - sigma) that a market sees, per variety."""
        return mix[0] + self.phi * mix[1]

    def knowledge(self, mix: tuple[float, float, float]) -> float:
        """Return the knowledge technology with a mix of firms."""
        if self.variant == "coe-helpman":
            return 1 + self.p.idea_flow * self.phi * mix[1] / self.seen(mix)
        if self.variant == "reverse-engineering":
            return 1 + self.p.idea_flow * mix[2]
        if self.variant == "efficiency-linked":
            return float((1 + self.p.idea_flow) * self.survival**self.p.efficiency_link)
        return 1.0 if self.variant == LAB else 1 + self.p.idea_flow

    def research(self, spending: float, seen: float) -> float:
        """Return workers (final goods) left for research."""
        sigma = self.p.elasticity_of_substitution
        if self.variant == LAB:
            return float(profit_of(self.p)) * (2 - 1 / sigma) / (1 - 1 / sigma) * seen - spending
        return self.p.labour - (sigma - 1) / sigma * spending

    def profit(self, spending: float, seen: float, knowledge: float) -> float:
        """Return profit of a unit of a^(1 - sigma) over the price of knowledge."""
        if self.variant == LAB:
            return float(profit_of(self.p))
        return spending * knowledge / (self.p.elasticity_of_substitution * seen)

    def log_consumption(self, spending: float, seen: float, log_varieties: float) -> float:
        """Return the log of consumption a head."""
        if self.variant == LAB:
            return float(np.log(spending / self.p.labour))
        sigma = self.p.elasticity_of_substitution
        level = np.log(spending / self.p.labour * (sigma - 1) / sigma)
        return float(level + (np.log(seen) + log_varieties) / (sigma - 1))


def _industry(p: BaldwinRobertNicoudParameters, q: BaldwinRobertNicoudParameters, variant: str) -> _Industry:
    if (p.elasticity_of_substitution, p.pareto_shape) != (q.elasticity_of_substitution, q.pareto_shape):
        raise InputError(
            "baldwin-robert-nicoud: elasticity_of_substitution or pareto_shape changes, so that firms of the first day are not of "
            "the new regime; the path is not defined. Change them in both regimes"
        )
    before, after = selection(p), selection(q)
    k, beta, sigma, phi = q.pareto_shape, concentration(q), q.elasticity_of_substitution, float(freeness(q))

    def mix(at: Any) -> tuple[float, float, float]:
        least, exporters = 1 / float(at["survival"]), float(at["exporters"])
        at_home = beta / (beta - 1) * least ** (1 - sigma)
        return at_home, at_home * exporters ** ((beta - 1) / beta), exporters

    survivor = 1 / float(before["survival"])
    first = survivor * float(before["exporters"]) ** (1 / k)
    last = float((phi * after["xi"] / q.export_cost) ** (1 / (sigma - 1)))
    return _Industry(
        p=q,
        variant=variant,
        phi=phi,
        survivor=survivor,
        survival=float(after["survival"]),
        old=mix(before),
        new=mix(after),
        xi=float(after["xi"]),
        cost=float(after["cost"]),
        first=first,
        last=max(first, min(last, survivor)),
    )


def path_of(before: BalancedGrowth, end: BalancedGrowth) -> tuple[Transition, Callable[[], Array]]:
    """Return the path from the firms of one balanced growth path to another, and what evaluates its residuals.

    Raises
    ------
    InputError
        If old firms leave nothing to new ones, or parameters of the distribution change.
    """
    p: Any = before.parameters
    q: Any = end.parameters
    here = _industry(p, q, end.variant)
    if (
        float(end["innovation"]) == 0
        and np.allclose(here.old, here.new, rtol=1e-12, atol=0)
        and here.last == here.first
    ):
        return _assembled(here, end, [_rest(here, end)])
    if float(end["innovation"]) == 0:
        raise InputError(
            "baldwin-robert-nicoud: nobody innovates in the changed regime, and what firms of the first day adopt before that is "
            "not solved; solve() gives both ends"
        )
    adopting = here.last > here.first * (1 + 1e-10)
    mix = here.exporting(here.last)
    entry = _explicit(here, end, mix) if end.variant == LAB else _entry(here, end, mix)
    pieces = [entry]
    if adopting:
        pieces.insert(0, _adoption(here, entry.spending, entry.utility))
    return _assembled(here, end, pieces)


@dataclass(frozen=True)
class _Piece:
    """Dates from the start of a phase, and rows there: log spending, log varieties, mix (3); at its start spending and utility."""

    time: Array
    rows: Array
    growth: Array
    spending: float
    utility: float
    length: float
    gap: Callable[[], float]


def _entry(here: _Industry, end: BalancedGrowth, mix: tuple[float, float, float]) -> _Piece:
    """Follow the second phase back from its end; the log of u is in place of time."""
    p, rho = here.p, here.p.discount_rate
    old, new = np.array(mix), np.array(here.new)

    def motion(x: float, log_spending: float) -> tuple[float, float, float, float]:
        """Return growth of varieties and of spending, what a market sees, and knowledge."""
        part, spending = float(np.exp(x)), float(np.exp(log_spending))
        step = 1e-6
        now = tuple(new + (old - new) * part)
        seen, knowledge = here.seen(now), here.knowledge(now)
        around = [here.knowledge(tuple(new + (old - new) * part * np.exp(s))) for s in (step, -step)]
        grown = knowledge * here.research(spending, seen) / here.cost
        learned = -grown * (np.log(around[0]) - np.log(around[1])) / (2 * step)
        rise = here.profit(spending, seen, knowledge) / here.xi - grown - learned - rho
        return grown, rise, seen, knowledge

    def back(x: float, state: Array) -> Array:
        grown, rise, seen, _ = motion(x, state[0])
        flow = here.log_consumption(float(np.exp(state[0])), seen, -x)
        return -np.array([rise, 1.0, rho * state[2] - flow]) / grown

    spent = float(end["spending"]) * p.labour
    low = float(np.log(LAST))
    level = here.log_consumption(spent, here.seen(here.new), -low)
    first = [np.log(spent), 0.0, level / rho + end.growth / rho**2]

    def describe(x: float) -> tuple[float, Array]:
        return -x, new + (old - new) * np.exp(x)

    return _traced(back, low, 0.0, np.array(first), here, describe, lambda x, y: motion(x, y)[0])


def _adoption(here: _Industry, spending: float, utility: float) -> _Piece:
    """Follow the first phase back from where entry starts; the log of the cutoff of old exporters is in place of time."""
    p, rho, sigma, k = here.p, here.p.discount_rate, here.p.elasticity_of_substitution, here.p.pareto_shape

    def back(y: float, state: Array) -> Array:
        cutoff, spent, step = float(np.exp(y)), float(np.exp(state[0])), 1e-6
        mix = here.exporting(cutoff)
        seen, knowledge = here.seen(mix), here.knowledge(mix)
        around = [here.knowledge(here.exporting(cutoff * np.exp(s))) for s in (step, -step)]
        learned = (np.log(around[0]) - np.log(around[1])) / (2 * step)  # per unit of y
        speed = knowledge * here.research(spent, seen) / (p.export_cost * k * (cutoff / here.survivor) ** k)  # dy / dt
        earned = here.profit(spent, seen, knowledge) * here.phi / (p.export_cost * cutoff ** (sigma - 1))
        flow = here.log_consumption(spent, seen, 0.0)
        worth = (
            earned * state[3] - here.profit(spent, seen, knowledge)
        ) / speed  # of a unit over the price of knowledge
        return np.array([(earned - rho) / speed - learned, 1 / speed, (rho * state[2] - flow) / speed, worth])

    high = float(np.log(here.last))
    low = max(float(np.log(max(here.first, 1e-300))), high - 12.0 / k * 3)  # the best export within no time
    first = np.array([np.log(spending), 0.0, utility, here.xi])

    def describe(y: float) -> tuple[float, Array]:
        return 0.0, np.array(here.exporting(float(np.exp(y))))

    return _traced(back, high, low, first, here, describe, lambda *_: 0.0)


def _traced(
    back: Callable[[float, Array], Array],
    start: float,
    stop: float,
    first: Array,
    here: _Industry,
    describe: Callable[[float], tuple[float, Array]],
    growth: Callable[[float, float], float],
) -> _Piece:
    """Integrate from the end of a phase to its start, and read it in calendar time."""
    from scipy.integrate import solve_ivp

    def idle(x: float, state: Array) -> float:
        seen = here.seen(tuple(describe(x)[1]))
        return here.research(float(np.exp(state[0])), seen) / here.research(0.0, seen) - 1e-9

    idle.terminal = True  # type: ignore[attr-defined]
    found: Any = solve_ivp(
        back, (start, stop), first, method="LSODA", rtol=1e-11, atol=1e-12, dense_output=True, events=idle
    )
    if not found.success or len(found.t_events[0]):
        raise InputError(
            "baldwin-robert-nicoud: firms of the first day are so many, or so productive, that research would stop on the way; "
            "that is not solved. Make the change smaller, or labour larger"
        )
    x = np.linspace(stop, start, 241)
    states = found.sol(x)
    time = states[1] - states[1, 0]
    rows = np.array([[y, *_flat(describe(float(z)))] for z, y in zip(x, states[0], strict=True)])
    rates = np.array([growth(float(z), float(y)) for z, y in zip(x, states[0], strict=True)])
    nodes, weights = np.polynomial.legendre.leggauss(6)

    def gap() -> float:
        middle, half = (x[1:] + x[:-1]) / 2, np.diff(x) / 2
        moved = np.zeros((middle.size, first.size))
        for node, weight in zip(nodes, weights, strict=True):
            at = middle + half * node
            moved += weight * np.array([back(float(z), s) for z, s in zip(at, found.sol(at).T, strict=True)])
        difference = np.diff(states, axis=1).T - half[:, np.newaxis] * moved
        entering = np.max(states[3]) / here.xi - 1 if first.size > 3 else 0.0  # nobody enters while old firms adopt
        return float(max(np.max(np.abs(difference / np.maximum(1.0, np.abs(states[:, 1:].T)))), entering))

    return _Piece(time, rows, rates, float(np.exp(states[0, 0])), float(states[2, 0]), float(time[-1]), gap)


def _flat(described: tuple[float, Array]) -> list[float]:
    return [described[0], *(float(v) for v in described[1])]


def _rest(here: _Industry, end: BalancedGrowth) -> _Piece:
    """Return an economy in which nothing happens: no research before or after, and the same firms."""
    time, spent = np.linspace(0, 100, 11), float(end["spending"]) * here.p.labour
    rows = np.tile([np.log(spent), 0.0, *here.old], (time.size, 1))
    left = here.research(spent, here.seen(here.old)) / here.research(0.0, here.seen(here.old))
    return _Piece(time, rows, np.zeros(time.size), spent, float(end["lifetime_utility"]), 100.0, lambda: abs(left))


def _explicit(here: _Industry, end: BalancedGrowth, mix: tuple[float, float, float]) -> _Piece:
    """Return the second phase of lab-equipment: interest is constant, and varieties are an exponential less a constant."""
    g, rho, p = float(end["innovation"]), here.p.discount_rate, here.p
    gross = here.research(0.0, here.seen(here.new)) / here.cost  # all final goods into new varieties
    ratio = here.seen(mix) / here.seen(here.new)
    spent = here.cost * (gross - g) * ratio
    time = np.unique(np.concatenate([np.linspace(0, 100, 101), np.linspace(100, 25 / max(g, 1e-3) + 100, 60)]))
    varieties = ratio * np.exp(g * time) - (ratio - 1)
    part = 1 / varieties[:, np.newaxis]
    mixes = np.array(here.new) + (np.array(mix) - np.array(here.new)) * part
    rows = np.column_stack([np.log(spent) + g * time, np.log(varieties), mixes])
    rates = g * ratio * np.exp(g * time) / varieties
    utility = float(np.log(spent / p.labour) / rho + g / rho**2)

    def gap() -> float:
        seen = (mixes[:, 0] + here.phi * mixes[:, 1]) * varieties
        budget = here.research(0.0, 1.0) * seen - here.cost * rates * varieties - np.exp(rows[:, 0])
        interest = here.profit(0.0, 1.0, 1.0) / here.xi - rho - g
        return float(max(np.max(np.abs(budget) / np.exp(rows[:, 0])), abs(interest)))

    return _Piece(time, rows, rates, spent, utility, float(time[-1]), gap)


def _assembled(here: _Industry, end: BalancedGrowth, pieces: list[_Piece]) -> tuple[Transition, Callable[[], Array]]:
    """Put phases one after the other."""
    start = 0.0
    times: list[Array] = []
    rows: list[Array] = []
    rates: list[Array] = []
    for piece in pieces:
        times.append(start + piece.time + (1e-9 if times else 0.0))  # both sides of a step are kept
        rows.append(piece.rows)
        rates.append(piece.growth)
        start += piece.length
    time, row, growth = np.concatenate(times), np.concatenate(rows), np.concatenate(rates)
    time, kept = np.unique(time, return_index=True)
    row, growth = row[kept], growth[kept]
    seen = row[:, 2] + here.phi * row[:, 3]
    logs = [here.log_consumption(float(np.exp(r[0])), float(m), float(r[1])) for r, m in zip(row, seen, strict=True)]
    entered = pieces[0].length if len(pieces) > 1 else 0.0
    moved = len(pieces) > 1 or abs(here.seen(here.exporting(here.last)) / here.seen(here.new) - 1) > 1e-12
    half = float(np.interp(np.log(2), row[:, 1], time)) if moved else 0.0
    paths = {
        "innovation": growth,
        "varieties": np.exp(row[:, 1]),
        "home_share": row[:, 2] / seen,
        "exporters": row[:, 4],
        "spending": np.exp(row[:, 0]) / here.p.labour,
        "consumption": np.exp(logs),
    }
    path = Transition(
        mechanism=end.mechanism,
        variant=end.variant,
        regime=end.regime,
        parameters=end.parameters,
        time=time,
        paths=paths,
        end=end,
        lifetime_utility=pieces[0].utility,
        half_life=max(half, entered) if moved else 0.0,
        units=dict(end.units) | {"varieties": "those of the first day = 1"},
        citation_keys=end.citation_keys,
    )
    return path, lambda: np.array([piece.gap() for piece in pieces])
