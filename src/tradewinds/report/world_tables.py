"""Tables of a world simulation: as in the paper, by country, what output comes from, checks, the baseline and its parameters."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.report.provenance import ParameterRecord
from tradewinds.report.tables import Column, Table
from tradewinds.world import SHOCKS
from tradewinds.world.parameters import DEFINITIONS

if TYPE_CHECKING:
    from tradewinds.world import Calibration, WorldResult, WorldShock

__all__ = [
    "GAP",
    "YEARS",
    "baseline_tables",
    "calibrated_parameters",
    "contribution_table",
    "country_table",
    "identity_table",
    "oil_table",
    "parameter_records",
    "place_table",
    "scenario_table",
    "shares_table",
    "shock_table",
]

#: Years of the paper's tables.
YEARS = (1996, 2000, 2010, 2030, 2050, 2075)

#: Largest gap of an accounting identity, in shares of output.
GAP = 1e-9

_ROWS = {
    "potential_output": "Potential output",
    "tfp": "Total factor productivity (100 × log)",
    "tfp_domestic_rnd": "\u2003from domestic R&D",
    "tfp_foreign_rnd": "\u2003from foreign R&D",
    "tfp_trade": "\u2003from trade",
    "capital": "Capital",
    "investment": "Investment",
    "consumption": "Consumption",
    "rnd_gdp": "R&D spending/GDP (points)",
    "domestic_rnd_stock": "Domestic R&D stock",
    "foreign_rnd_stock": "Foreign R&D stock",
    "manufactures_imports_gdp": "Manufactures imports/GDP (points)",
}
_OF_RESEARCHERS = ("tfp_domestic_rnd", "rnd_gdp", "domestic_rnd_stock")
_BY_COUNTRY = {
    "potential_output": ("Output", "%"),
    "tfp": ("Productivity", "100 × log"),
    "capital": ("Capital", "%"),
    "investment": ("Investment", "%"),
    "consumption": ("Consumption", "%"),
    "manufactures_imports_gdp": ("Imports", "% of GDP"),
    "real_exchange_rate": ("Real exchange rate", "%"),
    "terms_of_trade": ("Terms of trade", "%"),
    "current_account_gdp": ("Current account", "% of GDP"),
}
_OIL = {
    "oil_price": "Price of oil in the numeraire's output (%)",
    "oil_exports": "Exports of oil (points)",
    "oil_exporters_imports": "Imports (points)",
    "oil_exporters_assets": "Claims on the others (points)",
}
_GROUPED = (
    "In a group, quantities are summed and ratios, prices and productivity averaged with output as weights. What is fitted to the "
    "paper's tables is no evidence when it agrees with them: see Parameters."
)
#: What sources of values chosen to come near printed results begin with.
_FITTED = ("calibrated to", "deduced from")


def place_table(result: WorldResult, label: str, where: str, years: Sequence[int] | None = None) -> Table:
    """Return a table in the manner of the paper's Tables 1, 3 and 4 for a country or group."""
    chosen = _years_of(result, years)
    found = result.table(_rows_of(result, where), where, chosen)
    rows = [(_ROWS[str(name)], *numbers) for name, numbers in zip(found.index, found.to_numpy(), strict=True)]
    columns = [Column("Deviation from baseline, per cent"), *(Column(str(year), format=".2f") for year in chosen)]
    fitted = calibrated_parameters(result.calibration)
    note = _GROUPED if fitted else _GROUPED.split(" What")[0]
    return Table(f"{_prefix(result)}{label}", columns, rows, note=note + _flag(result))


def _rows_of(result: WorldResult, where: str) -> list[str]:
    """Return the rows that say something: no research of those who do none, no trade effect where there is none."""
    calibration = result.calibration
    places = [calibration.codes.index(code) for code in result.members(where)]
    left_out: set[str] = set()
    if not np.any(calibration.arrays["domestic_rnd_elasticity"][places] > 0) and not np.any(
        result.deviation("rnd_gdp", where)
    ):
        left_out |= set(_OF_RESEARCHERS)
    if not np.any(calibration.arrays["trade_tfp_effect"][places] > 0):
        left_out.add("tfp_trade")
    return [name for name in _ROWS if name not in left_out]


def country_table(result: WorldResult) -> Table:
    """Return what happens to each country in the last year reported."""
    rows = [
        (result.calibration.names[code], *(result.deviation(name, code)[-1] for name in _BY_COUNTRY))
        for code in result.calibration.codes
    ]
    columns = [Column("Country"), *(Column(head, unit, format=".2f") for head, unit in _BY_COUNTRY.values())]
    note = (
        "Output is potential output; imports are those of manufactures. Real exchange rate: price of own output in the "
        "numeraire's; a rise is an appreciation." + _flag(result)
    )
    return Table(
        f"{_prefix(result)}by country in {result.last_year}, deviation from baseline", columns, rows, note=note
    )


def shares_table(result: WorldResult, places: Mapping[str, str], years: Sequence[int] | None = None) -> Table:
    """Return how much of potential output comes from productivity and how much from capital."""
    chosen = list(years or (year for year in YEARS if year in result.years)) or [result.last_year]
    rows = []
    for label, where in places.items():
        found = result.shares_of_output(where)
        for year in chosen:
            total, productivity, capital = map(float, found.to_numpy(dtype=float)[year - result.first_year])
            large = abs(total) > 0.05  # a share of nothing says nothing
            share = 100.0 * productivity / total if large else None
            rows.append((label if year == chosen[0] else "", str(year), total, productivity, capital, share))
    columns = [
        Column("Country or group"),
        Column("Year"),
        Column("Potential output", "100 × log", ".2f"),
        Column("From productivity", "100 × log", ".2f"),
        Column("From capital", "100 × log", ".2f"),
        Column("Productivity's share", "%", ".0f"),
    ]
    note = "log Y* = log F + a log K + (1 − a) log L; shares are left out where output moves by less than .05." + _flag(
        result
    )
    return Table(f"{_prefix(result)}where potential output comes from", columns, rows, note=note)


def scenario_table(results: Sequence[WorldResult], places: Mapping[str, str]) -> Table:
    """Return scenarios side by side in the last year reported."""
    names = ("potential_output", "tfp", "capital", "consumption")
    rows = [
        (label if number == 0 else "", result.name, *(result.deviation(name, where)[-1] for name in names))
        for label, where in places.items()
        for number, result in enumerate(results)
    ]
    columns = [Column("Country or group"), Column("Scenario")]
    columns += [Column(_BY_COUNTRY[name][0], _BY_COUNTRY[name][1], ".2f") for name in names]
    note = " ".join(filter(None, (_flag(result).strip() for result in results)))
    return Table(f"Scenarios in {results[0].last_year}, deviation from baseline", columns, rows, note=note)


def contribution_table(result: WorldResult, places: Mapping[str, str], years: Sequence[int] | None = None) -> Table:
    """Return what each shock contributes to potential output in the years of the other tables."""
    chosen = _years_of(result, years)
    rows: list[tuple[Any, ...]] = []
    for label, where in places.items():
        found = result.contribution("potential_output", where).loc[chosen]
        together = [*found.items(), ("all shocks together", found.sum(axis=1))]
        rows += [
            (label if number == 0 else "", str(name), *map(float, values))
            for number, (name, values) in enumerate(together)
        ]
    columns = [Column("Country or group"), Column("Shock"), *(Column(str(year), "%", ".2f") for year in chosen)]
    note = (
        "A shock contributes what it does alone, whatever the order of shocks; interaction is what is left of their joint effect. "
        "All variables: contributions.csv."
    )
    return Table(f"{_prefix(result)}what each shock contributes to potential output", columns, rows, note=note)


def oil_table(results: Sequence[WorldResult], years: Sequence[int] | None = None) -> Table:
    """Return what the countries that export oil sell, buy and own, which lets world trade add up."""
    chosen = _years_of(results[0], years)
    rows = [
        (
            result.name if number == 0 else "",
            label,
            *(result.deviation(name)[year - result.first_year] for year in chosen),
        )
        for result in results
        for number, (name, label) in enumerate(_OIL.items())
    ]
    columns = [
        Column("Scenario"),
        Column("Deviation from baseline"),
        *(Column(str(year), format=".3f") for year in chosen),
    ]
    note = (
        "Points are per cent of world output on the baseline. What countries export beyond their imports is what the oil exporters "
        "import; what they earn and do not spend is lent to the others."
    )
    return Table(
        "Oil exporters", columns, rows, note=" ".join([note, *(_flag(result).strip() for result in results)]).strip()
    )


def _years_of(result: WorldResult, years: Sequence[int] | None) -> list[int]:
    """Return the years of a table: those asked for, or the paper's and the last one."""
    if years is not None:
        return list(years)
    found = [year for year in YEARS if year in result.years] or [result.first_year]
    return found if result.last_year in found else [*found, result.last_year]


def shock_table(results: Sequence[WorldResult]) -> Table:
    """Return what happens in each scenario."""
    rows = [
        (
            result.name if number == 0 else "",
            (f"{shock.name}: " if shock.name else "")
            + SHOCKS[shock.variable]
            + (f", goods of {shock.partner}" if shock.partner else ""),
            ", ".join(shock.countries) or "all",
            _size_text(shock),
            f"{shock.start}–{shock.end}" if shock.end else f"from {shock.start}",
            str(shock.announced or "from the beginning"),
        )
        for result in results
        for number, shock in enumerate(result.shocks)
    ]
    return Table("Shocks", ["Scenario", "What changes", "Where", "By", "When", "Known"], rows)


def _size_text(shock: WorldShock) -> str:
    if isinstance(shock.size, tuple):
        low, high = min(shock.size), max(shock.size)
        return f"{low:+g} to {high:+g}" if low < high else f"{low:+g}"
    return f"{shock.size:+g}"


def identity_table(results: Sequence[WorldResult]) -> Table:
    """Return the largest gap of each accounting identity, a column a scenario."""
    found = [result.identities() for result in results]
    rows = [(name, *(gaps[name] for gaps in found)) for name in found[0]]
    rows.append(("equations of the model, relative", *(result.residual for result in results)))
    columns = [Column("Identity"), *(Column(result.name, format=".1e") for result in results)]
    note = f"Largest gap over all years solved, in shares of output; a gap above {GAP:g} fails the run."
    return Table("Accounting identities", columns, rows, note=note)


def baseline_tables(calibration: Calibration) -> list[Table]:
    """Return the balanced baseline by country, and the matrices of the calibration."""
    a, b = calibration.arrays, calibration.baseline
    heads = {
        "Output": a["gdp_share"],
        "Consumption": b["consumption"],
        "Investment": b["investment"],
        "Government": a["government_share"],
        "Exports": b["exports"],
        "Imports": a["import_share"],
        "Taxes": b["taxes"],
        "Wealth": b["wealth"],
        "Premium": b["capital_premium"],
    }
    rows = [
        (calibration.names[code], *(float(values[place]) for values in heads.values()))
        for place, code in enumerate(calibration.codes)
    ]
    columns = [Column("Country"), *(Column(head, format=".3f") for head in heads)]
    balance = Table(
        "The balanced baseline",
        columns,
        rows,
        note="Output in the unit of the calibration, the premium on capital a year, all else over own output. It follows from the "
        "parameters: exports, oil and commodities pay for imports, and nobody has claims abroad.",
    )
    flows = calibration.flows / calibration.flows.sum(axis=1, keepdims=True)
    shares = [(code, *map(float, flows[place])) for place, code in enumerate(calibration.codes)]
    return [
        balance,
        _matrix("Shares of industrial countries in imports of manufactures from them", calibration.rnd_import_shares),
        Table(
            "Shares of suppliers in imports, balanced",
            [Column("Importer"), *(Column(code, format=".3f") for code in calibration.codes)],
            shares,
            note="The first guess of the calibration, scaled so that every country's imports and exports are met.",
        ),
        _matrix("Log of the foreign R&D stock on the baseline", calibration.foreign_stock_index),
    ]


def _matrix(title: str, frame: Any) -> Table:
    rows = [(str(code), *map(float, line)) for code, line in zip(frame.index, frame.to_numpy(), strict=True)]
    return Table(title, [Column("Country"), *(Column(str(name), format=".3f") for name in frame.columns)], rows)


def parameter_records(
    calibration: Calibration, names: Collection[str] = (), scenario: str = ""
) -> list[ParameterRecord]:
    """Return every parameter with symbol, value, unit, bounds and source; one record a source.

    Parameters
    ----------
    calibration : Calibration
    names : collection of str
        Default: all.
    scenario : str
        For whom they hold, where not for all scenarios.
    """
    records = []
    for name, item in DEFINITIONS.items():
        if names and name not in names:
            continue
        by_source: dict[str, dict[str, float]] = {}
        for code in calibration.codes:
            entry = calibration.value_of(name, code)
            by_source.setdefault(entry.source, {})[code] = entry.value
        symbol = re.sub(r"_(\w+)", r"_{\1}", item.symbol)
        for source, values in by_source.items():
            single = len(values) == len(calibration.codes) and len(set(values.values())) == 1
            value = next(iter(values.values())) if single else values
            label = f"{scenario}: {name}" if scenario else name
            records.append(ParameterRecord(label, value, symbol, item.unit, source, item.range))
    return records


def calibrated_parameters(calibration: Calibration) -> list[str]:
    """Return the parameters with values that were chosen to come near printed results."""
    fitted = {value.parameter for value in calibration.values if value.source.startswith(_FITTED)}
    return [name for name in DEFINITIONS if name in fitted]


def _prefix(result: WorldResult) -> str:
    return f"{result.name}: "


def _flag(result: WorldResult) -> str:
    return "" if result.ok else " NOT SOLVED: these are numbers of the best path reached."
