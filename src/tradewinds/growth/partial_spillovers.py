r"""Partial spillovers between many countries: growth is one eigenvalue, and trade costs are not in it.

Grossman and Helpman (2014, published 2018). Countries :math:`c = 1, \ldots, C` have labour :math:`L_c`; utility is logarithmic
over a CES index of varieties (elasticity :math:`\sigma`). Research in ``c`` builds on knowledge from everywhere,

.. math:: \dot M_c = \frac{K_c R_c}{a_c}, \qquad K_c = \sum_j \Omega_{jc} M_j ,

where :math:`\Omega_{jc}` says how much of the research experience of ``j`` is of use in ``c`` (rows send, columns receive).
Varieties travel at iceberg costs :math:`\tau_{cd}`, arbitrary and without fixed costs.

**Growth.** Revenue is :math:`\sigma/(\sigma-1)` times the wage bill of production :math:`w_c X_c` whatever the destinations,
so that profit is :math:`w_c X_c / ((\sigma - 1) M_c)` a variety. Free entry, :math:`v_c = w_c a_c / K_c`, no arbitrage,
:math:`\pi_c / v_c = \rho + g`, and labour, :math:`X_c + R_c = L_c`, give in every country

.. math:: \left[\sigma g + (\sigma - 1)\rho\right] M_c = \frac{L_c}{a_c} K_c ,

so that :math:`\sigma g + (\sigma-1)\rho` is the spectral radius of :math:`\mathrm{diag}(L/a)\,\Omega'` and :math:`M` its Perron
vector. The share of labour in research is :math:`g / (\sigma g + (\sigma-1)\rho)` everywhere. Consumption grows at
:math:`g/(\sigma-1)`. Wages then balance trade, and are all that trade costs move (:mod:`tradewinds.growth.gravity`).

**Transition.** Trade balances at every date (countries do not lend to each other; on a balanced growth path they would not want
to). Then :math:`u_c = K_c X_c / (a_c M_c)` and :math:`z_c = K_c L_c/ (a_c M_c)` obey

.. math:: \frac{\dot M_c}{M_c} = z_c - u_c, \qquad \frac{\dot u_c}{u_c} = \frac{\sigma}{\sigma - 1} u_c - \rho - z_c ,

without wages or trade costs: trade is neutral for innovation along the whole path, not only at its end. As :math:`1/u_c` is the
value of a country's firms over its wage bill of production, a country whose firms are worth less than they cost,
:math:`u_c > z_c`, does no research until that changes. Where a change moves the
Perron vector the economy takes time to reach it; where it does not, the economy jumps.

**Heterogeneous workers and firms.** In ``heterogeneous`` workers differ in ability and technologies in complexity, the ablest do
research and the others are matched with technologies (:mod:`tradewinds.growth.sorting`, our parametric form). Research a worker is
then :math:`H(a_R)` and production, in units of a researcher at the cutoff, :math:`D(a_R)`; with the spectral radius
:math:`r` of :math:`\mathrm{diag}(L/a)\,\Omega'`,

.. math:: g = H(a_R)\,r, \qquad D(a_R)\,r = (\sigma - 1)\,\left(\rho + H(a_R)\,r\right) ,

in every country the same cutoff. Trade costs are neutral as before, and so for wage inequality within countries: spillovers raise
growth by drawing more workers into research, trade costs move nothing but wages between countries.

A matrix that falls into blocks may have no common growth rate (the laggards' share of varieties vanishes): that is refused, and
the block that leads is named, unless nobody does research and all stand still alike.

The reduced block, the transition and the model of sorting are derived here; the papers were not at hand, and the functional forms
of ability and complexity are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth import gravity
from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.partial_block import (
    PartialSpilloversParameters,
    idle_root,
    idle_varieties,
    last,
    leading_block,
    perron,
    trade_block,
    workers_of,
)
from tradewinds.growth.results import BalancedGrowth
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import Solution

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "PartialSpillovers", "PartialSpilloversParameters"]


class PartialSpillovers(Mechanism[PartialSpilloversParameters]):
    """Growth of many countries whose research builds on each other's."""

    name = "partial-spillovers"
    title = "Partial spillovers between many countries"
    variants = ("homogeneous", "heterogeneous")
    Parameters = PartialSpilloversParameters
    citation_keys = ("grossman-helpman2018", "grossman-helpman2015")
    provenance = (
        "Reduced block and transition derived here; the working paper of 2014 and the article of 2018 were not at hand."
    )
    discipline = (
        "Cross-country patent citations, or foreign R&D elasticities of productivity, for the spillover matrix.",
        "Bilateral trade shares and a trade elasticity for trade costs; they are of no use for growth.",
        "Research employment by country: the model wants the same share of labour everywhere.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution")
    autarky: ClassVar[Mapping[str, Any]] = {"trade_cost": np.inf}
    units: ClassVar[Mapping[str, str]] = {
        "varieties": "share of the world's varieties",
        "research_cutoff": "rank of ability",
        "wage_ratio": "highest over lowest wage",
        "log_wage_deviation": "standard deviation of log wages",
    }

    def countries(self, p: PartialSpilloversParameters) -> tuple[str, ...]:
        """Return home, country_2, country_3 and so on."""
        return ("home", *(f"country_{i}" for i in range(2, len(p.labour) + 1)))

    def balanced_growth(self, p: PartialSpilloversParameters, variant: str) -> dict[str, Any]:
        """Return growth and varieties from the Perron root, then wages."""
        sigma, rho = last(p.elasticity_of_substitution), last(p.discount_rate)
        root, varieties = perron(p)
        varieties = idle_varieties(p, root, varieties, variant)
        more: dict[str, Any] = {}
        if variant == "homogeneous":
            innovation = np.maximum((root[..., np.newaxis] - (sigma - 1) * rho) / sigma, 0.0) + 0 * varieties
            rnd = innovation / (sigma * innovation + (sigma - 1) * rho)
            bill, cost = 1 - rnd, 1.0
        else:
            match = workers_of(p).equilibrium(float(root), p.discount_rate)
            innovation, rnd = match.research * root + 0 * varieties, 1 - match.cutoff + 0 * varieties
            bill, cost = match.wage_bill, match.cost_index
            more = {
                "research_cutoff": match.cutoff,
                "wage_ratio": match.wage_ratio,
                "log_wage_deviation": match.log_wage_deviation,
            }
        values = trade_block(p, varieties, p.labour * bill, cost)
        growth = innovation / (sigma - 1)
        return {
            "growth": growth,
            "innovation": innovation,
            **values,
            "varieties": varieties,
            "interest_rate": rho + growth,
            "rnd_labour_share": rnd,
            **more,
            "lifetime_utility": lifetime_utility(values["consumption"], growth, rho),
        }

    def vectorises(self, variant: str) -> bool:
        """Workers that differ are matched one economy at a time."""
        return variant == "homogeneous"

    def defaults(self, variant: str) -> PartialSpilloversParameters:
        """Return the standard calibration; research of the ablest costs what gives the same growth."""
        base = PartialSpilloversParameters()
        if variant == "homogeneous":
            return base
        rho, sigma = base.discount_rate, base.elasticity_of_substitution
        root = float(perron(base)[0])
        growth = (root - (sigma - 1) * rho) / sigma
        return base.replace(rnd_cost=base.rnd_cost * root * workers_of(base).at_growth(growth, rho).research / growth)

    def residual(self, values: Mapping[str, Any], p: PartialSpilloversParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point."""
        sigma, rho = p.elasticity_of_substitution, p.discount_rate
        varieties, g = values["varieties"], values["innovation"]
        workers = workers_of(p).match(1 - values["rnd_labour_share"][0]) if variant == "heterogeneous" else None
        research = (workers.research if workers else values["rnd_labour_share"]) * p.labour
        production = p.labour * workers.production if workers else p.labour - research
        sold = p.labour * workers.wage_bill if workers else production
        reach = p.spillovers.T @ varieties / (p.rnd_cost * varieties)  # K / (a M), new varieties a worker and variety
        rate = rho + g  # residuals have no units: rates are over this one
        entry = production * reach / (sigma - 1) / rate - 1
        costs = gravity.trade_costs(p.trade_cost, p.relative_trade_costs)
        shares = gravity.trade_shares(values["wage"], varieties, costs, sigma)
        return {
            "research": (research * reach - g) / rate,
            "no arbitrage": entry if np.any(g > 0) else np.minimum(g / rate, -entry),
            "trade balance": gravity.balance(values["wage"], sold, varieties, costs, sigma),
            "home share": np.diagonal(shares) - values["home_share"],
            "varieties": np.sum(varieties) - 1,
        }

    def conditions(
        self, values: Mapping[str, Any], p: PartialSpilloversParameters, variant: str
    ) -> tuple[Condition, ...]:
        """Require one growth rate of all."""
        common = np.min(values["varieties"], axis=-1) > 1e-12
        learns = np.all(np.any(p.spillovers > 0, axis=-2), axis=-1)
        single = np.ndim(common) == np.ndim(p.discount_rate) == np.ndim(p.elasticity_of_substitution) == 0
        leaders = leading_block(p, variant) if single and not common else ""
        return (
            Condition(
                "knowledge",
                learns,
                "a country has no knowledge to do research with: its column of spillovers is 0, so that it learns from nobody, not "
                "even from its own research. Put a number above 0 into every column",
            ),
            Condition(
                "common growth",
                common,
                f"the spillover matrix is reducible and countries do not grow at one rate: {leaders}. "
                "Let the others learn from it (spillovers above 0), or see the mechanism feenstra",
            ),
        )

    def corner(self, values: Mapping[str, Any], p: PartialSpilloversParameters, variant: str) -> str:
        """Name the corner without research, and the bound."""
        if values["innovation"][0] > 0:
            return ""
        root, rewarding = perron(p)
        alike = "would be equally unrewarding" if np.min(rewarding) > 1e-12 else "does not pay"
        return (
            f"no research and no growth: the spectral radius is {root:.4g} and must exceed {idle_root(p, variant):.4g}. Varieties "
            f"are history then; shown are those at which research {alike} everywhere"
        )

    def exports(self, values: Mapping[str, Any], p: PartialSpilloversParameters, variant: str) -> str:
        """Say what home sells abroad."""
        return "its own varieties, in exchange for others" if values["import_share"][0] > 0 else "nothing"

    def static_consumption(self, baseline: BalancedGrowth, changed: PartialSpilloversParameters) -> Any:
        """Return consumption with the varieties and the share of researchers of the baseline, and new wages."""
        researchers, cost = baseline.values["rnd_labour_share"], 1.0
        bill = 1 - researchers
        if baseline.variant == "heterogeneous":
            match = workers_of(changed).match(1 - researchers[0])
            bill, cost = match.wage_bill, match.cost_index
        return trade_block(changed, baseline.values["varieties"], changed.labour * bill, cost)["consumption"]

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        change = counterfactual.growth - baseline.growth
        if abs(change) < 1e-14:
            return (
                "trade costs move wages and levels; growth is an eigenvalue of spillovers, labour and costs, and stays"
            )
        return f"the eigenvalue of spillovers, labour and costs is {'larger' if change > 0 else 'smaller'}"

    def transition(
        self, baseline: Any = None, changed: Any = None, *, variant: str | None = None, throw: bool = True
    ) -> Solution:
        """Return the path from the varieties of the baseline to the new Perron vector; wages balance trade at each date."""
        from tradewinds.growth.spillover_dynamics import solve_path

        chosen = self.variant(variant)
        p = self.admit(baseline, chosen)
        q = self.changed(p, self.autarky if changed is None else changed)
        return solve_path(self, p, q, chosen, throw=throw)

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> PartialSpilloversParameters:
        """Return symmetric countries with the facts' growth, home share, trade elasticity and interest rate; half of ideas flow."""
        facts = facts or Facts()
        count, sigma, rho = facts.countries, 1 + facts.trade_elasticity, facts.interest_rate - facts.growth
        odds = (1 / facts.home_share - 1) / max(count - 1, 1)
        if rho <= 0 or not 0 < odds <= 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, and the home share lie between 1 / countries and 1"
            )
        spillovers = np.full((count, count), 0.5) + 0.5 * np.eye(count)
        innovation = facts.growth * (sigma - 1)
        root = sigma * innovation + (sigma - 1) * rho
        if self.variant(variant) == "heterogeneous":
            some = workers_of(PartialSpilloversParameters(elasticity_of_substitution=sigma))
            root = innovation / some.at_growth(innovation, rho).research
        return PartialSpilloversParameters(
            elasticity_of_substitution=sigma,
            discount_rate=rho,
            labour=np.ones(count),
            rnd_cost=np.full(count, (1 + 0.5 * (count - 1)) / root),
            spillovers=spillovers,
            trade_cost=odds ** (1 / (1 - sigma)),
            relative_trade_costs=np.ones((count, count)),
        )

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says about spillovers between any two countries, and about trade costs."""
        p = self.parameters()
        base = self.solve(p).value
        gains = []
        for source, receiver in np.argwhere(~np.eye(3, dtype=bool)):
            more = p.spillovers.copy()
            more[source, receiver] += 0.1
            gains.append(self.solve(p.replace(spillovers=more)).value["growth"] - base["growth"])
        apart = np.array(
            [[1.0, 0.3, 0.1], [0.0, 0.3, 0.1], [0.0, 0.1, 0.3]]
        )  # home learns from nobody, all learn from it
        closer = apart.copy()
        closer[0, 1] += 0.1
        idle, taught = (self.solve(p.replace(spillovers=m, rnd_cost=(5.0, 10.0, 12.0))).value for m in (apart, closer))
        swept = self.sweep(p, trade_cost=np.linspace(1, 3, 21))
        different = self.parameters("heterogeneous")
        near, far = (self.solve(different.replace(trade_cost=c), variant="heterogeneous").value for c in (1.0, 3.0))
        return (
            grade(
                "any-spillover-raises-growth-everywhere",
                "An increase in the extent of spillovers from any country to any other raises long-run growth everywhere.",
                f"{SURVEY}, section I",
                within=np.ravel(gains) > 0,
                numbers={
                    "innovation": base.home("innovation"),
                    "smallest rise of growth, one spillover up by 0.1": float(np.min(gains)),
                    "largest": float(np.max(gains)),
                    "the same where home learns from nobody": float(taught.growth - idle.growth),
                },
                explanation="The spectral radius of an irreducible matrix rises in every element. With some spillovers from "
                "everybody to everybody, as the survey has it, the matrix is irreducible; a leader who learns from nobody grows "
                "as it would alone.",
            ),
            grade(
                "trade-costs-neutral",
                "A reduction in trade costs in some country has no effect on the common rate of long-run growth.",
                f"{SURVEY}, section II",
                within=[
                    *(np.ravel(np.abs(swept["growth"] - base.growth)) <= 1e-14),
                    abs(near.growth - far.growth) <= 1e-14,
                ],
                numbers={
                    "growth, trade_cost 1": float(swept["growth"][0, 0]),
                    "growth, trade_cost 3": float(swept["growth"][-1, 0]),
                    "consumption at home, trade_cost 1 over 3": float(
                        swept["consumption"][0, 0] / swept["consumption"][-1, 0]
                    ),
                },
                explanation="Extra demand is offset by market share lost to foreign firms: profit is a part of the wage bill.",
            ),
        )

    def plot(self, parameters: Any = None, *, variant: str | None = None) -> Figure:
        """Return growth against spillovers and against trade costs, and wages against trade costs."""
        variant = self.variant(variant)
        p = self.admit(parameters, variant)
        own = np.eye(len(p.labour))
        scale, costs = np.linspace(0.05, 1.5, 30), np.linspace(1, 3, 41)
        matrices = p.spillovers * np.where(own > 0, 1, scale[:, np.newaxis, np.newaxis])
        by_flow = self.sweep(p, variant=variant, spillovers=np.clip(matrices, 0, 1))
        by_cost = self.sweep(p, variant=variant, trade_cost=costs)
        with style():
            figure, (left, middle, right) = panels(3, "Spillovers move growth, trade costs do not", self.citation_keys)
            left.plot(scale, 100 * by_flow["growth"][:, 0], color=COLOURS[0])
            middle.plot(costs, 100 * by_cost["growth"][:, 0], color=COLOURS[0])
            top = 1.1 * np.max(100 * by_flow["growth"])
            left.set(
                title="Growth, all countries",
                xlabel="spillovers over baseline",
                ylabel="per cent a year",
                ylim=(0, top),
            )
            middle.set(title="Growth, all countries", xlabel="trade cost", ylabel="per cent a year", ylim=(0, top))
            if variant == "heterogeneous":
                _plot_wages(
                    right, workers_of(p).match(float(self.solve(p, variant=variant).value["research_cutoff"])), p
                )
                return figure
            for i, country in enumerate(self.countries(p)):
                look: dict[str, Any] = {"color": COLOURS[i % 8], "linestyle": DASHES[i % 8]}
                level = by_cost["consumption"][:, i] / by_cost["consumption"][-1, i]
                right.plot(costs, 100 * (level - 1), label=country.replace("_", " "), **look)
            right.set(title=f"Consumption over that at {costs[-1]:g}", xlabel="trade cost", ylabel="per cent")
            right.legend()
        return figure


def _plot_wages(axis: Any, match: Any, p: PartialSpilloversParameters) -> None:
    """Draw log wages over ability: production below the cutoff, research above."""
    above = np.array([match.cutoff, 1.0])
    axis.plot(match.ability, match.log_wage, color=COLOURS[1], label="production")
    top = match.log_wage[-1] + p.research_skill * (above - match.cutoff)
    axis.plot(above, top, color=COLOURS[2], linestyle=DASHES[1], label="research")
    axis.set(title="Wages, all countries", xlabel="rank of ability", ylabel="log, least able = 0")
    axis.legend()


MECHANISM = PartialSpillovers()
