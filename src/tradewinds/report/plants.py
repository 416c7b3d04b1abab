"""A study of plant data as pages: the data and its rules, where productivity comes from, who exports, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewinds.firms.measurement import (
    AggregationBias,
    Decomposition,
    ExportingEffect,
    MarginalTrade,
    PlantEstimates,
    ProductionFunction,
    ProductivityDistributions,
    StaticDecomposition,
)
from tradewinds.report.page import Figure, Section
from tradewinds.report.plants_figures import plants_figures
from tradewinds.report.plants_results import curves, industries_table, marginal_changes, plants_tidy, trade_table
from tradewinds.report.plants_tables import (
    check_table,
    component_table,
    distribution_table,
    effect_tables,
    estimate_table,
    exporting_table,
    function_table,
    industry_table,
    marginal_table,
    premia_table,
    rule_table,
    trade_levels,
    year_table,
    yearly_table,
)
from tradewinds.report.plants_words import abstract, cautions, data_words, method_words
from tradewinds.report.tables import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PlantsPage", "PlantsResult", "plants_page"]

Content = str | Table | Figure

#: Largest gap between a change and its parts, relative to the levels, that counts as adding up.
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class PlantsResult:
    """Everything that a study of plants found.

    Attributes
    ----------
    source, productivity, weight : str
        File, what productivity is in words, column of the weight.
    years : tuple of int
    first, last : int
        Years compared.
    counts : mapping
        Rows under each rule.
    notes : tuple of str
    functions : mapping
        Industry -> production function behind productivity.
    static, decompositions, yearly, distribution, premia, exit, starting, instrument, trade, marginal
        Results, where they were asked for.
    """

    source: str
    productivity: str
    weight: str
    years: tuple[int, ...]
    first: int
    last: int
    counts: Mapping[str, int]
    notes: tuple[str, ...]
    functions: Mapping[str, ProductionFunction]
    static: StaticDecomposition
    decompositions: tuple[Decomposition, ...]
    yearly: pd.DataFrame | None = None
    distribution: tuple[ProductivityDistributions, ...] = ()
    premia: tuple[tuple[str, str, PlantEstimates], ...] = ()
    exit: PlantEstimates | None = None
    starting: PlantEstimates | None = None
    instrument: ExportingEffect | None = None
    trade: AggregationBias | None = None
    marginal: tuple[MarginalTrade, ...] = ()

    @property
    def failed_checks(self) -> tuple[str, ...]:
        """Sums that do not add up."""
        failed = []
        for made in self.decompositions:
            scale = max(1.0, abs(made.level_first), abs(made.level_last))
            if not made.residual <= TOLERANCE * scale:
                failed.append(f"the decomposition {made.method} does not add up: it misses {made.residual:.2g}")
        if not self.static.residual <= TOLERANCE * max(1.0, float(self.static.years["aggregate"].abs().max())):
            failed.append(f"the static decomposition does not add up: it misses {self.static.residual:.2g}")
        return tuple(failed)

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography, of what was used."""
        parts = [
            *self.decompositions, self.static, *self.functions.values(), *self.distribution,
            *(made for _, _, made in self.premia), self.exit, self.starting, self.instrument, self.trade, *self.marginal,
        ]  # fmt: skip
        keys = [key for part in parts if part is not None for key in part.citation_keys]
        return tuple(dict.fromkeys(["melitz-trefler2012", *keys]))


@dataclass(frozen=True)
class PlantsPage:
    """What a study of plants puts into its folder."""

    subtitle: str
    abstract: str
    sections: list[Section]
    results: pd.DataFrame
    figures: Mapping[str, Figure]
    tables: Mapping[str, pd.DataFrame]
    citation_keys: tuple[str, ...]
    failed_checks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def plants_page(result: PlantsResult | None, left_out: tuple[str, ...] = ()) -> PlantsPage:
    """Return the report and the tables of a study.

    Parameters
    ----------
    result : PlantsResult, optional
        None where nothing was reached.
    left_out : tuple of str
        Sentences about estimates that were left out because a library is missing.
    """
    from tradewinds.report.plants_results import nothing

    if result is None:
        return PlantsPage("", "", [], nothing(), {}, {}, ("melitz-trefler2012",))
    figures = plants_figures(result)
    sections = [
        Section("The data", [data_words(result), rule_table(result)]),
        Section("Year by year", [year_table(result), *_some(figures, "levels"), *_yearly(result, figures)]),
        Section("Where the change comes from", _change(result, figures)),
        *_optional(result, figures),
    ]
    sections.append(Section("Checks", [check_table(result)]))
    tables = {"industries.csv": industries_table(result)}
    if result.distribution:
        tables["distributions.csv"] = curves(result.distribution)
    if result.trade is not None:
        tables["intra-industry-trade.csv"] = trade_table(result.trade)
    if result.marginal:
        tables["marginal-trade.csv"] = marginal_changes(result.marginal)
    return PlantsPage(
        subtitle=f"{result.source}, {result.years[0]} to {result.years[-1]}, {result.productivity}",
        abstract=abstract(result),
        sections=sections,
        results=plants_tidy(result),
        figures=figures,
        tables=tables,
        citation_keys=result.citation_keys,
        failed_checks=result.failed_checks,
        warnings=(*cautions(result), *left_out),
    )


def _some(figures: Mapping[str, Figure], *names: str) -> list[Figure]:
    return [figures[name] for name in names if name in figures]


def _yearly(result: PlantsResult, figures: Mapping[str, Figure]) -> list[Content]:
    return [] if result.yearly is None else [yearly_table(result), *_some(figures, "yearly")]


def _change(result: PlantsResult, figures: Mapping[str, Figure]) -> list[Content]:
    content: list[Content] = [method_words(result), component_table(result), *_some(figures, "decompositions")]
    if (result.decompositions[0].contributions.index.get_level_values("exporting") != "all").any():
        content += [exporting_table(result), *_some(figures, "exporters")]
    return [*content, industry_table(result)]


def _optional(result: PlantsResult, figures: Mapping[str, Figure]) -> list[Section]:
    """Return a section for each estimate that was asked for."""
    found = []
    if result.functions:
        found.append(Section("The production function", [function_table(result)]))
    if result.distribution:
        found.append(
            Section("Distributions of productivity", [*_some(figures, "distributions"), distribution_table(result)])
        )
    exporters: list[Content] = []
    if result.premia:
        exporters += [premia_table(result), *_some(figures, "premia")]
    for name, made in (("exit", result.exit), ("starting", result.starting)):
        if made is not None:
            exporters += [estimate_table(made), *_some(figures, name)]
    if result.instrument is not None:
        exporters += [*effect_tables(result.instrument)]
    if exporters:
        found.append(Section("Exporters", exporters))
    if result.trade is not None:
        change = [marginal_table(result.marginal)] if result.marginal else []
        found.append(Section("Intra-industry trade", [trade_levels(result.trade), *_some(figures, "trade"), *change]))
    return found
