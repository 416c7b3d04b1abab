"""What is wrong with a calibration, all of it at once, in words that say what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewinds.errors import DataError, did_you_mean
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
    codes = calibration.codes
    wanted = [c for c in codes if not industrial or calibration.countries[c].endswith("_industrial")]
    problems = [f"{what}: importer {code} is missing" for code in codes if code not in table.index]
    problems += [f"{what}: exporter {code} is missing" for code in wanted if code not in table.columns]
    problems += [f"{what}: importer {row} is no country of this world" for row in table.index if row not in codes]
    allowed = "an industrial country" if industrial else "a country"
    problems += [f"{what}: exporter {c} is not {allowed} of this world" for c in table.columns if c not in wanted]
    if problems:
        return problems
    if list(table.index) != list(codes) or [c for c in codes if c in wanted] != list(table.columns):
        return [f"{what}: put importers in the order {', '.join(codes)} and exporters in the order {', '.join(wanted)}"]
    numbers = table.to_numpy(dtype=float)
    for code, row in zip(codes, numbers, strict=True):
        bad = np.flatnonzero(~(np.isfinite(row) & (row >= 0)))
        if bad.size:
            problems.append(f"{what}: {code} from {table.columns[bad[0]]} is {row[bad[0]]:g}; a share is zero or more")
        elif abs(row.sum() - 1.0) > ROUNDING:
            problems.append(f"{what}: the row of {code} sums to {row.sum():.3f}, not to one")
    return problems


def _index(calibration: Calibration) -> list[str]:
    table = calibration.foreign_stock_index
    problems = [f"foreign_stock_index: {code} is missing" for code in calibration.codes if code not in table.index]
    try:
        years = [int(year) for year in table.columns]
    except (TypeError, ValueError):
        return [*problems, "foreign_stock_index: columns must be years"]
    if not years or years != sorted(set(years)):
        problems.append("foreign_stock_index: years must rise")
    if not problems and not np.all(np.isfinite(table.loc[list(calibration.codes)].to_numpy(dtype=float))):
        problems.append("foreign_stock_index: a number is missing")
    return problems


def _baseline(calibration: Calibration) -> list[str]:
    a, b, problems = calibration.arrays, calibration.baseline, []
    wrong = (
        ("consumption", "nothing is left to consume: lower capital_ratio, depreciation or government_share"),
        ("disposable_income", "no disposable income is left: lower government_share, debt_ratio or capital_ratio"),
        ("wealth", "wealth is not positive: raise capital_ratio, or lower human_wealth_discount"),
        ("exports", "exports are not positive: raise import_share, or lower commodity or oil exports"),
    )  # fmt: skip
    for name, text in wrong:
        problems += [f"{code}: {text}" for code, x in zip(calibration.codes, b[name], strict=True) if not x > 0]
    for code, discount in zip(calibration.codes, a["human_wealth_discount"], strict=True):
        if not discount > a["growth"]:
            problems.append(
                f"{code}: human_wealth_discount is {discount:g}; it must exceed growth, {float(a['growth']):g}"
            )
    for code, premium in zip(calibration.codes, b["capital_premium"], strict=True):
        if not premium > -a["real_rate"]:
            problems.append(
                f"{code}: capital earns nothing; capital_ratio or depreciation is too high for the capital_share"
            )
    if not problems and np.any(
        calibration.oil_purchases * (a["gdp_share"] @ a["oil_imports_share"]) >= a["gdp_share"] * b["exports"]
    ):
        problems.append("oil exporters buy more from a country than it exports: lower oil_imports_share")
    return problems
