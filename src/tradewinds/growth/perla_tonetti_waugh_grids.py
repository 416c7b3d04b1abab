r"""How far a path with shocks is from what it would be on a grid without end: the same experiment on grids refined step by step.

Productivity and time are refined together, by two. Both are of second order where dates resolve the first months, in which best
practice moves with the square root of time; an error then falls by four, and

.. math:: W_\infty \approx W_{2h} + \tfrac13 (W_{2h} - W_h)

takes out what is left of it.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.growth.figures import panels
from tradewinds.growth.parameters import GrowthParameters
from tradewinds.growth.perla_tonetti_waugh_shocks import ShockPath, shock_path
from tradewinds.growth.results import BalancedGrowth
from tradewinds.growth.welfare import consumption_equivalent
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import judge
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["GRIDS", "GridConvergence", "grid_convergence"]

Array = NDArray[np.float64]

#: Nodes in productivity and dates, each grid twice as fine as the one before.
GRIDS = ((200, 24), (400, 48), (800, 96))


@dataclass(frozen=True, eq=False)
class GridConvergence:
    """Welfare of one path on finer and finer grids.

    Attributes
    ----------
    mechanism, variant : str
    parameters : GrowthParameters
        Of the changed regime.
    nodes, dates : tuple of int
        Of each grid, coarse to fine.
    welfare : ndarray
        Consumption equivalent with transition on each grid, in per cent.
    residual : ndarray
        Largest residual of adoption and entry on each grid, relative to their costs: what is left is the error of the grid.
    citation_keys : tuple of str
    """

    mechanism: str
    variant: str
    parameters: GrowthParameters
    nodes: tuple[int, ...]
    dates: tuple[int, ...]
    welfare: Array
    residual: Array
    citation_keys: tuple[str, ...] = ()

    @property
    def limit(self) -> float:
        """Welfare on a grid without end, extrapolated from the two finest grids."""
        return float(self.welfare[-1] + (self.welfare[-1] - self.welfare[-2]) / 3)

    @property
    def error(self) -> Array:
        """Distance of each grid to the limit, in percentage points."""
        return np.asarray(np.abs(self.welfare - self.limit))

    @property
    def order(self) -> float:
        """Order of convergence over the three finest grids: the error falls by two to this power; NaN with fewer than three."""
        if self.welfare.size < 3:
            return float("nan")
        steps = np.abs(np.diff(self.welfare[-3:]))
        return float(np.log2(steps[0] / steps[1]))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one number a row."""
        points, welfare = "percentage points", "per cent of consumption"
        for i, (nodes, dates) in enumerate(zip(self.nodes, self.dates, strict=True)):
            labels = {"mechanism": self.mechanism, "variant": self.variant, "nodes": nodes, "dates": dates}
            yield {"variable": "welfare_transition", "value": float(self.welfare[i]), "unit": welfare, **labels}
            yield {"variable": "error", "value": float(self.error[i]), "unit": points, **labels}
            yield {"variable": "residual", "value": float(self.residual[i]), "unit": "cost of adoption = 1", **labels}

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, mechanism, variant, nodes, dates."""
        return tidy_frame(self.rows(), ("mechanism", "variant", "nodes", "dates"))

    def table(self) -> pd.DataFrame:
        """Return one grid a row: nodes, dates, welfare, change from the grid before, error against the limit, residual."""
        import pandas as pd

        change = np.append(np.nan, np.diff(self.welfare))
        columns = {"nodes": self.nodes, "dates": self.dates, "welfare": self.welfare, "change": change}
        return pd.DataFrame(columns | {"error": self.error, "residual": self.residual})

    def summary(self) -> str:
        """Return the table, the limit and the order in a few lines."""
        lines = [f"{self.mechanism} ({self.variant}): welfare with transition, per cent, on finer grids"]
        lines += [
            f"{n:>6} nodes {d:>4} dates  {w:.5f}" for n, d, w in zip(self.nodes, self.dates, self.welfare, strict=True)
        ]
        return "\n".join([*lines, f"limit {self.limit:.5f}, order {self.order:.2f}"])

    def plot(self) -> Figure:
        """Return the error against the nodes of a grid, with the second order as a line."""
        nodes = np.array(self.nodes, dtype=float)
        with style():
            figure, (axis,) = panels(1, f"Error of the grid ({self.variant})", self.citation_keys)
            look: dict[str, Any] = {"color": COLOURS[1], "marker": "o", "label": "distance to the limit"}
            axis.loglog(nodes, self.error, **look)
            second = self.error[-1] * (nodes[-1] / nodes) ** 2
            axis.loglog(nodes, second, color=COLOURS[0], linestyle=DASHES[1], label="second order")
            axis.set(title="Welfare with transition", xlabel="nodes in productivity", ylabel="percentage points")
            axis.set_xticks(nodes, [f"{n:g} nodes\n{d} dates" for n, d in zip(nodes, self.dates, strict=True)])
            axis.set_yticks(self.error, [f"{e:.1e}" for e in self.error])
            axis.minorticks_off()
            axis.legend()
        return figure


def _left(problem: ShockPath, at: Array) -> Array:
    return problem.evaluate(at)[0]


def grid_convergence(start: BalancedGrowth, end: BalancedGrowth, grids: Sequence[tuple[int, int]]) -> GridConvergence:
    """Return welfare of the path between two balanced growth paths on each grid, of ``corrected`` or ``published``.

    Raises
    ------
    InputError
        If a grid does not double the one before.
    """
    from tradewinds.growth.perla_tonetti_waugh_published import PublishedPath, resting
    from tradewinds.growth.perla_tonetti_waugh_transition import PATH_TOLERANCE

    sizes = [(int(nodes), int(dates)) for nodes, dates in grids]
    if len(sizes) < 2 or any(b != (2 * a[0], 2 * a[1]) for a, b in itertools.pairwise(sizes)):
        raise InputError(f"grids are {sizes}; give two or more pairs of nodes and dates, each twice the pair before")
    kind: type[ShockPath] = ShockPath
    if start.variant == "published":
        start, end, kind = resting(start), resting(end), PublishedPath
    welfare, residuals = [], []
    for nodes, dates in sizes:
        problem = kind(start, end, nodes, dates)
        unknown, count = problem.solve()
        solution = judge(
            unknown,
            functools.partial(_left, problem),
            tolerance=PATH_TOLERANCE,
            iterations=count,
            what=f"path with {nodes} nodes and {dates} dates",
        )
        utility = shock_path(problem, unknown).lifetime_utility
        rho = start.parameters.discount_rate  # type: ignore[attr-defined]
        welfare.append(float(consumption_equivalent(utility, start.welfare, rho)))
        residuals.append(solution.residual.norm)
    return GridConvergence(
        mechanism=end.mechanism,
        variant=end.variant,
        parameters=end.parameters,
        nodes=tuple(n for n, _ in sizes),
        dates=tuple(d for _, d in sizes),
        welfare=np.array(welfare),
        residual=np.array(residuals),
        citation_keys=end.citation_keys,
    )
