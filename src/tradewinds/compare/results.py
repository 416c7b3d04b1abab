"""The comparison as it comes back: lines, ranges, what decides; tidy, in words and as a figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.compare.lines import AFTER, UNITS, Key, Line
from tradewinds.compare.shock import TradeShock
from tradewinds.compare.signs import Deciding, sign_of
from tradewinds.ensembles import Ensemble, Interval
from tradewinds.errors import InputError, did_you_mean
from tradewinds.growth import Facts
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["LABELS", "Comparison", "key_text"]

#: Labels of tidy results; statistic is ``point``, or ``low``, ``median``, ``high`` of the draws.
LABELS = ("mechanism", "variant", "regime", "country", "statistic")


def key_text(key: Key) -> str:
    """Return a key as ensembles name it."""
    return "|".join(key)


@dataclass(frozen=True, eq=False)
class Comparison:
    """The same shock through every model.

    Attributes
    ----------
    facts : Facts
    shock : TradeShock
    lines : tuple of Line
        In the order asked for, those that could not be run among them.
    intervals : mapping of str to Interval
        Of the facts, and of parameters as ``mechanism.parameter``; empty where only points were asked for.
    ensembles : mapping of str to Ensemble
        By label of the line.
    deciding : tuple of Deciding
        What decides the sign of the effect on growth, a mechanism each.
    coverage : float
        Share of draws inside ranges.
    """

    facts: Facts
    shock: TradeShock
    lines: tuple[Line, ...]
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    ensembles: Mapping[str, Ensemble] = field(default_factory=dict)
    deciding: tuple[Deciding, ...] = ()
    coverage: float = 0.9

    def __getitem__(self, label: str) -> Line:
        """Return a line by its label, ``name: variant``; the name alone is its first line."""
        for line in self.lines:
            if label in (line.label, line.name):
                return line
        known = [line.label for line in self.lines]
        raise InputError(f"no line is called {label!r}.{did_you_mean(label, known)} Lines: {'; '.join(known)}.")

    @property
    def solved(self) -> tuple[Line, ...]:
        """Lines that could be run."""
        return tuple(line for line in self.lines if not line.failure)

    @property
    def failures(self) -> Mapping[str, str]:
        """Label -> why a model could not be run."""
        return {line.label: line.failure for line in self.lines if line.failure}

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography: the survey, then every model."""
        keys = ["grossman-helpman2015", *(key for line in self.lines for key in line.citation_keys)]
        return tuple(dict.fromkeys(keys))

    def range(
        self, line: Line, variable: str, regime: str = AFTER, country: str = "home"
    ) -> tuple[float, float, float] | None:
        """Return low, median and high of a number over the draws, or None where nothing was drawn or solved."""
        found, text = self.ensembles.get(line.label), key_text((variable, regime, country))
        if found is None or text not in found.variables:
            return None
        return found.range(text, self.coverage)

    def by_sign(self) -> Mapping[int, tuple[Line, ...]]:
        """Return lines with an effect on growth by its sign at home: 1, 0, -1."""
        found: dict[int, list[Line]] = {1: [], 0: [], -1: []}
        for line in self.solved:
            change = line.get("growth_change")
            if change is not None:
                found[sign_of(change)].append(line)
        return {sign: tuple(lines) for sign, lines in found.items()}

    def decided_by_variant(self) -> Mapping[str, Mapping[int, tuple[str, ...]]]:
        """Return models whose variants disagree in the sign of the effect on growth: name -> sign -> variants."""
        found: dict[str, dict[int, list[str]]] = {}
        for sign, lines in self.by_sign().items():
            for line in lines:
                found.setdefault(line.name, {}).setdefault(sign, []).append(line.variant)
        return {
            name: {sign: tuple(variants) for sign, variants in signs.items()}
            for name, signs in found.items()
            if len(signs) > 1
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one number a row, points and then ranges, line by line."""
        for line in self.solved:
            for row in line.rows():
                yield row | {"statistic": "point"}
            for variable, regime, country in line.values:
                found = self.range(line, variable, regime, country)
                for statistic, value in zip(("low", "median", "high"), found or (), strict=False):
                    yield {
                        "variable": variable, "value": value, "unit": UNITS[variable], "mechanism": line.name,
                        "variant": line.variant, "regime": regime, "country": country, "statistic": statistic,
                    }  # fmt: skip

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, mechanism, variant, regime, country, statistic."""
        return tidy_frame(self.rows(), LABELS)

    def parameters(self) -> pd.DataFrame:
        """Return every parameter before the shock with its source, one a row."""
        import pandas as pd

        rows = [
            {
                "mechanism": line.name, "variant": line.variant, "parameter": used.name, "symbol": used.symbol,
                "value": used.value, "unit": used.unit, "bounds": used.bounds, "source": used.source,
            }
            for line in self.lines
            for used in line.parameters
        ]  # fmt: skip
        columns = ("mechanism", "variant", "parameter", "symbol", "value", "unit", "bounds", "source")
        return pd.DataFrame(rows, columns=list(columns))

    def words(self) -> pd.DataFrame:
        """Return what is said of each line: the shock as it was put, why growth moved, notes, and why a number is not there."""
        import pandas as pd

        rows = []
        for line in self.lines:
            told = {"shock": line.shock, "why": line.why, "note": "; ".join(line.notes), "failure": line.failure}
            told |= {f"no {variable}": reason for variable, reason in line.missing.items()}
            rows += [
                {"mechanism": line.name, "variant": line.variant, "about": about, "text": text}
                for about, text in told.items()
                if text
            ]
        return pd.DataFrame(rows, columns=["mechanism", "variant", "about", "text"])

    def draws(self) -> pd.DataFrame:
        """Return how many draws of each line were solved, and why others were not."""
        import pandas as pd

        rows = []
        for label, found in self.ensembles.items():
            line = self[label]
            failed = len(found.failures)
            named = {"mechanism": line.name, "variant": line.variant}
            rows.append(named | {"outcome": "solved", "draws": len(found.values) - failed})
            rows += [named | {"outcome": reason, "draws": count} for reason, count in found.reasons().items()]
        return pd.DataFrame(rows, columns=["mechanism", "variant", "outcome", "draws"])

    def turns(self) -> pd.DataFrame:
        """Return the parameters that decide the sign of the effect on growth, and where it turns."""
        import pandas as pd

        rows = [
            {
                "mechanism": found.member.name, "variant": found.member.variant, "growth_of": turn.country,
                "parameter": turn.parameter, "calibrated": turn.calibrated, "turns_at": turn.value,
                "growth_below": _RISES[turn.below], "growth_above": _RISES[turn.above], "corner": turn.corner,
            }
            for found in self.deciding
            for turn in found.turns
        ]  # fmt: skip
        columns = [
            "mechanism", "variant", "growth_of", "parameter", "calibrated", "turns_at", "growth_below", "growth_above", "corner",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> str:
        """Return a line a model: growth, static and total gain."""
        lines = [f"home share {self.facts.home_share:.4g} to {self.shock.after(self.facts):.4g}"]
        for line in self.lines:
            if line.failure:
                lines.append(f"{line.label}: not run. {line.failure}")
                continue
            change, static, total = (
                line.get(variable) for variable in ("growth_change", "static_gain", "welfare_transition")
            )
            moved = "no growth" if change is None else f"growth {100 * change:+.3f} points"
            first = "" if static is None else f", static {static:+.2f}"
            gain = np.nan if total is None else total
            lines.append(f"{line.label}: {moved}{first}, total {gain:+.2f} per cent")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return the figure: static and total gain, and the effect on growth, with ranges."""
        from tradewinds.compare.figure import plot_comparison

        return plot_comparison(self)


_RISES = {1: "rises", 0: "stays", -1: "falls"}
