"""What the keys of a study of firms hold: numbers by country, trade costs by pair of countries, names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, ValidationError, WithJsonSchema

from tradewinds.study.strict import Strict, together

__all__ = ["CostFile", "Countries", "Numbers", "Pairs", "TradeCost", "TradeCosts"]


class CostFile(Strict):
    """Trade costs of every pair of countries, from a CSV file."""

    file: str = Field(min_length=1, description="CSV with the columns exporter, importer, trade_cost")


def _is_number(value: object, *, infinite: bool = False) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return not math.isnan(value) if infinite else math.isfinite(value)


def _written(value: Any) -> Any:
    """Return a value as it can be written down: JSON has no infinity, so that one is kept as text."""
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, CostFile):
        return value.model_dump()
    return "inf" if isinstance(value, float) and math.isinf(value) else value


def _read_numbers(value: Any) -> float | list[float]:
    if _is_number(value):
        return float(value)
    if isinstance(value, list) and value and all(map(_is_number, value)):
        return [float(number) for number in value]
    raise together(f"{value!r} is neither a number nor a list of numbers, one a country")


def _read_countries(value: Any) -> int | list[str]:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, list) and value and all(isinstance(name, str) and name for name in value):
        return value
    raise together(f"{value!r} is neither a list of names nor, for krugman-widgets, how many there are")


def _matrix(value: list[Any], *, infinite: bool) -> list[list[float]]:
    """Return a square matrix; what is none raises a sentence that says the row or the cell."""
    for i, row in enumerate(value, start=1):
        if not isinstance(row, list) or len(row) != len(value):
            found = f"has {len(row)} numbers" if isinstance(row, list) else f"is {row!r}"
            raise together(
                f"row {i} {found}, and there are {len(value)} rows; a matrix is square, one row a sender and one column a receiver"
            )
        for j, number in enumerate(row, start=1):
            if not _is_number(number, infinite=infinite):
                raise together(f"row {i}, column {j} is {number!r}; it must be a number")
    return [[float(number) for number in row] for row in value]


def _read_pairs(value: Any) -> float | list[list[float]]:
    if _is_number(value):
        return float(value)
    if isinstance(value, list) and value:
        return _matrix(value, infinite=False)
    raise together(f"{value!r} is neither a number nor a matrix, one row a sender and one column a receiver")


def _read_trade_cost(value: Any) -> float | list[list[float]] | CostFile:
    if isinstance(value, CostFile):
        return value
    if _is_number(value, infinite=True):
        return float(value)
    if isinstance(value, list) and value:
        return _matrix(value, infinite=True)
    if isinstance(value, Mapping):
        try:
            return CostFile.model_validate(dict(value))
        except ValidationError:
            raise together('a table must be { file = "costs.csv" }, with the name of a CSV file in quotes') from None
    raise together(
        f'{value!r} is neither a number, nor a matrix with one row a sender, nor a table such as {{ file = "costs.csv" }}'
    )


def _one_each(value: Any) -> Any:
    """Refuse a matrix among the trade costs of scenarios; everything else is for the type to judge."""
    if isinstance(value, list) and any(isinstance(item, list) for item in value):
        raise together(
            "a matrix is the trade costs of one scenario: write it as trade_cost below [[firms.scenarios]], with a name"
        )
    return value


_NUMBER = {"type": "number"}
_MATRIX = {"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 1, "items": _NUMBER}}

#: A number, or one a country.
Numbers = Annotated[
    float | list[float],
    PlainValidator(_read_numbers),
    WithJsonSchema({"anyOf": [_NUMBER, {"type": "array", "minItems": 1, "items": _NUMBER}]}),
]
#: A number, or one a pair of countries.
Pairs = Annotated[
    float | list[list[float]],
    PlainValidator(_read_pairs),
    WithJsonSchema({"anyOf": [_NUMBER, _MATRIX]}),
]
#: The trade cost of one scenario.
TradeCost = Annotated[
    float | list[list[float]] | CostFile,
    PlainValidator(_read_trade_cost),
    PlainSerializer(_written),
    WithJsonSchema({"anyOf": [_NUMBER, _MATRIX, CostFile.model_json_schema()]}),
]
#: One trade cost a scenario.
TradeCosts = Annotated[
    list[Annotated[float, Field(ge=0, allow_inf_nan=True), PlainSerializer(_written)]],
    BeforeValidator(_one_each),
    Field(min_length=1),
]
#: Names, or how many there are.
Countries = Annotated[
    int | list[str],
    PlainValidator(_read_countries),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer"},
                {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
            ]
        }
    ),
]
