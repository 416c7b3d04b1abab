r"""Gains from variety: the widget example of Melitz and Trefler (2012), and Krugman's (1980) market that chooses among its plans.

K identical countries of L workers; a variety takes F workers before its first unit and a fixed number for each unit. A country that
makes m varieties has :math:`L - mF` workers left to make units. With trade each variety is made in one country and consumed in all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.firms.numbers import Definition, number, positive, whole
from tradewinds.firms.results import FirmResult, Quantity, label
from tradewinds.plotting import COLOURS, MARKERS, add_source, style
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["DEFINITIONS", "Plan", "WidgetParameters", "WidgetResult", "solve_widgets"]

#: Public name -> definition.
DEFINITIONS: Mapping[str, Definition] = {
    "labour": Definition("L", "workers of a country", "workers", "above 0, finite", "Melitz and Trefler (2012), p. 95"),
    "overhead": Definition("F", "workers that a variety takes before its first unit", "workers", "above 0, below labour",
                           "Melitz and Trefler (2012), p. 95"),
    "unit_labour": Definition("a", "workers a unit", "workers / unit", "above 0, finite", "Melitz and Trefler (2012), p. 95"),
    "countries": Definition("K", "identical countries", "countries", "whole, at least 1", "Melitz and Trefler (2012), p. 95"),
    "elasticity_of_substitution": Definition("sigma", "elasticity of substitution between varieties", "1",
                                             "above 1; None: tastes are left open", "Krugman (1980), eq. 1"),
    "trade_cost": Definition("tau", "units sent for one to arrive", "1", "at least 1; infinite: no trade",
                             "Krugman (1980), section II"),
}  # fmt: skip

_MOST_PLANS = 10_000


@dataclass(frozen=True, kw_only=True)
class WidgetParameters:
    """Identical countries that make varieties under increasing returns; the defaults are the paper's widgets.

    Parameters
    ----------
    labour, overhead, unit_labour : float
    countries : int
    elasticity_of_substitution : float, optional
        With it, utility ranks the plans and Krugman's market equilibrium is computed too.
    trade_cost : float
        Iceberg, infinite where nobody trades; it matters to the market equilibrium only, and needs the elasticity.

    Raises
    ------
    InputError
        If a number is out of bounds, a country cannot make a single variety, or there are too many plans to list.
    """

    labour: float = 12.0
    overhead: float = 4.0
    unit_labour: float = 1.0
    countries: int = 2
    elasticity_of_substitution: float | None = None
    trade_cost: float = 1.0

    def __post_init__(self) -> None:
        for name in ("labour", "overhead", "unit_labour"):
            object.__setattr__(self, name, positive(name, getattr(self, name)))
        object.__setattr__(self, "countries", whole("countries", self.countries, 1))
        hint = "it is iceberg: 1 is none, inf ends trade"
        object.__setattr__(self, "trade_cost", number("trade_cost", self.trade_cost, least=1, infinite=True, hint=hint))
        if self.overhead >= self.labour:
            raise InputError(
                f"overhead is {self.overhead:g} and labour {self.labour:g}: not one unit of one variety can be made; lower "
                "overhead below labour"
            )
        if self.labour / self.overhead > _MOST_PLANS:
            raise InputError(f"labour / overhead is above {_MOST_PLANS}: too many plans to list; raise overhead")
        sigma = self.elasticity_of_substitution
        if sigma is not None:
            name, hint = "elasticity_of_substitution", "at or below 1 no market can pay for overhead"
            object.__setattr__(self, name, number(name, sigma, above=1, hint=hint))
        elif self.trade_cost != 1:
            raise InputError(
                "trade_cost is given without elasticity_of_substitution, by which consumers would respond to it"
            )

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return label("countries", self.countries)

    def replace(self, **changes: Any) -> WidgetParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)


@dataclass(frozen=True)
class Plan:
    """What a country makes and consumes.

    Attributes
    ----------
    regime : {"autarky", "trade"}
    produced : int
        Varieties that a country makes.
    run : float
        Units made of each.
    varieties : int
        Varieties that it consumes.
    units : float
        Units consumed of each.
    """

    regime: str
    produced: int
    run: float
    varieties: int
    units: float

    @property
    def total(self) -> float:
        """Units consumed of all varieties."""
        return self.varieties * self.units

    @property
    def name(self) -> str:
        """The plan in words."""
        return f"{self.regime}, {self.produced} made"

    def utility(self, elasticity: float) -> float:
        r"""Return :math:`(\sum q^{1-1/\sigma})^{\sigma/(\sigma-1)}`, in units of a good of one variety."""
        return float(self.varieties ** (1 / (elasticity - 1)) * self.total)

    def beats(self, other: Plan) -> bool:
        """Whether there are at least as many varieties and units in all, and more of one of them.

        Whoever likes variety and units prefers such a plan, whatever the tastes.
        """
        return (
            self.varieties >= other.varieties
            and self.total >= other.total * (1 - 1e-12)
            and (self.varieties > other.varieties or self.total > other.total * (1 + 1e-12))
        )


@dataclass(frozen=True, eq=False)
class WidgetResult(FirmResult):
    """Every plan with equal runs, in autarky and in trade; and the market's choice where tastes are given.

    Attributes
    ----------
    parameters : WidgetParameters
    scenario : str
    plans : tuple of Plan
        Autarky first; by varieties made.
    """

    labels: ClassVar[tuple[str, ...]] = ("scenario", "plan")
    model: ClassVar[str] = "krugman-widgets"

    parameters: WidgetParameters
    scenario: str
    plans: tuple[Plan, ...]

    def of(self, regime: str) -> tuple[Plan, ...]:
        """Return the plans of one regime."""
        return tuple(plan for plan in self.plans if plan.regime == regime)

    @property
    def undominated(self) -> tuple[Plan, ...]:
        """Plans that no other beats."""
        return tuple(plan for plan in self.plans if not any(other.beats(plan) for other in self.plans))

    def better(self, plan: Plan) -> tuple[Plan, ...]:
        """Return the plans with trade that beat a plan, whatever the tastes."""
        return tuple(other for other in self.of("trade") if other.beats(plan))

    def best(self, regime: str) -> Plan:
        """Return the plan of a regime with the highest utility.

        Raises
        ------
        InputError
            If there is no elasticity of substitution to rank plans by.
        """
        sigma = self._elasticity()
        return max(self.of(regime), key=lambda plan: plan.utility(sigma))

    def _elasticity(self) -> float:
        sigma = self.parameters.elasticity_of_substitution
        if sigma is None:
            raise InputError("give elasticity_of_substitution: without it no plan is best, though some beat others")
        return sigma

    @property
    def market(self) -> dict[str, float]:
        r"""Krugman's equilibrium, with fractions of varieties: :math:`n = L/(\sigma F)`, runs of :math:`(\sigma-1)F/a`."""
        p, sigma = self.parameters, self._elasticity()
        reach = 1 + (p.countries - 1) * p.trade_cost ** (1 - sigma)
        made = p.labour / (sigma * p.overhead)
        autarky = made ** (1 / (sigma - 1)) * (sigma - 1) / sigma / p.unit_labour
        gain = reach ** (1 / (sigma - 1))
        return {
            "varieties_made": made,
            "varieties_consumed": made * (p.countries if np.isfinite(p.trade_cost) else 1),
            "run": (sigma - 1) * p.overhead / p.unit_labour,
            "home_share": 1 / reach,
            "real_wage_autarky": autarky,
            "real_wage": autarky * gain,
            "gains_from_variety": gain - 1,
        }

    @property
    def residual(self) -> float:
        """Largest share of labour or units unaccounted for."""
        return float(np.max(np.abs(_residual(self))))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("melitz-trefler2012", "krugman1980")

    def quantities(self) -> Iterator[Quantity]:
        """Yield every number of every plan, then of the market."""
        sigma = self.parameters.elasticity_of_substitution
        for plan in self.plans:
            yield Quantity("varieties", plan.varieties, "varieties", plan=plan.name)
            yield Quantity("units_of_each", plan.units, "units", plan=plan.name)
            yield Quantity("units", plan.total, "units", plan=plan.name)
            yield Quantity("run", plan.run, "units", plan=plan.name)
            if sigma is not None:
                yield Quantity("utility", plan.utility(sigma), "units of one variety", plan=plan.name)
        if sigma is not None:
            units = {"run": "units", "varieties_made": "varieties", "varieties_consumed": "varieties"}
            for name, value in self.market.items():
                yield Quantity(name, value, units.get(name, "1"), plan="market")

    def plot(self) -> Figure:
        """Return the plans: varieties against units consumed."""
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator

        with style():
            figure = Figure(figsize=(6.4, 4.2))
            axis = figure.subplots()
            for regime, colour, marker in zip(("autarky", "trade"), COLOURS[:2], MARKERS, strict=False):
                found = self.of(regime)
                axis.plot([plan.varieties for plan in found], [plan.total for plan in found], color=colour, marker=marker,
                          linestyle="--", label=regime)  # fmt: skip
                if len(found) <= 12:
                    for plan in found:
                        axis.annotate(f"{plan.units:.3g} of each", (plan.varieties, plan.total), xytext=(5, 4),
                                      textcoords="offset points", fontsize=8)  # fmt: skip
            top = 1.12 * max(plan.total for plan in self.plans)
            axis.set(xlabel="varieties that a country consumes", ylabel="units that it consumes", ylim=(0, top))
            axis.xaxis.set_major_locator(MaxNLocator(integer=True))
            axis.set_title(f"Units and varieties: {self.parameters.countries} countries")
            axis.legend()
            add_source(
                figure, "Source: plans of the widget example, Melitz and Trefler (2012), computed by tradewinds."
            )
        return figure


def _residual(result: WidgetResult) -> Any:
    p = result.parameters
    used = [plan.produced * (p.overhead + p.unit_labour * plan.run) / p.labour - 1 for plan in result.plans]
    world = [p.countries if plan.regime == "trade" else 1 for plan in result.plans]
    spread = [
        plan.units * n / plan.run - 1 if plan.regime == "trade" else plan.units / plan.run - 1
        for plan, n in zip(result.plans, world, strict=True)
    ]
    return np.array([*used, *spread])


def solve_widgets(parameters: WidgetParameters, *, throw: bool = True) -> Solution:
    """List every plan with equal runs, in autarky and in trade.

    Returns
    -------
    Solution
        Its value is a :class:`WidgetResult`.

    Raises
    ------
    ConvergenceError
        If ``throw`` and labour or units do not add up.

    References
    ----------
    Melitz and Trefler (2012), pp. 94-95.

    Examples
    --------
    The paper's example: 8 units of one variety or 2 of each of two; with trade, 4 of each of two.

    >>> found = solve_widgets(WidgetParameters()).value
    >>> [(plan.regime, plan.varieties, plan.units) for plan in found.plans]
    [('autarky', 1, 8.0), ('autarky', 2, 2.0), ('trade', 2, 4.0), ('trade', 4, 1.0)]
    >>> [plan.name for plan in found.better(found.plans[1])]
    ['trade, 1 made', 'trade, 2 made']
    """
    p = parameters
    plans = []
    # where overheads take all labour no unit is made, also if rounding leaves a little
    too_many = int(np.ceil(p.labour / p.overhead * (1 - 1e-12)))
    for regime, world in (("autarky", 1), ("trade", p.countries)):
        for made in range(1, too_many):
            run = (p.labour - made * p.overhead) / (made * p.unit_labour)
            plans.append(Plan(regime, made, run, made * world, run / world))
    result = WidgetResult(p, p.scenario, tuple(plans))
    return judge(result, _residual, tolerance=1e-9, iterations=0, what="the plans of the widget example", throw=throw)
