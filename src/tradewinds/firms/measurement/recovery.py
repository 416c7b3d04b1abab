"""Does a decomposition find what happened? Components beside the steps that the model took.

What comes out, with free entry and no error of measurement:

- Without innovation Melitz and Polanec's components are the model's steps exactly.
- With it, their entry and exit still are, but a third of what innovation adds (trade cost 0.9 to 0.3, costs of
innovation as in the tests) is
  counted as ``between``: ``within`` is an unweighted mean, and innovators are few and large. Foster, Haltiwanger and
  Krizan's ``within`` misses as much and needs the cross term beside it.
- Selection is found smaller by a method that compares leavers with everybody rather than with survivors, and two to
three times as large by one that
  compares them with the mean of both years, because the leavers of a rising industry look worse against the later level.
- The static decomposition has selection, and more, in the mean.
- With turnover, comparisons with the first year count replacing an average firm by an average firm as entry.
- A transitory error of 20 per cent in sales moves Foster, Haltiwanger and Krizan's ``within`` below zero and into the
cross term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from tradewinds.errors import InputError
from tradewinds.firms.measurement.decompositions import decompose, pair_moments
from tradewinds.firms.measurement.methods import COMPONENTS, METHODS
from tradewinds.firms.measurement.synthetic import STEPS, SyntheticPanel
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["READINGS", "Recovery", "recovery"]

#: How components are commonly read: the step of the model that each is taken for.
READINGS: Mapping[str, str] = MappingProxyType(
    {"within": "innovation", "between": "reallocation", "entry": "entry", "exit": "selection"}
)


@dataclass(frozen=True, eq=False)
class Recovery:
    """Components of every method beside the true steps.

    Attributes
    ----------
    table : DataFrame
        Index ``method`` (the first row is ``truth``), columns :data:`STEPS`, ``cross`` and ``change``.
    tolerance : float
        Share of the true change that a component may be off and count as found.
    """

    table: pd.DataFrame
    first: int
    last: int
    tolerance: float
    citation_keys: tuple[str, ...]

    @property
    def gaps(self) -> pd.DataFrame:
        """Components less the true step, as shares of the true change."""
        truth = self.table.loc["truth"]
        return (self.table.drop(index="truth")[list(STEPS)] - truth[list(STEPS)]) / abs(truth["change"])

    def found(self, method: str) -> tuple[str, ...]:
        """Return the steps that a method finds within the tolerance.

        Raises
        ------
        InputError
            If there is no such method.
        """
        if method not in self.gaps.index:
            raise InputError(f"there is no method {method!r}; methods are {', '.join(self.gaps.index)}")
        gaps = self.gaps.loc[[method], list(STEPS)].to_numpy(dtype=float)[0]
        return tuple(step for step, gap in zip(STEPS, gaps, strict=True) if abs(gap) <= self.tolerance)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row, labelled by method."""
        long = self.table.rename_axis("method").reset_index().melt("method", var_name="variable")
        return tidy_frame(long.assign(unit="units of productivity"), ["method"])

    def summary(self) -> str:
        """Return the table, and what each method finds and misses, as text."""
        lines = [f"The model's steps and what decompositions say, {self.first} to {self.last}"]
        lines += [self.table.to_string(float_format=lambda value: f"{value:.5f}")]
        for method in self.gaps.index:
            missed = [
                f"{step} by {100 * self.gaps.loc[method, step]:+.0f} per cent of the change"
                for step in STEPS
                if step not in self.found(method)
            ]
            lines.append(
                f"{method}: finds {', '.join(self.found(method)) or 'no step'}; misses {', '.join(missed) or 'none'}"
            )
        return "\n".join(lines)

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of the steps, true and by each method."""
        from tradewinds.firms.measurement.figures import plot_bars

        title = "What happened, and what decompositions say"
        rows = self.table[[*STEPS, "cross"]].T
        return plot_bars(
            rows, title, "units of productivity", source or "Synthetic firms of Melitz and Trefler (2012)."
        )


def recovery(
    synthetic: SyntheticPanel, first: int | None = None, last: int | None = None, *, tolerance: float = 0.05
) -> Recovery:
    """Return the components of every method on synthetic firms beside the steps that the model took.

    Parameters
    ----------
    synthetic : SyntheticPanel
    first, last : int
        Years compared; default the last before the liberalisation and the last of the panel.
    tolerance : float
        Share of the true change.

    Examples
    --------
    >>> from tradewinds.firms import UniformParameters
    >>> from tradewinds.firms.measurement import liberalisation_panel
    >>> before, after = (UniformParameters(trade_cost=t) for t in (0.9, 0.3))
    >>> recovery(liberalisation_panel(before, after, draws=2000)).found("melitz-polanec")
    ('selection', 'reallocation', 'innovation', 'entry')
    """
    first = synthetic.liberalised_in - 1 if first is None else first
    last = synthetic.panel.years[-1] if last is None else last
    moments = pair_moments(synthetic.panel, first, last)
    rows = {"truth": {**synthetic.steps(first, last), "cross": 0.0}}
    for method in METHODS:
        found = decompose(moments, method=method)
        named = {READINGS.get(name, name): found.components[name] for name in COMPONENTS}
        rows[method] = {**named, "change": found.change}
    table = pd.DataFrame.from_dict(rows, orient="index")[[*STEPS, "cross", "change"]]
    return Recovery(
        table, first, last, tolerance, (*synthetic.citation_keys, *(m.citation_key for m in METHODS.values()))
    )
