"""Errors and warnings of the whole laboratory.

Every error derives from :class:`TradewindsError`, so ``except TradewindsError`` catches what a user can mend.
A message says what is wrong, where, what is allowed and what to try. :class:`InputError` is bad input (exit code 2
on the command line); :class:`ConvergenceError` is a model that did not solve (exit code 1).

Warnings derive from :class:`TradewindsWarning` and mark numbers that are right as computed and easily misread.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewinds.solvers import Solution

__all__ = [
    "AlignmentError",
    "BenchmarkWarning",
    "CompilationCacheWarning",
    "ConvergenceError",
    "DataError",
    "IndexationWarning",
    "InputError",
    "InterpolationWarning",
    "MissingDependencyError",
    "OutputError",
    "SizeWarning",
    "StudyError",
    "TradewindsError",
    "TradewindsWarning",
    "UnitDependenceWarning",
    "WeightsError",
    "did_you_mean",
    "require_option",
]


class TradewindsError(Exception):
    """Base of every error raised on purpose by tradewinds."""


class InputError(TradewindsError, ValueError):
    """An argument, a file or a table is not what it must be."""


class AlignmentError(InputError):
    """Two labelled arrays do not carry the same labels; nothing is ever dropped silently."""


class WeightsError(InputError):
    """A weight array breaks what its type states (row sums, zero diagonal, sign, orientation)."""


class DataError(InputError):
    """A table of data has problems; all of them are in :attr:`problems`.

    Parameters
    ----------
    source : str
        File or table that was read.
    problems : sequence of str
        One sentence a problem, with row numbers where the table has rows.
    """

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{source}: {count} problem{'s' if count != 1 else ''} found"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type[DataError], tuple[str, tuple[str, ...]]]:
        # workers of an ensemble send errors back by pickle, which would rebuild this one from its text alone
        return type(self), (self.source, self.problems)


class StudyError(InputError):
    """A study file cannot be used; the message names the file, the key, what was found and what is allowed."""


class OutputError(InputError):
    """Results cannot be written where they were asked for."""


class MissingDependencyError(TradewindsError, ImportError):
    """An optional library is needed; the message names the extra that brings it."""


class ConvergenceError(TradewindsError, RuntimeError):
    """A solver did not reach a solution; :attr:`solution` carries the last point and its residual."""

    def __init__(self, message: str, solution: Solution) -> None:
        super().__init__(message)
        self.solution = solution

    def __reduce__(self) -> tuple[type[ConvergenceError], tuple[str, Solution]]:
        return type(self), (str(self), self.solution)


class TradewindsWarning(UserWarning):
    """Base of every warning issued by tradewinds."""


class BenchmarkWarning(TradewindsWarning):
    """The first stock of a perpetual inventory is distorted by the chosen benchmark."""


class CompilationCacheWarning(TradewindsWarning):
    """Compiled functions cannot be kept, so that every process compiles them again."""


class InterpolationWarning(TradewindsWarning):
    """Values were interpolated: growth is smoother than the data and residuals are serially correlated."""


class IndexationWarning(TradewindsWarning):
    """Index numbers are summed across countries as if they were money (indexation bias)."""


class SizeWarning(TradewindsWarning):
    """A size is so large in its unit that another unit may be meant."""


class UnitDependenceWarning(TradewindsWarning):
    """Estimates change when a stock is measured in another unit or index base."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a short hint naming the known word nearest to ``word``, or an empty string.

    Examples
    --------
    >>> did_you_mean("specfication", ["specification", "seed"])
    ' Did you mean "specification"?'
    """
    near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""


def require_option(name: str, value: object, allowed: Iterable[str]) -> None:
    """Raise :class:`InputError` unless an option is one of its allowed names.

    Examples
    --------
    >>> require_option("timing", "strt", ("start", "end"))
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: timing is 'strt'. Did you mean "start"? Allowed: start, end.
    """
    names = list(allowed)
    if not isinstance(value, str) or value not in names:
        raise InputError(f"{name} is {value!r}.{did_you_mean(str(value), names)} Allowed: {', '.join(names)}.")
