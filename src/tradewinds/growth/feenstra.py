r"""Uneven growth without spillovers: the gap in innovation widens with trade, if capital moves and not otherwise.

Feenstra (1996). Two countries make varieties (one CES sector, elasticity :math:`\sigma`) with labour; a blueprint takes
:math:`a_i/n_i` workers: knowledge is a country's own varieties. Alone, each grows at

.. math:: g_i^{aut} = \frac{L_i/a_i - (\sigma - 1)\rho}{\sigma} .

**Trade.** Varieties travel at an iceberg cost :math:`\tau`, :math:`\phi = \tau^{1-\sigma}`. With :math:`\theta_i` the share of
world sales, world spending as numeraire and :math:`X_i = L_i - a_i g_i` workers in production,

.. math::
    \tfrac{\sigma}{\sigma-1}\,w_i X_i = \theta_i, \qquad
    r_i = \frac{X_i}{(\sigma - 1) a_i} + \hat w_i - g_i .

Profit is :math:`w_i X_i / (\sigma - 1)` wherever a variety is sold, so trade costs are in neither equation: they move
:math:`\theta_i`, and through it wages.

``capital-mobility``: :math:`r_i = \rho` in both. Let A grow faster. B's share of sales vanishes, and whatever :math:`\tau` B lives
from A's market, where it sells :math:`n_B w_B^{1-\sigma}` against :math:`n_A w_A^{1-\sigma}`. In the long run
:math:`\hat w_A = 0` and :math:`\hat w_B = -(g_A - g_B)/\sigma`, so that

.. math:: g_A = g_A^{aut}, \qquad g_B = \frac{\sigma^2 g_B^{aut} - (\sigma - 1) g_A}{\sigma^2 - \sigma + 1} < g_B^{aut}

or, if that is negative, the corner :math:`g_B = 0`, where a firm is worth less than it costs. **The trade cost is neutral for
innovation in the long run**, but not on the way. A's new varieties push down what B's sell for; who invents in B foresees that
loss and invents less. Profit per unit of cost is *higher* in B than in autarky; it is the fall of its wage, and with it of the
value of a firm, that discourages research.

``financial-autarky``: trade balances at each date and spending of each country grows at :math:`r_i - \rho`. Then
:math:`\hat X_i = \sigma X_i/((\sigma-1)a_i) - L_i/a_i - \rho`, so that :math:`X_i` is constant and **both innovate exactly as in
autarky**, at any trade cost and date: the capital market decides the sign.

**The path** (:mod:`tradewinds.growth.rivalry`, :mod:`tradewinds.growth.rivalry_paths`) keeps the complementarity
:math:`0 \le g_i \perp v_i n_i \le a_i w_i`: research may stop in a country on the way, for a time or for ever.

**Consumption.** All of it falls in price with A's varieties. With mobile capital both countries' consumption grows at
:math:`g_A/(\sigma-1)` in the long run, since B lent while its wages were high; with balanced trade B's grows at
:math:`g_A/(\sigma-1) - (g_A-g_B)/\sigma`. ``output_growth`` is that of real sales.

**Levels** of a long run, home shares among them, are those of time 0 with balanced trade and the researchers of the long run.
``welfare_transition`` compares whole paths from ``home_varieties``, with assets: every country owns its firms at time 0.

The long run, both closures, trade costs and the path are derived here; the article was not at hand. The survey's case with several
industries is a claim of :mod:`~tradewinds.growth.national_spillovers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.calibration import trade_cost_of
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import ADVICE, Facts
from tradewinds.growth.feenstra_paths import balanced_trade, impact, last, mobile_capital, still, trading
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.parameters import GrowthParameters, parameter
from tradewinds.growth.results import BalancedGrowth, Transition
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "Feenstra", "FeenstraParameters"]

#: Largest residual of a path: the equations between its dates, and the world's budget.
PATH_TOLERANCE = 1e-7


@dataclass(frozen=True, kw_only=True, eq=False)
class FeenstraParameters(GrowthParameters):
    """Parameters of uneven growth; see the equations of the module."""

    elasticity_of_substitution: float = parameter(
        4.0,
        symbol="sigma",
        meaning="elasticity of substitution between varieties",
        unit="1",
        bounds="(1, inf)",
        source="mark-up of a third, inside the usual range of 20 to 50 per cent",
    )
    discount_rate: float = parameter(
        0.03,
        symbol="rho",
        meaning="rate at which households discount utility",
        unit="a year",
        bounds="(0, inf)",
        source="with growth of 2 per cent, a real interest rate of 5 per cent",
    )
    home_labour: float = parameter(
        1.0,
        symbol="L_h",
        meaning="workers at home",
        unit="workers",
        bounds="(0, inf)",
        source="normalisation",
    )
    foreign_labour: float = parameter(
        0.8,
        symbol="L_f",
        meaning="workers abroad",
        unit="workers",
        bounds="(0, inf)",
        source="a somewhat smaller country",
    )
    home_rnd_cost: float = parameter(
        1 / 0.33,
        symbol="a_h",
        meaning="workers a blueprint takes at home, per unit of knowledge",
        unit="workers",
        bounds="(0, inf)",
        source="growth of consumption of 2 per cent a year in autarky",
    )
    foreign_rnd_cost: float = parameter(
        1 / 0.33,
        symbol="a_f",
        meaning="workers a blueprint takes abroad, per unit of knowledge",
        unit="workers",
        bounds="(0, inf)",
        source="as at home",
    )
    home_varieties: float = parameter(
        0.5,
        symbol="n_h",
        meaning="home's share of the varieties of the world at time 0",
        unit="share",
        bounds="(0, 1)",
        source="no head start",
    )
    trade_cost: float = parameter(
        1.0,
        symbol="tau",
        meaning="units shipped for one to arrive, if goods trade; inf closes the border",
        unit="1",
        bounds="[1, inf]",
        source="free trade, as in the article",
    )
    trade: int = parameter(
        1, symbol="1[trade]", meaning="1 if goods trade, 0 in autarky", unit="1", bounds="[0, 1]", source="open", whole=True,
    )  # fmt: skip

    @property
    def labour(self) -> Any:
        """Workers, home and foreign on the last axis."""
        return pair(self.home_labour, self.foreign_labour)

    @property
    def rnd_cost(self) -> Any:
        """Cost of a blueprint, home and foreign on the last axis."""
        return pair(self.home_rnd_cost, self.foreign_rnd_cost)

    @property
    def varieties(self) -> Any:
        """Varieties at time 0, home and foreign on the last axis; they sum to one."""
        home = np.asarray(self.home_varieties, dtype=float)
        return pair(home, 1 - home)


class Feenstra(Mechanism[FeenstraParameters]):
    """Two countries without spillovers, with capital that moves or not."""

    name = "feenstra"
    title = "Uneven growth without spillovers"
    variants = ("capital-mobility", "financial-autarky")
    Parameters = FeenstraParameters
    citation_keys = ("feenstra1996", "grossman-helpman2015")
    provenance = "Long run, both closures and the path derived here; the article was not at hand."
    discipline = (
        "Product counts or patents by country, before and after an opening, for rates of innovation.",
        "Relative export prices of slow growers, which should fall.",
        "Net foreign assets and real interest rates by country, to tell the two closures apart.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution")
    autarky: ClassVar[Mapping[str, Any]] = {"trade": 0}
    units: ClassVar[Mapping[str, str]] = {
        "varieties": "share of the world's varieties, at time 0",
        "output_growth": "a year",
        "wage_growth": "a year, world spending being one",
    }

    def balanced_growth(self, p: FeenstraParameters, variant: str) -> dict[str, Any]:
        """Return the long run of the module, corners included; last axis home, foreign."""
        sigma, rho = last(p.elasticity_of_substitution), last(p.discount_rate)
        alone = np.maximum((p.labour / p.rnd_cost - (sigma - 1) * rho) / sigma, 0.0)
        traded = last(trading(p))
        innovation = np.where(traded, self._traded(p, variant, alone), alone)
        made = p.labour - p.rnd_cost * innovation
        fastest = np.max(innovation, axis=-1, keepdims=True)
        falling = -(fastest - innovation) / sigma
        output = np.where(traded, fastest / (sigma - 1) + falling, innovation / (sigma - 1))
        shared = variant == "capital-mobility"
        growth = np.where(traded, fastest / (sigma - 1) + (0 if shared else falling), innovation / (sigma - 1))
        consumption, share, wage = impact(p, made)
        return {
            "growth": growth,
            "innovation": innovation,
            "output_growth": output,
            "home_share": share,
            "import_share": 1 - share,
            "consumption": consumption,
            "varieties": p.varieties + 0 * innovation,
            "interest_rate": rho + growth,
            "rnd_labour_share": p.rnd_cost * innovation / p.labour,
            "wage": wage,
            "wage_growth": np.where(traded, falling, 0 * falling),
            "lifetime_utility": lifetime_utility(consumption, growth, rho),
        }

    def _traded(self, p: FeenstraParameters, variant: str, alone: Any) -> Any:
        """Return rates of innovation with trade: the faster country's is that of autarky."""
        if variant == "financial-autarky":
            return alone
        sigma, rho = last(p.elasticity_of_substitution), last(p.discount_rate)
        wanted = (p.labour / p.rnd_cost - (sigma - 1) * rho) / sigma  # may be negative
        fastest = np.max(alone, axis=-1, keepdims=True)
        slow = np.maximum((sigma**2 * wanted - (sigma - 1) * fastest) / (sigma**2 - sigma + 1), 0.0)
        return np.where(wanted >= np.max(wanted, axis=-1, keepdims=True), fastest, slow)

    def residual(self, values: Mapping[str, Any], p: FeenstraParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point."""
        sigma, rho, g = p.elasticity_of_substitution, p.discount_rate, values["innovation"]
        made = p.labour * (1 - values["rnd_labour_share"])
        # with balanced trade a country's interest rate in world spending is rho plus growth of its spending, that is of its wage
        earned = made / ((sigma - 1) * p.rnd_cost) + values["wage_growth"] - g
        asked = rho + (values["wage_growth"] if variant == "financial-autarky" else 0.0)
        open_ = bool(trading(p))
        falling = g / sigma - np.max(g) / sigma if open_ else 0 * g
        own = p.varieties * values["wage"] ** (1 - sigma)
        freeness = float(p.trade_cost) ** (1 - sigma) if open_ else 0.0
        income = values["wage"] * made
        market = own + freeness * own[::-1]
        sold = own * (income / market + freeness * (income / market)[::-1])
        entry = earned - asked
        return {
            "labour": made + p.rnd_cost * g - p.labour,
            "no arbitrage": np.where(g > 0, entry, np.minimum(g, -entry)),
            "wages in the long run": values["wage_growth"] - falling,
            "trade balance": sold / income - 1 if open_ else np.zeros(2),
            "home share": values["home_share"] - own / market,
        }

    def corner(self, values: Mapping[str, Any], p: FeenstraParameters, variant: str) -> str:
        """Name countries without research."""
        g = values["innovation"]
        idle = [c for c, x in zip(("home", "foreign"), g, strict=True) if x <= 0]
        if not idle:
            return ""
        sigma, rho, fastest = p.elasticity_of_substitution, p.discount_rate, float(np.max(g))
        bound = (sigma - 1) * (rho + (fastest / sigma if variant == "capital-mobility" and trading(p) else 0.0))
        return f"no research in {' and '.join(idle)} in the long run: labour over rnd_cost must exceed {bound:.4g}"

    def exports(self, values: Mapping[str, Any], p: FeenstraParameters, variant: str) -> str:
        """Say what home sells abroad."""
        return "its own varieties, in exchange for others" if trading(p) else "nothing"

    def static_consumption(self, baseline: BalancedGrowth, changed: FeenstraParameters) -> Any:
        """Return consumption at time 0 with the researchers that the baseline has then; trade balances."""
        p: Any = baseline.parameters
        research = self.path(p, variant=baseline.variant).value.paths["rnd_labour_share"][0] * p.labour
        return impact(changed, changed.labour - research)[0]

    def static_gain(self, baseline: BalancedGrowth, changed: FeenstraParameters) -> float:
        """Return what home gains at time 0 with given researchers and balanced trade."""
        p: Any = baseline.parameters
        now = self.static_consumption(baseline, p)[0]
        return float(100 * (self.static_consumption(baseline, changed)[0] / now - 1))

    def with_transition(self, before: BalancedGrowth, after: BalancedGrowth) -> tuple[Any, Transition | None]:
        """Compare the paths of both regimes from the same day."""
        p, q = before.parameters, after.parameters
        old, new = (self.path(x, variant=before.variant).value for x in (p, q))  # type: ignore[arg-type]
        return self.equivalent(new.lifetime_utility, old.lifetime_utility, p), new  # type: ignore[arg-type]

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        before, after = baseline["innovation"], counterfactual["innovation"]
        if np.allclose(before, after, rtol=0, atol=1e-14):
            return "nobody's innovation moves; consumption grows with the varieties of the faster country where goods trade"
        slower = "foreign" if after[1] < after[0] else "home"
        return f"the faster country's varieties push down the prices of {slower}, which foresees it and invents less"

    def transition(
        self, baseline: Any = None, changed: Any = None, *, variant: str | None = None, throw: bool = True
    ) -> Solution:
        """Return the path of the changed regime from the varieties of time 0."""
        p = self.admit(baseline, self.variant(variant))
        return self.path(self.changed(p, self.autarky if changed is None else changed), variant=variant, throw=throw)

    def path(self, p: FeenstraParameters, *, variant: str | None = None, throw: bool = True) -> Solution:
        """Return the path of a regime from time 0, as a Solution around a Transition."""
        chosen = self.variant(variant)
        end: BalancedGrowth = self.solve(p, variant=chosen, regime="counterfactual").value
        gap, opened = abs(float(np.diff(end["innovation"])[0])), bool(trading(p))
        what = f"transition of feenstra ({chosen})"
        if chosen == "capital-mobility" and opened and gap >= 1e-12:
            path, residual = mobile_capital(p, end)
            return judge(
                path,
                lambda _: residual(),
                tolerance=PATH_TOLERANCE,
                iterations=0,
                what=what,
                advice=ADVICE,
                throw=throw,
            )
        path = balanced_trade(p, end) if chosen == "financial-autarky" and opened else still(p, end)
        return judge(path, _start_gap, tolerance=PATH_TOLERANCE, iterations=0, what=what, advice=ADVICE, throw=throw)

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> FeenstraParameters:
        """Return parameters with the facts' growth, trade elasticity, interest rate, and home share at time 0."""
        facts = facts or Facts()
        sigma, rho = 1 + facts.trade_elasticity, facts.interest_rate - facts.growth
        if rho <= 0 or not 0 < facts.home_share < 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, and the home share be between 0 and 1"
            )
        base = FeenstraParameters()
        cost = base.home_labour / (sigma * facts.growth * (sigma - 1) + (sigma - 1) * rho)
        p = base.replace(elasticity_of_substitution=sigma, discount_rate=rho, home_rnd_cost=cost, foreign_rnd_cost=cost)
        return trade_cost_of(self, p, facts.home_share, self.variant(variant))

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says about the gap between innovation rates, and about profitability."""
        from tradewinds.growth.feenstra_claims import claims

        return claims(self)

    def plot(self, parameters: Any = None, *, variant: str | None = None) -> Figure:
        """Return rates of innovation on the way, under autarky and trade, wages, and consumption."""
        chosen = self.variant(variant)
        p = self.admit(parameters, chosen)
        opened, closed = (self.path(p.replace(trade=x), variant=chosen).value for x in (1, 0))
        with style():
            figure, axes = panels(3, f"Uneven growth without spillovers ({chosen})", self.citation_keys)
            for k, (regime, path) in enumerate((("trade", opened), ("autarky", closed))):
                for i, country in enumerate(("home", "foreign")):
                    look: dict[str, Any] = {
                        "color": COLOURS[i + 1],
                        "linestyle": DASHES[k],
                        "label": f"{country}, {regime}",
                    }
                    axes[0].plot(path.time, 100 * path.paths["innovation"][:, i], **look)
                    axes[2].plot(path.time, np.log(path.paths["consumption"][:, i]), **look)
            axes[1].plot(opened.time, opened.paths["wage"][:, 1], color=COLOURS[2])
            axes[0].set(title="Growth of varieties", xlabel="years", ylabel="per cent a year", xlim=(0, 150))
            axes[1].set(title="Foreign wage", xlabel="years", ylabel="home wage = 1", xlim=(0, 150), ylim=(0, None))
            axes[2].set(title="Consumption a head", xlabel="years", ylabel="logarithm", xlim=(0, 150))
            shown = np.log(np.concatenate([x.paths["consumption"][x.time <= 150].ravel() for x in (opened, closed)]))
            axes[2].set_ylim(np.min(shown) - 0.1, np.max(shown) + 0.1)
            axes[0].legend(fontsize=7.5)
            axes[2].legend(fontsize=7.5)
        return figure


def _start_gap(path: Transition) -> Any:
    """Return consumption and innovation of an explicit path at time 0 against the long run that it comes from."""
    end = path.end
    return np.concatenate(
        [path.paths["consumption"][0] / end["consumption"] - 1, path.paths["innovation"][0] - end["innovation"]]
    )


def pair(home: Any, foreign: Any) -> Any:
    """Return home and foreign on a last axis."""
    return np.stack(np.broadcast_arrays(np.asarray(home, float), np.asarray(foreign, float)), axis=-1)


MECHANISM = Feenstra()
