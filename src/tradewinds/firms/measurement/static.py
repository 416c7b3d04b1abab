r"""Olley and Pakes's static decomposition: mean productivity of plants, and how far large plants are the productive ones.

:math:`\Phi_t = \bar\varphi_t + \sum_i (s_{it} - \bar s_t)(\varphi_{it} - \bar\varphi_t)`, for all plants, by industry,
and for exporters and others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from tradewinds.errors import InputError
from tradewinds.firms.measurement.panel import PlantPanel
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.firms.measurement.store import PlantStore

__all__ = ["StaticDecomposition", "olley_pakes"]

_VARIABLES = ("aggregate", "mean", "covariance")


@dataclass(frozen=True, eq=False)
class StaticDecomposition:
    """Aggregate productivity of each year, split into an unweighted mean and a covariance.

    Attributes
    ----------
    years : DataFrame
        Index ``year``: ``aggregate = mean + covariance`` of all plants, and ``plants``.
    industries : DataFrame
        Index ``year, industry``: the same inside an industry, and ``share`` of all weights.
    exporting : DataFrame
        Index ``year, exporting``: the same inside exporters and others, and ``share``; empty where export status is unknown.
    groups : DataFrame
        Index ``year``: how the covariance of all plants is made of covariances ``inside`` the two groups (their shares
        as weights) and of shares ``across`` them (each group's share above its part of the plants, times its mean);
        they sum to the covariance.
    """

    years: pd.DataFrame
    industries: pd.DataFrame = field(repr=False)
    exporting: pd.DataFrame = field(repr=False)
    groups: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...]
    source: str

    @property
    def residual(self) -> float:
        """Largest gap between an aggregate and its parts."""
        gaps = [
            (table["aggregate"] - table["mean"] - table["covariance"]).abs().max()
            for table in (self.years, self.industries)
        ]
        if len(self.groups):
            gaps.append((self.groups.sum(axis=1) - self.years["covariance"]).abs().max())
        return float(max(gaps))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("olley-pakes1996",)

    def tidy(self) -> pd.DataFrame:
        """Return one number a row, labelled by year, industry and export status (empty where they do not apply)."""
        labels = ["year", "industry", "exporting"]
        frames = [
            table.reset_index().melt(table.index.names, list(_VARIABLES))
            for table in (self.years, self.industries, self.exporting)
            if len(table)
        ]
        if len(self.groups):
            found = self.groups.reset_index().melt("year", ["inside", "across"])
            frames.append(found.assign(variable="covariance_" + found["variable"]))
        frame = pd.concat(frames).assign(unit="units of productivity")
        for name in labels[1:]:
            frame[name] = frame[name].fillna("") if name in frame else ""
        return tidy_frame(frame[["variable", "value", "unit", *labels]], labels)

    def summary(self) -> str:
        """Return the years as text."""
        table = self.years.to_string(float_format=lambda value: f"{value:.4f}")
        return "\n".join(["Olley and Pakes, static", table, *(f"note: {note}" for note in self.notes)])

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of mean and covariance by year."""
        from tradewinds.firms.measurement.figures import plot_bars

        rows = self.years[["mean", "covariance"]] - [self.years["mean"].iloc[0], 0.0]
        title = "Mean productivity of plants (change since the first year) and covariance with size"
        return plot_bars(rows, title, "units of productivity", source or f"Data: {self.source}.")


def olley_pakes(plants: PlantPanel | PlantStore) -> StaticDecomposition:
    """Return the static decomposition of each year.

    Raises
    ------
    InputError
        If weights of a year sum to zero.

    References
    ----------
    Olley and Pakes (1996), Section 6.

    Examples
    --------
    >>> from tradewinds.firms.measurement import read_plants
    >>> panel = read_plants(
    ...     {"plant": [1, 2], "year": [1, 1], "industry": ["a", "a"], "productivity": [1.0, 0.5], "weight": [3, 1]}
    ... )
    >>> print(olley_pakes(panel).summary())
    Olley and Pakes, static
          aggregate   mean  covariance  plants
    year
    1        0.8750 0.7500      0.1250       2
    """
    sums = _in_memory(plants) if isinstance(plants, PlantPanel) else plants.static_sums()
    years = _split(sums, ["year"])
    empty = years.index[~(years["aggregate"].notna())]
    if len(empty):
        raise InputError(f"weights of {empty[0]} sum to zero; a share needs a positive total")
    industries = _split(sums, ["year", "industry"])
    exporting = _split(sums[sums["exporting"] != "all"], ["year", "exporting"])
    return StaticDecomposition(
        years=years.drop(columns="share"),
        industries=industries,
        exporting=exporting,
        groups=_groups(exporting, years),
        notes=plants.notes,
        source=plants.source,
    )


def _in_memory(panel: PlantPanel) -> pd.DataFrame:
    frame = panel.frame
    exporting = frame["exporter"].map({True: "exporter", False: "non-exporter"}) if panel.has_exporters else "all"
    table = frame[["year", "industry"]].assign(
        exporting=exporting,
        n=1,
        w=frame["weight"],
        p=frame["weight"] * frame["productivity"],
        m=frame["productivity"],
    )
    return table.groupby(["year", "industry", "exporting"])[["n", "w", "p", "m"]].sum().reset_index()


def _split(sums: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    table = sums.groupby(keys)[["n", "w", "p", "m"]].sum()
    whole = sums.groupby("year")["w"].sum().reindex(table.index.get_level_values("year")).to_numpy()
    found = pd.DataFrame({"aggregate": table["p"] / table["w"].where(table["w"] > 0), "mean": table["m"] / table["n"]})
    found["covariance"] = found["aggregate"] - found["mean"]
    return found.assign(plants=table["n"].astype("int64"), share=table["w"] / whole)


def _groups(exporting: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    if exporting.empty:
        return pd.DataFrame(columns=["inside", "across"], index=years.index[:0], dtype=float)
    plants = exporting["plants"] / exporting["plants"].groupby(level="year").transform("sum")
    inside = (exporting["share"] * exporting["covariance"].fillna(0.0)).groupby(level="year").sum()
    across = ((exporting["share"] - plants) * exporting["mean"]).groupby(level="year").sum()
    return pd.DataFrame({"inside": inside, "across": across})
