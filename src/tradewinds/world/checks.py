"""What is wrong with a calibration, all of it at once, in words that say what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewinds.errors import DataError, InputError, did_you_mean
from tradewinds.world.parameters import DEFINITIONS, KINDS

if TYPE_CHECKING:
    from tradewinds.world.calibration import Calibration

__all__ = ["check_calibration"]

#: How far shares of a row may be from a sum of one: tables are printed with two digits.
ROUNDING = 0.025


def check_calibration(calibration: Calibration) -> None:
    """Raise naming everything that is wrong with a calibration.

    Raises
    ------
    DataError
    """
    problems = _countries(calibration)
    if not problems:
        problems = _values(calibration)
        problems += _shares(calibration, calibration.rnd_import_shares, "rnd_import_shares", industrial=True)
        problems += _shares(calibration, calibration.import_shares, "import_shares", industrial=False)
        problems += _index(calibration)
    if not problems:
        problems = _baseline(calibration)
    if problems:
        raise DataError(f"calibration {calibration.name}", problems)


def _countries(calibration: Calibration) -> list[str]:
    problems = []
    for code, kind in calibration.countries.items():
        if kind not in KINDS:
            problems.append(f"country {code} is {kind!r}, which is none of {', '.join(KINDS)}")
        if not code.isidentifier():
            problems.append(f"country code {code!r} must consist of letters, digits and underscores")
    kinds = set(calibration.countries.values())
    if len(calibration.countries) < 2:
        problems.append("a world needs at least two countries")
    if not kinds & {"large_industrial", "small_industrial"}:
        problems.append("no country is industrial: somebody must do the research that others learn from")
    if calibration.numeraire not in calibration.countries:
        problems.append(f"the numeraire {calibration.numeraire!r} is none of {', '.join(calibration.countries)}")
    elif calibration.countries[calibration.numeraire] == "finance_constrained":
        problems.append(
            f"the numeraire {calibration.numeraire} is finance-constrained; take one whose capital moves freely"
        )
    return problems


def _values(calibration: Calibration) -> list[str]:
    problems = []
    for value in calibration.values:
        if value.parameter not in DEFINITIONS:
            hint = did_you_mean(value.parameter, DEFINITIONS)
            problems.append(f"parameters: there is no {value.parameter!r}.{hint}")
        elif value.scope not in calibration.countries and value.scope not in calibration.groups:
            known = (*calibration.countries, *calibration.groups)
            problems.append(
                f"parameter {value.parameter}: {value.scope!r} is no country or group of it.{did_you_mean(value.scope, known)}"
            )
    if problems:
        return problems
    for name, array in calibration.arrays.items():
        definition = DEFINITIONS[name]
        low, high = definition.bounds
        codes = ("the world",) if array.ndim == 0 else calibration.codes
        for code, number in zip(codes, np.atleast_1d(array), strict=True):
            if np.isnan(number):
                problems.append(f"parameter {name} has no value for {code} ({definition.meaning})")
            elif not low < number < high:
                problems.append(f"parameter {name} is {number:g} for {code}; it must be {definition.range}")
    return problems


def _shares(calibration: Calibration, table: pd.DataFrame, what: str, *, industrial: bool) -> list[str]:
    codes, file = calibration.codes, table.attrs.get("file", what)
    wanted = [c for c in codes if not industrial or calibration.countries[c].endswith("_industrial")]
    allowed = "an industrial country" if industrial else "a country"
    problems = [f"{file}: importer {code} is missing" for code in codes if code not in table.index]
    problems += [f"{file}: exporter {code} is missing" for code in wanted if code not in table.columns]
    problems += [
        f"{_row(table, row, what)}: importer {row} is no country of this world.{did_you_mean(str(row), codes)}"
        for row in table.index
        if row not in codes
    ]
    problems += [
        f"{file}: exporter {column} is not {allowed} of this world.{did_you_mean(str(column), wanted)}"
        for column in table.columns
        if column not in wanted
    ]
    if problems:
        return problems
    if list(table.index) != list(codes) or [c for c in codes if c in wanted] != list(table.columns):
        return [f"{file}: put importers in the order {', '.join(codes)} and exporters in the order {', '.join(wanted)}"]
    numbers = table.to_numpy(dtype=float)
    for code, row in zip(codes, numbers, strict=True):
        bad = np.flatnonzero(~(np.isfinite(row) & (row >= 0)))
        if bad.size:
            problems.append(
                f"{_row(table, code, what)}, column {table.columns[bad[0]]}: a share is {row[bad[0]]:g}; it must be zero or more"
            )
        elif abs(row.sum() - 1.0) > ROUNDING:
            hint = "; these look like per cent: divide by 100" if abs(row.sum() - 100.0) < 100 * ROUNDING else ""
            problems.append(f"{_row(table, code, what)}: shares sum to {row.sum():.3f}; they must sum to one{hint}")
    return problems


def _row(table: pd.DataFrame, code: object, what: str) -> str:
    """Say which row of which file holds a country; a table that was made in Python has no file."""
    rows = table.attrs.get("rows", {})
    return f"{table.attrs['file']}, row {rows[code]} ({code})" if code in rows else f"{what}, row of {code}"


def _index(calibration: Calibration) -> list[str]:
    table, what = calibration.foreign_stock_index, "foreign_stock_index"
    file = table.attrs.get("file", what)
    problems = [f"{file}: {code} is missing" for code in calibration.codes if code not in table.index]
    problems += [
        f"{_row(table, row, what)} is no country of this world.{did_you_mean(str(row), calibration.codes)}"
        for row in table.index
        if row not in calibration.codes
    ]
    try:
        years = [int(year) for year in table.columns]
    except (TypeError, ValueError):
        odd = next(column for column in table.columns if not str(column).isdigit())
        return [*problems, f"{file}: column {odd!r} is no year; columns are the country and years, such as 1996"]
    if not years or years != sorted(set(years)):
        problems.append(f"{file}: years must rise from column to column")
    if not problems:
        numbers = table.loc[list(calibration.codes)].to_numpy(dtype=float)
        problems += [
            f"{_row(table, code, what)}: a number is missing"
            for code, row in zip(calibration.codes, numbers, strict=True)
            if not np.all(np.isfinite(row))
        ]
    return problems


def _baseline(calibration: Calibration) -> list[str]:
    a, b, problems = calibration.arrays, calibration.baseline, []
    wrong = (
        ("consumption", "nothing is left to consume: lower capital_ratio, depreciation or government_share"),
        ("disposable_income", "no disposable income is left: lower government_share, debt_ratio or capital_ratio"),
        ("wealth", "wealth is not positive: raise capital_ratio, or lower human_wealth_discount"),
        ("exports", "exports are not positive: raise import_share, or lower commodity or oil exports"),
    )  # fmt: skip
    for code, discount in zip(calibration.codes, a["human_wealth_discount"], strict=True):
        if not discount > a["growth"]:
            problems.append(
                f"{code}: human_wealth_discount is {discount:g}; it must exceed growth, {float(a['growth']):g}"
            )
    for name, text in wrong:
        if name == "wealth" and not np.all(a["human_wealth_discount"] > a["growth"]):
            continue  # the present value of labour income says nothing where it is discounted too little
        problems += [f"{code}: {text}" for code, x in zip(calibration.codes, b[name], strict=True) if not x > 0]
    for code, premium in zip(calibration.codes, b["capital_premium"], strict=True):
        if not premium > -a["real_rate"]:
            problems.append(
                f"{code}: capital earns nothing; capital_ratio or depreciation is too high for the capital_share"
            )
    if not problems and np.any(
        calibration.oil_purchases * (a["gdp_share"] @ a["oil_imports_share"]) >= a["gdp_share"] * b["exports"]
    ):
        problems.append("oil exporters buy more from a country than it exports: lower oil_imports_share")
    return problems or _trade(calibration)


def _trade(calibration: Calibration) -> list[str]:
    """Try to balance world trade, and say which country stands in the way."""
    a, own = calibration.arrays, np.diag(calibration.import_shares.to_numpy(dtype=float))
    try:
        calibration.flows  # noqa: B018  # kept for the model, which needs it anyhow
    except InputError as error:
        to_oil = calibration.oil_purchases * (a["gdp_share"] @ a["oil_imports_share"])
        bought, sold = a["gdp_share"] * a["import_share"], a["gdp_share"] * calibration.baseline["exports"] - to_oil
        large = [
            f"{code} sells {share:.2f} of what the world buys, and the others together buy {others:.2f}: lower its import_share or "
            "gdp_share, or raise those of others"
            for code, share, others, at_home in zip(
                calibration.codes, sold / sold.sum(), 1 - bought / bought.sum(), own, strict=True
            )
            if at_home == 0 and share > others
        ]
        return [f"world trade does not add up: {error}", *large]
    return []
