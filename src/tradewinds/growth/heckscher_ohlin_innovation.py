r"""Factor endowments and innovation: the country rich in human capital invents, and sells varieties for simple goods.

Grossman and Helpman (1991, ch. 6 and 7). Two countries with human capital :math:`H_i` and labour :math:`L_i`. Households spend the
share :math:`s` on a CES index of varieties (elasticity :math:`\sigma`, :math:`\beta = 1/\sigma`, :math:`\alpha = 1 - \beta`) and
the rest on a homogeneous good :math:`z`; utility is logarithmic. Unit costs are :math:`c_j = w_H^{\theta_j} w_L^{1 - \theta_j}`,
with :math:`\theta_\gamma \ge \theta_x > \theta_z` for research, varieties and the homogeneous good. A blueprint takes
:math:`a / n` units of research input; with trade :math:`n` is the number of varieties of the world, so knowledge is shared in
full.

**One economy.** Its spending is 1; varieties are made where they were invented.

.. math::
    a\, c_\gamma &= \frac{s \beta}{\rho + g} && \text{free entry: all firms are worth what they cost} \\
    w_H H &= \theta_\gamma I + \theta_x s \alpha + \theta_z (1 - s), \qquad I = s \beta\, \frac{g}{\rho + g} &&
    \text{human capital} \\
    w_L L &= (1 - \theta_\gamma) I + (1 - \theta_x) s \alpha + (1 - \theta_z)(1 - s) && \text{labour}

Wages are explicit in :math:`g`, and :math:`g` is one root; zero where firms are worth less than they cost.

**Two countries.** Home has a share :math:`\varsigma` of the value of varieties, and so of research, and :math:`\zeta` of the
homogeneous good. In the *factor price equalisation set* the wages of the integrated economy employ everybody:

.. math::
    w_H H_h &= \varsigma\,(\theta_\gamma I + \theta_x s \alpha) + \zeta\, \theta_z (1 - s) \\
    w_L L_h &= \varsigma\,[(1 - \theta_\gamma) I + (1 - \theta_x) s \alpha] + \zeta\,(1 - \theta_z)(1 - s), \qquad
    0 \le \varsigma, \zeta \le 1 .

Outside it some country lacks a sector, and wages differ: the homogeneous good is made where :math:`c_z` is lower; varieties are
invented where :math:`c_\gamma c_x^{\sigma - 1}` is lower, because on a balanced path what a firm is worth follows its profit,
:math:`c_x^{1 - \sigma}`; each in both countries only where costs are equal. Free entry then is
:math:`a(\rho + g) = s \beta\,[\varsigma / c_\gamma + (1 - \varsigma) / c_\gamma^*]`.

**Growth.** Real consumption grows at :math:`s g / (\sigma - 1)` in both countries. Output does not: goods
output of a country (research, an investment, is not counted) grows at :math:`g / (\sigma - 1)` times the part of varieties in it,
``output_growth``, and is faster in the country rich in human capital. Both are reported, as ``growth`` and
``output_growth``; welfare follows the first. Firms belong to their own country, so spending is wages and :math:`\rho` times
their value. Varieties of time 0 are two, in the proportions of balanced growth with trade, in every regime.

**Transition.** Inside the equalisation set prices, world research and growth of consumption jump; where varieties are made follows
exponentially, at a speed in closed form (:mod:`tradewinds.growth.factor_paths`). So welfare with transition differs from that of
steady states by who owns the firms of the first day alone. Where factor prices differ on the way, prices move too
(:mod:`tradewinds.growth.factor_dynamics`).

Derived here from memory of the book, which was not at hand; Cobb-Douglas costs are our choice. Opening to trade and to foreign
knowledge come together, as in the book.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from tradewinds.errors import InputError
from tradewinds.growth.claims import Claim
from tradewinds.growth.factor_allocation import Allocation, integrated, price_index, sectors, short_run, world
from tradewinds.growth.factor_parameters import HeckscherOhlinInnovationParameters
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.solved_path import SolvedPathMechanism
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "HeckscherOhlinInnovation", "HeckscherOhlinInnovationParameters"]

P = HeckscherOhlinInnovationParameters


class HeckscherOhlinInnovation(SolvedPathMechanism[HeckscherOhlinInnovationParameters]):
    """Two factors, two sectors and research."""

    name = "heckscher-ohlin-innovation"
    title = "Factor endowments and innovation"
    path_tolerance: ClassVar[float] = 1e-6  # factor markets, the motion of shares and prices, budgets
    variants = ("two-factors",)
    Parameters = HeckscherOhlinInnovationParameters
    citation_keys = ("grossman-helpman1991", "grossman-helpman2015")
    provenance = (
        "Derived here from memory of Grossman and Helpman (1991, ch. 6 and 7), which was not at hand; costs are ours."
    )
    discipline = (
        "Cost shares of educated workers in research, in differentiated and in homogeneous industries.",
        "Endowments of education and labour, and net trade in factor content.",
        "Wage premia across countries, which tell whether factor prices are equalised.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution", "differentiated_share")
    autarky: ClassVar[Mapping[str, Any]] = {"trade": 0}
    closed_form: ClassVar[bool] = False
    units: ClassVar[Mapping[str, str]] = {
        "output_growth": "a year",
        "variety_share": "share of the world's (autarky: own) varieties by value",
        "homogeneous_share": "share of the world's (autarky: own) homogeneous good",
        "human_capital_wage": "world spending = 1 (autarky: own)",
        "labour_wage": "world spending = 1 (autarky: own)",
        "varieties": "number",
        "net_exports_varieties": "share of own spending",
        "rnd_share": "share of income spent on research",
    }

    def balanced_growth(self, p: P, variant: str) -> dict[str, Any]:
        """Return growth by one root, the allocation by two linear equations or, outside equalisation, by roots."""
        s, sigma, rho = p.differentiated_share, p.elasticity_of_substitution, p.discount_rate
        g_world, here = world(p)
        number = _varieties(p, here)
        if p.trade:
            innovation, prices = np.full(2, g_world), here.prices
            shares = np.array([here.varieties, 1 - here.varieties])
            simple = np.array([here.simple, 1 - here.simple])
        else:
            alone = [integrated(p, endowment) for endowment in p.endowment]
            innovation, prices = np.array([g for g, _ in alone]), np.stack([w for _, w in alone])
            shares, simple = np.ones(2), np.ones(2)
        wages = np.sum(prices * p.endowment, axis=1)
        value = s / sigma / (rho + innovation) * shares
        spending = wages + rho * value
        index = _indices(p, prices, number, simple)
        consumption = spending / index / np.sum(p.endowment, axis=1)
        growth = s * innovation / (sigma - 1)
        advanced = shares * s
        home = advanced + np.minimum((1 - s) * spending, simple * (1 - s)) / spending if p.trade else np.ones(2)
        return {
            "growth": growth,
            "output_growth": advanced / (advanced + simple * (1 - s)) * innovation / (sigma - 1),
            "innovation": innovation,
            "home_share": home,
            "import_share": 1 - home,
            "consumption": consumption,
            "interest_rate": rho + growth,
            "variety_share": shares,
            "homogeneous_share": simple,
            "human_capital_wage": prices[:, 0],
            "labour_wage": prices[:, 1],
            "varieties": number,
            "net_exports_varieties": s * (shares - spending) / spending if p.trade else np.zeros(2),
            "rnd_share": value * innovation / (wages + rho * value + value * innovation),
            "lifetime_utility": np.where(number > 0, lifetime_utility(consumption, growth, rho), -np.inf)
            if not p.trade
            else lifetime_utility(consumption, growth, rho),
        }

    def residual(self, values: Mapping[str, Any], p: P, variant: str) -> Mapping[str, Any]:
        """Return factor markets, free entry, where sectors are, and budgets at a point."""
        s, sigma, rho, g = p.differentiated_share, p.elasticity_of_substitution, p.discount_rate, values["innovation"]
        prices = np.stack([values["human_capital_wage"], values["labour_wage"]], axis=1)
        theta = np.array([[x, 1 - x] for x in (p.research_intensity, p.variety_intensity, p.homogeneous_intensity)])
        shares, simple = values["variety_share"], values["homogeneous_share"]
        logs = np.log(prices) @ theta.T  # country, activity
        research = s / sigma * g / (rho + g) * shares
        outlays = np.stack([research, s * (1 - 1 / sigma) * shares, (1 - s) * simple], axis=1)
        found: dict[str, Any] = {"factor markets": (outlays @ theta / (prices * p.endowment) - 1).ravel()}
        found["free entry"] = np.minimum(g[0] if p.trade else g, 1 - _worth(values, p) / p.rnd_cost)
        if p.trade:
            place = logs[:, 0] + (sigma - 1) * logs[:, 1]
            found["varieties"] = _median(shares[0], place[0] - place[1])
            found["homogeneous good"] = _median(simple[0], logs[0, 2] - logs[1, 2])
            found["shares"] = np.array([shares.sum() - 1, simple.sum() - 1])
            found["one growth"] = g[0] - g[1]
        return found

    def conditions(self, values: Mapping[str, Any], p: P, variant: str) -> tuple[Condition, ...]:
        """Require that a closed country has varieties to start from."""
        return (
            Condition(
                "varieties",
                p.trade == 1 or bool(np.all(values["varieties"] > 0)),
                "with trade one country would invent nothing, so on its own it would have no varieties to start from and its "
                "welfare "
                "would be minus infinity; give it more human capital",
            ),
        )

    def corner(self, values: Mapping[str, Any], p: P, variant: str) -> str:
        """Name idle sectors, or the absence of research."""
        parts = []
        if np.max(values["innovation"]) <= 0:
            bound = float(np.max(_worth(values, p)))  # closed, the country where research begins first
            parts.append(
                f"no research and no growth: a firm is worth less than its blueprint; rnd_cost must be below {bound:.4g}"
            )
        if p.trade:
            for i, country in enumerate(("home", "foreign")):
                for name, what in (("variety_share", "varieties"), ("homogeneous_share", "homogeneous goods")):
                    if values[name][i] <= 0:
                        parts.append(
                            f"{country} makes no {what}: endowments are outside the factor price equalisation set"
                        )
            if not parts and not np.allclose(values["labour_wage"][0], values["labour_wage"][1], rtol=1e-9):
                parts.append("factor prices differ")
        return "; ".join(parts)

    def exports(self, values: Mapping[str, Any], p: P, variant: str) -> str:
        """Say what home sells abroad."""
        if not p.trade:
            return "nothing"
        net = values["net_exports_varieties"][0]
        if abs(net) < 1e-12:
            return "varieties for varieties"
        return "varieties, for homogeneous goods and other varieties" if net > 0 else "homogeneous goods, for varieties"

    def static_consumption(self, baseline: BalancedGrowth, changed: P) -> Any:
        """Return consumption a head with the varieties of the baseline and the researchers that it has."""
        before: Any = baseline.parameters
        prices = np.stack([baseline["human_capital_wage"], baseline["labour_wage"]], axis=1)
        s, sigma, g = before.differentiated_share, before.elasticity_of_substitution, baseline["innovation"]
        outlay = s / sigma * g / (before.discount_rate + g) * baseline["variety_share"]
        theta = np.array([before.research_intensity, 1 - before.research_intensity])
        left = changed.endowment - outlay[:, np.newaxis] * theta / prices
        number = baseline["varieties"]
        if changed.trade:
            here = short_run(changed, left, number)
            shares, simple, now = (
                np.array([here.varieties, 1 - here.varieties]),
                np.array([here.simple, 1 - here.simple]),
                here.prices,
            )
        else:
            parts = sectors(changed, 0.0)
            now, shares, simple = (parts.advanced + parts.simple) / left, np.ones(2), np.ones(2)
        spending = changed.differentiated_share * shares + (1 - changed.differentiated_share) * simple
        return spending / _indices(changed, now, number, simple) / np.sum(changed.endowment, axis=1)

    def path_of(
        self, before: BalancedGrowth, end: BalancedGrowth
    ) -> tuple[Transition, Callable[[], npt.NDArray[np.float64]]]:
        """Return the path from the varieties of the baseline to the other regime."""
        from tradewinds.growth.factor_paths import path_of

        return path_of(before, end)

    def reason(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        before, after = baseline.parameters, counterfactual.parameters
        assert isinstance(before, P)
        assert isinstance(after, P)
        if counterfactual.growth == baseline.growth:
            return "what research earns and costs is the same"
        if before.trade == after.trade:
            return "factors or the cost of research moved what research earns or costs"
        if after.trade:
            return "home draws on research of both countries, and its factors move to what its endowments favour"
        return "home is left with its own research, and its factors serve all of its own demand"

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> P:
        """Return parameters with the facts' growth, interest rate, trade elasticity and home share, inside equalisation."""
        from scipy.optimize import brentq

        facts = facts or Facts()
        rho, base = facts.interest_rate - facts.growth, P()
        if rho <= 0 or not 0 < facts.home_share < 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, and the home share be between 0 and 1"
            )
        base = base.replace(discount_rate=rho, elasticity_of_substitution=1 + facts.trade_elasticity)

        def sized(log_size: float) -> P:
            size = float(np.exp(log_size))
            p = base.replace(
                foreign_human_capital=base.foreign_human_capital * size, foreign_labour=base.foreign_labour * size
            )
            return p.replace(rnd_cost=_cost(p, facts.growth))

        def gap(log_size: float) -> float:
            return float(self.balanced_growth(sized(log_size), self.variants[0])["home_share"][0]) - facts.home_share

        if gap(-6.0) * gap(3.0) > 0:
            raise InputError(
                f"{self.name}: no size of the other country gives a home share of {facts.home_share}; it lies between "
                f"{gap(3.0) + facts.home_share:.3g} and {gap(-6.0) + facts.home_share:.3g}"
            )
        p = sized(float(brentq(gap, -6.0, 3.0, xtol=1e-13)))
        if not world(p)[1].equalised:
            raise InputError(
                f"{self.name}: at that home share endowments are outside the factor price equalisation set"
            )
        return p

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says of the two countries, over endowments inside and outside equalisation."""
        from tradewinds.growth.factor_claims import claims

        return claims(self)

    def plot(self, parameters: P | None = None, *, variant: str | None = None) -> Figure:
        """Return growth and specialisation as human capital is moved from one country to the other."""
        p = self.admit(parameters, self.variant(variant)).replace(trade=1)
        total = p.home_human_capital + p.foreign_human_capital
        parts = np.linspace(0.04, 0.96, 70)
        solved = [
            self.balanced_growth(
                p.replace(home_human_capital=x * total, foreign_human_capital=(1 - x) * total), self.variants[0]
            )
            for x in parts
        ]
        with style():
            figure, axes = panels(3, "Who has human capital invents", self.citation_keys)
            for i, country in enumerate(("home", "foreign")):
                look: dict[str, Any] = {"color": COLOURS[i], "linestyle": DASHES[i], "label": country}
                axes[0].plot(100 * parts, [100 * v["variety_share"][i] for v in solved], **look)
                axes[1].plot(100 * parts, [100 * v["output_growth"][i] for v in solved], **look)
                premium = [v["human_capital_wage"][i] / v["labour_wage"][i] for v in solved]
                axes[2].plot(100 * parts, premium, **look)
            axes[1].plot(
                100 * parts,
                [100 * v["growth"][0] for v in solved],
                color=COLOURS[2],
                linestyle=DASHES[2],
                label="consumption, both",
            )
            label = "home's human capital, per cent of the world's"
            axes[0].set(title="Share of varieties", xlabel=label, ylabel="per cent of the world's")
            axes[1].set(title="Growth of goods output", xlabel=label, ylabel="per cent a year", ylim=(0, None))
            axes[2].set(title="Wage premium", xlabel=label, ylabel="human capital over labour", ylim=(0, None))
            for axis in axes[:2]:
                axis.legend(fontsize=7.5)
        return figure


def _worth(values: Mapping[str, Any], p: P) -> Any:
    """Return rnd_cost at which blueprints cost what their firms are worth: of the world, or of each country alone."""
    logs = np.log(np.stack([values["human_capital_wage"], values["labour_wage"]], axis=1))
    cost = np.exp(logs @ np.array([p.research_intensity, 1 - p.research_intensity]))
    rate = p.discount_rate + values["innovation"]
    worth = p.differentiated_share / p.elasticity_of_substitution * values["variety_share"] / rate / cost
    return np.sum(worth) if p.trade else worth


def _varieties(p: P, here: Allocation) -> Any:
    """Return varieties of time 0, two in the world, as balanced growth with trade has them: value over cost of a blueprint."""
    theta = np.array([p.research_intensity, 1 - p.research_intensity])
    entered = np.array([here.varieties, 1 - here.varieties]) * np.exp(-np.log(here.prices) @ theta)
    return 2 * entered / entered.sum()


def _indices(p: P, prices: Any, number: Any, simple: Any) -> Any:
    """Return the price index of each country: one with trade, its own in autarky."""
    if p.trade:
        return np.full(2, price_index(p, prices, number, simple))
    one = np.ones(1)
    return np.array([price_index(p, prices[[i]], number[[i]], one) if number[i] > 0 else np.inf for i in (0, 1)])


def _median(share: float, gap: float) -> float:
    """Return zero where a share in [0, 1] and its cost gap fit: gap >= 0 at 0, <= 0 at 1, none between."""
    return float(np.median([share, share - 1, gap]))


def _cost(p: P, growth: float) -> float:
    """Return the cost of a blueprint at which consumption of the integrated world grows at a rate."""
    g = growth * (p.elasticity_of_substitution - 1) / p.differentiated_share
    parts = sectors(p, g)
    prices = (parts.advanced + parts.simple) / p.endowment.sum(axis=0)
    cost = np.exp(np.log(prices) @ np.array([p.research_intensity, 1 - p.research_intensity]))
    return float(p.differentiated_share / p.elasticity_of_substitution / (cost * (p.discount_rate + g)))


MECHANISM = HeckscherOhlinInnovation()
