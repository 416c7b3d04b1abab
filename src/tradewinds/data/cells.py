"""Check a user's table cell by cell: its columns, labels, years and numbers, and rows that say the same twice.

Each column is checked once a distinct value, not once a row, so that half a million rows take a second or two.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.data.layout import COLUMNS, IGNORED_COLUMNS, VARIABLES
from tradewinds.data.wording import listing, rows
from tradewinds.errors import DataError, InputError, did_you_mean
from tradewinds.labels import country_code

__all__ = ["KEYS", "check_cells", "read_cells"]

Mask = NDArray[np.bool_]

#: What labels a value.
KEYS = ["variable", "country", "partner", "industry", "year"]
#: Spellings of "no value" in statistical files.
_EMPTY = frozenset({"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "<NA>", "None", ".", "..", ":", "-"})
#: Words of a column that get a sentence each before the rest share one.
FIRST_WORDS = 5
#: Stands for an empty year while years are whole numbers.
CONSTANT = 0


def read_cells(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return the cells as text with the row numbers of a spreadsheet, blank rows left out.

    Parameters
    ----------
    frame : DataFrame
        With :data:`~tradewinds.data.layout.COLUMNS`, in any order and in any case.
    source : str

    Returns
    -------
    DataFrame
        Categorical labels, ``value`` as it stands, and ``row``.

    Raises
    ------
    DataError
        If columns are missing, unknown or named twice, or there are no rows.
    """
    names = [str(column).strip() for column in frame.columns]
    known = {column.lower(): column for column in (*COLUMNS, *IGNORED_COLUMNS)}
    problems = []
    for name in dict.fromkeys(names):
        if name.lower() not in known:
            hint = did_you_mean(name.lower(), COLUMNS)
            allowed = f"Columns are {', '.join(COLUMNS)}; {', '.join(IGNORED_COLUMNS)} are allowed and not read."
            problems.append(f'unknown column "{name}".{hint} {allowed}')
    lower = [name.lower() for name in names]
    problems += [f'column "{name}" occurs twice' for name in COLUMNS if lower.count(name) > 1]
    missing = [name for name in COLUMNS if name not in lower]
    if missing:
        what = "column is missing" if len(missing) == 1 else "columns are missing"
        problems.append(f"{what}: {', '.join(missing)} (partner, industry and year may be empty, but must be there)")
    if problems:
        raise DataError(source, problems)
    cells = pd.DataFrame({name: _text(frame.iloc[:, lower.index(name)]) for name in KEYS})
    value = frame.iloc[:, lower.index("value")].reset_index(drop=True)
    cells["value"] = value if _is_number(value) else value.astype(object)
    cells["row"] = np.arange(len(cells)) + 2
    blank = np.logical_and.reduce([(cells[name] == "").to_numpy() for name in KEYS])
    blank[blank] = [_word(cell) in ("", "nan", "None", "<NA>") for cell in cells["value"][blank]]
    cells = cells[~blank]
    if cells.empty:
        raise DataError(source, ["there are no rows below the header"])
    return cells


def _text(column: pd.Series) -> pd.Categorical:
    """Return a column as text: whole floats without a point, empty where nothing stands."""
    codes, values = pd.factorize(column)
    words = [*(_word(value) for value in values), ""]
    unique, position = np.unique(np.array(words, dtype=object), return_inverse=True)
    return pd.Categorical.from_codes(position[codes], categories=pd.Index(unique, dtype=object))


def _word(value: Any) -> str:
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(value).strip()


def check_cells(cells: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """Return rows with codes, whole years and numbers; every problem is added to the list.

    Parameters
    ----------
    cells : DataFrame
        From :func:`read_cells`.
    problems : list of str

    Returns
    -------
    DataFrame
        Columns of the format, ``row``, ``known`` (labels can be used) and ``partner_known``. ``year`` is zero where
        empty; ``value`` is missing where it is empty or cannot be used.
    """
    table = pd.DataFrame({"row": cells["row"]})
    table["variable"], known = _map(cells, "variable", _variable, problems)
    table["country"], good = _map(cells, "country", _country, problems)
    table["partner"], partner_good = _map(cells, "partner", lambda word: country_code(word) if word else "", problems)
    table["industry"] = cells["industry"].astype(object)
    year, year_good = _map(cells, "year", _year, problems)
    table["year"] = year.where(year_good, CONSTANT).astype(int)
    table["value"] = _values(cells, problems)
    table["partner_known"] = partner_good
    table["known"] = known & good & year_good
    _check_labels(table, year_good, problems)
    _check_bounds(table, problems)
    _check_diagonal(table, problems)
    _check_twice(table, problems)
    return table


def _map(
    cells: pd.DataFrame, column: str, read: Callable[[str], object], problems: list[str]
) -> tuple[pd.Series, Mask]:
    """Return a column read word by word and which rows could be read; a problem a word that could not, up to a few."""
    words, failed = cells[column].cat, 0
    good, values = np.ones(len(words.categories), dtype=bool), np.empty(len(words.categories), dtype=object)
    for position, word in enumerate(words.categories):
        try:
            values[position] = read(str(word))
        except InputError as error:
            good[position], values[position] = False, ""
            which = (words.codes == position).to_numpy()
            if which.any() and failed < FIRST_WORDS:
                failed += 1
                problems.append(f"{error} ({rows(cells['row'][which])})")
    codes = words.codes.to_numpy()
    _count_rest(cells, column, ~good, failed, problems)
    return pd.Series(values[codes], index=cells.index, dtype=object), good[codes]


def _count_rest(cells: pd.DataFrame, column: str, bad: Mask, reported: int, problems: list[str]) -> None:
    """Report in one sentence the words that could not be read, beyond those reported one by one."""
    words = cells[column].cat
    codes = words.codes.to_numpy()
    rest = [position for position in np.unique(codes) if bad[position]][reported:]
    if rest:
        found = listing((f'"{words.categories[position]}"' for position in rest), 25)
        where = rows(cells["row"][np.isin(codes, rest)])
        problems.append(f"{len(rest)} more entries of column {column} cannot be read: {found} ({where})")


def _variable(word: str) -> str:
    if word in VARIABLES:
        return word
    what = f'unknown variable "{word}".{did_you_mean(word.lower(), VARIABLES)}' if word else "variable is empty."
    raise InputError(f"{what} Variables are {', '.join(VARIABLES)}.")


def _country(word: str) -> str:
    if not word:
        raise InputError("country is empty")
    return country_code(word)


def _year(word: str) -> int:
    if not word:
        return CONSTANT
    try:
        year = float(word)
    except ValueError:
        year = -1.0
    if not (year.is_integer() and 1000 <= year < 3000):
        raise InputError(f'year is "{word}"; it must be a whole number such as 1990')
    return int(year)


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _values(cells: pd.DataFrame, problems: list[str]) -> NDArray[np.float64]:
    """Return the column of values as numbers, read to the last digit: NaN is empty, infinite is unusable."""
    column, words = cells["value"], None
    if _is_number(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
    else:
        words = [cell if isinstance(cell, str) else _word(cell) for cell in column]
        values = _numbers(words)
    infinite = np.isinf(values)
    text = np.zeros(len(values), dtype=bool)
    if words is not None:
        found = [words[position].strip().lstrip("+-").lower() for position in np.flatnonzero(infinite)]
        text[infinite] = [word not in ("inf", "infinity") for word in found]
    for what, bad in (("is not a number", text), ("is infinite", infinite & ~text)):
        if bad.any():
            found = [str(cell).strip() for cell in column[bad].unique()]
            comma = "; write a point in decimal numbers and no separator of thousands" if "," in "".join(found) else ""
            quoted = listing((f'"{word}"' for word in found), 5)
            problems.append(f"value {what}: {quoted} ({rows(cells['row'][bad])}){comma}")
    return values


def _numbers(words: list[str]) -> NDArray[np.float64]:
    """Return words as numbers; NaN where empty, infinite where they are none."""
    with contextlib.suppress(ValueError):
        values = np.fromiter(map(float, words), dtype=float, count=len(words))
        if "_" not in "".join(words):
            return values
    values = np.full(len(words), np.inf)
    for position, word in enumerate(words):
        if word.strip() in _EMPTY:
            values[position] = np.nan
        elif "_" not in word:
            with contextlib.suppress(ValueError):
                values[position] = float(word)
    return values


def _check_labels(table: pd.DataFrame, year_good: Mask, problems: list[str]) -> None:
    """Report partners, industries and years that are given and must be empty, and the reverse."""
    for name, part in table[table["variable"].ne("")].groupby("variable", sort=False):
        rule = VARIABLES[str(name)]
        partner_empty, industry_empty = part["partner"].eq("") & part["partner_known"], part["industry"].eq("")
        year_empty = part["year"].eq(CONSTANT)
        read = pd.Series(year_good, index=table.index)[part.index]
        checks = [
            (partner_empty & rule.partner, f"{name} needs a partner (the exporter)", None),
            (~partner_empty & (not rule.partner), f"partner must be empty for {name}", ("partner", "")),
            (~industry_empty & (rule.industry == "never"), f"industry must be empty for {name}", ("industry", "")),
            (year_empty & read & (rule.year == "each"), f"{name} needs a year", None),
            (
                ~year_empty & (rule.year == "never"),
                f"year must be empty for {name}: it is constant",
                ("year", CONSTANT),
            ),
        ]
        for bad, text, emptied in checks:
            if not bad.any():
                continue
            problems.append(f"{text} ({rows(part['row'][bad])})")
            # What should be empty is emptied, so that one problem is not reported as two.
            column, value = emptied or ("known", False)
            table.loc[part.index[bad], column] = value


def _check_bounds(table: pd.DataFrame, problems: list[str]) -> None:
    """Report values of the wrong sign or size, and per cent where fractions are due."""
    finite = table[np.isfinite(table["value"]) & table["variable"].ne("")]
    for name, part in finite.groupby("variable", sort=False):
        limits = VARIABLES[str(name)].limits
        bad = ~limits.allows(part["value"].to_numpy())
        if bad.any():
            worst = part["value"][bad]
            found = f"{worst.iloc[0]:g}" if worst.nunique() == 1 else f"{worst.min():g} to {worst.max():g}"
            hint = f"; {limits.hint}" if limits.hint else ""
            many = "is" if len(worst) == 1 else "are"
            text = f"{len(worst)} value{'s' if len(worst) > 1 else ''} of {name} {many} {found}"
            problems.append(f"{text}, but must be {limits.words} ({rows(part['row'][bad])}){hint}")


def _check_diagonal(table: pd.DataFrame, problems: list[str]) -> None:
    """Report trade of a country with itself; zero and empty ones are left out of the table's known rows."""
    own = table["partner"].ne("") & table["partner"].eq(table["country"])
    bad = own & table["value"].ne(0) & table["value"].notna()
    for name, part in table[bad].groupby("variable", sort=False):
        problems.append(
            f"{name} of a country from itself must be zero or left out ({rows(part['row'])}); domestic sales are no imports"
        )
    table.loc[own, "known"] = False


def _check_twice(table: pd.DataFrame, problems: list[str]) -> None:
    """Report rows with the same labels."""
    usable = table[table["known"] & table["partner_known"]]
    again = usable[usable.duplicated(KEYS, keep=False)]
    for name, part in again.groupby("variable", sort=False):
        pairs = [f"{place(key)} in {rows(group['row'])}" for key, group in part.groupby(KEYS[1:], sort=False)]
        problems.append(f"{name} is given more than once: {listing(pairs, 5)}")


def place(key: tuple[Any, ...]) -> str:
    """Return the place of a value in words from ``country, partner, industry, year``."""
    country, partner, industry, year = key
    words = [
        f"{country} from {partner}" if partner else str(country),
        f"industry {industry}" if industry else "",
        str(year) if year else "",
    ]
    return ", ".join(word for word in words if word)
