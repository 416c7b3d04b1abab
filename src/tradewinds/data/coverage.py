"""Check that the series of a user's panel are all there: every country, partner and industry, and the same years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tradewinds.data.cells import CONSTANT
from tradewinds.data.layout import RAW_PRODUCTIVITY, VARIABLES
from tradewinds.data.options import Measurement
from tradewinds.data.wording import FIRST_ITEMS, listing, rows, runs, series_names

__all__ = ["SERIES", "check_coverage"]

#: What labels a series.
SERIES = ["country", "partner", "industry"]


def check_coverage(table: pd.DataFrame, measurement: Measurement, problems: list[str]) -> None:
    """Report labels, combinations and years that a variable lacks.

    Parameters
    ----------
    table : DataFrame
        Rows with known labels, from :func:`~tradewinds.data.cells.check_cells`.
    measurement : Measurement
    problems : list of str
    """
    industries = sorted(set(table["industry"]) - {""})
    countries = sorted((set(table["country"]) | set(table["partner"])) - {""})
    if len(countries) < 3:
        problems.append(f"there are {len(countries)} countries ({listing(countries)}); at least three are needed")
    varying: dict[str, pd.DataFrame] = {}
    for name, part in table.groupby("variable", sort=False):
        variable = str(name)
        if VARIABLES[variable].industry == "each" or not industries:
            _check_industry_given(variable, part, industries, problems)
        else:
            _all_or_none(variable, "industry", part["industry"].ne(""), part, problems)
        constant = part["year"].eq(CONSTANT)
        if VARIABLES[variable].year == "optional":
            _all_or_none(variable, "year", ~constant, part, problems)
        _check_combinations(variable, part, countries, industries, problems)
        if not constant.all():
            varying[variable] = part[~constant]
    _check_rnd_split(table, industries, problems)
    _check_years(varying, measurement, problems)


def _check_industry_given(name: str, part: pd.DataFrame, industries: Sequence[str], problems: list[str]) -> None:
    empty = part["industry"].eq("")
    if industries and empty.any():
        problems.append(
            f"{name} needs an industry where other rows have one ({rows(part['row'][empty])}); industries are "
            f"{listing(industries, 8)}"
        )


def _all_or_none(name: str, label: str, given: pd.Series, part: pd.DataFrame, problems: list[str]) -> None:
    if given.any() and not given.all():
        fewer = given if given.sum() < (~given).sum() else ~given
        state = "given" if fewer is given else "empty"
        problems.append(
            f"{label} of {name} must be given in all its rows or in none; it is {state} in {rows(part['row'][fewer])}"
        )


def _check_rnd_split(table: pd.DataFrame, industries: Sequence[str], problems: list[str]) -> None:
    by_industry = table["variable"].eq("rnd_expenditure") & table["industry"].ne("")
    if industries and by_industry.any() and table["variable"].eq("rnd_industry_share").any():
        problems.append(
            "rnd_industry_share splits national R&D, but rnd_expenditure is given by industry: leave the shares out"
        )


def _check_combinations(
    name: str, part: pd.DataFrame, countries: Sequence[str], industries: Sequence[str], problems: list[str]
) -> None:
    """Report countries and industries without any row, then combinations missing among the rest."""
    rule = VARIABLES[name]
    own_countries, own_industries = sorted(set(part["country"])), sorted(set(part["industry"]))
    lacking = [code for code in countries if code not in own_countries]
    if lacking:
        problems.append(f"{name} has no rows for {listing(lacking)}, which other rows name as a country or partner")
    given = [code for code in own_industries if code]
    lacking = [code for code in industries if given and code not in given]
    if lacking:
        problems.append(f"{name} has no rows for industry {listing(lacking)}, which other variables have")
    partners = sorted(set(part["partner"]) - {""}) if rule.partner else [""]
    if rule.partner:
        lacking = [code for code in countries if code not in partners]
        if lacking:
            problems.append(f"{name} has no rows with partner {listing(lacking)}")
    wanted = pd.MultiIndex.from_product([own_countries, partners, given or [""]], names=SERIES)
    wanted = wanted[wanted.get_level_values(0) != wanted.get_level_values(1)]
    missing = wanted.difference(pd.MultiIndex.from_frame(part[SERIES].drop_duplicates()))
    if len(missing):
        what = series_names(missing.to_frame(index=False), wanted.to_frame(index=False))
        problems.append(f"{name} has no rows for {len(missing)} of {len(wanted)} series: {what}")


def _check_years(varying: dict[str, pd.DataFrame], measurement: Measurement, problems: list[str]) -> None:
    """Report series that start or end in other years than the rest, and gaps inside series."""
    if not varying:
        return
    spans = {name: part.groupby(SERIES, sort=False)["year"].agg(["min", "max"]) for name, part in varying.items()}
    usual = {name: _most_common(span) for name, span in spans.items()}
    lead = next((name for name in ("tfp", "output", *RAW_PRODUCTIVITY) if name in usual), next(iter(usual)))
    first, last = usual[lead]
    for name, (start, end) in usual.items():
        if (start, end) != (first, last):
            problems.append(
                f"{name} covers {_years(start, end)}, but {lead} covers {_years(first, last)}: bring all variables to the "
                "same years"
            )
    for name, span in spans.items():
        _check_spans(name, varying[name], span, usual[name], problems)
    inside = np.unique(np.concatenate([part["year"].unique() for part in varying.values()]))
    inside = inside[(inside >= first) & (inside <= last)]
    raw = "rnd_expenditure" in varying or "output" in varying
    if raw and last == first:
        problems.append(f"there is one year, {first}; stocks and growth need at least two")
    steps = np.unique(np.diff(inside))
    if len(steps) > 1 or (raw and len(steps) and steps[0] > 1):
        skipped = np.setdiff1d(np.arange(first, last + 1), inside)
        if len(skipped) and not measurement.interpolate:
            problems.append(f"no variable has the year {runs(skipped)}, between {first} and {last}{_FILL}")
    for name, part in varying.items():
        _check_gaps(name, part, inside, measurement, problems)


_FILL = '; find the values, or set interpolate = "linear" (or "geometric") in the measurement'


def _most_common(span: pd.DataFrame) -> tuple[int, int]:
    counted = span.groupby(["min", "max"]).size()
    best = counted.sort_index().idxmax()
    return int(best[0]), int(best[1])  # type: ignore[index]


def _check_spans(
    name: str, part: pd.DataFrame, span: pd.DataFrame, usual: tuple[int, int], problems: list[str]
) -> None:
    """Report series that start or end in other years than most of the variable, and rows with years beyond."""
    universe = span.index.to_frame(index=False)
    other = span[(span["min"] != usual[0]) | (span["max"] != usual[1])]
    found = [
        f"{series_names(group.index.to_frame(index=False), universe)} {_years(group['min'].iloc[0], group['max'].iloc[0])}"
        for _, group in other.groupby(["min", "max"])
    ]
    if found:
        beyond = part["row"][~part["year"].between(*usual)]
        outside = f", years beyond in {rows(beyond)}" if len(beyond) else ""
        problems.append(
            f"series of {name} cover different years: {'; '.join(found[:FIRST_ITEMS])}; the others "
            f"{_years(*usual)}{outside} (nothing is extrapolated: shorten the panel or find the values)"
        )


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _check_gaps(
    name: str, part: pd.DataFrame, years: np.ndarray, measurement: Measurement, problems: list[str]
) -> None:
    """Report years inside a series' own span for which it has no row, series with the same gaps together."""
    if measurement.interpolate and name != "bilateral_import_share":
        return
    series = part.groupby(SERIES, sort=False).ngroup().to_numpy()
    labels = part[SERIES].drop_duplicates().reset_index(drop=True)
    there = np.zeros((len(labels), len(years)), dtype=bool)
    position = np.searchsorted(years, part["year"].to_numpy())
    inside = np.isin(part["year"].to_numpy(), years)
    there[series[inside], position[inside]] = True
    started = np.maximum.accumulate(there, axis=1)
    unfinished = np.maximum.accumulate(there[:, ::-1], axis=1)[:, ::-1]
    gaps = ~there & started & unfinished
    if measurement.interpolate:
        gaps &= ~_missing_for_all_partners(labels, gaps)
    concerned = np.flatnonzero(gaps.any(axis=1))
    if not len(concerned):
        return
    patterns, which = np.unique(gaps[concerned], axis=0, return_inverse=True)
    found = [
        f"{series_names(labels.iloc[concerned[which.ravel() == k]], labels)} without {runs(years[pattern])}"
        for k, pattern in enumerate(patterns[:FIRST_ITEMS])
    ]
    more = f" and {len(patterns) - FIRST_ITEMS} more patterns" if len(patterns) > FIRST_ITEMS else ""
    remedy = "; give all partners of an importer or none in a year" if measurement.interpolate else _FILL
    problems.append(
        f"{name} has gaps, {int(gaps.sum())} values in {len(concerned)} series: {' | '.join(found)}{more}{remedy}"
    )


def _missing_for_all_partners(labels: pd.DataFrame, gaps: np.ndarray) -> np.ndarray:
    """Return for each series which years all partners of its importer lack: those can be filled and still sum to one."""
    frame = pd.DataFrame(gaps)
    keys = [labels["country"], labels["industry"]]
    return frame.groupby(keys, sort=False).transform("min").to_numpy(dtype=bool)
