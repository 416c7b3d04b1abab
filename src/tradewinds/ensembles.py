"""Ensembles: a function at many draws of its parameters, on one machine or a cluster.

A number that rests on a guessed parameter is reported with the range that the guess leaves. Draws are uniform over stated
intervals, each from a stream of random numbers of its own, so results do not depend on how many workers there are nor on the
order in which they finish. A draw at which the function has no answer is kept, counted and explained: how often a model has none is
part of what an ensemble finds.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError, TradewindsError, did_you_mean, require_option
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SCALES", "Ensemble", "Failure", "Interval", "draw_parameters", "run_ensemble"]

#: How an interval is filled: evenly in the number, or in its logarithm.
SCALES = ("linear", "log")

Values = Mapping[str, float]


@dataclass(frozen=True)
class Interval:
    """Where a parameter may lie.

    Parameters
    ----------
    low, high : float
        Finite, in this order; both are possible.
    scale : {"linear", "log"}
        Draws are uniform in the number, or in its logarithm.

    Raises
    ------
    InputError
        If the ends are reversed or not finite, or the scale is unknown or does not fit.

    Examples
    --------
    >>> Interval(6, 4)
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: interval [6, 4] is reversed; give the lower end first: [4, 6]
    """

    low: float
    high: float
    scale: str = "linear"

    def __post_init__(self) -> None:
        require_option("scale", self.scale, SCALES)
        for name in ("low", "high"):
            end = getattr(self, name)
            if isinstance(end, bool) or not isinstance(end, int | float | np.number) or not np.isfinite(end):
                raise InputError(f"{name} of an interval is {end!r}; it must be a finite number")
        if self.low > self.high:
            raise InputError(
                f"interval [{self.low:g}, {self.high:g}] is reversed; give the lower end first: [{self.high:g}, {self.low:g}]"
            )
        if self.scale == "log" and self.low <= 0:
            raise InputError(f"interval [{self.low:g}, {self.high:g}] on a log scale must lie above 0")

    def at(self, fraction: float) -> float:
        """Return the number at a fraction of the way from the low end."""
        if self.low == self.high:
            return float(self.low)
        if self.scale == "log":
            return float(self.low * (self.high / self.low) ** fraction)
        return float(self.low + (self.high - self.low) * fraction)


@dataclass(frozen=True)
class Failure:
    """A draw at which the function had no answer.

    Attributes
    ----------
    draw : int
        Its number, from 1.
    parameters : mapping of str to float
    reason : str
        The message of the error.
    """

    draw: int
    parameters: Values
    reason: str


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What a function gave at each draw.

    Attributes
    ----------
    parameters : tuple of mapping
        Of every draw, those that failed among them.
    values : tuple of mapping or None
        What the function returned at each draw; None where it failed.
    failures : tuple of Failure
    seed : int
    """

    parameters: tuple[Values, ...]
    values: tuple[Values | None, ...]
    failures: tuple[Failure, ...]
    seed: int

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of what was returned, in the order in which they first came."""
        return tuple(dict.fromkeys(name for found in self.values if found is not None for name in found))

    def __getitem__(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return a variable, one number a draw; NaN where the draw failed or has none."""
        if name not in self.variables:
            known = self.variables
            raise InputError(
                f"there is no variable {name!r}.{did_you_mean(name, known)} Variables: {', '.join(known)}."
            )
        return np.array([np.nan if found is None else found.get(name, np.nan) for found in self.values])

    def range(self, name: str, coverage: float = 0.9) -> tuple[float, float, float]:
        """Return the ends of the central range of a variable, and its median between them.

        Parameters
        ----------
        coverage : float
            Share of draws inside, above 0 and at most 1; 1 gives the smallest and the largest.
        """
        if not 0 < coverage <= 1:
            raise InputError(f"coverage is {coverage!r}; it must lie in (0, 1]")
        numbers = self[name]
        numbers = numbers[~np.isnan(numbers)]
        low, middle, high = np.quantile(numbers, [(1 - coverage) / 2, 0.5, (1 + coverage) / 2])
        return float(low), float(middle), float(high)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, draw; parameters and results, NaN where a draw failed."""
        return tidy_frame(self._rows(), ("draw",))

    def _rows(self) -> list[dict[str, Any]]:
        rows = []
        for draw, (parameters, found) in enumerate(zip(self.parameters, self.values, strict=True), start=1):
            shown = {f"parameter {name}": value for name, value in parameters.items()}
            shown |= {name: np.nan if found is None else found.get(name, np.nan) for name in self.variables}
            rows += [{"variable": name, "value": value, "unit": "", "draw": draw} for name, value in shown.items()]
        return rows

    def reasons(self) -> Mapping[str, int]:
        """Return why draws failed, the commonest first, and how many did."""
        return dict(Counter(failure.reason for failure in self.failures).most_common())

    def summary(self) -> str:
        """Return the central 90 per cent of each variable, and what failed, a line each."""
        done = len(self.values) - len(self.failures)
        lines = [f"{done} of {len(self.values)} draws solved"]
        for name in self.variables:
            low, middle, high = self.range(name)
            lines.append(f"{name}: {middle:.4g} [{low:.4g}, {high:.4g}]")
        lines += [f"{count} failed: {reason}" for reason, count in self.reasons().items()]
        return "\n".join(lines)


def draw_parameters(intervals: Mapping[str, Interval], draws: int, seed: int) -> tuple[Values, ...]:
    """Return draws of parameters, uniform over their intervals and independent of each other.

    Every draw has a stream of its own, and every name one within it: a parameter's numbers do not move when another parameter is
    added, nor the first draws when more are made.

    Parameters
    ----------
    intervals : mapping of str to Interval
    draws : int
        One or more.
    seed : int
        Zero or more.

    Raises
    ------
    InputError

    Examples
    --------
    >>> few = draw_parameters({"trade_elasticity": Interval(4, 6)}, 2, seed=1)
    >>> more = draw_parameters({"trade_elasticity": Interval(4, 6), "growth": Interval(0.01, 0.02)}, 3, seed=1)
    >>> [draw["trade_elasticity"] for draw in few] == [draw["trade_elasticity"] for draw in more[:2]]
    True
    """
    for name, number, least in (("draws", draws, 1), ("seed", seed, 0)):
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < least:
            raise InputError(f"{name} is {number!r}; it must be a whole number, {least} or more")
    keys = {name: zlib.crc32(name.encode()) for name in intervals}
    found = []
    for place in range(int(draws)):
        streams = {
            name: np.random.default_rng(np.random.SeedSequence(int(seed), spawn_key=(place, key)))
            for name, key in keys.items()
        }
        found.append({name: intervals[name].at(stream.random()) for name, stream in streams.items()})
    return tuple(found)


def run_ensemble(
    function: Callable[[Values], Values],
    intervals: Mapping[str, Interval],
    draws: int,
    *,
    seed: int = 1,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Call a function at draws of its parameters.

    Parameters
    ----------
    function : callable
        From parameters by name to numbers by name. An executor of processes needs one that can be pickled: of a module, or a
        ``functools.partial`` of one.
    intervals : mapping of str to Interval
    draws : int
    seed : int
    executor : concurrent.futures.Executor, optional
        Threads, processes, or a cluster such as ``dask.distributed.Client(...).get_executor()``; results are the same.
    progress : callable, optional
        Called with draws done and wanted.

    Returns
    -------
    Ensemble

    Raises
    ------
    InputError
        If draws or seed are out of bounds. An error of tradewinds in the function is a draw that failed; any other is raised.

    Examples
    --------
    >>> found = run_ensemble(lambda p: {"double": 2 * p["x"]}, {"x": Interval(0, 1)}, 50)
    >>> bool((found["double"] == [2 * p["x"] for p in found.parameters]).all())
    True
    """
    parameters = draw_parameters(intervals, draws, seed)
    found: list[Values | str] = [""] * len(parameters)
    if executor is None:
        for place, values in enumerate(parameters):
            found[place] = _attempt(function, values)
            _tell(progress, place + 1, len(parameters))
    else:
        waiting: dict[Future[Values | str], int] = {
            executor.submit(_attempt, function, values): place for place, values in enumerate(parameters)
        }
        try:
            for done, future in enumerate(as_completed(waiting), start=1):
                found[waiting[future]] = future.result()
                _tell(progress, done, len(parameters))
        except BaseException:
            for future in waiting:
                future.cancel()
            raise
    return _gather(parameters, found, int(seed))


def _gather(parameters: tuple[Values, ...], found: Sequence[Values | str], seed: int) -> Ensemble:
    failures = tuple(
        Failure(place, values, result)
        for place, (values, result) in enumerate(zip(parameters, found, strict=True), start=1)
        if isinstance(result, str)
    )
    return Ensemble(parameters, tuple(None if isinstance(item, str) else item for item in found), failures, seed)


def _attempt(function: Callable[[Values], Values], values: Values) -> Values | str:
    """Return what the function gives, or in words why it gives nothing."""
    try:
        result = {str(name): float(number) for name, number in function(values).items()}
    except TradewindsError as error:
        return str(error) or type(error).__name__
    wrong = [name for name, number in result.items() if not np.isfinite(number)]
    return f"{', '.join(wrong)}: not a finite number" if wrong else result


def _tell(progress: Callable[[int, int], None] | None, done: int, wanted: int) -> None:
    if progress is not None:
        progress(done, wanted)
