"""From a TOML file to a validated study, with messages that name the file, the key, what was found and what is allowed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tradewinds.errors import StudyError, did_you_mean
from tradewinds.study.fields import KINDS, Study
from tradewinds.study.messages import problem_list, show
from tradewinds.study.starter import list_studies, study_text

__all__ = ["json_schema", "parse_study", "read_study"]

#: Version of the format.
FORMAT = 1

#: Largest study file read: they are written by hand.
MAX_BYTES = 1_000_000


def read_study(path: str | Path) -> Study:
    """Read and validate a study file, or a study that ships with the package.

    Parameters
    ----------
    path : str or Path
        A TOML file with ``schema = 1`` and one table a kind of study; or, where there is no such file, one of
        :func:`~tradewinds.study.list_studies`.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        If the file cannot be read, is not TOML, or has keys or values that are not allowed; every problem is named at once.
    """
    file, known = Path(path), list_studies()
    if str(path) in known and not file.is_file():  # a folder of that name may hold its results
        return parse_study(study_text(str(path)), source=str(path))
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise StudyError(
                f"{file}: larger than {MAX_BYTES:,} bytes; a study file holds settings, data go in a CSV file"
            )
        text = content.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(
            f"{file}: no such file.{did_you_mean(str(path), known)} Start one with: tradewinds new {KINDS[0]}, or give the path "
            f"of a study file, or the name of one of the {len(known)} that ship with the package: tradewinds new --list"
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
    except (ValueError, RecursionError) as error:
        raise StudyError(_not_toml(error, text, source)) from error
    if not content:
        raise StudyError(f"{source}: there is nothing in the file. Start one with: tradewinds new {KINDS[0]}")
    if "schema" not in content:
        raise StudyError(
            f'{source}: key "schema" is missing. Write schema = {FORMAT} in the first line, above every [table].'
        )
    _require_format(content["schema"], source)
    try:
        return Study.model_validate(content)
    except ValidationError as error:
        raise StudyError(f"{source}: {problem_list(error.errors(), text)}") from error


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of study files, which editors use to check and complete them."""
    schema = Study.model_json_schema(by_alias=True)
    kinds = [{"required": [kind]} for kind in KINDS]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "oneOf": kinds}


def _require_format(version: Any, source: str) -> None:
    if type(version) is not int or version != FORMAT:  # true == 1 in Python
        newer = type(version) is int and version > FORMAT
        hint = " The file was written for a newer version of tradewinds; update it." if newer else ""
        raise StudyError(f'{source}: key "schema" is {show(version)}. Allowed: {FORMAT}.{hint}')


def _not_toml(error: Exception, text: str, source: str) -> str:
    """Say where a file stops being TOML, show that line, and guess at the commonest slips."""
    if isinstance(error, RecursionError):
        return f"{source}: brackets are nested too deeply for a study file"
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
    if found is None:
        return f"{source}: not valid TOML: {error}"
    lines = text.rstrip().split("\n")
    what, line = found.group(1), int(found.group(2) or len(lines))
    shown = lines[line - 1].strip() if line <= len(lines) else ""
    hint = " Text needs quotes; true and false are lower case." if what == "Invalid value" else ""
    return f"{source}, line {line}: not valid TOML: {what[:1].lower()}{what[1:]}.{hint}" + (
        f"\n  {shown[:100]}" if shown else ""
    )
