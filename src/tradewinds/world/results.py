"""What a simulation of the world returns: deviations as the paper's tables have them, by country and group."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.errors import InputError, did_you_mean
from tradewinds.solvers.perfect_foresight import Simulation
from tradewinds.solvers.perfect_foresight.results import size_text
from tradewinds.tidy import tidy_frame
from tradewinds.world.calibration import Calibration
from tradewinds.world.contributions import contribution_of, simulated_alone, tidy_contributions
from tradewinds.world.identities import identity_gaps
from tradewinds.world.variables import MEASURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.world.scenario import WorldShock

__all__ = ["UNITS", "Weighting", "WorldResult"]

Array = NDArray[np.float64]
Weighting = Literal["level", "gdp", "simple"]

#: Measure of a deviation -> its unit.
UNITS: Mapping[str, str] = {
    "percent": "per cent of baseline",
    "log": "100 times the change of the log",
    "points": "percentage points",
}


@dataclass(frozen=True, eq=False)
class WorldResult:
    """A scenario of the world beside its baseline.

    Attributes
    ----------
    name : str
        Of the scenario.
    calibration : Calibration
    shocks : tuple of WorldShock
    simulation : Simulation
        All variables of all years solved.
    first_year, last_year : int
        Years that are reported.
    """

    name: str
    calibration: Calibration
    shocks: tuple[WorldShock, ...]
    simulation: Simulation
    first_year: int
    last_year: int

    @property
    def ok(self) -> bool:
        """True if the model is solved."""
        return self.simulation.ok

    @property
    def residual(self) -> float:
        """Largest residual, relative to the largest term of its equation."""
        return max(solution.residual.norm for solution in self.simulation.solutions)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noticed on the way to the solution.

        Claims abroad of each finance-constrained country, whose trade must balance, and those of the world would grow by their
        interest, but from zero: as many roots too many are in every world, and are no reason why one is not solved.
        """
        harmless, found = len(self.calibration.groups.get("finance_constrained", ())) + 1, []
        for note in self.simulation.notes:
            count = re.search(r"(\d+) roots outside the unit circle for (\d+) jumps", note)
            if count is None:
                found.append(note)
            elif int(count[1]) - int(count[2]) != harmless:
                found.append(
                    f"{note} (with {harmless} more than jumps the world is in order: claims abroad that stay at zero)"
                )
        return tuple(found)

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """The paper, the sources of its equations and of the method."""
        return ("bayoumi-coe-helpman1996", "masson-symansky-meredith1990", *self.simulation.citation_keys)

    @property
    def years(self) -> range:
        """Years that are reported."""
        return range(self.first_year, self.last_year + 1)

    @functools.cached_property
    def _paths(self) -> dict[str, tuple[Array, Array]]:
        """Scenario and baseline of each variable in the years reported, shapes (T, V) or (T,)."""
        chosen = {"year": list(self.years)}
        after, before = self.simulation.databank.sel(chosen), self.simulation.baseline.sel(chosen)
        return {name: (after[name].values, before[name].values) for name in MEASURES}

    def levels(self, variable: str) -> tuple[Array, Array]:
        """Return a variable in the scenario and on the baseline, shapes (T, V), or (T,) if it is global."""
        if variable not in self._paths:
            raise InputError(f"the world model has no variable {variable!r}.{did_you_mean(variable, self._paths)}")
        return self._paths[variable]

    def deviation(self, variable: str, where: str = "", weighting: Weighting | None = None) -> Array:
        """Return a variable's deviation from the baseline in each year reported, shape (T,).

        Parameters
        ----------
        variable : str
        where : str
            A country, a group, or countries joined by ``+``; empty for a global variable.
        weighting : {"level", "gdp", "simple"}, optional
            How countries of a group are put together: quantities are summed (``level``), other deviations are averaged with
            output as weights (``gdp``) or without (``simple``). Default: levels for quantities, output for the rest.

        Returns
        -------
        ndarray
            Per cent, 100 times the change of the log, or percentage points: see :data:`UNITS`.

        Raises
        ------
        InputError
            If there is no such variable, country or weighting.
        """
        if weighting not in (None, *get_args(Weighting)):
            raise InputError(f"weighting is {weighting!r}; choose from {', '.join(get_args(Weighting))}")
        after, before = self.levels(variable)
        measure = MEASURES[variable]
        if after.ndim == 1:
            return _measured(measure, after, before)
        codes = self.members(where)
        places = [self.calibration.codes.index(code) for code in codes]
        chosen: Weighting = weighting or ("level" if measure == "percent" else "gdp")
        weights = self._weights(variable, chosen)[places]
        if chosen == "level":
            return _measured(measure, after[:, places] @ weights, before[:, places] @ weights)
        return np.asarray(_measured(measure, after[:, places], before[:, places]) @ (weights / weights.sum()))

    def members(self, where: str) -> tuple[str, ...]:
        """Return the countries that a country's or group's name, or several joined by ``+``, stand for."""
        parts = where.split("+") if where else ["all"]
        found = [code for part in parts for code in self.calibration.find_scope(part.strip(), what="country")]
        return tuple(dict.fromkeys(found))

    def _weights(self, variable: str, weighting: Weighting) -> Array:
        if weighting == "simple":
            return np.ones(len(self.calibration.codes))
        if (
            weighting == "level" and variable == "domestic_rnd_stock"
        ):  # an index: its level is that of the baseline's stock
            return np.asarray(self.calibration.model_parameters["rnd_stock_level"])
        return self.calibration.arrays["gdp_share"]

    def table(
        self, variables: Sequence[str], where: str, years: Sequence[int], weighting: Weighting | None = None
    ) -> pd.DataFrame:
        """Return deviations with variables in rows and years in columns."""
        lacking = [year for year in years if year not in self.years]
        if lacking:
            raise InputError(f"year {lacking[0]} is not reported; years are {self.first_year} to {self.last_year}")
        places = [year - self.first_year for year in years]
        rows = {name: self.deviation(name, where, weighting)[places] for name in variables}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(years))

    def shares_of_output(self, where: str = "") -> pd.DataFrame:
        """Return how much of potential output's deviation comes from productivity and how much from capital.

        ``log Y* = log F + a log K``: the two are logs, times 100, and add up to that of potential output where labour is unchanged.
        """
        codes = self.members(where)
        places = [self.calibration.codes.index(code) for code in codes]
        weights = self._weights("output", "gdp")[places]
        weights = weights / weights.sum()
        change = {
            name: 100 * np.log(a / b)[:, places]
            for name in ("tfp", "capital", "potential_output")
            for a, b in [self._paths[name]]
        }
        share = self.calibration.arrays["capital_share"][places]
        return pd.DataFrame(
            {
                "potential_output": change["potential_output"] @ weights,
                "from_productivity": change["tfp"] @ weights,
                "from_capital": (share * change["capital"]) @ weights,
            },
            index=pd.Index(list(self.years), name="year"),
        )

    def identities(self) -> dict[str, float]:
        """Return the largest gap of each accounting identity over all years solved; see :mod:`tradewinds.world.identities`."""
        return identity_gaps(self.calibration, self.simulation.databank)

    def tidy(self) -> pd.DataFrame:
        """Return deviations with the columns variable, value, unit, scenario, country, year; country is empty for the world."""
        rows = []
        for variable, measure in MEASURES.items():
            after, before = self._paths[variable]
            found = _measured(measure, after, before)
            columns = found.T if found.ndim == 2 else found[None]
            for code, values in zip(self.calibration.codes if found.ndim == 2 else ("",), columns, strict=True):
                rows.append(
                    pd.DataFrame(
                        {
                            "variable": variable,
                            "value": values,
                            "unit": UNITS[measure],
                            "scenario": self.name,
                            "country": code,
                            "year": list(self.years),
                        }
                    )
                )
        return tidy_frame(pd.concat(rows, ignore_index=True), ("scenario", "country", "year"))

    @functools.cached_property
    def alone(self) -> Mapping[str, WorldResult]:
        """A result of each shock alone, by its label, simulated when it is first asked for.

        Raises
        ------
        InputError
            If this result is not solved.
        ConvergenceError
            If a shock alone does not solve.
        """
        return simulated_alone(self)

    def contribution(self, variable: str, where: str = "", weighting: Weighting | None = None) -> pd.DataFrame:
        """Return what each shock contributes to :meth:`deviation`: a column a shock, then ``interaction``; a row a year.

        A shock contributes what it does alone, whatever the order of shocks; ``interaction`` is what is left of their joint effect,
        so that a row adds up to the deviation. Shocks that were given one name go together.
        """
        return contribution_of(self, self.alone, variable, where, weighting)

    def contributions(self) -> pd.DataFrame:
        """Return what each shock contributes to every deviation, with the columns variable, value, unit, country, year, shock.

        As in :meth:`contribution`: over ``shock``, ``interaction`` included, values add up to those of :meth:`tidy`.
        """
        return tidy_contributions(self, self.alone)

    def summary(self) -> str:
        """Return the shocks, how well the model is solved, and long-run effects by country, as text."""
        lines = [f"{self.name}: {self.calibration.title}, {self.first_year} to {self.last_year}"]
        lines += [
            f"  shock: {f'{given.name}: ' if given.name else ''}{shock.label}{size_text(shock)}"
            for given, shock in zip(self.shocks, self.simulation.shocks, strict=True)
        ] or ["  no shock"]
        lines += [f"  {'solved' if self.ok else 'NOT SOLVED'}, largest residual {self.residual:.1e}"]
        lines += [f"  note: {note}" for note in self.notes]
        lines += [f"Deviations from the baseline in {self.last_year}:"]
        names = ("potential_output", "tfp", "capital", "consumption")
        lines += [f"{'':6}" + "".join(f"{name:>18}" for name in names)]
        for code in self.calibration.codes:
            lines.append(f"{code:6}" + "".join(f"{self.deviation(name, code)[-1]:18.2f}" for name in names))
        return "\n".join(lines)

    def plot_contributions(self, where: str | Sequence[str] = (), variable: str = "potential_output") -> Figure:
        """Return a figure of what each shock contributes to a variable's deviation, stacked, one panel a country or group."""
        from tradewinds.world.figures import plot_contributions

        return plot_contributions(self, (where,) if isinstance(where, str) and where else where, variable)

    def plot(self, where: str | Sequence[str] = ()) -> Figure:
        """Return the figure of the paper: output and productivity, and consumption, investment and capital, by country or group."""
        from tradewinds.world.figures import plot_result

        return plot_result(self, (where,) if isinstance(where, str) and where else where)


def _measured(measure: str, after: Array, before: Array) -> Array:
    if measure == "percent":
        return 100.0 * (after / before - 1.0)
    if measure == "log":
        return 100.0 * np.log(after / before)
    return 100.0 * (after - before)
