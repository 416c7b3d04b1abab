"""What comes back from a regression: estimates with their errors, as text, tidy rows, a figure and a table column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, did_you_mean
from tradewinds.spillovers.parameters import Specification
from tradewinds.spillovers.regression import Fit
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["LABELS", "Estimate", "tidy_rows"]

Array = NDArray[np.float64]

#: Labels of a number of this room, in tidy frames.
LABELS = ("specification", "weights", "term")

Row = tuple[str, str, str, str, float]

#: Units of the variables in tidy frames.
UNITS = {
    "estimate": "elasticity",
    "std_error": "elasticity",
    "mc_mean": "elasticity",
    "mc_sd": "elasticity",
    "share_positive": "fraction",
    "trade_contribution": "fraction",
    "observations": "count",
    "draws": "count",
    "rejection_rate": "fraction",
    "simulation_error": "fraction",
    "z_score": "s.d. over draws",
    "f_statistic": "F",
    "trade_f_statistic": "F",
}


def unit_of(variable: str) -> str:
    """Return the unit of a variable of this room.

    Examples
    --------
    >>> unit_of("mc_mean_r_squared"), unit_of("r_squared_randomisation_p_value")
    ('fraction', 'probability')
    """
    if "p_value" in variable:
        return "probability"
    return UNITS.get(variable, "fraction" if "r_squared" in variable else "")


def tidy_rows(rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows of (specification, weights, term, variable, value) as a tidy frame."""
    records = (
        {"variable": variable, "value": value, "unit": unit_of(variable), **dict(zip(LABELS, labels, strict=True))}
        for *labels, variable, value in rows
    )
    return tidy_frame(records, LABELS)


@dataclass(frozen=True, eq=False)
class Estimate:
    """One estimated regression.

    Attributes
    ----------
    specification : Specification
    weights : str
        What the R&D stocks were weighted by: ``observed``, ``equal``, ``general_plus_trade``.
    terms : tuple of str
        Names of the reported regressors: research countries, or ``general:CAN`` and ``trade:CAN`` in (5.2).
    fit : Fit
        Numbers behind it.
    covariance : str
        Name of the error variance.
    panel : str
        Name of the panel.
    stand_in : str
        The sentence that says what the data stand in for; empty for real data.
    citation_keys : tuple of str
        Sources of estimator and data.
    """

    specification: Specification
    weights: str
    terms: tuple[str, ...]
    fit: Fit
    covariance: str
    panel: str
    stand_in: str
    citation_keys: tuple[str, ...]

    @property
    def coefficients(self) -> Array:
        """Estimates, shape (K,)."""
        return self.fit.coefficients

    @property
    def std_errors(self) -> Array:
        """Standard errors, shape (K,)."""
        return np.sqrt(np.diag(self.fit.covariance))

    @property
    def p_values(self) -> Array:
        """Two-sided p-values of zero coefficients from Student's t with :attr:`Fit.freedom` degrees of freedom."""
        from scipy import stats

        return np.asarray(2 * stats.t.sf(np.abs(self.coefficients / self.std_errors), self.fit.freedom))

    @property
    def r_squared(self) -> float:
        """Overall R2, dummies included."""
        return self.fit.r_squared

    @property
    def adjusted_r_squared(self) -> float:
        """R2 adjusted for the number of coefficients."""
        return self.fit.adjusted_r_squared

    @property
    def equation(self) -> str:
        """Number of this regression in Keller (1997), or an empty string."""
        return self.specification.equation(self.weights)

    def __getitem__(self, term: str) -> float:
        """Return the estimate of a term.

        Raises
        ------
        InputError
            If there is no such term, naming those there are.
        """
        if term not in self.terms:
            raise InputError(f"no term {term!r}.{did_you_mean(str(term), self.terms)} Terms: {', '.join(self.terms)}.")
        return float(self.coefficients[self.terms.index(term)])

    def rows(self) -> list[Row]:
        """Return the tidy rows."""
        label = self.specification.label
        out = [
            (label, self.weights, term, variable, float(value))
            for variable, values in (
                ("estimate", self.coefficients),
                ("std_error", self.std_errors),
                ("p_value", self.p_values),
            )
            for term, value in zip(self.terms, values, strict=True)
        ]
        whole = {
            "r_squared": self.r_squared,
            "adjusted_r_squared": self.adjusted_r_squared,
            "within_r_squared": self.fit.within_r_squared,
            "observations": float(self.fit.rows),
        }
        return out + [(label, self.weights, "", variable, value) for variable, value in whole.items()]

    def tidy(self) -> pd.DataFrame:
        """Return a frame with columns variable, value, unit, specification, weights, term."""
        return tidy_rows(self.rows())

    def summary(self) -> str:
        """Return the regression as text."""
        head = f"{self.specification.label}, {self.weights} weights" + (
            f", equation ({self.equation})" if self.equation else ""
        )
        lines = [head, f"panel {self.panel}; {self.covariance} standard errors"]
        if self.stand_in:
            lines.append(f"STAND-IN: {self.stand_in}")
        lines.append(f"{'term':<16}{'estimate':>10}{'s.e.':>10}{'p':>8}")
        for term, value, error, p in zip(self.terms, self.coefficients, self.std_errors, self.p_values, strict=True):
            lines.append(f"{term:<16}{value:>10.3f}{error:>10.3f}{p:>8.3f}")
        lines.append(
            f"R2 {self.r_squared:.3f}  adjusted {self.adjusted_r_squared:.3f}  "
            f"n {self.fit.rows}  coefficients {self.fit.regressors}"
        )
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return a figure of the estimates with 95 per cent intervals."""
        from tradewinds.spillovers.figures import plot_estimate

        return plot_estimate(self)

    # What the maketables library reads, so that an estimate is a column of a journal table.
    @property
    def __maketables_coef_table__(self) -> pd.DataFrame:
        import pandas as pd

        index = pd.Index(list(self.terms), name="Coefficient")
        values = {
            "b": self.coefficients,
            "se": self.std_errors,
            "t": self.coefficients / self.std_errors,
            "p": self.p_values,
        }
        return pd.DataFrame(values, index=index)

    def __maketables_stat__(self, key: str) -> Any:
        known = {
            "N": self.fit.rows,
            "r2": self.r_squared,
            "adj_r2": self.adjusted_r_squared,
            "r2_within": self.fit.within_r_squared,
            "se_type": self.covariance,
        }
        return known.get(key)

    @property
    def __maketables_depvar__(self) -> str:
        return "TFP growth" if self.specification.kind == "growth" else "log TFP"

    @property
    def __maketables_fixef_string__(self) -> str | None:
        return "+".join(self.specification.absorbed) or None

    @property
    def __maketables_vcov_info__(self) -> dict[str, str]:
        return {"vcov_type": self.covariance}

    @property
    def __maketables_default_stat_keys__(self) -> list[str]:
        return ["N", "r2", "adj_r2"]
