"""Codes of countries and sectors, and strict alignment of labelled data.

Economic data lose countries silently when two tables are combined under different codes. Here every table is brought
to one set of codes (ISO 3166 alpha-3 for countries) and combining two that differ raises
:class:`~tradewinds.errors.AlignmentError` naming what is missing on which side.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterable, Mapping, Sequence

from tradewinds.errors import AlignmentError, InputError, did_you_mean

__all__ = [
    "COUNTRY_NAMES",
    "KELLER_COUNTRIES",
    "KELLER_INDUSTRIES",
    "KELLER_LABELS",
    "align",
    "country_code",
    "require_same_labels",
    "require_unique",
]

#: ISO 3166 alpha-3 code -> English short name, for the countries that bundled data and the OECD panels use.
COUNTRY_NAMES: Mapping[str, str] = {
    "AUS": "Australia",
    "AUT": "Austria",
    "BEL": "Belgium",
    "CAN": "Canada",
    "CHE": "Switzerland",
    "CHL": "Chile",
    "COL": "Colombia",
    "CZE": "Czechia",
    "DEU": "Germany",
    "DNK": "Denmark",
    "ESP": "Spain",
    "FIN": "Finland",
    "FRA": "France",
    "GBR": "United Kingdom",
    "GRC": "Greece",
    "HUN": "Hungary",
    "IRL": "Ireland",
    "ISL": "Iceland",
    "ISR": "Israel",
    "ITA": "Italy",
    "JPN": "Japan",
    "KOR": "Korea",
    "LUX": "Luxembourg",
    "MEX": "Mexico",
    "NLD": "Netherlands",
    "NOR": "Norway",
    "NZL": "New Zealand",
    "POL": "Poland",
    "PRT": "Portugal",
    "SWE": "Sweden",
    "TUR": "Türkiye",
    "USA": "United States",
}

#: The eight countries of Keller (1997), in the paper's order.
KELLER_COUNTRIES: tuple[str, ...] = ("CAN", "FRA", "DEU", "ITA", "JPN", "SWE", "GBR", "USA")

#: ISO code -> the label Keller (1997) prints.
KELLER_LABELS: Mapping[str, str] = {"DEU": "GER", "ITA": "IT", "JPN": "JAP", "GBR": "UK"}

#: The six sectors of Keller (1997), Section 3: ISIC Rev. 2 code -> name.
KELLER_INDUSTRIES: Mapping[str, str] = {
    "31": "Food, beverages and tobacco",
    "32": "Textiles, apparel and leather",
    "341": "Paper and paper products",
    "342": "Printing",
    "36&37": "Mineral products and basic metals",
    "381": "Metal products",
}

#: Other spellings met in the papers (Keller's labels; MULTIMOD's two letters, as in Bayoumi, Coe and Helpman 1996) and in
#: OECD files.
_ALIASES: Mapping[str, str] = {
    "GER": "DEU",
    "IT": "ITA",
    "JAP": "JPN",
    "UK": "GBR",
    "US": "USA",
    "JA": "JPN",
    "FR": "FRA",
    "CA": "CAN",
    "UNITED STATES OF AMERICA": "USA",
    "GREAT BRITAIN": "GBR",
    "CZECH REPUBLIC": "CZE",
    "TURKEY": "TUR",
} | {name.upper(): code for code, name in COUNTRY_NAMES.items()}

#: Labels that mean different countries to different sources, never guessed.
_AMBIGUOUS: Mapping[str, str] = {
    "GR": "Germany in MULTIMOD (Bayoumi, Coe and Helpman 1996) and Greece in ISO alpha-2: write DEU or GRC",
    "GE": "Germany in MULTIMOD and Georgia in ISO alpha-2: write DEU or GEO",
}


@functools.cache
def _world() -> Mapping[str, str]:
    """Return code or upper-case name -> code for every country of ISO 3166, beyond those named above."""
    import iso3166

    names = {country.name.upper(): country.alpha3 for country in iso3166.countries}
    return names | {code: code for code in iso3166.countries_by_alpha3}


def country_code(label: str) -> str:
    """Return the ISO alpha-3 code of a country label.

    Parameters
    ----------
    label : str
        An ISO 3166 alpha-3 code, an English name or a label used in one of the papers (``GER``, ``UK``), in any case.

    Raises
    ------
    InputError
        If the label is not known (the message names the nearest known one) or means two countries.

    Examples
    --------
    >>> country_code("GER"), country_code("united kingdom")
    ('DEU', 'GBR')
    """
    key = str(label).strip().upper()
    if key in COUNTRY_NAMES:
        return key
    if key in _ALIASES:
        return _ALIASES[key]
    if key in _AMBIGUOUS:
        raise InputError(f"country label {label!r} is ambiguous: {_AMBIGUOUS[key]}.")
    if key in _world():
        return _world()[key]
    raise InputError(
        f"unknown country {label!r}.{did_you_mean(key, [*COUNTRY_NAMES, *_ALIASES, *_world()])} "
        "Use ISO alpha-3 codes such as CAN, DEU, USA."
    )


def require_unique(labels: Iterable[Hashable], *, what: str) -> None:
    """Raise :class:`AlignmentError` naming every label that occurs twice."""
    seen: set[Hashable] = set()
    twice = sorted({str(label) for label in labels if label in seen or seen.add(label)})  # type: ignore[func-returns-value]
    if twice:
        raise AlignmentError(f"{what}: label(s) occur twice: {', '.join(twice)}")


def require_same_labels(
    left: Sequence[Hashable], right: Sequence[Hashable], *, what: str, left_name: str, right_name: str
) -> None:
    """Raise :class:`AlignmentError` unless both sides carry the same labels, in any order.

    Examples
    --------
    >>> require_same_labels(["CAN", "USA"], ["USA"], what="country", left_name="stocks", right_name="weights")
    Traceback (most recent call last):
        ...
    tradewinds.errors.AlignmentError: country labels differ: weights lacks CAN ...
    """
    require_unique(left, what=f"{left_name} ({what})")
    require_unique(right, what=f"{right_name} ({what})")
    on_left, on_right = set(left), set(right)
    missing_right = [str(label) for label in left if label not in on_right]
    missing_left = [str(label) for label in right if label not in on_left]
    parts = []
    if missing_right:
        parts.append(f"{right_name} lacks {', '.join(missing_right)}")
    if missing_left:
        parts.append(f"{left_name} lacks {', '.join(missing_left)}")
    if parts:
        same_text = set(map(str, left)) == set(map(str, right))
        advice = (
            "they read alike but differ in type: use text or numbers on both sides"
            if same_text
            else "they are never dropped: select the common ones yourself"
        )
        raise AlignmentError(f"{what} labels differ: {'; '.join(parts)} ({advice})")


def align(
    left: Sequence[Hashable],
    right: Sequence[Hashable],
    *,
    what: str,
    left_name: str = "left",
    right_name: str = "right",
) -> list[int]:
    """Return positions that reorder ``right`` into the order of ``left``.

    Raises
    ------
    AlignmentError
        If the two sets of labels differ or a label occurs twice.

    Examples
    --------
    >>> align(["CAN", "USA"], ["USA", "CAN"], what="country")
    [1, 0]
    """
    require_same_labels(left, right, what=what, left_name=left_name, right_name=right_name)
    position = {label: index for index, label in enumerate(right)}
    return [position[label] for label in left]
