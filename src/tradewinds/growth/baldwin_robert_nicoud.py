r"""Selection and growth: five knowledge technologies, and one elasticity that decides whether opening speeds growth up.

Baldwin and Robert-Nicoud (2008): firms that differ, as in Melitz (2003), with growth by new varieties. Two symmetric countries
with labour :math:`L` each; logarithmic utility over a CES index (elasticity :math:`\sigma`). An innovator takes :math:`F_I` units
of knowledge to draw a unit labour requirement :math:`a`, with :math:`G(a) = a^k` on :math:`(0, 1]`; then :math:`F_D` units to sell
at home and :math:`F_X` to sell abroad, once and for all. A unit of knowledge takes :math:`1 / (n A)` workers, where :math:`n` is
the number of varieties of each country and :math:`A` the knowledge technology. Iceberg cost :math:`\tau`; write
:math:`\phi = \tau^{1 - \sigma}`, :math:`\beta = k / (\sigma - 1) > 1`.

**Equilibrium.** Wage 1, spending :math:`E` a country, :math:`\bar a` the mean of :math:`a^{1-\sigma}` that a market sees, per
variety:

.. math::
    v(a) &= \frac{E\,a^{1-\sigma}}{\sigma n \bar a\,(\rho + g)} && \text{value of selling at home} \\
    v(a_D) &= \frac{F_D}{n A}, \qquad \phi\, v(a_X) = \frac{F_X}{n A} && \text{cutoffs} \\
    \int_0^{a_D} v\,dG + \phi \int_0^{a_X} v\,dG &= \frac{F_I + F_D G(a_D) + F_X G(a_X)}{n A} && \text{free entry} \\
    L &= \frac{\bar F}{A} g + \frac{\sigma - 1}{\sigma} E && \text{labour}

where :math:`\bar F` is the knowledge that a surviving variety takes, failed draws included. Hence, with :math:`\lambda` the share
of spending on home's goods,

.. math::
    \frac1\lambda &= 1 + \Omega, \qquad \Omega = \phi^\beta \left(\frac{F_X}{F_D}\right)^{1 - \beta} \\
    a_D^k &= \frac{(\beta - 1) F_I}{F_D (1 + \Omega)}, \qquad \left(\frac{a_X}{a_D}\right)^k =
    \left(\frac{\phi F_D}{F_X}\right)^\beta \\
    \bar F &= \frac{\beta}{\beta - 1}\, F_D (1 + \Omega), \qquad
    g = \frac{L A}{\sigma \bar F} - \frac{\sigma - 1}{\sigma} \rho .

**The sign criterion.** Opening raises :math:`1 + \Omega`, so survivors are more productive and a variety takes more knowledge.
Growth
rises if and only if the elasticity of :math:`A` with respect to :math:`1 + \Omega` exceeds one:

* ``grossman-helpman``: :math:`A = 1 + \psi`; never.
* ``coe-helpman``: spillovers follow the import share, :math:`A = 1 + \psi\,\Omega / (1 + \Omega)`; never.
* ``reverse-engineering``: they follow imported varieties, :math:`A = 1 + \psi\,(a_X / a_D)^k`; if and only if :math:`F_X < \psi
  F_D`.
* ``efficiency-linked``: better survivors do better research, :math:`A = (1 + \psi)\, a_D^{-\chi}`; if and only if :math:`\chi > k`.
* ``lab-equipment``: innovation takes final goods, not labour (Rivera-Batiz and Romer 1991). Final goods are
  :math:`Y = L^{1-\alpha} \sum x^\alpha`, :math:`\alpha = 1 - 1/\sigma`; an intermediate takes :math:`a` final goods a unit, so
  profit in a market is :math:`B L a^{1-\sigma}`, :math:`B = \frac{1-\alpha}{\alpha} \alpha^{2\sigma}`: rivals do not
  matter, and

  .. math::
      r = \frac{B L}{F_D} a_D^{1-\sigma} = \frac{B L}{F_D} \left(\frac{F_D (1 + \Omega)}{(\beta - 1) F_I}\right)^{1/\beta},
      \qquad g = r - \rho ,

  with the same cutoffs; always.

``opening_elasticity`` among the values is the elasticity with respect to :math:`1 + \Omega` of the gross reward of research,
:math:`\sigma g + (\sigma - 1) \rho` (in ``lab-equipment`` of :math:`g + \rho`): its sign is the answer. Consumption grows at
:math:`g / (\sigma - 1)`, in ``lab-equipment`` at :math:`g`; its level,
:math:`C = \frac{E}{L} \frac{\sigma - 1}{\sigma} (n \bar a)^{1/(\sigma - 1)}`, rises with openness by selection, so that level and
growth are reported apart. Where :math:`g` would be negative nobody innovates, and cutoffs are those at which somebody last did.

Where a draw is dear every draw survives, and where exporting is cheap every survivor exports
(:mod:`tradewinds.growth.baldwin_selection`). Where every survivor exports a variety takes the same knowledge at any lower trade
cost, and cheaper trade leaves growth alone under constant spillovers. Where every draw survives and only some export it still
slows growth, by the knowledge that new exporters take.

Balanced growth paths are compared from the same :math:`n` in ``welfare_steady_state``. Costs are sunk, so after a change old firms
of low productivity linger, and old firms that now want to export do so the best first, before anybody enters
(:mod:`tradewinds.growth.baldwin_paths`): ``welfare_transition`` is that of this path.

Derived here. The paper was not at hand: its abstract says that there are five cases, two in which trade harms growth; the
functional forms of ``reverse-engineering`` and ``efficiency-linked`` are from memory or our own, the criterion is free of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from tradewinds.errors import InputError
from tradewinds.growth.baldwin_parameters import BaldwinRobertNicoudParameters
from tradewinds.growth.baldwin_selection import selection, slope_of
from tradewinds.growth.baldwin_technologies import (
    LAB,
    concentration,
    elasticity_of,
    freeness,
    productivity_of,
    profit_of,
)
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.solved_path import SolvedPathMechanism
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "BaldwinRobertNicoud", "BaldwinRobertNicoudParameters"]

P = BaldwinRobertNicoudParameters


class BaldwinRobertNicoud(SolvedPathMechanism[BaldwinRobertNicoudParameters]):
    """Growth by new varieties of firms that differ."""

    name = "baldwin-robert-nicoud"
    title = "Selection and five knowledge technologies"
    path_tolerance: ClassVar[float] = 1e-8  # equations between dates
    variants = ("grossman-helpman", "coe-helpman", "reverse-engineering", "efficiency-linked", LAB)
    Parameters = BaldwinRobertNicoudParameters
    citation_keys = ("baldwin-robertnicoud2008", "melitz2003", "rivera-batiz-romer1991", "grossman-helpman2015")
    provenance = (
        "Derived here. The paper was not at hand: the forms of reverse-engineering and efficiency-linked are from memory, or "
        "ours."
    )
    discipline = (
        "Trade elasticity (the tail index), mark-ups, and the share of plants that export.",
        "Responses of research productivity to imports, imported varieties and plant productivity, which tell the five apart.",
        "What research buys: workers, or equipment and materials.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution")
    autarky: ClassVar[Mapping[str, Any]] = {"trade_cost": np.inf}
    units: ClassVar[Mapping[str, str]] = {
        "survival_cutoff": "productivity relative to the least productive draw",
        "export_cutoff": "productivity relative to the least productive draw",
        "exporters": "share of firms",
        "knowledge_per_variety": "units of knowledge",
        "research_productivity": "1",
        "opening_elasticity": "1",
        "spending": "wage = 1, a head (lab-equipment: final goods)",
        "rnd_share": "share of income spent on research",
    }

    def defaults(self, variant: str) -> P:
        """Return the standard calibration, scaled to growth of 2 per cent in every variant."""
        base = P()
        if variant == "reverse-engineering":
            base = base.replace(idea_flow=1.0, export_cost=0.8 * base.entry_cost)
        return _scaled(self, base, 0.02, variant)

    def balanced_growth(self, p: P, variant: str) -> dict[str, Any]:
        """Return the closed form of the module, corner included."""
        sigma, rho, beta = p.elasticity_of_substitution, p.discount_rate, concentration(p)
        chosen = selection(p)
        openness, survival, exporters, cost = (chosen[k] for k in ("openness", "survival", "exporters", "cost"))
        mean = beta / (beta - 1) * survival ** (sigma - 1) * (1 + openness)
        productivity = productivity_of(p, openness, exporters, survival, variant)
        if variant == LAB:
            innovation = np.maximum(profit_of(p) * mean / cost - rho, 0.0)
            income = profit_of(p) * mean * (2 - 1 / sigma) / (1 - 1 / sigma)  # final goods less intermediates
            research = innovation * cost
            spending, growth = income - research, innovation
            level = 1.0
        else:
            interior = p.labour * productivity / (sigma * cost) - (sigma - 1) / sigma * rho
            innovation = np.maximum(interior, 0.0)
            research = innovation * cost / productivity
            spending = (p.labour - research) * sigma / (sigma - 1)
            income, growth = spending + research, innovation / (sigma - 1)
            level = (sigma - 1) / sigma * mean ** (1 / (sigma - 1))
        consumption = spending / p.labour * level
        home = 1 / (1 + openness)
        with np.errstate(divide="ignore"):  # nobody exports in autarky, and the cutoff is infinite
            abroad = survival * exporters ** (-1 / np.asarray(p.pareto_shape))
        return {
            "growth": growth,
            "innovation": innovation,
            "home_share": home,
            "import_share": openness * home,
            "consumption": consumption,
            "interest_rate": rho + growth,
            "survival_cutoff": survival,
            "export_cutoff": abroad,
            "exporters": exporters,
            "knowledge_per_variety": cost,
            "research_productivity": productivity,
            "opening_elasticity": np.where(chosen["corner"], slope_of(p, variant), elasticity_of(p, openness, variant)),
            "rnd_share": research / income,
            "spending": spending / p.labour,
            "lifetime_utility": lifetime_utility(consumption, growth, rho),
        }

    def residual(self, values: Mapping[str, Any], p: P, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module, integrals over the distribution of productivity evaluated at the cutoffs."""
        sigma, k, rho, n = p.elasticity_of_substitution, p.pareto_shape, p.discount_rate, 1.0
        phi, g, a_d = freeness(p), values["innovation"], 1 / values["survival_cutoff"]
        a_x = 1 / values["export_cutoff"]
        tail = k - sigma + 1
        at_home, abroad = (k * a**tail / tail for a in (a_d, a_x))  # integrals of a^(1 - sigma) dG
        mean = (at_home + phi * abroad) / a_d**k
        spending = values["spending"] * p.labour
        made = p.draw_cost + p.entry_cost * a_d**k + p.export_cost * a_x**k
        if variant == LAB:
            unit, price, rate = profit_of(p), 1.0, rho + g
            gross = unit * n * mean / (1 / sigma * (1 - 1 / sigma))  # final goods: intermediates earn alpha of them
            balance = gross * (1 - (1 - 1 / sigma) ** 2) - g * n * made / a_d**k - spending
            scale = gross
        else:
            unit, rate = spending / (sigma * n * mean), rho + g
            price = 1 / (n * values["research_productivity"])
            balance = p.labour - g * n * price * made / a_d**k - (sigma - 1) / sigma * spending
            scale = p.labour
        value = unit / rate  # of a^(1 - sigma) = 1
        entry = 1 - value * (at_home + phi * abroad) / (price * made)
        earned = made / (
            at_home + phi * abroad
        )  # what a unit of a^(1 - sigma) must earn at home over the price of knowledge
        together, every = a_x >= a_d * (1 - 1e-12), a_d >= 1
        sunk, sold = (p.entry_cost + p.export_cost, 1 + phi) if together else (p.entry_cost, 1.0)
        stay = earned * sold * a_d ** (1 - sigma) / sunk - 1
        leave = earned * phi * a_x ** (1 - sigma) / p.export_cost - 1 if a_x > 0 else phi
        return {
            "resources": balance / scale,
            "free entry": np.minimum(g, entry),
            "survival cutoff": min(0.0, stay) if every else stay,
            "export cutoff": min(0.0, leave) if together else leave,
            "knowledge": made / a_d**k / values["knowledge_per_variety"] - 1,
            "home share": at_home / (at_home + phi * abroad) - values["home_share"],
        }

    def corner(self, values: Mapping[str, Any], p: P, variant: str) -> str:
        """Name corners of selection, and that without research with the labour it would take to leave it."""
        parts = []
        if values["survival_cutoff"] <= 1:
            parts.append("every draw survives: draw_cost is high against the cost of markets")
        if values["exporters"] >= 1:
            parts.append("every survivor exports: export_cost is low against what the least productive earns abroad")
        if values["innovation"] > 0:
            return "; ".join(parts)
        sigma, rho, cost = p.elasticity_of_substitution, p.discount_rate, values["knowledge_per_variety"]
        if variant == LAB:
            needed = rho * p.labour * cost / (profit_of(p) * _mean(p, values))
        else:
            needed = (sigma - 1) * rho * cost / values["research_productivity"]
        parts.append(
            f"no research and no growth: a variety is worth less than its cost; labour must exceed {needed:.4g}"
        )
        return "; ".join(parts)

    def exports(self, values: Mapping[str, Any], p: P, variant: str) -> str:
        """Say what home sells abroad."""
        share = 100 * values["exporters"]
        return f"varieties of its most productive {share:.3g} % of firms, for others" if share > 0 else "nothing"

    def static_consumption(self, baseline: BalancedGrowth, changed: P) -> Any:
        """Return consumption a head at the new cutoffs, with what is spent on research, and with varieties, of the baseline."""
        values = self.balanced_growth(changed, baseline.variant)
        sigma, before = changed.elasticity_of_substitution, baseline.parameters
        assert isinstance(before, P)
        if baseline.variant == LAB:
            income = profit_of(changed) * _mean(changed, values) * (2 - 1 / sigma) / (1 - 1 / sigma)
            return (income - baseline.values["innovation"] * baseline.values["knowledge_per_variety"]) / changed.labour
        research = before.labour - (sigma - 1) / sigma * baseline.values["spending"] * before.labour
        spending = (changed.labour - research) * sigma / (sigma - 1)
        return values["consumption"] / values["spending"] * spending / changed.labour

    def path_of(
        self, before: BalancedGrowth, end: BalancedGrowth
    ) -> tuple[Transition, Callable[[], npt.NDArray[np.float64]]]:
        """Return the path from the firms of the baseline to the other regime: adoption of exporting, then entry."""
        from tradewinds.growth.baldwin_paths import path_of

        return path_of(before, end)

    def reason(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        change = counterfactual.growth - baseline.growth
        opening = counterfactual.home_share < baseline.home_share
        if counterfactual.growth == baseline.growth == 0:
            return "no research in either regime: a variety is worth less than the knowledge that it takes"
        if np.isclose(change, 0, atol=1e-15):
            return "research gets better exactly as fast as a variety takes more of it"
        if counterfactual.home_share == baseline.home_share:
            return "labour or the cost of knowledge moved the reward of research"
        if baseline.variant == LAB:
            return (
                "selection makes the "
                + ("marginal firm more" if opening else "marginal firm less")
                + " profitable, and rivals do not crowd it"
            )
        costs = "a variety takes more knowledge" if opening else "a variety takes less knowledge"
        if (change > 0) == opening:
            return f"{costs}, but the productivity of research moves by more"
        return f"{costs}, as selection is {'tougher' if opening else 'weaker'}, and research productivity moves by less"

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> P:
        """Return parameters with the facts' growth, home share, trade elasticity and interest rate, in two countries."""
        facts, chosen = facts or Facts(), self.variant(variant)
        base, rho = self.defaults(chosen), facts.interest_rate - facts.growth
        openness = 1 / facts.home_share - 1
        if rho <= 0 or not 0.5 <= facts.home_share < 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, and the home share be in [1/2, 1): countries are symmetric"
            )
        k = facts.trade_elasticity
        sigma = min(base.elasticity_of_substitution, 1 + 0.75 * k)  # keeps the tail index above sigma - 1
        beta = k / (sigma - 1)
        tau = (openness * (base.export_cost / base.entry_cost) ** (beta - 1)) ** (-1 / k)
        p = base.replace(
            elasticity_of_substitution=sigma,
            pareto_shape=k,
            discount_rate=rho,
            trade_cost=max(tau, 1.0),
            efficiency_link=base.efficiency_link * k / base.pareto_shape,
            draw_cost=base.entry_cost * min(1.0, 1 / (beta - 1)),
        )
        return _scaled(self, p, facts.growth, chosen)

    def claims(self) -> tuple[Claim, ...]:
        """Solve the survey's statement about constant spillovers, selection, and the five signs of the paper."""
        from tradewinds.growth.baldwin_claims import claims

        return claims(self)

    def plot(self, parameters: P | None = None, *, variant: str | None = None) -> Figure:
        """Return the change of growth with openness under the five technologies, and the cutoffs of one of them."""
        chosen = self.variant(variant)
        p = self.admit(parameters, chosen)
        low = max(1.0, float((p.entry_cost / p.export_cost) ** (1 / (p.elasticity_of_substitution - 1)))) + 1e-9
        costs = np.linspace(low, 3, 120)
        with style():
            figure, (left, right) = panels(
                2, "Selection makes varieties dearer: does research keep up?", self.citation_keys
            )
            figure.set_size_inches(10, 4.4)
            for i, name in enumerate(self.variants):
                q = p if name == chosen else self.parameters(name)
                swept = self.sweep(q, variant=name, trade_cost=costs)
                closed: BalancedGrowth = self.solve(q, variant=name, regime="autarky").value
                left.plot(
                    100 * swept["import_share"], 100 * (swept["growth"] - closed.growth),
                    color=COLOURS[i], linestyle=DASHES[i % len(DASHES)], label=name,
                )  # fmt: skip
            left.axhline(0, color="black", linewidth=0.6)
            left.set(title="Growth against autarky", xlabel="import share, per cent", ylabel="percentage points a year")
            left.legend(fontsize=7.5)
            cut = self.sweep(p, variant=chosen, trade_cost=costs)
            right.plot(costs, cut["survival_cutoff"], color=COLOURS[0], linestyle=DASHES[0], label="to survive")
            right.plot(costs, cut["export_cutoff"], color=COLOURS[1], linestyle=DASHES[1], label="to export")
            right.set(title=f"Productivity needed ({chosen})", xlabel="trade cost", ylabel="least productive draw = 1")
            right.legend()
        return figure


def _mean(p: P, values: Mapping[str, Any]) -> Any:
    """Return the mean of a^(1 - sigma) that a market sees, per variety of a country."""
    beta = concentration(p)
    return beta / (beta - 1) * values["survival_cutoff"] ** (p.elasticity_of_substitution - 1) / values["home_share"]


def _scaled(mechanism: BaldwinRobertNicoud, p: P, growth: float, variant: str) -> P:
    """Return parameters with the three costs scaled to a rate of growth of consumption."""
    sigma, rho = p.elasticity_of_substitution, p.discount_rate
    values = mechanism.balanced_growth(p, variant)
    if variant == LAB:
        reward = profit_of(p) * _mean(p, values) / values["knowledge_per_variety"]
        factor = reward / (growth + rho)
    else:
        reward = p.labour * values["research_productivity"] / (sigma * values["knowledge_per_variety"])
        factor = reward / (growth * (sigma - 1) + (sigma - 1) / sigma * rho)
    costs = {name: getattr(p, name) * float(factor) for name in ("draw_cost", "entry_cost", "export_cost")}
    return p.replace(**costs)


MECHANISM = BaldwinRobertNicoud()
