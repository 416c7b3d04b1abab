r"""A resource boom: whether it draws labour out of innovation depends on how raw material and labour combine in processing.

After Peretto and Valente (2011); a reduced form of our own. Home owns a raw material :math:`R` and processes it with labour into
materials, which manufacturers of both countries use:

.. math::
    M = \left[\omega R^{1 - 1/\epsilon}
    + (1 - \omega) \left(\frac{L_M}{l}\right)^{1 - 1/\epsilon}\right]^{\epsilon/(\epsilon - 1)} .

Utility is logarithmic over a CES index (elasticity :math:`\sigma`) of varieties of both countries. A firm with knowledge :math:`Z`
makes :math:`Z^\theta m^\gamma \ell^{1-\gamma}` (up to a constant) with materials and labour, needs :math:`f` workers besides, and
with :math:`\ell_Z` researchers raises its knowledge at :math:`\dot Z = \alpha \bar Z \ell_Z`, :math:`\bar Z` the mean of the
world. Setting up a firm costs :math:`\eta` times its yearly sales :math:`s`; firms die at rate :math:`\delta`.
Goods trade freely, or home is alone.

**Balanced growth.** Wages are the same in both countries (1): with both entering, equal sales must pay equal costs. Then

.. math::
    z &= \alpha\, \theta\, \frac{\sigma - 1}{\sigma}\, s - \rho - \delta && \text{return to a firm's research } (z = \hat Z) \\
    (\rho + \delta)\, \eta\, s &= \frac s\sigma - f - \frac z\alpha && \text{free entry} \\
    w L_M &= \zeta\, \frac{\gamma (\sigma - 1)}{\sigma} (S + S^*), \qquad
    \zeta = \frac{(1 - \omega)(L_M/l)^{1-1/\epsilon}}{\omega R^{1 - 1/\epsilon} + (1 - \omega)(L_M/l)^{1-1/\epsilon}} &&
    \text{processing} \\
    L &= L_M + \psi S, \quad L^* = \psi S^*, \quad \psi = \frac{(1 - \gamma)(\sigma - 1) + 1}{\sigma} - \rho \eta && \text{labour}

where :math:`S` are sales of home's firms. The first two fix the size of a firm and growth,

.. math:: z = \frac{\alpha\, \theta'\, f - (\rho + \delta) B}{B - \theta'}, \qquad \theta' = \theta\, \frac{\sigma - 1}{\sigma},
    \qquad B = \frac1\sigma - (\rho + \delta)\,\eta ,

so neither labour nor the raw material matters for growth: entry makes a larger economy one with more firms, not larger ones. (If
:math:`z` would be negative it is zero.) What :math:`R` moves is where people work. Spending on materials is a given part of sales,
so a boom lowers the part :math:`\zeta` that goes to labour, and :math:`L_M`, if and only if :math:`\epsilon > 1`: labour leaves
processing for innovation and manufacturing with ``substitutes``, the other way round with ``complements``, and stays with
``cobb-douglas``. Real consumption grows at :math:`\theta z`.

Where processing would take more than all of home's labour, home makes no varieties: :math:`L_M = L` at a wage above the other's.

Home's spending is :math:`E = S + \frac{\gamma(\sigma-1)}{\sigma} S^*`: sales, and net exports of materials. Firms and knowledge
take time to adjust after a change (:mod:`tradewinds.growth.peretto_paths`): their number moves like a logistic curve, so
that a boom moves growth for a while, by the size of firms. Spending and prices of materials jump. ``welfare_steady_state``
compares steady states from the same knowledge.

Derived here from these primitives. The paper was not at hand; its theme is from its abstract and from the survey, the research
block is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from tradewinds.errors import InputError
from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.peretto_parameters import PerettoValenteParameters
from tradewinds.growth.peretto_processing import (
    employment_of,
    gain_of,
    labour_share,
    margin_of,
    marginal_labour,
    materials_of,
    outlay_of,
    price_index,
    processing_labour,
    why_unbounded,
    world_labour,
)
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.solved_path import SolvedPathMechanism
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "PerettoValente", "PerettoValenteParameters"]

P = PerettoValenteParameters


class PerettoValente(SolvedPathMechanism[PerettoValenteParameters]):
    """A raw material, its processing, and innovation."""

    name = "peretto-valente"
    title = "A resource boom"
    path_tolerance: ClassVar[float] = 1e-7  # equations between dates, and the end against the balanced growth path
    variants = ("complements", "substitutes", "cobb-douglas")
    Parameters = PerettoValenteParameters
    citation_keys = ("peretto-valente2011", "grossman-helpman2015")
    provenance = (
        "A reduced form derived here; Peretto and Valente (2011) was not at hand, and the research block is ours."
    )
    discipline = (
        "How the labour share of mining and processing moves with resource output, for the elasticity of processing.",
        "Employment and R&D in manufacturing after discoveries of resources.",
        "Firm size against market size over long periods, for the neutrality of scale.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution")
    autarky: ClassVar[Mapping[str, Any]] = {"trade": 0}
    units: ClassVar[Mapping[str, str]] = {
        "processing_labour": "share of home's labour",
        "manufacturing_labour": "share of home's labour, with innovation",
        "rnd_labour_share": "share of home's labour",
        "firms": "number, at home",
        "firm_sales": "wage = 1",
        "materials_price": "wage = 1",
        "wage": "at home, wage abroad = 1",
        "labour_share_processing": "share of the cost of materials",
        "resource_rent": "wage = 1, a head",
        "spending": "wage = 1, a head",
    }

    def defaults(self, variant: str) -> P:
        """Return the standard calibration with the elasticity of processing of the variant."""
        return P(processing_elasticity={"complements": 0.5, "substitutes": 2.0, "cobb-douglas": 1.0}[variant])

    def balanced_growth(self, p: P, variant: str) -> dict[str, Any]:
        """Return growth in closed form, and the allocation of labour by bisection."""
        rho, outlay = p.discount_rate, outlay_of(p)
        margin, gain, asked = margin_of(p), gain_of(p), rho + p.exit_rate
        reward = p.research_productivity * gain * p.fixed_labour - asked * margin
        innovation = np.maximum(reward / (margin - gain), 0.0)
        size = (p.fixed_labour + innovation / p.research_productivity) / margin
        wanted = processing_labour(p, outlay / employment_of(p), world_labour(p))
        alone = wanted >= p.home_labour  # home processes materials and does nothing else, at a wage above the other's
        processing = np.where(alone, p.home_labour, wanted)
        sales = (p.home_labour - processing) / employment_of(p)
        world = (world_labour(p) - processing) / employment_of(p)
        share = labour_share(p, processing)
        spending = sales + outlay * (world - sales)
        price = outlay * world / materials_of(p, processing)
        wage = np.where(alone, share * outlay * world / p.home_labour, 1.0)
        firms = sales / size
        consumption = spending / p.home_labour / price_index(p, world / size, price)
        growth = p.knowledge_elasticity * innovation
        home = sales / world
        return {
            "growth": growth,
            "innovation": innovation,
            "home_share": home,
            "import_share": 1 - home,
            "consumption": consumption,
            "interest_rate": rho + growth,
            "processing_labour": processing / p.home_labour,
            "manufacturing_labour": 1 - processing / p.home_labour,
            "rnd_labour_share": firms * innovation / p.research_productivity / p.home_labour,
            "firms": firms,
            "firm_sales": size,
            "wage": wage,
            "materials_price": price,
            "labour_share_processing": share,
            "resource_rent": (1 - share) * outlay * world / p.home_labour,
            "spending": spending / p.home_labour,
            "lifetime_utility": lifetime_utility(consumption, growth, rho),
        }

    def residual(self, values: Mapping[str, Any], p: P, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point; processing from its marginal product."""
        sigma, rho, size, z = p.elasticity_of_substitution, p.discount_rate, values["firm_sales"], values["innovation"]
        researchers = z / p.research_productivity
        sales = values["firms"] * size
        outlay = outlay_of(p)
        world = (
            sales + (values["spending"] * p.home_labour - sales) / outlay
        )  # home spends its sales and net exports of materials
        variable = (1 - p.materials_share) * (sigma - 1) / sigma
        processing = values["processing_labour"] * p.home_labour
        marginal = marginal_labour(p, processing)
        upkeep = (
            p.fixed_labour + researchers
        ) / size + p.exit_rate * p.entry_cost  # of a firm, and of what replaces it
        work = (variable + upkeep) * sales
        abroad = (world - sales) * (variable + upkeep)
        owned = (values["wage"] + values["resource_rent"]) * p.home_labour + rho * p.entry_cost * sales
        return {
            "research": np.minimum(z, 1 - (p.research_productivity * gain_of(p) * size - z) / (rho + p.exit_rate)),
            "free entry": (size / sigma - p.fixed_labour - researchers) / size - (rho + p.exit_rate) * p.entry_cost,
            "labour at home": (processing + work) / p.home_labour - 1,
            "labour abroad": (abroad - (p.foreign_labour if p.trade else 0.0)) / p.foreign_labour,
            "wage in processing": values["materials_price"] * marginal / values["wage"] - 1,
            "manufacturing at home": np.minimum(sales / world, values["wage"] - 1),
            "home share": values["home_share"] - sales / world,
            "materials": values["materials_price"] * materials_of(p, processing) / (outlay * world) - 1,
            "household budget": owned / (values["spending"] * p.home_labour) - 1,
        }

    def conditions(self, values: Mapping[str, Any], p: P, variant: str) -> tuple[Condition, ...]:
        """Require the side of one that the variant names, firms that earn entry, and manufacturing at home."""
        eps = np.asarray(p.processing_elasticity)
        margin = margin_of(p)
        side = {"complements": eps < 1, "substitutes": eps > 1, "cobb-douglas": eps == 1}[variant]
        return (
            Condition(
                "processing_elasticity",
                side,
                f"processing_elasticity is {eps}, which is not {variant}; use the variant for it",
            ),
            Condition(
                "free entry",
                margin > gain_of(p),
                why_unbounded(p),
            ),
        )

    def corner(self, values: Mapping[str, Any], p: P, variant: str) -> str:
        """Name the corner without research, and that without varieties at home."""
        alone = "home processes materials and makes no varieties, at a higher wage" if values["home_share"] <= 0 else ""
        if values["innovation"] > 0:
            return alone
        needed = (p.discount_rate + p.exit_rate) * margin_of(p) / (gain_of(p) * p.fixed_labour)
        none = f"no research and no growth: research_productivity must exceed {needed:.4g}"
        return f"{alone}; {none}" if alone else none

    def exports(self, values: Mapping[str, Any], p: P, variant: str) -> str:
        """Say what home sells abroad."""
        if not p.trade:
            return "nothing"
        return "materials, and its own varieties for others" if values["home_share"] > 0 else "materials, for varieties"

    def static_consumption(self, baseline: BalancedGrowth, changed: P) -> Any:
        """Return consumption a head with firms and researchers of the baseline; wages of the countries then differ.

        Where the baseline is closed, firms abroad are those that it would have with trade.
        """
        from tradewinds.growth.peretto_static import static_consumption

        return static_consumption(baseline, changed)

    def path_of(
        self, before: BalancedGrowth, end: BalancedGrowth
    ) -> tuple[Transition, Callable[[], npt.NDArray[np.float64]]]:
        """Return the path from the firms of the baseline to the other regime."""
        from tradewinds.growth.peretto_paths import path_of

        return path_of(before, end)

    def reason(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        before, after = baseline["manufacturing_labour"], counterfactual["manufacturing_labour"]
        if not np.isclose(counterfactual.growth, baseline.growth, rtol=0, atol=1e-15):
            return "the cost or the reward of a firm's research moved"
        if np.isclose(before, after, rtol=0, atol=1e-12):
            return "entry keeps the size of firms, so growth stays, and labour stays where it is"
        return (
            f"entry keeps the size of firms, so growth stays; labour {'leaves' if after < before else 'joins'} innovation and "
            "manufacturing"
        )

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> P:
        """Return parameters with the facts' growth, interest rate, trade elasticity and home share (of varieties)."""
        from scipy.optimize import brentq

        facts, chosen = facts or Facts(), self.variant(variant)
        rho = facts.interest_rate - facts.growth
        if rho <= 0 or not 0 < facts.home_share < 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, and the home share be between 0 and 1"
            )
        p = self.defaults(chosen).replace(discount_rate=rho, elasticity_of_substitution=1 + facts.trade_elasticity)
        margin = float(margin_of(p))
        theta = min(p.knowledge_elasticity, 0.7 * margin / (1 - 1 / p.elasticity_of_substitution))
        p = p.replace(knowledge_elasticity=theta)
        gain, z = gain_of(p), facts.growth / theta
        p = p.replace(
            research_productivity=(z * (margin - gain) + (rho + p.exit_rate) * margin) / (gain * p.fixed_labour)
        )

        def gap(log_size: float) -> float:
            return (
                float(self.balanced_growth(p.replace(foreign_labour=np.exp(log_size)), chosen)["home_share"])
                - facts.home_share
            )

        return p.replace(foreign_labour=float(np.exp(brentq(gap, -15.0, 10.0, xtol=1e-14))))

    def claims(self) -> tuple[Claim, ...]:
        """Solve the survey's footnote on a resource boom, over elasticities and sizes of the boom."""
        booms, eps = np.linspace(0.5, 3, 26), np.array([0.2, 0.5, 0.8, 0.95, 1.05, 1.5, 2.0, 5.0])
        labour = {
            float(e): self.sweep(self.parameters(v, processing_elasticity=e), variant=v, resource=booms)
            for e in eps
            for v in (("complements",) if e < 1 else ("substitutes",))
        }
        moves = {e: np.diff(s["manufacturing_labour"]) for e, s in labour.items()}
        growth = np.ravel([np.ptp(s["growth"]) == 0 for s in labour.values()])
        doubled = {
            v: self.counterfactual(self.parameters(v), {"resource": 2.0}, variant=v)
            for v in ("complements", "substitutes")
        }
        return (
            grade(
                "complements-draw-labour-away",
                "If raw material and labour are complements in processing, a resource boom draws labour into intermediate inputs "
                "and "
                "away from innovation and manufacturing.",
                f"{SURVEY}, footnote 2",
                within=np.ravel([m < 0 for e, m in moves.items() if e < 1]),
                numbers=_moved(doubled["complements"]),
                explanation="Spending on materials is a given part of sales; with complements more of it goes to labour.",
            ),
            grade(
                "substitutes-free-labour",
                "If they are substitutes, labour devoted to innovation and manufacturing grows.",
                f"{SURVEY}, footnote 2",
                within=np.ravel([m > 0 for e, m in moves.items() if e > 1]),
                numbers=_moved(doubled["substitutes"]),
                explanation="The same with the sign turned: less of it goes to labour.",
            ),
            grade(
                "boom-leaves-long-run-growth",
                "A boom does not move growth in the long run: entry gives a larger economy more firms, not larger ones.",
                "this reduced form",
                within=growth,
                numbers={
                    "growth before": doubled["complements"].baseline.growth,
                    "growth after": doubled["complements"].counterfactual.growth,
                },
                explanation="More research labour is spread over more firms.",
            ),
        )

    def plot(self, parameters: P | None = None, *, variant: str | None = None) -> Figure:
        """Return labour in innovation and manufacturing, and rents, against the raw material."""
        chosen = self.variant(variant)
        p = self.admit(parameters, chosen)
        booms = p.resource * np.linspace(0.4, 3, 80)
        with style():
            figure, axes = panels(2, "A resource boom: who processes it?", self.citation_keys)
            figure.set_size_inches(9.4, 4.2)
            for i, name in enumerate(self.variants):
                q = p if name == chosen else p.replace(processing_elasticity=self.defaults(name).processing_elasticity)
                swept = self.sweep(q, variant=name, resource=booms)
                look: dict[str, Any] = {"color": COLOURS[i], "linestyle": DASHES[i]}
                label = f"{name}, elasticity {q.processing_elasticity:g}"
                axes[0].plot(booms, 100 * swept["manufacturing_labour"], label=label, **look)
                axes[1].plot(booms, swept["resource_rent"], **look)
            axes[0].set(title="Innovation and manufacturing", xlabel="raw material", ylabel="per cent of home's labour")
            axes[1].set(title="Rents of the raw material", xlabel="raw material", ylabel="wage = 1, a head")
            axes[0].legend(fontsize=7.5)
        return figure


def _moved(result: Any) -> dict[str, float]:
    """Return where labour was and is, for a claim."""
    return {
        "innovation and manufacturing before": result.baseline["manufacturing_labour"],
        "innovation and manufacturing after": result.counterfactual["manufacturing_labour"],
        "research before": result.baseline["rnd_labour_share"],
        "research after": result.counterfactual["rnd_labour_share"],
    }


MECHANISM = PerettoValente()
