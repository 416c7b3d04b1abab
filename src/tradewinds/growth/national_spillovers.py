r"""National spillovers: a head start decides who innovates, and innovation is not welfare.

Grossman and Helpman (1991, ch. 8). Two countries, labour only. Households spend the share :math:`s` on a CES index of varieties
(elasticity :math:`\sigma`, :math:`\beta = 1/\sigma`) and the rest on a common good made one for one with labour. A blueprint takes
:math:`a / n_i` workers: knowledge is a country's own varieties and stays there. Goods trade freely, or not at all.

**Autarky.** Each country grows as in :mod:`~tradewinds.growth.variety_expansion`,
:math:`g_i = s\beta L_i/a - (1 - s\beta)\rho`, or not at all if that is negative.

**Trade.** Let A be the leader, :math:`n_A > n_B`. While both make the common good their wages are equal, a variety is
worth the same wherever it was invented, and only the cheaper inventor invents: B's research stops. With the leader's share
of varieties :math:`\varsigma` and world spending :math:`E` (wage 1),

.. math::
    g_A = \frac{L_A + L_B - (1 - s\beta)E}{a}, \qquad \frac{\dot E}{E} = \frac{s\beta E\varsigma}{a} - g_A - \rho, \qquad
    \dot\varsigma = \varsigma(1 - \varsigma)\,g_A ,

a saddle path to :math:`\varsigma = 1`, :math:`g = s\beta (L_A + L_B)/a - (1 - s\beta)\rho`. That needs
:math:`a g + s\alpha E\varsigma \le L_A`, where :math:`\alpha = 1 - \beta`; otherwise A makes varieties alone, its wage rises above
B's, and in the limit :math:`g = \beta L_A/a - \alpha\rho`. Capital is mobile: every
country's spending grows at the same rate and its share of world spending is :math:`\rho` times its wages and firms at time 0.

**All regimes** are solved (:mod:`~tradewinds.growth.rivalry`): on the path each country invents or not
(:math:`0 \le g_i \perp v_i n_i \le a w_i`) and makes the common good or not, and it may pass through several. A laggard whose wage
is far enough below the leader's invents too, at first or for long. The two then grow alike for ever at one point,

.. math::
    g = \frac{\beta L_A}{a} - \alpha\rho, \qquad W = \frac{w_A}{w_B} = \frac{s (L_B - L_A)}{(1 - s)(L_A + a\rho)} - 1, \qquad
    \varsigma^* = \frac{W^\sigma}{1 + W^\sigma} ,

found from equal rewards :math:`\theta_i / w_i` of both, A's labour in varieties and research alone, and B's that in the common good
besides. Where :math:`W > 1` that point is unstable and parts two long runs: a leader with more than :math:`\varsigma^*`
keeps its lead, one with less is **overtaken** by the large laggard, which invents first beside it and then alone. So history
decides between countries of similar size, and size against a head start. Where the knowledge of nobody pays for research
(:math:`s\beta\theta_i E \le a w_i \rho` in both) there is none, for ever.

**No trade cost.** In the long run one country makes all varieties. Then neither innovation nor home shares depend on what
shipping them costs (only the laggard's price level does), so there is no trade cost here that could be fitted to a home share.

**Innovation and welfare apart.** Consumption grows at :math:`s g/(\sigma - 1)` in both countries, because A's varieties are traded.
So the laggard stops innovating and may yet grow faster than in autarky. ``innovation`` and ``growth`` are different
variables here, and the laggard's welfare is a third thing.

Both regimes start on the same day from ``home_varieties``; the baseline need not be on its balanced growth path, and
``welfare_transition`` compares the two paths, ``welfare_steady_state`` where they lead. A tie leaves the lead at home.

All equations are derived here; the book was not at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import ADVICE, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.national_parameters import NationalSpilloversParameters
from tradewinds.growth.national_paths import impact, moving, researchers, saddle_path, still
from tradewinds.growth.national_regimes import (
    autarky,
    autarky_residual,
    last,
    leads,
    resting,
    threshold,
    trade,
    trade_residual,
    wins,
)
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "NationalSpillovers", "NationalSpilloversParameters"]

#: Largest residual of a path: the Euler equation between its dates, and the world's budget.
PATH_TOLERANCE = 1e-7


class NationalSpillovers(Mechanism[NationalSpilloversParameters]):
    """A leader and a laggard whose knowledge stays at home."""

    name = "national-spillovers"
    title = "National spillovers and history"
    variants = ("free-trade",)
    Parameters = NationalSpilloversParameters
    citation_keys = ("grossman-helpman1991", "grossman-helpman2015")
    provenance = "Derived here; the book was not at hand."
    discipline = (
        "Patents or R&D by country and sector, before and after an opening, for who leads and who stops.",
        "Domestic against foreign citations, to see that knowledge stays at home at all.",
        "The share of spending on differentiated goods and the elasticity between them.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution", "differentiated_share")
    autarky: ClassVar[Mapping[str, Any]] = {"trade": 0}
    units: ClassVar[Mapping[str, str]] = {
        "varieties": "share of the world's varieties",
        "spending": "share of world spending",
        "world_spending": "lowest wage = 1",
        "firm_value": "cost of a firm = 1",
    }

    def balanced_growth(self, p: NationalSpilloversParameters, variant: str) -> dict[str, Any]:
        """Return autarky of each country, or the limit of trade, whichever pattern of specialisation holds."""
        closed, opened = autarky(p), trade(p)
        traded = last(np.asarray(p.trade) == 1)
        values = {name: np.where(traded, opened[name], closed[name]) for name in closed}
        values["lifetime_utility"] = lifetime_utility(values["consumption"], values["growth"], last(p.discount_rate))
        return values

    def residual(self, values: Mapping[str, Any], p: NationalSpilloversParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point."""
        if p.trade == 0:
            return autarky_residual(values, p)
        return trade_residual(values, p)

    def corner(self, values: Mapping[str, Any], p: NationalSpilloversParameters, variant: str) -> str:
        """Name countries without research, the pattern of specialisation, and who overtakes."""
        names = ("home", "foreign")
        idle = [c for c, g in zip(names, values["innovation"], strict=True) if g <= 0]
        parts = [f"no research in {' and '.join(idle)}"] if idle else []
        if len(idle) == 2:
            parts[0] += f": rnd_cost must be below {self._bound(p):.4g}"
        if not p.trade:
            return "; ".join(parts)
        apart = int(np.argmax(values["wage"]))
        if not np.isclose(values["wage"][1], 1):
            parts.append(f"{names[apart]} makes varieties alone, at a higher wage")
        if len(idle) < 2 and wins(p) != leads(p):
            last_one, head = ("home", 1) if wins(p) else ("foreign", 0)
            parts.append(
                f"{last_one} overtakes: to keep its lead {names[head]} would need {100 * threshold(p)[head]:.4g} % of the varieties"
            )
        return "; ".join(parts)

    def _bound(self, p: NationalSpilloversParameters) -> float:
        """Return the cost of a blueprint below which somebody invents."""
        if p.trade:
            return float(p.rnd_cost * np.max(resting(p)["value"]))
        share = p.differentiated_share / p.elasticity_of_substitution
        return float(share / (1 - share) * max(p.home_labour, p.foreign_labour) / p.discount_rate)

    def exports(self, values: Mapping[str, Any], p: NationalSpilloversParameters, variant: str) -> str:
        """Say what home sells abroad."""
        if not p.trade:
            return "nothing"
        if np.max(values["innovation"]) <= 0:
            return "varieties for varieties, and the common good for what they do not pay"
        return "varieties, in exchange for the common good" if wins(p) else "the common good, in exchange for varieties"

    def static_consumption(self, baseline: BalancedGrowth, changed: NationalSpilloversParameters) -> Any:
        """Return home's consumption at time 0 with the researchers that the baseline has then."""
        before = baseline.parameters
        assert isinstance(before, NationalSpilloversParameters)
        return impact(changed, researchers(self, before))[0]

    def static_gain(self, baseline: BalancedGrowth, changed: NationalSpilloversParameters) -> float:
        """Return what home gains at time 0 with given researchers; the baseline may itself be on its way."""
        before = baseline.parameters
        assert isinstance(before, NationalSpilloversParameters)
        now = impact(before, researchers(self, before))[0]
        return float(100 * (self.static_consumption(baseline, changed) / now - 1))

    def with_transition(self, before: BalancedGrowth, after: BalancedGrowth) -> tuple[Any, Transition | None]:
        """Compare the paths of both regimes from the same day."""
        p, q = before.parameters, after.parameters
        assert isinstance(p, NationalSpilloversParameters)
        assert isinstance(q, NationalSpilloversParameters)
        old, new = (self.path(x).value for x in (p, q))
        return self.equivalent(new.lifetime_utility, old.lifetime_utility, p), new

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        after = counterfactual.parameters
        assert isinstance(after, NationalSpilloversParameters)
        if counterfactual.growth == baseline.growth:
            return "the labour behind the innovation that home buys is the same"
        if not after.trade:
            return "each country innovates on its own knowledge and labour alone"
        if np.max(counterfactual["innovation"]) <= 0:
            return "nobody invents: the knowledge of one country alone does not pay for it"
        who = "home" if wins(after) else "foreign"
        why = "has the head start" if wins(after) == leads(after) else "overtakes with its many cheap workers"
        return f"{who} {why} and innovates for both; consumption grows with its varieties in both"

    def transition(
        self, baseline: Any = None, changed: Any = None, *, variant: str | None = None, throw: bool = True
    ) -> Solution:
        """Return the path of the changed regime from the varieties of time 0."""
        p = self.admit(baseline, self.variant(variant))
        return self.path(self.changed(p, self.autarky if changed is None else changed), throw=throw)

    def path(self, p: NationalSpilloversParameters, *, throw: bool = True) -> Solution:
        """Return the path of a regime from time 0, as a Solution around a Transition; autarky is on its path at once."""
        end: BalancedGrowth = self.solve(p, regime="counterfactual").value
        what = "transition of national-spillovers"
        if not p.trade or np.max(end["innovation"]) == 0:
            path = still(self, p, end)
            return judge(
                path, _start_gap, tolerance=PATH_TOLERANCE, iterations=0, what=what, advice=ADVICE, throw=throw
            )
        saddle = saddle_path(p, end)
        path = moving(self, p, end, saddle)
        return judge(
            path,
            lambda _: saddle.residual(),
            tolerance=PATH_TOLERANCE,
            iterations=0,
            what=what,
            advice=ADVICE,
            throw=throw,
        )

    def regimes(self, parameters: NationalSpilloversParameters | None = None) -> tuple[tuple[float, str], ...]:
        """Return from which year on who invents, and who makes the common good, on the path of trade.

        Examples
        --------
        >>> for year, regime in MECHANISM.regimes(MECHANISM.parameters(home_labour=0.5)):
        ...     print(f"{year:.1f} {regime}")
        0.0 home invents; both make the common good
        27.9 home invents; foreign makes the common good
        """
        p = self.admit(parameters, self.variants[0])
        end: BalancedGrowth = self.solve(p).value
        if not p.trade or np.max(end["innovation"]) == 0:
            return ((0.0, end.corner or "both invent; both make the common good"),)
        names = ("home", "foreign") if wins(p) else ("foreign", "home")

        def who(flags: tuple[bool, bool]) -> str:
            chosen = [n for n, flag in zip(names, flags, strict=True) if flag]
            return {0: "nobody", 1: chosen[0] if chosen else "", 2: "both"}[len(chosen)]

        return tuple(
            (
                year,
                f"{who(mode.active)} {'invent' if all(mode.active) else 'invents'}; "
                f"{who(mode.simple)} {'make' if all(mode.simple) else 'makes'} the common good",
            )
            for year, mode in saddle_path(p, end).modes
        )

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> NationalSpilloversParameters:
        """Return parameters with the facts' growth, trade elasticity and interest rate; home shares are an outcome here."""
        facts = facts or Facts()
        base, sigma, rho = (
            NationalSpilloversParameters(),
            1 + facts.trade_elasticity,
            facts.interest_rate - facts.growth,
        )
        if rho <= 0:
            raise InputError(f"{self.name}: the interest rate must exceed growth")
        s = base.differentiated_share
        innovation = facts.growth * (sigma - 1) / s
        world = base.home_labour + base.foreign_labour
        cost = s / sigma * world / (innovation + (1 - s / sigma) * rho)
        p = base.replace(elasticity_of_substitution=sigma, discount_rate=rho, rnd_cost=cost)
        if abs(self.solve(p).value.growth / facts.growth - 1) > 1e-9:  # the leader is too small for the pattern assumed
            p = p.replace(rnd_cost=p.home_labour / (sigma * innovation + (sigma - 1) * rho))
            if abs(self.solve(p).value.growth / facts.growth - 1) > 1e-9:
                raise InputError(
                    f"{self.name}: there is no cost of research at which growth is {facts.growth}, "
                    f"at a trade elasticity of {facts.trade_elasticity}: raise trade_elasticity"
                )
        return p

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says about head starts, about laggards that stop, and about industries without prospects."""
        from tradewinds.growth.national_claims import claims

        return claims(self)

    def plot(self, parameters: Any = None, *, variant: str | None = None) -> Figure:
        """Return innovation and consumption of leader and laggard, with trade and without."""
        p = self.admit(parameters, self.variant(variant))
        paths = {"trade": self.path(p.replace(trade=1)).value, "autarky": self.path(p.replace(trade=0)).value}
        with style():
            figure, axes = panels(
                3, "A head start decides who innovates; consumption grows in both", self.citation_keys
            )
            for k, (regime, path) in enumerate(paths.items()):
                for i, country in enumerate(("home", "foreign")):
                    look: dict[str, Any] = {
                        "color": COLOURS[i + 1],
                        "linestyle": DASHES[k],
                        "label": f"{country}, {regime}",
                    }
                    axes[0].plot(path.time, 100 * path.paths["innovation"][:, i], **look)
                    axes[1].plot(path.time, np.log(path.paths["consumption"][:, i]), **look)
            shares = paths["trade"].paths["varieties"]
            axes[2].plot(paths["trade"].time, 100 * shares[:, 0], color=COLOURS[1], label="home")
            axes[2].plot(
                paths["trade"].time, 100 * shares[:, 1], color=COLOURS[2], linestyle=DASHES[1], label="foreign"
            )
            axes[0].set(
                title="Growth of varieties", xlabel="years", ylabel="per cent a year", ylim=(-0.3, None), xlim=(0, 100)
            )
            axes[1].set(title="Consumption a head", xlabel="years", ylabel="logarithm", xlim=(0, 100))
            axes[2].set(title="Varieties, with trade", xlabel="years", ylabel="per cent of the world", xlim=(0, 100))
            shown = [path.paths["consumption"][path.time <= 100] for path in paths.values()]
            axes[1].set_ylim(np.log(min(np.min(x) for x in shown)) - 0.1, np.log(max(np.max(x) for x in shown)) + 0.1)
            for axis in axes:
                axis.legend(fontsize=7.5)
        return figure


def _start_gap(path: Transition) -> Any:
    """Return consumption of a path at rest at time 0 against the balanced growth path that it is."""
    return path.paths["consumption"][0] / path.end["consumption"] - 1


MECHANISM = NationalSpillovers()
