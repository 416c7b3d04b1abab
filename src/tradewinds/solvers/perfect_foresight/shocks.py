"""Shocks: changes of exogenous variables and add factors, by country and year, with the date at which they become known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.databank import ADD, Paths
from tradewinds.solvers.perfect_foresight.inputs import labelled, numbers, several, whole_years
from tradewinds.solvers.perfect_foresight.model import Model, Variable

__all__ = [
    "Shock",
    "apply_shocks",
    "check_years",
    "find_given",
    "given_places",
    "known_from",
    "pick_countries",
    "places",
]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Shock:
    """A change of an exogenous variable, or of an equation's add factor.

    Attributes
    ----------
    variable : str
        Name of an exogenous variable, or ``<equation>_add``.
    size : float or sequence of float
        One number for all its years, or one a year of the horizon; the last one holds on where the shock has no end. A pandas
        Series or an xarray DataArray by year is read by its labels.
    start, end : int
        First and last year; without an end it is permanent, beyond the horizon too.
    countries : str or sequence of str
        Empty is all of them.
    relative : bool
        A fraction of the baseline instead of an amount.
    announced : int, optional
        Year in which it becomes known; default: before the horizon begins.
    """

    variable: str
    size: float | Sequence[float] | NDArray[np.float64]
    start: int
    end: int | None = None
    countries: Sequence[str] = ()
    relative: bool = False
    announced: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "countries", several(self.countries, f"countries of the shock to {self.variable}"))
        if isinstance(self.size, list | np.ndarray) and np.ndim(self.size):  # equal shocks shall be equal
            object.__setattr__(self, "size", tuple(np.asarray(self.size).tolist()))
        for name in ("start", "end", "announced"):
            year = getattr(self, name)
            if year is not None or name == "start":
                object.__setattr__(self, name, whole_years([year])[0])

    @property
    def label(self) -> str:
        """Name for tables, such as ``tfp[home] 2001-2005``."""
        where = f"[{', '.join(self.countries)}]" if self.countries else ""
        when = f"from {self.start}" if self.end is None else f"{self.start}-{self.end}"
        news = "" if self.announced is None else f", announced {self.announced}"
        return f"{self.variable}{where} {when}{news}"


def known_from(shock: Shock, paths: Paths) -> int:
    """Return the first year of the horizon in which a shock is known.

    Raises
    ------
    InputError
        If it is announced after the horizon, or after it has begun.
    """
    if shock.announced is None or shock.announced <= paths.horizon[0]:
        return paths.horizon[0]
    if shock.announced not in paths.horizon:
        raise InputError(
            f"shock to {shock.variable} is announced in {shock.announced}; "
            f"the horizon is {paths.horizon[0]} to {paths.horizon[-1]}"
        )
    if shock.announced > shock.start:
        raise InputError(
            f"shock to {shock.variable} starts in {shock.start} and is announced in {shock.announced}: "
            "announce it no later than that"
        )
    return shock.announced


def apply_shocks(model: Model, paths: Paths, shocks: Sequence[Shock]) -> Paths:
    """Return paths with exogenous variables and add factors changed.

    Raises
    ------
    InputError
        If a name, a country or a year is not the model's, sizes do not fit the years, or a baseline of zero has no fraction.
    """
    exogenous, add = paths.exogenous.copy(), paths.add.copy()
    known = given_places(model)
    for shock in shocks:
        columns, is_add = find_given(shock.variable, known, model, "shock")
        target, before = (add, paths.add) if is_add else (exogenous, paths.exogenous)
        rows = _rows(shock, paths, offset=int(is_add), length=target.shape[0])
        chosen = pick_countries(shock.countries, columns, model, f"shock to {shock.variable}")
        change = np.broadcast_to(_sizes(shock, paths, len(rows)), (len(rows), len(chosen)))
        cells = np.ix_(np.array(rows), chosen)
        if shock.relative and np.any(change) and not np.any(before[cells]):
            raise InputError(
                f"shock to {shock.label} is relative to a baseline of zero, of which any fraction is nothing; give an amount"
            )
        target[cells] += change * before[cells] if shock.relative else change
    return replace(paths, exogenous=exogenous, add=add)


def places(items: Sequence[Variable], model: Model) -> dict[str, NDArray[np.intp]]:
    """Return the columns of each variable, exogenous variable or equation in a year's flat vector."""
    out, start = {}, 0
    for item in items:
        width = len(model.countries) if item.dimension == "country" else 1
        out[item.name] = np.arange(start, start + width)
        start += width
    return out


def given_places(model: Model) -> dict[str, tuple[NDArray[np.intp], bool]]:
    """Return columns by name of all that can be shocked, and whether it is an add factor."""
    known = {name: (columns, False) for name, columns in places(model.exogenous, model).items()}
    return known | {name + ADD: (columns, True) for name, columns in places(model.equations, model).items()}


def find_given(
    name: str, known: dict[str, tuple[NDArray[np.intp], bool]], model: Model, use: str
) -> tuple[NDArray[np.intp], bool]:
    """Return columns of an exogenous variable or add factor, or raise naming what is near."""
    if name in known:
        return known[name]
    determined = [variable.name for variable in model.variables]
    hint = (
        f" It is determined by the model: {use} the add factor of its equation."
        if name in determined
        else did_you_mean(name, known)
    )
    raise InputError(f"{name!r} is no exogenous variable or add factor of model {model.name}.{hint}")


def pick_countries(countries: Sequence[str], columns: NDArray[np.intp], model: Model, what: str) -> NDArray[np.intp]:
    """Return the columns of some countries; all of them where none is named."""
    if not countries:
        return columns
    if columns.size != len(model.countries):
        raise InputError(f"{what}: it is one for the world, so name no countries")
    unknown = [country for country in countries if country not in model.countries]
    if unknown:
        raise InputError(f"{what}: no country {unknown[0]!r}.{did_you_mean(unknown[0], model.countries)}")
    if len(set(countries)) != len(countries):
        raise InputError(f"{what}: a country is named twice in {', '.join(countries)}")
    return columns[[model.countries.index(country) for country in countries]]


def check_years(start: int, end: int, paths: Paths, what: str) -> None:
    """Raise unless two years lie in the horizon in their order."""
    for label, year in (("starts", start), ("ends", end)):
        if year not in paths.horizon:
            raise InputError(f"{what} {label} in {year}; the horizon is {paths.horizon[0]} to {paths.horizon[-1]}")
    if end < start:
        raise InputError(f"{what} ends in {end}, before it starts in {start}")


def _rows(shock: Shock, paths: Paths, *, offset: int, length: int) -> list[int]:
    """Return the rows of the years in which a shock holds; a permanent one holds beyond the horizon too."""
    check_years(shock.start, paths.horizon[-1] if shock.end is None else shock.end, paths, f"shock to {shock.variable}")
    last = paths.years[-1] if shock.end is None else shock.end
    rows = [paths.years.index(year) - offset for year in range(shock.start, last + 1)]
    return [row for row in rows if row < length]


def _sizes(shock: Shock, paths: Paths, rows: int) -> Array:
    """Return sizes as a column of one or of ``rows`` numbers."""
    what, last = f"size of the shock to {shock.variable}", paths.horizon[-1] if shock.end is None else shock.end
    size = numbers(labelled(shock.size, range(shock.start, last + 1), (), what), what)
    if not np.all(np.isfinite(size)) or size.ndim > 1:
        raise InputError(f"shock to {shock.variable}: size must be a finite number, or one a year, got {shock.size!r}")
    if size.ndim == 0:
        return size.reshape(1, 1)
    count = last - shock.start + 1
    if size.size != count:
        raise InputError(f"shock to {shock.variable} has {size.size} sizes for {count} years")
    return np.concatenate([size, np.repeat(size[-1:], rows - count)])[:, None]
