"""Check that a user's table holds the variables a panel is built from, each once and not in two ways."""

from __future__ import annotations

from collections.abc import Collection

from tradewinds.data.layout import RAW_PRODUCTIVITY
from tradewinds.data.options import Measurement

__all__ = ["check_needs"]

_RATES = ("real_interest", "inflation", "tax_rate")


def check_needs(present: Collection[str], measurement: Measurement, problems: list[str]) -> None:
    """Report variables that are absent, naming the alternatives, and pairs that contradict each other.

    Parameters
    ----------
    present : collection of str
        Variables in the table.
    measurement : Measurement
    problems : list of str
    """
    _check_productivity(present, measurement, problems)
    _only_one("rnd_stock", "rnd_expenditure", present, problems)
    if not {"rnd_stock", "rnd_expenditure"} & set(present):
        problems.append("R&D is absent: give rnd_stock, or rnd_expenditure from which stocks are built")
    if "rnd_industry_share" in present and "rnd_expenditure" not in present:
        problems.append("rnd_industry_share splits national rnd_expenditure, which is absent")
    if not {"bilateral_import_share", "bilateral_imports"} & set(present):
        problems.append(
            "trade is absent: give bilateral_import_share, or bilateral_imports from which shares are built"
        )


def _only_one(first: str, second: str, present: Collection[str], problems: list[str]) -> None:
    if first in present and second in present:
        problems.append(f"both {first} and {second} are given; leave one out")


def _check_productivity(present: Collection[str], measurement: Measurement, problems: list[str]) -> None:
    raw = [name for name in RAW_PRODUCTIVITY if name in present]
    if "tfp" in present:
        if raw:
            problems.append(
                f"both tfp and raw series ({', '.join(raw)}) are given; leave out tfp, or all of the others"
            )
        return
    if not raw:
        problems.append(
            "productivity is absent: give tfp, or the raw series output, labour, labour_cost, capital (or investment and "
            "capital_depreciation) and user_cost (or real_interest, inflation and tax_rate)"
        )
        return
    missing = [name for name in ("output", "labour", "labour_cost") if name not in present]
    missing += _capital(present)
    if measurement.labour_share == "revenue":
        missing += [] if "value_added" in present else ['value_added (with labour_share = "revenue")']
    else:
        missing += _cost_of_capital(present, measurement, problems)
    if missing:
        problems.append(f"tfp is not given and cannot be computed; absent: {'; '.join(missing)}")
    _only_one("capital", "investment", present, problems)


def _capital(present: Collection[str]) -> list[str]:
    if "capital" in present:
        return []
    if "investment" not in present:
        return ["capital, or investment and capital_depreciation"]
    return [] if "capital_depreciation" in present else ["capital_depreciation (with investment)"]


def _cost_of_capital(present: Collection[str], measurement: Measurement, problems: list[str]) -> list[str]:
    rates = [name for name in _RATES if name in present]
    if "user_cost" in present:
        if rates:
            problems.append(f"both user_cost and {', '.join(rates)} are given; leave one or the others out")
        if measurement.add_depreciation:
            problems.append(
                "add_depreciation = true adds to the user cost inferred from real_interest, inflation and tax_rate, but "
                "user_cost is given; set it to false"
            )
        return []
    missing = []
    if len(rates) < len(_RATES):
        absent = [name for name in _RATES if name not in rates]
        other = ', or value_added and labour_share = "revenue"'
        missing.append(", ".join(absent) + (f" (or user_cost{other})" if not rates else " (or user_cost)"))
    if measurement.add_depreciation and "capital_depreciation" not in present:
        missing.append("capital_depreciation (with add_depreciation = true)")
    return missing
