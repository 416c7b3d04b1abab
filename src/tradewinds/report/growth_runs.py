"""What a study of growth hands to its report: regimes as they were solved, with the paths between them, and a sweep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.growth import BalancedGrowth, Claim, Counterfactual, Facts, Mechanism
    from tradewinds.solvers import Solution

__all__ = ["GAP", "GrowthRun", "Regime", "SweepRun", "Trail"]

Array = NDArray[np.float64]

#: Consumption in another regime over that without the change, on the same day.
GAP = "consumption_against_baseline"
_GAP_UNIT = "per cent of consumption"

LABELS = ("mechanism", "variant", "regime", "time")


@dataclass(frozen=True)
class Trail:
    """A path as it is reported: what it holds at which years, one row a year.

    Attributes
    ----------
    time : ndarray, shape (T,)
        Years after the change.
    rows : sequence of mapping
        Tidy rows without the gap.
    gap : ndarray, shape (T,)
        Home's consumption against that without the change, per cent.
    solved : bool
        Whether it is a path that the mechanism solves; else balanced growth from the day of the change.
    """

    time: Array
    rows: Sequence[dict[str, Any]]
    gap: Array
    solved: bool


@dataclass(frozen=True)
class Regime:
    """Another regime against the baseline.

    Attributes
    ----------
    name : str
        ``counterfactual`` or ``autarky``.
    solution : Solution
        Of its balanced growth path.
    result : Counterfactual
        Growth and gains.
    trail : Trail or None
        The path to it, in full; None where none can be told.
    reported : Trail or None
        The same at the years that the study asks for.
    problem : str
        Why there is no path though the mechanism has one, in words of the mechanism; empty where nothing is amiss.
    """

    name: str
    solution: Solution
    result: Counterfactual
    trail: Trail | None = None
    reported: Trail | None = None
    problem: str = ""

    @property
    def point(self) -> BalancedGrowth:
        """The balanced growth path."""
        return self.result.counterfactual

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the regime, its gains and its path, one number a row."""
        unknown = {"half_life"} if self.result.path is None else set()
        if self.problem:
            unknown |= {"welfare_transition", "dynamic_gain"}
        baseline = sum(1 for _ in self.result.baseline.rows())
        for row in list(self.result.rows())[baseline:]:
            if row["variable"].startswith("welfare_transition") and self.problem:
                continue
            if row["variable"] not in unknown:
                yield row | {"time": None}
        told = self.reported or self.trail
        if told is None or not (told.solved or self.reported is not None):
            return
        yield from told.rows
        labels = {"mechanism": self.point.mechanism, "variant": self.point.variant, "regime": self.name}
        for time, value in zip(told.time, told.gap, strict=True):
            yield {"variable": GAP, "value": float(value), "unit": _GAP_UNIT, **labels, "time": float(time)}


@dataclass(frozen=True)
class SweepRun:
    """One parameter over its values.

    Attributes
    ----------
    parameter : str
        Its name, with its place where it is a list or a matrix.
    values : tuple of float
    points : tuple
        A BalancedGrowth or a Counterfactual a value; None where there is no solution.
    regime : str
        What the study's other regime is called; empty where only the baseline is followed.
    varies : str
        Where the parameter varies, in words.
    refused : mapping of float to str
        Value -> why there is no solution.
    """

    parameter: str
    values: tuple[float, ...]
    points: tuple[Any, ...]
    regime: str
    varies: str
    unit: str = ""
    refused: Mapping[float, str] = field(default_factory=dict)

    def series(self, read: Any) -> Array:
        """Return one number a value, NaN where there is no solution."""
        return np.array([np.nan if point is None else read(point) for point in self.points], dtype=float)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, mechanism, variant, regime, parameter, parameter_value."""
        rows = [
            row | {"parameter": self.parameter, "parameter_value": value}
            for value, point in zip(self.values, self.points, strict=True)
            if point is not None
            for row in point.rows()
            if not np.isnan(row["value"])  # a gain with the path, where there is none
        ]
        return tidy_frame(rows, ("mechanism", "variant", "regime", "parameter", "parameter_value"))


@dataclass
class GrowthRun:
    """A study of growth, as far as it was solved.

    Attributes
    ----------
    mechanism, variant
        What was asked.
    baseline : Solution or None
    regimes : list of Regime
        The counterfactual, if one was asked for, then autarky.
    missing : dict of str to str
        Regime -> why it has no solution.
    claims : tuple of Claim
    sweep : SweepRun or None
    facts : Facts or None
        What the baseline was calibrated to.
    others : list of Counterfactual
        The same change in other variants.
    unsolved : dict of str to str
        Variant -> why it has no solution.
    stops : list of str
        Sentences on solvers that stopped.
    """

    mechanism: Mechanism[Any]
    variant: str
    baseline: Solution | None = None
    regimes: list[Regime] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    sweep: SweepRun | None = None
    facts: Facts | None = None
    others: list[Counterfactual] = field(default_factory=list)
    unsolved: dict[str, str] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)

    @property
    def point(self) -> BalancedGrowth:
        """The baseline."""
        assert self.baseline is not None
        point: BalancedGrowth = self.baseline.value
        return point

    @property
    def asked(self) -> Regime | None:
        """The regime that the study is about: the counterfactual, or autarky where there is none."""
        return self.regimes[0] if self.regimes else None

    def regime(self, name: str) -> Regime | None:
        """Return a regime by its name, if it was solved."""
        return next((each for each in self.regimes if each.name == name), None)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, mechanism, variant, regime, time (empty off the path)."""
        rows: list[dict[str, Any]] = []
        if self.baseline is not None:
            rows += [row | {"time": None} for row in self.point.rows()]
        for regime in self.regimes:
            rows += regime.rows()
        for other in self.others:
            rows += [row | {"time": None} for row in other.rows() if not np.isnan(row["value"])]
        frame = tidy_frame(rows, LABELS)
        if all(row["time"] is None for row in rows):
            frame["time"] = np.nan  # a number that is missing, also where no row has one
        return frame
