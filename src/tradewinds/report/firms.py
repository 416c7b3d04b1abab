"""A study of heterogeneous firms as pages: the model, every scenario, who wins and who loses, checks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tradewinds.firms import (
    ChaneyEquilibrium,
    FirmResult,
    HatResult,
    Liberalisation,
    ParetoEquilibrium,
    Scenarios,
    Selection,
    UniformEquilibrium,
    WidgetResult,
    comparative_statics,
    liberalise,
    plot_export_decision,
    plot_performance,
)
from tradewinds.plotting import to_svg
from tradewinds.report.firms_hat import hat_page
from tradewinds.report.firms_pairs import bilateral, pair_tables
from tradewinds.report.firms_parts import FirmsPage, ScenarioRun, checks_table, failed_checks
from tradewinds.report.firms_selection import selection_content, selection_figures, selection_tables
from tradewinds.report.firms_words import abstract, change_word, model_content, without_trade
from tradewinds.report.page import Figure, Section
from tradewinds.report.tables import Column, Table
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd
__all__ = ["FirmsPage", "ScenarioRun", "firms_page"]

#: Scenarios up to which a table has a column each.
_COLUMNS = 7
#: Changes between scenarios up to which each is told and drawn.
_CHANGES = 6


def firms_page(
    model: str, parameter: str, runs: Sequence[ScenarioRun], selections: Sequence[Selection] = ()
) -> FirmsPage:
    """Return the report and the tables of a study.

    Parameters
    ----------
    model : str
        Name of the model.
    parameter : str
        What differs between scenarios.
    runs : sequence of ScenarioRun
        In the order of the study; may be empty, where nothing was solved.
    selections : sequence of Selection
        Who starts to export and innovate where firms differ in two dimensions, if that was asked.
    """
    if not runs:
        asked = Section("What was asked", model_content(model, innovates=False))
        return FirmsPage("", [asked], tidy_frame([], ("scenario",)), {}, {}, ("melitz-trefler2012",))
    results = [run.result for run in runs]
    if isinstance(results[0], HatResult):
        return hat_page(runs)
    scenarios = Scenarios(parameter, tuple(run.value for run in runs if run.value is not None), tuple(results))
    changes = _changes(results)
    figures = _figures(scenarios, changes)
    innovates = isinstance(results[0], UniformEquilibrium) and results[0].innovation is not None
    sections = [
        Section("What was asked", model_content(model, innovates=innovates)),
        Section(
            "Scenario by scenario",
            [
                *without_trade(results),
                *scenario_tables(scenarios),
                *(figure for name, figure in figures.items() if not name.startswith("change")),
            ],
        ),
    ]
    pairs = pair_tables(results)
    if pairs:
        sections.append(Section("Who sells to whom", pairs))
    if changes:
        drawn = [figure for name, figure in figures.items() if name.startswith("change")]
        sections.append(Section("Who wins and who loses", [*_told(changes), *drawn]))
    if selections:
        drawn_twice = selection_figures(selections)
        sections.append(Section("A second dimension", [*selection_content(selections), *drawn_twice.values()]))
        figures |= drawn_twice
    sections.append(Section("Checks", [checks_table(runs)]))
    return FirmsPage(
        abstract=abstract(scenarios),
        sections=sections,
        results=scenarios.tidy(),
        figures=figures,
        tables=_tables(results, changes) | selection_tables(selections),
        citation_keys=tuple(
            dict.fromkeys([*scenarios.citation_keys, *(key for item in selections for key in item.citation_keys)])
        ),
        failed_checks=failed_checks(runs),
    )


def scenario_tables(scenarios: Scenarios) -> Iterator[Table]:
    """Yield tables with one row a variable (and country or plan) and one column a scenario, some scenarios at a time."""
    frame = scenarios.tidy()
    keys = ["variable", *(name for name in scenarios.results[0].labels if name != "scenario")]
    units = frame.drop_duplicates(keys).set_index(keys)["unit"]
    wide = scenarios.table()
    if isinstance(scenarios.results[0], WidgetResult):
        yield from (_plan_table(result) for result in scenarios.results if isinstance(result, WidgetResult))
        wide = wide[wide.index.get_level_values("plan") == "market"]
    if wide.empty:
        return
    for start in range(0, len(wide.columns), _COLUMNS):
        part = wide.columns[start : start + _COLUMNS]
        rows = []
        for key in wide.index:
            names = key if isinstance(key, tuple) else (key,)
            rows.append(
                (names[0].replace("_", " "), *names[1:], units.loc[key], *(float(wide.loc[key, s]) for s in part))
            )
        heads: list[Column | str] = ["Variable", *(name.capitalize() for name in keys[1:]), "Unit"]
        values = [Column(_short(name, scenarios.parameter), format=".5g") for name in part]
        yield Table(f"Results by {scenarios.parameter.replace('_', ' ')}", [*heads, *values], rows)


def _plan_table(result: WidgetResult) -> Table:
    """Return the plans of a scenario, and by how many plans with trade each is beaten."""
    sigma = result.parameters.elasticity_of_substitution
    rows = []
    for plan in result.plans:
        made = (plan.regime, plan.produced, plan.run, plan.varieties, plan.units, plan.total)
        better = len(result.better(plan))
        rows.append((*made, better, plan.utility(sigma)) if sigma is not None else (*made, better))
    heads: list[Column | str] = [
        "Regime", Column("Varieties made", format=".0f"), Column("Units of each", "made", ".4g"),
        Column("Varieties consumed", format=".0f"), Column("Units of each", "consumed", ".4g"),
        Column("Units in all", "consumed", ".4g"), Column("Plans with trade that are better", format=".0f"),
    ]  # fmt: skip
    if sigma is not None:
        heads.append(Column("Utility", "units of one variety", ".4g"))
    note = "Better: as many varieties and units in all, and more of one of them; whoever likes both agrees, whatever the tastes."
    return Table(f"Plans of a country, {result.scenario.replace('_', ' ').replace('=', ' ')}", heads, rows, note=note)


def _short(scenario: str, parameter: str) -> str:
    if scenario == "trade_cost=inf":
        return "no trade"
    return scenario.replace(f"{parameter}=", f"{parameter.replace('_', ' ')} ")


def _changes(results: Sequence[FirmResult]) -> list[Liberalisation]:
    """Return what happens to firms from each scenario to the next, where the model follows firms by their cost."""
    uniform = [result for result in results if isinstance(result, UniformEquilibrium)]
    found = []
    for old, new in itertools.pairwise(uniform):
        if old.parameters.maximum_cost != new.parameters.maximum_cost:
            continue  # firms draw from other costs: nobody can be followed
        innovates = old.innovation is not None and new.innovation is not None
        found.append(liberalise(old, new, "equilibrium" if innovates else "none"))
    return found


def _told(changes: Sequence[Liberalisation]) -> list[str | Table]:
    content: list[str | Table] = [
        "Firms by the cost they drew, from each scenario to the next, once entry has adjusted. Nobody's draw changes; what changes "
        "is how large the market is and how tough."
    ]
    heads: list[Column | str] = [
        Column("Cost from", "price", ".5g"), Column("to", "price", ".5g"), Column("Share of draws", format=".3f"),
        "What they do", "Profit", "Output",
    ]  # fmt: skip
    for change in changes[:_CHANGES]:
        rows = []
        width = change.before.parameters.maximum_cost
        for r in change.ranges:
            did = r.before if r.before == r.after else f"{r.before} → {r.after}"
            rows.append((r.low, r.high, (r.high - r.low) / width, did, r.profit, r.output))
        content.append(Table(f"Firms by cost: {change_word(change)}", heads, rows))
    if len(changes) > _CHANGES:
        content.append(f"Of {len(changes)} changes the first {_CHANGES} are shown; all are in changes.csv.")
    return content


def _figures(scenarios: Scenarios, changes: Sequence[Liberalisation]) -> dict[str, Figure]:
    import numpy as np

    found: dict[str, Figure] = {}
    if np.isfinite(scenarios.values).sum() > 1 or (not scenarios.values and len(scenarios.results) > 1):
        alt = f"A panel a variable, against {scenarios.parameter.replace('_', ' ')}."
        found["scenarios"] = Figure(f"By {scenarios.parameter.replace('_', ' ')}", to_svg(scenarios.plot()), alt)
    last: Any = scenarios.results[-1]
    if isinstance(last, UniformEquilibrium):
        alt = "Left: demand, costs, prices and profits of two firms. Right: profit by cost; gains and losses are equal areas."
        still = ", were nobody to innovate" if last.innovation is not None else ""
        found["performance"] = Figure(
            f"Who earns what: {_short(last.scenario, scenarios.parameter)}{still}", to_svg(plot_performance(last)), alt
        )
        if last.parameters.trades:
            alt = "Operating profit by cost at home and abroad: two falling curves, apart by the trade cost."
            found["export-decision"] = Figure(
                f"Who exports: {_short(last.scenario, scenarios.parameter)}{still}",
                to_svg(plot_export_decision(last)),
                alt,
            )
    elif len(scenarios.results) == 1:
        found["result"] = Figure(
            f"{last.model}: {_short(last.scenario, scenarios.parameter)}",
            to_svg(last.plot()),
            "Results by country or plan.",
        )
    for number, change in enumerate(changes[:_CHANGES], start=1):
        alt = "Left: operating profit by market before and after; who starts to export, who exits. Right: winners and losers."
        found[f"change-{number}"] = Figure(f"Firms by cost: {change_word(change)}", to_svg(change.plot()), alt)
    return found


def _tables(results: Sequence[FirmResult], changes: Sequence[Liberalisation]) -> dict[str, pd.DataFrame]:
    import pandas as pd

    tables = {}
    uniform = [result for result in results if isinstance(result, UniformEquilibrium)]
    if uniform:
        parts = [comparative_statics(result).assign(scenario=result.scenario) for result in uniform]
        tables["comparative-statics.csv"] = pd.concat(parts, ignore_index=True)
    pairs = [bilateral(result) for result in results if isinstance(result, ParetoEquilibrium | ChaneyEquilibrium)]
    if pairs:
        tables["bilateral.csv"] = pd.concat(pairs, ignore_index=True)
    if changes:
        tables["changes.csv"] = pd.concat([change.tidy() for change in changes], ignore_index=True)
    return tables
