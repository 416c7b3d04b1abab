"""From a TOML file to a validated study, with messages that name the file, the key, what was found and what is allowed."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from tradewinds.errors import StudyError, did_you_mean
from tradewinds.study.fields import KINDS, Study

__all__ = ["json_schema", "parse_study", "read_study"]

#: Largest study file read: they are written by hand.
MAX_BYTES = 1_000_000


def read_study(path: str | Path) -> Study:
    """Read and validate a study file.

    Parameters
    ----------
    path : str or Path
        A TOML file with ``schema = 1`` and one table a kind of study.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        If the file cannot be read, is not TOML, or has keys or values that are not allowed; every problem is named at once.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise StudyError(
                f"{file}: larger than {MAX_BYTES:,} bytes; a study file holds settings, data go in a CSV file"
            )
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(
            f"{file}: no such file. Start one with: tradewinds new {KINDS[0]}, or give the path of a study file."
        ) from error
    except IsADirectoryError as error:
        raise StudyError(f"{file} is a folder; give the path of a study file (.toml)") from error
    except UnicodeDecodeError as error:
        raise StudyError(f"{file}: not UTF-8 text (byte {error.start + 1}); save the file as UTF-8") from error
    except OSError as error:
        raise StudyError(f"{file}: cannot be read ({error.strerror})") from error
    return parse_study(text, source=str(file))


def parse_study(text: str, *, source: str = "study") -> Study:
    r"""Validate the text of a study file.

    Examples
    --------
    >>> parse_study('schema = 1\n[spillovers]\npanel = "keller1997-calibrated"').kind
    'spillovers'
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(
            f"{source}: not valid TOML: {error}. Text needs quotes; true and false are lower case."
        ) from error
    if "schema" not in content:
        raise StudyError(f'{source}: key "schema" is missing. Write schema = 1 in the first line.')
    try:
        return Study.model_validate(content)
    except ValidationError as error:
        problems = [_sentence(item, text) for item in error.errors()]
        count = len(problems)
        listing = "\n".join(f"  - {problem}" for problem in problems)
        raise StudyError(f"{source}: {count} problem{'s' if count > 1 else ''} found\n{listing}") from error


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of study files."""
    return Study.model_json_schema(by_alias=True)


def _sentence(item: Any, text: str) -> str:
    """Turn one of pydantic's errors into a sentence for the person who wrote the file."""
    location = tuple(part for part in item["loc"])
    key = _dotted(location)
    line = _line_of(location, text)
    where = f'key "{key}"' + (f" (line {line})" if line else "")
    found = item.get("input")
    context = item.get("ctx", {})
    match item["type"]:
        case "extra_forbidden":
            known = _fields_at(location[:-1])
            return f"{where} is not known.{did_you_mean(str(location[-1]), known)} Known keys here: {', '.join(known)}."
        case "missing":
            return f"{where} is missing; it says: {_description(location)}."
        case "literal_error":
            allowed = context.get("expected", "")
            near = did_you_mean(str(found), re.findall(r"'([^']*)'", allowed)) if isinstance(found, str) else ""
            return f"{where} is {_show(found)}.{near} Allowed: {allowed}."
        case "value_error" if not location:
            return str(context.get("error", item["msg"]))
    description = _description(location)
    says = f" ({description})" if description else ""
    return f"{where} is {_show(found)}: {item['msg'][0].lower()}{item['msg'][1:]}{says}."


def _show(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _dotted(location: Sequence[int | str]) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not _is_union_tag(part):
            text += f".{part}" if text else str(part)
    return text


def _is_union_tag(part: str) -> bool:
    """Pydantic names the branch of a union in the location, such as ``list[int]``; the file does not."""
    return "[" in part or part in {"float", "int", "str", "bool"}


def _model_at(location: Sequence[int | str]) -> type[BaseModel]:
    model: type[BaseModel] = Study
    for part in location:
        if not isinstance(part, str):
            continue
        field = _field(model, part)
        inner = _model_in(field.annotation) if field is not None else None
        if inner is not None:
            model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for candidate in (annotation, *typing.get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None


def _field(model: type[BaseModel], name: str) -> Any:
    for attribute, field in model.model_fields.items():
        if name in (attribute, field.alias):
            return field
    return None


def _fields_at(location: Sequence[int | str]) -> list[str]:
    return [field.alias or name for name, field in _model_at(location).model_fields.items()]


def _description(location: Sequence[int | str]) -> str:
    names = [part for part in location if isinstance(part, str) and not _is_union_tag(part)]
    if not names:
        return ""
    field = _field(_model_at(names[:-1]), names[-1])
    return (field.description or "") if field is not None else ""


def _line_of(location: Sequence[int | str], text: str) -> int | None:
    """Return the line where a key is set, or where its table begins; None if it cannot be told."""
    names = [str(part) for part in location if isinstance(part, str) and not _is_union_tag(str(part))]
    if not names:
        return None
    table, wanted = "", ".".join(names[:-1])
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header:
            table = header.group(1).replace(" ", "")
            if table == ".".join(names):
                return number
        elif table == wanted and re.match(rf"\s*[\"']?{re.escape(names[-1])}[\"']?\s*=", line):
            return number
    return None
