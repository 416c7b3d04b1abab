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

``closed`` is home alone. Real consumption grows at :math:`\ln\lambda\,\sum_j \sigma_j\iota_j` in both countries that trade. In
``divided`` that sum does not depend on :math:`\sigma`: goods trade alone brings all of the scale effect, because nobody invents
twice what others know; what depends on :math:`\sigma` is who is rich. Levels follow from :math:`C_j = E_j / (P L_j)`,
:math:`E_j = w_j L_j + \rho\,\sigma_j v_j`, :math:`\ln P = \ln\lambda + \sum_j\sigma_j\ln w_j`. There is no transition. When trade
opens, both countries know the same qualities, so opening has no static gain in symmetric countries.

All equations are derived here; the books and papers were not at hand. ``divided`` is a case of our own that keeps goods trade
apart from the flow of ideas. Trade is free or absent: with spending spread evenly over goods, the trade elasticity is zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.parameters import GrowthParameters, parameter
from tradewinds.growth.results import BalancedGrowth
from tradewinds.growth.welfare import lifetime_utility
from tradewinds.plotting import COLOURS, DASHES, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "QualityLadders", "QualityLaddersParameters"]


@dataclass(frozen=True, kw_only=True, eq=False)
class QualityLaddersParameters(GrowthParameters):
    """Parameters of quality ladders; see the equations of the module."""

    quality_step: float = parameter(
        1.25,
        symbol="lambda",
        meaning="quality over that of the last generation; also the mark-up",
        unit="1",
        bounds="(1, inf)",
        source="mark-up of a quarter",
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
        1.0,
        symbol="L_f",
        meaning="workers abroad",
        unit="workers",
        bounds="(0, inf)",
        source="a country of the same size",
    )
    rnd_cost: float = parameter(
        3.52,
        symbol="a",
        meaning="workers who find the next quality of a good at rate one",
        unit="workers times years",
        bounds="(0, inf)",
        source="growth of 2.0 per cent a year with trade at the other defaults",
    )
    trade: int = parameter(
        1,
        symbol="1[trade]",
        meaning="1 if goods trade freely, 0 in autarky",
        unit="1",
        bounds="[0, 1]",
        source="open",
        whole=True,
    )
    home_products: float = parameter(
        0.5, symbol="sigma_h", meaning="share of goods that home leads, in the variant divided", unit="share", bounds="(0, 1)",
        source="half",
    )  # fmt: skip


class QualityLadders(Mechanism[QualityLaddersParameters]):
    """Growth by quality steps in two countries."""

    name = "quality-ladders"
    title = "Quality ladders"
    variants = ("international", "divided", "closed")
    Parameters = QualityLaddersParameters
    citation_keys = ("grossman-helpman1991", "aghion-howitt1992", "grossman-helpman2015")
    provenance = "Derived here; the book and the paper were not at hand. The variant divided is our own."
    discipline = (
        "Mark-ups, or price differences between vintages of a product, for the quality step.",
        "Rates at which the leading seller of a product is replaced, together with growth, for the cost of research.",
        "Patents that improve foreign against domestic patents, to tell international from divided ladders.",
    )
    autarky: ClassVar[Mapping[str, Any]] = {"trade": 0}
    units: ClassVar[Mapping[str, str]] = {
        "product_share": "share of goods led",
        "spending": "world spending on a good = 1",
        "firm_value": "wage of its country = 1",
    }

    def defaults(self, variant: str) -> QualityLaddersParameters:
        """Return the standard calibration; ``closed`` has no trade."""
        return QualityLaddersParameters(trade=0) if variant == "closed" else QualityLaddersParameters()

    def balanced_growth(self, p: QualityLaddersParameters, variant: str) -> dict[str, Any]:
        """Return the closed form of the module, corner included; the last axis is home, foreign."""
        step, rho, cost = (_last(x) for x in (p.quality_step, p.discount_rate, p.rnd_cost))
        labour, share, traded = _labour(p), _shares(p, variant), _last(np.asarray(p.trade) == 1)
        innovation = np.maximum((1 - 1 / step) * labour / (cost * share) - rho / step, 0.0)
        spending_in_wages = step * (labour / share - cost * innovation)  # 1 / w
        wage = 1 / spending_in_wages
        value = (1 - 1 / step) / (rho + innovation) / wage
        spending = wage * (labour + rho * share * value)
        log_prices = np.log(step) + np.where(traded, _world(share * np.log(wage)), np.log(wage))
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
        step, rho, cost, share = p.quality_step, p.discount_rate, p.rnd_cost, values["product_share"]
        innovation, value, spending = values["innovation"], values["firm_value"], values["spending"]
        labour, traded = _labour(p), p.trade == 1
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
        shut = np.asarray(p.trade) == 0
        fine = shut if variant == "closed" else np.ones_like(shut)
        return (
            Condition("trade", fine, "trade is 1, but the variant closed is home alone; use variant = 'international'"),
        )

    def corner(self, values: Mapping[str, Any], p: QualityLaddersParameters, variant: str) -> str:
        """Name the countries without research, and the labour it would take."""
        needed = p.rnd_cost * p.discount_rate / (p.quality_step - 1)
        idle = [c for c, i in zip(("home", "foreign"), values["innovation"], strict=True) if i <= 0]
        if not idle:
            return ""
        return f"no research in {' and '.join(idle)}: labour a good must exceed {needed:.4g}"

    def exports(self, values: Mapping[str, Any], p: QualityLaddersParameters, variant: str) -> str:
        """Say what home sells abroad."""
        return f"the {100 * values['product_share'][0]:.3g} % of goods that it leads" if p.trade else "nothing"

    def static_consumption(self, baseline: BalancedGrowth, changed: QualityLaddersParameters) -> Any:
        """Return consumption with the researchers of the baseline: each country's output is its sales."""
        labour, share = _labour(changed), _shares(changed, baseline.variant)
        made = labour * (1 - baseline.values["rnd_labour_share"])
        if changed.trade == 0:
            return made / labour
        return share / labour * np.prod((made / share) ** share)

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        change = counterfactual.growth - baseline.growth
        if abs(change) < 1e-15:
            return "the labour behind each good is the same, so steps come as often as before"
        if baseline["home_share"][0] == counterfactual["home_share"][0]:
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


def _labour(p: QualityLaddersParameters) -> Any:
    return np.stack(np.broadcast_arrays(np.asarray(p.home_labour, float), np.asarray(p.foreign_labour, float)), axis=-1)


def _shares(p: QualityLaddersParameters, variant: str) -> Any:
    """Return the share of goods that each country leads: by labour, by history, or all of them in autarky."""
    labour = _labour(p)
    home = np.asarray(p.home_products, dtype=float)
    given = np.stack([home, 1 - home], axis=-1) if variant == "divided" else labour / _world(labour)
    return np.where(_last(np.asarray(p.trade) == 1), given, np.ones_like(labour))


MECHANISM = QualityLadders()
