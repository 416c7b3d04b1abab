"""What every result of a model of firms can do: a tidy frame, a summary, a figure, and its sources."""

from __future__ import annotations

import dataclasses
import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError, did_you_mean
from tradewinds.plotting import COLOURS, DASHES, MARKERS, add_source, style
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["FirmResult", "Quantity", "Scenarios", "label"]


def label(name: str, value: float) -> str:
    """Return the name of a scenario.

    Examples
    --------
    >>> label("trade_cost", 0.5)
    'trade_cost=0.5'
    """
    return f"{name}={value:.12g}"


@dataclass(frozen=True)
class Quantity:
    """One number of a result; ``country``, ``sector`` and ``plan`` are empty where they do not apply."""

    variable: str
    value: float
    unit: str
    country: str = ""
    sector: str = ""
    plan: str = ""


class FirmResult(ABC):
    """Base of the results: give it ``scenario``, ``quantities()`` and ``citation_keys``, and it does the rest."""

    #: Labels of the tidy frame.
    labels: ClassVar[tuple[str, ...]] = ("scenario",)
    #: Name of the model.
    model: ClassVar[str] = ""
    #: Variables that a figure shows before others.
    shown: ClassVar[tuple[str, ...]] = ()
    scenario: str

    @abstractmethod
    def quantities(self) -> Iterator[Quantity]:
        """Yield every number of the result."""

    @property
    @abstractmethod
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""

    @property
    @abstractmethod
    def residual(self) -> float:
        """Largest residual of the conditions of the model at this point, free of units."""

    def values(self) -> dict[str, float]:
        """Return the numbers by variable, of a model with one (symmetric) country."""
        return {item.variable: item.value for item in self.quantities()}

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit and the labels of the model."""
        return tidy_frame(self._rows(), self.labels)

    def _rows(self) -> Iterator[dict[str, Any]]:
        for item in self.quantities():
            found = {"scenario": self.scenario, "country": item.country, "sector": item.sector, "plan": item.plan}
            row = {"variable": item.variable, "value": item.value, "unit": item.unit}
            yield row | {name: found[name] for name in self.labels}

    def summary(self) -> str:
        """Return the result as text: a line a number."""
        lines = [f"{self.model}, {self.scenario} (largest residual {self.residual:.1e})"]
        items = list(self.quantities())
        width = max(len(item.variable) for item in items)
        for item in items:
            where = " ".join(part for part in (item.country, item.sector, item.plan) if part)
            lines.append(f"  {item.variable:<{width}}  {item.value:>12.6g}  {item.unit}{f'  {where}' if where else ''}")
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class Scenarios:
    """Results of one model side by side, one a value of a parameter or one a named scenario.

    Attributes
    ----------
    parameter : str
        The parameter that differs; ``scenario`` where scenarios have names.
    values : tuple of float
        Of the parameter; empty where scenarios have names.
    results : tuple of FirmResult
        In the order of the values.
    """

    parameter: str
    values: tuple[float, ...]
    results: tuple[FirmResult, ...]

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return tuple(dict.fromkeys(key for result in self.results for key in result.citation_keys))

    @property
    def residual(self) -> float:
        """Largest residual of any of the results."""
        return max(result.residual for result in self.results)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row of every result; ``scenario`` names the value of the parameter."""
        rows = [row for result in self.results for row in result._rows()]
        return tidy_frame(rows, self.results[0].labels)

    def table(self) -> pd.DataFrame:
        """Return one row a variable (and country or sector) and one column a scenario."""
        frame = self.tidy()
        keys = ["variable", *(name for name in self.results[0].labels if name != "scenario")]
        wide = frame.pivot(index=keys, columns="scenario", values="value")
        order = frame.drop_duplicates(keys).set_index(keys).index
        return wide.loc[order, [result.scenario for result in self.results]]

    def summary(self) -> str:
        """Return the table as text."""
        head = f"{self.results[0].model} by {self.parameter} (largest residual {self.residual:.1e})"
        return f"{head}\n{self.table().to_string(float_format=lambda value: f'{value:.6g}')}"

    def plot(self, variables: Sequence[str] = ()) -> Figure:
        """Return a panel a variable, against the parameter or by scenario, a line a country where there are several.

        Parameters
        ----------
        variables : sequence of str
            By default six that the model has chosen, of those that differ between scenarios.

        Raises
        ------
        InputError
            If a variable is unknown, or no scenario has a finite value of the parameter.
        """
        frame = self.tidy()
        known = list(dict.fromkeys(frame["variable"]))
        for name in variables:
            if name not in known:
                raise InputError(
                    f"no variable {name!r} to plot.{did_you_mean(name, known)} Variables: {', '.join(known)}."
                )
        if self.values and not np.isfinite(self.values).any():
            raise InputError(f"{self.parameter} is infinite in every scenario: nothing to plot against")
        axis_values = self.values or tuple(map(float, range(len(self.results))))
        position = {
            result.scenario: value
            for result, value in zip(self.results, axis_values, strict=True)
            if np.isfinite(value)
        }
        frame = frame[frame["scenario"].isin(list(position))].assign(
            position=lambda f: f["scenario"].astype(object).map(position).astype(float)
        )
        model = self.results[0].model
        return _panels(
            frame,
            list(variables) or _moving(frame, self.results[0].shown)[:6],
            self.parameter,
            model,
            f"Source: {model} solved at each {self.parameter.replace('_', ' ')}.",
            () if self.values else tuple(result.scenario for result in self.results),
        )


def _moving(frame: pd.DataFrame, first: Sequence[str]) -> list[str]:
    """Return the variables that differ between scenarios anywhere, some of them first; all where none does."""
    keys = [name for name in ("country", "sector", "plan") if name in frame]
    spread = frame.groupby(["variable", *keys], observed=True)["value"].agg(lambda values: values.max() > values.min())
    moving = set(spread.groupby("variable", observed=True).any().loc[lambda moves: moves].index)
    known = list(dict.fromkeys([*(name for name in first if name in moving), *frame["variable"]]))
    return [name for name in known if name in moving] or known


#: Countries or sectors that a figure has lines for; of more, the first.
_LINES = 8


def _panels(
    frame: pd.DataFrame, variables: list[str], parameter: str, model: str, source: str, names: tuple[str, ...]
) -> Figure:
    from matplotlib.figure import Figure

    lines = [name for name in ("country", "sector", "plan") if name in frame and frame[name].nunique() > 1]
    columns = min(len(variables), 3)
    rows = -(-len(variables) // columns)
    with style():
        figure = Figure(figsize=(max(3.2 * columns, 5), 0.9 + 2.5 * rows))
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for axis, variable in zip(axes, variables, strict=False):
            part = frame[frame["variable"] == variable]
            groups = part.groupby(lines, sort=False) if lines else [((), part)]
            count = len(groups)
            for number, (who, line) in enumerate(itertools.islice(groups, _LINES)):
                line = line.sort_values("position")
                aside = 0.05 * (number - (min(count, _LINES) - 1) / 2) if names else 0.0  # so that none hides another
                axis.plot(
                    line["position"] + aside, line["value"], color=COLOURS[number % 8],
                    linestyle="" if names else DASHES[number % 8],
                    marker=MARKERS[number % 8], markersize=4, label=" ".join(map(str, who)) or None,
                )  # fmt: skip
            axis.set_title(variable.replace("_", " "), fontsize=9)
            axis.set_ylabel(str(part["unit"].iloc[0]), fontsize=8)
            axis.set_xlabel(parameter.replace("_", " "), fontsize=8)
            if names:
                axis.set_xticks(
                    range(len(names)), [_short(name) for name in names], fontsize=7, rotation=20, ha="right"
                )
                axis.margins(x=0.15)
        for axis in axes[len(variables) :]:
            axis.remove()
        handles, texts = axes[0].get_legend_handles_labels()
        if texts:
            title = f"first {_LINES} of {count}" if len(handles) == _LINES < count else None
            figure.legend(handles, texts, loc="outside right upper", fontsize=8, title=title, title_fontsize=8)
        figure.suptitle(f"{model}: by {parameter.replace('_', ' ')}", x=0.01, ha="left", fontsize=11, weight="bold")
        add_source(figure, source)
    return figure


def _short(name: str, most: int = 18) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def with_scenario(result: Any, scenario: str) -> Any:
    """Return a result under another name of its scenario."""
    return dataclasses.replace(result, scenario=scenario)
