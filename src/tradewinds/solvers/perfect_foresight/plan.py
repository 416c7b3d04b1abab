"""Plans: target paths that the model is to hit, and instruments that are freed for it, by country and year.

A plan swaps: cells of variables that the model determines become given, and as many cells of exogenous variables or add factors
become unknown. Conditional forecasts (output follows the survey, demand shocks give way) and inversion (which productivity explains
these data?) are plans. What is asked is said here; :func:`~tradewinds.solvers.perfect_foresight.solve_plan` solves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight.inputs import several, whole_years

__all__ = ["Instrument", "Plan", "Target", "TargetKind"]

TargetKind = Literal["levels", "percent", "points"]
KINDS = ("levels", "percent", "points")


@dataclass(frozen=True, eq=False)
class Target:
    """A path that a variable is to follow; see :meth:`Plan.target`.

    Attributes
    ----------
    variable : str
    values : object
    kind : {"levels", "percent", "points"}
    countries : tuple of str
    years : tuple of int
    """

    variable: str
    values: Any
    kind: TargetKind
    countries: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """What is freed so that targets are hit; see :meth:`Plan.instrument`.

    Attributes
    ----------
    name : str
    countries : tuple of str
    years : tuple of int
    """

    name: str
    countries: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Plan:
    """Targets, and instruments that hit them; built by adding one after the other.

    Attributes
    ----------
    targets : tuple of Target
    instruments : tuple of Instrument

    Examples
    --------
    >>> plan = Plan().target("output", 1.0, kind="percent", countries="home", years=range(2001, 2004))
    >>> plan = plan.instrument("tfp", countries="home", years=range(2001, 2004))
    >>> plan.instruments[0].years
    (2001, 2002, 2003)
    """

    targets: tuple[Target, ...] = ()
    instruments: tuple[Instrument, ...] = ()

    def target(
        self,
        variable: str,
        values: Any,
        *,
        kind: TargetKind,
        countries: str | Sequence[str] = (),
        years: int | Iterable[int] = (),
    ) -> Plan:
        """Return the plan with one more target.

        Parameters
        ----------
        variable : str
            Determined by the model.
        values : float, array or labelled array
            One number for all, one a year, or shape (years, countries), in the order of ``years`` and ``countries``. A pandas
            Series by year, a DataFrame of years by countries, an xarray DataArray or a mapping from countries is aligned by its
            labels.
        kind : {"levels", "percent", "points"}
            What the values are: levels in the variable's unit, or deviations from the baseline, in per cent of it or in that
            unit.
        countries : str or sequence of str
            Default: all of them.
        years : int or iterable of int
            Default: all of the horizon.

        Raises
        ------
        InputError
            If ``kind`` is none of these, or a year is no whole number.
        """
        if kind not in KINDS:
            raise InputError(f"target {variable}: kind is {kind!r}; allowed: {', '.join(KINDS)}")
        new = Target(variable, values, kind, several(countries, f"countries of target {variable}"), _years(years))
        return replace(self, targets=(*self.targets, new))

    def instrument(self, name: str, *, countries: str | Sequence[str] = (), years: int | Iterable[int] = ()) -> Plan:
        """Return the plan with one more instrument.

        Parameters
        ----------
        name : str
            An exogenous variable, or the add factor of an equation, ``<equation>_add``.
        countries : str or sequence of str
            Default: all of them.
        years : int or iterable of int
            In which it is free; default: all of the horizon.

        Raises
        ------
        InputError
            If a year is no whole number.
        """
        new = Instrument(name, several(countries, f"countries of instrument {name}"), _years(years))
        return replace(self, instruments=(*self.instruments, new))


def _years(years: Any) -> tuple[int, ...]:
    return whole_years(years if isinstance(years, Iterable) and not isinstance(years, str) else [years])
