"""Two equilibria compared firm by firm: who exits, starts to export, innovates, wins and loses, by cost.

Profits and outputs are polynomials between the costs at which decisions change: what parts winners from losers is exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError
from tradewinds.firms.uniform.behaviour import Behaviour
from tradewinds.firms.uniform.innovation import behaviour
from tradewinds.firms.uniform.results import UniformEquilibrium
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Liberalisation", "Range", "liberalise"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """Firms of a range of initial costs, to all of whom the same happens.

    Attributes
    ----------
    low, high : float
        Initial costs.
    before, after : str
        What they do: ``out``, ``domestic``, ``exports``, with ``and innovates`` where they do.
    profit, output : str
        ``rises``, ``falls`` or ``unchanged``.
    """

    low: float
    high: float
    before: str
    after: str
    profit: str
    output: str


@dataclass(frozen=True, eq=False)
class Liberalisation:
    """What a change of trade cost or market size does to firms of each cost, once entry has adjusted.

    Attributes
    ----------
    before, after : UniformEquilibrium
    decision : str
        How firms decide on innovation.
    ranges : tuple of Range
        From the lowest cost to the highest that ever sells.
    """

    before: UniformEquilibrium
    after: UniformEquilibrium
    decision: str
    ranges: tuple[Range, ...]

    @property
    def scenario(self) -> str:
        """Name of the change: the parameters that differ."""
        old, new = vars(self.before.parameters), vars(self.after.parameters)
        changed = [name for name in old if old[name] != new[name]] or ["trade_cost"]
        return " and ".join(f"{name}: {_word(old[name])} to {_word(new[name])}" for name in changed)

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return self.before.citation_keys

    @property
    def residual(self) -> float:
        """Largest residual of either equilibrium."""
        return max(self.before.residual, self.after.residual)

    def profit_change(self, cost: ArrayLike) -> Array:
        """Return the change of operating profit, net of innovation costs, of firms of these initial costs."""
        return behaviour(self.after, self.decision).profit(cost) - behaviour(self.before, self.decision).profit(cost)

    def output_change(self, cost: ArrayLike) -> Array:
        """Return the change of output of firms of these initial costs."""
        return behaviour(self.after, self.decision).output(cost) - behaviour(self.before, self.decision).output(cost)

    @property
    def winners(self) -> tuple[tuple[float, float], ...]:
        """Ranges of initial costs whose profits rise."""
        return _joined([r for r in self.ranges if r.profit == "rises"])

    @property
    def growers(self) -> tuple[tuple[float, float], ...]:
        """Ranges of initial costs whose output rises."""
        return _joined([r for r in self.ranges if r.output == "rises"])

    def switchers(self, before: str, after: str) -> tuple[tuple[float, float], ...]:
        """Return the ranges of initial costs that go from one activity to another.

        Examples
        --------
        >>> from tradewinds.firms.uniform import UniformParameters, liberalise
        >>> change = liberalise(UniformParameters(trade_cost=0.8), UniformParameters(trade_cost=0.5))
        >>> [(round(low, 4), round(high, 4)) for low, high in change.switchers("domestic", "exports")]
        [(0.1974, 0.4652)]
        """
        return _joined([r for r in self.ranges if (r.before, r.after) == (before, after)])

    def table(self) -> pd.DataFrame:
        """Return one row a range, with the share of entrants that draw such costs."""
        import pandas as pd

        share = 1 / self.before.parameters.maximum_cost
        return pd.DataFrame([{**vars(r), "share_of_draws": (r.high - r.low) * share} for r in self.ranges])

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: bounds and share of each range, and changes of the aggregates."""
        rows = []
        for number, r in enumerate(self.ranges, start=1):
            labels = {"scenario": self.scenario, "range": number, "before": r.before, "after": r.after}
            labels |= {"profit": r.profit, "output": r.output}
            rows.append({"variable": "cost_low", "value": r.low, "unit": "price", **labels})
            rows.append({"variable": "cost_high", "value": r.high, "unit": "price", **labels})
        empty = {"scenario": self.scenario, "range": None, "before": "", "after": "", "profit": "", "output": ""}
        for name, old in self.before.totals.items():
            rows.append(
                {"variable": f"{name}_change", "value": self.after.totals[name] - old, "unit": "change", **empty}
            )
        return tidy_frame(rows, ["scenario", "range", "before", "after", "profit", "output"])

    def summary(self) -> str:
        """Return who does what as text."""
        lines = [f"{self.scenario}: firms by initial cost"]
        for r in self.ranges:
            did = r.before if r.before == r.after else f"{r.before} -> {r.after}"
            lines.append(f"  {r.low:9.6g} to {r.high:9.6g}  {did}: profit {r.profit}, output {r.output}")
        suffix = "_with_innovation" if self.decision == "equilibrium" else ""
        for name in ("cost_cutoff", "output_weighted_cost"):
            old, new = (point.values()[name + suffix] for point in (self.before, self.after))
            lines.append(f"{name + suffix} {old:.6g} -> {new:.6g}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return operating profits by cost before and after, the paper's Figure 4, panel B."""
        from tradewinds.firms.figures import plot_liberalisation

        return plot_liberalisation(self)


def liberalise(before: object, after: object, decision: str = "none") -> Liberalisation:
    """Compare two equilibria firm by firm.

    Parameters
    ----------
    before, after : UniformParameters or UniformEquilibrium
        They may differ in trade cost, market size and everything but the range of costs that firms draw from.
    decision : {"none", "rule", "exact", "equilibrium"}
        How firms decide on innovation: :data:`~tradewinds.firms.uniform.DECISIONS`.

    Raises
    ------
    InputError
        If the ranges of costs differ, or the decision is unknown or asks for innovation where there is none.

    References
    ----------
    Melitz and Trefler (2012), Figures 3 and 4.

    Examples
    --------
    >>> from tradewinds.firms.uniform import UniformParameters, integrate_markets
    >>> change = liberalise(UniformParameters(), integrate_markets(UniformParameters(), 2))
    >>> [(round(low, 5), round(high, 5)) for low, high in change.winners]
    [(0.0, 0.29565)]
    """
    points = [_equilibrium(thing) for thing in (before, after)]
    old, new = points
    if old.parameters.maximum_cost != new.parameters.maximum_cost:
        raise InputError(
            f"maximum_cost is {old.parameters.maximum_cost:g} before and {new.parameters.maximum_cost:g} after; firms can be "
            "followed only where both draw from the same range of costs"
        )
    first, second = behaviour(old, decision), behaviour(new, decision)
    edges = sorted({0.0, *first.breakpoints(), *second.breakpoints(), first.survival_cutoff, second.survival_cutoff})
    edges = [edge for edge in edges if edge <= max(first.survival_cutoff, second.survival_cutoff)]
    found: list[Range] = []
    for low, high in itertools.pairwise(edges):
        inner = {low, high}
        for change in (lambda c: second.profit(c) - first.profit(c), lambda c: second.output(c) - first.output(c)):
            inner |= set(_roots(change, low, high))
        ordered = sorted(inner)
        found += [_range(a, b, first, second) for a, b in itertools.pairwise(ordered)]
    return Liberalisation(old, new, decision, tuple(_merged(found)))


def _equilibrium(thing: object) -> UniformEquilibrium:
    from tradewinds.firms.uniform.equilibrium import solve_uniform
    from tradewinds.firms.uniform.parameters import UniformParameters

    if isinstance(thing, UniformEquilibrium):
        return thing
    if isinstance(thing, UniformParameters):
        found = solve_uniform(thing).value
        assert isinstance(found, UniformEquilibrium)
        return found
    raise InputError(f"compare UniformParameters or solved equilibria, not {type(thing).__name__}")


def _word(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"


def _roots(function: Callable[[Array], Array], low: float, high: float) -> list[float]:
    """Return the roots inside a piece on which the function is a polynomial of degree two at most."""
    width = high - low
    values = np.asarray(function(low + width * np.array([0.25, 0.5, 0.75])))
    scale = float(np.max(np.abs(values)))
    if scale == 0 or width == 0:
        return []
    a = 8 * (values[0] - 2 * values[1] + values[2])  # in s = (c - low) / width
    b = 2 * (values[2] - values[0]) - a
    c = values[1] - a / 4 - b / 2
    if abs(a) <= 1e-9 * scale:
        roots = [-c / b] if b else []
    else:
        inside = b**2 - 4 * a * c
        q = -(b + np.copysign(np.sqrt(max(inside, 0.0)), b)) / 2
        roots = [q / a, c / q if q else q / a] if inside > 0 else []
    # profit meets zero with its slope at a cutoff: that double root, at an edge already, is found to half the digits only
    near = 4 * np.sqrt(np.finfo(float).eps * high / width)
    return [float(low + width * s) for s in roots if near < s < 1 - near]


def _range(low: float, high: float, first: Behaviour, second: Behaviour) -> Range:
    middle = np.array((low + high) / 2)
    changes = [
        (second.profit(middle), first.profit(middle), second.scale * second.choke**2),
        (second.output(middle), first.output(middle), second.scale * second.choke),
    ]
    words = []
    for new, old, unit in changes:
        size = float(new - old) / unit
        words.append("unchanged" if abs(size) < 1e-13 else "rises" if size > 0 else "falls")
    return Range(low, high, _activity(first, middle), _activity(second, middle), words[0], words[1])


def _activity(acts: Behaviour, cost: Array) -> str:
    if not acts.sells(cost):
        return "out"
    where = "exports" if acts.exports(cost) else "domestic"
    return f"{where} and innovates" if acts.innovates(cost) else where


def _merged(ranges: list[Range]) -> list[Range]:
    """Join neighbours to whom the same happens."""
    found: list[Range] = []
    for r in ranges:
        same = found and (found[-1].before, found[-1].after, found[-1].profit, found[-1].output) == (
            r.before, r.after, r.profit, r.output,
        )  # fmt: skip
        if same:
            found[-1] = Range(found[-1].low, r.high, r.before, r.after, r.profit, r.output)
        else:
            found.append(r)
    return found


def _joined(ranges: list[Range]) -> tuple[tuple[float, float], ...]:
    found: list[tuple[float, float]] = []
    for r in ranges:
        if found and found[-1][1] == r.low:
            found[-1] = (found[-1][0], r.high)
        else:
            found.append((r.low, r.high))
    return tuple(found)
