"""A plan read against a model and a baseline: which cells become given, which become unknown, and that they are as many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.databank import ADD, Paths
from tradewinds.solvers.perfect_foresight.inputs import labelled, numbers
from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.plan import Plan, Target
from tradewinds.solvers.perfect_foresight.shocks import find_given, given_places, pick_countries, places

__all__ = ["Cell", "Swap", "named", "read_plan"]

Array = NDArray[np.float64]

#: How many groups of cells a message names.
NAMED = 6


class Cell(NamedTuple):
    """One number of a path.

    Attributes
    ----------
    name, country : str
        The country is empty where the variable is one for the world.
    year : int
    column : int
        In a year's flat vector of unknowns, exogenous variables or add factors.
    is_add : bool
        Whether it is an add factor.
    """

    name: str
    country: str
    year: int
    column: int
    is_add: bool

    @property
    def label(self) -> str:
        """Name with its country, such as ``tfp[home]``."""
        return f"{self.name}[{self.country}]" if self.country else self.name

    def __str__(self) -> str:
        return f"{self.label} in {self.year}"


@dataclass(frozen=True, eq=False)
class Swap:
    """As many instruments as targets, one a cell.

    Attributes
    ----------
    targets, instruments : tuple of Cell, length k
    goals : ndarray, shape (k,)
        Level of each target.
    """

    targets: tuple[Cell, ...]
    instruments: tuple[Cell, ...]
    goals: Array


def read_plan(plan: Plan, model: Model, paths: Paths, first: int) -> Swap:
    """Return a plan as cells of a model, checked.

    Parameters
    ----------
    plan : Plan
    model : Model
    paths : Paths
        The baseline.
    first : int
        First year in which the plan is known.

    Raises
    ------
    InputError
        If a name, a country, a year or a value cannot be used, a cell occurs twice, or instruments and targets do not match.
    """
    horizon = tuple(year for year in paths.horizon if year >= first)
    determined, given = places(model.variables, model), given_places(model)
    targets: list[Cell] = []
    instruments: list[Cell] = []
    goals: list[Array] = []
    for target in plan.targets:
        what = f"target {target.variable}"
        if target.variable not in determined:
            raise InputError(f"{what}: model {model.name} determines no such variable.{_hint(target, model)}")
        years = _in_horizon(target.years, horizon, what)
        columns = pick_countries(target.countries, determined[target.variable], model, what)
        cells = _cells(target.variable, columns, determined[target.variable], years, model, is_add=False)
        before = paths.unknowns[np.ix_(np.array([paths.years.index(year) for year in years]), columns)]
        goals.append(_goals(target, cells, before, what))
        targets += cells
    for instrument in plan.instruments:
        what = f"instrument {instrument.name}"
        everywhere, is_add = find_given(instrument.name, given, model, "as instrument take")
        years = _in_horizon(instrument.years, horizon, what)
        columns = pick_countries(instrument.countries, everywhere, model, what)
        instruments += _cells(instrument.name, columns, everywhere, years, model, is_add=is_add)
    _check_once(targets, "target")
    _check_once(instruments, "instrument")
    _check_counts(targets, instruments)
    return Swap(tuple(targets), tuple(instruments), np.concatenate(goals))


def _hint(target: Target, model: Model) -> str:
    if target.variable in [item.name for item in model.exogenous]:
        return " It is exogenous: give its path as a shock."
    return did_you_mean(target.variable, [item.name for item in model.variables])


def _in_horizon(years: tuple[int, ...], horizon: tuple[int, ...], what: str) -> tuple[int, ...]:
    outside = [year for year in years if year not in horizon]
    if outside:
        raise InputError(f"{what} names the year {outside[0]}; the plan covers {horizon[0]} to {horizon[-1]}")
    return years or horizon


def _cells(
    name: str, columns: NDArray[np.intp], everywhere: NDArray[np.intp], years: Sequence[int], model: Model, is_add: bool
) -> list[Cell]:
    """Return cells of some of a variable's columns, year by year, countries inside."""
    regional = {item.name for item in (*model.variables, *model.exogenous) if item.dimension == "country"}
    regional |= {item.name + ADD for item in model.equations if item.dimension == "country"}
    where = [model.countries[int(column - everywhere[0])] if name in regional else "" for column in columns]
    return [
        Cell(name, country, year, int(column), is_add)
        for year in years
        for country, column in zip(where, columns, strict=True)
    ]


def _goals(target: Target, cells: Sequence[Cell], before: Array, what: str) -> Array:
    """Return the levels asked for, one a cell, given the baseline's, shape (years, countries)."""
    years, countries = (list(dict.fromkeys(getattr(cell, part) for cell in cells)) for part in ("year", "country"))
    given = labelled(target.values, years, [country for country in countries if country], what)
    values = numbers(given, f"value of {what}")
    if values.ndim == 1:
        values = values[None] if getattr(given, "dims", ()) == ("country",) else values[:, None]
    if values.ndim > 2 or values.shape not in ((), (before.shape[0], 1), (1, before.shape[1]), before.shape):
        raise InputError(
            f"{what} has values of shape {np.shape(target.values)}; give one number, one for each of {before.shape[0]} "
            f"year(s), or shape {before.shape}, (years, countries)"
        )
    values = np.broadcast_to(values, before.shape)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        more = f" ({bad.size} such values)" if bad.size > 1 else ""
        raise InputError(
            f"target {cells[bad[0]]} is {values.flat[bad[0]]:g}{more}; name only the years and countries that have a target"
        )
    if target.kind == "levels":
        return np.array(values).ravel()
    zero = np.flatnonzero(before == 0)
    if target.kind == "percent" and zero.size:
        raise InputError(f"target {cells[zero[0]]}: a per cent of a baseline of zero is nothing; use points or levels")
    return (before * (1.0 + values / 100.0) if target.kind == "percent" else before + values).ravel()


def _check_once(cells: Sequence[Cell], what: str) -> None:
    if not cells:
        raise InputError(f"the plan has no {what}; add one with Plan.{what}(...)")
    twice = [cell for cell, count in Counter(cells).items() if count > 1]
    if twice:
        raise InputError(f"the plan names the {what} {named(twice)} twice")


def _check_counts(targets: Sequence[Cell], instruments: Sequence[Cell]) -> None:
    """Raise unless there are as many instruments as targets; say which are left over where country and year tell."""
    if len(targets) == len(instruments):
        return
    message = f"the plan has {len(targets)} target(s) and {len(instruments)} instrument(s); it needs one for one"
    loose_targets, loose_instruments = _unpaired(targets, instruments), _unpaired(instruments, targets)
    if loose_targets and not loose_instruments:
        raise InputError(f"{message}. No instrument for {named(loose_targets)}")
    if loose_instruments and not loose_targets:
        raise InputError(f"{message}. No target for {named(loose_instruments)}")
    raise InputError(f"{message}. Targets: {named(targets)}. Instruments: {named(instruments)}")


def _unpaired(cells: Sequence[Cell], others: Sequence[Cell]) -> list[Cell]:
    """Return the cells, the last named first left, for whose country and year the others have no partner."""
    free = Counter((cell.country, cell.year) for cell in others)
    loose = []
    for cell in cells:
        if free[cell.country, cell.year]:
            free[cell.country, cell.year] -= 1
        else:
            loose.append(cell)
    return loose


def named(cells: Iterable[Cell], most: int = NAMED) -> str:
    """Return cells as text, years of one variable and country together: ``tfp[home] in 2001-2003, 2005``."""
    groups: dict[str, list[int]] = {}
    for cell in cells:
        groups.setdefault(cell.label, []).append(cell.year)
    texts = [f"{label} in {_spans(years)}" for label, years in groups.items()]
    rest = len(texts) - most
    return "; ".join(texts[:most]) + (f" and {rest} more" if rest > 0 else "")


def _spans(years: Iterable[int]) -> str:
    """Return years as text, those in a row as a span."""
    spans: list[list[int]] = []
    for year in sorted(set(years)):
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
