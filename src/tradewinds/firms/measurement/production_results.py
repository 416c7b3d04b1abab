"""What an estimated production function is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.firms.measurement.estimates import PlantEstimates, normal_table
from tradewinds.firms.measurement.proxies import Fit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ProductionFunction"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ProductionFunction:
    """Elasticities of a production function and the productivity that they leave.

    Attributes
    ----------
    method : str
    estimates : PlantEstimates
        One term an input; errors are NaN where neither a bootstrap nor a formula gives them.
    productivity : ndarray, shape (rows,)
        Log output less inputs times elasticities, a row of data each.
    draws : ndarray, shape (draws, inputs)
        Bootstrap estimates.
    seed : int
    roots : ndarray, shape (solutions, inputs)
        All solutions found, the one reported first where there are several (elasticities of the state alone for
        two-stage methods).
    residual : float
        Largest moment, or gradient relative to the criterion, at the estimate.
    """

    method: str
    estimates: PlantEstimates
    productivity: Array = field(repr=False)
    draws: Array = field(repr=False)
    seed: int
    roots: Array = field(repr=False)
    residual: float

    @classmethod
    def build(
        cls,
        *,
        method: str,
        title: str,
        names: Sequence[str],
        fit: Fit,
        std_errors: Array | None,
        draws: Array,
        seed: int,
        productivity: Array,
        sample: Mapping[str, int],
        citation_keys: tuple[str, ...],
        source: str,
    ) -> ProductionFunction:
        """Return the result from a fit and its draws."""
        values = np.concatenate([fit.free, fit.state])
        errors = np.full(len(values), np.nan) if std_errors is None else std_errors
        kind = f"bootstrap of plants, {len(draws)} draws, seed {seed}" if len(draws) > 1 else "clustered by plant"
        details = {
            "standard errors": "none; ask for draws" if std_errors is None else kind,
            "returns to scale": f"{values.sum():.4f}",
        }
        if len(fit.roots) > 1:
            details["solutions found"] = str(len(fit.roots))
        table = normal_table(list(names), values, errors, ["elasticity"] * len(names))
        estimates = PlantEstimates(f"Production function, {title}", table, sample, details, citation_keys, source)
        return cls(method, estimates, productivity, draws, seed, fit.roots, fit.residual)

    def __getitem__(self, name: str) -> Mapping[str, float]:
        """Return the row of an input: ``estimate, std_error`` and so on."""
        return self.estimates[name]

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return self.estimates.citation_keys

    def tidy(self) -> pd.DataFrame:
        """Return one number a row, labelled by input."""
        return self.estimates.tidy()

    def summary(self) -> str:
        """Return the estimates as text."""
        lines = [self.estimates.summary()]
        if len(self.roots) > 1:
            shown = "; ".join(", ".join(f"{value:.3f}" for value in row) for row in self.roots[:5])
            lines.append(f"solutions from several starts, the one reported first: {shown}")
        return "\n".join(lines)

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of the elasticities."""
        return self.estimates.plot(source=source)
