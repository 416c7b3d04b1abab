"""The long format of a user's panel: which variables there are, what labels each one and what values it may have.

This is the single description of the format. The validator takes its rules from it and :func:`format_table` shows it, so
what is documented is what is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = [
    "BOUNDS",
    "COLUMNS",
    "IGNORED_COLUMNS",
    "ONE_INDUSTRY",
    "RAW_PRODUCTIVITY",
    "VARIABLES",
    "Bound",
    "Variable",
    "format_table",
]

Label = Literal["each", "optional", "never"]

#: Columns of the format, all needed.
COLUMNS: tuple[str, ...] = ("variable", "country", "partner", "industry", "year", "value")
#: Columns that may stand beside them for the reader's own use; they are not read, but for a note that marks stand-in data.
IGNORED_COLUMNS: tuple[str, ...] = ("unit", "note", "source", "flag")
#: Label of the industry of a panel that has no industries.
ONE_INDUSTRY = "total"


class Bound(NamedTuple):
    """Which values a variable may have.

    Attributes
    ----------
    allows : callable
        From an array of finite values to booleans.
    words : str
        Completes "it must be".
    hint : str
        What to look at when it is not.
    """

    allows: Callable[[NDArray[np.float64]], NDArray[np.bool_]]
    words: str
    hint: str = ""


#: Kinds of bounds by name.
BOUNDS: Mapping[str, Bound] = {
    "number": Bound(np.isfinite, "a number"),
    "positive": Bound(
        lambda x: x > 0, "positive", "its logarithm is taken or it divides; find the number or leave the series out"
    ),
    "not negative": Bound(lambda x: x >= 0, "zero or positive"),
    "fraction": Bound(
        lambda x: (x >= 0) & (x <= 1), "a fraction between 0 and 1", "if it is in per cent, divide by 100 (25 is 0.25)"
    ),
    "below one": Bound(lambda x: x < 1, "a fraction below 1", "if it is in per cent, divide by 100 (40 is 0.4)"),
}


@dataclass(frozen=True)
class Variable:
    """One variable of the format.

    Attributes
    ----------
    name : str
        As written in the column ``variable``.
    what : str
        What it measures.
    unit : str
    needed : str
        When it must be given.
    partner : bool
        Whether a row names a partner, the exporter; it must be empty otherwise.
    industry, year : {"each", "optional", "never"}
        ``each``: always given (the industry only where the panel has industries). ``optional``: given in all rows of the
        variable or in none, which means the same value for every industry or year. ``never``: empty.
    bound : str
        Name of one of :data:`BOUNDS`.
    raw : bool
        Whether productivity is computed from it where ``tfp`` is not given.
    """

    name: str
    what: str
    unit: str
    needed: str
    partner: bool = False
    industry: Label = "each"
    year: Label = "each"
    bound: str = "positive"
    raw: bool = False

    @property
    def limits(self) -> Bound:
        """Values the variable may have."""
        return BOUNDS[self.bound]


_MONEY = "constant prices, one currency"
_RATE = "fraction a year"
_RAW = "without tfp"
_CAPITAL = "without tfp and capital"
_COST = 'without tfp and user_cost, unless labour_share = "revenue"'

_LIST: tuple[Variable, ...] = (
    Variable("tfp", "total factor productivity", "index or level", "or the raw series below"),
    Variable("output", "gross production", "constant prices", _RAW, raw=True),
    Variable("labour", "workers engaged, or hours", "persons or hours", _RAW, raw=True),
    Variable("labour_cost", "compensation of labour", "in the prices of capital", _RAW, raw=True),
    Variable("capital", "stock of physical capital", "constant prices", "without tfp, or investment", raw=True),
    Variable("investment", "gross fixed investment", "constant prices", _CAPITAL, bound="not negative", raw=True),
    Variable(
        "capital_depreciation", "depreciation of capital", _RATE, "with investment, or with add_depreciation = true",
        industry="optional", year="never", bound="fraction", raw=True,
    ),
    Variable("value_added", "value added", "in the prices of labour_cost", 'with labour_share = "revenue"',
             raw=True),
    Variable("user_cost", "user cost of capital", "fraction of the capital stock a year",
             "without tfp, or the three rates below", industry="optional", year="optional", raw=True),
    Variable("real_interest", "real interest rate (Keller: 0.1)", _RATE, _COST,
             industry="never", year="optional", bound="number", raw=True),
    Variable("inflation", "rate of inflation", _RATE, _COST, industry="never", year="optional", bound="number", raw=True),
    Variable("tax_rate", "effective marginal tax rate on corporate income", "fraction", _COST,
             industry="never", year="optional", bound="below one", raw=True),
    Variable("rnd_stock", "R&D stock", _MONEY, "or rnd_expenditure", industry="optional"),
    Variable("rnd_expenditure", "R&D expenditure, by industry or national", f"{_MONEY}, a year",
             "or rnd_stock", industry="optional", bound="not negative"),
    Variable("rnd_industry_share", "share of an industry in national R&D", "fraction, sum over industries at most 1",
             "optional, with national rnd_expenditure", year="never", bound="fraction"),
    Variable("bilateral_import_share", "share of the partner in the country's imports",
             "fraction, sum over partners 1", "or bilateral_imports",
             partner=True, industry="optional", year="optional", bound="fraction"),
    Variable("bilateral_imports", "imports of the country from the partner", "value, one currency",
             "or bilateral_import_share; for Lichtenberg-van Pottelsberghe weights",
             partner=True, industry="optional", year="optional", bound="not negative"),
    Variable("import_share", "overall import share", "fraction", "for import_share = true (IS)",
             industry="optional", year="optional", bound="fraction"),
    Variable("gdp", "gross domestic product", "value, the currency of bilateral_imports",
             "for Lichtenberg-van Pottelsberghe weights", industry="never"),
)  # fmt: skip

#: The variables by name, in the order in which they are documented.
VARIABLES: Mapping[str, Variable] = {variable.name: variable for variable in _LIST}

#: Variables from which productivity is computed where ``tfp`` is not given.
RAW_PRODUCTIVITY: tuple[str, ...] = tuple(name for name, variable in VARIABLES.items() if variable.raw)

_WORDS: Mapping[str, str] = {"each": "yes", "optional": "optional", "never": "empty"}


def format_table() -> pd.DataFrame:
    """Return the format of a user's panel, one row a variable.

    Returns
    -------
    DataFrame
        Columns ``variable, what, country, partner, industry, year, unit, value, needed``. A label is ``yes`` (given in
        every row; an industry only where the panel has industries), ``optional`` (in every row of the variable or in
        none, which means the same value for all) or ``empty``; ``value`` says what a value must be.

    Examples
    --------
    >>> table = format_table().set_index("variable")
    >>> table.loc["bilateral_imports", ["partner", "year"]].tolist()
    ['yes', 'optional']
    """
    return pd.DataFrame(
        [
            {
                "variable": variable.name,
                "what": variable.what,
                "country": "yes",
                "partner": "yes" if variable.partner else "empty",
                "industry": _WORDS[variable.industry],
                "year": _WORDS[variable.year],
                "unit": variable.unit,
                "value": variable.limits.words,
                "needed": variable.needed,
            }
            for variable in VARIABLES.values()
        ]
    )
