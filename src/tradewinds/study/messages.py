"""What is wrong with a study file, in sentences for the person who wrote it.

Each names the key and its line, what was found, what is allowed and, where one can guess, what was meant.
"""

from __future__ import annotations

import datetime
import json
import typing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tradewinds.errors import did_you_mean
from tradewinds.study.fields import Study
from tradewinds.study.lines import key_lines

__all__ = ["problem_list", "show"]

Location = Sequence[int | str]

#: Problems listed in full; of more than these, some of each kind are, and the rest is counted.
MOST = 20

_TYPES = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number, without quotes or point",
    "float_type": "must be a number, without quotes",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false, without quotes",
    "list_type": "must be a list in square brackets",
}


@dataclass(frozen=True)
class _Problem:
    kind: str
    line: int
    text: str
    table: tuple[str | int, ...] | None = None  # whose known keys help


def problem_list(errors: Sequence[Any], text: str) -> str:
    """Return the problems that pydantic found in the text of a study file, in the order of its lines.

    Parameters
    ----------
    errors : sequence
        As from ``ValidationError.errors()``.
    text : str
        The study file.
    """
    lines = key_lines(text)
    problems = sorted((_problem(item, lines) for item in errors), key=lambda problem: problem.line)
    count = len(problems)
    shown = problems if count <= MOST else _some_of_each(problems)
    listing = [f"{count} problem{'s' if count > 1 else ''} found", *(f"  - {problem.text}" for problem in shown)]
    rest = Counter(problem.kind for problem in problems) - Counter(problem.kind for problem in shown)
    if rest:
        listing.append(
            f"  - and {rest.total()} more: " + ", ".join(f"{number} {kind}" for kind, number in rest.items())
        )
    tables = dict.fromkeys(_names_in(problem.table) for problem in problems if problem.table is not None)
    listing += [f"  Known keys {_place(table)}: {', '.join(_keys_of(table))}." for table in tables]
    return "\n".join(listing)


def show(value: Any) -> str:
    """Return a value as it is written in a study file, cut where it is long."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, datetime.date | datetime.time):
        return str(value)
    if isinstance(value, float):
        text = str(value)
    elif isinstance(value, list):
        text = f"[{', '.join(map(show, value[:20]))}]"
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _some_of_each(problems: Sequence[_Problem]) -> list[_Problem]:
    """Return the first problems of each kind, MOST in all where there are few kinds."""
    each = max(1, MOST // len({problem.kind for problem in problems}))
    seen: Counter[str] = Counter()
    shown = []
    for problem in problems:
        seen[problem.kind] += 1
        if seen[problem.kind] <= each:
            shown.append(problem)
    return shown


def _names_in(location: Location) -> tuple[str, ...]:
    return tuple(part for part in location if isinstance(part, str))


def _line(location: Location, lines: Mapping[tuple[str | int, ...], int]) -> int:
    """Return the line of a key; that of a list where it is one of its items."""
    place = tuple(location)
    while place not in lines and place and isinstance(place[-1], int):
        place = place[:-1]
    return lines.get(place, 0)


def _problem(item: Any, lines: Mapping[tuple[str | int, ...], int]) -> _Problem:
    """Turn one of pydantic's errors into a sentence."""
    location, kind = tuple(item["loc"]), item["type"]
    names = _names_in(location)
    line = _line(location, lines)
    where = f'key "{_dotted(location)}"' + (f" (line {line})" if line else "")
    if location and isinstance(location[-1], int) and kind != "together":
        where += f", item {location[-1] + 1},"
    if kind == "extra_forbidden":
        return _Problem("keys not known", line, f"{where} is not known.{_hint(location)}", location[:-1])
    if kind == "missing":
        table = _line(location[:-1], lines)
        inside = f" from table {_header(names[:-1])} (line {table})" if table else ""
        return _Problem("keys missing", table, f"{where} is missing{inside}; it says: {_description(names)}.")
    if kind == "value_error" and not location:
        return _Problem("other", line, str(item["ctx"]["error"]))
    if kind == "together":
        return _Problem("keys that contradict others", line, f"{where}: {item['msg'].rstrip('.')}.")
    found = f"{where} is {show(item['input'])}"
    if kind == "literal_error":
        allowed = _allowed(names)
        near = did_you_mean(item["input"], allowed) if isinstance(item["input"], str) else ""
        listed = ", ".join(map(show, allowed))
        return _Problem("values that are not among those allowed", line, f"{found}.{near} Allowed: {listed}.")
    if kind == "model_type":
        return _Problem(
            "values of the wrong type", line, f"{found}; it must be a table: write {_header(names)} above its keys."
        )
    if kind == "list_type" and _header(names).startswith("[["):
        return _Problem(
            "values of the wrong type", line, f"{found}; there can be several: write {_header(names)} above each."
        )
    about = f" ({_description(names)})" if _description(names) else ""
    if kind in _TYPES:
        return _Problem("values of the wrong type", line, f"{found}; it {_TYPES[kind]}{about}.")
    return _Problem("values out of range", line, f"{found}; it {_range(item, names)}{about}.")


def _range(item: Any, names: Sequence[str]) -> str:
    """Say which values a key takes."""
    if item["type"] == "string_too_short":
        return "must not be empty"
    if item["type"] == "too_short":
        return f"must have at least {item['ctx']['min_length']} value"
    field = _field(names)
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    # of an item of a list the bound that it breaks, which pydantic says; of a key all its bounds, which its field has
    broken = [f"{words[name]} {bound:,g}" for name, bound in item.get("ctx", {}).items() if name in words]
    bounds = [
        f"{word} {getattr(rule, name):,}"
        for name, word in words.items()
        for rule in (field.metadata if field else ())
        if getattr(rule, name, None) is not None
    ]
    bounds = bounds or broken
    return f"must be {' and '.join(bounds)}" if bounds else f"is not allowed: {item['msg']}"


def _hint(location: Location) -> str:
    """Name the key that was meant, or the table in which this one belongs."""
    name = str(location[-1])
    near = did_you_mean(name, _keys_of(location[:-1]))
    if near:
        return near
    homes = [path for path, model in _tables(Study, ()) if name in _names(model)]
    return f" It belongs {' or '.join(_place(path) for path in homes)}." if homes else ""


def _place(table: Location) -> str:
    return f"in {_header(_names_in(table))}" if table else "at the top, above every [table]"


def _header(names: Sequence[str]) -> str:
    """Return the header of a table, in double brackets where there is a list of them."""
    field = _field(names)
    text = _dotted(names)
    return f"[[{text}]]" if field is not None and _is_list(field.annotation) else f"[{text}]"


def _is_list(annotation: Any) -> bool:
    """Tell whether a key holds a list of tables."""
    if typing.get_origin(annotation) is list:
        return _model_in(annotation) is not None
    return any(map(_is_list, typing.get_args(annotation)))


def _dotted(location: Location) -> str:
    return ".".join(part if len(part) <= 60 else f"{part[:57]}..." for part in location if isinstance(part, str))


def _tables(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """Yield every table a study can have, with its path."""
    yield path, model
    for name, field in _names(model).items():
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from _tables(inner, (*path, name))


def _names(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a table by their names in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the table that a key holds, also where it holds a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, typing.get_args(annotation))), None)


def _keys_of(table: Location) -> list[str]:
    models = dict(_tables(Study, ()))
    return list(_names(models[_names_in(table)]))


def _field(names: Sequence[str]) -> FieldInfo | None:
    model = dict(_tables(Study, ())).get(tuple(names[:-1]))
    return _names(model).get(names[-1]) if model is not None else None


def _description(names: Sequence[str]) -> str:
    field = _field(names) if names else None
    return (field.description or "") if field is not None else ""


def _allowed(names: Sequence[str]) -> list[Any]:
    """Return the words a key takes, also where it takes a list of them."""
    field = _field(names)

    def words(annotation: Any) -> Iterator[Any]:
        if typing.get_origin(annotation) is typing.Literal:
            yield from typing.get_args(annotation)
        else:
            for part in typing.get_args(annotation):
                yield from words(part)

    return list(words(field.annotation)) if field is not None else []
