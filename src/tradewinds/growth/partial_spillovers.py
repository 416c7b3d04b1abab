r"""Partial spillovers between many countries: growth is one eigenvalue, and trade costs are not in it.

Grossman and Helpman (2014, published 2018). Countries :math:`c = 1, \dots, C` have labour :math:`L_c`; utility is logarithmic
over a CES index of varieties (elasticity :math:`\sigma`). Research in ``c`` builds on knowledge from everywhere,

.. math:: \dot M_c = \frac{K_c R_c}{a_c}, \qquad K_c = \sum_j \Omega_{jc} M_j ,

where :math:`\Omega_{jc}` says how much of the research experience of ``j`` is of use in ``c`` (rows send, columns receive).
Varieties travel at iceberg costs :math:`\tau_{cd}`, arbitrary and without fixed costs.

**Growth.** Revenue is :math:`\sigma/(\sigma-1)` times the wage bill of production :math:`w_c X_c` whatever the destinations,
so that profit is :math:`w_c X_c / ((\sigma - 1) M_c)` a variety. Free entry, :math:`v_c = w_c a_c / K_c`, no arbitrage,
:math:`\pi_c / v_c = \rho + g`, and labour, :math:`X_c + R_c = L_c`, give in every country

.. math:: \big[\sigma g + (\sigma - 1)\rho\big] M_c = \frac{L_c}{a_c} K_c ,

so that :math:`\sigma g + (\sigma-1)\rho` is the spectral radius of :math:`\mathrm{diag}(L/a)\,\Omega'` and :math:`M` its Perron
vector. The share of labour in research is :math:`g / (\sigma g + (\sigma-1)\rho)` everywhere. Consumption grows at
:math:`g/(\sigma-1)`. Wages then balance trade, and are all that trade costs move (:mod:`tradewinds.growth.gravity`).

**Transition.** Trade balances at every date (countries do not lend to each other; on a balanced growth path they would not want
to). Then :math:`u_c = K_c X_c / (a_c M_c)` and :math:`z_c = K_c L_c/ (a_c M_c)` obey

.. math:: \frac{\dot M_c}{M_c} = z_c - u_c, \qquad \frac{\dot u_c}{u_c} = \frac{\sigma}{\sigma - 1} u_c - \rho - z_c ,

without wages or trade costs: trade is neutral for innovation along the whole path, not only at its end. Where a change moves the
Perron vector the economy takes time to reach it; where it does not, the economy jumps.

A matrix that falls into blocks may have no common growth rate (the laggards' share of varieties vanishes): that is refused, and
the block that leads is named.

The reduced block and the transition are derived here; the papers were not at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth import gravity
from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.parameters import GrowthParameters, parameter
from tradewinds.growth.results import BalancedGrowth
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import Solution

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "PartialSpillovers", "PartialSpilloversParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PartialSpilloversParameters(GrowthParameters):
    """Parameters of partial spillovers; countries in one order throughout, home first."""

    elasticity_of_substitution: float = parameter(
        3.0,
        symbol="sigma",
        meaning="elasticity of substitution between varieties",
        unit="1",
        bounds="(1, inf)",
        source="mark-up of one half, the upper end of the usual range of 20 to 50 per cent",
    )
    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="with growth of 2.7 per cent, a real interest rate of 5.7 per cent",
    )
    labour: Any = parameter(
        (1.0, 2.0, 0.5),
        symbol="L_c",
        meaning="workers",
        unit="workers",
        bounds="(0, inf)",
        axes=("country",),
        source="a small world of round numbers",
    )
    rnd_cost: Any = parameter(
        (8.0, 10.0, 12.0),
        symbol="a_c",
        meaning="workers a blueprint takes, per unit of knowledge",
        unit="workers",
        bounds="(0, inf)",
        axes=("country",),
        source="a small world of round numbers",
    )
    spillovers: Any = parameter(
        ((1.0, 0.3, 0.1), (0.2, 1.0, 0.4), (0.1, 0.2, 1.0)),
        symbol="Omega_jc",
        meaning="part of the research experience of the source (row) that is of use in the receiver (column)",
        unit="share",
        bounds="[0, 1]",
        axes=("source", "receiver"),
        source="a small world of round numbers",
    )
    trade_cost: float = parameter(
        1.5,
        symbol="tau",
        meaning="units shipped over a border for one to arrive; inf closes all",
        unit="1",
        bounds="[1, inf]",
        source="within the range of estimated barriers between rich countries",
    )
    relative_trade_costs: Any = parameter(
        ((1.0,) * 3,) * 3, symbol="tau_cd / tau", meaning="cost of a border (source by destination) over the common one",
        unit="1", bounds="[1, inf)", axes=("source", "destination"), source="all borders alike",
    )  # fmt: skip

    def check(self) -> None:
        """Require one number a country, and a pair of countries, in one order."""
        count = len(self.labour)
        wanted = {"rnd_cost": (count,), "spillovers": (count, count), "relative_trade_costs": (count, count)}
        for name, shape in wanted.items():
            found = getattr(self, name).shape
            if found != shape:
                raise InputError(
                    f"{name} has shape {found} but labour has {count} countries: it must have shape {shape}. Give all of "
                    "labour, rnd_cost, spillovers and relative_trade_costs for the same countries."
                )


class PartialSpillovers(Mechanism[PartialSpilloversParameters]):
    """Growth of many countries whose research builds on each other's."""

    name = "partial-spillovers"
    title = "Partial spillovers between many countries"
    variants = ("homogeneous",)
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
    autarky: ClassVar[Mapping[str, Any]] = {"trade_cost": np.inf}
    units: ClassVar[Mapping[str, str]] = {"varieties": "share of the world's varieties"}

    def countries(self, p: PartialSpilloversParameters) -> tuple[str, ...]:
        """Return home, country_2, country_3 and so on."""
        return ("home", *(f"country_{i}" for i in range(2, len(p.labour) + 1)))

    def balanced_growth(self, p: PartialSpilloversParameters, variant: str) -> dict[str, Any]:
        """Return growth and varieties from the Perron root, then wages."""
        sigma, rho = _last(p.elasticity_of_substitution), _last(p.discount_rate)
        root, varieties = perron(p)
        innovation = np.maximum((root[..., np.newaxis] - (sigma - 1) * rho) / sigma, 0.0) + 0 * varieties
        rnd = innovation / (sigma * innovation + (sigma - 1) * rho)
        values = trade_block(p, varieties, p.labour * (1 - rnd))
        growth = innovation / (sigma - 1)
        return {
            "growth": growth,
            "innovation": innovation,
            **values,
            "varieties": varieties,
            "interest_rate": rho + growth,
            "rnd_labour_share": rnd,
            "lifetime_utility": lifetime_utility(values["consumption"], growth, rho),
        }

    def residual(self, values: Mapping[str, Any], p: PartialSpilloversParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point."""
        sigma, rho = p.elasticity_of_substitution, p.discount_rate
        varieties, g = values["varieties"], values["innovation"]
        research = values["rnd_labour_share"] * p.labour
        production = p.labour - research
        reach = p.spillovers.T @ varieties / (p.rnd_cost * varieties)  # K / (a M), new varieties a worker and variety
        entry = production * reach / (sigma - 1) - rho - g
        costs = gravity.trade_costs(p.trade_cost, p.relative_trade_costs)
        shares = gravity.trade_shares(values["wage"], varieties, costs, sigma)
        return {
            "research": research * reach - g,
            "no arbitrage": entry if np.any(g > 0) else np.minimum(g, -entry),
            "trade balance": gravity.balance(values["wage"], production, varieties, costs, sigma),
            "home share": np.diagonal(shares) - values["home_share"],
            "varieties": np.sum(varieties) - 1,
        }

    def conditions(
        self, values: Mapping[str, Any], p: PartialSpilloversParameters, variant: str
    ) -> tuple[Condition, ...]:
        """Require one growth rate of all."""
        _, varieties = perron(p)
        common = np.min(varieties, axis=-1) > 1e-12
        single = np.ndim(common) == np.ndim(p.discount_rate) == np.ndim(p.elasticity_of_substitution) == 0
        leaders = _leaders(p) if single and not common else ""
        return (
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
        needed = (p.elasticity_of_substitution - 1) * p.discount_rate
        return (
            f"no research and no growth: the spectral radius is {perron(p)[0]:.4g} and must exceed {needed:.4g}. Varieties are "
            "history then; shown are those at which research would be equally unrewarding everywhere"
        )

    def exports(self, values: Mapping[str, Any], p: PartialSpilloversParameters, variant: str) -> str:
        """Say what home sells abroad."""
        return "its own varieties, in exchange for others" if values["import_share"][0] > 0 else "nothing"

    def static_consumption(self, baseline: BalancedGrowth, changed: PartialSpilloversParameters) -> Any:
        """Return consumption with the varieties and the share of researchers of the baseline, and new wages."""
        production = changed.labour * (1 - baseline.values["rnd_labour_share"])
        return trade_block(changed, baseline.values["varieties"], production)["consumption"]

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
        root = sigma * facts.growth * (sigma - 1) + (sigma - 1) * rho
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
        swept = self.sweep(p, trade_cost=np.linspace(1, 3, 21))
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
                },
                explanation="The spectral radius of an irreducible matrix rises in every element.",
            ),
            grade(
                "trade-costs-neutral",
                "A reduction in trade costs in some country has no effect on the common rate of long-run growth.",
                f"{SURVEY}, section II",
                within=np.ravel(np.abs(swept["growth"] - base.growth)) <= 1e-14,
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
            for i, country in enumerate(self.countries(p)):
                look: dict[str, Any] = {"color": COLOURS[i % 8], "linestyle": DASHES[i % 8]}
                level = by_cost["consumption"][:, i] / by_cost["consumption"][-1, i]
                right.plot(costs, 100 * (level - 1), label=country.replace("_", " "), **look)
            right.set(title=f"Consumption over that at {costs[-1]:g}", xlabel="trade cost", ylabel="per cent")
            right.legend()
        return figure


def perron(p: PartialSpilloversParameters) -> tuple[Any, Any]:
    """Return the spectral radius of diag(L / a) Omega' and its vector, which sums to one."""
    matrix = (p.labour / p.rnd_cost)[..., np.newaxis] * np.swapaxes(p.spillovers, -1, -2)
    roots, vectors = np.linalg.eig(matrix)
    first = np.argmax(roots.real, axis=-1)[..., np.newaxis]
    root = np.take_along_axis(roots.real, first, axis=-1)[..., 0]
    vector = np.abs(np.take_along_axis(vectors.real, first[..., np.newaxis, :], axis=-1)[..., 0])
    return root, vector / np.sum(vector, axis=-1, keepdims=True)


def trade_block(p: PartialSpilloversParameters, varieties: Any, production: Any) -> dict[str, Any]:
    """Return wages, shares and consumption a head, given varieties and workers in production."""
    sigma = p.elasticity_of_substitution
    costs = gravity.trade_costs(p.trade_cost, p.relative_trade_costs)
    wage = gravity.wages(production, varieties, costs, sigma)
    shares = np.diagonal(gravity.trade_shares(wage, varieties, costs, sigma), axis1=-2, axis2=-1)
    mark_up = _last(sigma) / (_last(sigma) - 1)
    price = mark_up * gravity.price_index(wage, varieties, costs, sigma)
    consumption = mark_up * wage * production / (price * p.labour)
    return {"home_share": shares, "import_share": 1 - shares, "consumption": consumption, "wage": wage}


def _last(value: Any) -> Any:
    return np.asarray(value)[..., np.newaxis]


def _leaders(p: PartialSpilloversParameters) -> str:
    """Name the block with the largest root, and its growth."""
    from scipy.sparse.csgraph import connected_components

    matrix = (p.labour / p.rnd_cost)[:, np.newaxis] * p.spillovers.T
    _, block = connected_components(matrix > 0, directed=True, connection="strong")
    roots = {b: np.max(np.abs(np.linalg.eigvals(matrix[np.ix_(block == b, block == b)]))) for b in np.unique(block)}
    best = max(roots, key=lambda b: float(roots[b]))
    members = ", ".join(str(i + 1) for i in np.flatnonzero(block == best))
    sigma = p.elasticity_of_substitution
    growth = (roots[best] - (sigma - 1) * p.discount_rate) / sigma
    return f"the block of countries {members} leads, with innovation of {growth:.4g} a year of its own"


MECHANISM = PartialSpillovers()
