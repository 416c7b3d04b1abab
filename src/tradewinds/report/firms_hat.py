"""A study with exact hat algebra as a page: what changes, real wages and welfare in two ways, sectors, gains from trade, checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.firms import HatResult, Scenarios, TradeTables
from tradewinds.plotting import to_svg
from tradewinds.report.firms_parts import FirmsPage, ScenarioRun, checks_table, failed_checks
from tradewinds.report.firms_words import model_content, signed, span
from tradewinds.report.page import Figure, Section
from tradewinds.report.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["hat_page"]

#: Scenarios up to which each is told and drawn.
_SHOWN = 6
#: Percentage points between both measures of welfare from which the reader is told.
_APART = 0.05

_COLUMNS = (
    ("real wage", "real_wage"), ("welfare, exact", "welfare_exact"), ("welfare, first order", "welfare_first_order"),
    ("terms of trade", "terms_of_trade"), ("volume of trade", "volume_of_trade"), ("trade technology", "trade_technology"),
)  # fmt: skip


def hat_page(runs: Sequence[ScenarioRun]) -> FirmsPage:
    """Return the report and the tables of a study with exact hat algebra."""
    results: list[HatResult] = [run.result for run in runs]
    tables = results[0].parameters.tables
    scenarios = Scenarios("scenario", (), tuple(results))
    shown = results[:_SHOWN]
    figures = {
        f"scenario-{number}": Figure(
            f"Real wages and welfare: {result.scenario}", to_svg(result.plot()), "Bars by country: per cent changes."
        )
        for number, result in enumerate(shown, start=1)
    }
    by_country = [item for r, f in zip(shown, figures.values(), strict=True) for item in (_countries(r), f)]
    more = [f"Of {len(results)} scenarios the first {_SHOWN} are shown; all are in results.csv."]
    sections = [
        Section("What was asked", [*model_content("caliendo-parro", innovates=False), _asked(results)]),
        Section("Country by country", [_TWICE, *by_country, *(more if len(results) > _SHOWN else [])]),
        Section("Sector by sector", [_sectors(result) for result in shown]),
        Section("What trade is worth in these tables", [_WORTH, _gains(tables)]),
        Section("Checks", [checks_table(runs)]),
    ]
    return FirmsPage(
        abstract=_abstract(results),
        sections=sections,
        results=scenarios.tidy(),
        figures=figures,
        tables={"flows.csv": _flows(results)},
        citation_keys=(*scenarios.citation_keys, "arkolakis-costinot-rodriguezclare2012"),
        failed_checks=tuple(f"{text}.{_ADVICE}" for text in failed_checks(runs)),
        warnings=_warnings(results),
    )


#: What mostly is the matter where a change of tables is not solved.
_ADVICE = (
    ' Where trade all but ends, deficits that are kept cannot be paid: try deficits = "zero".'
    " Otherwise try a smaller change, or several."
)
_TWICE = (
    "Welfare comes twice. *Exact* is the change of real income. *First order* is the formula of Caliendo and Parro (2015) as "
    "published, the sum of the last three columns: each is a derivative at the tariffs before the change, times the whole change. "
    "The two agree for small changes only."
)
_WORTH = (
    "From home shares λ and elasticities θ alone: the real wage over that of autarky, once as if sectors used labour only and once "
    "with their inputs from each other. *Gain* is a share of the real wage of autarky, *loss* one of the real wage with trade."
)


def _asked(results: Sequence[HatResult]) -> Table:
    """Return what each scenario changes: tariffs and trade costs, on average over what is traded before."""
    rows = []
    for result in results:
        p, t = result.parameters, result.parameters.tables
        off = ~np.eye(len(t.countries), dtype=bool)
        weight = np.where(off[:, :, np.newaxis], t.flows, 0.0)
        touched = (p.tariffs_after != t.tariff) | (p.cost_change != 1)
        total = max(float(weight.sum()), 1e-300)
        moved = weight * np.isfinite(p.cost_change)
        cost = float(
            (moved * np.where(np.isfinite(p.cost_change), p.cost_change, 0.0)).sum() / max(moved.sum(), 1e-300)
        )
        closed = float(weight[~np.isfinite(p.cost_change)].sum() / total)
        rows.append(
            (
                result.scenario,
                float(weight[touched].sum() / total),
                100 * float((weight * t.tariff).sum() / total),
                100 * float((weight * p.tariffs_after).sum() / total),
                cost if moved.sum() > 0 else None,
                closed,
                "as before"
                if np.allclose(p.deficit_after, t.deficit)
                else "none"
                if not p.deficit_after.any()
                else "others",
            )
        )
    heads: list[Column | str] = [
        "Scenario", Column("Trade touched", "share", ".3f"), Column("Tariffs before", "per cent", ".3g"),
        Column("Tariffs after", "per cent", ".3g"), Column("Trade costs", "after / before", ".4g"),
        Column("Trade closed", "share", ".3f"), "Deficits",
    ]  # fmt: skip
    note = "Averages over the trade between countries before the change, by its value; trade costs over what is not closed."
    return Table("What changes", heads, rows, note=note)


def _countries(result: HatResult) -> Table:
    columns = [np.asarray(getattr(result, name)) for _, name in _COLUMNS]
    rows = [
        (country, *(_number(values[n]) for values in columns))
        for n, country in enumerate(result.parameters.tables.countries)
    ]
    heads = [Column(words.capitalize(), "per cent", ".3f") for words, _ in _COLUMNS]
    note = ""
    if not np.all(np.isfinite(result.welfare_first_order)):
        note = "−∞: a route in use closes, and no derivative at the old trade costs can follow it there."
    return Table(f"Real wages and welfare: {result.scenario}", ["Country", *heads], rows, note=note)


def _number(value: float) -> float | str:
    return float(value) if np.isfinite(value) else "∞" if value > 0 else "−∞"


def _sectors(result: HatResult) -> Table:
    tables = result.parameters.tables
    before, after = result.imports_before.sum(axis=0), result.imports_after.sum(axis=0)
    output = result.flows_after.sum(axis=(0, 1)) / np.maximum(tables.output.sum(axis=0), 1e-300)
    rows = [
        (
            sector,
            float(tables.trade_elasticities[j]),
            float(before[j]),
            float(after[j]),
            100 * float(after[j] / before[j] - 1) if before[j] > 0 else None,
            100 * float(output[j] - 1),
        )
        for j, sector in enumerate(tables.sectors)
    ]
    heads: list[Column | str] = [
        "Sector", Column("Elasticity", "θ", ".3g"), Column("Trade before", "value", ".5g"),
        Column("Trade after", "value", ".5g"), Column("Change of trade", "per cent", ".2f"),
        Column("Change of output", "per cent", ".2f"),
    ]  # fmt: skip
    note = (
        "Of the world, before tariffs, in the unit of the tables, in which the world's value added stays what it was."
    )
    return Table(f"Sectors: {result.scenario}", heads, rows, note=note)


def _gains(tables: TradeTables) -> Table:
    kinds = [(inputs, convention) for inputs in (False, True) for convention in ("gain", "loss")]
    columns = [100 * tables.gains_from_trade(inputs=inputs, convention=convention) for inputs, convention in kinds]
    share = np.einsum("nnj->n", tables.flows) / tables.spending.sum(axis=1)
    rows = [
        (name, float(share[n]), *(_number(values[n]) for values in columns)) for n, name in enumerate(tables.countries)
    ]
    heads: list[Column | str] = ["Country", Column("Home share", "of all spending", ".4f")]
    for inputs, convention in kinds:
        heads.append(
            Column(f"{convention.capitalize()}, {'with inputs' if inputs else 'labour only'}", "per cent", ".3f")
        )
    return Table("Gains from trade", heads, rows, note="∞: the country buys what it does not make.")


def _flows(results: Sequence[HatResult]) -> pd.DataFrame:
    """Return trade by pair and sector before and after, where there is any."""
    import pandas as pd

    tables = results[0].parameters.tables
    names = [tables.countries, tables.countries, tables.sectors]
    index = pd.MultiIndex.from_product(names, names=["exporter", "importer", "sector"])
    parts = []
    for result in results:
        values = {"value_before": tables.flows.ravel(), "value_after": result.flows_after.ravel()}
        part = pd.DataFrame(values, index=index).reset_index().assign(scenario=result.scenario)
        parts.append(part[(part["value_before"] > 0) | (part["value_after"] > 0)])
    return pd.concat(parts, ignore_index=True)


def _abstract(results: Sequence[HatResult]) -> str:
    """Return the range of changes of real income and of real wages, a sentence a scenario."""
    told = []
    for result in results[:_SHOWN]:
        names = result.parameters.tables.countries
        incomes = span(dict(zip(names, result.welfare_exact, strict=True)), " per cent")
        wages = span(dict(zip(names, result.real_wage, strict=True)), " per cent")
        told.append(f"**{result.scenario}**: real income changes by {incomes}; real wages by {wages}.")
    return " ".join(told)


def _warnings(results: Sequence[HatResult]) -> tuple[str, ...]:
    """Say where the published formula is far from the change of real income."""
    found = []
    for result in results:
        gap = np.abs(result.welfare_first_order - result.welfare_exact)
        n = int(np.argmax(np.where(np.isnan(gap), np.inf, gap)))
        if not gap[n] < _APART:
            first, exact = result.welfare_first_order[n], result.welfare_exact[n]
            said = f"{signed(first)} per cent" if np.isfinite(first) else "no finite number"
            country = result.parameters.tables.countries[n]
            found.append(
                f"{result.scenario}: in {country} the first-order formula says {said} where real income "
                f"changes by {signed(exact)} per cent; the formula is for small changes."
            )
    return tuple(found)
