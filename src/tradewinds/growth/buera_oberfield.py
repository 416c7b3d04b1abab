r"""Learning through trade: new ideas build on those of sellers, or of producers, that trade selects (Buera and Oberfield 2020).

Countries :math:`i` with :math:`L_i` workers make a continuum of goods under perfect competition. The productivity of a good is
Frechet, :math:`\Pr(q \le x) = \exp(-\lambda_i x^{-\theta})`; goods of :math:`j` reach :math:`i` at the iceberg cost
:math:`\kappa_{ij}`, so that, as in Eaton and Kortum (2002),

.. math::
    \pi_{ij} = \frac{\lambda_j (w_j \kappa_{ij})^{-\theta}}{\sum_k \lambda_k (w_k \kappa_{ik})^{-\theta}}, \qquad
    w_i L_i = \sum_j \pi_{ji} w_j L_j, \qquad C_i = \left(\frac{\lambda_i}{\pi_{ii}}\right)^{1/\theta}

are the shares of spending, trade balance, and consumption a head, but for a constant that all share. A new idea has the
productivity :math:`z q^\beta`: :math:`q` is that of a producer from whom it is learnt, and originality :math:`z` arrives with a
Pareto tail :math:`\theta` at the rate :math:`\alpha_i(t)`, which grows at :math:`\gamma`. The maximum of such ideas stays Frechet,
with :math:`\dot\lambda_i = \alpha_i \mathrm{E}[q^{\beta\theta}]`. Those of :math:`j` who sell in :math:`i` have the Frechet scale
:math:`\lambda_j / \pi_{ij}`, since only better ones sell where less is bought. Hence

.. math::
    \dot\lambda_i &= \alpha_i \Gamma(1 - \beta) \sum_j \pi_{ij} \left(\frac{\lambda_j}{\pi_{ij}}\right)^\beta
    && \text{learning from sellers} \\
    \dot\lambda_i &= \alpha_i \Gamma(1 - \beta) \sum_j r_{ji} \left(\frac{\lambda_i}{\pi_{ji}}\right)^\beta, \quad
    r_{ji} = \frac{\pi_{ji} w_j L_j}{w_i L_i} && \text{learning from producers}

where :math:`r_{ji}` is the part of :math:`i`'s workers who make goods for :math:`j`.

**Balanced growth.** Knowledge grows at :math:`\gamma / (1 - \beta)` and consumption at :math:`\gamma / ((1 - \beta) \theta)`
everywhere, whatever the trade costs. Trade moves levels: :math:`\lambda` solves the equations with
:math:`\dot\lambda_i = \lambda_i \gamma / (1 - \beta)`. Among :math:`n` symmetric countries both kinds of learning give

.. math::
    \frac{\lambda}{\lambda^{aut}} = \left[\pi_{ii}^{1-\beta} + (n - 1)^\beta (1 - \pi_{ii})^{1-\beta}\right]^{1/(1-\beta)} ,

so free trade raises consumption by :math:`n^{1/((1-\beta)\theta)}` in the long run, of which :math:`n^{1/\theta}` on the first day.

Countries that differ need not all learn more. Trade always selects better *producers* at home. *Sellers* from a country of low
wages may be cheap and not productive: a rich country that opens to a large poor one then learns less from sellers than in autarky,
and gains less than a static theory says.

**Transition.** Knowledge is a stock: with a change, prices and shares jump and knowledge follows its law of motion, near the new
path at rates of about :math:`\gamma`.

The limit :math:`\beta = 0` is Eaton and Kortum (2002) with the gains of Arkolakis, Costinot and Rodriguez-Clare (2012).

All is derived here from these primitives. The paper was not at hand beyond its abstract: the laws of motion are remembered from it
and derived again, :math:`\beta = 0.6` is from memory, and its quantitative exercise is not covered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth import gravity
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.oberfield_block import balanced, learning, shares
from tradewinds.growth.oberfield_parameters import BueraOberfieldParameters
from tradewinds.growth.results import BalancedGrowth
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import Solution

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "BueraOberfield", "BueraOberfieldParameters"]


class BueraOberfield(Mechanism[BueraOberfieldParameters]):
    """Levels of knowledge that trade sets by selecting from whom new ideas are learnt."""

    name = "buera-oberfield"
    title = "Learning through trade"
    variants = ("sellers", "producers")
    Parameters = BueraOberfieldParameters
    citation_keys = ("buera-oberfield2020", "eaton-kortum2002", "grossman-helpman2015")
    provenance = "Derived here; laws of motion and the diffusion parameter are from memory of the paper."
    discipline = (
        "Trade elasticity, and bilateral shares of spending.",
        "Productivity after openings of different size, which tells diffusion from the static gain.",
        "Whether productivity follows imports or the selection of home's producers, which tells sellers from producers.",
    )
    autarky: ClassVar[Mapping[str, Any]] = {"trade_cost": np.inf}
    units: ClassVar[Mapping[str, str]] = {"knowledge": "stock, at time 0"}

    def countries(self, p: BueraOberfieldParameters) -> tuple[str, ...]:
        """Return home, country_2, country_3 and so on."""
        return ("home", *(f"country_{i}" for i in range(2, len(p.labour) + 1)))

    def balanced_growth(self, p: BueraOberfieldParameters, variant: str) -> dict[str, Any]:
        """Return growth in closed form, and levels of knowledge and wages by Newton; arrays of parameters at once."""
        knowledge, wage = balanced(p, variant)
        home, consumption = consume(p, knowledge, wage)
        innovation = np.asarray(p.knowledge_growth)
        growth = innovation / p.trade_elasticity
        rho = np.asarray(p.discount_rate)
        return {
            "growth": growth[()],
            "innovation": innovation[()],
            "home_share": home,
            "import_share": 1 - home,
            "consumption": consumption,
            "knowledge": knowledge,
            "wage": wage,
            "interest_rate": (rho + growth)[()],
            "lifetime_utility": lifetime_utility(consumption, growth[..., np.newaxis], rho[..., np.newaxis]),
        }

    def residual(self, values: Mapping[str, Any], p: BueraOberfieldParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point, with shares from prices and learning from who sells where."""
        from scipy.special import gamma

        theta, beta = p.trade_elasticity, p.diffusion
        knowledge, wage = np.asarray(values["knowledge"]), np.asarray(values["wage"])
        offers = knowledge[:, np.newaxis] * (wage[:, np.newaxis] * p.costs) ** -theta  # source by destination
        price = np.sum(offers, axis=0) ** (-1 / theta)
        share = offers * price**theta
        income = wage * p.labour
        # the Frechet scale of those of a source who sell in a destination
        scale = price[np.newaxis, :] ** -theta * (wage[:, np.newaxis] * p.costs) ** theta
        met = np.where(share > 0, share * np.where(share > 0, scale, 1.0) ** beta, 0.0)
        learnt = np.sum(met, axis=0) if variant == "sellers" else np.sum(met * income, axis=1) / income
        new = p.arrival * gamma(1 - beta) * learnt
        return {
            "learning": new / (knowledge * values["innovation"]) - 1,
            "arrival": values["innovation"] * (1 - beta) - p.arrival_growth,
            "trade balance": np.sum(share * income, axis=1) / income - 1,
            "home share": np.diag(share) - values["home_share"],
            "consumption": wage / price / values["consumption"] - 1,
            "growth": values["growth"] * theta - values["innovation"],
        }

    def exports(self, values: Mapping[str, Any], p: BueraOberfieldParameters, variant: str) -> str:
        """Say what home sells abroad."""
        return (
            "goods in which it has drawn a productivity that makes it cheapest"
            if values["import_share"][0] > 0
            else "nothing"
        )

    def static_consumption(self, baseline: BalancedGrowth, changed: BueraOberfieldParameters) -> Any:
        """Return consumption of each country with the knowledge of the baseline."""
        knowledge = baseline.values["knowledge"]
        return consume(changed, knowledge, wages(changed, knowledge))[1]

    def transition(
        self,
        baseline: BueraOberfieldParameters | None = None,
        changed: Any = None,
        *,
        variant: str | None = None,
        throw: bool = True,
    ) -> Solution:
        """Return the path from the knowledge of the baseline to that of the changed regime; to autarky if none is given."""
        from tradewinds.growth.oberfield_paths import solve_path

        chosen = self.variant(variant)
        p = self.admit(baseline, chosen)
        q = self.changed(p, self.autarky if changed is None else changed)
        if len(q.labour) != len(p.labour):
            raise InputError(f"{self.name}: {len(p.labour)} countries cannot become {len(q.labour)} on the way")
        regime = "autarky" if changed is None else "counterfactual"
        before = self.solve(p, variant=chosen).value
        return solve_path(self, before, self.solve(q, variant=chosen, regime=regime).value, throw=throw)

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        if not np.isclose(counterfactual.growth, baseline.growth, rtol=0, atol=1e-15):
            return "ideas arrive, or build on each other, at another pace; trade does not move growth in the long run"
        more = counterfactual.home("knowledge") - baseline.home("knowledge")
        if more == 0:
            return "nothing moves what is learnt"
        if more > 0:
            return "trade selects better ideas to learn from: knowledge rises to a higher path, parallel to the old one"
        return "worse ideas are learnt from: knowledge falls behind to a lower path, parallel to the old one"

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> BueraOberfieldParameters:
        """Return symmetric countries with the facts' growth, home share, trade elasticity and interest rate."""
        facts = facts or Facts()
        base = self.defaults(self.variant(variant))
        theta, rho, count = facts.trade_elasticity, facts.interest_rate - facts.growth, facts.countries
        odds = (1 / facts.home_share - 1) / max(count - 1, 1)
        if rho <= 0 or not 0 < odds <= 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, and the home share lie between 1 / countries and 1"
            )
        return base.replace(
            trade_elasticity=theta,
            discount_rate=rho,
            arrival_growth=facts.growth * theta * (1 - base.diffusion),
            labour=np.ones(count),
            arrival=np.ones(count),
            relative_trade_costs=np.ones((count, count)),
            trade_cost=max(odds ** (-1 / theta), 1.0),
        )

    def claims(self) -> tuple[Claim, ...]:
        """Solve what follows for growth, for the gains, and for the two ways to learn."""
        from tradewinds.growth.oberfield_claims import claims

        return claims(self)

    def plot(self, parameters: BueraOberfieldParameters | None = None, *, variant: str | None = None) -> Figure:
        """Return home's gains over diffusion, knowledge of each country, and consumption after trade ends."""
        variant = self.variant(variant)
        p = self.admit(parameters, variant)
        costs = np.append(np.linspace(1, 4, 61), np.inf)
        names = [name.replace("_", " ") for name in self.countries(p)]
        swept = self.sweep(p, variant=variant, trade_cost=costs)["knowledge"]
        path = self.transition(p, variant=variant).value
        before = self.solve(p, variant=variant).value
        with style():
            figure, (left, middle, right) = panels(3, "Trade selects whom to learn from", self.citation_keys)
            for i, beta in enumerate((0.0, 0.4, 0.7)):
                level = self.sweep(p.replace(diffusion=beta), variant=variant, trade_cost=costs)["consumption"][:, 0]
                gain = 100 * (level[:-1] / level[-1] - 1)
                left.plot(costs[:-1], gain, color=COLOURS[i], linestyle=DASHES[i], label=f"diffusion {beta:g}")
            left.set(title="Consumption at home", xlabel="trade cost", ylabel="per cent over autarky")
            shown = path.time <= 150
            level = np.log(path.paths["consumption"] / before.values["consumption"])
            level -= before.growth * path.time[:, np.newaxis]
            for i, name in enumerate(names):
                look: dict[str, Any] = {"color": COLOURS[i % 8], "linestyle": DASHES[i % 8], "label": name}
                middle.plot(costs[:-1], swept[:-1, i] / swept[-1, i], **look)
                right.plot(path.time[shown], 100 * level[shown, i], **look)
            middle.set(title=f"Knowledge, learning from {variant}", xlabel="trade cost", ylabel="over autarky")
            right.set(
                title="Consumption after trade ends", xlabel="years", ylabel="per cent (log) of the path with trade"
            )
            for axis in (left, middle, right):
                axis.legend()
        return figure


def wages(p: BueraOberfieldParameters, knowledge: Any) -> Any:
    """Return wages that balance trade at given knowledge; home's is one."""
    return gravity.wages(p.labour, knowledge, p.costs, 1 + np.asarray(p.trade_elasticity))


def consume(p: BueraOberfieldParameters, knowledge: Any, wage: Any) -> tuple[Any, Any]:
    """Return home shares and consumption a head of each country."""
    home = np.diagonal(shares(p, knowledge, wage), axis1=-2, axis2=-1)
    return home, (knowledge / home) ** (1 / np.asarray(p.trade_elasticity)[..., np.newaxis])


def motion(p: BueraOberfieldParameters, variant: str, log_knowledge: Any) -> Any:
    """Return the change a year of the logarithm of knowledge over its trend."""
    knowledge = np.exp(log_knowledge)
    wage = wages(p, knowledge)
    learnt, _ = learning(p, variant, knowledge, wage, shares(p, knowledge, wage))
    return learnt / knowledge - p.knowledge_growth


MECHANISM = BueraOberfield()
