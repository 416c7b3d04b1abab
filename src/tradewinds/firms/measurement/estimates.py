"""What a regression on plants returns: coefficients with errors, the sample, and how they were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewinds.errors import InputError
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PlantEstimates"]


@dataclass(frozen=True, eq=False)
class PlantEstimates:
    """Estimates of one regression.

    Attributes
    ----------
    title : str
    estimates : DataFrame
        Index ``term``: ``estimate, std_error, statistic, p_value, low, high`` (95 per cent) and ``unit``.
    sample : mapping
        Observations, clusters, and rows that were left out, by reason.
    details : mapping of str to str
        Outcome, effects, estimator, standard errors.
    citation_keys : tuple of str
    """

    title: str
    estimates: pd.DataFrame
    sample: Mapping[str, int]
    details: Mapping[str, str]
    citation_keys: tuple[str, ...]
    source: str = field(default="plants given")

    def __getitem__(self, term: str) -> Mapping[str, float]:
        """Return the row of a term: ``estimate, std_error, statistic, p_value, low, high``."""
        if term not in self.estimates.index:
            raise InputError(f"there is no term {term!r}; terms are {', '.join(map(str, self.estimates.index))}")
        row = self.estimates.loc[[term]].iloc[0].drop("unit")
        return {str(name): float(value) for name, value in row.items()}

    def tidy(self) -> pd.DataFrame:
        """Return one number a row, labelled by term."""
        numbers = ["estimate", "std_error", "p_value", "low", "high"]
        long = self.estimates.reset_index().melt(["term", "unit"], numbers, "variable", "value")
        long.loc[long["variable"] == "p_value", "unit"] = "probability"
        counts = pd.DataFrame(
            {"variable": list(self.sample), "value": list(self.sample.values()), "unit": "rows", "term": ""}
        )
        return tidy_frame(pd.concat([long, counts])[["variable", "value", "unit", "term"]], ["term"])

    def summary(self) -> str:
        """Return the estimates as text."""
        table = self.estimates[["estimate", "std_error", "p_value", "unit"]]
        lines = [self.title, table.to_string(float_format=lambda value: f"{value:.4f}")]
        lines += [f"{name}: {value}" for name, value in self.details.items()]
        lines += [", ".join(f"{name} {count}" for name, count in self.sample.items())]
        return "\n".join(lines)

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of the estimates with their 95 per cent intervals, terms of the first term's unit only."""
        from tradewinds.firms.measurement.figures import new_figure, wrapped
        from tradewinds.plotting import add_source, style

        unit = self.estimates["unit"].iloc[0]
        rows = self.estimates[self.estimates["unit"] == unit]
        at = np.arange(len(rows))[::-1]
        with style():
            figure, (axis,) = new_figure()
            spread = [rows["estimate"] - rows["low"], rows["high"] - rows["estimate"]]
            axis.errorbar(
                rows["estimate"], at, xerr=spread, fmt="o", color="black", capsize=3, label="estimate, 95 per cent"
            )
            axis.axvline(0, color="black", linewidth=0.6)
            axis.set_yticks(at, [str(term) for term in rows.index])
            axis.set(title=wrapped(self.title, 54), xlabel=unit, ylim=(-0.7, len(rows) - 0.3))
            axis.legend()
            add_source(figure, source or f"Data: {self.source}.")
        return figure


def normal_table(names: list[str], estimate: np.ndarray, std_error: np.ndarray, units: list[str]) -> pd.DataFrame:
    """Return a table of estimates with normal p-values and intervals."""
    from scipy.stats import norm

    estimate, std_error = np.asarray(estimate, dtype=float), np.asarray(std_error, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / std_error
    reach = norm.ppf(0.975) * std_error
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": std_error,
            "statistic": statistic,
            "p_value": 2 * norm.sf(np.abs(statistic)),
            "low": estimate - reach,
            "high": estimate + reach,
            "unit": units,
        },
        index=pd.Index(names, name="term"),
    )
