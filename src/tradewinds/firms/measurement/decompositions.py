"""Decompositions of the change of aggregate productivity between two years, by industry and by export status."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewinds.errors import InputError, require_option
from tradewinds.firms.measurement.methods import COMPONENTS, ENTERING, METHODS, levels, parts
from tradewinds.firms.measurement.moments import SUMS, PairMoments, in_memory
from tradewinds.firms.measurement.panel import PlantPanel
from tradewinds.firms.measurement.rules import SWITCHERS
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.firms.measurement.store import PlantStore

__all__ = ["Decomposition", "decompose", "decompose_years", "pair_moments"]

#: How industries add up to all plants: inside them, between them, and industries that a method cannot split.
UPPER = ("between_industries", "without_survivors")


@dataclass(frozen=True, eq=False)
class Decomposition:
    """A change of aggregate productivity and what it consists of.

    Attributes
    ----------
    method : str
        See :mod:`tradewinds.firms.measurement.methods` for what each component means.
    first, last : int
    level_first, level_last : float
        Weighted mean productivity of all plants.
    components : mapping
        ``within, between, cross, entry, exit`` of all plants pooled; they sum to the change.
    contributions : DataFrame
        Index ``status, exporting``: parts of these groups in each component, and ``plants``; they sum to the components.
    industries : DataFrame
        Index ``industry``: components of each industry taken for itself (shares sum to one inside it), ``change``,
        shares in each year.
    from_industries : mapping
        Components of industries averaged with mean shares, ``between_industries`` and ``without_survivors``
        (industries whose change the method cannot split); they sum to the same change.
    switchers : str
        Rule for survivors that change industry, see :data:`SWITCHERS`.
    counts : mapping
        Plants by status, of changing industry, left out.
    notes : tuple of str
    source : str
    """

    method: str
    first: int
    last: int
    level_first: float
    level_last: float
    components: Mapping[str, float]
    contributions: pd.DataFrame = field(repr=False)
    industries: pd.DataFrame = field(repr=False)
    from_industries: Mapping[str, float] = field(repr=False)
    switchers: str
    counts: Mapping[str, int] = field(repr=False)
    notes: tuple[str, ...]
    source: str

    @property
    def change(self) -> float:
        """Change of weighted mean productivity."""
        return self.level_last - self.level_first

    @property
    def residual(self) -> float:
        """Largest gap between the change and a sum of components, pooled, from industries, or inside one."""
        gaps = [sum(self.components.values()) - self.change, sum(self.from_industries.values()) - self.change]
        inside = self.industries[list(COMPONENTS)].sum(axis=1, skipna=False) - self.industries["change"]
        return float(np.nanmax(np.abs([*gaps, *inside.to_numpy()])))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return (METHODS[self.method].citation_key,)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row: components pooled, by export status, by industry, and built up from industries."""
        labels = ["scope", "industry", "status", "exporting", "method", "first", "last"]
        pooled = pd.Series({**self.components, "change": self.change}).rename_axis("variable").reset_index(name="value")
        upper = pd.Series(dict(self.from_industries)).rename_axis("variable").reset_index(name="value")
        names = [*COMPONENTS, "change"]
        groups = self.contributions.reset_index().melt(["status", "exporting"], list(COMPONENTS))
        single = self.industries.reset_index().melt("industry", names)
        frames = [
            pooled.assign(scope="pooled"),
            upper.assign(scope="from industries"),
            groups.assign(scope="part of pooled"),
            single.assign(scope="industry"),
        ]
        frame = pd.concat(frames).assign(method=self.method, first=self.first, last=self.last)
        for name in labels[1:4]:
            frame[name] = frame[name].fillna("")
        return tidy_frame(frame.assign(unit="units of productivity")[["variable", "value", "unit", *labels]], labels)

    def summary(self) -> str:
        """Return the decomposition as text."""
        method = METHODS[self.method]
        lines = [
            f"{method.title}, {self.first} to {self.last}: {self.level_first:.4f} to {self.level_last:.4f}",
            f"  within: {method.within}; between: {method.between}",
            f"  {'':<18}{'all plants':>12}{'by industry':>13}",
        ]
        names = [name for name in COMPONENTS if self.components[name] or self.from_industries[name]]
        lines += [f"  {name:<18}{self.components[name]:>12.4f}{self.from_industries[name]:>13.4f}" for name in names]
        lines += [f"  {name.replace('_', ' '):<18}{'':>12}{self.from_industries[name]:>13.4f}" for name in UPPER]
        lines += [f"  {'change':<18}{self.change:>12.4f}{sum(self.from_industries.values()):>13.4f}"]
        lines += ["  plants: " + ", ".join(f"{name} {count}" for name, count in self.counts.items() if count)]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of the components, pooled and built up from industries."""
        from tradewinds.firms.measurement.figures import plot_bars

        rows = pd.DataFrame({"all plants": dict(self.components), "by industry": dict(self.from_industries)})
        rows = rows.reindex([*COMPONENTS, *UPPER]).fillna(0.0)
        rows.index = rows.index.str.replace("_", " ")
        title = f"Change of productivity, {self.first} to {self.last}: {METHODS[self.method].title}"
        return plot_bars(rows, title, "units of productivity", source or f"Data: {self.source}.")


def pair_moments(plants: PlantPanel | PlantStore, first: int, last: int, *, reentry: str = "count") -> PairMoments:
    """Return the sums of two years from which every decomposition follows, in one pass over the data.

    Parameters
    ----------
    plants : PlantPanel or PlantStore
    first, last : int
    reentry : {"count", "leave-out"}
        What becomes of plants that are back after an absence or come back later, see :data:`REENTRY`.

    Raises
    ------
    InputError
        If a year is not in the panel, no plant is in both, or weights of a year sum to zero.

    Examples
    --------
    >>> from tradewinds.firms.measurement import read_plants
    >>> data = {"plant": [1, 2, 1, 3], "year": [1, 1, 2, 2], "industry": ["a"] * 4, "weight": [1] * 4}
    >>> moments = pair_moments(read_plants(data | {"productivity": [1.0, 0.5, 1.2, 1.0]}), 1, 2)
    >>> {status: count for status, count in moments.counts.items() if count}
    {'survivor': 1, 'entrant': 1, 'exiter': 1}
    """
    if isinstance(plants, PlantPanel):
        return in_memory(plants, first, last, reentry)
    return plants.pair_moments(first, last, reentry)


def decompose(
    plants: PlantPanel | PlantStore | PairMoments,
    first: int | None = None,
    last: int | None = None,
    *,
    method: str = "melitz-polanec",
    reentry: str = "count",
    switchers: str = "first",
) -> Decomposition:
    """Return what a change of aggregate productivity consists of; components add up exactly.

    Parameters
    ----------
    plants : PlantPanel, PlantStore or PairMoments
        In memory, on disk, or sums already made (``first``, ``last`` and ``reentry`` then belong to them).
    first, last : int
        Years compared; default the first and last of the panel.
    method : str
        A key of :data:`METHODS`.
    reentry : {"count", "leave-out"}
    switchers : {"first", "last", "exit-and-entry"}
        See :data:`REENTRY` and :data:`SWITCHERS`.

    Raises
    ------
    InputError
        If a rule or method is unknown, or the two years cannot be compared.

    Examples
    --------
    >>> from tradewinds.firms.measurement import read_plants
    >>> panel = read_plants(
    ...     {
    ...         "plant": [1, 2, 1, 3],
    ...         "year": [1, 1, 2, 2],
    ...         "industry": ["a"] * 4,
    ...         "productivity": [1.0, 0.5, 1.2, 1.0],
    ...         "weight": [1, 1, 3, 1],
    ...     }
    ... )
    >>> result = decompose(panel, method="melitz-polanec")
    >>> {name: round(value, 4) for name, value in result.components.items()}
    {'within': 0.2, 'between': 0.0, 'cross': 0.0, 'entry': -0.05, 'exit': 0.25}
    >>> round(result.change, 4)
    0.4
    """
    require_option("method", method, METHODS)
    require_option("switchers", switchers, SWITCHERS)
    if isinstance(plants, PairMoments):
        if (first, last) not in ((None, None), (plants.first, plants.last)) or reentry != "count":
            raise InputError(
                f"these sums are of {plants.first} and {plants.last}; give years and reentry when making them"
            )
        moments = plants
    else:
        first = plants.years[0] if first is None else first
        last = plants.years[-1] if last is None else last
        moments = pair_moments(plants, first, last, reentry=reentry)
    cells = moments.cells
    each = parts(cells, method)
    level1, level2 = levels(cells)
    industries = _industries(_placed(cells, switchers), method)
    groups = pd.concat([cells[["status", "exporting"]], each, cells["n"].rename("plants")], axis=1)
    return Decomposition(
        method=method,
        first=moments.first,
        last=moments.last,
        level_first=float(level1),
        level_last=float(level2),
        components=MappingProxyType({name: float(each[name].sum()) for name in COMPONENTS}),
        contributions=groups.groupby(["status", "exporting"]).sum(),
        industries=industries,
        from_industries=MappingProxyType(_built_up(industries, level1, level2)),
        switchers=switchers,
        counts=moments.counts,
        notes=(*moments.notes, *_notes(moments, industries, switchers)),
        source=moments.source,
    )


def decompose_years(
    plants: PlantPanel | PlantStore, *, method: str = "melitz-polanec", reentry: str = "count", switchers: str = "first"
) -> pd.DataFrame:
    """Return components of each pair of consecutive years, one row a pair; index ``first, last``.

    Changes of the rows sum to the change over all years; components do not sum to those of the longer comparison, because
    a plant that enters and later grows is an entrant there and a survivor here.

    Examples
    --------
    >>> from tradewinds.firms.measurement import read_plants
    >>> panel = read_plants(
    ...     {
    ...         "plant": [1, 1, 1],
    ...         "year": [1, 2, 3],
    ...         "industry": ["a"] * 3,
    ...         "productivity": [1.0, 1.5, 1.75],
    ...         "weight": [1] * 3,
    ...     }
    ... )
    >>> decompose_years(panel)["within"].tolist()
    [0.5, 0.25]
    """
    years = plants.years
    rows = {}
    for first, last in itertools.pairwise(years):
        found = decompose(plants, first, last, method=method, reentry=reentry, switchers=switchers)
        rows[first, last] = {**found.components, "change": found.change}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["first", "last"])


def _placed(cells: pd.DataFrame, switchers: str) -> pd.DataFrame:
    """Return cells with the industry they count in; survivors that move are cut in two where the rule says so."""
    stays = cells["status"] == "survivor"
    moved = stays & (cells["industry_first"] != cells["industry_last"])
    own = cells["industry_last"].where(cells["status"].isin(ENTERING), cells["industry_first"])
    if switchers == "last":
        own = own.where(~stays, cells["industry_last"])
    if switchers != "exit-and-entry" or not moved.any():
        return cells.assign(industry=own)
    gone, come = cells[moved].copy(), cells[moved].copy()
    gone[["w2", "p2", "m2", "c12", "c21"]] = 0.0
    come[["w1", "p1", "m1", "c12", "c21"]] = 0.0
    gone = gone.assign(status="exiter", industry=gone["industry_first"])
    come = come.assign(status="entrant", industry=come["industry_last"])
    return pd.concat([cells[~moved].assign(industry=own[~moved]), gone, come], ignore_index=True)


def _industries(placed: pd.DataFrame, method: str) -> pd.DataFrame:
    """Return the decomposition of each industry for itself, with its shares of all plants' weights."""
    own = placed.groupby(["industry", "status"])[list(SUMS)].sum().reset_index()
    code, names = pd.factorize(own["industry"])
    each = parts(own, method, code)
    table = pd.DataFrame({name: np.bincount(code, each[name]) for name in COMPONENTS}, index=pd.Index(names))
    n, stay, w1, w2, p1, p2 = (
        np.bincount(code, column)
        for column in (own["n"], own["status"] == "survivor", own["w1"], own["w2"], own["p1"], own["p2"])
    )
    unsplit = (w1 <= 0) | (w2 <= 0) | ((stay == 0) & METHODS[method].needs_survivors)
    table.loc[unsplit, :] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        level1, level2 = p1 / w1, p2 / w2
    return table.assign(
        change=level2 - level1,
        level_first=level1,
        level_last=level2,
        share_first=w1 / w1.sum(),
        share_last=w2 / w2.sum(),
        plants=n.astype(int),
    ).rename_axis("industry")


def _built_up(industries: pd.DataFrame, level1: float, level2: float) -> dict[str, float]:
    """Return the aggregate change from industries: mean shares inside, changes of shares between them."""
    share1, share2 = industries["share_first"], industries["share_last"]
    mean_share, whole = (share1 + share2) / 2, (level1 + level2) / 2
    inside = industries[list(COMPONENTS)].mul(mean_share, axis=0)
    both = (share1 > 0) & (share2 > 0)
    split = inside.notna().all(axis=1)
    mean_level = (industries["level_first"] + industries["level_last"]) / 2
    between = ((share2 - share1) * (mean_level - whole)).where(both)
    # an industry that exists in one year only enters or leaves, against the mean of both years
    alone = share2 * (industries["level_last"].fillna(0) - whole) - share1 * (
        industries["level_first"].fillna(0) - whole
    )
    return {
        **{name: float(inside.loc[split, name].sum()) for name in COMPONENTS},
        "between_industries": float(between.where(both, alone).sum()),
        "without_survivors": float((mean_share * industries["change"])[both & ~split].sum()),
    }


def _notes(moments: PairMoments, industries: pd.DataFrame, switchers: str) -> list[str]:
    notes = []
    if moments.counts["switchers"]:
        notes.append(f"{moments.counts['switchers']} survivors change industry: {SWITCHERS[switchers]}")
    lost = industries.index[industries[list(COMPONENTS)].isna().any(axis=1)]
    if len(lost):
        notes.append(
            f"{len(lost)} industries have no survivor, or no weight in one of the years, and are not split: "
            + ", ".join(map(str, lost[:5]))
        )
    return notes
