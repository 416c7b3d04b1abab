"""Parameters of a mechanism as a study gives them: numbers, lists of countries and matrices, checked row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import GetJsonSchemaHandler, PlainSerializer, PlainValidator
from pydantic_core import CoreSchema, PydanticCustomError

from tradewinds.errors import did_you_mean

if TYPE_CHECKING:
    from tradewinds.growth import Definition, Mechanism

__all__ = ["HOME_SHARE", "Values", "about_value", "about_values", "is_number", "matching"]

#: Key of a counterfactual that is a target and no parameter.
HOME_SHARE = "home_share"

_NUMBER = {"type": "number"}
#: JSON schema of a parameter by its number of axes.
_SHAPES: tuple[dict[str, Any], ...] = (
    _NUMBER,
    {"type": "array", "minItems": 1, "items": _NUMBER},
    {"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 1, "items": _NUMBER}},
)


class _ByName:
    """JSON schema of a table of parameters: the names of all mechanisms, read off them when the schema is asked for."""

    def __init__(self, *, target: bool) -> None:
        self.target = target

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        from tradewinds.growth import mechanisms

        shapes: dict[str, set[int]] = {HOME_SHARE: {0}} if self.target else {}
        owners: dict[str, list[str]] = {HOME_SHARE: ["mechanisms with a trade cost"]} if self.target else {}
        for owner, mechanism in mechanisms.items():
            for name, known in mechanism.definitions.items():
                shapes.setdefault(name, set()).add(len(known.axes))
                owners.setdefault(name, []).append(owner)
        properties = {}
        for name, axes in shapes.items():
            ways = [_SHAPES[count] for count in sorted(axes)]
            shape = ways[0] if len(ways) == 1 else {"anyOf": ways}
            properties[name] = shape | {"description": f"of {', '.join(owners[name])}"}
        return {"type": "object", "properties": properties, "additionalProperties": False}


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise PydanticCustomError("model_type", "a table")
    return dict(value)


def _plain(value: Any) -> Any:
    """Return a value with infinity in letters: JSON has none."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return "inf" if isinstance(value, float) and math.isinf(value) else value


_Read = PlainValidator(_table)
_Write = PlainSerializer(_plain, return_type=dict[str, Any])


class Values:
    """Types of the tables of a study that hold parameters by name; with ``HOME_SHARE`` in ``Changes``."""

    Parameters = Annotated[dict[str, Any], _Read, _Write, _ByName(target=False)]
    Changes = Annotated[dict[str, Any], _Read, _Write, _ByName(target=True)]


def is_number(value: object) -> bool:
    """Tell whether a value is a number and not true or false."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def about_values(mechanism: Mechanism[Any], given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and sentence of every parameter that is unknown, of the wrong shape or out of bounds."""
    known = mechanism.definitions
    for name, value in given.items():
        if name not in known:
            yield name, _unknown(mechanism, name)
        elif problem := about_value(value, known[name]):
            yield name, problem


def _unknown(mechanism: Mechanism[Any], name: str) -> str:
    if name == HOME_SHARE:
        return (
            "home_share is an outcome; as a target it belongs in [growth.counterfactual], and for the baseline in "
            "[growth.calibrate]"
        )
    known = mechanism.definitions
    return f"{mechanism.name} has no such parameter.{did_you_mean(name, known)} Its parameters are {', '.join(known)}"


def about_value(value: Any, known: Definition) -> str:
    """Return what is wrong with the value of one parameter, naming row and column, or nothing."""
    if not known.axes:
        return _about_number(value, known)
    if len(known.axes) == 1:
        if not isinstance(value, list) or not value:
            return f"it must be a list in square brackets, one number a {known.axes[0]} ({known.meaning})"
        return next((f"number {i}: {p}" for i, item in enumerate(value, 1) if (p := _about_number(item, known))), "")
    return _about_matrix(value, known)


def _about_matrix(value: Any, known: Definition) -> str:
    row_of, column_of = known.axes
    if not isinstance(value, list) or not value or not all(isinstance(row, list) for row in value):
        return f"it must be a list of rows, one a {row_of}, each with one number a {column_of} ({known.meaning})"
    for i, row in enumerate(value, 1):
        if len(row) != len(value):
            return (
                f"row {i} has {len(row)} numbers, but there are {len(value)} rows; it must be square, one row a {row_of} and "
                f"one column a {column_of}"
            )
    for i, row in enumerate(value, 1):
        for j, item in enumerate(row, 1):
            if problem := _about_number(item, known):
                return f"row {i} ({row_of}), column {j} ({column_of}): {problem}"
    return ""


def _about_number(value: Any, known: Definition) -> str:
    if isinstance(value, bool):
        return f"{str(value).lower()} is not a number; write 1 for yes and 0 for no ({known.meaning})"
    if not is_number(value):
        found = "a list" if isinstance(value, list) else "a table" if isinstance(value, Mapping) else repr(value)
        return f"{found} is not a number; it must be one, without quotes ({known.meaning})"
    if not known.inside(value):
        whole = " and be whole" if known.whole else ""
        about = known.meaning if known.unit in ("1", "") else f"{known.meaning}; {known.unit}"
        return f"{value:g} is not allowed; it must lie in {known.bounds}{whole} ({about})"
    return ""


def matching(mechanism: Mechanism[Any], given: Mapping[str, Any], variant: str) -> dict[str, Any]:
    """Return the parameters given, and for as many countries those left out whose default is one number for all.

    Matrices of relative trade costs, for instance, are one everywhere; who gives three countries need not write nine ones.
    """
    import numpy as np

    known, made = mechanism.definitions, dict(given)
    counts = {len(value) for name, value in given.items() if known[name].axes}
    if len(counts) != 1:
        return made
    count = counts.pop()
    defaults = mechanism.defaults(variant)
    for name, definition in known.items():
        standard = np.asarray(getattr(defaults, name), dtype=float)
        if name not in made and definition.axes and len(standard) != count and np.all(standard == standard.flat[0]):
            made[name] = np.full((count,) * len(definition.axes), standard.flat[0]).tolist()
    return made
