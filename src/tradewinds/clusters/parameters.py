"""Parameters of the economy of industry clusters: symbol, unit, bounds, source, and what is refused (Hanlon 2012).

Two countries, home and foreign, and n industries, each of which makes one good with labour alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, did_you_mean

__all__ = ["COUNTRIES", "DEFINITIONS", "ClusterParameters", "Definition"]

Array = NDArray[np.float64]

#: Countries, in the order of the first axis of every array.
COUNTRIES: tuple[str, str] = ("home", "foreign")


@dataclass(frozen=True)
class Definition:
    """What a parameter is.

    Attributes
    ----------
    symbol, meaning, unit, bounds, source : str
        Symbol of the paper; bounds in words.
    """

    symbol: str
    meaning: str
    unit: str
    bounds: str
    source: str


#: Public name -> definition.
DEFINITIONS: Mapping[str, Definition] = {
    "sigma": Definition("sigma", "elasticity of substitution between goods", "1", "above 1, finite", "Hanlon (2012), eq. 2"),
    "technology": Definition(
        "A_i, A*_i", "output of a worker in each industry, when the economy starts", "goods a worker",
        "above 0, finite", "Hanlon (2012), eq. 5",
    ),
    "labour": Definition("L, L*", "workers of each country", "workers", "above 0, finite", "Hanlon (2012), eq. 3 and 10"),
    "spillovers": Definition(
        "tau^{ij}", "learning that a worker of industry i (row) sends to industry j (column)",
        "goods a worker, per worker and unit of time", "0 to 1", "Hanlon (2012), eq. 9",
    ),
    "inactive_learning": Definition(
        "phi", "part of the spillovers that an industry without workers receives", "1", "0 to 1",
        "Hanlon (2012), eq. 9, which has 0",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class ClusterParameters:
    """Two economies that trade and learn.

    Parameters
    ----------
    technology : mapping of {"home", "foreign"} to n numbers, or array of shape (2, n)
        ``A_i`` and ``A*_i``, goods a worker.
    sigma : float
        Elasticity of substitution between goods, above 1. The paper does not state the one of its Figures 2 to 7.
    labour : mapping of {"home", "foreign"} to a number, or two numbers
        Workers. The proofs of the paper imply one in each country.
    spillovers : array of shape (n, n), optional
        Row sends, column receives: the order of the paper's tables, so ``dA/dt = spillovers.T @ employment``. None: nobody learns.
    inactive_learning : float
        Part of the spillovers that reaches an industry without workers, 0 to 1. The paper has 0: learning is implemented by
        workers.
    allow_large_spillovers : bool
        Accept spillovers above 1, which the paper excludes.

    Raises
    ------
    InputError
        If a number is out of bounds or shapes disagree; the message names the parameter.

    Examples
    --------
    >>> economy = ClusterParameters(technology={"home": [10, 5], "foreign": [5, 10]}, sigma=2)
    >>> economy.industries
    2
    >>> ClusterParameters(technology={"home": [10, 5], "foreign": [5, 10]}, sigma=1)
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: sigma is 1.0; it must be above 1 and finite: at or below 1 ...
    """

    technology: Array
    sigma: float = 2.0
    labour: Array = dataclasses.field(default_factory=lambda: np.ones(2))
    spillovers: Array | None = None
    inactive_learning: float = 0.0
    allow_large_spillovers: bool = False

    def __post_init__(self) -> None:
        technology = _by_country("technology", self.technology, 2)
        n = technology.shape[1]
        if n == 0:
            raise InputError("technology has no industry; give each country at least one number above 0")
        spillovers = np.zeros((n, n)) if self.spillovers is None else _array("spillovers", self.spillovers)
        if spillovers.shape != (n, n):
            raise InputError(
                f"spillovers has shape {spillovers.shape} but technology has {n} industries: it must have shape "
                f"{(n, n)}, one row an industry that sends and one column an industry that receives"
            )
        _check_spillovers(spillovers, self.allow_large_spillovers)
        object.__setattr__(self, "sigma", _sigma(self.sigma))
        object.__setattr__(self, "inactive_learning", _fraction("inactive_learning", self.inactive_learning))
        object.__setattr__(self, "technology", _positive("technology", technology))
        object.__setattr__(self, "labour", _positive("labour", _by_country("labour", self.labour, 1)))
        object.__setattr__(self, "spillovers", _frozen(spillovers))

    @property
    def industries(self) -> int:
        """Number of industries, n."""
        return int(self.technology.shape[1])

    @property
    def tau(self) -> Array:
        """Spillovers, shape (n, n); zeros where none were given."""
        assert self.spillovers is not None  # set when the object is made
        return self.spillovers

    def replace(self, **changes: Any) -> ClusterParameters:
        """Return a copy with some parameters changed."""
        return dataclasses.replace(self, **changes)

    def at(self, technology: Array) -> ClusterParameters:
        """Return a copy with another technology that is known to be in order, without checking it again."""
        copy = object.__new__(ClusterParameters)
        copy.__dict__.update(self.__dict__)
        copy.__dict__["technology"] = _frozen(technology)
        return copy

    def swap(self) -> ClusterParameters:
        """Return the same world with home called foreign and foreign called home."""
        return self.replace(technology=self.technology[::-1], labour=self.labour[::-1])


def _frozen(values: Array) -> Array:
    copy = np.array(values, dtype=float)
    copy.setflags(write=False)
    return copy


def _array(name: str, value: ArrayLike) -> Array:
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{name} is not a rectangle of numbers; found {value!r}") from None


def _by_country(name: str, value: Any, dimensions: int) -> Array:
    """Return an array whose first axis is home, foreign."""
    if isinstance(value, Mapping):
        for key in value:
            if key not in COUNTRIES:
                raise InputError(
                    f"{name} has no country {key!r}.{did_you_mean(key, COUNTRIES)} Allowed: home, foreign."
                )
        for country in COUNTRIES:
            if country not in value:
                raise InputError(f"{name} lacks {country}; give both home and foreign")
        rows = [_array(f"{name}.{country}", value[country]) for country in COUNTRIES]
        if rows[0].shape != rows[1].shape:
            raise InputError(
                f"{name}: home has shape {rows[0].shape} and foreign {rows[1].shape}; give both the same industries"
            )
        value = rows
    array = _array(name, value)
    if array.ndim != dimensions or array.shape[0] != 2:
        wanted = "(2, n): home and foreign, then industries" if dimensions == 2 else "(2,): home and foreign"
        raise InputError(f"{name} has shape {array.shape}; it must have shape {wanted}")
    return array


def _place(name: str, index: tuple[int, ...]) -> str:
    """Return a place in words, industries counted from one."""
    place = f"{name} of {COUNTRIES[index[0]]}"
    return f"{place} in industry {index[1] + 1}" if len(index) == 2 else place


def _positive(name: str, array: Array) -> Array:
    bad = np.argwhere(~(np.isfinite(array) & (array > 0)))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        raise InputError(f"{_place(name, index)} is {array[index]}; it must be above 0 and finite")
    return _frozen(array)


def _sigma(value: Any) -> float:
    try:
        sigma = float(value)
    except (TypeError, ValueError):
        raise InputError(f"sigma is {value!r}; it must be a number above 1, such as 2") from None
    if not 1 < sigma < np.inf:
        raise InputError(
            f"sigma is {sigma}; it must be above 1 and finite: at or below 1 workers leave the industries that learn, every "
            "good is indispensable and the paper's rho = 1 - 1/sigma is not between 0 and 1. Try 2."
        )
    return sigma


def _fraction(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    if not 0 <= number <= 1:
        raise InputError(f"{name} is {value!r}; it must be a number from 0 to 1, such as 0")
    return number


def _check_spillovers(array: Array, allow_large: bool) -> None:
    highest = np.inf if allow_large else 1.0
    bad = np.argwhere(~(np.isfinite(array) & (array >= 0) & (array <= highest)))
    if len(bad):
        row, column = (int(i) for i in bad[0])
        bounds = (
            "at least 0 and finite" if allow_large else "between 0 and 1 (set allow_large_spillovers = true for more)"
        )
        raise InputError(
            f"spillovers from industry {row + 1} to industry {column + 1} is {array[row, column]}; it must be {bounds}"
        )
