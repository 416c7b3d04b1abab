"""What a study of plants estimates beyond decompositions: columns by the study's names, rows without them counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tradewinds.errors import InputError
from tradewinds.firms.measurement import (
    AggregationBias,
    ExportingEffect,
    MarginalTrade,
    PlantEstimates,
    PlantPanel,
    ProductivityDistributions,
    aggregation_bias,
    distributions_before_and_after,
    distributions_of_entrants,
    distributions_of_exporters,
    effect_of_exporting,
    exit_regression,
    exporter_premium,
    marginal_intra_industry_trade,
    starting_to_export,
)
from tradewinds.study.plants_files import require_header

if TYPE_CHECKING:
    from tradewinds.study.plants_fields import PlantsStudy

__all__ = ["distributions", "exits", "instrument", "marginal", "premia", "starting", "trade"]

Columns = Mapping[str, str]


def distributions(
    settings: PlantsStudy, panel: PlantPanel, before: int, after: int
) -> tuple[ProductivityDistributions, ...]:
    """Return the panels of Figure 5 that are asked for and that the data have."""
    from tradewinds.study.plants import require_year

    asked = settings.distribution
    assert asked is not None
    options: dict[str, Any] = {"median": asked.median, "width": asked.width, "smooth": asked.smooth}
    found = [distributions_before_and_after(panel, before, after, **options)]
    if asked.entrants:
        for year in (year for period in asked.entrants for year in period):
            require_year("distribution.entrants", year, panel.years)
        found.append(distributions_of_entrants(panel, [(one, two) for one, two in asked.entrants], **options))
    if panel.has_exporters:
        year = after if asked.exporters is None else asked.exporters
        require_year("distribution.exporters", year, panel.years)
        found.append(distributions_of_exporters(panel, year, **options))
    return tuple(found)


def premia(settings: PlantsStudy, panel: PlantPanel, columns: Columns) -> tuple[tuple[str, str, PlantEstimates], ...]:
    """Return outcome, effects and estimates of every regression on export status."""
    asked = settings.premia
    assert asked is not None
    controls = [columns[name] for name in asked.controls]
    found = []
    for outcome in asked.outcomes:
        if columns[outcome] in controls or outcome == "exporter":
            raise InputError(f'key "plants.premia.outcomes": {outcome} cannot be an outcome and a regressor')
        used, lost = complete(panel, [columns[outcome], *controls])
        for effects in asked.effects:
            made = exporter_premium(used, outcome=columns[outcome], effects=effects, controls=controls)
            found.append((outcome, effects, counted(made, lost)))
    return tuple(found)


def exits(settings: PlantsStudy, panel: PlantPanel, columns: Columns) -> PlantEstimates:
    """Return the regression of leaving."""
    asked = settings.exit
    assert asked is not None
    regressors = [columns[name] for name in asked.regressors]
    used, lost = complete(panel, regressors)
    made = exit_regression(
        used,
        horizon=asked.horizon,
        regressors=regressors,
        effects=asked.effects,
        model=asked.model,
        reentry="leave-out",
    )
    return counted(made, lost)


def starting(settings: PlantsStudy, panel: PlantPanel, columns: Columns, before: int, after: int) -> PlantEstimates:
    """Return who starts to export."""
    asked = settings.starting
    assert asked is not None
    shock = columns[asked.shock] if asked.shock else None
    controls = [columns[name] for name in asked.controls]
    used, lost = complete(panel, [*controls, *([shock] if shock else [])], year=before)
    made = starting_to_export(used, before, after, shock=shock, controls=controls, quantiles=asked.quantiles)
    return counted(made, lost)


def instrument(settings: PlantsStudy, panel: PlantPanel, columns: Columns, first: int, last: int) -> ExportingEffect:
    """Return the instrumented effect of exporting on the growth of productivity."""
    asked = settings.instrument
    assert asked is not None
    instruments, controls = ([columns[name] for name in names] for names in (asked.instruments, asked.controls))
    if "exporter" in controls and asked.plants == "never-exported":
        raise InputError(
            'key "plants.instrument.controls": no plant that never exported has an export status to control for'
        )
    frame = panel.frame
    now = frame[frame["year"] == first].set_index("plant")
    later = frame[frame["year"] == last].set_index("plant")
    table = now.join(later[["productivity", "exporter"]].add_suffix("_later"), how="inner")
    if asked.plants == "never-exported":
        once = frame.loc[(frame["year"] <= first) & frame["exporter"], "plant"]
        table = table[~table.index.isin(once)]
    table = table.assign(
        growth=table["productivity_later"] - table["productivity"], exports=table["exporter_later"].astype(float)
    )
    table["exporter"] = table["exporter"].astype(float)
    names = [*instruments, *controls]
    whole = np.isfinite(table[names].to_numpy(dtype=float)).all(axis=1)
    used = table[whole].reset_index()
    if not len(used):
        raise InputError(
            f"no plant is in {first} and {last} with every instrument and control; take other years or columns"
        )
    made = effect_of_exporting(
        used,
        outcome="growth",
        exporting="exports",
        instruments=instruments,
        controls=controls,
        absorb="industry" if asked.absorb == "industry" else None,
        cluster="industry" if asked.cluster == "industry" else None,
    )
    lost = int((~whole).sum())
    named = f"Effect of exporting in {last} on growth of log productivity, {first} to {last}"
    table = made.effect.estimates.assign(unit="log points")
    effect = dataclasses.replace(counted(made.effect, lost), title=named, estimates=table, source=panel.source)
    return dataclasses.replace(made, effect=effect)


def trade(settings: PlantsStudy, path: Path) -> AggregationBias:
    """Return intra-industry trade by width of industry."""
    asked = settings.trade
    assert asked is not None
    require_header(path)
    return aggregation_bias(
        path,
        asked.levels,
        product=asked.product,
        exports=asked.exports,
        imports=asked.imports,
        by=asked.by,
        cif_fob_ratio=asked.cif_fob_ratio,
    )


def marginal(settings: PlantsStudy, path: Path) -> tuple[MarginalTrade, ...]:
    """Return how much of the change of trade was two-way, a result a period and level."""
    asked = settings.trade
    assert asked is not None and asked.marginal is not None
    others = [name for name in asked.by if name != asked.year]
    columns = {"year": asked.year, "product": asked.product, "exports": asked.exports, "imports": asked.imports}
    return tuple(
        marginal_intra_industry_trade(
            path, first, last, by=others, level=level, cif_fob_ratio=asked.cif_fob_ratio, **columns
        )
        for first, last in asked.marginal
        for level in asked.levels
    )


def complete(panel: PlantPanel, columns: Sequence[str], year: int | None = None) -> tuple[PlantPanel, int]:
    """Return the panel without rows that lack a column (of one year, if named), and how many they are.

    They stay known as operating plants, so that nobody is taken to leave because a control is missing.
    """
    values = panel.frame[list(columns)].astype(float).to_numpy()
    lacking = ~np.isfinite(values).all(axis=1)
    if year is not None:
        lacking &= (panel.frame["year"] == year).to_numpy()
    if not lacking.any():
        return panel, 0
    gone = panel.frame.loc[lacking, ["plant", "year"]]
    kept = panel.frame[~lacking].reset_index(drop=True)
    if kept.empty:
        raise InputError(f"every row lacks one of {', '.join(columns)}")
    gaps = pd.concat([panel.gaps, gone], ignore_index=True)
    return dataclasses.replace(panel, frame=kept, gaps=gaps), int(lacking.sum())


def counted(made: PlantEstimates, lost: int) -> PlantEstimates:
    """Return estimates whose sample says how many rows lack a column."""
    return dataclasses.replace(made, sample={**made.sample, "lack a column": lost}) if lost else made
