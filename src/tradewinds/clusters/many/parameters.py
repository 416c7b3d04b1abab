"""Parameters of many countries that trade at a cost and learn from their own and each other's workers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.parameters import Definition, _array, _check_spillovers, _frozen, _sigma
from tradewinds.errors import InputError, did_you_mean

__all__ = ["MANY_DEFINITIONS", "ManyParameters", "trade_costs"]

Array = NDArray[np.float64]

#: Public name -> definition.
MANY_DEFINITIONS: Mapping[str, Definition] = {
    "technology": Definition(
        "A_ck", "output of a worker in the middle of an industry's varieties, when the economy starts", "goods a worker",
        "above 0, finite", "Hanlon (2012), eq. 5; T = A**theta of Eaton and Kortum (2002)",
    ),
    "labour": Definition("L_c", "workers of each country", "workers", "above 0, finite", "Hanlon (2012), eq. 3"),
    "sigma": Definition("sigma", "elasticity of substitution between industries", "1", "above 1, finite", "Hanlon (2012), eq. 2"),
    "trade_elasticity": Definition(
        "theta", "how alike a country's productivities are over the varieties of an industry", "1", "sigma - 1 or more, finite",
        "Eaton and Kortum (2002), eq. 4",
    ),
    "trade_cost": Definition(
        "d_nik", "units sent for one to arrive, from country i (column) to n (row) in industry k", "1",
        "1 or more; inf where nothing can be sent; 1 within a country", "Eaton and Kortum (2002), Section 3",
    ),
    "spillovers": Definition(
        "tau^{ij}", "learning that a worker of industry i (row) sends to industry j (column)",
        "goods a worker, per worker and unit of time", "0 to 1", "Hanlon (2012), eq. 9",
    ),
    "international_learning": Definition(
        "kappa_cd", "what a worker of country c (row) teaches country d (column), as a part of what one at home teaches", "1",
        "0 to 1; 1 within a country", "the assumption of no spillovers abroad, Hanlon (2012), Section 2.2, relaxed",
    ),
    "adoption_share": Definition(
        "epsilon", "share of a country's workers in an industry at which it takes up 63 per cent of what it could learn", "1",
        "0 to 1; 0 where all take up all", "smooth form of the inactive industries of Hanlon (2012), eq. 9",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class ManyParameters:
    r"""Economies of C countries and n industries.

    An industry is a continuum of varieties. A country's productivities over them are drawn from a Fréchet distribution with
    location :math:`T = A^\theta` and shape :math:`\theta`; as theta grows, all are A, and the model becomes Hanlon's.

    Parameters
    ----------
    technology : mapping of country to n numbers, or array of shape (C, n)
    labour : mapping of country to a number, C numbers, or one number for all
    sigma : float
        Elasticity of substitution between industries, above 1.
    trade_elasticity : float
        theta; at least sigma - 1, so that varieties of an industry are as close to each other as to other industries. Estimates
        from prices are about 4.
    trade_cost : number, array of shape (C, C) or (C, C, n)
        Row buys, column sells. A number holds between all countries; a matrix in all industries. ``inf`` closes.
    spillovers : array of shape (n, n), optional
        Row sends, column receives. None: nobody learns.
    international_learning : number or array of shape (C, C)
        Row sends, column receives; a number holds between all countries. 0: learning stays at home, as in the paper.
    adoption_share : float
        An industry with the share :math:`\ell` of its country's workers takes up the part :math:`1 - e^{-\ell/\epsilon}` of
        what it could learn: next to nothing if it is idle, all but nothing missing if it has a few epsilon. As it
        falls, industries are active or not, as in the paper; at 0 idle ones learn in full.
    countries : sequence of str, optional
        Names; those of the mapping, or numbered.
    allow_large_spillovers : bool
        Accept spillovers above 1, which the paper excludes.

    Raises
    ------
    InputError
        If a number is out of bounds or shapes disagree; the message names the parameter.

    Examples
    --------
    >>> world = ManyParameters(technology={"A": [10, 5], "B": [5, 10], "C": [6, 6]}, trade_cost=1.2)
    >>> world.countries, world.industries, world.trade_cost.shape
    (('A', 'B', 'C'), 2, (3, 3, 2))
    >>> ManyParameters(technology=[[10, 5], [5, 10]], labour=[1, 1, 1])
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: labour has shape (3,) but technology has shape (2, 2): labour must have shape (2,), ...
    """

    technology: Array
    labour: Array = dataclasses.field(default_factory=lambda: np.ones(()))
    sigma: float = 2.0
    trade_elasticity: float = 4.0
    trade_cost: Array = dataclasses.field(default_factory=lambda: np.ones(()))
    spillovers: Array | None = None
    international_learning: Array = dataclasses.field(default_factory=lambda: np.zeros(()))
    adoption_share: float = 1e-3
    countries: Sequence[str] = ()
    allow_large_spillovers: bool = False

    def __post_init__(self) -> None:
        countries = _names(self.countries, self.technology)
        technology = _rows("technology", self.technology, countries)
        if technology.ndim != 2 or technology.size == 0:
            raise InputError(
                f"technology has shape {technology.shape}; it must have shape (C, n): countries, then industries"
            )
        count, n = technology.shape
        countries = countries or tuple(f"country {c + 1}" for c in range(count))
        if len(countries) != count:
            raise InputError(
                f"countries has {len(countries)} names but technology has shape {technology.shape}; name {count}"
            )
        labour = _fit("labour", _rows("labour", self.labour, countries), technology, (count,), "one number a country")
        spillovers = np.zeros((n, n)) if self.spillovers is None else _array("spillovers", self.spillovers)
        spillovers = _fit(
            "spillovers", spillovers, technology, (n, n), "a row an industry that sends, a column one that receives"
        )
        _check_spillovers(spillovers, self.allow_large_spillovers)
        sigma = _sigma(self.sigma)
        _set(self, "countries", countries)
        _set(self, "technology", _bounded("technology", technology, countries))
        _set(self, "labour", _bounded("labour", labour, countries))
        _set(self, "sigma", sigma)
        _set(self, "trade_elasticity", _elasticity(self.trade_elasticity, sigma))
        _set(self, "trade_cost", trade_costs("trade_cost", self.trade_cost, technology, countries))
        _set(self, "spillovers", _frozen(spillovers))
        _set(self, "international_learning", _international(self.international_learning, technology, countries))
        _set(self, "adoption_share", _share("adoption_share", self.adoption_share))

    @property
    def industries(self) -> int:
        """Number of industries, n."""
        return int(self.technology.shape[1])

    @property
    def tau(self) -> Array:
        """Spillovers, shape (n, n); zeros where none were given."""
        assert self.spillovers is not None  # set when the object is made
        return self.spillovers

    def replace(self, **changes: Any) -> ManyParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)

    def position(self, country: str) -> int:
        """Return the place of a country in every array.

        Raises
        ------
        InputError
            If there is none of this name.
        """
        if country not in self.countries:
            raise InputError(
                f"country is {country!r}.{did_you_mean(country, self.countries)} Allowed: {', '.join(self.countries)}."
            )
        return self.countries.index(country)


def trade_costs(name: str, value: ArrayLike, technology: Array, countries: Sequence[str]) -> Array:
    """Return trade costs of shape (C, C, n), checked, from a number, a matrix or the whole array."""
    count, n = technology.shape
    array = _array(name, value)
    if array.ndim == 0:
        array = np.where(np.eye(count, dtype=bool), 1.0, array)
    if array.ndim == 2:
        array = np.repeat(array[:, :, np.newaxis], n, axis=2) if array.shape == (count, count) else array
    array = _fit(
        name,
        array,
        technology,
        (count, count, n),
        "buyer, seller, industry; or a number, or a matrix without industries",
    )
    bad = np.argwhere(~(array >= 1))
    if len(bad):
        buyer, seller, k = (int(i) for i in bad[0])
        raise InputError(
            f"{name} from {countries[seller]} to {countries[buyer]} in industry {k + 1} is {array[buyer, seller, k]}; it must be 1 "
            "or more: units sent for one to arrive (1.2 for a cost of 20 per cent, inf where nothing can be sent)"
        )
    within = np.argwhere(np.einsum("cck->ck", array) != 1)
    if len(within):
        c, k = (int(i) for i in within[0])
        raise InputError(f"{name} within {countries[c]} in industry {k + 1} is {array[c, c, k]}; it must be 1")
    return _frozen(array)


def _set(target: ManyParameters, name: str, value: object) -> None:
    object.__setattr__(target, name, value)


def _names(countries: Sequence[str], technology: Any) -> tuple[str, ...]:
    names = tuple(str(name) for name in (countries or (technology if isinstance(technology, Mapping) else ())))
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"countries names {twice[0]!r} twice; names must differ")
    return names


def _rows(name: str, value: Any, countries: Sequence[str]) -> Array:
    """Return an array whose first axis is the countries, from one or from a mapping."""
    if not isinstance(value, Mapping):
        return _array(name, value)
    for key in value:
        if key not in countries:
            raise InputError(
                f"{name} has no country {key!r}.{did_you_mean(str(key), countries)} Allowed: {', '.join(countries)}."
            )
    for country in countries:
        if country not in value:
            raise InputError(f"{name} lacks {country}; give every country: {', '.join(countries)}")
    return _array(name, [value[country] for country in countries])


def _fit(name: str, array: Array, technology: Array, shape: tuple[int, ...], axes: str) -> Array:
    if array.ndim == 0 and name == "labour":
        return np.full(shape, array)
    if array.shape != shape:
        raise InputError(
            f"{name} has shape {array.shape} but technology has shape {technology.shape}: {name} must have shape {shape}, {axes}"
        )
    return array


def _bounded(name: str, array: Array, countries: Sequence[str]) -> Array:
    bad = np.argwhere(~(np.isfinite(array) & (array > 0)))
    if len(bad):
        place = f"{name} of {countries[bad[0][0]]}" + (f" in industry {bad[0][1] + 1}" if array.ndim == 2 else "")
        raise InputError(f"{place} is {array[tuple(bad[0])]}; it must be above 0 and finite")
    return _frozen(array)


def _elasticity(value: Any, sigma: float) -> float:
    theta = _number("trade_elasticity", value)
    if not sigma - 1 <= theta < np.inf:
        raise InputError(
            f"trade_elasticity is {theta}; it must be sigma - 1 = {sigma - 1:g} or more, and finite: below, a variety that gets "
            "dearer makes others of its industry sell less, and wages need not be unique. Try 4."
        )
    return theta


def _international(value: ArrayLike, technology: Array, countries: Sequence[str]) -> Array:
    count = len(countries)
    array = _array("international_learning", value)
    if array.ndim == 0:
        array = np.where(np.eye(count, dtype=bool), 1.0, array)
    array = _fit(
        "international_learning",
        array,
        technology,
        (count, count),
        "row sends, column receives",
    )
    bad = np.argwhere(~((array >= 0) & (array <= 1)))
    if len(bad):
        row, column = (int(i) for i in bad[0])
        raise InputError(
            f"international_learning from {countries[row]} to {countries[column]} is {array[row, column]}; it must be between "
            "0 and 1: the part of what a worker at home teaches"
        )
    within = np.flatnonzero(np.diag(array) != 1)
    if len(within):
        c = int(within[0])
        raise InputError(f"international_learning within {countries[c]} is {array[c, c]}; it must be 1")
    return _frozen(array)


def _share(name: str, value: Any) -> float:
    share = _number(name, value)
    if not 0 <= share <= 1:
        raise InputError(f"{name} is {share}; it must be between 0 and 1, such as 0.001")
    return share


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} is {value!r}; it must be a number") from None
