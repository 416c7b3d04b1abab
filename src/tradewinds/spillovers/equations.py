"""The regressions of Keller (1997) as arrays: rows are country, industry and date; one regressor a research country.

In every specification the regressor of research country ``v`` in row ``(i, j, t)`` is a weight times a series::

    x[v, ijt] = weight[v, ij] * series[v, ijt]

with weight one for own research and the share of partner ``v`` otherwise, and series the log stock or its growth, scaled for
partners by the overall import share ``m[i, j]`` in the IS specifications. Randomising trade changes weights only, so the
series are computed once (equations 4.1-4.12, 5.1 and 5.2).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.data.panel import SpilloverPanel
from tradewinds.errors import InputError
from tradewinds.spillovers.parameters import KELLER_PERIODS, Specification

__all__ = ["Design", "average_growth", "break_years", "build_design"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Design:
    """Everything a regression needs but the weights' realisation.

    With ``C`` cells (country by industry), ``P`` dates and ``V`` countries:

    Attributes
    ----------
    outcome : ndarray, shape (C, P)
        Log TFP or its average annual growth.
    series : ndarray, shape (C, P, K)
        What each weight multiplies; the overall import share is already inside. ``K`` is ``V``, or more with main effects.
    observed : ndarray, shape (C, V) or (C, P, V)
        Observed weights, own weight one.
    own : ndarray of int, shape (C,)
        Column of the cell's own country.
    industry : ndarray of int, shape (C,)
        Industry of the cell.
    dummies : ndarray, shape (C * P, F)
        Constant and fixed effects, full column rank.
    overall : ndarray, shape (C, P)
        Overall import share of each row (one in NIS specifications).
    countries : tuple of str
        Names of the ``V`` columns.
    dates : tuple of str
        Names of the ``P`` dates.
    unscaled : ndarray, shape (C, P, V)
        Series of research countries before the overall import share.
    terms : tuple of str
        Names of the ``K`` regressors: the countries, then ``weight:CAN`` and so on for main effects of the weights.
    columns : ndarray of int, shape (K,)
        Which column of the weights multiplies each regressor.
    """

    outcome: Array
    series: Array
    observed: Array
    own: NDArray[np.intp]
    industry: NDArray[np.intp]
    dummies: Array
    overall: Array
    countries: tuple[str, ...]
    dates: tuple[str, ...]
    unscaled: Array
    terms: tuple[str, ...]
    columns: NDArray[np.intp]

    @property
    def rows(self) -> int:
        """Number of observations."""
        return self.outcome.size

    @property
    def cells(self) -> int:
        """Number of country-industry cells."""
        return self.outcome.shape[0]

    @property
    def own_mask(self) -> NDArray[np.bool_]:
        """Which column is the cell's own country, shape (C, V)."""
        return np.arange(len(self.countries)) == self.own[:, None]

    @property
    def equal(self) -> Array:
        """Weights of the general spillover (5.1): own one, each partner 1/(V-1); shape (C, V)."""
        return np.where(self.own_mask, 1.0, 1.0 / (len(self.countries) - 1))

    def regressors(self, weights: Array) -> Array:
        """Return the regressor matrix, shape (C * P, K), for weights of shape (C, V) or (C, P, V)."""
        spread = weights[:, None, :] if weights.ndim == 2 else weights
        return (spread[..., self.columns] * self.series).reshape(self.rows, len(self.terms))

    def deviation(self, weights: Array) -> Array:
        """Return weights of the trade part of (5.2): share minus 1/(V-1) for partners and zero for own research.

        ``weights`` are one realisation, shaped like :attr:`observed`, or draws of it with a leading axis. The own deviation
        is zero by definition of "trade-related": one minus 1/(V-1) would give own research two regressors, and errors of
        the general part many times those printed in Table 5.
        """
        equal, own = self.equal, self.own_mask
        if self.observed.ndim == 3:
            equal, own = equal[:, None, :], own[:, None, :]
        return np.where(own, 0.0, weights - equal)


def break_years(panel: SpilloverPanel, specification: Specification) -> tuple[int, ...]:
    """Return the break years of a growth specification.

    Raises
    ------
    InputError
        If a requested year is not in the panel, naming the years there are.
    """
    if specification.periods is not None:
        wanted = specification.periods
    elif set(KELLER_PERIODS) <= set(panel.years):
        wanted = KELLER_PERIODS
    else:
        count = max(1, round((panel.years[-1] - panel.years[0]) / 4))
        positions = np.unique(np.round(np.linspace(0, len(panel.years) - 1, count + 1)).astype(int))
        wanted = tuple(panel.years[position] for position in positions)
    missing = [year for year in wanted if year not in panel.years]
    if missing:
        raise InputError(
            f"periods: the panel {panel.name} has no year {', '.join(map(str, missing))}; it runs from "
            f"{panel.years[0]} to {panel.years[-1]}"
        )
    return tuple(wanted)


def average_growth(values: Array, years: tuple[int, ...], breaks: tuple[int, ...], method: str) -> Array:
    """Return average annual growth between break years, last axis years.

    ``(ln x_b - ln x_a) / (b - a)`` for ``"log"``; the mean over the years of ``x_t / x_{t-1} - 1`` for ``"arithmetic"``.

    Examples
    --------
    >>> average_growth(np.array([1.0, 1.1, 1.21]), (1970, 1971, 1972), (1970, 1972), "arithmetic").round(6)
    array([0.1])
    """
    positions = [years.index(year) for year in breaks]
    spans = np.diff(np.array(breaks, dtype=float))
    if method == "log":
        return np.diff(np.log(values[..., positions]), axis=-1) / spans
    annual = values[..., 1:] / values[..., :-1] - 1.0
    return np.stack([annual[..., start:stop].mean(axis=-1) for start, stop in itertools.pairwise(positions)], axis=-1)


def _dummies(specification: Specification, shape: tuple[int, int, int]) -> Array:
    """Return the constant and the dummies of the effects in force, without redundant columns."""
    countries, industries, dates = np.indices(shape).reshape(3, -1)
    factors = {
        "country": countries,
        "industry": industries,
        "cell": countries * shape[1] + industries,
        "period": dates,
    }
    columns = [np.ones(countries.size)]
    for effect in specification.absorbed:
        if effect in ("country", "industry") and "cell" in specification.absorbed:
            continue
        codes = factors[effect]
        columns.extend((codes == code).astype(float) for code in range(1, int(codes.max()) + 1))
    return np.column_stack(columns)


def _by_year(array: Array, dates: int) -> Array:
    """Spread an array without a year axis over dates."""
    return array if array.ndim == 3 else np.repeat(array[:, :, None], dates, axis=2)


def _overall_share(panel: SpilloverPanel, specification: Specification, at: list[int]) -> Array:
    """Return ``m[i, j]`` at each date, shape (V, J, P); one where the specification leaves it out."""
    countries, industries, _ = panel.shape
    if not specification.import_share:
        return np.ones((countries, industries, len(at)))
    if panel.import_share is None:
        raise InputError(
            f"import_share = true needs the overall import share, which panel {panel.name} does not have. Add the "
            "variable import_share to the data, or set import_share = false (NIS)."
        )
    share = panel.import_share
    return _by_year(share if share.ndim == 2 else share[:, :, at], len(at))


def _observed_weights(panel: SpilloverPanel, at: list[int], own: NDArray[np.intp]) -> Array:
    """Return observed shares with own weight one, shape (C, V) or (C, P, V)."""
    countries, industries, _ = panel.shape
    values = np.moveaxis(panel.weights.values, 1, -1)  # importer, industry[, year], partner
    if panel.weights.vary_over_time:
        values = values[:, :, at, :]
    weights = values.reshape(countries * industries, *values.shape[2:]).copy()
    weights[np.arange(own.size), ..., own] = 1.0
    return weights


def build_design(panel: SpilloverPanel, specification: Specification) -> Design:
    """Turn a panel into the arrays of a specification (partner-by-partner regressors).

    Shares and the overall import share that vary over time enter growth regressions at the first year of each subperiod.

    Parameters
    ----------
    panel : SpilloverPanel
    specification : Specification

    Returns
    -------
    Design

    Raises
    ------
    InputError
        If break years are missing, or IS is asked for without an overall import share.
    """
    countries, industries, _ = panel.shape
    if specification.kind == "level":
        outcome, series = np.log(panel.tfp), np.log(panel.rnd_stock)
        at = list(range(len(panel.years)))
        dates = tuple(map(str, panel.years))
    else:
        breaks = break_years(panel, specification)
        outcome = average_growth(panel.tfp, panel.years, breaks, specification.growth)
        series = average_growth(panel.rnd_stock, panel.years, breaks, specification.growth)
        at = [panel.years.index(year) for year in breaks[:-1]]
        dates = tuple(f"{start}-{stop}" for start, stop in itertools.pairwise(breaks))
    cells = countries * industries
    own = np.repeat(np.arange(countries), industries)
    industry = np.tile(np.arange(industries), countries)
    overall = _overall_share(panel, specification, at).reshape(cells, len(at))
    unscaled = np.transpose(series[:, industry, :], (1, 2, 0))  # cell, date, research country
    is_own = np.arange(countries) == own[:, None]
    scale = np.where(is_own[:, None, :], 1.0, overall[:, :, None])
    scaled, terms, columns = scale * unscaled, panel.countries, np.arange(countries)
    if specification.share_main_effects:
        # In NIS the weights of a row sum to two, so the last main effect is the constant over again.
        extra = columns if specification.import_share else columns[:-1]
        scaled = np.concatenate([scaled, np.broadcast_to(scale, scaled.shape)[..., extra]], axis=-1)
        terms = (*terms, *(f"weight:{panel.countries[column]}" for column in extra))
        columns = np.concatenate([columns, extra])
    return Design(
        outcome=outcome.reshape(cells, len(at)),
        series=scaled,
        observed=_observed_weights(panel, at, own),
        own=own,
        industry=industry,
        dummies=_dummies(specification, (countries, industries, len(at))),
        overall=overall,
        countries=panel.countries,
        dates=dates,
        unscaled=unscaled,
        terms=terms,
        columns=columns,
    )
