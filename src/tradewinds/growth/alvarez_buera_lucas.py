r"""Idea flows: managers learn from those who sell in their country, and trade brings better sellers (Alvarez, Buera and Lucas).

``n`` symmetric countries make a continuum of goods under perfect competition. A good's cost is :math:`z^\theta` units of labour; a
country knows each good's :math:`z` as well as its best manager does, and :math:`F(z, t)` is the share of goods with a cost above
:math:`z`. Of a unit shipped abroad :math:`\kappa \le 1` arrives, so a foreign seller wins only if its :math:`z` is below
:math:`\delta = \kappa^{1/\theta}` of home's. At the rate :math:`\alpha` a manager meets a seller, of any good, drawn from those
active in the country, and adopts the seller's cost if it is lower.

**Equilibrium.** With :math:`f = -F'`, the sellers active in a country have costs of density

.. math::
    m(z) = f(z) F(\delta z)^{n-1} + (n-1) f(z) F(z/\delta) F(z)^{n-2}, \qquad 1 - G(z) = \int_0^z m ,

home's first, and a good keeps a cost above :math:`z` unless its manager meets a seller below:

.. math:: \frac{\partial F(z, t)}{\partial t} = -\alpha\, F(z, t)\,[1 - G(z, t)] .

Best practice is the tail :math:`F \approx 1 - \lambda z`. The best are sold everywhere, whatever the trade cost, so
:math:`1 - G \approx n \lambda z` and :math:`\dot\lambda = \nu \lambda`, :math:`\nu = \alpha n`; in autarky :math:`\nu = \alpha`. On
the balanced growth path :math:`F(z, t) = \Phi(\lambda z)` with

.. math:: \ln\Phi(y) = -\frac1n \int_0^y \frac{1 - G(u)}{u}\,du, \qquad \Phi'(0) = -1 .

In autarky :math:`\Phi = 1 / (1 + y)`; with free trade :math:`\Phi = (1 + n y)^{-1/n}`; between, it is solved numerically
(:mod:`tradewinds.growth.abl_profile`). With wages of one and goods combined with the elasticity :math:`\eta`, consumption is

.. math::
    C = \lambda^\theta \left[\epsilon \int_0^\infty y^{-\epsilon - 1} (1 - S(y))\,dy\right]^{1/(\eta-1)}, \qquad
    S(y) = \Phi(y)\,\Phi(\delta y)^{n-1}, \quad \epsilon = \theta (\eta - 1) < 1,

and grows at :math:`\theta \nu`.

**What follows.** Any trade at all raises long-run growth from :math:`\theta \alpha` to :math:`\theta \alpha n`, and how costly it
is has no effect on growth: it sets the level, both through goods that are not bought where they are cheapest, the static loss, and
through the company that managers keep. Near free trade the second is of second order in the trade cost, because the sellers lost
are hardly better than those who replace them.

**Transition.** The tail grows at its new rate from the first day, and the rest of the costs follow. The path solves the equation
above from the costs of the old regime (:mod:`tradewinds.growth.abl_paths`); that towards autarky is logistic in each good.

**Welfare.** Two balanced growth paths are compared at the same best practice on the day of the change, and each with costs of the
other goods that have settled. They have not: on that day every good costs what it did, and to settle takes decades. Between steady
states a liberalisation may thus look better than it is, because managers have met the better sellers for ever, or worse, because
the costs of an economy that learns slowly are closer together. The gain to read is that with transition; a counterfactual says by
how much the other is off.

All is derived here. The paper was not at hand beyond its abstract; the trade elasticity of 5, and growth of 2 per cent that sets
:math:`\alpha`, are conventions of ours, not its calibration. Its results with asymmetric countries are not covered.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.abl_parameters import LARGEST_SHIFT, AlvarezBueraLucasParameters, levels
from tradewinds.growth.abl_profile import one_thread, sales
from tradewinds.growth.calibration import require_share
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.results import BalancedGrowth, Counterfactual
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import Solution

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "AlvarezBueraLucas", "AlvarezBueraLucasParameters"]


class AlvarezBueraLucas(Mechanism[AlvarezBueraLucasParameters]):
    """Growth by learning from those who sell at home."""

    name = "alvarez-buera-lucas"
    title = "Idea flows"
    variants = ("symmetric",)
    Parameters = AlvarezBueraLucasParameters
    citation_keys = ("alvarez-buera-lucas2013", "grossman-helpman2015")
    provenance = "Derived here; the paper was not at hand beyond its abstract, and its calibration is not used."
    discipline = (
        "Trade elasticity and dispersion of productivity, for theta.",
        "Long-run growth, for the meeting rate times the number of countries that trade.",
        "Productivity of a good after its foreign sellers enter, against goods where they do not, for the link itself.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution")
    autarky: ClassVar[Mapping[str, Any]] = {"trade_cost": np.inf}
    closed_form = False

    def vectorises(self, variant: str) -> bool:
        """Whether arrays of parameters pass: they do, and share a profile where they have trade costs over theta in common."""
        return True

    def balanced_growth(self, p: AlvarezBueraLucasParameters, variant: str) -> dict[str, Any]:
        """Return growth in closed form, and levels from the stationary profile of costs, one a trade cost."""
        speed = p.meeting_rate * p.traders
        growth = p.cost_elasticity * speed
        total, home = levels(p)
        consumption = total ** (1 / (p.elasticity_of_substitution - 1))
        return {
            "growth": growth,
            "innovation": speed,
            "home_share": home,
            "import_share": 1 - home,
            "consumption": consumption,
            "interest_rate": p.discount_rate + growth,
            "lifetime_utility": lifetime_utility(consumption, growth, p.discount_rate),
        }

    def residual(self, values: Mapping[str, Any], p: AlvarezBueraLucasParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module, integrated over costs between points that the solver did not use."""
        profile, n = p.profile(), p.traders
        with one_thread():
            rate, at = p.meeting_rate / values["innovation"], profile.tested
        left = np.exp((1 - p.power) * at.low) / (1 - p.power)
        density = at.weights * np.exp(-p.power * at.x) * rate * at.known  # of sales over ln z, at unit prices
        own = np.sum(density * at.home) + left
        bought = np.sum(density * at.foreign) + (n - 1) * left
        bought *= np.exp(p.power * p.shift)
        sold = values["consumption"] ** (p.elasticity_of_substitution - 1)
        return {
            **profile.misses(rate),
            "best practice": rate * n - 1,  # density of sellers over that of goods, at the lowest cost
            "growth": values["growth"] - p.cost_elasticity * values["innovation"],
            "prices": (own + bought) / sold - 1,
            "home share": own / sold - values["home_share"],
        }

    def conditions(
        self, values: Mapping[str, Any], p: AlvarezBueraLucasParameters, variant: str
    ) -> tuple[Condition, ...]:
        """Require finite consumption."""
        return (
            Condition(
                "tail index",
                np.asarray(p.power) < 1,
                f"consumption is infinite: cost_elasticity * (elasticity_of_substitution - 1) is {p.power} and must be below 1",
            ),
            Condition(
                "profile",
                np.isfinite(values["consumption"]),
                f"no profile of costs is found at a trade_cost of {p.trade_cost}; below infinity it must be at most "
                f"exp({LARGEST_SHIFT:g} * cost_elasticity), beyond which imports are lost in rounding",
            ),
        )

    def exports(self, values: Mapping[str, Any], p: AlvarezBueraLucasParameters, variant: str) -> str:
        """Say what home sells abroad."""
        if p.traders == 1:
            return "nothing"
        return "goods of which it knows a cost below delta times that of any other country"

    def static_consumption(self, baseline: BalancedGrowth, changed: AlvarezBueraLucasParameters) -> Any:
        """Return consumption where every country has the costs of the baseline."""
        before = baseline.parameters
        assert isinstance(before, AlvarezBueraLucasParameters)
        total = sales(before.profile(), changed.traders, changed.shift, changed.power)
        return total ** (1 / (changed.elasticity_of_substitution - 1))

    def transition(
        self,
        baseline: AlvarezBueraLucasParameters | None = None,
        changed: Any = None,
        *,
        variant: str | None = None,
        throw: bool = True,
    ) -> Solution:
        """Return the path of consumption from the costs of the baseline to the changed regime; to autarky if none is given."""
        from tradewinds.growth.abl_paths import solve_path

        chosen = self.variant(variant)
        p = self.admit(baseline, chosen)
        q = self.changed(p, self.autarky if changed is None else changed)
        self.solve(p, variant=chosen)
        regime = "autarky" if changed is None else "counterfactual"
        return solve_path(self, p, q, self.solve(q, variant=chosen, regime=regime).value, throw=throw)

    def counterfactual(
        self, baseline: AlvarezBueraLucasParameters | None = None, changed: Any = None, *, variant: str | None = None
    ) -> Counterfactual:
        """Compare two regimes; where steady states mislead, ``why`` says by how much.

        See :meth:`Mechanism.counterfactual`.

        Examples
        --------
        >>> result = MECHANISM.counterfactual(changed={"trade_cost": 1.0})
        >>> print(result.why)  # doctest: +NORMALIZE_WHITESPACE
        the best of every country are still met, so growth stays; levels move with prices and with who is met; costs take decades to
        settle, so read the gain with transition, 10.14 per cent, and not the 10.49 between steady states
        """
        result = super().counterfactual(baseline, changed, variant=variant)
        steady, whole = result.welfare_steady_state, result.welfare_transition
        if abs(steady - whole) < 0.005:
            return result
        read = (
            f"costs take decades to settle, so read the gain with transition, {whole:.2f} per cent, and not the {steady:.2f} "
            "between steady states"
        )
        return dataclasses.replace(result, why=f"{result.why}; {read}")

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        before, after = baseline.parameters, counterfactual.parameters
        assert isinstance(before, AlvarezBueraLucasParameters)
        assert isinstance(after, AlvarezBueraLucasParameters)
        if after.traders > before.traders:
            return "managers meet the best of more countries, so best practice spreads and growth rises"
        if after.traders < before.traders:
            return "managers meet the best of fewer countries, so growth falls to what they find there"
        if counterfactual.growth == baseline.growth:
            return (
                "the best of every country are still met, so growth stays; levels move with prices and with who is met"
            )
        return (
            "managers meet sellers at another rate, or best practice is worth more: trade itself does not move growth"
        )

    def liberalise(
        self, parameters: AlvarezBueraLucasParameters, home_share: float, *, variant: str | None = None
    ) -> AlvarezBueraLucasParameters:
        """Return parameters with the trade cost at which home spends a given share on its own goods."""
        from scipy.optimize import brentq

        p = self.admit(parameters, self.variant(variant))
        require_share(self.name, home_share)
        if home_share == 1:
            return p.replace(trade_cost=np.inf)

        def at(log_cost: float) -> AlvarezBueraLucasParameters:
            return p.replace(trade_cost=float(np.exp(log_cost)))

        def gap(log_cost: float) -> float:
            point: BalancedGrowth = self.solve(at(log_cost), variant=variant).value
            return point.home_share - home_share

        top = 0.99 * LARGEST_SHIFT * p.cost_elasticity
        low, high = gap(0.0) + home_share, gap(top) + home_share
        if not low <= home_share <= high:
            raise InputError(
                f"{self.name}: no trade cost gives a home share of {home_share}; at the other parameters it lies between "
                f"{low:.4g} (free trade) and {high:.6g}, or is 1 in autarky (trade_cost = inf)"
            )
        return at(float(brentq(gap, 0.0, top, xtol=1e-13, rtol=1e-13)))

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> AlvarezBueraLucasParameters:
        """Return parameters with the facts' growth, home share, trade elasticity (theta is one over it) and interest rate."""
        facts = facts or Facts()
        theta, rho = 1 / facts.trade_elasticity, facts.interest_rate - facts.growth
        if rho <= 0 or theta >= 1 or facts.home_share == 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, the trade elasticity 1, and the home share lie below 1"
            )
        p = self.defaults(self.variant(variant)).replace(
            cost_elasticity=theta,
            discount_rate=rho,
            countries=facts.countries,
            meeting_rate=facts.growth / (theta * facts.countries),
        )
        return self.liberalise(p, facts.home_share, variant=variant)

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says about sources, and what follows for growth and for small trade costs."""
        from tradewinds.growth.abl_claims import claims

        return claims(self)

    def plot(self, parameters: AlvarezBueraLucasParameters | None = None, *, variant: str | None = None) -> Figure:
        """Return whom managers meet, the loss from trade costs, and consumption after trade ends."""
        variant = self.variant(variant)
        p = self.admit(parameters, variant)
        x, costs = np.linspace(-5, 6, 200), np.linspace(1.0, 1.8, 17)
        open_ = p if p.traders > 1 else p.replace(trade_cost=1.25, countries=max(2, p.countries))
        free = self.solve(open_.replace(trade_cost=1.0), variant=variant).value
        swept = self.sweep(open_, variant=variant, trade_cost=costs)["consumption"] / free.consumption
        static = [self.static_consumption(free, open_.replace(trade_cost=c)) / free.consumption for c in costs]
        path = self.transition(open_, variant=variant).value
        with style():
            figure, (left, middle, right) = panels(3, "Trade brings better sellers to learn from", self.citation_keys)
            cases = (("autarky", np.inf), (f"trade cost {open_.trade_cost:.3g}", open_.trade_cost), ("free trade", 1.0))
            for i, (label, cost) in enumerate(cases):
                met = open_.replace(trade_cost=cost).profile().seller_share(x)
                left.plot(x, met, color=COLOURS[i], linestyle=DASHES[i], label=label)
            left.set(title="Sellers met with a lower cost", xlabel="log of scaled cost z", ylabel="share of sellers")
            middle.plot(costs, 100 * (swept - 1), color=COLOURS[0], label="in the long run")
            middle.plot(costs, 100 * (np.array(static) - 1), color=COLOURS[1], linestyle=DASHES[1], label="static")
            middle.set(title="Consumption over free trade", xlabel="trade cost", ylabel="per cent")
            start = self.solve(open_, variant=variant).value
            shown = path.time <= 100
            log_level = np.log(path.paths["consumption"] / start.consumption)
            right.plot(path.time[shown], start.growth * path.time[shown], color=COLOURS[0], label="with trade")
            right.plot(path.time[shown], log_level[shown], color=COLOURS[1], linestyle=DASHES[1], label="trade ends")
            right.set(title="Consumption", xlabel="years", ylabel="log, today with trade = 0")
            for axis in (left, middle, right):
                axis.legend()
        return figure


MECHANISM = AlvarezBueraLucas()
