"""Numbers of a model by name, country and year: labelled arrays, strict about what is missing.

A databank is an ``xarray.Dataset`` with the coordinates ``year`` and ``country``. It holds every variable and exogenous variable of
the model, and the add factor of each equation as ``<equation>_add`` (zero where it is left out). Its first year is the state that
history leaves; its last one is what lies beyond the horizon. In these two, and nowhere else, values that no equation reads may be
missing (NaN): of the first year what is never read with a lag, of the last one what is never read with a lead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import AlignmentError, DataError, InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.inputs import labelled, numbers, require_mapping, whole_years
from tradewinds.solvers.perfect_foresight.model import Model, Variable, require_model

if TYPE_CHECKING:
    import xarray

__all__ = ["ADD", "Paths", "make_databank", "read_databank", "write_databank"]

Array = NDArray[np.float64]

#: What is put behind the name of an equation to name its add factor.
ADD = "_add"


@dataclass(frozen=True, eq=False)
class Paths:
    """A databank as arrays.

    Attributes
    ----------
    years : tuple of int
    unknowns : ndarray, shape (T + 2, n)
    exogenous : ndarray, shape (T + 2, m)
    add : ndarray, shape (T, n)
        Add factors of the years in between.
    """

    years: tuple[int, ...]
    unknowns: Array
    exogenous: Array
    add: Array

    @property
    def horizon(self) -> tuple[int, ...]:
        """Years in which equations hold: all but the first and the last."""
        return self.years[1:-1]


def make_databank(model: Model, years: Sequence[int], values: Mapping[str, ArrayLike]) -> xarray.Dataset:
    """Return a databank from numbers, one a year and country, one a year, one a country, or one for all.

    Parameters
    ----------
    model : Model
    years : sequence of int
        Consecutive; at least three.
    values : mapping
        By name of variable, exogenous variable or ``<equation>_add``. Country variables take shapes (), (V,), (T, 1) or
        (T, V), global ones () or (T,). What has labels is put in order by them: xarray over ``year`` and ``country``, pandas
        with years as index and countries as columns, a Series by year or by country, a mapping from countries.

    Raises
    ------
    InputError
        If a name is unknown or an array does not fit.
    """
    import xarray

    require_model(model)
    dates = _check_years(years)
    known = {item.name: item for item in (*model.variables, *model.exogenous)}
    known |= {equation.name + ADD: equation for equation in model.equations}
    data: dict[str, Any] = {}
    for name, value in require_mapping(values, "values of a databank").items():
        if name not in known:
            raise InputError(f"model {model.name} knows no {name!r}.{did_you_mean(name, known)}")
        regional = known[name].dimension == "country"
        shape = (len(dates), len(model.countries)) if regional else (len(dates),)
        given = labelled(value, dates, model.countries, name)
        dims = getattr(given, "dims", ())
        if "country" in dims and not regional:
            raise InputError(f"{name} is given by country; it is one number for the world")
        plain = numbers(given, name)
        try:
            array = np.broadcast_to(plain[:, None] if dims == ("year",) and regional else plain, shape).copy()
        except ValueError:
            raise InputError(
                f"{name} has shape {np.shape(value)}; expected a number or {shape}, (year{', country' if regional else ''})"
            ) from None
        data[name] = (("year", "country") if regional else ("year",), array)
    return xarray.Dataset(data, coords={"year": list(dates), "country": list(model.countries)})


def _check_years(years: Sequence[int]) -> tuple[int, ...]:
    dates = whole_years(years)
    if len(dates) < 3 or list(dates) != list(range(dates[0], dates[0] + len(dates))):
        raise InputError(
            f"years must be three or more in a row (the state before, the horizon, what lies beyond), got {len(dates)}"
            + (f", {dates[0]} to {dates[-1]}" if dates else "")
        )
    return dates


def read_databank(
    model: Model,
    databank: xarray.Dataset,
    *,
    what: str = "databank",
    initial: Collection[str] = (),
    terminal: Collection[str] = (),
) -> Paths:
    """Return a databank as arrays, or raise naming everything that is missing.

    Parameters
    ----------
    model : Model
    databank : Dataset
    what : str
        For messages.
    initial, terminal : collection of str
        Variables whose first or last year comes from elsewhere, and may be missing though equations read it.

    Raises
    ------
    AlignmentError
        If its countries are not the model's.
    DataError
        With every variable that is missing, and where values are.
    """
    import xarray

    require_model(model)
    if not isinstance(databank, xarray.Dataset):
        raise InputError(
            f"{what} is a {type(databank).__name__}; expected an xarray.Dataset, such as make_databank(model, years, values)"
        )
    for label in ("year", "country"):
        if label not in databank.coords and not (label == "country" and len(model.countries) == 1):
            raise AlignmentError(f"{what} has no coordinate {label}")
    years = _check_years(databank["year"].values.tolist())
    if "country" in databank.coords:
        if databank["country"].ndim == 0:
            kept = [str(databank["country"].item())]
            raise AlignmentError(f"{what} has lost its dimension country; keep it by sel(country={kept})")
        found = [str(country) for country in databank["country"].values.tolist()]
        if sorted(found) != sorted(model.countries):
            lacking = sorted(set(model.countries) - set(found))
            extra = sorted(set(found) - set(model.countries))
            parts = [f"lacks {', '.join(lacking)}"] if lacking else []
            parts += [f"has {', '.join(extra)}, which the model lacks"] if extra else []
            raise AlignmentError(f"countries of {what}: it {' and '.join(parts) or 'names one twice'}")
        if databank["country"].values.tolist() != list(model.countries):
            databank = databank.assign_coords(country=found).sel(country=list(model.countries))
    problems: list[str] = []
    first = {item.name for item in model.variables if item.name in initial or not model.reads(item.name, -1)}
    last = {item.name for item in model.variables if item.name in terminal or not model.reads(item.name, 1)}
    unknowns = _gather(databank, model.variables, len(model.countries), problems, first, last, _STATES)
    first = {item.name for item in model.exogenous if not model.reads(item.name, -1)}
    last = {item.name for item in model.exogenous if not model.reads(item.name, 1)}
    exogenous = _gather(databank, model.exogenous, len(model.countries), problems, first, last, _READ)
    adds = [Variable(item.name + ADD, "", dimension=item.dimension) for item in model.equations]
    present = [item for item in adds if item.name in databank]
    unread = {item.name for item in present}
    partly = _gather(databank, present, len(model.countries), problems, unread, unread, _READ)
    known = {item.name for item in (*model.variables, *model.exogenous, *adds)}
    problems += [
        f"{name} is no equation's add factor.{did_you_mean(str(name), known)} Drop it if it is not needed"
        for name in databank.data_vars
        if str(name).endswith(ADD) and name not in known
    ]
    if problems:
        raise DataError(what, problems)
    add = np.zeros((len(years), model.size))
    start = taken = 0
    for item in adds:
        width = len(model.countries) if item.dimension == "country" else 1
        if item.name in databank:
            add[:, start : start + width] = partly[:, taken : taken + width]
            taken += width
        start += width
    return Paths(years, unknowns, exogenous, add[1:-1])


#: What is said of a value that is missing in the first or the last year.
_READ = {0: "equations of the next year read it with a lag", -1: "equations of the year before read it with a lead"}
_STATES = {
    0: _READ[0] + "; give it, or initial={{'{0}': value}} to simulate",
    -1: _READ[-1] + "; give it, or terminal=\"growth\" or terminal={{'{0}': value}} to simulate",
}


def _gather(
    databank: xarray.Dataset,
    items: Sequence[Variable],
    countries: int,
    problems: list[str],
    first: Collection[str],
    last: Collection[str],
    reasons: Mapping[int, str],
) -> Array:
    """Return values (year, column), noting what is missing but for the first and last year of the variables named."""
    columns = []
    length = databank.sizes["year"]
    for item in items:
        width = countries if item.dimension == "country" else 1
        if item.name not in databank:
            problems.append(f"{item.name} is missing" + (f" ({item.meaning})" if item.meaning else ""))
            columns.append(np.zeros((length, width)))
            continue
        wanted = ("year", "country") if item.dimension == "country" else ("year",)
        series = databank.variables[item.name]
        if set(series.dims) != set(wanted):
            problems.append(
                f"{item.name} has dimensions {', '.join(map(str, series.dims))}; expected {', '.join(wanted)}"
            )
            columns.append(np.zeros((length, width)))
            continue
        try:
            values = numbers(series.transpose(*wanted).values, item.name).reshape(length, width)
        except InputError as error:
            problems.append(str(error))
            columns.append(np.zeros((length, width)))
            continue
        bad = ~np.isfinite(values)
        for row, optional in ((0, first), (-1, last)):
            bad[row] &= ~(np.isnan(values[row]) & (item.name in optional))
        if bad.any():
            problems.append(_missing(databank, item, values, np.argwhere(bad), reasons))
        columns.append(values)
    return np.concatenate(columns, axis=1) if columns else np.zeros((length, 0))


def _missing(
    databank: xarray.Dataset, item: Variable, values: Array, bad: NDArray[np.intp], reasons: Mapping[int, str]
) -> str:
    """Return what is not a number, where first, how often, and where it is one of the ends, who reads it."""
    row, column = (int(place) for place in bad[0])
    year = int(databank["year"].values[row])
    where = str(year)
    if item.dimension == "country":
        countries = databank["country"].values if "country" in databank.coords else [""]
        where = f"{countries[column]}, {year}".removeprefix(", ")
    more = f" ({len(bad)} such values)" if len(bad) > 1 else ""
    end = {0: 0, len(values) - 1: -1}.get(row)
    why = "" if end is None else f": {reasons[end].format(item.name)}"
    return f"{item.name} is {values[row, column]:g} at {where}{more}{why}"


def write_databank(model: Model, paths: Paths) -> xarray.Dataset:
    """Return arrays as a databank, add factors included where any is not zero."""
    values: dict[str, ArrayLike] = {}
    count = len(model.countries)
    add = np.zeros((len(paths.years), model.size))
    add[1:-1] = paths.add
    for items, array in ((model.variables, paths.unknowns), (model.exogenous, paths.exogenous), (model.equations, add)):
        start = 0
        for item in items:
            width = count if item.dimension == "country" else 1
            part = array[:, start : start + width]
            start += width
            suffix = ADD if items is model.equations else ""
            if suffix and not part.any():
                continue
            values[item.name + suffix] = part if item.dimension == "country" else part[:, 0]
    return make_databank(model, paths.years, values)
