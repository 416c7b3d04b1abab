r"""Quality ladders: growth by better products, each step built on the last, wherever that was made.

Grossman and Helpman (1991, ch. 4 and 7) and Aghion and Howitt (1992). A continuum of goods of measure one; utility is
logarithmic and a quality step is worth :math:`\lambda` times the last. Home and foreign have labour
:math:`L_j` and the same technology;
:math:`\sigma_j` is the share of goods whose newest quality a country makes. One worker makes one unit of any quality;
:math:`a\iota` researchers on a good find its next quality at rate :math:`\iota`.

**Equilibrium.** World spending on each good is 1 (numeraire), wages are :math:`w_j`. The newest firm charges
:math:`\lambda w_j`, so that the last one cannot sell:

.. math::
    \pi &= 1 - 1/\lambda && \text{profit} \\
    v_j &= a\,w_j \quad (\text{or less, if } \iota_j = 0) && \text{free entry} \\
    \frac{\pi}{v_j} - \iota_j &= \rho && \text{no arbitrage: a firm lasts until the next step} \\
    \sigma_j\left(a\,\iota_j + \frac{1}{\lambda w_j}\right) &= L_j && \text{labour}

Solving,

.. math:: \iota_j = \left(1 - \frac1\lambda\right)\frac{L_j}{a\,\sigma_j} - \frac{\rho}{\lambda} ,

or zero if that is negative. In autarky each country makes every good, :math:`\sigma_j = 1`. With trade,

* ``international``: a laboratory improves any good, whoever makes it. Wages are equal and goods are led in proportion to labour,
  :math:`\sigma_j = L_j / (L_h + L_f)`, so :math:`\iota` is that of one country with the labour of both;
* ``divided``: ideas stay at home, so that a laboratory improves goods of its own country only; :math:`\sigma_j` is history (the
  parameter ``home_products``). Wages differ, and a country with few goods a worker improves each faster.

* ``costly-trade``: goods are imperfect substitutes (CES, elasticity :math:`\epsilon`), so that the newest firm charges
  :math:`\epsilon/(\epsilon - 1)` over cost (the last one leaves: a fee however small keeps it out), and goods travel at an
  iceberg cost :math:`\tau`. A laboratory anywhere improves any good; the next step of a good of quality :math:`q` takes
  :math:`a (\lambda q)^{\epsilon - 1} / Q` researchers, :math:`Q` the mean of :math:`q^{\epsilon - 1}`, so that all goods are alike.
  With :math:`\iota = I \lambda^{1 - \epsilon}` the rate at which a firm is replaced, and its sales shrinking against the
  mean besides,

  .. math::
      \frac{w_j X_j}{\epsilon - 1} = a\,w_j\,\sigma_j (I + \rho), \qquad L_j = \sigma_j a I + X_j
      \quad\Rightarrow\quad \sigma_j = \frac{L_j}{L_h + L_f}, \qquad I = \frac{(L_h + L_f)/a - (\epsilon - 1)\rho}{\epsilon} ,

  and consumption grows at :math:`I (1 - \lambda^{1 - \epsilon}) / (\epsilon - 1)`. Profit is a part of the wage bill wherever a
  good is sold, so **the trade cost is neutral for growth, between countries of any size**; it moves wages
  (:func:`tradewinds.growth.gravity.wage_of_two`), home shares and levels. With :math:`\epsilon \to 1` and limit prices this is
  ``international``.

``closed`` is home alone. Real consumption grows at :math:`\ln\lambda\,\sum_j \sigma_j\iota_j` in both countries that trade. In
``divided`` that sum does not depend on :math:`\sigma`: goods trade alone brings all of the scale effect, because nobody invents
twice what others know; what depends on :math:`\sigma` is who is rich. Levels follow from :math:`C_j = E_j / (P_j L_j)`,
:math:`E_j = w_j L_j + \rho\,\sigma_j v_j`, :math:`\ln P_j = \ln\lambda + \sum_i\sigma_i\ln(w_i \tau_{ij})`. There is no transition:
with goods led in proportion to labour, or by history, no stock has to adjust, and off the path free entry and the labour market
give :math:`\hat w_j = \rho + L_j / (a\sigma_j) - 1 / (a w_j)`, which explodes from anywhere but its rest. When trade
opens, both countries know the same qualities, so opening has no static gain in symmetric countries.

In ``divided`` a border cost is neutral too: firm and rival pay it alike, the mark-up stays :math:`\lambda`, and imports cost
:math:`\tau` times as much. Home shares do not move, as spending is spread evenly over goods. In ``international`` the rival next
door does not pay it, so trade is free there or absent.

All equations are derived here; the books and papers were not at hand. ``divided`` is a case of our own that keeps goods trade
apart from the flow of ideas, ``costly-trade`` one that gives the ladder a trade elasticity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.calibration import trade_cost_of
from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.quality_parameters import QualityLaddersParameters
from tradewinds.growth.quality_trade import costly, costly_consumption, costly_residual, labour_of
from tradewinds.growth.results import BalancedGrowth
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "QualityLadders", "QualityLaddersParameters"]


class QualityLadders(Mechanism[QualityLaddersParameters]):
    """Growth by quality steps in two countries."""

    name = "quality-ladders"
    title = "Quality ladders"
    variants = ("international", "divided", "closed", "costly-trade")
    Parameters = QualityLaddersParameters
    citation_keys = ("grossman-helpman1991", "aghion-howitt1992", "grossman-helpman2015")
    provenance = "Derived here; the book and the paper were not at hand. The variant divided is our own."
    discipline = (
        "Mark-ups, or price differences between vintages of a product, for the quality step.",
        "Rates at which the leading seller of a product is replaced, together with growth, for the cost of research.",
        "Patents that improve foreign against domestic patents, to tell international from divided ladders.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution")
    autarky: ClassVar[Mapping[str, Any]] = {"trade": 0}
    units: ClassVar[Mapping[str, str]] = {
        "product_share": "share of goods led",
        "spending": "world spending on a good = 1",
        "firm_value": "wage of its country = 1",
    }

    def defaults(self, variant: str) -> QualityLaddersParameters:
        """Return the standard calibration; ``closed`` has no trade, ``costly-trade`` a border cost and the same growth."""
        if variant == "costly-trade":
            p = QualityLaddersParameters(trade_cost=1.5)
            return p.replace(rnd_cost=_cost(p, 0.02, 2.0))
        return QualityLaddersParameters(trade=0) if variant == "closed" else QualityLaddersParameters()

    def balanced_growth(self, p: QualityLaddersParameters, variant: str) -> dict[str, Any]:
        """Return the closed form of the module, corner included; the last axis is home, foreign."""
        if variant == "costly-trade":
            return costly(p)
        step, rho, cost = (_last(x) for x in (p.quality_step, p.discount_rate, p.rnd_cost))
        labour, share, traded = labour_of(p), _shares(p, variant), _last(np.asarray(p.trade) == 1)
        innovation = np.maximum((1 - 1 / step) * labour / (cost * share) - rho / step, 0.0)
        spending_in_wages = step * (labour / share - cost * innovation)  # 1 / w
        wage = 1 / spending_in_wages
        value = (1 - 1 / step) / (rho + innovation) / wage
        spending = wage * (labour + rho * share * value)
        with np.errstate(invalid="ignore"):  # a closed border: nothing to buy from abroad, and no price of it
            border = np.nan_to_num((1 - share) * np.log(_last(p.trade_cost)))
        log_prices = np.log(step) + np.where(traded, _world(share * np.log(wage)) + border, np.log(wage))
        consumption = spending / labour * np.exp(-log_prices)
        growth = np.log(step) * np.where(traded, _world(share * innovation), innovation)
        home_share = np.where(traded, share, np.ones_like(share))
        return {
            "growth": growth,
            "innovation": innovation,
            "home_share": home_share,
            "import_share": 1 - home_share,
            "consumption": consumption,
            "interest_rate": _last(p.discount_rate) + growth,
            "rnd_labour_share": share * cost * innovation / labour,
            "product_share": share,
            "wage": wage / wage[..., :1],
            "spending": spending,
            "firm_value": value,
            "lifetime_utility": lifetime_utility(consumption, growth, _last(p.discount_rate)),
        }

    def residual(self, values: Mapping[str, Any], p: QualityLaddersParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point; the wage level is that of budgets."""
        if variant == "costly-trade":
            return costly_residual(values, p)
        step, rho, cost, share = p.quality_step, p.discount_rate, p.rnd_cost, values["product_share"]
        innovation, value, spending = values["innovation"], values["firm_value"], values["spending"]
        labour, traded = labour_of(p), p.trade == 1
        wage = spending / (labour + rho * share * value)
        made = share / (step * wage)
        world = np.sum(spending) if traded else spending
        return {
            "labour market": (share * cost * innovation + made) / labour - 1,
            "free entry": np.minimum(innovation, 1 - value / cost),
            "no arbitrage": (1 - 1 / step) / (value * wage) - innovation - rho,
            "spending on a good": world - 1,
            "wages": wage / wage[..., :1] - values["wage"],
            "research": share * cost * innovation / labour - values["rnd_labour_share"],
        }

    def conditions(self, values: Mapping[str, Any], p: QualityLaddersParameters, variant: str) -> tuple[Condition, ...]:
        """Require that a closed country does not trade."""
        shut, cost = np.asarray(p.trade) == 0, np.asarray(p.trade_cost, dtype=float)
        free, finite = shut | (cost == 1), shut | np.isfinite(cost)
        fine = {"closed": shut, "international": free, "divided": finite}.get(variant, np.ones_like(shut))
        message = {
            "closed": "trade is 1, but the variant closed is home alone; use variant = 'international'",
            "international": "trade_cost is above 1, but with limit prices and laboratories everywhere goods are free to move or "
            "not at all: use variant = 'costly-trade' or 'divided', or trade = 0",
            "divided": "trade_cost is infinite, but each country knows its own goods alone and lacks the others; use trade = 0",
        }
        return (Condition("trade", fine, message.get(variant, "")),)

    def closing(self, variant: str) -> Mapping[str, Any]:
        """Return the change that closes the economy to goods: with a border cost ideas go on to flow, and growth stays."""
        return {"trade_cost": math.inf} if variant == "costly-trade" else self.autarky

    def corner(self, values: Mapping[str, Any], p: QualityLaddersParameters, variant: str) -> str:
        """Name the countries without research, and the labour it would take."""
        costly_trade = variant == "costly-trade"
        margin = 1 / (p.elasticity_of_substitution - 1) if costly_trade else p.quality_step - 1
        needed = p.rnd_cost * p.discount_rate / margin
        idle = [c for c, i in zip(("home", "foreign"), values["innovation"], strict=True) if i <= 0]
        if not idle:
            return ""
        what = ("labour of the world" if p.trade else "its labour") if costly_trade else "labour a good"
        return f"no research in {' and '.join(idle)}: {what} must exceed {needed:.4g}"

    def exports(self, values: Mapping[str, Any], p: QualityLaddersParameters, variant: str) -> str:
        """Say what home sells abroad."""
        if not p.trade or np.isinf(p.trade_cost):
            return "nothing"
        return f"the {100 * values['product_share'][0]:.3g} % of goods that it leads"

    def static_consumption(self, baseline: BalancedGrowth, changed: QualityLaddersParameters) -> Any:
        """Return consumption with the researchers of the baseline: each country's output is its sales."""
        if baseline.variant == "costly-trade":
            return costly_consumption(changed, baseline.values["rnd_labour_share"])
        labour, share = labour_of(changed), _shares(changed, baseline.variant)
        made = labour * (1 - baseline.values["rnd_labour_share"])
        if changed.trade == 0:
            return made / labour
        return share / labour * np.prod((made / share) ** share) * float(changed.trade_cost) ** (share - 1)

    def liberalise(self, parameters: Any, home_share: float, *, variant: str | None = None) -> QualityLaddersParameters:
        """Return parameters with the trade cost at which home spends a given share on its own goods.

        Raises
        ------
        InputError
            But for the variant ``costly-trade``: elsewhere spending is spread evenly over goods whatever they cost.
        """
        chosen = self.variant(variant)
        if chosen != "costly-trade":
            raise InputError(
                f"{self.name} ({chosen}): no trade cost gives a home share, as spending is spread evenly over goods whatever they "
                "cost. Use variant = 'costly-trade', or change trade to 0 or 1"
            )
        found: QualityLaddersParameters = trade_cost_of(self, self.admit(parameters, chosen), home_share, chosen)
        return found

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        change = counterfactual.growth - baseline.growth
        if abs(change) < 1e-15:
            before, after = baseline.parameters.items()["trade_cost"], counterfactual.parameters.items()["trade_cost"]
            if before != after:
                return "what firms lose to foreign rivals at home they gain abroad: wages and levels move, steps come as before"
            return "the labour behind each good is the same, so steps come as often as before"
        p, q = baseline.parameters.items(), counterfactual.parameters.items()
        if p["trade"] == q["trade"]:
            before, after = (x["home_labour"] + x["trade"] * x["foreign_labour"] for x in (p, q))
            if (after - before) * change > 0:
                more = "more" if change > 0 else "less"
                return f"each good has {more} labour behind it, so steps come {more} often"
            return "the reward of a quality step, or its cost, moved"
        return (
            "each good has the labour of a larger world behind it, so steps come more often"
            if change > 0
            else "each country has to improve every good alone, so steps come less often"
        )

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> QualityLaddersParameters:
        """Return parameters with the facts' growth, interest rate and home share; the trade elasticity is zero here."""
        facts, variant = facts or Facts(), self.variant(variant)
        base, rho = self.defaults(variant), facts.interest_rate - facts.growth
        if rho <= 0 or not 0 < facts.home_share < 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, and the home share be between 0 and 1"
            )
        if variant == "costly-trade":
            p = base.replace(discount_rate=rho, elasticity_of_substitution=1 + facts.trade_elasticity)
            p = p.replace(rnd_cost=_cost(p, facts.growth, p.home_labour + p.foreign_labour))
            return self.liberalise(p, facts.home_share, variant=variant)
        step = base.quality_step
        foreign = base.home_labour * (1 / facts.home_share - 1)
        world = base.home_labour + (foreign if base.trade else 0.0)
        cost = (1 - 1 / step) * world / (facts.growth / np.log(step) + rho / step)
        return base.replace(
            discount_rate=rho, foreign_labour=foreign, rnd_cost=float(cost), home_products=facts.home_share
        )

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says about upgrading that builds on research in all countries."""
        sizes = np.linspace(0.1, 3, 30)
        opened, closed = self.sweep(foreign_labour=sizes), self.sweep(foreign_labour=sizes, trade=0)
        parted = self.sweep(variant="divided", home_products=np.linspace(0.2, 0.8, 13))
        alone = self.solve(regime="autarky").value
        return (
            grade(
                "upgrading-on-world-research",
                "Where quality upgrading builds on research successes in all countries, growth accelerates in all of them.",
                f"{SURVEY}, section I",
                within=np.ravel(opened["growth"] > closed["growth"]),
                numbers={
                    "growth, alone": alone.growth,
                    "growth, international": self.solve().value.growth,
                    "innovation, alone": alone.home("innovation"),
                    "innovation, international": self.solve().value.home("innovation"),
                },
                explanation="The labour of both countries stands behind each good, whatever their sizes.",
            ),
            grade(
                "larger-stage",
                "A larger stage on which to exploit ideas tends to boost the incentive to acquire knowledge.",
                f"{SURVEY}, section II",
                within=np.ravel(parted["growth"] > alone.growth),
                numbers={
                    "growth, alone": alone.growth,
                    "growth, goods trade only": float(parted["growth"][0, 0]),
                    "wage abroad, home leads 80 % of goods": float(parted["wage"][-1, 1]),
                },
                explanation="Even where ideas stay at home: trade ends the duplication of research on the same good. In variety "
                "expansion, where nobody duplicates, goods trade is neutral.",
            ),
        )

    def plot(self, parameters: QualityLaddersParameters | None = None, *, variant: str | None = None) -> Figure:
        """Return growth against the size of the partner, and against the quality step."""
        variant = self.variant(variant)
        p = self.admit(parameters, variant)
        sizes, steps = np.linspace(0.05, 3, 90), np.linspace(1.02, 1.6, 90)
        lines = {"alone": p.replace(trade=0)} | ({} if variant == "closed" else {"with trade": p.replace(trade=1)})
        with style():
            figure, (left, right) = panels(2, "Steps come faster in a larger world", self.citation_keys)
            figure.set_size_inches(9, 4.2)
            for i, (label, q) in enumerate(lines.items()):
                look: dict[str, Any] = {"color": COLOURS[i], "linestyle": DASHES[i], "label": label}
                by_size = self.sweep(q, variant=variant, foreign_labour=sizes * p.home_labour)["growth"][:, 0]
                left.plot(sizes, 100 * by_size, **look)
                right.plot(steps, 100 * self.sweep(q, variant=variant, quality_step=steps)["growth"][:, 0], **look)
            left.set(
                title="Growth at home", xlabel="foreign labour over home's", ylabel="per cent a year", ylim=(0, None)
            )
            right.set(title="Growth at home", xlabel="quality step", ylabel="per cent a year", ylim=(0, None))
            left.legend()
        return figure


def _last(value: Any) -> Any:
    """Return values of the world with a last axis of length one, to meet those of countries."""
    return np.asarray(value)[..., np.newaxis]


def _world(values: Any) -> Any:
    """Return the sum over countries, with a last axis of length one."""
    return np.sum(values, axis=-1, keepdims=True)


def _shares(p: QualityLaddersParameters, variant: str) -> Any:
    """Return the share of goods that each country leads: by labour, by history, or all of them in autarky."""
    labour = labour_of(p)
    home = np.asarray(p.home_products, dtype=float)
    given = np.stack([home, 1 - home], axis=-1) if variant == "divided" else labour / _world(labour)
    return np.where(_last(np.asarray(p.trade) == 1), given, np.ones_like(labour))


def _cost(p: QualityLaddersParameters, growth: float, world: float) -> float:
    """Return the cost of research at which consumption grows at a rate in ``costly-trade``."""
    power = p.elasticity_of_substitution - 1
    innovation = growth * power / (1 - p.quality_step**-power)
    return world / (p.elasticity_of_substitution * innovation + power * p.discount_rate)


MECHANISM = QualityLadders()
