"""What the mechanisms hand back: a balanced growth path, a path to it, a counterfactual, a sweep; all tidy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, did_you_mean
from tradewinds.growth.parameters import GrowthParameters
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["LABELS", "UNITS", "BalancedGrowth", "Counterfactual", "Sweep", "Transition"]

Array = NDArray[np.float64]

#: Labels of tidy results of a balanced growth path; a path adds ``time``.
LABELS = ("mechanism", "variant", "regime")

#: Unit of the variables that mechanisms share. A mechanism adds its own in ``Mechanism.units``.
UNITS: Mapping[str, str] = {
    "growth": "a year",  # of real consumption a head at home
    "innovation": "a year",  # of the number of varieties, of quality steps or of best practice: see the mechanism
    "home_share": "share of spending",
    "import_share": "share of spending",
    "consumption": "consumption index a head, at time 0",
    "varieties": "number",
    "export_cutoff": "relative to the least productive firm",
    "interest_rate": "a year",
    "wage": "relative to home",
    "rnd_labour_share": "share of labour",
    "lifetime_utility": "utils",
    "static_gain": "per cent of consumption",
    "dynamic_gain": "per cent of consumption",
    "welfare_steady_state": "per cent of consumption",
    "welfare_transition": "per cent of consumption",
    "half_life": "years",
}


def _names(name: str, value: Any, countries: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Yield one name and number a country; home keeps the plain name."""
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        yield name, float(array)
        return
    for country, number in zip(countries, array, strict=True):
        yield (name if country == countries[0] else f"{name}_{country}"), float(number)


def _unit(name: str, units: Mapping[str, str]) -> str:
    unit = units.get(name) or UNITS.get(name)
    if unit is None:
        raise InputError(f"variable {name!r} has no unit; add it to units of the mechanism")
    return unit


@dataclass(frozen=True, eq=False)
class BalancedGrowth:
    """An economy on its balanced growth path.

    Attributes
    ----------
    mechanism, variant : str
    regime : str
        ``baseline``, ``counterfactual`` or ``autarky``.
    parameters : GrowthParameters
    values : mapping of str to float or ndarray
        Every variable by public name; an array has one number a country. ``growth`` is that of real consumption a head;
        ``innovation`` is that of knowledge. They are never the same thing by default: consumption may grow on foreign ideas.
    exports : str
        What home sells abroad, in words.
    countries : tuple of str
        Home first.
    corner : str
        Which corner the economy is in, in words; empty in the interior.
    units : mapping
        Unit of each variable that is not in :data:`UNITS`.
    citation_keys : tuple of str
    """

    mechanism: str
    variant: str
    regime: str
    parameters: GrowthParameters
    values: Mapping[str, Any]
    exports: str
    countries: tuple[str, ...] = ("home", "foreign")
    corner: str = ""
    units: Mapping[str, str] = field(default_factory=dict, repr=False)
    citation_keys: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        """Return a variable by its public name: a number, or one number a country."""
        if name not in self.values:
            raise InputError(
                f"there is no variable {name!r}.{did_you_mean(name, self.values)} Variables: {', '.join(self.values)}."
            )
        return self.values[name]

    def home(self, name: str) -> float:
        """Return a variable of home."""
        array = np.asarray(self[name], dtype=float)
        return float(array if array.ndim == 0 else array[0])

    @property
    def growth(self) -> float:
        """Growth of real consumption a head at home, a year, as a fraction."""
        return self.home("growth")

    @property
    def home_share(self) -> float:
        """Share of home's spending on home's goods."""
        return self.home("home_share")

    @property
    def consumption(self) -> float:
        """Real consumption a head at home, at time 0."""
        return self.home("consumption")

    @property
    def welfare(self) -> float:
        """Lifetime utility at home, in utils."""
        return self.home("lifetime_utility")

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one number a row."""
        labels = {"mechanism": self.mechanism, "variant": self.variant, "regime": self.regime}
        for name, value in self.values.items():
            for variable, number in _names(name, value, self.countries):
                yield {"variable": variable, "value": number, "unit": _unit(name, self.units), **labels}

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, mechanism, variant, regime."""
        return tidy_frame(self.rows(), LABELS)

    def summary(self) -> str:
        """Return the balanced growth path in a few lines."""
        lines = [
            f"{self.mechanism} ({self.variant}), {self.regime}",
            f"growth of consumption {100 * self.growth:.4g} % a year, home share {self.home_share:.4g}; "
            f"home exports {self.exports}",
        ]
        if self.corner:
            lines.append(f"corner: {self.corner}")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return the figure of the mechanism at these parameters."""
        from tradewinds.growth.registry import mechanisms

        return mechanisms[self.mechanism].plot(self.parameters, variant=self.variant)


@dataclass(frozen=True, eq=False)
class Transition:
    """A path from one regime to a new balanced growth path.

    Attributes
    ----------
    time : ndarray, shape (T,)
        Years after the change, from 0.
    paths : mapping of str to ndarray
        Shape (T,), or (T, countries). ``consumption`` is that of each date.
    end : BalancedGrowth
        Where it leads.
    lifetime_utility : float or ndarray
        At home, or one number a country, of the whole path.
    half_life : float
        Years in which the slowest variable covers half of its way.
    """

    mechanism: str
    variant: str
    regime: str
    parameters: GrowthParameters
    time: Array
    paths: Mapping[str, Array]
    end: BalancedGrowth
    lifetime_utility: Any
    half_life: float
    countries: tuple[str, ...] = ("home", "foreign")
    units: Mapping[str, str] = field(default_factory=dict, repr=False)
    citation_keys: tuple[str, ...] = ()

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one number a row."""
        labels = {"mechanism": self.mechanism, "variant": self.variant, "regime": self.regime}
        for name, path in self.paths.items():
            unit = _unit(name, self.units).replace(", at time 0", "")
            for time, value in zip(self.time, path, strict=True):
                for variable, number in _names(name, value, self.countries):
                    yield {"variable": variable, "value": number, "unit": unit, **labels, "time": float(time)}

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, mechanism, variant, regime, time."""
        return tidy_frame(self.rows(), (*LABELS, "time"))

    def summary(self) -> str:
        """Return the path in a few lines."""
        return f"{self.mechanism} ({self.variant}), {self.regime}: {self.time[-1]:g} years, half of the way in {self.half_life:.3g}"

    def plot(self) -> Figure:
        """Return the paths, one panel a variable."""
        from tradewinds.growth.figures import plot_paths

        return plot_paths(self)


@dataclass(frozen=True, eq=False)
class Counterfactual:
    r"""One regime against another: growth, and consumption equivalents in per cent of the baseline's consumption.

    Attributes
    ----------
    baseline, counterfactual : BalancedGrowth
    static_gain : float
        Consumption on the day of the change if knowledge, and the resources that make it, stay as they were: what a theory
        without growth would say.
    dynamic_gain : float
        What growth adds: ``(1 + welfare_transition) / (1 + static_gain) - 1`` in fractions; it includes the consumption given
        up for more research.
    welfare_steady_state : float
        One balanced growth path against the other, both from the same knowledge.
    welfare_transition : float
        With the path between them; the same number where the economy jumps.
    path : Transition or None
        None where the economy jumps to its new balanced growth path.
    why : str
        One line.
    extra : mapping
        Further numbers, such as the gains of other countries; with units in ``units``.
    """

    mechanism: str
    variant: str
    baseline: BalancedGrowth
    counterfactual: BalancedGrowth
    static_gain: float
    welfare_steady_state: float
    welfare_transition: float
    why: str
    path: Transition | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict, repr=False)
    citation_keys: tuple[str, ...] = ()

    @property
    def dynamic_gain(self) -> float:
        """What growth adds, in per cent of consumption."""
        left = 1 + self.static_gain / 100
        if left == 0:  # nothing would be consumed if research went on as before
            return float("inf")
        return 100 * ((1 + self.welfare_transition / 100) / left - 1)

    @property
    def growth_change(self) -> float:
        """Change of growth at home, a year, as a fraction."""
        return self.counterfactual.growth - self.baseline.growth

    @property
    def half_life(self) -> float:
        """Years to half of the way; 0 where the economy jumps."""
        return 0.0 if self.path is None else self.path.half_life

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield both regimes, then the gains under the label of the counterfactual."""
        yield from self.baseline.rows()
        yield from self.counterfactual.rows()
        labels = {"mechanism": self.mechanism, "variant": self.variant, "regime": self.counterfactual.regime}
        gains = ("static_gain", "dynamic_gain", "welfare_steady_state", "welfare_transition", "half_life")
        values = {name: getattr(self, name) for name in gains} | dict(self.extra)
        for name, value in values.items():
            for variable, number in _names(name, value, self.baseline.countries):
                yield {"variable": variable, "value": number, "unit": _unit(name, self.units), **labels}

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: variable, value, unit, mechanism, variant, regime. The path has a frame of its own."""
        return tidy_frame(self.rows(), LABELS)

    def summary(self) -> str:
        """Return the counterfactual in a few lines."""
        return "\n".join(
            [
                f"{self.mechanism} ({self.variant}): home share {self.baseline.home_share:.4g} to "
                f"{self.counterfactual.home_share:.4g}",
                f"growth {100 * self.baseline.growth:.4g} to {100 * self.counterfactual.growth:.4g} % a year",
                f"welfare {self.welfare_transition:+.4g} % of consumption: static {self.static_gain:+.4g}, dynamic "
                f"{self.dynamic_gain:+.4g}; steady states alone {self.welfare_steady_state:+.4g}",
                self.why,
            ]
        )

    def plot(self) -> Figure:
        """Return growth and gains side by side."""
        from tradewinds.growth.figures import plot_counterfactual

        return plot_counterfactual(self)


@dataclass(frozen=True, eq=False)
class Sweep:
    """Many balanced growth paths at once.

    Attributes
    ----------
    over : mapping of str to ndarray
        The parameters that vary, broadcast to the batch.
    values : mapping of str to ndarray
        Variables; batch axes first, then countries where a variable has them. NaN where not admissible.
    admissible : ndarray of bool
        Where every condition of the mechanism holds.
    """

    mechanism: str
    variant: str
    parameters: GrowthParameters
    over: Mapping[str, Array]
    values: Mapping[str, Array]
    admissible: NDArray[np.bool_]
    countries: tuple[str, ...] = ("home", "foreign")
    units: Mapping[str, str] = field(default_factory=dict, repr=False)
    citation_keys: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Array:
        """Return a variable over the batch."""
        if name not in self.values:
            raise InputError(
                f"there is no variable {name!r}.{did_you_mean(name, self.values)} Variables: {', '.join(self.values)}."
            )
        return self.values[name]

    def tidy(self) -> pd.DataFrame:
        """Return one number a row; regime names the values of the parameters that vary."""
        return tidy_frame(self._rows(), LABELS)

    def _rows(self) -> Iterator[dict[str, Any]]:
        for index in np.ndindex(self.admissible.shape):
            regime = ", ".join(
                f"{name}={np.array2string(np.asarray(v[index]), separator=' ')}" for name, v in self.over.items()
            )
            labels = {"mechanism": self.mechanism, "variant": self.variant, "regime": regime.replace("\n", " ")}
            for name, value in self.values.items():
                for variable, number in _names(name, value[index], self.countries):
                    yield {"variable": variable, "value": number, "unit": _unit(name, self.units), **labels}
