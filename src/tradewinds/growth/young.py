r"""Learning by doing that runs out: trade with a country ahead can stop learning, and still raise consumption.

Young (1991). Goods :math:`s` on a line, the more advanced the higher; a unit of good :math:`s` takes

.. math:: a(s, T) = \bar a\, e^{-T} e^{|s - T|}

workers where knowledge is :math:`T`: learning is exhausted in goods below :math:`T`, and goods above are too advanced. People
learn in what is not exhausted, and all goods gain from it:

.. math:: \dot T = \int_T^\infty L(s)\, ds .

Utility of a day is :math:`u = \int \ln(1 + C(s))\, ds`, discounted at :math:`\rho`; there are no assets. With income :math:`y` a
head and :math:`\bar p` the highest price that anybody pays,

.. math::
    C(s) = \left(\frac{\bar p}{p(s)} - 1\right)^+, \qquad \int (\bar p - p(s))^+\, ds = y, \qquad
    u = \int (\ln \bar p - \ln p(s))^+\, ds .

**Autarky.** Goods from :math:`T - \tau` to :math:`T + \tau` are made; half of labour learns:

.. math:: \tau e^\tau - e^\tau + 1 = \frac{e^T}{2 \bar a}, \qquad u = \tau^2, \qquad \dot T = \frac L2 .

**Trade.** A laggard with :math:`T` and a leader with :math:`T^* > T`, wages :math:`1` and
:math:`\omega \in [1, e^{2(T^* - T)}]`. The laggard makes goods up to :math:`m = T + \tfrac12 \ln\omega`, the leader the rest, so
that

.. math::
    L &= \int_{-\infty}^{m} a(s, T) \left[L\,C(s) + L^* C^*(s)\right] ds && \text{which sets } \omega \\
    \dot T &= \int_T^m a(s, T) \left[L\,C + L^* C^*\right] ds, \qquad
    \dot T^* = \int_{T^*}^\infty a(s, T^*) \left[L\,C + L^* C^*\right] ds .

Two corners are solved: at :math:`\omega = 1` the demand for exhausted goods takes all of the laggard's labour, and it learns
nothing; at :math:`\omega = e^{2(T^* - T)}` the leader is too small, and the laggard makes advanced goods as well.

**What is reported.** With trade there is no balanced growth: shares and wages move as knowledge does. ``solve`` is the
equilibrium of the day; ``growth`` is that of real consumption at the prices of the day (income less the price index of what is
bought), in autarky
:math:`\dot T`; ``innovation`` is :math:`\dot T`. ``lifetime_utility`` is that of the whole path from that day. Utility is not
homothetic, so ``consumption`` is the income a head, in workers, that gives the utility of the day at the country's own autarky
prices of time 0, and consumption equivalents are per cent of that. ``interest_rate`` is the rate at which nobody would
wish to lend or borrow.

Derived here; the paper was not at hand and the technology is from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.young_check import missed
from tradewinds.growth.young_day import Day
from tradewinds.growth.young_goods import integrals
from tradewinds.growth.young_parameters import YoungParameters
from tradewinds.growth.young_paths import (
    NODES,
    along,
    day_of,
    equivalent_rise,
    income_of,
    lifetimes,
    ordered,
    stream,
    turned,
)
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "Young", "YoungParameters"]

#: Knowledge beyond which utilities cannot be told.
_FARTHEST = 600.0


class Young(Mechanism[YoungParameters]):
    """Bounded learning by doing in two countries."""

    name = "young"
    title = "Bounded learning by doing"
    variants = ("free-trade",)
    Parameters = YoungParameters
    citation_keys = ("young1991", "grossman-helpman2015")
    provenance = "Derived here; Young (1991) was not at hand and its technology is from memory."
    discipline = (
        "Learning curves of plants, and when they flatten, for the bounds of learning.",
        "Sophistication of exports and wages relative to the frontier, for the gap in knowledge.",
        "Growth of closed economies of different sizes, for the units of labour.",
    )
    autarky: ClassVar[Mapping[str, Any]] = {"trade": 0}
    closed_form: ClassVar[bool] = False
    units: ClassVar[Mapping[str, str]] = {
        "learning_share": "share of labour in goods that still teach",
        "knowledge": "1",
        "utility": "utils a year",
        "highest_price": "log, home wage = 1",
    }

    def vectorises(self, variant: str) -> bool:
        """Whether arrays of parameters pass: they do, and paths are solved together."""
        return True

    def balanced_growth(self, p: YoungParameters, variant: str) -> dict[str, Any]:
        """Return the equilibrium of the day at time 0, and utility of the path from there."""
        order = ordered(p)
        gap = np.abs(p.knowledge[..., 0] - p.knowledge[..., 1])
        fine = (np.asarray(p.trade == 0) | (gap > 0)) & (_farthest(p) <= _FARTHEST)
        if not np.any(fine):
            nothing = np.full(2, np.nan)  # named by the conditions
            return dict.fromkeys(("growth", "innovation", "consumption"), nothing)
        if not np.all(fine):
            p = p.spread({"trade": np.where(fine, p.trade, 0), "discount_rate": np.where(fine, p.discount_rate, 1e9)})[
                0
            ]
        today = day_of(p, turned(p.knowledge, order))
        wage = np.exp(np.stack([np.zeros_like(today.relative), today.relative], axis=-1))
        wage = turned(wage, order)
        knowledge = np.broadcast_to(p.knowledge, wage.shape)
        scale = np.asarray(p.scale)[..., np.newaxis]
        learning, domestic, utility = (turned(v, order) for v in (today.learning, today.domestic, today.utility))
        return {
            "growth": turned(today.growth, order),
            "innovation": learning,
            "home_share": domestic,
            "import_share": 1 - domestic,
            "consumption": income_of(utility, scale, knowledge),
            "interest_rate": np.asarray(p.discount_rate)[..., np.newaxis] + turned(today.shadow, order),
            "learning_share": learning / p.labour,
            "wage": wage / wage[..., :1],
            "knowledge": knowledge,
            "utility": utility,
            "highest_price": turned(today.cutoff, order) + np.log(scale) - np.log(wage[..., :1]),
            "lifetime_utility": lifetimes(p, today),
        }

    def residual(self, values: Mapping[str, Any], p: YoungParameters, variant: str) -> Mapping[str, Any]:
        """Return budgets, labour, learning and utility with goods integrated by quadrature from their unit costs."""
        wage, prices, labour = values["wage"], np.exp(values["highest_price"]), p.labour
        low = int(np.argmin(p.knowledge))
        made, learnt, spent, utility = integrals(p, wage, prices)
        budgets = np.sum(spent, axis=0) / wage - 1
        if not p.trade:
            return {
                "budgets": budgets,
                "learning": (learnt - values["innovation"]) / labour,
                "utility": utility / values["utility"] - 1,
            }
        log_wage = float(np.log(wage[1 - low] / wage[low]))
        most = 2 * abs(p.home_knowledge - p.foreign_knowledge)
        excess = made[low] / labour[low] - 1
        # at the upper corner the laggard makes what the leader cannot
        missing = max(-excess, 0.0) * labour[low] if most - log_wage < 1e-12 else 0.0
        shift = np.array([1.0, -wage[low] / wage[1 - low]]) * missing
        learning = learnt + (shift if low == 0 else shift[::-1])
        return {
            "budgets": budgets,
            "labour market": float(np.median([log_wage, log_wage - most, excess])),
            "learning": (learning - values["innovation"]) / labour,
            "utility": utility / values["utility"] - 1,
        }

    def conditions(self, values: Mapping[str, Any], p: YoungParameters, variant: str) -> tuple[Condition, ...]:
        """Require a head start, and utilities that a computer can hold."""
        return (
            Condition(
                "head start",
                (np.asarray(p.trade) == 0) | (np.asarray(p.home_knowledge) != np.asarray(p.foreign_knowledge)),
                "home_knowledge equals foreign_knowledge: with trade at equal costs nothing says who makes what; give one a head "
                "start",
            ),
            Condition(
                "horizon",
                _farthest(p) <= _FARTHEST,
                f"knowledge would reach {_farthest(p)} on the way; labour over discount_rate must be smaller: "
                "home_labour + foreign_labour at most 600 * discount_rate / 18",
            ),
        )

    def corner(self, values: Mapping[str, Any], p: YoungParameters, variant: str) -> str:
        """Name the corner that the day is in."""
        if not p.trade:
            return ""
        low = int(np.argmin(p.knowledge))
        laggard, log_wage = self.countries(p)[low], float(np.log(values["wage"][1 - low] / values["wage"][low]))
        if abs(log_wage) < 1e-12:
            return f"{laggard} makes only goods in which learning is exhausted, and stops learning"
        if abs(log_wage - 2 * abs(p.home_knowledge - p.foreign_knowledge)) < 1e-12:
            return f"{laggard} also makes advanced goods, which the leader is too small to supply"
        return ""

    def exports(self, values: Mapping[str, Any], p: YoungParameters, variant: str) -> str:
        """Say what home sells abroad."""
        if not p.trade:
            return "nothing"
        return "simple goods" if p.home_knowledge < p.foreign_knowledge else "advanced goods"

    def static_consumption(self, baseline: BalancedGrowth, changed: YoungParameters) -> Any:
        """Return consumption of the day with the knowledge of the baseline."""
        p: Any = baseline.parameters
        q = changed.replace(home_knowledge=p.home_knowledge, foreign_knowledge=p.foreign_knowledge)
        order = ordered(q)
        utility = day_of(q, q.knowledge[order]).utility[order]
        return income_of(utility, q.scale, q.knowledge)

    def equivalent(self, utility: Any, baseline: Any, p: YoungParameters) -> Any:
        """Return by how many per cent income would have to be higher along the path of ``p``, in each country."""
        path, weights = stream(p)
        return np.array(
            [equivalent_rise(float(utility[i]), path[:, i], weights, p.scale, p.knowledge[i]) for i in (0, 1)]
        )

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        before, after = baseline.home("innovation"), counterfactual.home("innovation")
        if counterfactual.home_share == baseline.home_share:
            return "labour in goods that teach moved with the size of the country, if at all"
        moved = "less" if after < before else "more"
        return f"home's labour moves to goods that teach {moved}; consumption also grows with what is learnt abroad"

    def transition(
        self, baseline: Any = None, changed: Any = None, *, variant: str | None = None, throw: bool = True
    ) -> Solution:
        """Return the path of the changed regime from the knowledge of time 0; it leads to no balanced growth."""
        chosen = self.variant(variant)
        p = self.admit(baseline, chosen)
        q = self.changed(p, self.autarky if changed is None else changed)
        start: BalancedGrowth = self.solve(q, variant=chosen, regime="counterfactual").value
        time = np.linspace(0, 5 / q.discount_rate, 61)
        along_path = along(q, float(time[-1]))
        taken = along_path(time)
        last = q.replace(home_knowledge=taken.knowledge[-1, 0], foreign_knowledge=taken.knowledge[-1, 1])
        end: BalancedGrowth = self.solve(last, variant=chosen, regime="counterfactual").value
        paths = _paths(q, taken.days) | {"knowledge": taken.knowledge}
        paths["consumption"] = income_of(taken.utility, q.scale, q.knowledge)
        path = Transition(
            mechanism=self.name,
            variant=chosen,
            regime="counterfactual",
            parameters=q,
            time=time,
            paths=paths,
            end=end,
            lifetime_utility=start["lifetime_utility"],
            half_life=_half_life(time, paths["innovation"]),
            units=self.units,
            citation_keys=self.citation_keys,
        )
        return judge(
            path,
            lambda at: missed(q, along_path, at.time, at.paths["knowledge"]),
            tolerance=1e-9,
            iterations=0,
            what="transition of young",
            throw=throw,
        )

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> YoungParameters:
        """Return parameters with the facts' growth and interest rate for a leading home; the other's size gives its home share."""
        from scipy.optimize import brentq

        facts = facts or Facts()
        p = YoungParameters(home_knowledge=3.5, foreign_knowledge=3.0)

        def shares(log_size: float) -> Day:
            return day_of(p.replace(foreign_labour=p.home_labour * np.exp(log_size)), p.knowledge[::-1])

        def gap(log_size: float) -> float:
            return float(shares(log_size).domestic[1]) - facts.home_share

        if gap(-8.0) * gap(4.0) > 0:
            raise InputError(
                f"{self.name}: no size of the other country gives a home share of {facts.home_share}; it lies between "
                f"{gap(4.0) + facts.home_share:.3g} and {gap(-8.0) + facts.home_share:.3g}"
            )
        size = float(brentq(gap, -8.0, 4.0, xtol=1e-14))
        today = shares(size)
        factor = facts.growth / float(today.growth[1])
        rho = facts.interest_rate - factor * float(today.shadow[1])
        if not (factor > 0 and rho > 0):
            raise InputError(
                f"{self.name}: the interest rate is too low for the growth; it must exceed {facts.interest_rate - rho:.4g}"
            )
        home = p.home_labour * factor
        return p.replace(home_labour=home, foreign_labour=home * np.exp(size), discount_rate=rho)

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says about a head start, over gaps and sizes."""
        from tradewinds.growth.young_claims import claims

        return claims(self)

    def plot(self, parameters: YoungParameters | None = None, *, variant: str | None = None) -> Figure:
        """Return learning and growth of consumption of both against the gap in knowledge."""
        p = self.admit(parameters, self.variant(variant))
        gaps = np.linspace(0.01, 2.5, 60)
        start = min(p.home_knowledge, p.foreign_knowledge)
        worlds, _ = p.replace(home_knowledge=start, trade=1).spread({"foreign_knowledge": start + gaps})
        days = day_of(worlds, worlds.knowledge)
        with style():
            figure, axes = panels(3, "Trade with a country ahead: who still learns", self.citation_keys)
            for i, country in enumerate(("laggard (home's size)", "leader")):
                look: dict[str, Any] = {"color": COLOURS[i], "linestyle": DASHES[i], "label": country}
                axes[0].plot(gaps, 100 * days.learning[:, i], **look)
                axes[1].plot(gaps, 100 * days.growth[:, i], **look)
                closed = 100 * p.labour[i] / 2
                axes[0].axhline(closed, color=COLOURS[i], linewidth=0.7, linestyle=(0, (1, 3)))
            axes[2].plot(gaps, np.exp(days.relative), color=COLOURS[0])
            axes[0].set(
                title="Learning (dots: autarky)", xlabel="gap in knowledge", ylabel="per cent a year", ylim=(0, None)
            )
            axes[1].set(title="Growth of consumption", xlabel="gap in knowledge", ylabel="per cent a year")
            axes[2].set(title="Wage of the leader", xlabel="gap in knowledge", ylabel="laggard = 1", ylim=(0, None))
            axes[0].legend(fontsize=7.5)
        return figure


def _farthest(p: YoungParameters) -> Any:
    """Return a bound on knowledge at the last date of the integral of utility."""
    return np.max(p.knowledge, axis=-1) + NODES[-1] / np.asarray(p.discount_rate) * np.sum(p.labour, axis=-1) / 2


def _paths(p: YoungParameters, days: Day) -> dict[str, Any]:
    """Return rates and shares along a path, home first."""
    order = ordered(p)
    wages = np.exp(np.stack([np.zeros_like(days.relative), days.relative], axis=-1))[:, order]
    return {
        "innovation": days.learning[:, order],
        "growth": days.growth[:, order],
        "home_share": days.domestic[:, order],
        "wage": wages / wages[:, :1],
    }


def _half_life(time: Any, rates: Any) -> float:
    """Return years until learning at home has covered half of its way over the path; 0 where it does not move."""
    way = rates[:, 0] - rates[0, 0]
    if np.max(np.abs(way)) < 1e-12:
        return 0.0
    return float(time[int(np.argmax(np.abs(way) >= np.abs(way[-1]) / 2))])


MECHANISM = Young()
