"""What a steady state returns: levels and rates, as numbers by name, tables and a databank to start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.plotting import COLOURS, add_source, style
from tradewinds.solvers.perfect_foresight.databank import make_databank
from tradewinds.solvers.perfect_foresight.inputs import several, whole_years
from tradewinds.solvers.perfect_foresight.model import Model, Variable
from tradewinds.solvers.perfect_foresight.results import require_known
from tradewinds.solvers.solution import Residual, Solution

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from matplotlib.figure import Figure

__all__ = ["SteadyState", "some"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SteadyState:
    """Levels at which a model stays as it is, or from which it grows at steady rates.

    Attributes
    ----------
    model : Model
    values, exogenous : mapping of str to ndarray
        Levels by name: shape (V,) for country variables, () for global ones.
    parameters : mapping of str to ndarray
        Pass them on to ``simulate`` where they are not the defaults.
    rates : mapping of str to (ndarray, ndarray)
        Growth as a fraction and drift as an amount a period, of variables and exogenous variables that move.
    fixed : tuple of str
        Unknowns whose level was given.
    solution : Solution
        Levels as a flat vector, with the residuals of all periods that were checked.
    notes : tuple of str
        What it took beyond Newton's method from the guess.
    undetermined, vanished : tuple of str
        Unknowns that could have another level too, and those that went to zero though they cannot be; empty unless asked for
        with ``throw=False``.
    """

    model: Model
    values: Mapping[str, Array]
    exogenous: Mapping[str, Array]
    parameters: Mapping[str, Array] = field(repr=False)
    rates: Mapping[str, tuple[Array, Array]]
    fixed: tuple[str, ...]
    solution: Solution = field(repr=False)
    notes: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """True if the equations hold in every period that was checked, nothing is left open and nothing vanished."""
        return self.solution.ok and not self.undetermined and not self.vanished

    @property
    def residual(self) -> Residual:
        """Residuals relative to the largest term of their equations, worst first."""
        return self.solution.residual

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources of the method: damping as Levenberg and Marquardt have it."""
        return ("marquardt1963",)

    def databank(self, years: Sequence[int], base: int | None = None) -> xarray.Dataset:
        """Return the path as a databank, ready for ``simulate``.

        Parameters
        ----------
        years : sequence of int
            Consecutive: the year before the horizon, the horizon, and the one beyond.
        base : int, optional
            Year in which the levels hold; default: the first one.

        Raises
        ------
        InputError
            If there are fewer than three years, or they are not in a row.
        """
        dates = np.asarray(whole_years(years))
        since = dates - (dates[:1] if base is None else whole_years([base])[0])
        data: dict[str, ArrayLike] = {}
        for name, level in {**self.values, **self.exogenous}.items():
            growth, drift = self.rates.get(name, (np.zeros(np.shape(level)), np.zeros(np.shape(level))))
            time = since[:, None] if np.ndim(level) else since
            data[name] = level * (1.0 + growth) ** time + drift * time
        return make_databank(self.model, dates.tolist(), data)

    def tidy(self) -> pd.DataFrame:
        """Return levels with columns variable, value, unit, country; country is empty for global variables."""
        import pandas as pd

        rows = [
            (item.name, float(value), item.unit, country)
            for items, found in ((self.model.variables, self.values), (self.model.exogenous, self.exogenous))
            for item in items
            for country, value in zip(
                self.model.countries if item.dimension == "country" else ("",),
                np.atleast_1d(found[item.name]),
                strict=True,
            )
        ]
        frame = pd.DataFrame(rows, columns=["variable", "value", "unit", "country"])
        return frame.astype({"variable": "str", "unit": "str", "country": "str"})

    def summary(self) -> str:
        """Return how it was solved, the levels and the rates, as text."""
        kind = "balanced growth" if self.rates else "steady state"
        status = self.solution.status.name.lower().replace("_", " ")
        lines = [
            f"{self.model.name}, {kind}, {len(self.model.countries)} countries",
            f"  {status}: {self.solution.iterations} iterations, largest residual {self.residual.norm:.1e}",
        ]
        lines += [f"  fixed: {', '.join(self.fixed)}"] if self.fixed else []
        lines += [f"  left open: {some(self.undetermined)}"] if self.undetermined else []
        lines += [f"  went to zero: {some(self.vanished)}"] if self.vanished else []
        lines += [f"  note: {note}" for note in self.notes]
        lines += [f"  unsolved: {name}: {size:.3g}" for name, size in self.residual.worst if not self.solution.ok]
        width = max(len(item.name) for item in (*self.model.variables, *self.model.exogenous))
        for items, found in ((self.model.variables, self.values), (self.model.exogenous, self.exogenous)):
            lines += [self._line(item, np.atleast_1d(found[item.name]), width) for item in items]
        return "\n".join(lines)

    def plot(self, variables: str | Sequence[str] = (), title: str = "") -> Figure:
        """Return a figure of levels, one panel a variable and one bar a country.

        Parameters
        ----------
        variables : str or sequence of str
            Default: the first six.
        title : str

        Raises
        ------
        InputError
            If the model has no such variable.
        """
        from matplotlib.figure import Figure

        declared = {item.name: item for item in (*self.model.variables, *self.model.exogenous)}
        variables = several(variables, "variables")
        for name in variables:
            require_known(name, list(declared), "variable", self.model)
        chosen = variables or tuple(item.name for item in self.model.variables[:6])
        columns = 1 if len(chosen) == 1 else 2 if len(chosen) <= 4 else 3
        rows = -(-len(chosen) // columns)
        levels = {**self.values, **self.exogenous}
        with style():
            figure = Figure(figsize=(7.2 if columns < 3 else 9.6, 4.0 if rows == 1 else 0.8 + 2.3 * rows))
            axes = figure.subplots(rows, columns, squeeze=False).ravel()
            for axis, name in zip(axes, chosen, strict=False):
                regional = declared[name].dimension == "country"
                bars = self.model.countries if regional else ("world",)
                axis.bar(bars, np.atleast_1d(levels[name]), color=COLOURS[1], width=0.7)
                axis.axhline(0.0, color="#666666", linewidth=0.8)
                axis.set_title(name.replace("_", " "), fontsize=10, fontweight="normal")
                axis.set_ylabel(declared[name].unit or "units of the model")
                axis.tick_params(axis="x", labelrotation=90 if len(bars) > 6 else 0)
            for axis in axes[len(chosen) :]:
                axis.remove()
            kind = "Levels on the balanced-growth path" if self.rates else "Steady state"
            figure.suptitle(title or kind, x=0.01, ha="left", fontsize=11, fontweight="bold")
            flag = "" if self.ok else " NOT SOLVED: the best levels reached."
            add_source(figure, f"Source: model {self.model.name}.{flag}")
        return figure

    def _line(self, item: Variable, level: Array, width: int) -> str:
        count, most = len(self.model.countries), 4
        names = (
            [f"{country} " for country in self.model.countries] if item.dimension == "country" and count > 1 else [""]
        )
        text = ", ".join(f"{name}{value:.6g}" for name, value in list(zip(names, level, strict=True))[:most])
        text += f", ... ({count} countries)" if len(names) > most else ""
        if item.name in self.rates:
            growth, drift = (np.atleast_1d(part) for part in self.rates[item.name])
            moves = [(100 * growth, " per cent")] * bool(growth.any()) + [(drift, " in its unit")] * bool(drift.any())
            for rate, unit in moves:
                low, high = f"{rate.min():+.4g}", f"{rate.max():+.4g}"
                text += f"; {low if low == high else f'{low} to {high}'}{unit} a period"
        return f"  {item.name:<{width}}  {text}"


def some(names: Sequence[str], most: int = 8) -> str:
    """Return names as text, the first of them where there are many."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "") or "none"
