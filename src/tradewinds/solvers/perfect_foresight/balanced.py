"""Levels and rates of a path on which every variable moves steadily, and a model's equations on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array

from tradewinds.errors import InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.damped import Linear
from tradewinds.solvers.perfect_foresight.inputs import require_mapping
from tradewinds.solvers.perfect_foresight.model import Model, Variable
from tradewinds.solvers.perfect_foresight.newton import Problem, Terminal, residual_scale
from tradewinds.solvers.perfect_foresight.shocks import places
from tradewinds.solvers.perfect_foresight.stacked import Stacked
from tradewinds.solvers.perfect_foresight.structure import Pattern

__all__ = ["BalancedSystem", "Given", "Rates", "by_name", "read_given"]

Array = NDArray[np.float64]

#: Share of the largest term of an equation below which an unknown in it does not matter.
SMALL_SHARE = 1e-3
#: Levels below this may have vanished; they have if an equation misses more than this share of its largest term.
VANISHED, LIMIT = 1e-8, 1e-6
#: Values by name: one number, one a country, or a mapping from countries to numbers.
Given = Mapping[str, "ArrayLike | Mapping[str, float]"]


@dataclass(frozen=True, eq=False)
class Rates:
    """How values move from one period to the next: ``x[t] = x (1 + growth)^t + drift t``.

    Attributes
    ----------
    growth, drift : ndarray, shape (n,)
        Zero where a value stays.
    """

    growth: Array
    drift: Array

    def at(self, level: Array, period: int) -> Array:
        """Return values of a period, counted from the one of the levels."""
        return level * (1.0 + self.growth) ** period + self.drift * period

    @property
    def any(self) -> bool:
        """True if something moves."""
        return bool(np.any(self.growth) or np.any(self.drift))


@dataclass(frozen=True, eq=False)
class BalancedSystem:
    """A model's equations on a path of steady rates; the unknowns are levels, some of them given.

    Attributes
    ----------
    stacked : Stacked
    parameters : mapping
    rates, given_rates : Rates
        Of the model's variables, and of the exogenous ones.
    exogenous : ndarray, shape (m,)
    fixed : ndarray, shape (n,)
        Levels that are given; NaN where they are sought.
    missed : ndarray, shape (n,)
        Taken off the residuals; zero but on the road of a homotopy.
    """

    stacked: Stacked
    parameters: Mapping[str, Array]
    rates: Rates
    given_rates: Rates
    exogenous: Array
    fixed: Array
    missed: Array

    @property
    def free(self) -> NDArray[np.intp]:
        """Places of the unknowns that are sought."""
        return np.flatnonzero(np.isnan(self.fixed))

    def whole(self, sought: Array) -> Array:
        """Return all levels, shape (n,), from those that are sought."""
        level = self.fixed.copy()
        level[self.free] = sought
        return level

    def problem(self, level: Array, period: int = 0) -> Problem:
        """Return the equations of one period, with its neighbours as given."""
        around = np.stack([self.given_rates.at(self.exogenous, period + k) for k in (-1, 0, 1)])
        before, beyond = (self.rates.at(level, period + k) for k in (-1, 1))
        add = -self.missed[None]
        return Problem(self.stacked, before, around, add, self.parameters, Terminal.fixed(beyond))

    def scaled_residuals(self, level: Array, period: int = 0) -> Array:
        """Return the residuals of a period, relative to the largest term of their equations, shape (n,)."""
        problem, now = self.problem(level, period), self.rates.at(level, period)[None]
        residual, data = problem.derivatives(now)
        return np.asarray((residual / residual_scale(problem, now, data))[0])

    def residuals(self, sought: Array) -> Array:
        """Return the residuals of the first period, shape (n,)."""
        level = self.whole(sought)
        return np.asarray(self.problem(level).residuals(level[None])[0])

    def linear(self, sought: Array) -> Linear:
        """Return the first period to first order: a level moves all three periods that its equations read."""
        level, pattern, free = self.whole(sought), self.stacked.pattern, self.free
        problem = self.problem(level)
        residual, data = problem.derivatives(level[None])
        tolerated = residual_scale(problem, level[None], data)[0]
        terms = data[0] * (1.0 + self.rates.growth[pattern.columns]) ** pattern.slots
        sizes = _sizes(np.abs(terms), pattern, np.abs(level))
        terms = terms / tolerated[pattern.rows]
        columns = _largest(np.abs(terms), pattern.columns, pattern.size)  # of terms: what cancels must not be blown up
        places = (pattern.rows, pattern.columns)
        matrix = csc_array((terms / columns[pattern.columns], places), shape=(pattern.size, pattern.size))
        return Linear(residual[0], tolerated, csc_array(matrix[:, free]), columns[free], sizes[free])

    def cannot_vanish(self, sought: Array, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return those of some unknowns that cannot be zero or change their sign: an equation would not be finite."""
        if not chosen.size:
            return chosen
        turned = np.repeat(self.whole(sought)[None], 2 * chosen.size, axis=0)
        each = np.arange(chosen.size)
        turned[2 * each, self.free[chosen]] *= -1.0
        turned[2 * each + 1, self.free[chosen]] = 0.0
        path = np.stack([self.rates.at(turned, k) for k in (-1, 0, 1)], axis=1).reshape(-1, turned.shape[1])
        around = np.stack([self.given_rates.at(self.exogenous, k) for k in (-1, 0, 1)])
        none = np.zeros((len(path) - 2, turned.shape[1]))
        residuals = self.stacked.residuals(path, np.tile(around, (len(turned), 1)), none, self.parameters)[::3]
        defined = np.all(np.isfinite(residuals), axis=1).reshape(-1, 2)  # every third window is one of the points
        return chosen[~np.all(defined, axis=1)]

    def vanished(self, sought: Array, start: Array) -> NDArray[np.intp]:
        """Return unknowns that went to zero though they cannot be: their equations hold in the limit only, where all is small."""
        small = np.flatnonzero((np.abs(sought) < VANISHED) & (np.abs(start) >= VANISHED))
        small = self.cannot_vanish(start, small)
        if not small.size:
            return small
        level, pattern = self.whole(sought), self.stacked.pattern
        residual, data = self.problem(level).derivatives(level[None])
        terms = _largest(np.abs(data[0] * level[pattern.columns]), pattern.rows, pattern.size)
        open_rows = np.flatnonzero(np.abs(residual[0]) > LIMIT * terms)
        return np.intersect1d(small, np.searchsorted(self.free, pattern.columns[np.isin(pattern.rows, open_rows)]))


def _sizes(terms: Array, pattern: Pattern, level: Array) -> Array:
    """Return the size of unknowns, which is not that of their level where this happens to be near zero.

    An unknown is at least as large as what would be a small share of the largest term in one of its equations.
    """
    size = level
    for _ in range(3):
        rows = _largest(terms * size[pattern.columns], pattern.rows, pattern.size)
        with np.errstate(divide="ignore"):
            share = np.where(terms > 0, SMALL_SHARE * rows[pattern.rows] / terms, 0.0)
        size = level.copy()
        np.maximum.at(size, pattern.columns, np.where(np.isfinite(share), share, 0.0))
    return np.where(size > 0, size, 1.0)


def _largest(values: Array, places: NDArray[np.intp], count: int) -> Array:
    """Return the largest of the values that belong to each place; one where there is none that can be used."""
    out = np.zeros(count)
    np.maximum.at(out, places, np.where(np.isfinite(values), values, 0.0))
    return np.where(out > 0, out, 1.0)


def read_given(model: Model, items: Sequence[Variable], given: Given | None, what: str, default: float) -> Array:
    """Return values by name as a flat vector, with a default where none is given.

    Parameters
    ----------
    model : Model
    items : sequence of Variable
        What may be named.
    given : mapping, optional
        By name: one number, one a country, or a mapping from countries to numbers.
    what : str
        For messages.
    default : float

    Raises
    ------
    InputError
        If a name or country is unknown, a shape does not fit, or a number is not finite.
    """
    columns, regional = places(items, model), {item.name for item in items if item.dimension == "country"}
    out = np.full(sum(place.size for place in columns.values()), float(default))
    for name, value in require_mapping(given, what).items():
        if name not in columns:
            raise InputError(f"{what}: model {model.name} has no {name!r} to give it for.{_hint(model, name, columns)}")
        value = _by_label(value, f"{what} of {name}")
        place, numbers = columns[name], value
        if isinstance(value, Mapping):
            if name not in regional:
                raise InputError(f"{what} of {name} is given by country; it is one number for the world")
            unknown = [country for country in value if str(country) not in model.countries]
            if unknown:
                hint = did_you_mean(str(unknown[0]), model.countries)
                raise InputError(f"{what} of {name}: no country {unknown[0]!r}.{hint}")
            place = place[[model.countries.index(str(country)) for country in value]]
            numbers = list(value.values())
        try:
            array = np.asarray(numbers, dtype=float)
        except (TypeError, ValueError):
            array = np.asarray(np.nan)
        if array.shape not in ((), (place.size,)) or not np.all(np.isfinite(array)):
            many = f", or {len(model.countries)} of them, or a mapping by country" if name in regional else ""
            raise InputError(f"{what} of {name} is {value!r}; give one finite number{many}")
        out[place] = array
    return out


def _by_label(value: object, what: str) -> object:
    """Return values that have labels as a mapping from countries; others as they are."""
    import pandas as pd
    import xarray

    if isinstance(value, xarray.DataArray) and value.ndim:
        if value.dims != ("country",):
            raise InputError(f"{what} has the dimension {', '.join(map(str, value.dims))}; expected country")
        if "country" not in value.coords:
            return value.values
        value = value.to_series()
    if isinstance(value, pd.Series):
        if not value.index.is_unique:
            raise InputError(f"{what} names a country twice")
        return dict(value.items())
    return value


def _hint(model: Model, name: str, known: Mapping[str, object]) -> str:
    """Return what may have been meant by a name that cannot be given."""
    if name in {item.name for item in model.exogenous}:
        return " It is exogenous, not determined by the model."
    if name in {item.name for item in model.variables}:
        return " The model determines it."
    return did_you_mean(str(name), known)


def by_name(model: Model, items: Sequence[Variable], flat: Array) -> dict[str, Array]:
    """Return a flat vector as arrays by name: shape (V,) for country variables, () for global ones."""
    columns = places(items, model)
    return {
        item.name: flat[columns[item.name]] if item.dimension == "country" else flat[columns[item.name][0]]
        for item in items
    }
