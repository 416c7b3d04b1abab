r"""Variety expansion: growth by new products, with goods trade and the flow of ideas as two separate things.

Romer (1990) and Grossman and Helpman (1991, ch. 3 and 9). ``N`` symmetric countries with labour :math:`L` each. Households have
logarithmic utility over :math:`C = D^{s} z^{1-s}`: :math:`D` is a CES index (elasticity :math:`\sigma`) of all varieties, :math:`z`
a good made one for one with labour under perfect competition. ``one-sector`` sets :math:`s = 1`. A blueprint takes
:math:`a / K` workers, where :math:`K` is knowledge at home,

.. math:: K = n\,\kappa, \qquad \kappa = 1 + \psi\,(N - 1),

:math:`n` is the number of varieties of each country and :math:`\psi` the part of foreign research that is of use at home. Varieties
cross a border at an iceberg cost :math:`\tau`; there are no fixed costs of trade.

**Equilibrium.** With the wage as numeraire and spending :math:`E` a country:

.. math::
    p &= \tfrac{\sigma}{\sigma - 1}, \qquad \pi = \frac{s E}{\sigma n} && \text{mark-up; profit of a variety} \\
    v &= \frac{a}{\kappa n} \quad (\text{or less, if } \dot n = 0) && \text{free entry} \\
    \frac{\pi}{v} - g &= \rho && \text{no arbitrage, } \hat v = -g \\
    L &= \frac{a}{\kappa} g + \frac{\sigma - 1}{\sigma} s E + (1 - s) E && \text{labour}

Profit does not depend on :math:`\tau`: what a firm loses to foreign rivals at home it gains abroad, because revenue per worker is
:math:`\sigma / (\sigma - 1)` wherever a variety is sold. Solving the four,

.. math:: g = \frac{s}{\sigma}\,\frac{\kappa L}{a} - \left(1 - \frac{s}{\sigma}\right)\rho ,

or zero, with :math:`E = L / (1 - s / \sigma)`, if that is negative. Real consumption grows at :math:`s g / (\sigma - 1)`; its
level, with :math:`\lambda` home's share of spending on varieties, is

.. math::
    C = E\, s^s (1-s)^{1-s} \left[\tfrac{\sigma-1}{\sigma} \left(\frac{n}{\lambda}\right)^{1/(\sigma-1)}\right]^{s},
    \qquad \lambda = \frac{1}{1 + (N - 1)\,\tau^{1 - \sigma}} .

The economy jumps to its new growth path on the day of a change: there is no transition. Off the path free entry,
:math:`\hat v = -g`, and :math:`\hat E = \pi / v + \hat v - \rho` give with the labour market

.. math:: \hat E = \frac{\kappa}{a}\,(E - L) - \rho ,

whatever :math:`n` is: spending that starts above its rest would outgrow the labour that makes goods, below it would vanish while
firms are worth ever more than profits repay. Only the rest is left, from the first day.

**What follows.** Cheaper trade in goods raises the level of consumption by :math:`\lambda^{-s/(\sigma-1)}`, the static gain, and
leaves growth alone; ideas that flow raise growth and leave the level at given labour alone. A larger world raises
growth only through ideas.

The variant ``romer-1990`` has designs for intermediates, human capital and any intertemporal elasticity
(:mod:`tradewinds.growth.romer`).

All equations are derived here from these primitives; the papers were not at hand, so their notation may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth import romer
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.results import BalancedGrowth
from tradewinds.growth.variety_parameters import VarietyExpansionParameters
from tradewinds.growth.welfare import consumption_equivalent, lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "VarietyExpansion", "VarietyExpansionParameters"]


class VarietyExpansion(Mechanism[VarietyExpansionParameters]):
    """Growth by new varieties in symmetric countries."""

    name = "variety-expansion"
    title = "Variety expansion"
    variants = ("one-sector", "two-sector", "romer-1990")
    tastes = ("discount_rate", "inverse_ies", "elasticity_of_substitution", "differentiated_share")
    Parameters = VarietyExpansionParameters
    citation_keys = ("romer1990", "grossman-helpman1991", "rivera-batiz-romer1991", "grossman-helpman2015")
    provenance = "Derived here; Romer (1990) and Grossman and Helpman (1991) were not at hand."
    discipline = (
        "Trade elasticity (sigma - 1) and home shares of spending.",
        "Growth of output a head and the share of workers in research, which pin the cost of a blueprint.",
        "Citations of foreign patents, or foreign R&D elasticities of productivity, for the flow of ideas.",
    )
    autarky: ClassVar[Mapping[str, Any]] = {"trade_cost": np.inf}
    units: ClassVar[Mapping[str, str]] = {
        "spending": "home wage = 1, a head",
        "variety_value": "home wage = 1",
        "home_share_differentiated": "share of spending on varieties",
    }

    def defaults(self, variant: str) -> VarietyExpansionParameters:
        """Return the standard calibration: half of spending on varieties in ``two-sector``, and the cost that gives 2 per cent."""
        if variant == "one-sector":
            return VarietyExpansionParameters()
        if variant == "romer-1990":
            some = VarietyExpansionParameters(inverse_ies=2.0)
            return some.replace(rnd_cost=_design_cost(some, 0.02))
        base = VarietyExpansionParameters(differentiated_share=0.5)
        return base.replace(rnd_cost=_cost(base, 0.02))

    def balanced_growth(self, p: VarietyExpansionParameters, variant: str) -> dict[str, Any]:
        """Return the closed form of the module, corner included."""
        if variant == "romer-1990":
            return romer.balanced_growth(p)
        sigma, s, rho = p.elasticity_of_substitution, p.differentiated_share, p.discount_rate
        interior = s / sigma * p.knowledge * p.labour / p.rnd_cost - (1 - s / sigma) * rho
        innovation = np.maximum(interior, 0.0)
        rnd_labour = p.rnd_cost / p.knowledge * innovation
        spending = (p.labour - rnd_labour) / (1 - s / sigma)
        home = _home_share(p)
        consumption = _consumption(p, spending)
        growth = s * innovation / (sigma - 1)
        profit = s * spending / (sigma * p.varieties)
        return {
            "growth": growth,
            "innovation": innovation,
            "home_share": 1 - s * (1 - home),
            "import_share": s * (1 - home),
            "home_share_differentiated": home,
            "consumption": consumption,
            "varieties": p.varieties + 0 * innovation,
            "interest_rate": rho + growth,
            "rnd_labour_share": rnd_labour / p.labour,
            "spending": spending / p.labour,
            "variety_value": profit / (rho + innovation),
            "lifetime_utility": lifetime_utility(consumption, growth, rho),
        }

    def residual(self, values: Mapping[str, Any], p: VarietyExpansionParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point; free entry is a complementarity with innovation."""
        if variant == "romer-1990":
            return romer.residual(values, p)
        sigma, s, g = p.elasticity_of_substitution, p.differentiated_share, values["innovation"]
        spending, rnd = values["spending"] * p.labour, values["rnd_labour_share"] * p.labour
        profit = s * spending / (sigma * p.varieties)
        entry = 1 - values["variety_value"] * p.knowledge * p.varieties / p.rnd_cost
        made = (sigma - 1) / sigma * s * spending + (1 - s) * spending
        earned = p.labour + p.varieties * profit - values["variety_value"] * p.varieties * g
        return {
            "labour market": (rnd + made) / p.labour - 1,
            "research": rnd * p.knowledge / p.rnd_cost - g,
            "free entry": np.minimum(g, entry),
            "no arbitrage": profit / values["variety_value"] - g - p.discount_rate,
            "household budget": (earned - spending) / p.labour,
        }

    def conditions(
        self, values: Mapping[str, Any], p: VarietyExpansionParameters, variant: str
    ) -> tuple[Condition, ...]:
        """Require the variant that a parameter belongs to, and finite utility."""
        two = np.asarray(p.differentiated_share) == 1
        log = np.asarray(p.inverse_ies) == 1
        bound = romer.least_discount_rate(p) if variant == "romer-1990" else np.zeros_like(log, dtype=float)
        return (
            Condition(
                "differentiated_share",
                np.ones_like(two) if variant == "two-sector" else two,
                f"differentiated_share is below 1, but {variant} has one sector; use variant = 'two-sector'",
            ),
            Condition(
                "inverse_ies",
                np.ones_like(log) if variant == "romer-1990" else log,
                f"inverse_ies is not 1, but utility is logarithmic in {variant}; use variant = 'romer-1990'",
            ),
            Condition(
                "finite welfare",
                p.discount_rate > bound,
                f"lifetime utility is infinite: discount_rate must exceed {bound}, where it is (1 - inverse_ies) * growth",
            ),
        )

    def corner(self, values: Mapping[str, Any], p: VarietyExpansionParameters, variant: str) -> str:
        """Name the corner without research, and the labour it would take to leave it."""
        if values["innovation"] > 0:
            return ""
        sigma, s = p.elasticity_of_substitution, p.differentiated_share
        ratio = romer.reward(p) if variant == "romer-1990" else sigma / s - 1
        needed = ratio * p.discount_rate * p.rnd_cost / p.knowledge
        return f"no research and no growth: a variety is worth less than its cost; labour must exceed {needed:.4g}"

    def exports(self, values: Mapping[str, Any], p: VarietyExpansionParameters, variant: str) -> str:
        """Say what home sells abroad."""
        return "its own varieties, in exchange for others" if values["import_share"] > 0 else "nothing"

    def static_consumption(self, baseline: BalancedGrowth, changed: VarietyExpansionParameters) -> Any:
        """Return consumption a head with the researchers of the baseline."""
        beta = changed.differentiated_share / changed.elasticity_of_substitution
        rnd = baseline.values["rnd_labour_share"] * changed.labour
        if baseline.variant == "romer-1990":
            return romer.consumption(changed, changed.labour - rnd)
        return _consumption(changed, (changed.labour - rnd) / (1 - beta))

    def equivalent(self, utility: Any, baseline: Any, p: VarietyExpansionParameters) -> Any:
        """Return the consumption equivalent, in per cent."""
        return consumption_equivalent(utility, baseline, p.discount_rate, p.inverse_ies)

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        before, after = baseline.parameters, counterfactual.parameters
        assert isinstance(before, VarietyExpansionParameters)
        assert isinstance(after, VarietyExpansionParameters)
        if counterfactual.growth == baseline.growth == 0:
            return "no research in either regime: the labour of a country is too small for its cost"
        if after.knowledge > before.knowledge:
            return "ideas from abroad make research cheaper, so growth rises; goods trade itself does not move it"
        if after.knowledge < before.knowledge:
            return "fewer ideas from abroad make research dearer, so growth falls; goods trade itself does not move it"
        if np.isclose(counterfactual.growth, baseline.growth, rtol=0, atol=1e-15):
            return "a larger market and more rivals offset each other exactly: levels move, growth does not"
        return "labour, its cost in research or its share in output moved the reward of research"

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> VarietyExpansionParameters:
        """Return parameters with the facts' growth, home share, trade elasticity and interest rate."""
        facts = facts or Facts()
        base = self.defaults(self.variant(variant))
        sigma, s = 1 + facts.trade_elasticity, base.differentiated_share
        rho = facts.interest_rate - base.inverse_ies * facts.growth
        imports = (1 - facts.home_share) / s
        if rho <= 0 or not 0 < imports < 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth times inverse_ies = {base.inverse_ies:g}, and imports be "
                f"less than the {s:g} of spending on varieties"
            )
        tau = (imports / (1 - imports) / (facts.countries - 1)) ** (1 / (1 - sigma))
        p = base.replace(
            elasticity_of_substitution=sigma, discount_rate=rho, trade_cost=max(tau, 1.0), countries=facts.countries
        )
        if variant == "romer-1990":
            # the share of intermediates is what gives the trade elasticity; human capital takes half of the rest
            gamma = facts.trade_elasticity / (1 + facts.trade_elasticity)
            p = p.replace(intermediate_share=gamma, human_capital_share=(1 - gamma) / 2)
            return p.replace(rnd_cost=_design_cost(p, facts.growth))
        return p.replace(rnd_cost=_cost(p, facts.growth))

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says about knowledge, spillovers, and goods trade without fixed costs."""
        from tradewinds.growth.variety_claims import claims

        return claims(self)

    def plot(self, parameters: VarietyExpansionParameters | None = None, *, variant: str | None = None) -> Figure:
        """Return growth and the static gain against the trade cost, for three flows of ideas."""
        variant = self.variant(variant)
        p = self.admit(parameters, variant)
        costs = np.linspace(1, 3, 81)
        closed = self.solve(p, variant=variant, regime="autarky").value
        with style():
            figure, (left, right) = panels(2, "Goods move the level, ideas move growth", self.citation_keys)
            figure.set_size_inches(9, 4.2)
            for i, flow in enumerate((0.0, 0.5, 1.0)):
                swept = self.sweep(p.replace(idea_flow=flow), variant=variant, trade_cost=costs)
                left.plot(
                    costs, 100 * swept["growth"], color=COLOURS[i], linestyle=DASHES[i], label=f"idea flow {flow:g}"
                )
            level = self.sweep(p, variant=variant, trade_cost=costs)["consumption"] / closed.consumption
            right.plot(costs, 100 * (level - 1), color=COLOURS[0])
            left.set(title="Growth of consumption", xlabel="trade cost", ylabel="per cent a year", ylim=(0, None))
            right.set(title="Consumption against autarky", xlabel="trade cost", ylabel="per cent", ylim=(0, None))
            left.legend()
        return figure


def _home_share(p: VarietyExpansionParameters) -> Any:
    """Return home's share of spending on varieties, lambda."""
    return 1 / (1 + (p.countries - 1) * np.asarray(p.trade_cost) ** (1 - p.elasticity_of_substitution))


def _consumption(p: VarietyExpansionParameters, spending: Any) -> Any:
    """Return real consumption a head at time 0, with spending of a whole country."""
    sigma, s = p.elasticity_of_substitution, np.asarray(p.differentiated_share)
    varieties = (sigma - 1) / sigma * (p.varieties / _home_share(p)) ** (1 / (sigma - 1))
    weights = s**s * (1 - s) ** (1 - s)
    return spending / p.labour * weights * varieties**s


def _cost(p: VarietyExpansionParameters, growth: float) -> float:
    """Return the cost of a blueprint at which consumption grows at a rate."""
    sigma, s = p.elasticity_of_substitution, p.differentiated_share
    innovation = growth * (sigma - 1) / s
    return float(s / sigma * p.knowledge * p.labour / (innovation + (1 - s / sigma) * p.discount_rate))


def _design_cost(p: VarietyExpansionParameters, growth: float) -> float:
    """Return the cost of a design at which the variant romer-1990 grows at a rate."""
    ratio = romer.reward(p)
    return float(p.knowledge * p.labour / (growth * (ratio * p.inverse_ies + 1) + ratio * p.discount_rate))


MECHANISM = VarietyExpansion()
